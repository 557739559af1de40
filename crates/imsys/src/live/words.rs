//! How changes are told to browsers.

use super::Topic;
use crate::time::Time;
use imsys_domain::device::Health;
use imsys_domain::presence::Status;
use imsys_store::model::{Change, RouterChange, ServiceChange};
use serde_json::{Value, json};

/// One item of an event.
pub(super) struct Told {
    pub(super) topic: Topic,
    pub(super) id: String,
    pub(super) rev: i64,
    /// An object with what changed.
    pub(super) fields: Value,
}

/// A change as an item; `None` for what only makes the overview be counted again.
pub(super) fn told(change: &Change) -> Option<Told> {
    let told = |topic, id: uuid::Uuid, rev, fields| Some(Told { topic, id: id.to_string(), rev, fields });
    match change {
        Change::Service(change) => told(Topic::Service, change.id.0, change.rev, service(change)),
        Change::Router(change) => told(Topic::Router, change.id.0, change.rev, router(change)),
        Change::Device(change) => told(Topic::Device, change.id.0, change.rev, device(&change.health)),
        Change::Job(router, run) => told(Topic::Job, router.0, run.at.millis(), json!({ "running": false })),
        Change::UnknownUsers(_) | Change::Audit { .. } | Change::TenantDeleted => None,
    }
}

/// What changed about a service.
fn service(change: &ServiceChange) -> Value {
    let mut fields = json!({
        "status": change.status,
        "isOnline": is_online(change.status),
        "since": Time(change.since),
        "confirmedAt": change.confirmed.map(Time),
        "source": change.source,
        "sessionCount": change.sessions,
    });
    if let Some(endpoint) = &change.endpoint {
        fields["address"] = json!(endpoint.address);
        fields["mac"] = json!(endpoint.mac);
    }
    if let Some(lease) = change.lease {
        fields["address"] = json!(lease.address());
    }
    fields
}

/// How a router is.
fn router(change: &RouterChange) -> Value {
    json!({
        "state": change.state,
        "since": Time(change.since),
        "reason": change.reason,
        "lastSweepAt": change.swept.map(Time),
    })
}

/// How a device is.
fn device(health: &Health) -> Value {
    json!({
        "status": health.status,
        "since": Time(health.since),
        "reason": health.reason,
        "latencyMs": health.latency_us.map(|us| f64::from(us) / 1000.0),
        "lossPct": health.loss,
        "checkedAt": health.checked.map(Time),
    })
}

/// `isOnline` of the API: null is unknown.
pub const fn is_online(status: Status) -> Option<bool> {
    match status {
        Status::Online => Some(true),
        Status::Offline => Some(false),
        Status::Unknown => None,
    }
}
