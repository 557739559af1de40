//! One guarded run of a handler: its panic, its failure and its silence all end as words.

use crate::job::Job;
use crate::port::Handler;
use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// Runs `job` for at most `deadline`; what went wrong, outermost first, is logged here.
pub async fn attempt(handler: &dyn Handler, job: Job, deadline: Duration) -> Result<(), Vec<String>> {
    let (name, id, number) = (job.name.clone(), job.id.clone(), job.attempt);
    let verdict = run(handler, job, deadline).await;
    if let Err(error) = &verdict {
        let error = error.join(": ");
        tracing::warn!(job.name = name, job.id = id, attempt = number, error, "a job failed");
    }
    verdict
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
