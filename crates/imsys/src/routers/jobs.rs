//! Jobs on the queue `routers`. A job means "this router has work"; what is to be done stands in the
//! store as marks, so that nothing is lost when jobs are merged.

use crate::app::App;
use crate::http::ApiError;
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::{Failure, Handler, Job, NewJob, Priority, QueueError};
use imsys_store::Actor;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// The queue's name.
pub const QUEUE: &str = "routers";
/// Read the router's `/ppp/active`.
pub const SWEEP_PPP: &str = "SWEEP_PPP";
/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);

/// A job's data.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant_id: TenantId,
    router_id: RouterId,
}

/// The clock asks for a sweep. What could not be put on the queue is logged; the next slot comes.
pub async fn schedule_sweep(app: &App, tenant: TenantId, router: RouterId) {
    if let Err(error) = wake(app, tenant, router, SWEEP_PPP, Priority::Clock).await {
        tracing::error!(router.id = %router, code = error.code(), "a sweep could not be put on the queue");
    }
}

/// A person asks for a sweep: it runs before what the clock asked for.
pub async fn request_sweep(app: &App, tenant: TenantId, router: RouterId) -> Result<(), ApiError> {
    wake(app, tenant, router, SWEEP_PPP, Priority::Person).await
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
        let Data { tenant_id, router_id } = serde_json::from_value(job.data)?;
        let store = self.0.store.tenant(tenant_id, Actor::system(self.0.now()));
        for (kind, number) in store.due(router_id).await? {
            if kind == SWEEP_PPP {
                // A router that cannot be reached is swept when it is connected again.
                let swept = self.0.broker.sweep(router_id, SWEEP).await;
                if let Err(trouble) = swept {
                    tracing::debug!(router.id = %router_id, %trouble, "no sweep now");
                }
                store.clear_due(router_id, &kind, number).await?;
            }
        }
        Ok(())
    }
}
