//! Routers of one tenant.

use super::Result;
use crate::model::{Absence, JobDone, Marked, PendingWork, RouterHealth, Run};
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts};
use imsys_domain::trend::Away;
use imsys_domain::{RouterId, Timestamp};
use std::collections::HashMap;

/// How a list of routers is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterSort {
    /// By name.
    Name,
    /// By the time of adding.
    Created,
}

/// Routers of one tenant.
#[async_trait]
pub trait Routers: Send + Sync {
    /// Adds a router; (address, port) is unique in the tenant.
    async fn create_router(&self, router: Router) -> Result<()>;
    /// One router that is not archived.
    async fn router(&self, id: RouterId) -> Result<Router>;
    /// One router, archived or not.
    async fn router_or_archived(&self, id: RouterId) -> Result<Router>;
    /// A page of routers, of those that are archived or of the others.
    async fn routers(&self, archived: bool, ask: Ask<RouterSort>) -> Result<Page<Router>>;
    /// How all of them are, and at most `limit` of those that are lost.
    async fn router_health(&self, limit: u32) -> Result<RouterHealth>;
    /// Changes what people set, if `edition` (when given) is still the stored one.
    async fn update_router(&self, id: RouterId, edition: Option<i64>, config: RouterConfig)
    -> Result<Router>;
    /// Gives the router another webhook token as one unit: its hash, and the sealed credentials that hold it.
    async fn set_router_token(&self, id: RouterId, token: [u8; 32], sealed: String) -> Result<()>;
    /// Archives a router, its services and its devices, and drops its marks, runs and unknown users, as one unit; its history stays.
    async fn archive_router(&self, id: RouterId) -> Result<()>;
    /// Brings an archived router back, not connected, as one unit with the services and devices that were archived together with it;
    /// `token` is the hash of its webhook token. Its address and port must be free.
    async fn restore_router(&self, id: RouterId, token: [u8; 32]) -> Result<Router>;
    /// The router answers: state `up` since `at`, with what it told. Services stay as they are until
    /// its table has been read.
    async fn router_found(&self, id: RouterId, at: Timestamp, facts: RouterFacts) -> Result<Router>;
    /// Whether `/ppp/active/listen` is being read right now.
    async fn set_listening(&self, id: RouterId, listening: Listening) -> Result<()>;

    /// How each router, or this one, was away between `from` and `to`; one that was not is missing. Of each the newest
    /// thousand absences count.
    async fn away(
        &self,
        router: Option<RouterId>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<RouterId, Away>>;
    /// The last `limit` absences of a router, newest first.
    async fn absences(&self, id: RouterId, limit: u32) -> Result<Vec<Absence>>;

    /// Notes that the router has work of `kind`, such as `SWEEP_PPP`; `urgent` when a person waits for it,
    /// which it stays until it is done.
    async fn mark_due(&self, id: RouterId, kind: &str, at: Timestamp, urgent: bool) -> Result<Marked>;
    /// The same, for a person, as one unit at every router that is connected and not paused: those, by id.
    async fn mark_all_due(&self, kind: &str, at: Timestamp) -> Result<Vec<RouterId>>;
    /// The marks of a router, oldest first.
    async fn due(&self, id: RouterId) -> Result<Vec<PendingWork>>;
    /// Keeps what became of a kind of job, and clears its mark unless it was set again since it had the
    /// number `mark`, as one unit. Of a router that is gone nothing is kept.
    async fn note_done(&self, id: RouterId, done: JobDone) -> Result<()>;
    /// The last run of each kind at each router, by router and kind.
    async fn runs(&self) -> Result<Vec<(RouterId, Run)>>;
}
