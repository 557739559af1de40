//! Routes of plans.

use crate::app::App;
use crate::billing::create_plan;
use crate::fields::{Fields, Invalid};
use crate::http::Tenancy;
use crate::http::csv;
use crate::http::error::ApiError;
use crate::http::extract::{
    Archived, ByName, Etag, Id, IfMatch, Items, Json, List, ListParams, Time, patched,
};
use crate::http::route::{Access, Route};
use crate::http::words::PeriodName;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use imsys_domain::PlanId;
use imsys_domain::access::Right;
use imsys_domain::money::Money;
use imsys_domain::plan::{Plan, PlanData};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const PATH: &str = "/api/v1/plans";
const ITEM: &str = "/api/v1/plans/{id}";

/// The routes of plans.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::PlansWrite));
    vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get("/api/v1/plans/export", read, export),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/plans/{id}/restore", write, restore),
    ]
}

/// The contract of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, create, get, update, archive, restore, export))]
pub struct Doc;

/// Money in minor units.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyItem {
    /// Cents.
    minor: i64,
    /// ISO 4217.
    currency: String,
}

/// A plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanItem {
    id: Uuid,
    /// For `If-Match`.
    etag: String,
    name: String,
    price: MoneyItem,
    period: PeriodName,
    down_kbps: Option<u32>,
    up_kbps: Option<u32>,
    created_at: Time,
    archived: bool,
    /// Since when.
    archived_at: Option<Time>,
}

impl From<Plan> for PlanItem {
    fn from(plan: Plan) -> Self {
        let Plan { id, edition, data, created, archived } = plan;
        let PlanData { name, price: Money { minor, currency }, period, down_kbps, up_kbps } = data;
        Self {
            id: id.0,
            etag: Etag(edition).to_string(),
            name,
            price: MoneyItem { minor, currency },
            period: period.into(),
            down_kbps,
            up_kbps,
            created_at: Time(created),
            archived: archived.is_some(),
            archived_at: archived.map(Time),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPlan {
    name: String,
    price: MoneyItem,
    period: PeriodName,
    down_kbps: Option<u32>,
    up_kbps: Option<u32>,
}

impl NewPlan {
    fn check(self) -> Result<PlanData, Invalid> {
        let mut fields = Fields::default();
        let price = Money { minor: self.price.minor, currency: self.price.currency };
        let name = fields.line("name", &self.name, 100);
        fields.check("price", price.check_price());
        fields.done()?;
        let (period, down_kbps, up_kbps) = (self.period.into(), self.down_kbps, self.up_kbps);
        Ok(PlanData { name, price, period, down_kbps, up_kbps })
    }
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct PlanPatch {
    name: Option<String>,
    price: Option<MoneyItem>,
    period: Option<PeriodName>,
    #[serde(deserialize_with = "patched")]
    down_kbps: Option<Option<u32>>,
    #[serde(deserialize_with = "patched")]
    up_kbps: Option<Option<u32>>,
}

impl PlanPatch {
    fn over(self, old: PlanData) -> NewPlan {
        let Money { minor, currency } = old.price;
        NewPlan {
            name: self.name.unwrap_or(old.name),
            price: self.price.unwrap_or(MoneyItem { minor, currency }),
            period: self.period.unwrap_or(old.period.into()),
            down_kbps: self.down_kbps.unwrap_or(old.down_kbps),
            up_kbps: self.up_kbps.unwrap_or(old.up_kbps),
        }
    }
}

/// Plans by name.
#[utoipa::path(get, path = PATH, tag = "plans", params(ListParams, Archived), responses((status = 200, body = Items<PlanItem>)))]
async fn list(tenancy: Tenancy, list: List<Archived, ByName>) -> Result<Json<Items<PlanItem>>, ApiError> {
    Ok(Json(Items::new(tenancy.store.plans(list.filter.only(), list.ask).await?, PlanItem::from)))
}

/// Adds a plan.
#[utoipa::path(post, path = PATH, tag = "plans", request_body = NewPlan, responses((status = 201, body = PlanItem)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewPlan>,
) -> Result<(StatusCode, Etag, Json<PlanItem>), ApiError> {
    let plan = create_plan(&app, &tenancy, new.check()?).await?;
    Ok((StatusCode::CREATED, Etag(plan.edition), Json(plan.into())))
}

/// One plan.
#[utoipa::path(get, path = ITEM, tag = "plans", params(("id" = Uuid, Path)), responses((status = 200, body = PlanItem)))]
async fn get(tenancy: Tenancy, Id(id): Id<PlanId>) -> Result<(Etag, Json<PlanItem>), ApiError> {
    let plan = tenancy.store.plan(id).await?;
    Ok((Etag(plan.edition), Json(plan.into())))
}

/// Changes a plan; what is not mentioned stays.
#[utoipa::path(patch, path = ITEM, tag = "plans", params(("id" = Uuid, Path)), request_body = PlanPatch,
    responses((status = 200, body = PlanItem)))]
async fn update(
    tenancy: Tenancy,
    Id(id): Id<PlanId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<PlanPatch>,
) -> Result<(Etag, Json<PlanItem>), ApiError> {
    let old = tenancy.store.plan(id).await?;
    let data = patch.over(old.data).check()?;
    let plan = tenancy.store.update_plan(id, edition.or(Some(old.edition)), data).await?;
    Ok((Etag(plan.edition), Json(plan.into())))
}

/// Archives a plan that no service holds.
#[utoipa::path(delete, path = ITEM, tag = "plans", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn archive(tenancy: Tenancy, Id(id): Id<PlanId>) -> Result<StatusCode, ApiError> {
    tenancy.store.archive_plan(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an archived plan back, while no other has its name.
#[utoipa::path(post, path = "/api/v1/plans/{id}/restore", tag = "plans", params(("id" = Uuid, Path)),
    responses((status = 200, body = PlanItem)))]
async fn restore(tenancy: Tenancy, Id(id): Id<PlanId>) -> Result<(Etag, Json<PlanItem>), ApiError> {
    let plan = tenancy.store.restore_plan(id).await?;
    Ok((Etag(plan.edition), Json(plan.into())))
}

/// All plans that match, as CSV; prices in minor units.
#[utoipa::path(get, path = "/api/v1/plans/export", tag = "plans", params(ListParams, Archived),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(tenancy: Tenancy, list: List<Archived, ByName>) -> Result<Response, ApiError> {
    const HEADER: &[&str] =
        &["id", "name", "priceMinor", "currency", "period", "downKbps", "upKbps", "created"];
    let archived = list.filter.only();
    let load = move |ask| -> csv::Pages<Plan> {
        let store = tenancy.store.clone();
        Box::pin(async move { store.plans(archived, ask).await })
    };
    csv::file("plans", HEADER, list.ask, load, |plan| {
        let data = &plan.data;
        let speed = |kbps: Option<u32>| kbps.map(|kbps| kbps.to_string()).unwrap_or_default();
        vec![
            plan.id.to_string(),
            data.name.clone(),
            data.price.minor.to_string(),
            data.price.currency.clone(),
            csv::word(data.period),
            speed(data.down_kbps),
            speed(data.up_kbps),
            Time(plan.created).to_string(),
        ]
    })
    .await
}
