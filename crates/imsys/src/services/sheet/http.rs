//! The route that brings in a sheet of services.

use super::read::Column;
use super::{Brought, Choice, Import, SheetError, bring_in};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Csv, Json, Query};
use crate::http::words::{ExistingName, FateName, KindName};
use crate::routers::http::CustomersChoice;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::access::Right;
use imsys_domain::sheet::{Change, Existing, Fate};
use imsys_domain::text::shown;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

impl From<SheetError> for ApiError {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Unreadable(detail) => Self::bad_request("bad-csv", detail),
            SheetError::Store(error) => error.into(),
        }
    }
}

/// How to bring it in.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct SheetQuery {
    /// Only say what would be done.
    dry_run: Option<bool>,
    /// `create`: customers who are not here are made; else they are mistakes.
    customers: Option<CustomersChoice>,
    /// `skip`: rows whose service is here are left out; `update`: what they say replaces what is stored, and an
    /// empty cell leaves it, and a service that is archived comes back; else they are mistakes.
    existing: Option<ExistingName>,
    /// Bring in the good rows alone, instead of nothing while there is a bad one.
    good_rows: Option<bool>,
}

/// The result of an import or of its dry run.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SheetResult {
    /// Names the act, for its undo (`/services/bulk/{id}/undo`) and for its rows in the log; null when nothing was done.
    id: Option<Uuid>,
    /// Services that were made, or would be.
    created: usize,
    /// Services that were changed, or would be.
    updated: usize,
    /// Archived services that came back, or would.
    restored: usize,
    /// Rows that were left out because their service is here.
    skipped: usize,
    /// Rows that cannot be brought in. While there is one nothing is, unless the good rows are wanted alone.
    refused: usize,
    /// Customers who were made, or would be.
    customers_created: usize,
    /// Columns whose name says nothing here.
    ignored_columns: Vec<String>,
    rows: Vec<SheetRow>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SheetRow {
    /// Its row in the file; the header is row 1.
    row: u64,
    action: FateName,
    /// The problem and its fix, why the row is left out, or what else there is to know of it.
    problem: Option<String>,
    kind: Option<KindName>,
    username: Option<String>,
    address: Option<String>,
    mac: Option<String>,
    router: Option<String>,
    customer: Option<String>,
    plan: Option<String>,
    service_id: Option<Uuid>,
    /// What it changes of a service that is here or comes back.
    changes: Vec<SheetChange>,
}

/// One value that a row changes.
#[derive(Serialize, ToSchema)]
struct SheetChange {
    /// The column.
    field: &'static str,
    old: Option<String>,
    new: Option<String>,
}

impl From<Change> for SheetChange {
    fn from(Change { field, old, new }: Change) -> Self {
        Self { field, old, new }
    }
}

impl From<Brought> for SheetRow {
    fn from(row: Brought) -> Self {
        // Ids are not repeated: they may be of things that are not his.
        let cell = |column| {
            let text = row.cells.get(column).filter(|text| text.parse::<Uuid>().is_err());
            text.map(|text| shown(text, 200))
        };
        Self {
            row: row.cells.row,
            action: row.fate.into(),
            kind: row.kind.map(KindName::from),
            username: cell(Column::Username),
            address: cell(Column::Address),
            mac: cell(Column::Mac),
            router: cell(Column::Router),
            customer: cell(Column::Customer),
            plan: cell(Column::Plan),
            service_id: row.service.map(|id| id.0),
            problem: row.reason,
            changes: row.changes.into_iter().map(SheetChange::from).collect(),
        }
    }
}

impl From<Import> for SheetResult {
    fn from(import: Import) -> Self {
        Self {
            id: import.act.map(|id| id.0),
            created: import.count(Fate::Create),
            updated: import.count(Fate::Update),
            restored: import.count(Fate::Restore),
            skipped: import.count(Fate::Skip),
            refused: import.count(Fate::Refuse),
            customers_created: import.customers,
            ignored_columns: import.ignored,
            rows: import.rows.into_iter().map(SheetRow::from).collect(),
        }
    }
}

/// Brings in services from a CSV file, all of them or none, or the good rows alone: at most 1 MiB and 5000 rows,
/// in UTF-8, UTF-16 or windows-1252. The first row
/// names the columns: `kind` (static, pppoe or dhcp), `username`, `address`, `mac`, `interface`, `vrf`, `router`,
/// `customer`, `plan`; routers, customers and plans by exact name or id. When a row cannot be brought in
/// the answer is 422, with the same members as the answer of a dry run. Nothing on a router changes.
#[utoipa::path(post, path = "/api/v1/services/import", tag = "services", params(SheetQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = SheetResult)))]
pub(crate) async fn import_sheet(
    State(app): State<App>,
    tenancy: Tenancy,
    Query(query): Query<SheetQuery>,
    Csv(text): Csv,
) -> Result<Json<SheetResult>, ApiError> {
    let makes_customers = query.customers == Some(CustomersChoice::Create);
    if makes_customers && !tenancy.role.may(Right::CustomersWrite) {
        return Err(ApiError::forbidden(
            "forbidden",
            "You may not create customers: leave out `customers=create`.",
        ));
    }
    let choice = Choice {
        dry_run: query.dry_run.unwrap_or(false),
        customers: makes_customers,
        good_rows: query.good_rows.unwrap_or(false),
        existing: query.existing.map(Existing::from).unwrap_or_default(),
    };
    let result = SheetResult::from(bring_in(&app, &tenancy, &text, choice).await?);
    if choice.dry_run || choice.good_rows || result.refused == 0 {
        return Ok(Json(result));
    }
    let rows = if result.refused == 1 { "row" } else { "rows" };
    let detail =
        format!("Nothing was imported: fix {} {rows} first, or import the good rows alone.", result.refused);
    let result = SheetResult { created: 0, updated: 0, restored: 0, customers_created: 0, ..result };
    Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "rows-refused", detail).with(&result))
}
