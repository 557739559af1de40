//! Routes of routers.

use super::examine::{Problem, examine, explain};
use super::import::import;
use super::input::{Checked, NewRouter, RouterPatch, TlsSetting};
use super::script::{self, Order, Part};
use super::{Credentials, Trouble, jobs};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{
    Etag, Filterless, Id, IfMatch, Items, Json, List, ListParams, Query, Sorts, Time,
};
use crate::http::route::{Access, Route};
use crate::http::words::{ActionName, RouterStateName, SeverityName, SourceName};
use crate::presence::http::ServiceCounts;
use crate::token;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::import::Action;
use imsys_domain::router::RouterState;
use imsys_store::model::{HookCounts, Router, RouterConfig, RouterFacts, StatusCounts, UnknownUser};
use imsys_store::port::RouterSort;
use routeros::client::Command;
use routeros::menu::{PppProfile, PppSecret};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const PATH: &str = "/api/v1/routers";
const ITEM: &str = "/api/v1/routers/{id}";
/// Within which a test answers.
const TEST: Duration = Duration::from_secs(14);
const READ: Duration = Duration::from_secs(20);

/// The routes of routers.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    let test = Access::Tenant(Right::RoutersTest);
    vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/routers/{id}/test", test, test_router),
        Route::post("/api/v1/routers/{id}/sweep", test, sweep),
        Route::post("/api/v1/routers/{id}/check", test, check),
        Route::post("/api/v1/routers/{id}/import", write, import_secrets),
        Route::get("/api/v1/routers/{id}/profiles", read, profiles),
        Route::get("/api/v1/routers/{id}/script", write, script_text),
        Route::post("/api/v1/routers/{id}/rotate-token", write, rotate_token),
        Route::get("/api/v1/routers/{id}/unknown-users", read, unknown_users),
        Route::post("/api/v1/routers/{id}/unknown-users/forget", write, forget_unknown),
    ]
}

/// The contract of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    list,
    create,
    get,
    update,
    archive,
    test_router,
    sweep,
    check,
    import_secrets,
    profiles,
    script_text,
    rotate_token,
    unknown_users,
    forget_unknown
))]
pub struct Doc;

/// A router.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RouterItem {
    id: Uuid,
    /// Counts every change, as in live events.
    rev: i64,
    /// For `If-Match`.
    etag: String,
    name: String,
    address: String,
    port: u16,
    tls: TlsSetting,
    username: String,
    identity: Option<String>,
    version: Option<String>,
    board: Option<String>,
    state: RouterStateName,
    since: Time,
    reason: Option<String>,
    last_sweep_at: Option<Time>,
    listening: bool,
    /// The clock neither sweeps nor checks it; people still may.
    paused: bool,
    services: ServiceCounts,
    hooks: HookItem,
    /// Whether device-mode allows `fetch`; null where the version has no device-mode.
    device_mode_fetch: Option<bool>,
    created_at: Time,
}

/// How the router's webhooks have been.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HookItem {
    last_webhook_at: Option<Time>,
    #[serde(rename = "received24h")]
    received_24h: u64,
    #[serde(rename = "refused24h")]
    refused_24h: u64,
}

/// A router that was just added, with its webhook token, shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CreatedRouter {
    #[serde(flatten)]
    router: RouterItem,
    webhook_token: String,
}

impl RouterItem {
    fn new(router: Router, counts: StatusCounts, hooks: HookCounts) -> Self {
        let RouterConfig { name, address, port, tls, username, paused, .. } = router.config;
        let RouterFacts { identity, version, board, fetch, .. } = router.facts;
        Self {
            id: router.id.0,
            rev: router.rev,
            etag: Etag(router.edition).to_string(),
            name,
            address: address.to_string(),
            port,
            tls: TlsSetting::new(tls),
            username,
            identity,
            version,
            board,
            state: router.state.into(),
            since: Time(router.since),
            reason: router.reason,
            last_sweep_at: router.swept.map(Time),
            listening: router.listening,
            paused,
            services: counts.into(),
            hooks: HookItem {
                last_webhook_at: hooks.last.map(Time),
                received_24h: hooks.received,
                refused_24h: hooks.refused,
            },
            device_mode_fetch: fetch,
            created_at: Time(router.created),
        }
    }

    async fn load(app: &App, tenancy: &Tenancy, router: Router) -> Result<Self, ApiError> {
        let since = app.now().minus_seconds(24 * 3600);
        let (counts, hooks) = tokio::try_join!(
            tenancy.store.status_counts(Some(router.id)),
            tenancy.store.hook_counts(router.id, since),
        )?;
        Ok(Self::new(router, counts, hooks))
    }
}

/// The orders of routers.
struct RouterOrder;

