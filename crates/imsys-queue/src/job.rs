//! Jobs before, during and after their run.

use imsys_domain::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Most times that a job is tried.
pub const MOST_ATTEMPTS: u32 = 3;
/// Jobs that may wait in one queue unless told otherwise.
pub const CAPACITY: usize = 10_000;
/// Failed jobs that are kept per queue; the oldest go first.
pub const FAILED_KEPT: usize = 200;

/// Who waits for a job; the first runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Somebody pressed a button.
    Person,
    /// Its time has come.
    Clock,
}

/// A job to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What to do, such as `SWEEP_PPP`.
    pub name: String,
    /// With what; never a secret.
    pub data: Value,
    /// Of all jobs with one id at most one is active and one comes next: see [`crate::Queue::add`].
    pub dedupe: Option<String>,
    /// Not before this much time has passed.
    pub delay: Duration,
    /// How often it is tried at most: 1 to [`MOST_ATTEMPTS`]; anything else counts as the nearer end.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles before each further one.
    pub back_off: Duration,
    /// Who waits for it.
    pub priority: Priority,
}

impl NewJob {
    /// A job of the clock, at once, tried three times with a second between.
    pub fn new(name: impl Into<String>, data: Value) -> Self {
        Self {
            name: name.into(),
            data,
            dedupe: None,
            delay: Duration::ZERO,
            attempts: MOST_ATTEMPTS,
            back_off: Duration::from_secs(1),
            priority: Priority::Clock,
        }
    }

    /// The same with a deduplication id.
    pub fn dedupe(self, id: impl Into<String>) -> Self {
        Self { dedupe: Some(id.into()), ..self }
    }

    /// The same, later.
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The same for somebody who waits.
    pub fn urgent(self) -> Self {
        Self { priority: Priority::Person, ..self }
    }

    /// The wait after attempt number `made` has failed; `None` when that was the last.
    pub fn retry_after(&self, made: u32) -> Option<Duration> {
        let doubled = self.back_off.saturating_mul(1 << made.clamp(1, MOST_ATTEMPTS).saturating_sub(1));
        (made < self.attempts.clamp(1, MOST_ATTEMPTS)).then_some(doubled)
    }
}

/// A job in the hands of a handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The adapter's name for it.
    pub id: String,
    /// What to do.
    pub name: String,
    /// With what.
    pub data: Value,
    /// Counts from 1.
    pub attempt: u32,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Running.
    Active,
    /// Ready to run.
    Waiting,
    /// Waiting for its time, or for the next attempt.
    Delayed,
    /// Given up.
    Failed,
}

impl JobState {
    /// Every state, from what runs to what is over.
    pub const ALL: [Self; 4] = [Self::Active, Self::Waiting, Self::Delayed, Self::Failed];
}

/// A job as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedJob {
    /// The adapter's name for it.
    pub id: String,
    /// What it is to do.
    pub name: String,
    /// With what.
    pub data: Value,
    /// Where it is.
    pub state: JobState,
    /// How many attempts are over.
    pub attempts: u32,
    /// Who waits for it; `None` where it says what no queue of ours knows.
    pub priority: Option<Priority>,
    /// When it was added.
    pub added: Timestamp,
    /// When a delayed one becomes ready.
    pub due: Option<Timestamp>,
    /// When an active one began.
    pub began: Option<Timestamp>,
    /// When a failed one was given up.
    pub ended: Option<Timestamp>,
    /// What went wrong the last time, and what caused that, outermost first; empty when nothing did.
    pub error: Vec<String>,
    /// Names of what cannot be read of it, such as `priority`: other programs may add anything.
    pub unreadable: Vec<&'static str>,
}

/// The jobs of a queue by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Ready to run.
    pub waiting: usize,
    /// Waiting for their time, or for the next attempt.
    pub delayed: usize,
    /// Running.
    pub active: usize,
    /// Given up and still listed; at most [`FAILED_KEPT`].
    pub failed: usize,
}

/// How a worker works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Jobs at the same time, at least 1; slow ones come on top.
    pub concurrency: usize,
    /// A job that lasts longer is slow: it makes room for another one.
    pub slow_after: Duration,
    /// Slow jobs that may have made room at the same time.
    pub slow: usize,
    /// An attempt that lasts longer is cut off and has failed.
    pub deadline: Duration,
    /// How long running jobs may take to finish after the shutdown was asked for.
    pub drain: Duration,
}

impl Limits {
    /// So many at a time, slow or not.
    pub const fn at_most(concurrency: usize, deadline: Duration, drain: Duration) -> Self {
        Self { concurrency, slow_after: Duration::MAX, slow: 0, deadline, drain }
    }
}

/// What a worker left behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Cut off while running and given back: the next worker runs them.
    pub given_back: usize,
    /// Not begun, of the whole queue, those that were given back included.
    pub waiting: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_tried_once_to_three_times_whatever_it_asks_for() {
        let tries = |attempts| {
            let job = NewJob { attempts, ..NewJob::new("x", Value::Null) };
            (1..).find(|made| job.retry_after(*made).is_none())
        };
        assert_eq!([0, 1, 2, 3, 99].map(tries), [1, 1, 2, 3, 3].map(Some));
    }

    #[test]
    fn the_wait_doubles() {
        let job = NewJob::new("x", Value::Null);
        assert_eq!(job.retry_after(1), Some(Duration::from_secs(1)));
        assert_eq!(job.retry_after(2), Some(Duration::from_secs(2)));
    }
}
