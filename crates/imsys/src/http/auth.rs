//! Who asks, and whether he may: the check that runs before every handler.
//!
//! A handler reaches tenant data only through [`Tenancy`], and that exists only behind this check.

use super::error::ApiError;
use super::route::Access;
use crate::app::App;
use crate::complaints::complain;
use crate::http::cookie;
use crate::token::digest;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use imsys_domain::access::{Right, Role};
use imsys_domain::{TenantId, Timestamp};
use imsys_store::{Actor, StoreError, TenantStore, model};
use std::ops::Deref;
use std::sync::Arc;

/// Seconds between two notes of a login's use.
const NOTE: i64 = 60;

/// What somebody proves himself with; only its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The cookie of a browser.
    Login([u8; 32]),
    /// An API key.
    Key([u8; 32]),
}

/// One tenant in the hands of one actor: what a handler behind [`Access::Tenant`] is given.
#[derive(Clone)]
pub struct Tenancy {
    /// The door to the tenant's data.
    pub store: Arc<dyn TenantStore>,
    /// Which tenant.
    pub tenant: TenantId,
    /// As what.
    pub role: Role,
    /// Under which name, and when.
    pub actor: Actor,
    /// How that was proved.
    pub credential: Credential,
}

/// A person who is signed in: what a handler behind [`Access::SignedIn`] or [`Access::Platform`] is given.
#[derive(Clone)]
pub struct SignedIn(pub model::SignedIn);

impl Deref for SignedIn {
    type Target = model::SignedIn;

    fn deref(&self) -> &model::SignedIn {
        &self.0
    }
}

enum Caller {
    Nobody,
    Person(Box<model::SignedIn>),
    Program(TenantId, Box<model::ApiKey>),
}

/// The layer around every route that asks who comes: lets through who may, and hands the handler what it may touch.
pub(super) async fn enforce(
    State((app, access)): State<(App, Access)>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let caller = identify(&app, request.headers()).await?;
    if let Caller::Person(signed) = &caller {
        same_origin(&app, request.method(), request.headers())?;
        note_use(&app, &signed.login).await;
    }
    match access {
        Access::Tenant(right) => {
            let tenancy = tenancy(&app, &caller)?;
            require(tenancy.role, right)?;
            request.extensions_mut().insert(tenancy);
            Ok(next.run(request).await)
        }
        _ => {
            let signed = person(caller)?;
            if access == Access::Platform && !signed.person.platform {
                return Err(ApiError::forbidden("platform", "Only who manages tenants may do this."));
            }
            request.extensions_mut().insert(signed);
            Ok(next.run(request).await)
        }
    }
}

async fn identify(app: &App, headers: &HeaderMap) -> Result<Caller, ApiError> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, key) = value.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ApiError::unauthorized("`Authorization` must be `Bearer imsys_…`."));
        }
        let refused = "This API key is unknown, revoked or expired.";
        let (tenant, key) = found(app.store.api_key(digest(key.trim()), app.now()).await, refused)?;
        return Ok(Caller::Program(tenant, Box::new(key)));
    }
    let Some(secret) = cookie::read(headers, app.config.http.insecure) else { return Ok(Caller::Nobody) };
    let refused = "You are not signed in any more.";
    let signed = found(app.store.login(digest(secret), app.now()).await, refused)?;
    Ok(Caller::Person(Box::new(signed)))
}

fn found<T>(found: Result<T, StoreError>, refused: &'static str) -> Result<T, ApiError> {
    found.map_err(|error| match error {
        StoreError::NotFound => ApiError::unauthorized(refused),
        other => other.into(),
    })
}

fn tenancy(app: &App, caller: &Caller) -> Result<Tenancy, ApiError> {
    let (tenant, role, name, credential) = match caller {
        Caller::Nobody => return Err(nobody()),
        Caller::Program(tenant, key) => {
            (*tenant, key.role, format!("key:{}", key.name), Credential::Key(key.hash))
        }
        Caller::Person(signed) => {
            let (tenant, membership) = signed.acting().ok_or_else(|| {
                ApiError::forbidden("no-tenant", "Choose where to act first: POST /api/v1/session/tenant.")
            })?;
            (tenant.id, membership.role, signed.person.email.clone(), Credential::Login(signed.login.hash))
        }
    };
    let actor = Actor { name, at: app.now() };
    Ok(Tenancy { store: app.store.tenant(tenant, actor.clone()), tenant, role, actor, credential })
}

fn person(caller: Caller) -> Result<SignedIn, ApiError> {
    match caller {
        Caller::Nobody => Err(nobody()),
        Caller::Program(..) => {
            Err(ApiError::forbidden("person-needed", "An API key cannot do this, a person can."))
        }
        Caller::Person(signed) => Ok(SignedIn(*signed)),
    }
}

fn nobody() -> ApiError {
    ApiError::unauthorized("Sign in, or send an API key in `Authorization: Bearer imsys_…`.")
}

fn require(role: Role, right: Right) -> Result<(), ApiError> {
    if role.may(right) {
        return Ok(());
    }
    let name = serde_json::to_value(right).unwrap_or_default();
    let detail = format!("The role {} lacks the right {}.", role.name(), name.as_str().unwrap_or_default());
    Err(ApiError::forbidden("forbidden", detail))
}

/// Refuses a change that another site makes a browser send. Programs send no `Origin`.
pub(crate) fn same_origin(app: &App, method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or_default());
    let ours = match (text(header::ORIGIN), text(header::HeaderName::from_static("sec-fetch-site"))) {
        (Some(origin), _) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            origin == app.config.http.public_url || (authority.is_some() && authority == text(header::HOST))
        }
        (None, Some(site)) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
    };
    let detail =
        "This request comes from another site. Behind a proxy, set http.public_url to what people type.";
    if ours { Ok(()) } else { Err(ApiError::forbidden("foreign-origin", detail)) }
}

/// A minute is near enough. That it could not be noted is no reason to refuse what somebody wants to do.
async fn note_use(app: &App, login: &model::Login) {
    let now = app.now();
    if now < login.seen.plus_seconds(NOTE) {
        return;
    }
    if let Err(error) = app.store.use_login(login.hash, now).await {
        complain("the last use of a login was not noted", None, &error);
    }
}

/// Whether what somebody proved himself with a while ago still opens the same tenant. When the store
/// cannot tell right now, the answer is yes.
pub(crate) async fn still(app: &App, credential: Credential, tenant: TenantId, now: Timestamp) -> bool {
    let opens = match credential {
        Credential::Key(hash) => app.store.api_key(hash, now).await.map(|(found, _)| found == tenant),
        Credential::Login(hash) => app
            .store
            .login(hash, now)
            .await
            .map(|signed| signed.acting().is_some_and(|(found, _)| found.id == tenant)),
    };
    !matches!(opens, Ok(false) | Err(StoreError::NotFound))
}

impl<S: Sync> FromRequestParts<S> for Tenancy {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let given = parts.extensions.get::<Self>().cloned();
        given.ok_or_else(|| ApiError::failed("a handler wants a tenant on a route that checks for none"))
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let given = parts.extensions.get::<Self>().cloned();
        given.ok_or_else(|| ApiError::failed("a handler wants a person on a route that checks for none"))
    }
}
