//! Routes of acts on many services at once, and of their undo.

use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Filterless, Id, Items, Json, List, ListParams, Sorts, patched};
use crate::http::route::{Access, Route};
use crate::services::bulk as acts;
use axum::extract::State;
use imsys_domain::access::Right;
use imsys_domain::service::Access as ServiceAccess;
use imsys_domain::{BulkId, PlanId, RouterId, ServiceId};
use imsys_store::model::{BulkAct, BulkResult, BulkRow};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// Most services in one act.
const MOST: usize = 1_000;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let write = Access::Tenant(Right::ServicesWrite);
    vec![
        Route::post("/api/v1/services/bulk", write, bulk),
        Route::post("/api/v1/services/bulk/{id}/undo", write, undo),
        Route::get("/api/v1/audit/bulk/{id}", Access::Tenant(Right::AuditRead), rows),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(bulk, undo, rows))]
pub(super) struct Doc;

/// What is done to each of the services.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum BulkAction {
    /// They get the plan `planId`; null takes their plan away.
    Plan,
    /// They move to the router `routerId`, and their status is unknown until it was asked.
    Move,
    /// They are archived.
    Archive,
    /// They come back, each while its place on its router is free.
    Restore,
}

/// The words of an act, as they are written.
#[cfg(test)]
pub(super) fn actions() -> (String, Vec<serde_json::Value>) {
    use BulkAction::{Archive, Move, Plan, Restore};
    ("BulkAction".into(), [Plan, Move, Archive, Restore].map(|action| serde_json::json!(action)).into())
}

/// What to do to many services.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BulkChange {
    /// Which services: 1 to 1000 ids.
    ids: Vec<Uuid>,
    action: BulkAction,
    /// For `plan`.
    #[serde(default, deserialize_with = "patched")]
    plan_id: Option<Option<Uuid>>,
    /// For `move`.
    router_id: Option<Uuid>,
}

impl BulkChange {
    fn check(self) -> Result<(Vec<ServiceId>, BulkAct), Invalid> {
        let mut fields = Fields::default();
        if self.ids.is_empty() || self.ids.len() > MOST {
            fields.refuse("ids", format!("must be 1 to {MOST} ids of services"));
        }
        let is = |action| self.action == action;
        if self.plan_id.is_some() != is(BulkAction::Plan) {
            fields.refuse("planId", "belongs to the action `plan`, which needs it");
        }
        if self.router_id.is_some() != is(BulkAction::Move) {
            fields.refuse("routerId", "belongs to the action `move`, which needs it");
        }
        fields.done()?;
        let act = match self.action {
            BulkAction::Plan => Some(BulkAct::Plan(self.plan_id.flatten().map(PlanId))),
            BulkAction::Move => self.router_id.map(RouterId).map(BulkAct::Router),
            BulkAction::Archive => Some(BulkAct::Archive),
            BulkAction::Restore => Some(BulkAct::Restore),
        };
        let act = act.ok_or_else(|| Invalid::one("routerId", "is required"))?;
        let mut seen = HashSet::new();
        let once = self.ids.into_iter().filter(|id| seen.insert(*id));
        Ok((once.map(ServiceId).collect(), act))
    }
}

/// What an act did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BulkDone {
    /// Names the act, for its undo and for its rows in the log; null when nothing was changed.
    id: Option<Uuid>,
    /// How many services were changed.
    changed: usize,
    /// Those that were left as they were, each with the reason.
    left: Vec<BulkLeft>,
}

/// A service that was left as it was.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BulkLeft {
    /// Null when there is no such service here.
    id: Option<Uuid>,
    /// What it is called: its username, address or MAC; null when there is no such service.
    name: Option<String>,
    /// A stable code, as of a problem.
    code: &'static str,
    reason: String,
}

impl BulkDone {
    fn new(id: BulkId, results: Vec<BulkResult>) -> Self {
        let all = results.len();
        let left: Vec<_> = results.into_iter().filter_map(BulkLeft::new).collect();
        let changed = all - left.len();
        Self { id: (changed > 0).then_some(id.0), changed, left }
    }
}

impl BulkLeft {
    fn new(result: BulkResult) -> Option<Self> {
        let error = ApiError::from(result.left?);
        let service = result.service.as_ref();
        let (id, name) = (service.map(|one| one.id.0), service.map(|one| name_of(&one.data.access)));
        Some(Self { id, name, code: error.code(), reason: error.detail().to_owned() })
    }
}

fn name_of(access: &ServiceAccess) -> String {
    match access {
        ServiceAccess::Pppoe { username } => username.clone(),
        ServiceAccess::Static { address, .. } => address.to_string(),
        ServiceAccess::Dhcp { mac } => mac.to_string(),
    }
}

/// Does one thing to many services: gives them a plan, moves them to a router, archives or restores them. Those that it
/// cannot be done to are left, each with its reason. One line in the log; nothing on a router changes.
#[utoipa::path(post, path = "/api/v1/services/bulk", tag = "services", request_body = BulkChange,
    responses((status = 200, body = BulkDone)))]
async fn bulk(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(change): Json<BulkChange>,
) -> Result<Json<BulkDone>, ApiError> {
    let (ids, act) = change.check()?;
    let (id, results) = acts::change(&app, &tenancy, ids, act).await?;
    Ok(Json(BulkDone::new(id, results)))
}

/// Takes such an act back: each service becomes what it was before, unless it was changed since. The undo is such an
/// act itself.
#[utoipa::path(post, path = "/api/v1/services/bulk/{id}/undo", tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = BulkDone)))]
async fn undo(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(undone): Id<BulkId>,
) -> Result<Json<BulkDone>, ApiError> {
    let (id, results) = acts::undo(&app, &tenancy, undone).await?;
    Ok(Json(BulkDone::new(id, results)))
}

/// What an act on many things did to one of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BulkRowItem {
    /// As if it had been done alone, such as `service.update`.
    action: String,
    /// The id of the thing.
    object: Uuid,
    /// As JSON text: names with their values, or with `[old, new]`.
    detail: String,
}

impl From<BulkRow> for BulkRowItem {
    fn from(row: BulkRow) -> Self {
        Self { action: row.action, object: row.object, detail: row.detail }
    }
}

/// The rows of one act, in the order in which they were done.
struct InOrder;

impl Sorts for InOrder {
    type Key = ();
    const NAMES: &'static [(&'static str, ())] = &[("n", ())];
}

/// What one line of the log about many things, such as an import, did to each: `{id}` is the line's `object`.
#[utoipa::path(get, path = "/api/v1/audit/bulk/{id}", tag = "audit", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Items<BulkRowItem>)))]
async fn rows(
    tenancy: Tenancy,
    Id(id): Id<BulkId>,
    list: List<Filterless, InOrder>,
) -> Result<Json<Items<BulkRowItem>>, ApiError> {
    Ok(Json(Items::new(tenancy.store.bulk_rows(id, list.ask).await?, BulkRowItem::from)))
}
