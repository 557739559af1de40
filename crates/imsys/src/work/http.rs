//! Routes of jobs.

use super::board::{Standing, jobs, retry, router, routers, standings, tenant_standings};
use super::{at_routers, label};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::answers::Accepted;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Items, Json, Query, Time};
use crate::http::route::{Access, Route};
use crate::http::words::{JobStateName, PriorityName, RouterStateName, RunOutcomeName};
use crate::jobs::{JobError, JobKind, request};
use crate::token;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::router::Router;
use imsys_domain::text::shown;
use imsys_queue::{JobState, ListedJob};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const PATH: &str = "/api/v1/jobs";
const RUNS: &str = "/api/v1/jobs/runs";
const TENANT_RUNS: &str = "/api/v1/jobs/tenant-runs";
const RUN_NOW: &str = "/api/v1/routers/{id}/run";
const RETRY: &str = "/api/v1/jobs/{id}/retry";
const DEFAULT_LIMIT: u32 = 100;
const MOST: u32 = 1000;
/// Characters of a name or a cause; both may come from another program on the queue.
const SHOWN: usize = 500;

/// The routes of jobs.
pub fn routes() -> Vec<Route> {
    let (read, test) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersTest));
    vec![
        Route::get(PATH, read, list),
        Route::get(RUNS, read, runs),
        Route::get(TENANT_RUNS, read, tenant_runs),
        Route::post(RUN_NOW, test, run_now),
        Route::post(RETRY, test, retry_job),
    ]
}

/// The contract of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, runs, tenant_runs, run_now, retry_job))]
pub struct Doc;

/// A job on the queue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JobItem {
    /// The queue's name for it.
    id: String,
    /// Why the router was woken, such as `SWEEP_PPP`; the job does whatever is marked for the router.
    name: String,
    /// The name as people know it.
    label: String,
    router_id: Option<Uuid>,
    router_name: Option<String>,
    state: JobStateName,
    /// How many attempts are over.
    attempts: u32,
    /// Null where it cannot be read.
    priority: Option<PriorityName>,
    added_at: Time,
    /// When a delayed one becomes ready.
    due_at: Option<Time>,
    /// When an active one began.
    started_at: Option<Time>,
    /// When a failed one was given up.
    ended_at: Option<Time>,
    /// The latest error and its causes, outermost first.
    error: Vec<String>,
    /// What cannot be read of it, such as `priority`: another program put it on the queue.
    unreadable: Vec<&'static str>,
}

impl JobItem {
    fn new(job: ListedJob, routers: &super::board::Routers) -> Self {
        // What a job says of a router is only accepted of the tenant's own ones.
        let router = router(&job).and_then(|id| routers.get(&id));
        Self {
            id: job.id,
            label: label_of(&job.name),
            name: shown(&job.name, SHOWN),
            router_id: router.map(|router| router.id.0),
            router_name: router.map(|router| router.config.name.clone()),
            state: job.state.into(),
            attempts: job.attempts,
            priority: job.priority.map(PriorityName::from),
            added_at: Time(job.added),
            due_at: job.due.map(Time),
            started_at: job.began.map(Time),
            ended_at: job.ended.map(Time),
            error: job.error.iter().map(|cause| shown(cause, SHOWN)).collect(),
            unreadable: job.unreadable,
        }
    }
}

/// Other programs may put jobs on the queue by names of their own.
fn label_of(name: &str) -> String {
    label(name).map_or_else(|| shown(name, SHOWN), str::to_owned)
}

impl From<JobError> for ApiError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Store(error) => error.into(),
            JobError::Queue(error) => error.into(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Wanted {
    /// Jobs in this state alone.
    state: Option<JobStateName>,
    /// Jobs of this router alone.
    router_id: Option<Uuid>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Jobs that run, wait, are delayed or have failed, in this order: each group as it will run, failed jobs the
/// latest first. `total` counts all.
#[utoipa::path(get, path = PATH, tag = "jobs", params(Wanted), responses((status = 200, body = Items<JobItem>)))]
async fn list(
    State(app): State<App>,
    tenancy: Tenancy,
    Query(Wanted { state, router_id, limit }): Query<Wanted>,
) -> Result<Json<Items<JobItem>>, ApiError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::bad_request("bad-query", format!("`limit` must be 1 to {MOST}, not {limit}.")));
    }
    let states = state.map_or(JobState::ALL.to_vec(), |state| vec![state.into()]);
    let mut jobs = jobs(&app, tenancy.tenant, &states).await?;
    jobs.retain(|job| router_id.is_none_or(|id| router(job) == Some(RouterId(id))));
    let (total, routers) = (jobs.len() as u64, routers(&*tenancy.store).await?);
    let items = jobs.into_iter().take(limit as usize).map(|job| JobItem::new(job, &routers)).collect();
    Ok(Json(Items { items, next: None, total }))
}

