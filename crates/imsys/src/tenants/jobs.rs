//! Jobs: forgetting what is older than is kept.

use crate::app::App;
use crate::jobs::{Every, JobKind, Scope};
use futures_util::future::BoxFuture;
use imsys_domain::TenantId;
use imsys_queue::Failure;

const DAY_SECONDS: u32 = 86_400;
const DAILY: Every = Every { deletes: true, ..Every::of(|_| DAY_SECONDS) };

/// Drop logins, links and counters that have expired.
pub(crate) const PRUNE_EXPIRED: JobKind = JobKind {
    name: "PRUNE_EXPIRED",
    label: "Drop what has expired",
    part_of: None,
    every: Some(DAILY),
    scope: Scope::Installation(expired),
};

/// Drop history that is older than the tenant keeps.
pub(crate) const PRUNE_HISTORY: JobKind = JobKind {
    name: "PRUNE_HISTORY",
    label: "Drop old history",
    part_of: None,
    every: Some(DAILY),
    scope: Scope::Tenant(history),
};

fn expired(app: &App) -> BoxFuture<'_, Result<(), Failure>> {
    Box::pin(async {
        if may_delete(app).await {
            app.store.prune_expired(app.now()).await?;
        }
        Ok(())
    })
}

fn history(app: &App, tenant: TenantId) -> BoxFuture<'_, Result<(), Failure>> {
    Box::pin(async move {
        if may_delete(app).await {
            app.store.prune_history(tenant, app.now()).await?;
        }
        Ok(())
    })
}

/// Asked again here: the job may have waited on the queue while the clock was set.
async fn may_delete(app: &App) -> bool {
    app.aging.may_delete(app.clock.reading(), &*app.store, &app.metrics).await
}
