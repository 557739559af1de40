//! The adapter on Redis: BullMQ's own queues, which workers in other processes and in Node may share.
//!
//! * `runtime`: the thread on which it is done.
//! * `link`: the connection of calls, with a deadline on each and anew after each loss.
//! * `translate`: jobs in our words and in BullMQ's.
//! * `room`: how many more jobs a queue takes.
//! * `hurry`: what a person's wish does to a job that waits.
//! * `worker_pool`: BullMQ's workers under guard.
//! * `listing`: the jobs by state; `again`: one that was given up runs again.
//! * `check`: whether this Redis may be trusted with jobs.
//!
//! Everything is done with BullMQ's own commands, so that its other clients see nothing unusual.

mod again;
mod check;
mod hurry;
pub(crate) mod link;
mod listing;
mod room;
mod runtime;
mod translate;
mod worker_pool;

use crate::cluster::Cluster;
use crate::job::{CAPACITY, Counts, JobState, Left, Limits, ListedJob, NewJob, Priority};
use crate::port::{Handler, Queue, QueueError, Result, Shutdown};
use async_trait::async_trait;
use link::Link;
use room::Rooms;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// What the names of the keys begin with unless set otherwise, here and in BullMQ for Node.
pub const PREFIX: &str = "bull";
/// Jobs that are added in one go.
const CHUNK: usize = 250;

/// BullMQ's queues on one Redis. Cheap to clone.
///
/// How many jobs wait is looked up before adding, a tenth of a second before at most while less than half
/// of the room is taken. So several producers at once may pass the bound by as much as they add at that
/// moment.
#[derive(Clone)]
pub struct BullQueue {
    link: Arc<Link>,
    capacity: usize,
    rooms: Arc<Rooms>,
}

impl BullQueue {
    /// Queues on the Redis at `url` (`redis://` or `rediss://`), with keys that begin with `prefix`.
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// When `url` is none of a Redis, or `prefix` is empty or contains a colon.
    pub fn open(url: &str, prefix: &str) -> Result<Self> {
        Ok(Self { link: Arc::new(Link::new(url, prefix)?), capacity: CAPACITY, rooms: Arc::default() })
    }

    /// The same with room for `capacity` waiting jobs in each queue.
    pub fn with_capacity(self, capacity: usize) -> Self {
        Self { capacity, rooms: Arc::default(), ..self }
    }

    /// What is wrong with this Redis and what to do about it, in sentences; empty when all is well.
    pub async fn check(&self) -> Vec<String> {
        match self.link.ask::<String>(redis::cmd("INFO")).await {
            Ok(info) => check::problems(&info),
            Err(error) => vec![format!("Redis cannot be used ({error}): start it, or correct its address.")],
        }
    }

    /// The processes that share this Redis, and this one as a new member of them.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(Arc::clone(&self.link))
    }

    async fn put(&self, queue: &str, jobs: Vec<NewJob>) -> Result<()> {
        let owners = self.link.add(queue, jobs.iter().map(translate::outgoing).collect()).await?;
        for (job, owner) in jobs.into_iter().zip(owners) {
            if job.priority == Priority::Person && job.dedupe.is_some() {
                self.link.on(queue, move |queue| hurry::hurry(queue, owner, job.delay)).await?;
            }
        }
        Ok(())
    }

    /// How many jobs, of which this is the first, the queue takes: at least one.
    async fn room(&self, queue: &str, first: &NewJob) -> Result<usize> {
        let counts = self.counts(queue).await?;
        let waiting = counts.waiting + counts.delayed;
        let room = self.capacity.saturating_sub(waiting);
        self.rooms.heard(queue, room, self.capacity, Instant::now());
        match room {
            0 if self.is_held(queue, first).await? => Ok(1),
            0 => Err(QueueError::Full { queue: queue.to_owned(), waiting }),
            room => Ok(room),
        }
    }

    /// Whether another job has the id of this one, so that adding it takes no room.
    async fn is_held(&self, queue: &str, job: &NewJob) -> Result<bool> {
        let Some(id) = job.dedupe.clone() else { return Ok(false) };
        self.link
            .on(queue, move |queue| async move { Ok(queue.get_deduplication_job_id(&id).await?.is_some()) })
            .await
    }
}

#[async_trait]
impl Queue for BullQueue {
    async fn add(&self, queue: &str, job: NewJob) -> Result<()> {
        self.add_bulk(queue, vec![job]).await
    }

    async fn add_bulk(&self, queue: &str, jobs: Vec<NewJob>) -> Result<()> {
        let mut jobs = VecDeque::from(jobs);
        while let Some(first) = jobs.front() {
            let wanted = jobs.len().min(CHUNK);
            let room = match self.rooms.take(queue, wanted, Instant::now()) {
                Some(room) => room,
                None => self.room(queue, first).await?,
            };
            let chunk = jobs.drain(..room.min(wanted)).collect();
            self.put(queue, chunk).await?;
        }
        Ok(())
    }

    async fn run_worker(
        &self,
        queue: &str,
        limits: Limits,
        handler: Arc<dyn Handler>,
        shutdown: Shutdown,
    ) -> Result<Left> {
        let pool = worker_pool::run(self.link.worker_options(), queue.to_owned(), limits, handler, shutdown);
        let given_back = self.link.runtime().run(pool).await?;
        let counts = self.counts(queue).await?;
        Ok(Left { given_back, waiting: counts.waiting + counts.delayed })
    }

    async fn counts(&self, queue: &str) -> Result<Counts> {
        let counts = self.link.on(queue, |queue| async move { queue.get_job_counts().await }).await?;
        Ok(translate::counts(&counts))
    }

    async fn jobs(&self, queue: &str, state: JobState, limit: usize) -> Result<Vec<ListedJob>> {
        self.link.on(queue, move |queue| listing::jobs(queue, state, limit)).await
    }

    async fn retry(&self, queue: &str, id: &str) -> Result<bool> {
        let id = id.to_owned();
        let given_up = id.clone();
        let Some(job) = self.link.on(queue, move |queue| again::given_up(queue, given_up)).await? else {
            return Ok(false);
        };
        match again::anew(&job) {
            Some(new) => {
                self.add(queue, new).await?;
                self.link.on(queue, move |queue| again::forget(queue, id)).await?;
                Ok(true)
            }
            None => self.link.on(queue, move |queue| again::reprocess(queue, job)).await,
        }
    }
}
