//! Routes of devices.

mod metrics;

use super::input::{DevicePatch, NewDevice};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Etag, Id, IfMatch, Items, Json, List, ListParams, Sorts, Time};
use crate::http::route::{Access, Route};
use crate::http::words::{DeviceReasonName, DeviceStatusName, ReachName};
use crate::monitoring;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::access::Right;
use imsys_domain::device::{Device, DeviceData, Health, Outage};
use imsys_domain::{DeviceId, RouterId};
use imsys_store::port::{DeviceFilter, DeviceSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

const PATH: &str = "/api/v1/devices";
const ITEM: &str = "/api/v1/devices/{id}";
/// Outages in one answer.
const OUTAGES: u32 = 100;

/// The routes of devices.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    let mut routes = metrics::routes();
    routes.extend([
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/devices/{id}/restore", write, restore),
        Route::get("/api/v1/devices/{id}/outages", read, outages),
    ]);
    routes
}

/// Their description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Doc::openapi();
    document.merge(metrics::Doc::openapi());
    document
}

#[derive(OpenApi)]
#[openapi(paths(list, create, get, update, archive, restore, outages))]
struct Doc;

/// A device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeviceItem {
    id: Uuid,
    /// Counts every change, as in live events.
    rev: i64,
    /// For `If-Match`.
    etag: String,
    name: String,
    address: String,
    /// The router that it is behind.
    router_id: Option<Uuid>,
    /// Who asks it: this server or its router.
    reach: ReachName,
    /// It is asked more often.
    watched: bool,
    /// How it is asked: `ping`.
    mode: &'static str,
    status: DeviceStatusName,
    since: Time,
    /// Why it is down or unknown; null while it is up.
    reason: Option<DeviceReasonName>,
    /// The median round trip time of the last round; null without an answer.
    latency_ms: Option<f64>,
    /// Lost in the last round, in percent; null where nothing is known.
    loss_pct: Option<u8>,
    /// When it was asked last.
    checked_at: Option<Time>,
    created_at: Time,
    archived: bool,
    /// Since when.
    archived_at: Option<Time>,
}

impl From<Device> for DeviceItem {
    fn from(device: Device) -> Self {
        let DeviceData { name, address, router, reach, watched } = device.data;
        let Health { status, since, reason, latency_us, loss, checked } = device.health;
        Self {
            id: device.id.0,
            rev: device.rev,
            etag: Etag(device.edition).to_string(),
            name,
            address: address.to_string(),
            router_id: router.map(|router| router.0),
            reach: reach.into(),
            watched,
            mode: "ping",
            status: status.into(),
            since: Time(since),
            reason: reason.map(Into::into),
            latency_ms: latency_us.map(|us| f64::from(us) / 1000.0),
            loss_pct: loss,
            checked_at: checked.map(Time),
            created_at: Time(device.created),
            archived: device.archived.is_some(),
            archived_at: device.archived.map(Time),
        }
    }
}

/// The orders of devices.
struct DeviceOrder;

impl Sorts for DeviceOrder {
    type Key = DeviceSort;
    const NAMES: &'static [(&'static str, DeviceSort)] =
        &[("name", DeviceSort::Name), ("since", DeviceSort::Since), ("createdAt", DeviceSort::Created)];
}

/// Which devices.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// With this status.
    status: Option<DeviceStatusName>,
    /// Behind this router.
    router_id: Option<Uuid>,
    /// The archived ones instead of the living.
    archived: Option<bool>,
}

impl From<Filter> for DeviceFilter {
    fn from(filter: Filter) -> Self {
        Self {
            status: filter.status.map(Into::into),
            router: filter.router_id.map(RouterId),
            archived: filter.archived.unwrap_or(false),
        }
    }
}

/// Devices with their status.
#[utoipa::path(get, path = PATH, tag = "devices", params(ListParams, Filter),
    responses((status = 200, body = Items<DeviceItem>)))]
async fn list(
    tenancy: Tenancy,
    list: List<Filter, DeviceOrder>,
) -> Result<Json<Items<DeviceItem>>, ApiError> {
    let page = tenancy.store.devices(list.filter.into(), list.ask).await?;
    Ok(Json(Items::new(page, DeviceItem::from)))
}

/// Adds a device, which is then asked at once. Only the address is needed.
#[utoipa::path(post, path = PATH, tag = "devices", request_body = NewDevice,
    responses((status = 201, body = DeviceItem)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewDevice>,
) -> Result<(StatusCode, Etag, Json<DeviceItem>), ApiError> {
    let data = new.check(app.config.network.allow_loopback)?;
    let device = monitoring::create(&app, &tenancy, data).await?;
    Ok((StatusCode::CREATED, Etag(device.edition), Json(device.into())))
}

/// One device.
#[utoipa::path(get, path = ITEM, tag = "devices", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeviceItem)))]
async fn get(tenancy: Tenancy, Id(id): Id<DeviceId>) -> Result<(Etag, Json<DeviceItem>), ApiError> {
    let device = tenancy.store.device(id).await?;
    Ok((Etag(device.edition), Json(device.into())))
}

/// Changes a device; what is not mentioned stays. With another address, router or reach its status is unknown until it
/// is asked, which is at once.
#[utoipa::path(patch, path = ITEM, tag = "devices", params(("id" = Uuid, Path)), request_body = DevicePatch,
    responses((status = 200, body = DeviceItem)))]
async fn update(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<DeviceId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<DevicePatch>,
) -> Result<(Etag, Json<DeviceItem>), ApiError> {
    let old = tenancy.store.device(id).await?;
    let data = patch.over(&old.data).check(app.config.network.allow_loopback)?;
    // Without If-Match the patch is made from what was just read.
    let device = tenancy.store.update_device(id, edition.or(Some(old.edition)), data).await?;
    Ok((Etag(device.edition), Json(device.into())))
}

/// Removes a device: it is not asked any more. Its outages stay.
#[utoipa::path(delete, path = ITEM, tag = "devices", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn archive(tenancy: Tenancy, Id(id): Id<DeviceId>) -> Result<StatusCode, ApiError> {
    tenancy.store.archive_device(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an archived device back, which is then asked at once.
#[utoipa::path(post, path = "/api/v1/devices/{id}/restore", tag = "devices", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeviceItem)))]
async fn restore(tenancy: Tenancy, Id(id): Id<DeviceId>) -> Result<(Etag, Json<DeviceItem>), ApiError> {
    let device = tenancy.store.restore_device(id).await?;
    Ok((Etag(device.edition), Json(device.into())))
}

/// A time in which a device was down.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OutageItem {
    from: Time,
    /// When it answered again or could not be asked any more; null while it is down.
    to: Option<Time>,
    seconds: i64,
    reason: DeviceReasonName,
}

/// The last hundred times that a device was down, newest first.
#[utoipa::path(get, path = "/api/v1/devices/{id}/outages", tag = "devices", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<OutageItem>)))]
async fn outages(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<DeviceId>,
) -> Result<Json<Vec<OutageItem>>, ApiError> {
    let now = app.now();
    let show = |Outage { began, ended, reason }| {
        let seconds = ended.unwrap_or(now).since(began).max(0) / 1000;
        OutageItem { from: Time(began), to: ended.map(Time), seconds, reason: reason.into() }
    };
    Ok(Json(tenancy.store.outages(id, OUTAGES).await?.into_iter().map(show).collect()))
}
