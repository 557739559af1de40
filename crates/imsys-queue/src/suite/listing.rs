//! What can be seen of jobs, and those that were given up once more.

use super::bench::{LIMITS, QUEUE, Worker, add, job, number};
use crate::job::{JobState, ListedJob, NewJob, Priority};
use crate::port::{Queue, QueueError};
use std::sync::Arc;
use std::time::Duration;

/// Two clocks may differ by so many milliseconds when one is asked after the other.
const NEAR_MS: i64 = 10_000;

async fn list(queue: &Arc<dyn Queue>, state: JobState) -> Vec<ListedJob> {
    queue.jobs(QUEUE, state, 100).await.expect("the list is told")
}

fn numbers(jobs: &[ListedJob]) -> Vec<u64> {
    jobs.iter().filter_map(|job| job.data["number"].as_u64()).collect()
}

/// Has one job given up; as it is listed then.
async fn given_up(queue: &Arc<dyn Queue>, worker: &mut Worker, given: NewJob) -> ListedJob {
    add(queue, NewJob { attempts: 1, ..given }).await;
    worker.next().await.end_with(Err("no".into()));
    the_only(queue, JobState::Failed).await
}

/// The job in this state, as soon as there is one.
async fn the_only(queue: &Arc<dyn Queue>, state: JobState) -> ListedJob {
    for _ in 0..4_000 {
        let mut jobs = list(queue, state).await;
        assert!(jobs.len() <= 1, "{jobs:?}");
        if let Some(job) = jobs.pop() {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no job is {state:?}");
}

pub(super) async fn a_job_is_listed_in_the_state_it_is_in(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let failed = given_up(&queue, &mut worker, job(1)).await;
    add(&queue, job(2)).await;
    let active = worker.next().await;
    add(&queue, job(3)).await;
    add(&queue, job(4).delay(Duration::from_secs(3600)).urgent()).await;

    assert_eq!(
        (failed.state, failed.attempts, failed.error.as_slice()),
        (JobState::Failed, 1, &["no".into()][..])
    );
    assert!(
        failed.ended.is_some_and(|ended| (0..NEAR_MS).contains(&ended.since(failed.added))),
        "{failed:?}"
    );
    let running = list(&queue, JobState::Active).await;
    assert_eq!(numbers(&running), [2]);
    assert_eq!((running[0].id.as_str(), running[0].name.as_str()), (active.job.id.as_str(), "SWEEP_PPP"));
    assert_eq!(
        (running[0].attempts, running[0].priority, &running[0].error),
        (0, Some(Priority::Clock), &vec![])
    );
    assert!(running[0].began.is_some_and(|began| began >= running[0].added), "{running:?}");
    let waiting = list(&queue, JobState::Waiting).await;
    assert_eq!(numbers(&waiting), [3]);
    assert_eq!((waiting[0].due, waiting[0].began, waiting[0].ended), (None, None, None));
    let delayed = list(&queue, JobState::Delayed).await;
    assert_eq!((numbers(&delayed), delayed[0].priority), (vec![4], Some(Priority::Person)));
    let ahead = delayed[0].due.map(|due| due.since(delayed[0].added));
    assert!(ahead.is_some_and(|ahead| (ahead - 3_600_000).abs() < NEAR_MS), "{delayed:?}");
    active.end();
    worker.next().await.end();
    worker.stop().await;
}

pub(super) async fn waiting_jobs_are_listed_in_the_order_in_which_they_will_run(queue: Arc<dyn Queue>) {
    let jobs = (1..=600).map(|n| if n % 200 == 0 { job(n).urgent() } else { job(n) }).collect();
    queue.add_bulk(QUEUE, jobs).await.expect("there is room");
    let all = queue.jobs(QUEUE, JobState::Waiting, usize::MAX).await.expect("the list is told");
    let expected: Vec<u64> = [200, 400, 600].into_iter().chain((1..600).filter(|n| n % 200 != 0)).collect();
    assert_eq!(numbers(&all), expected);
    assert_eq!(all[2].priority, Some(Priority::Person));
    assert_eq!(all[3].priority, Some(Priority::Clock));
    let few = queue.jobs(QUEUE, JobState::Waiting, 4).await.expect("the list is told");
    assert_eq!(numbers(&few), expected[..4]);
}

pub(super) async fn a_job_that_waits_for_its_next_attempt_says_why(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, NewJob { back_off: Duration::from_secs(3600), ..job(1) }).await;
    worker.next().await.end_with(Err("the router refused".into()));
    let delayed = the_only(&queue, JobState::Delayed).await;
    assert_eq!((delayed.attempts, delayed.error), (1, vec!["the router refused".to_owned()]));
    worker.stop().await;
}

pub(super) async fn who_is_hurried_is_listed_as_a_persons(queue: Arc<dyn Queue>) {
    add(&queue, job(1).dedupe("router-1")).await;
    assert_eq!(list(&queue, JobState::Waiting).await[0].priority, Some(Priority::Clock));
    add(&queue, job(2).dedupe("router-1").urgent()).await;
    let waiting = list(&queue, JobState::Waiting).await;
    assert_eq!((numbers(&waiting), waiting[0].priority), (vec![1], Some(Priority::Person)));
}

pub(super) async fn a_job_that_was_given_up_runs_again_from_its_first_attempt(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let given = NewJob { back_off: Duration::from_millis(5), ..job(1) };
    add(&queue, given.clone()).await;
    for _ in 1..=3 {
        worker.next().await.end_with(Err("no".into()));
    }
    let failed = the_only(&queue, JobState::Failed).await;
    let block = NewJob { name: "BLOCK".into(), ..job(2) };
    add(&queue, block).await;
    let busy = worker.next().await;
    add(&queue, job(3)).await;
    assert_eq!(queue.retry(QUEUE, &failed.id).await, Ok(true));
    assert_eq!(queue.retry(QUEUE, &failed.id).await, Ok(false), "it was given up once");
    assert_eq!(list(&queue, JobState::Failed).await, []);
    busy.end();
    let again = worker.next().await;
    assert_eq!((number(&again.job), again.job.attempt), (1, 1), "somebody waits for it");
    again.end_with(Err("still no".into()));
    let mut rest =
        [worker.next().await.end(), worker.next().await.end()].map(|job| (number(&job), job.attempt));
    rest.sort_unstable();
    assert_eq!(rest, [(1, 2), (3, 1)]);
    worker.stop().await;
}

pub(super) async fn what_fails_again_is_given_up_with_its_new_causes_alone(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let failed = given_up(&queue, &mut worker, job(1)).await;
    assert_eq!(queue.retry(QUEUE, &failed.id).await, Ok(true));
    worker.next().await.end_with(Err("still no".into()));
    worker.stop().await;
    let failed = list(&queue, JobState::Failed).await;
    let said: Vec<_> = failed.iter().map(|job| (job.attempts, job.error.join(": "))).collect();
    assert_eq!(said, [(1, "still no".into())]);
}

pub(super) async fn only_what_was_given_up_can_be_retried(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, job(1)).await;
    let active = worker.next().await;
    add(&queue, job(2)).await;
    let waiting = list(&queue, JobState::Waiting).await;
    for id in [active.job.id.as_str(), waiting[0].id.as_str(), "no-such-job", ""] {
        assert_eq!(queue.retry(QUEUE, id).await, Ok(false), "`{id}`");
    }
    active.end();
    assert_eq!(number(&worker.next().await.end()), 2);
    assert!(!worker.has_begun_more());
    worker.stop().await;
}

pub(super) async fn a_retried_job_waits_for_the_one_that_has_its_id(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, crate::job::Limits { concurrency: 2, ..LIMITS });
    let failed = given_up(&queue, &mut worker, job(1).dedupe("router-1")).await;
    add(&queue, job(2).dedupe("router-1")).await;
    let active = worker.next().await;
    assert_eq!(queue.retry(QUEUE, &failed.id).await, Ok(true));
    assert_eq!(list(&queue, JobState::Failed).await, []);
    add(&queue, job(3)).await;
    let beside = worker.next().await;
    assert_eq!(number(&beside.job), 3, "two with one id ran at once");
    active.end();
    assert_eq!(number(&worker.next().await.end()), 1);
    beside.end();
    worker.stop().await;
}

pub(super) async fn a_full_queue_keeps_what_was_given_up(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let failed = given_up(&queue, &mut worker, job(1).dedupe("router-1")).await;
    worker.stop().await;
    let many = (0..super::bench::CAPACITY as u64).map(job).collect();
    queue.add_bulk(QUEUE, many).await.expect("there is room");
    assert!(matches!(queue.retry(QUEUE, &failed.id).await, Err(QueueError::Full { .. })));
    assert_eq!(list(&queue, JobState::Failed).await, [failed]);
}
