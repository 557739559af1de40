//! Routes of routers.
//!
//! * `test.rs`: what is wrong with one; `import.rs`: its PPP secrets become services
//!   a static customer.
//! * `away.rs`: when it was away; `script.rs`: what to paste into it; `unknown.rs`: names that it speaks of and nobody registered.

mod away;
mod import;
mod script;
mod test;
mod unknown;

pub(crate) use import::CustomersChoice;

use away::{AwayItem, Aways};

use super::input::{NewRouter, RouterPatch, TlsSetting};
use super::session::Trouble;
use super::session::problem::explain;
use super::{Extent, RouterError, change};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::answers::{Accepted, ServiceCounts};
use crate::http::error::ApiError;
use crate::http::extract::{Archived, Etag, Id, IfMatch, Items, Json, List, ListParams, Sorts, Time};
use crate::http::route::{Access, Route};
use crate::http::words::RouterStateName;
use crate::jobs;
use crate::presence::jobs::SWEEP_PPP;
use crate::routers;
use crate::static_check::jobs::CHECK_STATIC_USERS;
use crate::token;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts};
use imsys_store::model::{HookCounts, StatusCounts};
use imsys_store::port::RouterSort;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

const PATH: &str = "/api/v1/routers";
const ITEM: &str = "/api/v1/routers/{id}";

/// The routes of routers.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    let test = Access::Tenant(Right::RoutersTest);
    let own = vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/routers/{id}/restore", write, restore),
        Route::post("/api/v1/routers/{id}/sweep", test, sweep),
        Route::post("/api/v1/routers/{id}/check", test, check),
        Route::post("/api/v1/routers/check", test, check_all),
    ];
    [own, away::routes(), test::routes(), import::routes(), script::routes(), unknown::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// Their description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Doc::openapi();
    for part in [
        away::Doc::openapi(),
        test::Doc::openapi(),
        import::Doc::openapi(),
        script::Doc::openapi(),
        unknown::Doc::openapi(),
    ] {
        document.merge(part);
    }
    document
}

#[derive(OpenApi)]
#[openapi(paths(list, create, get, update, archive, restore, sweep, check, check_all))]
struct Doc;

/// The words of a parameter, as they are written.
#[cfg(test)]
pub(crate) fn customers_choices() -> (String, Vec<serde_json::Value>) {
    use import::CustomersChoice::{Create, None};
    ("CustomersChoice".into(), [Create, None].map(|choice| serde_json::json!(choice)).into())
}

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
    /// The login of RouterOS before 6.43 is allowed.
    legacy_login: bool,
    /// Networks behind it to which this server has a route: devices there may be asked directly.
    routed: Vec<String>,
    username: String,
    identity: Option<String>,
    version: Option<String>,
    board: Option<String>,
    state: RouterStateName,
    since: Time,
    reason: Option<String>,
    last_sweep_at: Option<Time>,
    /// A listen on its active sessions is being read and relied on.
    listening: bool,
    /// The listen told nothing while active sessions changed; it was started anew and has told nothing yet.
    listen_deaf: bool,
    /// No scheduled full syncs and checks; people can still start them.
    paused: bool,
    services: ServiceCounts,
    hooks: HookItem,
    away: AwayItem,
    /// True if device-mode allows `fetch`; null where the version has no device-mode.
    device_mode_fetch: Option<bool>,
    created_at: Time,
    archived: bool,
    /// Since when.
    archived_at: Option<Time>,
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
    fn new(router: Router, counts: StatusCounts, hooks: HookCounts, away: AwayItem) -> Self {
        let RouterConfig { name, address, port, tls, legacy_login, routed, username, paused, .. } =
            router.config;
        let RouterFacts { identity, version, board, fetch, .. } = router.facts;
        Self {
            id: router.id.0,
            rev: router.rev,
            etag: Etag(router.edition).to_string(),
            name,
            address: address.to_string(),
            port,
            tls: TlsSetting::new(tls),
            legacy_login,
            routed: routed.into_iter().map(String::from).collect(),
            username,
            identity,
            version,
            board,
            state: router.state.into(),
            since: Time(router.since),
            reason: router.reason,
            last_sweep_at: router.swept.map(Time),
            listening: router.listening == Listening::On,
            listen_deaf: router.listening == Listening::Deaf,
            paused,
            services: counts.into(),
            hooks: HookItem {
                last_webhook_at: hooks.last.map(Time),
                received_24h: hooks.received,
                refused_24h: hooks.refused,
            },
            away,
            device_mode_fetch: fetch,
            created_at: Time(router.created),
            archived: router.archived.is_some(),
            archived_at: router.archived.map(Time),
        }
    }

    async fn load(app: &App, tenancy: &Tenancy, router: Router) -> Result<Self, ApiError> {
        let aways = Aways::load(&*tenancy.store, Some(router.id), app.now()).await?;
        Self::load_with(app, tenancy, router, &aways).await
    }

    async fn load_with(
        app: &App,
        tenancy: &Tenancy,
        router: Router,
        aways: &Aways,
    ) -> Result<Self, ApiError> {
        if router.archived.is_some() {
            return Ok(Self::new(
                router,
                StatusCounts::default(),
                HookCounts::default(),
                AwayItem::default(),
            ));
        }
        let since = app.now().minus_seconds(24 * 3600);
        let (counts, hooks) = tokio::try_join!(
            tenancy.store.status_counts(Some(router.id)),
            tenancy.store.hook_counts(router.id, since),
        )?;
        let away = aways.of(router.id);
        Ok(Self::new(router, counts, hooks, away))
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
#[utoipa::path(get, path = PATH, tag = "routers", params(ListParams, Archived),
    responses((status = 200, body = Items<RouterItem>)))]
