//! Which job runs when.

use super::bench::{CAPACITY, LIMITS, QUEUE, Worker, add, job, number};
use crate::job::{Limits, NewJob};
use crate::port::{Queue, QueueError};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(super) async fn a_job_arrives_as_it_was_added(queue: Arc<dyn Queue>) {
    let data = json!({ "tenantId": "t", "text": "ç\u{0}\"", "list": [1, null, 2.5] });
    add(&queue, NewJob::new("DISCOVER", data.clone())).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let job = worker.next().await.end();
    assert_eq!((job.name.as_str(), &job.data, job.attempt), ("DISCOVER", &data, 1));
    worker.stop().await;
}

pub(super) async fn a_person_goes_before_the_clock_and_else_the_first_before_the_second(
    queue: Arc<dyn Queue>,
) {
    let jobs = vec![job(1), job(2), job(3).urgent(), job(4), job(5).urgent()];
    queue.add_bulk(QUEUE, jobs).await.expect("there is room");
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    let mut order = Vec::new();
    for _ in 0..5 {
        order.push(number(&worker.next().await.end()));
    }
    assert_eq!(order, [3, 5, 1, 2, 4]);
    worker.stop().await;
}

pub(super) async fn a_delayed_job_waits_its_time_and_holds_up_nobody(queue: Arc<dyn Queue>) {
    let (began, delay) = (Instant::now(), Duration::from_millis(300));
    add(&queue, job(1).delay(delay)).await;
    add(&queue, job(2)).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&worker.next().await.end()), 2);
    assert_eq!(number(&worker.next().await.end()), 1);
    assert!(began.elapsed() >= delay, "it ran after {:?}", began.elapsed());
    worker.stop().await;
}

pub(super) async fn a_worker_uses_its_concurrency_and_no_more(queue: Arc<dyn Queue>) {
    queue.add_bulk(QUEUE, (0..12).map(job).collect()).await.expect("there is room");
    let mut worker = Worker::start(&queue, QUEUE, Limits { concurrency: 4, ..LIMITS });
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(worker.next().await);
    }
    for begun in 4..12 {
        assert!(!worker.has_begun_more(), "a fifth job ran");
        running.remove(begun % 4).end();
        running.push(worker.next().await);
    }
    running.into_iter().for_each(|begun| drop(begun.end()));
    worker.stop().await;
}

pub(super) async fn slow_jobs_make_room_up_to_their_bound(queue: Arc<dyn Queue>) {
    queue.add_bulk(QUEUE, (0..8).map(job).collect()).await.expect("there is room");
    let limits = Limits { concurrency: 2, slow_after: Duration::from_millis(50), slow: 3, ..LIMITS };
    let mut worker = Worker::start(&queue, QUEUE, limits);
    let mut slow = Vec::new();
    for _ in 0..5 {
        slow.push(worker.next().await);
    }
    assert!(!worker.has_begun_more(), "a sixth job ran");
    for _ in 5..8 {
        slow.remove(0).end();
        slow.push(worker.next().await);
    }
    slow.into_iter().for_each(|begun| drop(begun.end()));
    worker.stop().await;
}

pub(super) async fn queues_do_not_mix(queue: Arc<dyn Queue>) {
    queue.add("mail", job(1)).await.expect("there is room");
    add(&queue, job(2)).await;
    let mut worker = Worker::start(&queue, QUEUE, LIMITS);
    assert_eq!(number(&worker.next().await.end()), 2);
    assert!(!worker.has_begun_more());
    worker.stop().await;
    assert_eq!(queue.counts("mail").await.expect("the counts are told").waiting, 1);
}

pub(super) async fn a_full_queue_refuses_in_words_and_takes_again_when_there_is_room(queue: Arc<dyn Queue>) {
    queue.add_bulk(QUEUE, (0..CAPACITY as u64).map(job).collect()).await.expect("there is room");
    let full = QueueError::Full { queue: QUEUE.into(), waiting: CAPACITY };
    assert_eq!(queue.add(QUEUE, job(9_999)).await, Err(full.clone()));
    assert!(full.to_string().contains("try again"), "{full}");
    let mut worker = Worker::start(&queue, QUEUE, Limits { drain: Duration::ZERO, ..LIMITS });
    let first = worker.next().await;
    add(&queue, job(9_999)).await;
    first.end();
    worker.stop().await;
}
