//! The embedded adapter: all queues in this process, no dependency.
//!
//! What waits is gone with the process; the marks in the store bring it back at the next tick.

mod job_table;

use crate::attempt::{Slow, attempt};
use crate::job::{CAPACITY, Counts, JobState, Left, Limits, ListedJob, NewJob};
use crate::port::{Handler, Queue, QueueError, Result, Shutdown};
use async_trait::async_trait;
use imsys_domain::Timestamp;
use job_table::{Full, JobTable, Moment, Taken};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Queues in this process. Cheap to clone; every clone is the same queues.
#[derive(Clone)]
pub struct LocalQueue {
    queues: Arc<Mutex<HashMap<String, Arc<Counter>>>>,
    capacity: usize,
}

/// One queue: the table with its jobs, and the bell that is rung when one may have become ready.
struct Counter {
    table: Mutex<JobTable>,
    bell: watch::Sender<()>,
}

impl Default for LocalQueue {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl LocalQueue {
    /// Queues in each of which at most `capacity` jobs may wait.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { queues: Arc::default(), capacity }
    }

    fn counter(&self, queue: &str) -> Arc<Counter> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            Arc::new(Counter {
                table: Mutex::new(JobTable::new(self.capacity)),
                bell: watch::Sender::new(()),
            })
        };
        Arc::clone(queues.entry(queue.to_owned()).or_insert_with(make))
    }
}

impl Counter {
    fn table(&self) -> MutexGuard<'_, JobTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job in work. Whatever happens to its task, the job goes back to the table.
struct Held {
    counter: Arc<Counter>,
    taken: Option<Taken>,
}

impl Held {
    async fn run(mut self, handler: Arc<dyn Handler>, deadline: Duration, slow: Arc<Slow>) {
        let Some(job) = self.taken.as_ref().map(Taken::job) else { return };
        let bell = self.counter.bell.clone();
        let work = attempt(handler.as_ref(), job, deadline);
        let verdict = slow.watch(work, || bell.send_replace(())).await;
        if let Some(taken) = self.taken.take() {
            self.counter.table().finish(&taken, verdict, now());
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(taken) = self.taken.take() {
            self.counter.table().give_back(&taken);
        }
        self.counter.bell.send_replace(());
    }
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    Moment { instant: Instant::now(), at }
}

fn refused(queue: &str, Full { waiting }: Full) -> QueueError {
    QueueError::Full { queue: queue.to_owned(), waiting }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

#[async_trait]
impl Queue for LocalQueue {
    async fn add(&self, queue: &str, job: NewJob) -> Result<()> {
        self.add_bulk(queue, vec![job]).await
    }

    async fn add_bulk(&self, queue: &str, jobs: Vec<NewJob>) -> Result<()> {
        let (counter, now) = (self.counter(queue), now());
        let done = {
            let mut table = counter.table();
            jobs.into_iter().try_for_each(|job| table.add(job, now))
        };
        counter.bell.send_replace(());
        done.map_err(|full| refused(queue, full))
    }

    async fn run_worker(
        &self,
        queue: &str,
        limits: Limits,
        handler: Arc<dyn Handler>,
        mut shutdown: Shutdown,
    ) -> Result<Left> {
        let counter = self.counter(queue);
        let (mut bell, mut running) = (counter.bell.subscribe(), JoinSet::new());
        let slow = Slow::new(&limits);
        loop {
            bell.borrow_and_update();
            let places = limits.concurrency.max(1) + *slow.gone.borrow();
            while running.len() < places
                && let Some(taken) = counter.table().take(now())
            {
                let held = Held { counter: Arc::clone(&counter), taken: Some(taken) };
                running.spawn(held.run(Arc::clone(&handler), limits.deadline, Arc::clone(&slow)));
            }
            // Without room for it, a job whose time has come is no reason to wake up.
            let room = running.len() < places;
            let alarm = counter.table().next_alarm().filter(|_| room);
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = running.join_next() => {}
                _ = bell.changed() => {}
                () = until(alarm) => {}
            }
        }
        let drained = async { while running.join_next().await.is_some() {} };
        let _late = tokio::time::timeout(limits.drain, drained).await;
        running.abort_all();
        let mut given_back = 0;
        while let Some(done) = running.join_next().await {
            given_back += usize::from(done.is_err());
        }
        let counts = counter.table().counts();
        Ok(Left { given_back, waiting: counts.waiting + counts.delayed })
    }

    async fn counts(&self, queue: &str) -> Result<Counts> {
        Ok(self.counter(queue).table().counts())
    }

    async fn jobs(&self, queue: &str, state: JobState, limit: usize) -> Result<Vec<ListedJob>> {
        Ok(self.counter(queue).table().jobs(state, limit, now()))
    }

    async fn retry(&self, queue: &str, id: &str) -> Result<bool> {
        let counter = self.counter(queue);
        let done = counter.table().retry(id, now());
        counter.bell.send_replace(());
        done.map_err(|full| refused(queue, full))
    }
}
