//! What became of jobs.

use imsys_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// The last time that a kind of job was done at a router, such as `SWEEP_PPP`, or for a tenant, such as `PRUNE_HISTORY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Which kind.
    pub kind: String,
    /// When it ended.
    pub at: Timestamp,
    /// Milliseconds from its begin to its end.
    pub took_ms: i64,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Why it failed, for people.
    pub error: Option<String>,
}

/// A job that is over, to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobDone {
    /// How it went.
    pub run: Run,
    /// The mark it was done for; a newer one of its kind stays.
    pub mark: Option<i64>,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunOutcome {
    /// What was to be done is done, and what came of it is stored.
    Done,
    /// It was not.
    Failed,
}
