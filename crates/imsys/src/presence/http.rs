//! Routes: the webhook of routers, and the overview.

mod trend;

use super::hook::{Hook, Sender, read};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::answers::ServiceCounts;
use crate::http::error::ApiError;
use crate::http::extract::{Json, Time};
use crate::http::peer::Peer;
use crate::http::route::{Access, Route, WEBHOOK};
use crate::http::words::{RouterStateName, SourceName, StatusName};
use crate::live::is_online;
use crate::token;
use crate::webhook_tokens::RouterIdentity;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use imsys_domain::access::Right;
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::router::Router;
use imsys_domain::{RouterId, ServiceId};
use imsys_store::Actor;
use imsys_store::model::StatusEvent;
use imsys_store::port::{Applied, HookReport};
use serde::Serialize;
use std::net::IpAddr;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

static TOKEN: HeaderName = HeaderName::from_static("x-imsys-token");
/// Routers in trouble that are shown one by one.
const TROUBLED: u32 = 100;
/// The most bytes of a webhook's body.
const BODY: usize = 4096;

/// The routes of presence.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get(WEBHOOK, Access::Router, webhook),
        Route::post(WEBHOOK, Access::Router, webhook),
        Route::get("/api/v1/overview", Access::Tenant(Right::Read), overview),
    ];
    routes.extend(trend::routes());
    routes
}

/// Their description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Doc::openapi();
    document.merge(trend::Doc::openapi());
    document
}

#[derive(OpenApi)]
#[openapi(paths(webhook, webhook_post, overview))]
struct Doc;

/// The same handler without the way to it.
pub(crate) fn answer_webhook(app: App, mut request: Request) -> BoxFuture<'static, Response> {
    let peer = request.extensions_mut().remove::<Peer>();
    Box::pin(async move {
        let Some(peer) = peer else {
            return ApiError::failed("a request came in without its peer").into_response();
        };
        webhook(State(app), peer, request).await.into_response()
    })
}

/// A customer's PPP session began or ended, as reported by the router's on-up or on-down script.
///
/// The token (header `X-IMSys-Token` or `token=`) identifies the router. Without one, `router=`
/// counts only when that router's own address is the peer. GET carries `user`, `status` and,
/// optionally, `session`, `mac`, `ip` in the query; POST carries five lines of text: status, user,
/// caller-id, address, interface. The caller's MAC address is understood in every usual form, and an address
/// with the prefix of a single one. Answers 204 when the event is stored, and 429 to a router that sends
/// more than `http.webhook_burst` at once and `http.webhook_rate` a second.
#[utoipa::path(get, path = WEBHOOK, tag = "webhooks",
    params(("user" = Option<String>, Query), ("status" = Option<String>, Query), ("router" = Option<String>, Query),
           ("session" = Option<String>, Query), ("mac" = Option<String>, Query), ("ip" = Option<String>, Query),
           ("token" = Option<String>, Query)),
    responses((status = 204), (status = 400), (status = 401), (status = 429), (status = 503)))]
async fn webhook(State(app): State<App>, peer: Peer, request: Request) -> Result<StatusCode, ApiError> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, BODY).await.ok();
    let (mut sender, hook) = read(head.uri.query().unwrap_or_default().as_bytes(), body.as_deref());
    if let Some(header) = head.headers.get(&TOKEN).filter(|value| !value.is_empty()) {
        let header = header.to_str().unwrap_or_default().to_owned();
        if sender.token.as_ref().is_some_and(|token| *token != header) {
            app.metrics.webhooks.count("two-tokens");
            return Err(ApiError::bad_request(
                "bad-webhook",
                "The header and the query carry different tokens.",
            ));
        }
        sender.token = Some(header);
    }
    let identity = identify(&app, &sender, peer).await?;
    let hook = match hook {
        Ok(hook) => hook,
        Err(error) => {
            count_refused(&app, &identity).await?;
            app.metrics.webhooks.count(error.reason());
            return Err(ApiError::bad_request("bad-webhook", format!("{error}.")));
        }
    };
    take(&app, &identity, hook).await?;
    app.metrics.webhooks.count("accepted");
    Ok(StatusCode::NO_CONTENT)
}

/// The same with POST; described once.
#[utoipa::path(post, path = WEBHOOK, tag = "webhooks",
    params(("router" = Option<String>, Query), ("token" = Option<String>, Query)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 204), (status = 400), (status = 401), (status = 429), (status = 503)))]
#[expect(dead_code, reason = "GET and POST share a handler; this describes the second")]
fn webhook_post() {}

/// Counts a refused webhook of a router that is known.
async fn count_refused(app: &App, identity: &RouterIdentity) -> Result<(), ApiError> {
    let store = app.store.tenant(identity.tenant, Actor::system(app.now()));
    Ok(store.count_hook(identity.router, app.now(), HookReport::Refused).await?)
}

async fn take(app: &App, identity: &RouterIdentity, hook: Hook) -> Result<(), ApiError> {
    let at = app.now();
    let key = hook.session.map(HookKey);
    let endpoint = Endpoint { mac: hook.mac, address: hook.ip };
    let observation =
        if hook.up { Observation::HookUp { at, key, endpoint } } else { Observation::HookDown { at, key } };
    if app.broker.saboteur().is_some_and(|sabotage| sabotage.hides(&hook.user, at)) {
        return Ok(());
    }
    let store = app.store.tenant(identity.tenant, Actor::system(at));
    let applied = store.apply_presence(identity.router, &hook.user, observation).await?;
    if let Applied::Known { ask: Some(_), .. } = applied {
        app.broker.ask(identity.router, &hook.user);
    }
    Ok(())
}

