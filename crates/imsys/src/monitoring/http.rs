//! Routes of devices.

mod metrics;
mod readings;

use super::input::{DevicePatch, NewDevice};
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Etag, Id, IfMatch, Items, Json, List, ListParams, Sorts, Time};
use crate::http::route::{Access, Route};
use crate::http::words::{DeviceReasonName, DeviceStatusName, ReachName, SnmpStateName};
use crate::monitoring;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::access::Right;
use imsys_domain::device::{Device, DeviceData, Health, Outage, Snmp, SnmpAccess, SnmpState, SnmpVersion};
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
    routes.extend(readings::routes());
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
    document.merge(readings::Doc::openapi());
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
    /// `snmp` while it answers SNMP, else `ping`.
    mode: &'static str,
    /// The software that it runs, as its family is called; null before its first answer by SNMP.
    os: Option<String>,
    /// As it says; null where it does not.
    model: Option<String>,
    /// What it calls itself (sysName).
    sys_name: Option<String>,
    /// What it says it is (sysDescr).
    description: Option<String>,
    snmp: SnmpItem,
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

/// How a device is asked by SNMP.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SnmpItem {
    state: SnmpStateName,
    since: Time,
    /// When it was asked last.
    tried_at: Option<Time>,
    /// When it answered last.
    polled_at: Option<Time>,
    /// Its own login; null where it has none.
    access: Option<AccessItem>,
    /// The login that it answers to, where it has none of its own.
    login_id: Option<Uuid>,
}

/// A login, but for what is secret.
#[derive(Serialize, ToSchema)]
struct AccessItem {
    /// `1`, `2c` or `3`.
    #[schema(value_type = String)]
    version: SnmpVersion,
    port: u16,
}

impl From<Device> for DeviceItem {
    fn from(device: Device) -> Self {
        let DeviceData { name, address, router, reach, watched, snmp: access } = device.data;
        let Snmp { state, since: snmp_since, tried, polled, login, identity } = device.snmp;
        let snmp = SnmpItem {
            state: state.into(),
            since: Time(snmp_since),
            tried_at: tried.map(Time),
            polled_at: polled.map(Time),
            access: access.map(|SnmpAccess { version, port, .. }| AccessItem { version, port }),
            login_id: login.map(|login| login.0),
        };
        let said = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
        let sys_name = said(identity.as_ref().map(|identity| &identity.name));
        let description = said(identity.as_ref().map(|identity| &identity.description));
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
            mode: if state == SnmpState::Answers { "snmp" } else { "ping" },
            os: identity.map(|identity| identity.os),
            model: description.as_deref().and_then(model).map(str::to_owned),
            sys_name,
            description,
            snmp,
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

/// The model in a description, where it says nothing else.
fn model(description: &str) -> Option<&str> {
    description.strip_prefix("RouterOS ").filter(|model| !model.is_empty())
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
    let checked = new.check(app.config.network.allow_loopback)?;
    let device = monitoring::create(&app, &tenancy, checked).await?;
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
    let had = old.data.snmp.clone().filter(|_| !patch.takes_login_away());
    let checked = patch.over(&old.data).check(app.config.network.allow_loopback)?;
    let data = checked.seal(&app, tenancy.tenant, id, had);
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
