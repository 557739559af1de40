//! The account of who is signed in.

use super::session::{Session, browser};
use crate::app::App;
use crate::http::auth::SignedIn;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, Time};
use crate::http::peer::Peer;
use crate::http::route::{Access, Route};
use crate::tenants::{FormError, account};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use imsys_domain::TenantId;
use imsys_store::model::{self, Login};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/account/password", Access::SignedIn, change_password),
        Route::get("/api/v1/account/sign-ins", Access::SignedIn, list),
        Route::delete("/api/v1/account/sign-ins", Access::SignedIn, end_others),
        Route::delete("/api/v1/account/sign-ins/{id}", Access::SignedIn, end_one),
        Route::delete("/api/v1/account/memberships/{id}", Access::SignedIn, leave),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(change_password, list, end_others, end_one, leave))]
pub(super) struct Doc;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The password until now.
    current: String,
    #[schema(min_length = 12, max_length = 200)]
    password: String,
}

/// A browser in which this person is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    id: Uuid,
    /// This is the browser that asks.
    current: bool,
    /// The browser as it named itself.
    agent: String,
    /// The address that the sign-in came from.
    address: Option<String>,
    created_at: Time,
    /// Last used; a minute is as near as this is kept.
    seen_at: Time,
    /// The tenant in which it acts.
    tenant_name: Option<String>,
}

impl SignIn {
    fn new(login: Login, asking: &model::SignedIn) -> Self {
        let place = asking.memberships.iter().find(|(tenant, _)| Some(tenant.id) == login.tenant);
        Self {
            id: account::id_of(&login),
            current: login.hash == asking.login.hash,
            tenant_name: place.map(|(tenant, _)| tenant.name.clone()),
            agent: login.agent,
            address: login.address.map(|address| address.to_string()),
            created_at: login.created.into(),
            seen_at: login.seen.into(),
        }
    }
}

/// The browsers in which this person is signed in.
#[derive(Serialize, ToSchema)]
struct SignIns {
    items: Vec<SignIn>,
}

/// Replaces the own password. Every other sign-in of this person ends.
#[utoipa::path(post, path = "/api/v1/account/password", tag = "account", request_body = PasswordChange,
    responses((status = 204), (status = 422, description = "The current password is wrong, or the new one weak"),
        (status = 429, description = "Too many attempts; see Retry-After")))]
async fn change_password(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    signed: SignedIn,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    let browser = browser(&app, &peer, &headers);
    account::change_password(&app, &signed, &browser, change.current, change.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The browsers in which this person is signed in, last used first.
#[utoipa::path(get, path = "/api/v1/account/sign-ins", tag = "account", responses((status = 200, body = SignIns)))]
async fn list(State(app): State<App>, signed: SignedIn) -> Result<Json<SignIns>, ApiError> {
    let logins = app.store.logins(signed.person.id, app.now()).await?;
    Ok(Json(SignIns { items: logins.into_iter().map(|login| SignIn::new(login, &signed)).collect() }))
}

/// Signs this person out everywhere but here.
#[utoipa::path(delete, path = "/api/v1/account/sign-ins", tag = "account", responses((status = 204)))]
async fn end_others(State(app): State<App>, signed: SignedIn) -> Result<StatusCode, ApiError> {
    account::end_sign_ins(&app, &signed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs this person out in one browser.
#[utoipa::path(delete, path = "/api/v1/account/sign-ins/{id}", tag = "account", params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn end_one(State(app): State<App>, signed: SignedIn, Id(id): Id<Uuid>) -> Result<StatusCode, ApiError> {
    account::end_sign_ins(&app, &signed, Some(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves a tenant. The last admin stays.
#[utoipa::path(delete, path = "/api/v1/account/memberships/{id}", tag = "account",
    params(("id" = Uuid, Path, description = "The tenant")),
    responses((status = 200, body = Session), (status = 404, description = "Not a member there"),
        (status = 409, description = "The last admin")))]
async fn leave(
    State(app): State<App>,
    signed: SignedIn,
    Id(tenant): Id<TenantId>,
) -> Result<Json<Session>, ApiError> {
    account::leave(&app, &signed, tenant).await?;
    let now = app.store.login(signed.login.hash, app.now()).await?;
    Ok(Json(Session::new(&app, &now)))
}

impl From<FormError> for ApiError {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Invalid(invalid) => invalid.into(),
            FormError::Password(error) => error.into(),
            FormError::Store(error) => error.into(),
        }
    }
}
