//! Taking a one-time link.

use super::session::{Session, browser, end_old, opened};
use crate::app::App;
use crate::http::auth::{SignedIn, same_origin};
use crate::http::cookie::Way;
use crate::http::error::ApiError;
use crate::http::extract::Json;
use crate::http::peer::Peer;
use crate::http::route::{Access, Route};
use crate::http::words::SetupKind;
use crate::tenants::links::{self, LinkError};
use crate::tenants::start;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/setup", Access::Public, look),
        Route::post("/api/v1/setup", Access::Public, take),
        Route::post("/api/v1/setup/accept", Access::SignedIn, accept),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(look, take, accept))]
pub(super) struct Doc;

/// The part of the link after `#`: in a header, because proxies log URLs.
const LINK: &str = "x-imsys-link";

/// The purpose of a set-up link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SetupInfo {
    kind: SetupKind,
    /// The address that the link is for; null when its holder types it.
    email: Option<String>,
    /// The name that the link was made for.
    name: Option<String>,
    /// The address has an account: its owner signs in and accepts (`POST /api/v1/setup/accept`).
    known: bool,
    /// Where it leads; null when it makes a tenant.
    tenant_name: Option<String>,
}

/// The answers of a person who takes a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Setup {
    token: String,
    /// Needed unless the person has a name already.
    name: Option<String>,
    /// Required unless the link names a person.
    email: Option<String>,
    #[schema(min_length = 12, max_length = 200)]
    password: String,
    /// Needed when the link makes a tenant.
    tenant_name: Option<String>,
}

/// Describes a set-up link without using it.
#[utoipa::path(get, path = "/api/v1/setup", tag = "session",
    params(("X-IMSys-Link" = String, Header, description = "The part of the link after `#`")),
    responses((status = 200, body = SetupInfo), (status = 404, description = "Used already, or expired")))]
async fn look(State(app): State<App>, headers: HeaderMap) -> Result<Json<SetupInfo>, ApiError> {
    let token = headers.get(LINK).and_then(|token| token.to_str().ok()).unwrap_or_default();
    let opened = links::look(&app, token).await?;
    Ok(Json(SetupInfo {
        kind: opened.link.kind.into(),
        known: opened.known,
        email: opened.about.as_ref().map(|about| about.email.clone()),
        name: opened.about.map(|about| about.name),
        tenant_name: opened.tenant.map(|tenant| tenant.name),
    }))
}

/// Takes a link: sets name and password, makes the first person and tenant where there are none, signs in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "session", request_body = Setup,
    responses((status = 201, body = Session), (status = 404, description = "Used already, or expired"),
        (status = 409, description = "The address has an account: its owner signs in and accepts")))]
async fn take(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Json(setup): Json<Setup>,
) -> Result<Response, ApiError> {
    same_origin(&app, &Method::POST, &headers)?;
    let way = Way::of(&peer, &headers, &app.config)?;
    let Setup { token, name, email, password, tenant_name } = setup;
    let person = links::take(&app, &token, links::Answers { name, email, password, tenant_name }).await?;
    end_old(&app, &headers).await?;
    let (secret, signed) = start(&app, person, &browser(&app, &peer, &headers)).await?;
    Ok(opened(&app, way, &secret, &signed))
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    token: String,
}

/// Accepts an invitation, or the set-up link of a tenant, as who is signed in; this browser acts there from now on.
#[utoipa::path(post, path = "/api/v1/setup/accept", tag = "session", request_body = Acceptance,
    responses((status = 200, body = Session), (status = 404, description = "Used already, or expired"),
        (status = 409, description = "For another address, or a member already")))]
async fn accept(
    State(app): State<App>,
    signed: SignedIn,
    Json(acceptance): Json<Acceptance>,
) -> Result<Json<Session>, ApiError> {
    let signed = links::accept(&app, &acceptance.token, &signed).await?;
    Ok(Json(Session::new(&app, &signed)))
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::UsedUp => Self::new(
                StatusCode::NOT_FOUND,
                "link-expired",
                "This link was used already, or has expired.",
            ),
            LinkError::Form(error) => error.into(),
        }
    }
}