impl Sorts for RouterOrder {
    type Key = RouterSort;
    const NAMES: &'static [(&'static str, RouterSort)] =
        &[("name", RouterSort::Name), ("createdAt", RouterSort::Created)];
}

/// Routers with their state and their services by status.
#[utoipa::path(get, path = PATH, tag = "routers", params(ListParams),
    responses((status = 200, body = Items<RouterItem>)))]
async fn list(
    State(app): State<App>,
    tenancy: Tenancy,
    list: List<Filterless, RouterOrder>,
) -> Result<Json<Items<RouterItem>>, ApiError> {
    let page = tenancy.store.routers(list.ask).await?;
    let mut items = HashMap::new();
    for router in &page.items {
        items.insert(router.id, RouterItem::load(&app, &tenancy, router.clone()).await?);
    }
    let mut shown = Items::new(page, |router| items.remove(&router.id));
    let list = shown.items.drain(..).flatten().collect();
    Ok(Json(Items { items: list, next: shown.next, total: shown.total }))
}

/// Adds a router and connects to it. The webhook token is shown this once.
#[utoipa::path(post, path = PATH, tag = "routers", request_body = NewRouter,
    responses((status = 201, body = CreatedRouter)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewRouter>,
) -> Result<(StatusCode, Etag, Json<CreatedRouter>), ApiError> {
    let checked = new.check(app.config.network.allow_loopback)?;
    let (created, webhook_token) = (app.now(), token::fresh());
    let id = RouterId::new(created, token::random());
    let router = Router {
        id,
        tenant: tenancy.tenant,
        rev: 1,
        edition: 1,
        token: token::digest(&webhook_token),
        config: seal(&app, &tenancy, id, checked, &webhook_token, false),
        state: RouterState::New,
        since: created,
        reason: None,
        listening: false,
        swept: None,
        facts: RouterFacts::default(),
        created,
        archived: false,
    };
    tenancy.store.create_router(router.clone()).await?;
    app.broker.serve(&router).await;
    let router = RouterItem::new(router, StatusCounts::default(), HookCounts::default());
    Ok((StatusCode::CREATED, Etag(1), Json(CreatedRouter { router, webhook_token })))
}

fn seal(
    app: &App,
    tenancy: &Tenancy,
    id: RouterId,
    checked: Checked,
    hook_token: &str,
    paused: bool,
) -> RouterConfig {
    let Checked { name, address, port, tls, username, password } = checked;
    let credentials = Credentials { password, hook_token: hook_token.into() };
    let password = credentials.seal(&app.secrets, tenancy.tenant, id);
    RouterConfig { name, address, port, tls, username, password, paused }
}

/// One router.
#[utoipa::path(get, path = ITEM, tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = RouterItem)))]
async fn get(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<(Etag, Json<RouterItem>), ApiError> {
    let router = tenancy.store.router(id).await?;
    Ok((Etag(router.edition), Json(RouterItem::load(&app, &tenancy, router).await?)))
}

/// Changes a router and connects anew, unless `paused` alone is mentioned; what is not mentioned stays. A password is only ever sent to
/// the router it was given for: another address needs it again.
#[utoipa::path(patch, path = ITEM, tag = "routers", params(("id" = Uuid, Path)), request_body = RouterPatch,
    responses((status = 200, body = RouterItem)))]
async fn update(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<RouterPatch>,
) -> Result<(Etag, Json<RouterItem>), ApiError> {
    let old = tenancy.store.router(id).await?;
    let known = Credentials::open(&app.secrets, &old)?;
    let keeps_connection = patch.keeps_connection();
    let paused = patch.paused.unwrap_or(old.config.paused);
    let password = match patch.password {
        Some(password) => password,
        None if moves(&old.config, patch.address.as_deref(), patch.port) => {
            return Err(ApiError::field("password", "is required with another address or port"));
        }
        None => known.password,
    };
    let new = NewRouter {
        name: patch.name.unwrap_or(old.config.name),
        address: patch.address.unwrap_or(old.config.address.to_string()),
        port: Some(patch.port.unwrap_or(old.config.port)),
        tls: Some(patch.tls.unwrap_or_else(|| TlsSetting::new(old.config.tls.clone()))),
        username: patch.username.unwrap_or(old.config.username),
        password,
    };
    let checked = new.check(app.config.network.allow_loopback)?;
    let config = seal(&app, &tenancy, id, checked, &known.hook_token, paused);
    let router = tenancy.store.update_router(id, edition.or(Some(old.edition)), config).await?;
    if !keeps_connection {
        app.doors.forget();
        app.broker.serve(&router).await;
    }
    Ok((Etag(router.edition), Json(RouterItem::load(&app, &tenancy, router).await?)))
}

