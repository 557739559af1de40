//! The thread on which everything is done that speaks BullMQ to Redis, jobs included.
//!
//! A call is a few microseconds of work on either side of a socket, and a job mostly waits for others. On a
//! pool of threads each of their steps would wake another one, which costs more than the steps do.

use crate::port::{QueueError, Result};
use std::sync::Arc;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Cheap to clone; the thread ends with the last clone, and so does what is still done on it.
#[derive(Clone)]
pub(crate) struct DedicatedRuntime(Arc<Open>);

struct Open {
    runtime: Handle,
    _until_dropped: oneshot::Sender<()>,
}

impl DedicatedRuntime {
    pub(super) fn open() -> Result<Self> {
        let failed =
            |error| QueueError::Failed(format!("a thread for the queue could not be started: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (open, closed) = oneshot::channel();
        let serve = move || {
            let _closed = runtime.block_on(closed);
        };
        std::thread::Builder::new().name("bullmq".into()).spawn(serve).map_err(failed)?;
        Ok(Self(Arc::new(Open { runtime: handle, _until_dropped: open })))
    }

    /// Does `work` there, for as long as this future lives.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        let mut work = Tied(self.0.runtime.spawn(work));
        (&mut work.0).await.map_err(|error| QueueError::Failed(error.to_string()))
    }
}

struct Tied<T>(JoinHandle<T>);

impl<T> Drop for Tied<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
