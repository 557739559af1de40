//! Who is online: every report is judged and written as one unit around `imsys_domain::presence::judge`.

use super::Result;
use crate::model::{HookCounts, ServiceChange, StatusCounts, StatusEvent, UnknownUser};
use async_trait::async_trait;
use imsys_domain::presence::{Observation, Outcome, Presence, Sweep};
use imsys_domain::trend::{Range, Tally};
use imsys_domain::{RouterId, ServiceId, Timestamp};
use std::collections::HashSet;

/// What became of one observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The user is a service of this router.
    Known {
        /// What the judge said of it.
        outcome: Outcome,
        /// The status or its evidence changed.
        change: Option<ServiceChange>,
        /// When the router should be asked about the user, if it should.
        ask: Option<Timestamp>,
    },
    /// No service has this name on this router; it was listed, nothing was guessed.
    UnknownUser,
}

impl Applied {
    /// What others may see of it.
    pub fn change(self) -> Option<ServiceChange> {
        match self {
            Self::Known { change, .. } => change,
            Self::UnknownUser => None,
        }
    }
}

/// What a sweep changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepApplied {
    /// The services whose status or sessions changed.
    pub changes: Vec<ServiceChange>,
    /// Names on the router that nobody has registered.
    pub unknown: usize,
    /// Users whom the router should be asked about, and when.
    pub asks: Vec<(String, Timestamp)>,
}

/// A webhook that was accepted or refused, for the counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookReport {
    /// It was well formed.
    Received,
    /// It was refused with 400.
    Refused,
}

/// Presence of one tenant's services.
#[async_trait]
pub trait Presences: Send + Sync {
    /// Judges one observation about one user of one router as one unit; answers when the event, the session and
    /// the state are durable. Webhooks are counted.
    async fn apply_presence(&self, router: RouterId, user: &str, observation: Observation)
    -> Result<Applied>;
    /// Judges many observations about users of one router, in their order, as one unit.
    async fn apply_presences(
        &self,
        router: RouterId,
        batch: Vec<(String, Observation)>,
    ) -> Result<Vec<Applied>>;
    /// Judges a whole table, and commits 256 services at a time; last of all the router's `swept` moves to `began`. Cut
    /// off, it is not swept, and the next table writes the rest: each service is judged again where it is written, and
    /// only what changes is.
    async fn apply_sweep(&self, router: RouterId, sweep: Sweep) -> Result<SweepApplied>;
    /// The names of this router whose service has an open session, as far as we know.
    async fn users_with_session(&self, router: RouterId) -> Result<HashSet<String>>;
    /// The router is gone: its state becomes `down` for `reason` as one unit, then its services unknown since `at`, 256 at
    /// a time. Cut off, it is said again: services that are unknown already are left out.
    async fn router_lost(&self, router: RouterId, at: Timestamp, reason: &str) -> Result<Vec<ServiceChange>>;
    /// What the judge remembers of one service.
    async fn presence(&self, service: ServiceId) -> Result<Presence>;
    /// Counts a refused webhook of a router.
    async fn count_hook(&self, router: RouterId, at: Timestamp, report: HookReport) -> Result<()>;
    /// How a router's webhooks have been since `since`.
    async fn hook_counts(&self, router: RouterId, since: Timestamp) -> Result<HookCounts>;
    /// Services by status, of one router or of all.
    async fn status_counts(&self, router: Option<RouterId>) -> Result<StatusCounts>;
    /// Services by status over `range`, which ends at `to`: its intervals in their order. One without a count is missing.
    async fn trend(&self, range: Range, to: Timestamp) -> Result<Vec<Tally>>;
    /// The last `limit` changes of status in the tenant, newest first.
    async fn recent_changes(&self, limit: u32) -> Result<Vec<StatusEvent>>;
    /// The changes of status of a service from the last one before `from` up to `to`, oldest first.
    async fn timeline(&self, service: ServiceId, from: Timestamp, to: Timestamp) -> Result<Vec<StatusEvent>>;
    /// Names that routers speak of and nobody registered, newest first; of one router or of all.
    async fn unknown_users(&self, router: Option<RouterId>, limit: u32) -> Result<Vec<UnknownUser>>;
    /// Takes a name off that list.
    async fn forget_unknown_user(&self, router: RouterId, user: &str) -> Result<()>;
}
