//! What a kind of job is.

use crate::app::App;
use crate::routers::session::Trouble;
use futures_util::future::BoxFuture;
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::Failure;
use imsys_store::model::JobDone;
use std::time::Duration;

/// A kind of job. A new one is a constant in its slice, and a line in [`crate::work::KINDS`].
pub struct JobKind {
    /// As the queue and other programs know it, such as `SWEEP_PPP`.
    pub name: &'static str,
    /// As people know it.
    pub label: &'static str,
    /// The name of the kind whose work it does a part of: people see how the two went as one. `None`: it stands alone.
    pub part_of: Option<&'static str>,
    /// How often the clock asks for it; `None`: never.
    pub every: Option<Every>,
    /// What it is done to, and how. The queue follows from it.
    pub scope: Scope,
}

/// When the clock asks for a kind of job.
#[derive(Clone, Copy)]
pub struct Every {
    /// Seconds between two times; of what belongs to no tenant by the standard settings.
    pub seconds: fn(&Settings) -> u32,
    /// How long there is a scheduler before it asks for the first time.
    pub after: Duration,
    /// It deletes what is old: the clock does not ask while it cannot be trusted itself.
    pub deletes: bool,
}

impl Every {
    /// So many seconds, from the first moment on.
    pub const fn of(seconds: fn(&Settings) -> u32) -> Self {
        Self { seconds, after: Duration::ZERO, deletes: false }
    }
}

/// What a kind of job is done to.
pub enum Scope {
    /// A router, over its connection; a mark in the store says that it is due.
    Router(AtRouter),
    /// A tenant.
    Tenant(AtTenant),
    /// Everything that is installed here.
    Installation(for<'a> fn(&'a App) -> BoxFuture<'a, Result<(), Failure>>),
}

impl Scope {
    /// The queue of such jobs.
    pub const fn queue(&self) -> &'static str {
        match self {
            Self::Router(_) => super::ROUTERS,
            Self::Tenant(_) | Self::Installation(_) => super::UPKEEP,
        }
    }
}

/// Does a kind of work at a router.
pub type AtRouter = for<'a> fn(&'a App, RouterTask<'a>) -> BoxFuture<'a, Result<StepOutcome, Failure>>;

/// Does a kind of work for a tenant.
pub type AtTenant = for<'a> fn(&'a App, TenantId) -> BoxFuture<'a, Result<(), Failure>>;

/// Work at a router.
#[derive(Clone, Copy)]
pub struct RouterTask<'a> {
    /// Whose router.
    pub tenant: TenantId,
    /// Which.
    pub router: RouterId,
    /// How it went, to be noted in the write of what was seen.
    pub done: &'a (dyn Fn(Option<Trouble>) -> JobDone + Sync),
}

/// What came of doing a kind of work at a router.
pub enum StepOutcome {
    /// It is noted already, and whether other work is marked.
    Noted(bool),
    /// It is done, or why the router did not let it.
    Ended(Option<Trouble>),
}