async fn identify(app: &App, sender: &Sender, peer: Peer) -> Result<RouterIdentity, ApiError> {
    let named = sender.router.as_deref().map(str::parse::<RouterId>);
    let identity = match &sender.token {
        Some(token) => by_token(app, token).await?,
        None => by_address(app, named.clone().and_then(Result::ok), peer.client).await?,
    };
    app.hook_limit.take(&identity.level).map_err(|wait| {
        app.metrics.webhooks.count("too-often");
        ApiError::too_often("This router sends too many webhooks.", wait)
    })?;
    match named {
        Some(named) if named.as_ref() != Ok(&identity.router) => {
            count_refused(app, &identity).await?;
            app.metrics.webhooks.count("other-router");
            Err(ApiError::bad_request(
                "bad-webhook",
                "The token belongs to another router than `router` names.",
            ))
        }
        _ => Ok(identity),
    }
}

async fn by_token(app: &App, token: &str) -> Result<RouterIdentity, ApiError> {
    // The lookup is by the token's SHA-256, so its time says nothing about the token.
    let (hash, now) = (token::digest(token), app.now());
    if let Some(identity) = app.webhook_tokens.find(&hash, now) {
        return Ok(identity);
    }
    let router = app.store.router_by_token(hash).await.map_err(|e| stranger(app, e))?;
    let identity = identity_of(app, &router);
    app.webhook_tokens.keep(hash, identity.clone(), now);
    Ok(identity)
}

async fn by_address(app: &App, named: Option<RouterId>, peer: IpAddr) -> Result<RouterIdentity, ApiError> {
    let nobody = || stranger(app, imsys_store::StoreError::NotFound);
    let router = app.store.router_by_id(named.ok_or_else(nobody)?).await.map_err(|e| stranger(app, e))?;
    // A name can lead anywhere tomorrow: only a router that is known by its address speaks for itself.
    if router.config.address.ip() != Some(peer) || app.store.is_shared(peer, router.tenant).await? {
        return Err(nobody());
    }
    Ok(identity_of(app, &router))
}

fn identity_of(app: &App, router: &Router) -> RouterIdentity {
    RouterIdentity { tenant: router.tenant, router: router.id, level: app.hook_limit.level(router.id) }
}

fn stranger(app: &App, error: imsys_store::StoreError) -> ApiError {
    match error {
        imsys_store::StoreError::NotFound => {
            app.metrics.webhooks.count("unauthorized");
            let hint = "Send the router's token in X-IMSys-Token, or call from the router's own address.";
            ApiError::unauthorized(hint)
        }
        other => other.into(),
    }
}

/// The figures of the overview page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Overview {
    services: ServiceCounts,
    routers: RouterCounts,
    trouble: Vec<TroubledRouter>,
    recent: Vec<RecentChange>,
    /// PPPoE user names that routers reported and no service has.
    unknown_users: u64,
    checklist: Checklist,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RouterCounts {
    up: u64,
    down: u64,
    unknown: u64,
    total: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TroubledRouter {
    id: Uuid,
    name: String,
    state: RouterStateName,
    since: Time,
    reason: Option<String>,
    /// How many services are behind it.
    services: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecentChange {
    at: Time,
    service_id: Uuid,
    username: String,
    customer_name: Option<String>,
    router_id: Uuid,
    router_name: String,
    status: StatusName,
    is_online: Option<bool>,
    source: SourceName,
}

impl From<StatusEvent> for RecentChange {
    fn from(event: StatusEvent) -> Self {
        let StatusEvent { at, service: ServiceId(service_id), router, username, .. } = event;
        Self {
            at: Time(at),
            service_id,
            username,
            customer_name: event.customer_name,
            router_id: router.0,
            router_name: event.router_name,
            status: event.status.into(),
            is_online: is_online(event.status),
            source: event.source.into(),
        }
    }
}

/// The first steps, for a new installation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Checklist {
    has_router: bool,
    has_service: bool,
    has_webhook: bool,
}

/// Services and routers by status, routers in trouble, latest changes.
#[utoipa::path(get, path = "/api/v1/overview", tag = "presence", responses((status = 200, body = Overview)))]
async fn overview(tenancy: Tenancy) -> Result<Json<Overview>, ApiError> {
    let store = &tenancy.store;
    let (counts, health, recent, unknown) = tokio::try_join!(
        store.status_counts(None),
        store.router_health(TROUBLED),
        store.recent_changes(30),
        store.unknown_users(None, 1000),
    )?;
    let services = ServiceCounts::from(counts);
    let total = health.up + health.down + health.new;
    Ok(Json(Overview {
        checklist: Checklist {
            has_router: total > 0,
            has_service: services.total > 0,
            has_webhook: health.heard,
        },
        routers: RouterCounts { up: health.up, down: health.down, unknown: health.new, total },
        services,
        trouble: health.lost.into_iter().map(TroubledRouter::from).collect(),
        recent: recent.into_iter().map(RecentChange::from).collect(),
        unknown_users: unknown.len() as u64,
    }))
}

impl From<(Router, u64)> for TroubledRouter {
    fn from((router, services): (Router, u64)) -> Self {
        Self {
            id: router.id.0,
            name: router.config.name,
            state: router.state.into(),
            since: Time(router.since),
            reason: router.reason,
            services,
        }
    }
}
