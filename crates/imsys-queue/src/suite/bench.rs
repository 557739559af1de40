//! A worker under observation: it reports what begins, and ends it when it is told to.

use crate::job::{Job, Left, Limits, NewJob};
use crate::port::{Failure, Handler, Queue, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Jobs that may wait in one queue of the suite.
pub const CAPACITY: usize = 2_000;
/// The queue that most clauses use.
pub(super) const QUEUE: &str = "routers";
/// Anything that has not happened by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// What most clauses ask of a worker.
pub(super) const LIMITS: Limits = Limits::at_most(1, Duration::from_secs(20), Duration::from_secs(20));

/// A job that began and waits for [`Begun::end`].
pub(super) struct Begun {
    pub(super) job: Job,
    end: oneshot::Sender<std::result::Result<(), Failure>>,
}

impl Begun {
    pub(super) fn end(self) -> Job {
        self.end_with(Ok(()))
    }

    pub(super) fn end_with(self, verdict: std::result::Result<(), Failure>) -> Job {
        let _cut_off = self.end.send(verdict);
        self.job
    }
}

/// A worker in the background.
pub(super) struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<Left>>,
}

impl Running {
    pub(super) fn start(
        queue: &Arc<dyn Queue>,
        name: &'static str,
        limits: Limits,
        handler: Arc<dyn Handler>,
    ) -> Self {
        let (queue, (stop, stopped)) = (Arc::clone(queue), oneshot::channel());
        let shutdown = Box::pin(async {
            let _either_way: std::result::Result<(), _> = stopped.await;
        });
        Self {
            stop,
            task: tokio::spawn(async move { queue.run_worker(name, limits, handler, shutdown).await }),
        }
    }

    /// Asks the worker to stop; the answer says what it left.
    pub(super) fn ask_to_stop(self) -> impl Future<Output = Left> {
        let _stopped_already = self.stop.send(());
        async { self.task.await.expect("the worker does not panic").expect("the worker ends well") }
    }

    /// Stops the worker; what it left.
    pub(super) async fn stop(self) -> Left {
        self.ask_to_stop().await
    }
}

/// A worker whose every job is reported and waits for its verdict.
pub(super) struct Worker {
    begun: mpsc::UnboundedReceiver<Begun>,
    running: Running,
}

impl Worker {
    /// Starts one. Jobs named `panic` panic instead.
    pub(super) fn start(queue: &Arc<dyn Queue>, name: &'static str, limits: Limits) -> Self {
        let (report, begun) = mpsc::unbounded_channel();
        let handler = move |job: Job| {
            let report = report.clone();
            async move {
                assert!(job.name != "panic", "on purpose");
                let (end, ended) = oneshot::channel();
                let _nobody_looks = report.send(Begun { job, end });
                ended.await.unwrap_or(Ok(()))
            }
        };
        Self { begun, running: Running::start(queue, name, limits, Arc::new(handler)) }
    }

    /// The next job that begins.
    pub(super) async fn next(&mut self) -> Begun {
        let begun = tokio::time::timeout(PATIENCE, self.begun.recv()).await.expect("a job begins in time");
        begun.expect("the worker runs")
    }

    /// Whether a job has begun that was not asked for with [`Worker::next`].
    pub(super) fn has_begun_more(&mut self) -> bool {
        self.begun.try_recv().is_ok()
    }

    /// As [`Running::ask_to_stop`].
    pub(super) fn ask_to_stop(self) -> impl Future<Output = Left> {
        self.running.ask_to_stop()
    }

    /// Drops the worker in the middle of its work.
    pub(super) fn drop_it(self) {
        self.running.task.abort();
    }

    /// As [`Running::stop`].
    pub(super) async fn stop(self) -> Left {
        self.running.stop().await
    }
}

/// A job with a number as its data, to recognise it by.
pub(super) fn job(number: u64) -> NewJob {
    NewJob { back_off: Duration::from_millis(50), ..NewJob::new("SWEEP_PPP", json!({ "number": number })) }
}

/// The number of a job made by [`job`].
pub(super) fn number(job: &Job) -> u64 {
    job.data.get("number").and_then(Value::as_u64).expect("every job of the suite has a number")
}

pub(super) async fn add(queue: &Arc<dyn Queue>, job: NewJob) {
    queue.add(QUEUE, job).await.expect("the queue takes the job");
}