fn moves(old: &RouterConfig, address: Option<&str>, port: Option<u16>) -> bool {
    address.is_some_and(|text| text.trim() != old.address.to_string())
        || port.is_some_and(|port| port != old.port)
}

/// Removes a router and archives its services; history stays. Nothing on the router changes.
#[utoipa::path(delete, path = ITEM, tag = "routers", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn archive(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<StatusCode, ApiError> {
    tenancy.store.archive_router(id).await?;
    app.doors.forget();
    app.broker.dismiss(id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// What a test found.
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
    let work = || {
        let username = router.config.username.clone();
        move |client| async move { examine(&client, &username, hooks.last.is_some()).await }
    };
    let mut tested = app.broker.with(id, TEST, work()).await;
    if matches!(tested, Err(Trouble::Lost(_))) {
        // The connection was dead and nobody had noticed: the next one tells what is wrong.
        tested = app.broker.with(id, TEST.saturating_sub(started.elapsed()), work()).await;
    }
    let problems = match tested {
        Ok(problems) => problems,
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

/// Work that was begun.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    /// Names the request in the log.
    pub(crate) request_id: Uuid,
}

/// Reads the router's PPP table now.
#[utoipa::path(post, path = "/api/v1/routers/{id}/sweep", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 202, body = Accepted)))]
async fn sweep(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    tenancy.store.router(id).await?;
    let request_id = RouterId::new(app.now(), token::random()).0;
    tracing::info!(router.id = %id, %request_id, "a person asks for a sweep");
    jobs::request(&app, tenancy.tenant, id, jobs::SWEEP_PPP).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}

/// Asks the router about its static customers now.
#[utoipa::path(post, path = "/api/v1/routers/{id}/check", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 202, body = Accepted)))]
async fn check(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    tenancy.store.router(id).await?;
    let request_id = RouterId::new(app.now(), token::random()).0;
    tracing::info!(router.id = %id, %request_id, "a person asks for a check of static customers");
    jobs::request(&app, tenancy.tenant, id, jobs::CHECK_STATIC_USERS).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct ImportQuery {
    /// Only say what would be done.
    dry_run: Option<bool>,
    /// `create`: a customer for each service, named by the secret's comment.
    customers: Option<CustomersChoice>,
}

/// What an import does about customers.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum CustomersChoice {
    /// Makes them.
    Create,
    /// Leaves them.
    None,
}

/// What an import did, or would do.
#[derive(Serialize, ToSchema)]
struct ImportResult {
    created: usize,
    updated: usize,
    skipped: usize,
    rows: Vec<ImportRow>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportRow {
    username: String,
    /// The customer's name, from the comment.
    name: Option<String>,
    profile: Option<String>,
    disabled: bool,
    action: ActionName,
    reason: String,
    service_id: Option<Uuid>,
}

/// Makes services of the router's PPP secrets. Passwords are never read; nothing on the router changes.
#[utoipa::path(post, path = "/api/v1/routers/{id}/import", tag = "routers",
    params(("id" = Uuid, Path), ImportQuery), responses((status = 200, body = ImportResult)))]
async fn import_secrets(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Query(query): Query<ImportQuery>,
) -> Result<Json<ImportResult>, ApiError> {
    let customers = query.customers == Some(CustomersChoice::Create);
    let imported = import(&app, &tenancy, id, query.dry_run.unwrap_or(false), customers).await?;
    let row = |(step, service): (imsys_domain::import::Step, Option<imsys_domain::ServiceId>)| ImportRow {
        username: step.username,
        name: step.customer,
        profile: step.profile,
        disabled: step.disabled,
        action: step.action.into(),
        reason: step.reason.into(),
        service_id: service.map(|id| id.0),
    };
    Ok(Json(ImportResult {
        created: imported.count(Action::Create),
        updated: imported.count(Action::Update),
        skipped: imported.count(Action::Skip),
        rows: imported.steps.into_iter().map(row).collect(),
    }))
}

