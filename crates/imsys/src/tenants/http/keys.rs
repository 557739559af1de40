//! Keys of programs.

use crate::app::App;
use crate::fields::Fields;
use crate::http::auth::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{ByName, Filterless, Id, Items, Json, List, ListParams, Time};
use crate::http::route::{Access, Route};
use crate::tenants::{make_key, names};
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::ApiKeyId;
use imsys_domain::access::{Right, Role};
use imsys_store::model;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let access = Access::Tenant(Right::KeysManage);
    vec![
        Route::get("/api/v1/api-keys", access, list),
        Route::post("/api/v1/api-keys", access, create),
        Route::get("/api/v1/api-keys/{id}", access, read),
        Route::patch("/api/v1/api-keys/{id}", access, change),
        Route::delete("/api/v1/api-keys/{id}", access, revoke),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(list, create, read, change, revoke))]
pub(super) struct Doc;

/// A program's key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApiKey {
    id: Uuid,
    name: String,
    #[schema(value_type = super::Role)]
    role: Role,
    /// Its first characters.
    prefix: String,
    /// To the minute.
    last_used_at: Option<Time>,
    expires_at: Option<Time>,
    created_at: Time,
}

impl From<model::ApiKey> for ApiKey {
    fn from(key: model::ApiKey) -> Self {
        Self {
            id: key.id.0,
            name: key.name,
            role: key.role,
            prefix: key.prefix,
            last_used_at: key.last_used.map(Time),
            expires_at: key.expires.map(Time),
            created_at: key.created.into(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct KeyDraft {
    #[schema(max_length = 100)]
    name: String,
    #[schema(value_type = super::Role)]
    role: Role,
    /// Never when left out.
    expires_at: Option<Time>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
struct NewKey {
    #[serde(flatten)]
    described: ApiKey,
    /// The key itself, shown once.
    key: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeyChange {
    #[schema(max_length = 100)]
    name: String,
}

/// The keys of this tenant.
#[utoipa::path(get, path = "/api/v1/api-keys", tag = "api-keys", params(ListParams),
    responses((status = 200, body = Items<ApiKey>)))]
async fn list(tenancy: Tenancy, list: List<Filterless, ByName>) -> Result<Json<Items<ApiKey>>, ApiError> {
    let keys = tenancy.store.api_keys().await?;
    let page = super::page(keys, &list.ask, |key| {
        (key.name.clone(), key.id.0.into_bytes(), format!("{} {}", key.name, key.prefix))
    });
    Ok(Json(Items::new(page, ApiKey::from)))
}

/// Makes a key.
#[utoipa::path(post, path = "/api/v1/api-keys", tag = "api-keys", request_body = KeyDraft,
    responses((status = 201, body = NewKey)))]
async fn create(
    tenancy: Tenancy,
    Json(draft): Json<KeyDraft>,
) -> Result<(StatusCode, Json<NewKey>), ApiError> {
    let (mut fields, now) = (Fields::default(), tenancy.actor.at);
    let name = fields.line("name", &draft.name, names::NAME);
    if draft.expires_at.is_some_and(|Time(at)| at <= now) {
        fields.refuse("expiresAt", "must lie in the future");
    }
    fields.done()?;
    let expires = draft.expires_at.map(|Time(at)| at);
    let (key, secret) = make_key(&*tenancy.store, name, draft.role, expires, now).await?;
    Ok((StatusCode::CREATED, Json(NewKey { described: key.into(), key: secret })))
}

/// One key.
#[utoipa::path(get, path = "/api/v1/api-keys/{id}", tag = "api-keys", params(("id" = Uuid, Path)),
    responses((status = 200, body = ApiKey)))]
async fn read(tenancy: Tenancy, Id(id): Id<ApiKeyId>) -> Result<Json<ApiKey>, ApiError> {
    Ok(Json(tenancy.store.api_key(id).await?.into()))
}

/// Renames a key. Its role never changes: create another key instead.
#[utoipa::path(patch, path = "/api/v1/api-keys/{id}", tag = "api-keys", params(("id" = Uuid, Path)),
    request_body = KeyChange, responses((status = 200, body = ApiKey)))]
async fn change(
    tenancy: Tenancy,
    Id(id): Id<ApiKeyId>,
    Json(change): Json<KeyChange>,
) -> Result<Json<ApiKey>, ApiError> {
    let mut fields = Fields::default();
    let name = fields.line("name", &change.name, names::NAME);
    fields.done()?;
    tenancy.store.rename_api_key(id, name).await?;
    Ok(Json(tenancy.store.api_key(id).await?.into()))
}

/// Revokes a key.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", tag = "api-keys", params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn revoke(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ApiKeyId>,
) -> Result<StatusCode, ApiError> {
    tenancy.store.delete_api_key(id).await?;
    app.live.doubt();
    Ok(StatusCode::NO_CONTENT)
}
