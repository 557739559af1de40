//! What a router is given to paste: its profiles to choose from, the text, the token in it.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, QueryList, Repeats};
use crate::http::route::{Access, Route};
use crate::routers::onboarding::profiles::{Profile, ReadProfiles};
use crate::routers::onboarding::script::{self, Order, Part};
use crate::routers::session::{Lane, credentials::Credentials};
use crate::token;
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::router::Router;
use imsys_domain::tenant::Settings;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;
use utoipa::{IntoParams, OpenApi, ToSchema};

const READ: Duration = Duration::from_secs(20);

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    vec![
        Route::get("/api/v1/routers/{id}/profiles", read, profiles),
        Route::get("/api/v1/routers/{id}/script", write, script_text),
        Route::get("/api/v1/routers/{id}/way-back", read, way_back),
        Route::post("/api/v1/routers/{id}/rotate-token", write, rotate_token),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(profiles, script_text, way_back, rotate_token))]
pub(super) struct Doc;

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
    /// Its scripts contain commands of the administrator's own, which stay.
    has_own_script: bool,
    /// Commands of the administrator's own in them call the webhook.
    has_own_hook: bool,
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
    let profiles = app.broker.read(id, READ, Lane::Urgent, ReadProfiles).await?;
    let item = |profile: Profile| ProfileItem {
        name: profile.name,
        hooked: profile.hooked,
        has_own_script: profile.has_own_script,
        has_own_hook: profile.has_own_hook,
        secrets: profile.secrets,
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
    /// The text that takes it back.
    undo: Option<bool>,
}

/// A name may hold a comma, so each has a parameter of its own.
impl Repeats for ScriptQuery {
    const KEY: &'static str = "profiles";
}

/// The RouterOS text to paste, or with `undo=true` the text that takes it back. It holds the API
/// user's password and the webhook token.
#[utoipa::path(get, path = "/api/v1/routers/{id}/script", tag = "routers",
    params(("id" = Uuid, Path), ScriptQuery,
           ("profiles" = Option<Vec<String>>, Query, description = "The name of a PPP profile that gets the hooks, given once for each; `default` unless given.")),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn script_text(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    QueryList(query, mut profiles): QueryList<ScriptQuery>,
) -> Result<Response, ApiError> {
    let router = tenancy.store.router(id).await?;
    let parts =
        match query.part.as_deref() {
            None => Part::ALL.to_vec(),
            Some(name) => vec![Part::parse(name).ok_or_else(|| {
                ApiError::bad_request("bad-query", "`part` must be user, firewall or hooks.")
            })?],
        };
    if profiles.is_empty() {
        profiles.push("default".into());
    }
    let undo = query.undo.unwrap_or(false);
    let known = Credentials::open(&app.secrets, &router)?;
    let way = WayBack::of(&app, &tenancy, &router).await?;
    let order = Order {
        server: way.server_address,
        port: router.config.port,
        login: (&router.config.username, &known.password),
        url: way.webhook_url.as_deref(),
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

/// How a router reaches this server, as its script says it. Null: nobody has set it, and the script cannot be
/// used before (`PATCH /api/v1/settings`, `webhookUrl` and `serverAddress`).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WayBack {
    /// The URL that its hooks call.
    webhook_url: Option<String>,
    /// The address that its firewall and its API user let in.
    #[schema(value_type = Option<String>)]
    server_address: Option<IpAddr>,
}

impl WayBack {
    /// What the tenant has set, else the installation. Where nothing is set the server knows itself by its own
    /// loopback address, which leads a router to itself.
    async fn of(app: &App, tenancy: &Tenancy, router: &Router) -> Result<Self, ApiError> {
        let Settings { webhook_url, server_address, .. } = tenancy.store.info().await?.settings;
        let here = app.config.http.public_url.trim_end_matches('/');
        let is_beside = router.config.address.ip().is_some_and(|ip| ip.is_loopback());
        let own = Some(here.to_owned()).filter(|url| is_beside || !leads_to_loopback(url));
        let address = app.config.network.server_address.parse().ok();
        Ok(Self { webhook_url: webhook_url.or(own), server_address: server_address.or(address) })
    }
}

fn leads_to_loopback(url: &str) -> bool {
    let host = url.parse::<Uri>().ok().and_then(|url| url.host().map(str::to_owned)).unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Under which URL and address the router reaches this server: what its script needs to be known.
#[utoipa::path(get, path = "/api/v1/routers/{id}/way-back", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = WayBack)))]
async fn way_back(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<WayBack>, ApiError> {
    let router = tenancy.store.router(id).await?;
    Ok(Json(WayBack::of(&app, &tenancy, &router).await?))
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
    app.webhook_tokens.forget();
    Ok(Json(RotatedToken { webhook_token }))
}