/// The PPP profiles of a router.
#[derive(Serialize, ToSchema)]
struct Profiles {
    items: Vec<ProfileItem>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProfileItem {
    name: String,
    /// Its scripts call IMSys.
    hooked: bool,
    /// Its scripts hold lines of the administrator's own, which stay.
    has_own_script: bool,
    /// How many secrets use it.
    secrets: usize,
}

/// The router's PPP profiles, and which of them call IMSys.
#[utoipa::path(get, path = "/api/v1/routers/{id}/profiles", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Profiles)))]
async fn profiles(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<Profiles>, ApiError> {
    tenancy.store.router(id).await?;
    let work = |client: routeros::client::Client| async move {
        let profiles = client.print::<PppProfile>(Command::new("/ppp/profile/print"), READ);
        let secrets = client.print::<PppSecret>(Command::new("/ppp/secret/print"), READ);
        tokio::try_join!(profiles, secrets).map_err(Trouble::Command)
    };
    let (profiles, secrets) = app.broker.with(id, READ, work).await?;
    let item = |profile: PppProfile| ProfileItem {
        hooked: script::is_hooked(&profile.on_up) && script::is_hooked(&profile.on_down),
        has_own_script: script::has_own_lines(&profile.on_up) || script::has_own_lines(&profile.on_down),
        secrets: secrets.iter().filter(|secret| secret.profile == profile.name).count(),
        name: profile.name.to_string(),
    };
    Ok(Json(Profiles { items: profiles.into_iter().map(item).collect() }))
}

/// Which text.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScriptQuery {
    /// `user`, `firewall` or `hooks`; all of them unless given.
    part: Option<String>,
    /// The PPP profiles that get the hooks, separated by commas; `default` unless given.
    profiles: Option<String>,
    /// The text that takes it back.
    undo: Option<bool>,
}

/// The RouterOS text to paste, or with `undo=true` the text that takes it back. It holds the API
/// user's password and the webhook token.
#[utoipa::path(get, path = "/api/v1/routers/{id}/script", tag = "routers",
    params(("id" = Uuid, Path), ScriptQuery),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn script_text(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Query(query): Query<ScriptQuery>,
) -> Result<Response, ApiError> {
    let router = tenancy.store.router(id).await?;
    let parts =
        match query.part.as_deref() {
            None => Part::ALL.to_vec(),
            Some(name) => vec![Part::parse(name).ok_or_else(|| {
                ApiError::bad_request("bad-query", "`part` must be user, firewall or hooks.")
            })?],
        };
    let profiles: Vec<String> =
        query.profiles.as_deref().unwrap_or("default").split(',').map(str::to_owned).collect();
    let undo = query.undo.unwrap_or(false);
    let known = Credentials::open(&app.secrets, &router)?;
    let order = Order {
        server: app.config.network.server_address.parse().ok(),
        port: router.config.port,
        login: (&router.config.username, &known.password),
        url: app.config.http.public_url.trim_end_matches('/'),
        token: &known.hook_token,
        profiles: &profiles,
    };
    let text: String = match undo {
        false => parts.into_iter().map(|part| script::write(part, &order)).collect(),
        true => parts.into_iter().rev().map(|part| script::undo(part, &order)).collect(),
    };
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}

/// A new webhook token, shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RotatedToken {
    webhook_token: String,
}

/// Gives the router another webhook token; the old one stops working. Paste the hooks again.
#[utoipa::path(post, path = "/api/v1/routers/{id}/rotate-token", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = RotatedToken)))]
async fn rotate_token(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<RotatedToken>, ApiError> {
    let router = tenancy.store.router(id).await?;
    let webhook_token = token::fresh();
    let known = Credentials::open(&app.secrets, &router)?;
    let sealed =
        Credentials { hook_token: webhook_token.clone(), ..known }.seal(&app.secrets, tenancy.tenant, id);
    tenancy.store.set_router_token(id, token::digest(&webhook_token), sealed).await?;
    app.doors.forget();
    Ok(Json(RotatedToken { webhook_token }))
}

/// A name that the router speaks of and nobody registered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnknownUserItem {
    username: String,
    first_seen: Time,
    last_seen: Time,
    count: i64,
    source: SourceName,
}

/// Names that the router speaks of and nobody registered, the latest first; at most 1000.
#[utoipa::path(get, path = "/api/v1/routers/{id}/unknown-users", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Items<UnknownUserItem>)))]
async fn unknown_users(
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<Items<UnknownUserItem>>, ApiError> {
    tenancy.store.router(id).await?;
    let users = tenancy.store.unknown_users(Some(id), 1000).await?;
    let total = users.len() as u64;
    let item = |user: UnknownUser| UnknownUserItem {
        username: user.username,
        first_seen: Time(user.first),
        last_seen: Time(user.last),
        count: user.count,
        source: user.source.into(),
    };
    Ok(Json(Items { items: users.into_iter().map(item).collect(), next: None, total }))
}

/// Which name.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UnknownUserName {
    username: String,
}

/// Takes a name off the list of unknown ones, until the router speaks of it again.
#[utoipa::path(post, path = "/api/v1/routers/{id}/unknown-users/forget", tag = "routers",
    params(("id" = Uuid, Path)), request_body = UnknownUserName, responses((status = 204)))]
async fn forget_unknown(
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Json(name): Json<UnknownUserName>,
) -> Result<StatusCode, ApiError> {
    tenancy.store.router(id).await?;
    tenancy.store.forget_unknown_user(id, &name.username).await?;
    Ok(StatusCode::NO_CONTENT)
}
