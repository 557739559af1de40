//! The port: what IMSys asks of a queue.

use crate::job::{Counts, Job, JobState, Left, Limits, ListedJob, NewJob};
use async_trait::async_trait;
use std::pin::Pin;
use std::sync::Arc;

/// Why a queue could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// The bound is reached; nothing was added.
    #[error("{waiting} jobs wait in the queue `{queue}`, and it takes no more: try again in a moment")]
    Full {
        /// Which queue.
        queue: String,
        /// How many jobs wait.
        waiting: usize,
    },
    /// The queue cannot be reached or is broken; the text is for the log.
    #[error("queue failure: {0}")]
    Failed(String),
}

/// Shorthand for results of the port.
pub type Result<T> = std::result::Result<T, QueueError>;
/// What a handler says when it failed; its chain of sources is kept.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// Completes when the worker is to stop.
pub type Shutdown = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Jobs in named queues. Each is run at least once: it may be run twice, so it must be idempotent.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Adds a job.
    ///
    /// With a deduplication id (BullMQ's `keepLastIfActive`), and that id held by a job that
    ///
    /// * is **active**: the new job is put aside and added when the active one has completed or was
    ///   given up. Adding again replaces the one put aside: the last one wins.
    /// * **waits** (also for its time or its next attempt): nothing is added, because the waiting one
    ///   begins after this call and finds what was stored before it. It keeps its name and data. A job
    ///   of a person makes it one of a person, not later than the new one was to be.
    ///
    /// So two jobs with one id never run at once, in however many workers.
    async fn add(&self, queue: &str, job: NewJob) -> Result<()>;

    /// Adds several as [`Queue::add`] does, in this order. When the queue is full those before the
    /// first that found no room are in.
    async fn add_bulk(&self, queue: &str, jobs: Vec<NewJob>) -> Result<()>;

    /// Runs jobs until `shutdown`, people's before the clock's and else in order, then waits
    /// `limits.drain` for those that run and gives back the rest. Dropping this future gives back
    /// everything.
    async fn run_worker(
        &self,
        queue: &str,
        limits: Limits,
        handler: Arc<dyn Handler>,
        shutdown: Shutdown,
    ) -> Result<Left>;

    /// How many jobs are in which state.
    async fn counts(&self, queue: &str) -> Result<Counts>;

    /// At most `limit` jobs in `state`: in the order in which they begin, are due, or began, and of those
    /// that were given up the latest first. One that was put aside behind an active one is not listed.
    async fn jobs(&self, queue: &str, state: JobState, limit: usize) -> Result<Vec<ListedJob>>;

    /// Lets a job that was given up run again from its first attempt, as one of a person: what was given
    /// up leaves the list, and is added as [`Queue::add`] does. `false` when no such job was given up.
    async fn retry(&self, queue: &str, id: &str) -> Result<bool>;
}

/// Does the work of a queue. A failure, a panic and a passed deadline count alike: the job is tried
/// again after its back-off, and others are not disturbed.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does one job. It is dropped at its next `await` when the deadline passes. It may run on a thread of the
    /// queue's own, beside others: what computes for long, or outlives the job, belongs into another runtime.
    async fn run(&self, job: Job) -> std::result::Result<(), Failure>;
}

#[async_trait]
impl<F, Fut> Handler for F
where
    F: Fn(Job) -> Fut + Send + Sync,
    Fut: Future<Output = std::result::Result<(), Failure>> + Send,
{
    async fn run(&self, job: Job) -> std::result::Result<(), Failure> {
        self(job).await
    }
}
