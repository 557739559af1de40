//! Importing a router's PPP secrets.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, Query};
use crate::http::route::{Access, Route};
use crate::http::words::ActionName;
use crate::routers::import::import;
use axum::extract::State;
use imsys_domain::RouterId;
use imsys_domain::access::Right;
use imsys_domain::import::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

/// The route.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::post("/api/v1/routers/{id}/import", Access::Tenant(Right::RoutersWrite), import_secrets)]
}

/// Its description.
#[derive(OpenApi)]
#[openapi(components(schemas(CustomersChoice)), paths(import_secrets))]
pub(super) struct Doc;

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct ImportQuery {
    /// Only say what would be done.
    dry_run: Option<bool>,
    /// `create`: a customer for each service, named by the secret's comment.
    customers: Option<CustomersChoice>,
}

/// How an import treats customers.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CustomersChoice {
    /// Makes them.
    Create,
    /// Leaves them.
    None,
}

/// The result of an import or of its dry run.
#[derive(Serialize, ToSchema)]
struct ImportResult {
    created: usize,
    updated: usize,
    skipped: usize,
    rows: Vec<ImportRow>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportRow {
    username: String,
    /// The customer's name, from the comment.
    name: Option<String>,
    profile: Option<String>,
    disabled: bool,
    action: ActionName,
    reason: String,
    service_id: Option<Uuid>,
}

/// Makes services of the router's PPP secrets. Passwords are never read; nothing on the router changes.
#[utoipa::path(post, path = "/api/v1/routers/{id}/import", tag = "routers",
    params(("id" = Uuid, Path), ImportQuery), responses((status = 200, body = ImportResult)))]
async fn import_secrets(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Query(query): Query<ImportQuery>,
) -> Result<Json<ImportResult>, ApiError> {
    let customers = query.customers == Some(CustomersChoice::Create);
    let imported = import(&app, &tenancy, id, query.dry_run.unwrap_or(false), customers).await?;
    let row = |(step, service): (imsys_domain::import::Step, Option<imsys_domain::ServiceId>)| ImportRow {
        username: step.username,
        name: step.customer,
        profile: step.profile,
        disabled: step.disabled,
        action: step.action.into(),
        reason: step.reason.into(),
        service_id: service.map(|id| id.0),
    };
    Ok(Json(ImportResult {
        created: imported.count(Action::Create),
        updated: imported.count(Action::Update),
        skipped: imported.count(Action::Skip),
        rows: imported.steps.into_iter().map(row).collect(),
    }))
}