/// A kind of job: how it went the last time, and when it is due again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StandingItem {
    /// Such as `SWEEP_PPP`.
    kind: &'static str,
    /// The kind as people know it.
    label: &'static str,
    /// The kind whose work this one does a part of, such as `CHECK_STATIC_USERS` of `CHECK_STATIC_REST`; null for one that
    /// stands alone.
    part_of: Option<&'static str>,
    /// When it ended the last time; null when it never ran.
    last_at: Option<Time>,
    /// Milliseconds; null where no job ran, as for the full sync right after a router connects.
    took_ms: Option<i64>,
    outcome: Option<RunOutcomeName>,
    /// Why it failed, and what mends it.
    error: Option<String>,
    /// When the clock asks again; null while the router is paused or cannot be reached, and for what the
    /// clock does not ask for.
    next_at: Option<Time>,
}

impl StandingItem {
    fn new(Standing { kind, last, next }: Standing) -> Self {
        Self {
            kind: kind.name,
            label: kind.label,
            part_of: kind.part_of,
            last_at: last.as_ref().map(|last| Time(last.at)),
            took_ms: last.as_ref().and_then(|last| last.took_ms),
            outcome: last.as_ref().map(|last| last.outcome.into()),
            error: last.and_then(|last| last.error),
            next_at: next.map(Time),
        }
    }
}

/// A kind of job at a router.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RunItem {
    router_id: Uuid,
    router_name: String,
    router_state: RouterStateName,
    paused: bool,
    #[serde(flatten)]
    standing: StandingItem,
}

impl RunItem {
    fn new((router, standing): (&Router, Standing)) -> Self {
        Self {
            router_id: router.id.0,
            router_name: router.config.name.clone(),
            router_state: router.state.into(),
            paused: router.config.paused,
            standing: StandingItem::new(standing),
        }
    }
}

/// Each kind of job at each router, in the order of the kinds: how it went the last time, and when it is due again. What
/// does a part of another one's work is told once it has run.
#[utoipa::path(get, path = RUNS, tag = "jobs", responses((status = 200, body = Items<RunItem>)))]
async fn runs(State(app): State<App>, tenancy: Tenancy) -> Result<Json<Items<RunItem>>, ApiError> {
    let routers = routers(&*tenancy.store).await?;
    let (runs, tenant) = tokio::try_join!(tenancy.store.runs(), tenancy.store.info())?;
    let standings = standings(&routers, runs, &tenant.settings, app.now());
    Ok(whole(standings.into_iter().map(RunItem::new).collect()))
}

/// Each kind of job that is done for the tenant and at no router.
#[utoipa::path(get, path = TENANT_RUNS, tag = "jobs", responses((status = 200, body = Items<StandingItem>)))]
async fn tenant_runs(
    State(app): State<App>,
    tenancy: Tenancy,
) -> Result<Json<Items<StandingItem>>, ApiError> {
    let (runs, tenant) = tokio::try_join!(tenancy.store.tenant_runs(), tenancy.store.info())?;
    let standings = tenant_standings(tenancy.tenant, runs, &tenant.settings, app.now());
    Ok(whole(standings.into_iter().map(StandingItem::new).collect()))
}

/// A list that is answered whole.
fn whole<T>(items: Vec<T>) -> Json<Items<T>> {
    let total = items.len() as u64;
    Json(Items { items, next: None, total })
}

/// What to do at a router.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RunNow {
    /// Such as `SWEEP_PPP`; none that does a part of another one's work.
    kind: String,
}

/// Does a kind of job at the router now, before what the clock asked for.
#[utoipa::path(post, path = RUN_NOW, tag = "jobs", params(("id" = Uuid, Path)), request_body = RunNow,
    responses((status = 202, body = Accepted)))]
async fn run_now(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Json(RunNow { kind }): Json<RunNow>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    tenancy.store.router(id).await?;
    let is_meant = |known: &JobKind| known.name == kind && known.part_of.is_none();
    let Some((kind, _)) = at_routers().find(|(known, _)| is_meant(known)) else {
        return Err(ApiError::field("kind", "No kind of job at routers has this name."));
    };
    let request_id = RouterId::new(app.now(), token::random()).0;
    tracing::info!(router.id = %id, %request_id, job.kind = kind.name, "a person asks for a job");
    request(&app, tenancy.tenant, id, kind).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}

/// Lets a job that was given up run again, before what the clock asked for.
#[utoipa::path(post, path = RETRY, tag = "jobs", params(("id" = String, Path)),
    responses((status = 202, body = Accepted)))]
async fn retry_job(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<String>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    if !retry(&app, tenancy.tenant, &id).await? {
        return Err(ApiError::not_found());
    }
    let request_id = RouterId::new(app.now(), token::random()).0;
    tracing::info!(job.id = id, %request_id, "a person lets a job run again");
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}
