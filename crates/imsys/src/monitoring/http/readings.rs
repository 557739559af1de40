//! The routes of what a device is measured at by SNMP.

use crate::app::App;
use crate::history;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, Time};
use crate::http::route::{Access, Route};
use crate::monitoring::ports::Figure as PortFigure;
use axum::extract::State;
use imsys_doctor::builtin::series::codec::Point;
use imsys_domain::access::Right;
use imsys_domain::device::{Device, Figure, Figures, PortFacts};
use imsys_domain::{DeviceId, Timestamp};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

const READINGS: &str = "/api/v1/devices/{id}/readings";
const PORTS: &str = "/api/v1/devices/{id}/ports";

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let read = Access::Tenant(Right::Read);
    vec![Route::get(READINGS, read, readings), Route::get(PORTS, read, ports)]
}

/// Their contract.
#[derive(utoipa::OpenApi)]
#[openapi(paths(readings, ports))]
pub(super) struct Doc;

/// One value of a device.
#[derive(Serialize, ToSchema)]
struct Reading {
    /// What it is about, as `signal` or `cpu`.
    class: String,
    /// Which one of the class; may be empty. Its history is the figure `class:index`.
    index: String,
    /// As the device calls it.
    descr: String,
    /// In the unit; null where the last poll gave none.
    value: Option<f64>,
    /// As `dBm`; empty for counts and states.
    unit: String,
    /// The name of the value, where it is a state.
    state: Option<String>,
    /// The MAC address of the station that it is about.
    station: Option<String>,
    /// The object that it was read from.
    oid: String,
    /// When it was read.
    at: Option<Time>,
}

/// A port of a device, with what it carried between the last two polls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PortItem {
    /// ifIndex. Its history is in the figures `port-in:index`, `port-out:index`, `port-errors-in:index` and
    /// `port-errors-out:index`.
    index: u32,
    name: String,
    description: String,
    /// What the operator calls it; may be empty.
    alias: String,
    mac: Option<String>,
    /// In bit/s.
    speed: Option<f64>,
    /// Whether the operator wants it up.
    enabled: Option<bool>,
    /// As `up` or `down`.
    link: Option<String>,
    /// In bit/s.
    bits_in: Option<f64>,
    /// In bit/s.
    bits_out: Option<f64>,
    /// Per second.
    errors_in: Option<f64>,
    /// Per second.
    errors_out: Option<f64>,
}

/// What a device was measured at in the last poll that it answered; nothing before the first.
#[utoipa::path(get, path = READINGS, tag = "devices", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Reading>)))]
async fn readings(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<DeviceId>,
) -> Result<Json<Vec<Reading>>, ApiError> {
    let (device, figures) = known(&tenancy, id).await?;
    let names = figures.readings.iter().map(|figure| (figure.class.as_str(), figure.index.as_str()));
    let points = newest(&app, &tenancy, &device, names).await?;
    let shown = |(figure, point): (Figure, Option<Point>)| Reading {
        class: figure.class,
        index: figure.index,
        descr: figure.name,
        value: point.map(|point| point.value),
        unit: figure.unit,
        state: figure.state,
        station: figure.station,
        oid: figure.oid,
        at: point.map(|point| Time(Timestamp(i64::from(point.at) * 1000))),
    };
    Ok(Json(figures.readings.into_iter().zip(points).map(shown).collect()))
}

/// The ports of a device as they were in the last poll that it answered; nothing before the first.
#[utoipa::path(get, path = PORTS, tag = "devices", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<PortItem>)))]
async fn ports(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<DeviceId>,
) -> Result<Json<Vec<PortItem>>, ApiError> {
    let (device, figures) = known(&tenancy, id).await?;
    let named: Vec<_> = figures
        .ports
        .iter()
        .flat_map(|port| PortFigure::ALL.map(|figure| (figure.class(), port.index.to_string())))
        .collect();
    let names = named.iter().map(|(class, index)| (*class, index.as_str()));
    let points = newest(&app, &tenancy, &device, names).await?;
    let values: HashMap<_, _> = named.iter().zip(points).map(|(name, point)| (name.clone(), point)).collect();
    let shown = |port: PortFacts| {
        let index = port.index.to_string();
        let of = |figure: PortFigure| values.get(&(figure.class(), index.clone())).copied().flatten();
        let value = |figure| of(figure).map(|point: Point| point.value);
        PortItem {
            index: port.index,
            bits_in: value(PortFigure::BitsIn),
            bits_out: value(PortFigure::BitsOut),
            errors_in: value(PortFigure::ErrorsIn),
            errors_out: value(PortFigure::ErrorsOut),
            name: port.name,
            description: port.description,
            alias: port.alias,
            mac: port.mac,
            speed: port.speed,
            enabled: port.enabled,
            link: port.link,
        }
    };
    Ok(Json(figures.ports.into_iter().map(shown).collect()))
}

async fn known(tenancy: &Tenancy, id: DeviceId) -> Result<(Device, Figures), ApiError> {
    let device = tenancy.store.device(id).await?;
    Ok((device, tenancy.store.figures(id).await?))
}

/// The values of the last poll.
async fn newest(
    app: &App,
    tenancy: &Tenancy,
    device: &Device,
    names: impl Iterator<Item = (&str, &str)>,
) -> Result<Vec<Option<Point>>, ApiError> {
    let key = |(class, index)| history::key(tenancy.tenant, device.id, class, index);
    let keys: Vec<_> = names.map(key).collect();
    match device.snmp.polled {
        Some(polled) if !keys.is_empty() => Ok(app.history.latest(keys, polled, app.now()).await?),
        _ => Ok(vec![None; keys.len()]),
    }
}
