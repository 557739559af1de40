//! Static lines: each is judged and written as one unit around `imsys_domain::presence::judge_check`.

use super::Result;
use crate::model::{CheckStored, JobDone, ServiceChange, StaticLines};
use async_trait::async_trait;
use imsys_domain::presence::Seen;
use imsys_domain::{RouterId, ServiceId, Timestamp};

/// Checks of one tenant's static lines.
#[async_trait]
pub trait Checks: Send + Sync {
    /// The static lines behind a router, by address, each with what its last check saw.
    async fn static_lines(&self, router: RouterId) -> Result<StaticLines>;
    /// Judges what a check that began at `at` saw of lines behind a router, and commits 256 at a time; the last of them
    /// with the job that it was. Cut off, the job is not noted, and is done again. A line that was archived or moved
    /// meanwhile is left out.
    async fn apply_checks(
        &self,
        router: RouterId,
        at: Timestamp,
        seen: Vec<(ServiceId, Seen)>,
        done: Option<JobDone>,
    ) -> Result<CheckStored>;
    /// The router was asked at `at` and said nothing of its static lines: they are unknown, 256 at a time. Cut off, it is
    /// said again, and lines that are unknown already are left out.
    async fn checks_failed(&self, router: RouterId, at: Timestamp) -> Result<Vec<ServiceChange>>;
}
