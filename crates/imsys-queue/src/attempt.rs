//! One guarded run of a handler: its panic, its failure and its silence all end as words.

use crate::job::{Job, Limits};
use crate::port::Handler;
use imsys_domain::seldom::Seldom;
use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};

/// Runs `job` for at most `deadline`; what went wrong, outermost first, is logged here.
pub async fn attempt(handler: &dyn Handler, job: Job, deadline: Duration) -> Result<(), Vec<String>> {
    let (name, id, number) = (job.name.clone(), job.id.clone(), job.attempt);
    let verdict = run(handler, job, deadline).await;
    if let Err(error) = &verdict {
        log(&name, &id, number, &error.join(": "));
    }
    verdict
}

/// Where many jobs fail for one cause, as while nothing can be stored, one of them is logged in a minute.
fn log(name: &str, id: &str, attempt: u32, error: &str) {
    static TOLD: LazyLock<Mutex<Seldom>> = LazyLock::new(Mutex::default);
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(times) = told.due(format!("{name}: {error}"), Instant::now()) {
        tracing::warn!(job.name = name, job.id = id, attempt, error, times, "a job failed");
    }
}

/// The places that slow jobs leave to others.
pub(crate) struct Slow {
    after: Duration,
    places: Semaphore,
    /// How many jobs have made room.
    pub(crate) gone: watch::Sender<usize>,
}

impl Slow {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let places = Semaphore::new(limits.slow);
        Arc::new(Self { after: limits.slow_after, places, gone: watch::Sender::new(0) })
    }

    /// Does `work`; when it is slow and there is a place for it, it makes room until it ends.
    pub(crate) async fn watch<T>(&self, work: impl Future<Output = T>, make_room: impl FnOnce()) -> T {
        let mut work = pin!(work);
        let place = async {
            tokio::time::sleep(self.after).await;
            self.places.acquire().await
        };
        let _place = tokio::select! {
            biased;
            done = &mut work => return done,
            place = place => place,
        };
        let _slow = Counted::new(&self.gone);
        make_room();
        work.await
    }
}

/// One that is counted until this is dropped.
pub(crate) struct Counted<'a>(&'a watch::Sender<usize>);

impl<'a> Counted<'a> {
    pub(crate) fn new(count: &'a watch::Sender<usize>) -> Self {
        count.send_modify(|now| *now += 1);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|now| *now -= 1);
    }
}

async fn run(handler: &dyn Handler, job: Job, deadline: Duration) -> Result<(), Vec<String>> {
    match tokio::time::timeout(deadline, guarded(handler.run(job))).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(failure))) => Err(chain(failure.as_ref())),
        Ok(Err(panic)) => Err(vec![format!("panicked: {panic}")]),
        Err(_) => Err(vec![format!("did not finish within {} s", deadline.as_secs_f64())]),
    }
}

/// Turns a panic of `work` into its message.
pub(crate) async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(message(panic.as_ref()))),
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}

fn chain(failure: &(dyn Error + 'static)) -> Vec<String> {
    let (mut said, mut cause) = (Vec::new(), Some(failure));
    while let Some(error) = cause {
        said.push(error.to_string());
        cause = error.source();
    }
    said
}
