//! Jobs: asking a router about its services that do not log in.

use super::{CheckError, Checked, Round, check};
use crate::app::App;
use crate::jobs::{Every, JobKind, RouterTask, Scope, StepOutcome, schedule_in};
use futures_util::future::BoxFuture;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::Failure;
use std::time::Duration;

/// Services that are created within this time are asked about together.
const GATHERING: Duration = Duration::from_secs(2);

/// Ask the router about all of them.
pub(crate) const CHECK_STATIC_USERS: JobKind = JobKind {
    name: "CHECK_STATIC_USERS",
    label: "Check static and DHCP customers",
    part_of: None,
    every: Some(Every::of(|settings| settings.static_check_seconds)),
    scope: Scope::Router(|app, task| run(app, task, Round::Whole)),
};

/// The same, about those that the check before had no time for or that were silent once.
pub(crate) const CHECK_STATIC_REST: JobKind = JobKind {
    name: "CHECK_STATIC_REST",
    label: "Check the remaining static and DHCP customers",
    part_of: Some(CHECK_STATIC_USERS.name),
    every: None,
    scope: Scope::Router(|app, task| run(app, task, Round::Rest)),
};

/// Ask the router about those alone that it was never asked about.
pub(crate) const CHECK_STATIC_NEW: JobKind = JobKind {
    name: "CHECK_STATIC_NEW",
    label: "Check new static and DHCP customers",
    part_of: Some(CHECK_STATIC_USERS.name),
    every: None,
    scope: Scope::Router(|app, task| run(app, task, Round::New)),
};

/// Services that do not log in are new at a router, or were changed: it is asked about them in a moment, together with
/// those that follow until then. The other services of the router are not asked about.
pub(crate) async fn check_new(app: &App, tenant: TenantId, router: RouterId) {
    schedule_in(app, tenant, router, &CHECK_STATIC_NEW, GATHERING).await;
}

fn run<'a>(
    app: &'a App,
    RouterTask { tenant, router, done }: RouterTask<'a>,
    round: Round,
) -> BoxFuture<'a, Result<StepOutcome, Failure>> {
    Box::pin(async move {
        match check(app, tenant, router, round, &|| done(None)).await {
            Ok(Checked::NoLines) => Ok(StepOutcome::Ended(None)),
            Ok(Checked::Noted { again, due }) => {
                if let Some(delay) = again {
                    let kind = if round == Round::New { &CHECK_STATIC_NEW } else { &CHECK_STATIC_REST };
                    schedule_in(app, tenant, router, kind, delay).await;
                }
                Ok(StepOutcome::Noted(due))
            }
            Err(CheckError::Router(trouble)) => Ok(StepOutcome::Ended(Some(trouble))),
            Err(CheckError::Store(error)) => Err(error.into()),
        }
    })
}
