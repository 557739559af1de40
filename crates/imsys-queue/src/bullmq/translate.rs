//! Jobs in our words and in BullMQ's.

use crate::job::{Counts, FAILED_KEPT, Job, MOST_ATTEMPTS, NewJob, Priority};
use bullmq::types::JobCounts;
use bullmq::types::{BackoffStrategy, RemoveOnFinish};
use bullmq::{BulkJob, DeduplicationOptions, Error, JobOptions};
use serde_json::Value;
use std::time::Duration;

/// BullMQ's 0 means before all others; it is also what Node's jobs have unless told otherwise.
pub(super) const PERSON: u32 = 0;
const CLOCK: u32 = 10;
/// The last one that BullMQ knows.
const MOST_PRIORITY: u32 = 1 << 21;
/// Failed jobs that BullMQ is to keep: more than are told, because among those of one millisecond it
/// throws away by the letters of their ids.
pub(super) const KEPT: usize = FAILED_KEPT + 50;
/// Lines of a job's log: the causes of three failures fit.
const LOG_LINES: u32 = 50;

/// A job as BullMQ is to get it.
pub(super) struct Outgoing {
    /// BullMQ's command that adds it.
    pub(super) command: &'static str,
    pub(super) name: String,
    pub(super) data: Value,
    pub(super) options: JobOptions,
}

impl Outgoing {
    pub(super) fn bulk(self) -> BulkJob {
        BulkJob::with_options(self.name, self.data, self.options)
    }
}

pub(super) fn outgoing(job: &NewJob) -> Outgoing {
    let (delay, priority) = (millis(job.delay), priority(job.priority));
    let command = match (delay, priority) {
        (0, 0) => "addStandardJob",
        (0, _) => "addPrioritizedJob",
        _ => "addDelayedJob",
    };
    let options = JobOptions {
        delay: (delay > 0).then_some(delay),
        priority: (priority > 0).then_some(priority),
        attempts: Some(job.attempts.clamp(1, MOST_ATTEMPTS)),
        backoff: Some(BackoffStrategy::Exponential(millis(job.back_off))),
        remove_on_complete: Some(RemoveOnFinish::Bool(true)),
        remove_on_fail: Some(RemoveOnFinish::Count(KEPT)),
        keep_logs: Some(LOG_LINES),
        deduplication: job.dedupe.clone().map(keep_last),
        ..JobOptions::default()
    };
    Outgoing { command, name: job.name.clone(), data: job.data.clone(), options }
}

fn keep_last(id: String) -> DeduplicationOptions {
    DeduplicationOptions { id, keep_last_if_active: Some(true), ..DeduplicationOptions::default() }
}

fn priority(priority: Priority) -> u32 {
    match priority {
        Priority::Person => PERSON,
        Priority::Clock => CLOCK,
    }
}

/// What a job's field `priority` says; `None` where it is not one of BullMQ's whole numbers from 0.
pub(super) fn priority_of(field: Option<&[u8]>) -> Option<Priority> {
    let Some(field) = field else { return Some(Priority::Person) };
    match std::str::from_utf8(field).ok()?.parse().ok()? {
        PERSON => Some(Priority::Person),
        1..=MOST_PRIORITY => Some(Priority::Clock),
        _ => None,
    }
}

/// Whole milliseconds, rounded up, and few enough to be doubled and added to a date.
pub(super) fn millis(duration: Duration) -> u64 {
    duration.as_micros().div_ceil(1000).try_into().unwrap_or(u64::MAX).min(u64::from(u32::MAX))
}

/// What the handler is to see.
pub(super) fn incoming(job: &bullmq::Job) -> Job {
    let (name, data) = (job.name().to_owned(), job.data().clone());
    Job { id: job.id().to_owned(), name, data, attempt: job.attempts_made() + 1 }
}

/// What BullMQ is to hear of a failure: nobody tries more than [`MOST_ATTEMPTS`] times, whatever a
/// producer in Node asked for.
pub(super) fn failure(attempt: u32, error: &[String]) -> Error {
    let reason = error.join(": ");
    if attempt >= MOST_ATTEMPTS { Error::Unrecoverable(reason) } else { Error::ProcessingError(reason) }
}

/// A line of a job's log; the last attempt's lines are the error of a job that was given up.
pub(super) fn log_line(attempt: u32, cause: &str) -> String {
    format!("{}{cause}", log_mark(attempt))
}

fn log_mark(attempt: u32) -> String {
    format!("attempt {attempt}: ")
}

pub(super) fn counts(counts: &JobCounts) -> Counts {
    let size = |count| usize::try_from(count).unwrap_or(usize::MAX);
    Counts {
        waiting: size(counts.waiting + counts.prioritized + counts.paused),
        delayed: size(counts.delayed),
        active: size(counts.active),
        failed: size(counts.failed).min(FAILED_KEPT),
    }
}

/// What the attempt with this number left in a job's log.
pub(super) fn causes(attempt: u32, log: &[String]) -> Vec<String> {
    let mark = log_mark(attempt);
    log.iter().filter_map(|line| line.strip_prefix(&mark)).map(str::to_owned).collect()
}

/// When a delayed job is due, in milliseconds of the epoch. BullMQ keeps it multiplied by 4096 to have
/// room for an order.
pub(super) fn due(score: f64) -> u64 {
    (score / 4096.0) as u64
}

/// The work of a job that was given up, for a person, at once.
pub(super) fn again(job: &bullmq::Job, dedupe: &str) -> NewJob {
    let options = job.opts();
    let back_off = match options.backoff {
        Some(BackoffStrategy::Fixed(wait) | BackoffStrategy::Exponential(wait)) => Some(wait),
        _ => None,
    };
    let new = NewJob::new(job.name(), job.data().clone()).dedupe(dedupe).urgent();
    NewJob {
        attempts: options.attempts.unwrap_or(1),
        back_off: back_off.map_or(new.back_off, Duration::from_millis),
        ..new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_below_a_millisecond_is_still_a_wait_and_a_century_can_be_doubled() {
        let waits = [Duration::ZERO, Duration::from_micros(1), Duration::from_secs(1), Duration::MAX];
        assert_eq!(waits.map(millis), [0, 1, 1000, u64::from(u32::MAX)]);
    }

    #[test]
    fn a_priority_that_another_program_made_up_is_none() {
        let of = |text: &str| priority_of(Some(text.as_bytes()));
        assert_eq!(
            (priority_of(None), of("0"), of("10")),
            (Some(Priority::Person), Some(Priority::Person), Some(Priority::Clock))
        );
        assert_eq!(["-1", "1.5", "high", "", "99999999"].map(of), [None; 5]);
        assert_eq!(priority_of(Some(&[0xFF])), None);
    }

    #[test]
    fn the_third_failure_is_the_last_whatever_was_asked_for() {
        let error = ["the router refused".to_owned(), "no such user".to_owned()];
        assert!(matches!(failure(2, &error), Error::ProcessingError(_)));
        let Error::Unrecoverable(reason) = failure(3, &error) else { panic!("it would be tried again") };
        assert_eq!(reason, "the router refused: no such user");
    }
}
