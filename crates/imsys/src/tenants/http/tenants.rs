//! All tenants, for who manages them: names and counts, never what is inside.

use super::session::Member;
use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::http::auth::SignedIn;
use crate::http::error::ApiError;
use crate::http::extract::{ByName, Filterless, Id, Items, Json, List, ListParams, Query, Time};
use crate::http::route::{Access, Route};
use crate::tenants::{self, DeleteError, found, links, names};
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::TenantId;
use imsys_domain::access::Role;
use imsys_store::model;
use imsys_store::{Actor, TenantStore};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/tenants", Access::Platform, list),
        Route::post("/api/v1/tenants", Access::Platform, create),
        Route::get("/api/v1/tenants/{id}", Access::Platform, read),
        Route::patch("/api/v1/tenants/{id}", Access::Platform, change),
        Route::post("/api/v1/tenants/{id}/membership", Access::Platform, join),
        Route::post("/api/v1/tenants/{id}/setup-link", Access::Platform, renew),
        Route::delete("/api/v1/tenants/{id}", Access::Platform, remove),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(list, create, read, change, remove, join, renew))]
pub(super) struct Doc;

/// An ISP on this installation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    id: Uuid,
    name: String,
    /// Its name in URLs.
    slug: String,
    created_at: Time,
    counts: Counts,
}

/// How much it has.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantCounts)]
struct Counts {
    members: u64,
    routers: u64,
    customers: u64,
    services: u64,
}

impl From<(imsys_domain::tenant::Tenant, model::Census)> for Tenant {
    fn from((tenant, census): (imsys_domain::tenant::Tenant, model::Census)) -> Self {
        let model::Census { members, routers, customers, services } = census;
        Self {
            id: tenant.id.0,
            name: tenant.name,
            slug: tenant.slug,
            created_at: tenant.created.into(),
            counts: Counts { members, routers, customers, services },
        }
    }
}

/// A tenant's name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TenantName {
    #[schema(max_length = 100)]
    name: String,
}

/// A tenant that was just made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewTenant {
    #[serde(flatten)]
    tenant: Tenant,
    /// Shown once: the tenant's first admin takes it.
    setup_url: String,
}

/// All tenants.
#[utoipa::path(get, path = "/api/v1/tenants", tag = "tenants", params(ListParams),
    responses((status = 200, body = Items<Tenant>)))]
async fn list(
    State(app): State<App>,
    list: List<Filterless, ByName>,
) -> Result<Json<Items<Tenant>>, ApiError> {
    let page = super::page(app.store.census().await?, &list.ask, |(tenant, _)| {
        (tenant.name.clone(), tenant.id.0.into_bytes(), format!("{} {}", tenant.name, tenant.slug))
    });
    Ok(Json(Items::new(page, Tenant::from)))
}

/// Makes a tenant.
#[utoipa::path(post, path = "/api/v1/tenants", tag = "tenants", request_body = TenantName,
    responses((status = 201, body = NewTenant)))]
async fn create(
    State(app): State<App>,
    signed: SignedIn,
    Json(named): Json<TenantName>,
) -> Result<(StatusCode, Json<NewTenant>), ApiError> {
    let tenant = found(&app, &checked(&named)?).await?;
    let setup_url = links::into_tenant(&app, tenant.id, &signed.person.email).await?;
    let tenant = Tenant::from((tenant, model::Census::default()));
    Ok((StatusCode::CREATED, Json(NewTenant { tenant, setup_url })))
}

/// One tenant.
#[utoipa::path(get, path = "/api/v1/tenants/{id}", tag = "tenants", params(("id" = Uuid, Path)),
    responses((status = 200, body = Tenant)))]
async fn read(State(app): State<App>, Id(id): Id<TenantId>) -> Result<Json<Tenant>, ApiError> {
    one(&app, id).await
}

/// Calls a tenant something else; its name in URLs stays.
#[utoipa::path(patch, path = "/api/v1/tenants/{id}", tag = "tenants", params(("id" = Uuid, Path)),
    request_body = TenantName, responses((status = 200, body = Tenant)))]
async fn change(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<TenantId>,
    Json(named): Json<TenantName>,
) -> Result<Json<Tenant>, ApiError> {
    let name = checked(&named)?;
    let settings = app.store.tenant_info(id).await?.settings;
    inside(&app, &signed, id).set_settings(name, settings).await?;
    one(&app, id).await
}

/// So that it is not another one's id.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Confirmation {
    /// The tenant's name.
    name: String,
}

/// Deletes a tenant for good: its routers, customers, services, their history, its keys and its log, and
/// whoever is a member of it alone. Nothing on its routers changes.
#[utoipa::path(delete, path = "/api/v1/tenants/{id}", tag = "tenants",
    params(("id" = Uuid, Path), Confirmation), responses((status = 204)))]
async fn remove(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<TenantId>,
    Query(confirmation): Query<Confirmation>,
) -> Result<StatusCode, ApiError> {
    tenants::delete(&app, id, &confirmation.name, &signed.person.id.to_string()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes who asks an admin of the tenant. The tenant sees it: among its members and in its audit log.
#[utoipa::path(post, path = "/api/v1/tenants/{id}/membership", tag = "tenants", params(("id" = Uuid, Path)),
    responses((status = 201, body = Member), (status = 409, description = "A member already")))]
async fn join(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<TenantId>,
) -> Result<(StatusCode, Json<Member>), ApiError> {
    let tenant = app.store.tenant_info(id).await?;
    inside(&app, &signed, id).join(signed.person.id, Role::Admin).await?;
    Ok((StatusCode::CREATED, Json(Member::new(&tenant, Role::Admin))))
}

/// A set-up link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SetupLink {
    /// Shown once; whoever takes it becomes an admin of the tenant.
    setup_url: String,
}

/// Makes another set-up link for an admin of the tenant; those before it stop working.
#[utoipa::path(post, path = "/api/v1/tenants/{id}/setup-link", tag = "tenants", params(("id" = Uuid, Path)),
    responses((status = 200, body = SetupLink)))]
async fn renew(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<TenantId>,
) -> Result<Json<SetupLink>, ApiError> {
    let setup_url = links::into_tenant(&app, id, &signed.person.email).await?;
    Ok(Json(SetupLink { setup_url }))
}

async fn one(app: &App, id: TenantId) -> Result<Json<Tenant>, ApiError> {
    let census = app.store.census().await?.into_iter().find(|(tenant, _)| tenant.id == id);
    census.map(|found| Json(found.into())).ok_or_else(ApiError::not_found)
}

/// The tenant's own handle: what is done to a tenant from outside stands in its audit log.
fn inside(app: &App, signed: &SignedIn, id: TenantId) -> Arc<dyn TenantStore> {
    app.store.tenant(id, Actor { name: signed.person.email.clone(), at: app.now() })
}

fn checked(named: &TenantName) -> Result<String, Invalid> {
    let mut fields = Fields::default();
    let name = fields.line("name", &named.name, names::NAME);
    fields.done().map(|()| name)
}

impl From<DeleteError> for ApiError {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::OtherName => {
                Self::field("name", "must be what the tenant is called, letter by letter")
            }
            DeleteError::Store(error) => error.into(),
        }
    }
}
