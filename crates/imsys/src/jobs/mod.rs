//! Putting jobs on the queues.
//!
//! A job on the queue `routers` means "this router has work"; what is to be done stands in the store as marks, so that
//! nothing is lost when jobs are merged. A job on the queue `upkeep` says itself what is to be done.
//!
//! * `kind`: what a kind of job is. `slots`: when the clock asks for it.

mod kind;
pub(crate) mod slots;

pub use kind::{AtRouter, AtTenant, Every, JobKind, RouterTask, Scope, StepOutcome};

use crate::app::App;
use crate::complaints::complain;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::{NewJob, Priority, QueueError};
use imsys_store::{Actor, StoreError};
use serde_json::json;
use std::time::Duration;

/// The queue of work at routers.
pub const ROUTERS: &str = "routers";
/// The queue of work at no router.
pub const UPKEEP: &str = "upkeep";
/// Only what is marked: its wake-up is gone, or has waited for long.
pub(crate) const OLD_MARKS: &str = "OLD_MARKS";
/// As people know such a job.
pub(crate) const OLD_MARKS_LABEL: &str = "Catch up on what was left";

/// Why a job could not be put on the queue, or be looked for there.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Its mark could not be set, or what it is about not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// The clock asks for a job. What could not be put on the queue is logged; the next slot comes.
pub async fn schedule(app: &App, tenant: TenantId, router: RouterId, kind: &JobKind) {
    schedule_in(app, tenant, router, kind, Duration::ZERO).await;
}

/// The same, after a while; it may come sooner, together with other work at the router.
pub async fn schedule_in(app: &App, tenant: TenantId, router: RouterId, kind: &JobKind, delay: Duration) {
    if let Err(error) = wake(app, tenant, router, kind, When { priority: Priority::Clock, delay }).await {
        complain(
            "a job could not be put on the queue",
            Some(router),
            &format_args!("{}: {error}", kind.name),
        );
    }
}

/// The clock wakes a router again whose marks have grown old, or of which some are left; `urgent` when a
/// person waits there. Where the first wake-up is still on its way nothing comes of this one.
pub async fn remind(app: &App, tenant: TenantId, router: RouterId, urgent: bool) {
    if let Err(error) = add(app, tenant, router, OLD_MARKS, When::at_once(priority(urgent))).await {
        complain("a job could not be put on the queue again", Some(router), &error);
    }
}

/// A person asks for a job: it runs before what the clock asked for.
pub async fn request(app: &App, tenant: TenantId, router: RouterId, kind: &JobKind) -> Result<(), JobError> {
    wake(app, tenant, router, kind, When::at_once(Priority::Person)).await
}

/// A person asks for a job at every router that is connected and not paused: how many those are.
pub async fn request_all(app: &App, tenant: TenantId, kind: &JobKind) -> Result<usize, JobError> {
    let now = app.now();
    let routers = app.store.tenant(tenant, Actor::system(now)).mark_all_due(kind.name, now).await?;
    let when = When::at_once(Priority::Person);
    let jobs = routers.iter().map(|router| job(tenant, *router, kind.name, when)).collect();
    match app.queue.add_bulk(ROUTERS, jobs).await {
        // Those that found no room are woken when their marks have grown old.
        Ok(()) | Err(QueueError::Full { .. }) => Ok(routers.len()),
        Err(error) => Err(error.into()),
    }
}

/// For whom a job is, and not before which time.
#[derive(Clone, Copy)]
pub(crate) struct When {
    pub(crate) priority: Priority,
    pub(crate) delay: Duration,
}

impl When {
    const fn at_once(priority: Priority) -> Self {
        Self { priority, delay: Duration::ZERO }
    }
}

/// Of a job at a router where a person waits (`urgent`) or nobody does.
pub(crate) const fn priority(urgent: bool) -> Priority {
    if urgent { Priority::Person } else { Priority::Clock }
}

/// Sets the mark, then adds the wake-up: in this order nothing is lost when jobs are merged. Of two that
/// are put aside behind a running job the last one stays: where a person waits it is his, whoever adds it.
async fn wake(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    kind: &JobKind,
    when: When,
) -> Result<(), JobError> {
    let (now, urgent) = (app.now(), when.priority == Priority::Person);
    let marked =
        app.store.tenant(tenant, Actor::system(now)).mark_due(router, kind.name, now, urgent).await?;
    let when = if marked.urgent { When::at_once(Priority::Person) } else { when };
    add(app, tenant, router, kind.name, when).await
}

pub(crate) async fn add(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    name: &str,
    when: When,
) -> Result<(), JobError> {
    Ok(app.queue.add(ROUTERS, job(tenant, router, name, when)).await?)
}

fn job(tenant: TenantId, router: RouterId, name: &str, When { priority, delay }: When) -> NewJob {
    let data = json!({ "tenantId": tenant, "routerId": router });
    NewJob { priority, delay, ..NewJob::new(name, data).dedupe(format!("router-{router}")) }
}

/// The clock asks for what is done to a tenant, or without one to the whole installation. Where it is on the queue
/// already, or under way, nothing comes of it.
pub(crate) async fn schedule_upkeep(app: &App, kind: &JobKind, tenant: Option<TenantId>) {
    let whose = tenant.map_or_else(String::new, |tenant| format!("-{tenant}"));
    let new = NewJob::new(kind.name, json!({ "tenantId": tenant })).dedupe(format!("{}{whose}", kind.name));
    if let Err(error) = app.queue.add(kind.scope.queue(), new).await {
        complain("a job could not be put on the queue", None, &format_args!("{}: {error}", kind.name));
    }
}
