//! Jobs that go wrong.

use super::bench::{LIMITS, QUEUE, Worker, add, job, number};
use crate::job::{FAILED_KEPT, JobState, Limits, NewJob};
use crate::port::Queue;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A failure with a cause.
#[derive(Debug)]
struct Refused(std::num::ParseIntError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the router refused")
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

pub(super) async fn a_failing_job_is_tried_three_times_with_growing_waits_and_kept_with_its_causes(
    queue: Arc<dyn Queue>,
) {
    let cause = "x".parse::<u8>().expect_err("x is no number");
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, job(1)).await;
    let mut tries = Vec::new();
    for attempt in 1..=3 {
        let begun = worker.next().await;
        assert_eq!(begun.job.attempt, attempt);
        tries.push(Instant::now());
        begun.end_with(Err(Refused(cause.clone()).into()));
    }
    assert!(
        tries[1] - tries[0] >= Duration::from_millis(50) && tries[2] - tries[1] >= Duration::from_millis(100)
    );
    worker.stop().await;
    let failed = queue.jobs(QUEUE, JobState::Failed, 10).await.expect("the list is told");
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].attempts, &failed[0].data), (3, &job(1).data));
    assert_eq!(failed[0].error, ["the router refused", "invalid digit found in string"]);
}

pub(super) async fn a_panic_is_a_failure_and_others_go_on(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, NewJob { name: "panic".into(), attempts: 2, ..job(1) }).await;
    add(&queue, job(2)).await;
    assert_eq!(number(&worker.next().await.end()), 2);
    // Delayed beyond the second attempt of the first.
    add(&queue, job(3).delay(Duration::from_millis(500))).await;
    worker.next().await.end();
    worker.stop().await;
    let failed = queue.jobs(QUEUE, JobState::Failed, 10).await.expect("the list is told");
    let said: Vec<_> = failed.iter().map(|job| (job.attempts, job.error.join(""))).collect();
    assert_eq!(said, [(2, "panicked: on purpose".into())]);
}

pub(super) async fn a_handler_that_never_returns_is_cut_off_and_others_go_on(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, Limits { deadline: Duration::from_millis(200), ..LIMITS });
    add(&queue, NewJob { attempts: 1, ..job(1) }.dedupe("router-1")).await;
    let stuck = worker.next().await;
    add(&queue, job(2).dedupe("router-1")).await;
    assert_eq!(number(&worker.next().await.end()), 2);
    stuck.end();
    worker.stop().await;
    let failed = queue.jobs(QUEUE, JobState::Failed, 10).await.expect("the list is told");
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].error, ["did not finish within 0.2 s"]);
}

pub(super) async fn the_list_of_failures_is_bounded(queue: Arc<dyn Queue>) {
    let many = FAILED_KEPT as u64 + 10;
    let jobs = (1..=many).map(|number| NewJob { attempts: 1, ..job(number) }).collect();
    queue.add_bulk(QUEUE, jobs).await.expect("there is room");
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    for _ in 0..many {
        worker.next().await.end_with(Err("no".into()));
    }
    worker.stop().await;
    let failed = queue.jobs(QUEUE, JobState::Failed, usize::MAX).await.expect("the list is told");
    let numbers: Vec<_> = failed.iter().filter_map(|job| job.data["number"].as_u64()).collect();
    assert_eq!(numbers, (11..=many).rev().collect::<Vec<_>>());
    assert_eq!(queue.jobs(QUEUE, JobState::Failed, 3).await.expect("the list is told").len(), 3);
}
