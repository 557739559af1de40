//! The connection of calls.
//!
//! A connection that has failed is thrown away and the next call makes another: one that reconnects
//! by itself waits longer and longer between its attempts.

use super::runtime::DedicatedRuntime;
use super::translate::Outgoing;
use crate::port::{QueueError, Result};
use bullmq::options::RedisConnectionOptions;
use bullmq::redis_connection::RedisConnection;
use bullmq::{Error, QueueOptions, WorkerOptions};
use redis::{FromRedisValue, IntoConnectionInfo};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A call that lasts longer has failed.
const DEADLINE: Duration = Duration::from_secs(5);

/// BullMQ sends so many jobs one after the other; of more, some overtake each other.
const IN_ORDER: usize = 30;

/// Where Redis is, and the connection to it while there is one.
pub(crate) struct Link {
    url: String,
    address: RedisConnectionOptions,
    prefix: String,
    runtime: DedicatedRuntime,
    open: Mutex<Option<Open>>,
    /// Held while connecting, so that many callers make one connection.
    connecting: tokio::sync::Mutex<()>,
}

struct Open {
    connection: RedisConnection,
    queues: HashMap<String, bullmq::Queue>,
    /// BullMQ's commands that this Redis has certainly been sent.
    known: HashSet<&'static str>,
}

impl Link {
    pub(super) fn new(url: &str, prefix: &str) -> Result<Self> {
        if prefix.is_empty() || prefix.contains(':') {
            return Err(QueueError::Failed(format!(
                "the prefix `{prefix}` must not be empty or contain a colon"
            )));
        }
        // The address may contain a password and is therefore not repeated.
        url.into_connection_info()
            .map_err(|error| QueueError::Failed(format!("this is no address of a Redis: {error}")))?;
        let address = RedisConnectionOptions::new().url(url);
        Ok(Self {
            url: url.to_owned(),
            address,
            prefix: prefix.to_owned(),
            runtime: DedicatedRuntime::open()?,
            open: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn worker_options(&self) -> WorkerOptions {
        WorkerOptions::new().connection(self.address.clone()).prefix(self.prefix.clone())
    }

    /// Where calls are done, and workers live.
    pub(super) const fn runtime(&self) -> &DedicatedRuntime {
        &self.runtime
    }

    /// Does `work` with a queue, within the deadline.
    pub(super) async fn on<T, F>(
        self: &Arc<Self>,
        queue: &str,
        work: impl FnOnce(bullmq::Queue) -> F + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = bullmq::Result<T>> + Send,
    {
        let (link, queue) = (Arc::clone(self), queue.to_owned());
        let work = async move { link.in_time(async { work(link.queue(&queue).await?).await }).await };
        self.runtime.run(work).await?
    }

    /// Adds jobs in this order; the id of each, or of the one that holds its deduplication id.
    pub(super) async fn add(self: &Arc<Self>, queue: &str, jobs: Vec<Outgoing>) -> Result<Vec<String>> {
        let commands: HashSet<_> = jobs.iter().map(|job| job.command).collect();
        let known = self.open().as_ref().is_some_and(|open| open.known.is_superset(&commands));
        let ids = self.on(queue, move |queue| async move {
            match known {
                true => at_once(&queue, jobs).await,
                false => one_by_one(&queue, jobs).await,
            }
        });
        let ids = ids.await?;
        if let Some(open) = self.open().as_mut() {
            open.known.extend(commands);
        }
        Ok(ids)
    }

    /// The name of a key or channel that is not BullMQ's own.
    pub(crate) fn key(&self, name: impl Display) -> String {
        format!("{}:imsys:{name}", self.prefix)
    }

    /// Sends a command of Redis itself.
    pub(crate) async fn ask<T: FromRedisValue + Send + 'static>(
        self: &Arc<Self>,
        mut command: redis::Cmd,
    ) -> Result<T> {
        let link = Arc::clone(self);
        let work =
            async move { link.in_time(async { link.connection().await?.cmd(&mut command).await }).await };
        self.runtime.run(work).await?
    }

    /// For a connection of one's own.
    pub(crate) fn client(&self) -> redis::RedisResult<redis::Client> {
        redis::Client::open(self.url.as_str())
    }

    async fn in_time<T>(&self, work: impl Future<Output = bullmq::Result<T>> + Send) -> Result<T> {
        let error = match tokio::time::timeout(DEADLINE, work).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error @ Error::Redis(_))) => error.to_string(),
            Ok(Err(error)) => return Err(QueueError::Failed(error.to_string())),
            Err(_) => format!("Redis did not answer within {} s", DEADLINE.as_secs()),
        };
        *self.open() = None;
        Err(QueueError::Failed(error))
    }

    async fn queue(&self, name: &str) -> bullmq::Result<bullmq::Queue> {
        if let Some(queue) = self.open().as_ref().and_then(|open| open.queues.get(name).cloned()) {
            return Ok(queue);
        }
        let options = QueueOptions::new().prefix(self.prefix.clone());
        let queue = bullmq::Queue::with_connection(name, self.connection().await?, options).await?;
        if let Some(open) = self.open().as_mut() {
            open.queues.insert(name.to_owned(), queue.clone());
        }
        Ok(queue)
    }

    async fn connection(&self) -> bullmq::Result<RedisConnection> {
        let _only_one = self.connecting.lock().await;
        if let Some(open) = self.open().as_ref() {
            return Ok(open.connection.clone());
        }
        let connection = RedisConnection::new_managed_only(&self.address).await?;
        let (queues, known) = (HashMap::new(), HashSet::new());
        *self.open() = Some(Open { connection: connection.clone(), queues, known });
        Ok(connection)
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Several to each round trip, in their order.
async fn at_once(queue: &bullmq::Queue, jobs: Vec<Outgoing>) -> bullmq::Result<Vec<String>> {
    let (mut ids, mut jobs) = (Vec::with_capacity(jobs.len()), jobs.into_iter());
    loop {
        let few: Vec<_> = jobs.by_ref().take(IN_ORDER).map(Outgoing::bulk).collect();
        if few.is_empty() {
            return Ok(ids);
        }
        ids.extend(queue.add_bulk(few).await?.iter().map(|job| job.id().to_owned()));
    }
}

/// While Redis does not know a command, jobs that are added at once may overtake each other: those
/// before it was learnt are sent again after those behind.
async fn one_by_one(queue: &bullmq::Queue, jobs: Vec<Outgoing>) -> bullmq::Result<Vec<String>> {
    let mut ids = Vec::with_capacity(jobs.len());
    for job in jobs {
        ids.push(queue.add(&job.name, job.data).options(job.options).await?.id().to_owned());
    }
    Ok(ids)
}
