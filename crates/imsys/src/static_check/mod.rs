//! Static customers do not log in, so their router is asked: one job a router, a print of its ARP table,
//! probes where that proves nothing. What is seen goes to `imsys_domain::presence::judge_check`.

use crate::app::App;
use crate::presence::announce;
use crate::routers::{Question, Trouble};
use imsys_domain::{RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::model::StaticLine;
use imsys_store::{StoreError, TenantStore};
use std::sync::Arc;
use std::time::Duration;

/// How long one job probes lines; what is left is another job's.
const SLICE: Duration = Duration::from_secs(20);
/// How long a single line's probe may wait for its turn.
const ONE: Duration = Duration::from_secs(5);
/// A line that was checked so lately is not probed again by the job that does what was left.
const FRESH_SECONDS: i64 = 120;

/// Why a check came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The router could not be asked.
    #[error("{0}")]
    Router(#[from] Trouble),
    /// What was seen could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which lines of a router a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// All of them.
    Whole,
    /// Those that the job before had no time for.
    Rest,
}

/// Checks a router's static lines; whether some are left. Without an answer they are unknown.
pub async fn check(app: &App, tenant: TenantId, router: RouterId, round: Round) -> Result<bool, CheckError> {
    let at = app.now();
    // From the begin: what a home saw that is none any more is not written.
    let store = app.broker.store(tenant, router);
    let lines = store.static_lines(router).await?;
    let probed_since = match round {
        Round::Whole => at,
        Round::Rest => at.minus_seconds(FRESH_SECONDS),
    };
    if lines.is_empty() {
        return Ok(false);
    }
    ask(app, &store, Asking { tenant, router, at }, Question { lines, probed_since, within: SLICE }).await
}

/// Checks one line now.
pub async fn check_one(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    id: ServiceId,
) -> Result<(), CheckError> {
    let at = app.now();
    let store = app.broker.store(tenant, router);
    let is_it = |line: &StaticLine| line.id == id;
    let lines: Vec<_> = store.static_lines(router).await?.into_iter().filter(is_it).collect();
    let question = Question { lines, probed_since: at, within: ONE };
    ask(app, &store, Asking { tenant, router, at }, question).await.map(|_| ())
}

struct Asking {
    tenant: TenantId,
    router: RouterId,
    at: Timestamp,
}

async fn ask(
    app: &App,
    store: &Arc<dyn TenantStore>,
    asking: Asking,
    question: Question,
) -> Result<bool, CheckError> {
    let Asking { tenant, router, at } = asking;
    match app.broker.ask_lines(router, question).await {
        Ok(asked) => {
            app.metrics.static_checks.count("answered");
            let changes = store.apply_checks(router, at, asked.seen).await?;
            announce(&app.live, tenant, &changes);
            Ok(asked.left > 0)
        }
        // Nothing was asked, so nothing is known anew.
        Err(trouble @ (Trouble::Busy | Trouble::Gone | Trouble::Homeless)) => Err(trouble.into()),
        Err(trouble) => {
            app.metrics.static_checks.count("failed");
            let changes = store.checks_failed(router, at).await?;
            announce(&app.live, tenant, &changes);
            Err(trouble.into())
        }
    }
}
