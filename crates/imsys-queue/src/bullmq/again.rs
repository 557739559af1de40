//! A job that was given up runs again.

use super::hurry::gone_is_fine;
use super::translate::{self, PERSON};
use crate::job::NewJob;
use bullmq::types::{JobState, RetryOptions};
use bullmq::{Job, Queue};

/// The job with this id, if it was given up.
pub(super) async fn given_up(queue: Queue, id: String) -> bullmq::Result<Option<Job>> {
    let job = queue.get_job(&id).await?;
    let failed = job.is_some() && queue.get_job_state(&id).await? == JobState::Failed;
    Ok(job.filter(|_| failed))
}

/// The same work as a new job, for one with a deduplication id: BullMQ's own retry would let it run
/// beside another one with that id.
pub(super) fn anew(job: &Job) -> Option<NewJob> {
    job.opts().deduplication.as_ref().map(|deduplication| translate::again(job, &deduplication.id))
}

/// Takes a job off the list of those that were given up.
pub(super) async fn forget(queue: Queue, id: String) -> bullmq::Result<()> {
    queue.remove(&id).await.map(|_| ())
}

/// BullMQ's own retry; `false` when somebody was quicker. The log begins anew, because attempts are counted
/// anew.
pub(super) async fn reprocess(queue: Queue, mut job: Job) -> bullmq::Result<bool> {
    let from_the_first = RetryOptions { reset_attempts_made: true, reset_attempts_started: true };
    job.clear_logs(None).await?;
    if job.retry("failed", Some(from_the_first)).await.is_err() {
        let state = queue.get_job_state(job.id()).await?;
        return match state {
            JobState::Failed => Err(bullmq::Error::InvalidConfig("the job could not be retried".into())),
            _ => Ok(false),
        };
    }
    gone_is_fine(job.change_priority(PERSON, false).await)?;
    Ok(true)
}
