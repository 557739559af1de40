//! Jobs with a deduplication id.

use super::bench::{LIMITS, QUEUE, Worker, add, job, number};
use crate::job::{JobState, Limits, NewJob};
use crate::port::Queue;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const TWO: Limits = Limits { concurrency: 2, ..LIMITS };

fn keyed(number: u64) -> NewJob {
    job(number).dedupe("router-1")
}

pub(super) async fn while_one_is_active_the_last_that_was_added_comes_next(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, TWO);
    add(&queue, keyed(1)).await;
    let active = worker.next().await;
    for number in 2..=4 {
        add(&queue, keyed(number)).await;
    }
    add(&queue, job(5)).await;
    assert_eq!(number(&worker.next().await.end()), 5, "another job of the id ran beside the active one");
    assert_eq!(number(&active.end()), 1);
    assert_eq!(number(&worker.next().await.end()), 4);
    add(&queue, job(6)).await;
    assert_eq!(number(&worker.next().await.end()), 6, "more than one came next");
    worker.stop().await;
}

pub(super) async fn the_one_put_aside_keeps_what_it_was_added_with(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, keyed(1)).await;
    let active = worker.next().await;
    add(&queue, NewJob { attempts: 2, ..keyed(2).delay(Duration::from_millis(200)).urgent() }).await;
    add(&queue, job(3)).await;
    active.end();
    let other = worker.next().await;
    add(&queue, job(4)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(number(&other.end()), 3, "it did not wait its time");
    let begun = worker.next().await;
    assert_eq!(number(&begun.job), 2, "the clock's went before the person's");
    begun.end_with(Err("no".into()));
    assert_eq!(number(&worker.next().await.end()), 4);
    let again = worker.next().await;
    assert_eq!((number(&again.job), again.job.attempt), (2, 2));
    again.end_with(Err("no".into()));
    add(&queue, job(5)).await;
    worker.next().await.end();
    worker.stop().await;
    let failed = queue.jobs(QUEUE, JobState::Failed, 10).await.expect("the list is told");
    assert_eq!(failed.iter().map(|job| job.attempts).collect::<Vec<_>>(), [2]);
}

pub(super) async fn while_one_waits_nothing_is_added(queue: Arc<dyn Queue>) {
    for number in 1..=3 {
        add(&queue, keyed(number)).await;
    }
    add(&queue, job(4)).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&worker.next().await.end()), 1);
    assert_eq!(number(&worker.next().await.end()), 4);
    worker.stop().await;
}

pub(super) async fn a_person_hurries_the_one_that_waits(queue: Arc<dyn Queue>) {
    add(&queue, job(1)).await;
    add(&queue, keyed(2).delay(Duration::from_secs(3600))).await;
    add(&queue, job(3).dedupe("router-2")).await;
    add(&queue, keyed(4).urgent()).await;
    add(&queue, job(5).dedupe("router-2").urgent()).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let mut order = Vec::new();
    for _ in 0..3 {
        order.push(number(&worker.next().await.end()));
    }
    order[..2].sort_unstable();
    assert_eq!(order, [2, 3, 1], "both that a person waits for go before the clock's");
    worker.stop().await;
}

pub(super) async fn a_person_waits_no_longer_than_for_the_new_job(queue: Arc<dyn Queue>) {
    let (soon, late) = (Duration::from_millis(300), Duration::from_secs(3600));
    add(&queue, keyed(1).delay(late).urgent()).await;
    add(&queue, job(2).dedupe("router-2").delay(late)).await;
    add(&queue, job(3).dedupe("router-3").delay(soon)).await;
    let began = Instant::now();
    add(&queue, keyed(4).urgent()).await;
    add(&queue, job(5).dedupe("router-2").delay(soon).urgent()).await;
    add(&queue, job(6).dedupe("router-3").delay(late).urgent()).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&worker.next().await.end()), 1);
    let mut order = [number(&worker.next().await.end()), number(&worker.next().await.end())];
    order.sort_unstable();
    assert_eq!(order, [2, 3]);
    assert!(began.elapsed() >= Duration::from_millis(200), "they ran after {:?}", began.elapsed());
    worker.stop().await;
}

pub(super) async fn an_id_is_free_when_its_job_is_over(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, keyed(1)).await;
    worker.next().await.end();
    add(&queue, job(2)).await;
    worker.next().await.end();
    add(&queue, NewJob { attempts: 1, ..keyed(3) }).await;
    worker.next().await.end_with(Err("no".into()));
    add(&queue, job(4)).await;
    worker.next().await.end();
    add(&queue, keyed(5)).await;
    assert_eq!(number(&worker.next().await.end()), 5);
    worker.stop().await;
}

pub(super) async fn an_id_is_held_between_two_attempts(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, TWO);
    add(&queue, keyed(1)).await;
    let first = worker.next().await;
    add(&queue, keyed(2)).await;
    first.end_with(Err("not yet".into()));
    let again = worker.next().await;
    assert_eq!(
        (number(&again.job), again.job.attempt),
        (1, 2),
        "the next one overtook the one that holds the id"
    );
    again.end();
    assert_eq!(number(&worker.next().await.end()), 2);
    worker.stop().await;
}