async fn list(
    State(app): State<App>,
    tenancy: Tenancy,
    list: List<Archived, RouterOrder>,
) -> Result<Json<Items<RouterItem>>, ApiError> {
    let page = tenancy.store.routers(list.filter.only(), list.ask).await?;
    let aways = Aways::load(&*tenancy.store, None, app.now()).await?;
    let mut items = HashMap::new();
    for router in &page.items {
        items.insert(router.id, RouterItem::load_with(&app, &tenancy, router.clone(), &aways).await?);
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
    let (router, webhook_token) = routers::create(&app, &tenancy, checked.into_config(false)).await?;
    let router = RouterItem::new(router, StatusCounts::default(), HookCounts::default(), AwayItem::default());
    Ok((StatusCode::CREATED, Etag(1), Json(CreatedRouter { router, webhook_token })))
}

/// One router.
#[utoipa::path(get, path = ITEM, tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = RouterItem)))]
async fn get(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<(Etag, Json<RouterItem>), ApiError> {
    let router = tenancy.store.router_or_archived(id).await?;
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
    let extent = match &patch.password {
        Some(_) => Extent::Password,
        None if moves(&old.config, patch.address.as_deref(), patch.port) => {
            return Err(ApiError::field("password", "is required with another address or port"));
        }
        None if patch.keeps_connection() => Extent::Aside,
        None => Extent::Connection,
    };
    let paused = patch.paused.unwrap_or(old.config.paused);
    let config = patch.over(&old.config).check(app.config.network.allow_loopback)?.into_config(paused);
    let router = change(&app, &tenancy, &old, edition.unwrap_or(old.edition), config, extent).await?;
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
    routers::archive(&app, &tenancy, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an archived router back with the services that were archived together with it, and connects. Its webhook token
/// is the one that it had.
#[utoipa::path(post, path = "/api/v1/routers/{id}/restore", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = RouterItem)))]
async fn restore(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<(Etag, Json<RouterItem>), ApiError> {
    let router = routers::restore(&app, &tenancy, id).await?;
    Ok((Etag(router.edition), Json(RouterItem::load(&app, &tenancy, router).await?)))
}

/// Runs a full sync of the router's active PPPoE sessions now.
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
    jobs::request(&app, tenancy.tenant, id, &SWEEP_PPP).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}

/// Asks the router about its static customers, and those by DHCP, now.
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
    jobs::request(&app, tenancy.tenant, id, &CHECK_STATIC_USERS).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { request_id })))
}

/// Work that was begun at routers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcceptedMany {
    /// Names the request in the log.
    request_id: Uuid,
    /// How many routers are asked.
    routers: usize,
}

/// Asks every router that is connected and not paused about its static customers, and those by DHCP, now.
#[utoipa::path(post, path = "/api/v1/routers/check", tag = "routers",
    responses((status = 202, body = AcceptedMany)))]
async fn check_all(
    State(app): State<App>,
    tenancy: Tenancy,
) -> Result<(StatusCode, Json<AcceptedMany>), ApiError> {
    let request_id = RouterId::new(app.now(), token::random()).0;
    tracing::info!(tenant.id = %tenancy.tenant, %request_id, "a person asks for a check of all static customers");
    let routers = jobs::request_all(&app, tenancy.tenant, &CHECK_STATIC_USERS).await?;
    Ok((StatusCode::ACCEPTED, Json(AcceptedMany { request_id, routers })))
}

impl From<RouterError> for ApiError {
    fn from(error: RouterError) -> Self {
        match error {
            RouterError::Store(error) => error.into(),
            RouterError::Secret(error) => error.into(),
        }
    }
}

impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Busy => {
                Self::busy("router-busy", "Too much is waiting for this router. Try again in a moment.", 2)
            }
            trouble => {
                let problem = explain(&trouble);
                let detail = format!("{} {}", problem.message, problem.fix);
                Self::new(StatusCode::BAD_GATEWAY, "router-unreachable", detail)
            }
        }
    }
}
