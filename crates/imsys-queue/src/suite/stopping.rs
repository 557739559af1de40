//! Workers that stop, and what can be seen from outside.

use super::bench::{LIMITS, QUEUE, Worker, add, job, number};
use crate::job::{Counts, Left, Limits, NewJob};
use crate::port::Queue;
use std::sync::Arc;
use std::time::Duration;

pub(super) async fn a_worker_that_stops_finishes_what_it_began_and_begins_nothing(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, job(1)).await;
    let begun = worker.next().await;
    add(&queue, job(2)).await;
    let stopping = worker.ask_to_stop();
    begun.end();
    assert_eq!(stopping.await, Left { given_back: 0, waiting: 1 });
    let mut next = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&next.next().await.end()), 2);
    next.stop().await;
}

pub(super) async fn what_does_not_finish_in_time_is_run_by_the_next_worker(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, Limits { drain: Duration::from_millis(100), ..LIMITS });
    add(&queue, job(1).dedupe("router-1")).await;
    let stuck = worker.next().await;
    add(&queue, job(2).dedupe("router-1")).await;
    assert_eq!(worker.stop().await.given_back, 1);
    stuck.end();
    let mut next = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&next.next().await.end()), 1);
    assert_eq!(number(&next.next().await.end()), 2, "the one put aside was lost");
    next.stop().await;
}

pub(super) async fn a_worker_that_is_dropped_gives_back_what_it_ran(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, job(1)).await;
    let cut_off = worker.next().await;
    worker.drop_it();
    let mut next = Worker::start(&queue, QUEUE, LIMITS);
    let again = next.next().await;
    assert_eq!((number(&again.job), again.job.attempt), (1, 1), "a cut is no failure");
    again.end();
    cut_off.end();
    next.stop().await;
}

pub(super) async fn the_counts_tell_the_states(queue: Arc<dyn Queue>) {
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    add(&queue, NewJob { attempts: 1, ..job(1) }).await;
    worker.next().await.end_with(Err("no".into()));
    add(&queue, job(2)).await;
    let active = worker.next().await;
    add(&queue, job(3)).await;
    add(&queue, job(4).delay(Duration::from_secs(3600))).await;
    let counts = queue.counts(QUEUE).await.expect("the counts are told");
    assert_eq!(counts, Counts { waiting: 1, delayed: 1, active: 1, failed: 1 });
    active.end();
    worker.next().await.end();
    worker.stop().await;
}
