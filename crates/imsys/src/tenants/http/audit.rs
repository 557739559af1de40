//! Who did what.

use crate::http::auth::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Filterless, Items, Json, List, ListParams, Sorts, Time};
use crate::http::route::{Access, Route};
use imsys_domain::access::Right;
use imsys_store::model;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/audit", Access::Tenant(Right::AuditRead), list)]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub(super) struct Doc;

/// One entry of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    /// Counts from 1 without a gap.
    seq: i64,
    at: Time,
    /// An e-mail address, `key:` and a name, or `system`.
    actor: String,
    /// Such as `service.update`.
    action: String,
    /// An id.
    object: String,
    /// Anything more, as JSON text.
    detail: String,
}

impl From<model::AuditEntry> for AuditEntry {
    fn from(line: model::AuditEntry) -> Self {
        let model::AuditEntry { seq, at, actor, action, object, detail, .. } = line;
        Self { seq, at: at.into(), actor, action, object, detail }
    }
}

#[derive(Debug)]
struct Newest;

impl Sorts for Newest {
    type Key = ();
    const NAMES: &'static [(&'static str, ())] = &[("at", ())];
    const DESCENDING: bool = true;
}

/// The actions of people and programs in this tenant, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(ListParams),
    responses((status = 200, body = Items<AuditEntry>)))]
async fn list(tenancy: Tenancy, list: List<Filterless, Newest>) -> Result<Json<Items<AuditEntry>>, ApiError> {
    Ok(Json(Items::new(tenancy.store.audit(list.ask).await?, AuditEntry::from)))
}
