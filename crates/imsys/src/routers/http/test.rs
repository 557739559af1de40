//! "Test": what is wrong with a router.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json};
use crate::http::route::{Access, Route};
use crate::http::words::SeverityName;
use crate::routers::onboarding::examine::{Examine, legacy_login};
use crate::routers::session::problem::{Problem, explain};
use crate::routers::session::{Lane, Trouble};
use axum::extract::State;
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use serde::Serialize;
use std::time::{Duration, Instant};
use utoipa::{OpenApi, ToSchema};

/// Within which a test answers.
const TEST: Duration = Duration::from_secs(14);

/// The route.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/api/v1/routers/{id}/test", Access::Tenant(Right::RoutersTest), test_router)]
}

/// Its description.
#[derive(OpenApi)]
#[openapi(paths(test_router))]
pub(super) struct Doc;

/// The result of a test.
#[derive(Serialize, ToSchema)]
struct TestResult {
    /// False exactly when there is an error among the problems.
    ok: bool,
    identity: Option<String>,
    version: Option<String>,
    board: Option<String>,
    problems: Vec<ProblemItem>,
}

#[derive(Serialize, ToSchema)]
struct ProblemItem {
    /// Stable, for programs.
    code: String,
    severity: SeverityName,
    message: String,
    fix: String,
}

impl From<Problem> for ProblemItem {
    fn from(problem: Problem) -> Self {
        let Problem { code, severity, message, fix } = problem;
        Self { code: code.into(), severity: severity.into(), message, fix }
    }
}

/// Connects at once and says what is wrong and what mends it, within 15 seconds.
#[utoipa::path(post, path = "/api/v1/routers/{id}/test", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = TestResult)))]
async fn test_router(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<TestResult>, ApiError> {
    let router = tenancy.store.router(id).await?;
    let hooks = tenancy.store.hook_counts(id, app.now()).await?;
    let started = Instant::now();
    let test = async |within| {
        let examine = Examine { username: router.config.username.clone(), hook_seen: hooks.last.is_some() };
        app.broker.read(id, within, Lane::Urgent, examine).await
    };
    let mut tested = test(TEST).await;
    if tested.as_ref().is_err_and(Trouble::is_break) {
        // The connection was dead and nobody had noticed: the next one tells what is wrong.
        tested = test(TEST.saturating_sub(started.elapsed())).await;
    }
    let problems = match tested {
        Ok(mut problems) => {
            problems.extend(router.config.legacy_login.then(legacy_login));
            problems
        }
        Err(Trouble::Busy) => return Err(Trouble::Busy.into()),
        Err(trouble) => vec![explain(&trouble)],
    };
    let facts = tenancy.store.router(id).await?.facts;
    let problems: Vec<ProblemItem> = problems.into_iter().map(ProblemItem::from).collect();
    let ok = problems.iter().all(|problem| problem.severity != SeverityName::Error);
    Ok(Json(TestResult {
        ok,
        identity: facts.identity,
        version: facts.version,
        board: facts.board,
        problems,
    }))
}
