//! Jobs on the queue `routers`. A job means "this router has work"; what is to be done stands in the
//! store as marks, so that nothing is lost when jobs are merged.

use crate::app::App;
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::{Failure, Handler, Job, NewJob};
use imsys_store::Actor;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The queue's name.
pub const QUEUE: &str = "routers";
/// Read the router's `/ppp/active`.
pub const SWEEP_PPP: &str = "SWEEP_PPP";
/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);

/// A job's data.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant_id: TenantId,
    router_id: RouterId,
}

/// Notes that the router is to be swept, and wakes it.
pub async fn enqueue_sweep(app: &App, tenant: TenantId, router: RouterId) {
    if let Err(error) = try_enqueue(app, tenant, router).await {
        tracing::error!(router.id = %router, error, "a sweep could not be put on the queue");
    }
}

async fn try_enqueue(app: &App, tenant: TenantId, router: RouterId) -> Result<(), String> {
    let now = app.now();
    let store = app.store.tenant(tenant, Actor::system(now));
    store.mark_due(router, SWEEP_PPP, now).await.map_err(|e| e.to_string())?;
    let data = serde_json::to_value(Data { tenant_id: tenant, router_id: router }).map_err(|e| e.to_string())?;
    let job = NewJob::new(SWEEP_PPP, data).dedupe(format!("router-{router}"));
    app.queue.add(QUEUE, job).await.map_err(|e| e.to_string())
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
