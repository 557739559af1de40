//! Jobs: the full sync of a router, and counting services.

use super::trend;
use crate::app::App;
use crate::jobs::{Every, JobKind, RouterTask, Scope, StepOutcome};
use futures_util::future::BoxFuture;
use imsys_queue::Failure;
use std::time::Duration;

/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);

/// Read the router's `/ppp/active`.
pub(crate) const SWEEP_PPP: JobKind = JobKind {
    name: "SWEEP_PPP",
    label: "Full sync of PPPoE sessions",
    part_of: None,
    every: Some(Every::of(|settings| settings.sweep_seconds)),
    scope: Scope::Router(sweep),
};

/// Count the services of all tenants.
pub(crate) const COUNT_SERVICES: JobKind = JobKind {
    name: "COUNT_SERVICES",
    label: "Count services by status",
    part_of: None,
    // Routers are connected first.
    every: Some(Every { after: Duration::from_secs(60), ..Every::of(|_| trend::EVERY_SECONDS) }),
    scope: Scope::Installation(count),
};

fn sweep<'a>(app: &'a App, task: RouterTask<'a>) -> BoxFuture<'a, Result<StepOutcome, Failure>> {
    Box::pin(async move { Ok(StepOutcome::Ended(app.broker.sweep(task.router, SWEEP).await.err())) })
}

fn count(app: &App) -> BoxFuture<'_, Result<(), Failure>> {
    Box::pin(async { Ok(trend::count(app, app.now()).await?) })
}
