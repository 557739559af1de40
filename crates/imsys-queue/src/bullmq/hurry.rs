//! What a person's wish does to a job that waits under the same deduplication id.
//!
//! BullMQ ignores the new job then and leaves the old one where it is, so it is moved afterwards. By
//! then it may have begun, and has done what the wish was after: every step may find nothing to do.

use super::translate::{self, PERSON, millis};
use bullmq::types::JobState;
use bullmq::{Error, Job, Queue};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Makes the job with this id one of a person, to begin after `delay` at the latest.
pub(super) async fn hurry(queue: Queue, id: String, delay: Duration) -> bullmq::Result<()> {
    let Some(job) = queue.get_job(&id).await? else { return Ok(()) };
    match queue.get_job_state(&id).await? {
        JobState::Prioritized => gone_is_fine(job.change_priority(PERSON, false).await),
        JobState::Delayed => {
            gone_is_fine(job.change_priority(PERSON, false).await)?;
            gone_is_fine(bring_forward(&queue, &job, millis(delay)).await)
        }
        _ => Ok(()),
    }
}

async fn bring_forward(queue: &Queue, job: &Job, delay: u64) -> bullmq::Result<()> {
    if delay == 0 {
        return job.promote().await;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    match due(queue, job.id()).await? {
        Some(due) if due > millis_of(now).saturating_add(delay) => job.change_delay(delay).await,
        _ => Ok(()),
    }
}

/// When a delayed job begins, in milliseconds of the epoch.
async fn due(queue: &Queue, id: &str) -> bullmq::Result<Option<u64>> {
    let mut score = redis::cmd("ZSCORE");
    let score: Option<f64> = queue.connection().cmd(score.arg(queue.keys().delayed()).arg(id)).await?;
    Ok(score.map(translate::due))
}

fn millis_of(since: Duration) -> u64 {
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A job that has gone on meanwhile needs nothing more.
pub(super) fn gone_is_fine(done: bullmq::Result<()>) -> bullmq::Result<()> {
    match done {
        Err(Error::Script { .. }) => Ok(()),
        done => done,
    }
}
