//! Jobs on the queue `routers`. A job means "this router has work"; what is to be done stands in the
//! store as marks, so that nothing is lost when jobs are merged.

use super::homes;
use crate::app::App;
use crate::http::ApiError;
use crate::static_check::{self, Round};
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::{Failure, Handler, Job, NewJob, Priority, QueueError};
use imsys_store::Actor;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// The queue's name.
pub const QUEUE: &str = "routers";
/// Read the router's `/ppp/active`.
pub const SWEEP_PPP: &str = "SWEEP_PPP";
/// Ask the router about its static lines.
pub const CHECK_STATIC_USERS: &str = "CHECK_STATIC_USERS";
/// The same, about those that the check before had no time for.
const CHECK_STATIC_REST: &str = "CHECK_STATIC_REST";
/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);

/// A job's data.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant_id: TenantId,
    router_id: RouterId,
}

/// The clock asks for a job. What could not be put on the queue is logged; the next slot comes.
pub async fn schedule(app: &App, tenant: TenantId, router: RouterId, kind: &'static str) {
    if let Err(error) = wake(app, tenant, router, kind, Priority::Clock).await {
        tracing::error!(router.id = %router, kind, code = error.code(), "a job could not be put on the queue");
    }
}

/// A person asks for a job: it runs before what the clock asked for.
pub async fn request(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    kind: &'static str,
) -> Result<(), ApiError> {
    wake(app, tenant, router, kind, Priority::Person).await
}

/// Sets the mark, then adds the wake-up: in this order nothing is lost when jobs are merged.
async fn wake(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    kind: &str,
    priority: Priority,
) -> Result<(), ApiError> {
    let now = app.now();
    app.store.tenant(tenant, Actor::system(now)).mark_due(router, kind, now).await?;
    let data = json!({ "tenantId": tenant, "routerId": router });
    let job = NewJob { priority, ..NewJob::new(kind, data).dedupe(format!("router-{router}")) };
    app.queue.add(QUEUE, job).await.map_err(|error| match error {
        QueueError::Full { .. } => ApiError::busy("busy", "Too much is waiting. Try again in a moment.", 2),
        QueueError::Failed(inside) => ApiError::failed(inside),
    })
}

/// Does what is due at a router.
pub struct RouterWork(pub App);

#[async_trait]
impl Handler for RouterWork {
    async fn run(&self, job: Job) -> Result<(), Failure> {
        let Data { tenant_id, router_id } = Data::deserialize(&job.data)?;
        if homes::is_here(&self.0, tenant_id, router_id).await? {
            self.work(tenant_id, router_id, &job.name).await?;
        }
        Ok(())
    }
}

impl RouterWork {
    /// Does what is due at a router whose home is here, because another process said so.
    pub(super) async fn wake(&self, tenant: TenantId, router: RouterId) {
        if let Err(error) = self.work(tenant, router, "").await {
            tracing::warn!(router.id = %router, %error, "work that another process brought could not be done");
        }
    }

    /// Does what is due, and what it is called for. Two do not work on one router: the second one leaves
    /// word with the first.
    async fn work(&self, tenant_id: TenantId, router_id: RouterId, name: &str) -> Result<(), Failure> {
        let Some(turn) = self.0.broker.turn(router_id) else { return Ok(()) };
        self.work_once(tenant_id, router_id, name).await?;
        while turn.is_wanted_again() {
            self.work_once(tenant_id, router_id, "").await?;
        }
        Ok(())
    }

    async fn work_once(&self, tenant_id: TenantId, router_id: RouterId, name: &str) -> Result<(), Failure> {
        let store = self.0.store.tenant(tenant_id, Actor::system(self.0.now()));
        let due: HashMap<String, i64> = store.due(router_id).await?.into_iter().collect();
        // What the job is called, for programs that set no mark, and all that is marked, in the order of
        // its weight.
        for kind in [SWEEP_PPP, CHECK_STATIC_USERS, CHECK_STATIC_REST] {
            let mark = due.get(kind);
            if mark.is_none() && name != kind {
                continue;
            }
            // A router that cannot be reached is swept and checked when it is connected again.
            match kind {
                SWEEP_PPP => self.sweep(router_id).await,
                CHECK_STATIC_USERS => self.check(tenant_id, router_id, Round::Whole).await,
                _ => self.check(tenant_id, router_id, Round::Rest).await,
            }
            if let Some(number) = mark {
                store.clear_due(router_id, kind, *number).await?;
            }
        }
        Ok(())
    }

    async fn sweep(&self, router: RouterId) {
        if let Err(trouble) = self.0.broker.sweep(router, SWEEP).await {
            tracing::debug!(router.id = %router, %trouble, "no sweep now");
        }
    }

    async fn check(&self, tenant: TenantId, router: RouterId, round: Round) {
        match static_check::check(&self.0, tenant, router, round).await {
            Ok(false) => {}
            Ok(true) => schedule(&self.0, tenant, router, CHECK_STATIC_REST).await,
            Err(error) => tracing::debug!(router.id = %router, %error, "no check now"),
        }
    }
}
