//! Signing in and out, and where a browser acts.

use crate::app::App;
use crate::http::auth::{SignedIn, same_origin};
use crate::http::cookie::{self, Way};
use crate::http::error::ApiError;
use crate::http::extract::Json;
use crate::http::peer::Peer;
use crate::http::route::{Access, Route};
use crate::secrets;
use crate::tenants::{Browser, SignInError, sign_in, sign_in_by_link};
use crate::token::digest;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use imsys_domain::TenantId;
use imsys_domain::access::{Right, Role};
use imsys_store::model;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/session", Access::SignedIn, read),
        Route::post("/api/v1/session", Access::Public, begin),
        Route::delete("/api/v1/session", Access::SignedIn, end),
        Route::post("/api/v1/session/tenant", Access::SignedIn, enter),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(read, begin, end, enter))]
pub(super) struct Doc;

/// The signed-in person and their rights here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    user: User,
    /// Where the browser acts; null until a tenant is chosen.
    tenant: Option<Place>,
    /// As what.
    #[schema(value_type = Option<super::Role>)]
    role: Option<Role>,
    /// The rights of that role.
    #[schema(value_type = Vec<String>, example = json!(["read", "services.write"]))]
    rights: &'static [Right],
    memberships: Vec<Member>,
    /// This is a simulated town.
    demo: bool,
    /// Passwords and sessions travel over plain HTTP.
    insecure: bool,
    /// Of the server.
    version: &'static str,
}

/// A person of this installation.
#[derive(Serialize, ToSchema)]
struct User {
    id: Uuid,
    email: String,
    name: String,
    /// May manage tenants.
    platform: bool,
}

/// A tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantPlace)]
struct Place {
    id: Uuid,
    name: String,
    slug: String,
}

/// A tenant in which a person may act.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Membership)]
pub(super) struct Member {
    tenant_id: Uuid,
    name: String,
    slug: String,
    #[schema(value_type = super::Role)]
    role: Role,
}

impl Member {
    pub(super) fn new(tenant: &imsys_domain::tenant::Tenant, role: Role) -> Self {
        Self { tenant_id: tenant.id.0, name: tenant.name.clone(), slug: tenant.slug.clone(), role }
    }
}

impl Session {
    pub(super) fn new(app: &App, signed: &model::SignedIn) -> Self {
        let acting = signed.acting();
        let role = acting.map(|(_, membership)| membership.role);
        let person = &signed.person;
        Self {
            user: User {
                id: person.id.0,
                email: person.email.clone(),
                name: person.name.clone(),
                platform: person.platform,
            },
            tenant: acting.map(|(t, _)| Place { id: t.id.0, name: t.name.clone(), slug: t.slug.clone() }),
            role,
            rights: role.map_or(&[], Role::rights),
            memberships: signed.memberships.iter().map(|(t, m)| Member::new(t, m.role)).collect(),
            demo: app.demo,
            insecure: app.config.http.insecure,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// E-mail address and password, or the secret of a demo link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: Option<String>,
    password: Option<String>,
    token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Choice {
    tenant_id: Uuid,
}

/// The session of this browser.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = Session)))]
async fn read(State(app): State<App>, signed: SignedIn) -> Json<Session> {
    Json(Session::new(&app, &signed))
}

/// Signs in. The answer and its time do not tell whether the address is known. The cookie is new each time.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Credentials,
    responses((status = 201, body = Session), (status = 401, description = "Wrong address or password"),
        (status = 403, description = "Over plain HTTP from another machine"),
        (status = 429, description = "Too many attempts; see Retry-After")))]
async fn begin(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Response, ApiError> {
    same_origin(&app, &Method::POST, &headers)?;
    let way = Way::of(&peer, &headers, &app.config)?;
    let browser = browser(&app, &peer, &headers);
    let (secret, signed) = match (credentials.email, credentials.password, credentials.token) {
        (Some(email), Some(password), None) => sign_in(&app, &email, password, &browser).await?,
        (None, None, Some(token)) => sign_in_by_link(&app, &token, &browser).await?,
        _ => return Err(ApiError::field("email", "and `password` are required, or `token` alone")),
    };
    end_old(&app, &headers).await?;
    Ok(opened(&app, way, &secret, &signed))
}

/// The answer that hands a new session to a browser.
pub(super) fn opened(app: &App, way: Way, secret: &str, signed: &model::SignedIn) -> Response {
    let known = app.secrets.seal(secrets::Place::known_browser(), &signed.person.id.to_string());
    let cookies = AppendHeaders([way.cookie(secret), way.known(&known)].map(|set| (header::SET_COOKIE, set)));
    (StatusCode::CREATED, cookies, Json(Session::new(app, signed))).into_response()
}

/// The browser that sends these headers.
pub(super) fn browser(app: &App, peer: &Peer, headers: &HeaderMap) -> Browser {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = cookie::read_known(headers, app.config.http.insecure);
    Browser {
        address: peer.client,
        agent: agent.chars().take(model::Login::AGENT).collect(),
        known: known.map(str::to_owned),
    }
}

/// A browser that signs in again leaves no second session behind.
pub(super) async fn end_old(app: &App, headers: &HeaderMap) -> Result<(), ApiError> {
    if let Some(secret) = cookie::read(headers, app.config.http.insecure) {
        app.store.end_login(digest(secret)).await?;
        app.live.doubt();
    }
    Ok(())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
async fn end(State(app): State<App>, signed: SignedIn) -> Result<Response, ApiError> {
    app.store.end_login(signed.login.hash).await?;
    app.live.doubt();
    let cookies = [Way::Private, Way::Exposed].map(Way::no_cookie);
    let mut response = StatusCode::NO_CONTENT.into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Makes this browser act in another tenant of its person.
#[utoipa::path(post, path = "/api/v1/session/tenant", tag = "session", request_body = Choice,
    responses((status = 200, body = Session), (status = 404, description = "Not a member there")))]
async fn enter(
    State(app): State<App>,
    SignedIn(mut signed): SignedIn,
    Json(choice): Json<Choice>,
) -> Result<Json<Session>, ApiError> {
    let tenant = TenantId(choice.tenant_id);
    if !signed.memberships.iter().any(|(known, _)| known.id == tenant) {
        return Err(ApiError::not_found());
    }
    app.store.move_login(signed.login.hash, tenant, app.now()).await?;
    app.live.doubt();
    signed.login.tenant = Some(tenant);
    Ok(Json(Session::new(&app, &signed)))
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => Self::new(
                StatusCode::UNAUTHORIZED,
                "wrong-credentials",
                "The address or the password is wrong.",
            ),
            SignInError::Password(error) => error.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}
