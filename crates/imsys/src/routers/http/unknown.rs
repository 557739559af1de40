//! Names that a router speaks of and nobody registered.

use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Items, Json, Time};
use crate::http::route::{Access, Route};
use crate::http::words::SourceName;
use axum::http::StatusCode;
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::service::Access as ServiceAccess;
use imsys_store::model::UnknownUser;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    vec![
        Route::get("/api/v1/routers/{id}/unknown-users", read, unknown_users),
        Route::post("/api/v1/routers/{id}/unknown-users/forget", write, forget_unknown),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(unknown_users, forget_unknown))]
pub(super) struct Doc;

/// A PPPoE user that the router reported and no service has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnknownUserItem {
    username: String,
    first_seen: Time,
    last_seen: Time,
    count: i64,
    source: SourceName,
    /// The archived service that had this name, if there is one.
    archived_service_id: Option<Uuid>,
}

/// PPPoE users that the router reported and no service has, the latest first; at most 1000.
#[utoipa::path(get, path = "/api/v1/routers/{id}/unknown-users", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Items<UnknownUserItem>)))]
async fn unknown_users(
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<Items<UnknownUserItem>>, ApiError> {
    tenancy.store.router(id).await?;
    let users = tenancy.store.unknown_users(Some(id), 1000).await?;
    let archived = tenancy.store.archived_places(id).await?;
    let total = users.len() as u64;
    let item = |user: UnknownUser| UnknownUserItem {
        archived_service_id: archived
            .get(&ServiceAccess::Pppoe { username: user.username.clone() }.key())
            .map(|id| id.0),
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
