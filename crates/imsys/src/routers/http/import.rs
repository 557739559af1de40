//! Importing a router's PPP secrets.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, JsonOrNothing, Query};
use crate::http::route::{Access, Route};
use crate::http::words::ActionName;
use crate::routers::onboarding::import::{Choice, ImportError, Imported, import};
use axum::extract::State;
use imsys_domain::access::Right;
use imsys_domain::import::{Action, Step};
use imsys_domain::{PlanId, RouterId, ServiceId};
use imsys_store::StoreError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
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

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Router(trouble) => trouble.into(),
            ImportError::Store(error) => error.into(),
            ImportError::Job(error) => error.into(),
        }
    }
}

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

/// What to import, and as what. Without a body: everything, and profiles stand for what was remembered.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ImportChoice {
    /// Only these users.
    usernames: Option<HashSet<String>>,
    /// The id of the plan that each PPP profile stands for; null is none. Profiles that are not mentioned stand for what
    /// the last import said. An import that is no dry run remembers it, for every router of the tenant.
    plans: HashMap<String, Option<Uuid>>,
}

/// The result of an import or of its dry run.
#[derive(Serialize, ToSchema)]
struct ImportResult {
    created: usize,
    updated: usize,
    skipped: usize,
    /// The PPP profiles that the users have.
    profiles: Vec<ImportProfile>,
    rows: Vec<ImportRow>,
}

/// A PPP profile and the plan that it stands for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportProfile {
    profile: String,
    /// How many users have it.
    users: usize,
    plan_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportRow {
    username: String,
    /// The customer's name, from the comment.
    name: Option<String>,
    profile: Option<String>,
    /// The plan that the service gets.
    plan_id: Option<Uuid>,
    plan_name: Option<String>,
    disabled: bool,
    action: ActionName,
    reason: String,
    service_id: Option<Uuid>,
}

/// Makes services of the router's PPP secrets. Passwords are never read; nothing on the router changes.
#[utoipa::path(post, path = "/api/v1/routers/{id}/import", tag = "routers",
    params(("id" = Uuid, Path), ImportQuery), request_body(content = Option<ImportChoice>), responses((status = 200, body = ImportResult)))]
async fn import_secrets(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
    Query(query): Query<ImportQuery>,
    JsonOrNothing(wanted): JsonOrNothing<ImportChoice>,
) -> Result<Json<ImportResult>, ApiError> {
    let choice = Choice {
        dry_run: query.dry_run.unwrap_or(false),
        customers: query.customers == Some(CustomersChoice::Create),
        plans: wanted.plans.into_iter().map(|(profile, plan)| (profile, plan.map(PlanId))).collect(),
        chosen: wanted.usernames,
    };
    for plan in choice.plans.values().flatten() {
        match tenancy.store.plan(*plan).await {
            Ok(plan) if plan.archived.is_none() => {}
            Ok(_) | Err(StoreError::NotFound) => {
                return Err(ApiError::field("plans", "names a plan that does not exist"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let imported = import(&app, &tenancy, id, choice).await?;
    let plans: BTreeSet<PlanId> = imported.steps.iter().filter_map(|(step, _)| step.plan).collect();
    let mut names = HashMap::new();
    for plan in plans {
        names.insert(plan, tenancy.store.plan(plan).await?.data.name);
    }
    Ok(Json(ImportResult::new(imported, &names)))
}

impl ImportResult {
    fn new(imported: Imported, plans: &HashMap<PlanId, String>) -> Self {
        let row = |(step, service): (Step, Option<ServiceId>)| ImportRow {
            username: step.username,
            name: step.customer,
            profile: step.profile,
            plan_id: step.plan.map(|plan| plan.0),
            plan_name: step.plan.and_then(|plan| plans.get(&plan).cloned()),
            disabled: step.disabled,
            action: step.action.into(),
            reason: step.reason.into(),
            service_id: service.map(|id| id.0),
        };
        let profile = |(profile, (users, plan)): (String, (usize, Option<PlanId>))| ImportProfile {
            profile,
            users,
            plan_id: plan.map(|plan| plan.0),
        };
        Self {
            created: imported.count(Action::Create),
            updated: imported.count(Action::Update),
            skipped: imported.count(Action::Skip),
            profiles: imported.profiles.into_iter().map(profile).collect(),
            rows: imported.steps.into_iter().map(row).collect(),
        }
    }
}
