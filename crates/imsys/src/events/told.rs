//! The events of the stream as the contract describes them. What is sent is made where it happens
//! ([`crate::live`]); a test compares.

use crate::http::answers::ServiceCounts;
use crate::http::words::{DeviceReasonName, DeviceStatusName, RouterStateName, SourceName, StatusName};
use crate::time::Time;
use utoipa::ToSchema;
use uuid::Uuid;

/// The `data` of one event. Its name is `hello`, `service`, `router`, `device`, `overview` or `job`, in the order of
/// these variants.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "a description")]
pub(super) enum LiveEvent {
    Hello(LiveHello),
    Services(ServicesChanged),
    Routers(RoutersChanged),
    Devices(DevicesChanged),
    Overview(OverviewChanged),
    Jobs(JobsChanged),
}

/// The greeting of a stream: of a new one, and of one in which something was missed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description")]
pub(super) struct LiveHello {
    /// The name of what is told. Places in one stream mean nothing in another.
    stream: String,
    /// Up to this place everything was told; a client that stands elsewhere has missed something.
    seq: i64,
}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident of $item:ident)+) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "a description")]
        pub(super) struct $name {
            /// Up to this place of the stream everything was told.
            seq: i64,
            items: Vec<$item>,
        }
    )+};
}

changes! {
    /// Services whose status, session or address changed.
    ServicesChanged of ServiceChanged
    /// Routers that came, went or were synced.
    RoutersChanged of RouterChanged
    /// Devices whose status changed, or its reason. New figures alone are not told.
    DevicesChanged of DeviceChanged
    /// The overview's counts.
    OverviewChanged of CountsChanged
    /// Routers at which jobs began or ended.
    JobsChanged of JobChanged
}

/// A service after a change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a description")]
pub(super) struct ServiceChanged {
    id: Uuid,
    /// Of two states the one with the higher number is the later.
    rev: i64,
    status: StatusName,
    /// Null is unknown.
    #[schema(required)]
    is_online: Option<bool>,
    since: Time,
    /// When evidence last agreed.
    #[schema(required)]
    confirmed_at: Option<Time>,
    #[schema(required)]
    source: Option<SourceName>,
    session_count: u32,
    /// Of its session or lease; left out where it has not changed.
    address: Option<String>,
    /// The caller of its session; left out where it has not changed.
    mac: Option<String>,
}

/// A router after a change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a description")]
pub(super) struct RouterChanged {
    id: Uuid,
    rev: i64,
    state: RouterStateName,
    since: Time,
    #[schema(required)]
    reason: Option<String>,
    #[schema(required)]
    last_sweep_at: Option<Time>,
}

/// A device after a change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a description")]
pub(super) struct DeviceChanged {
    id: Uuid,
    /// Of two states the one with the higher number is the later.
    rev: i64,
    status: DeviceStatusName,
    since: Time,
    #[schema(required)]
    reason: Option<DeviceReasonName>,
    #[schema(required)]
    latency_ms: Option<f64>,
    #[schema(required)]
    loss_pct: Option<u8>,
    #[schema(required)]
    checked_at: Option<Time>,
}

/// The counts of services; `id` is the tenant's, `rev` the time.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description")]
pub(super) struct CountsChanged {
    id: Uuid,
    rev: i64,
    services: ServiceCounts,
}

/// A router's job; `rev` is the time.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description")]
pub(super) struct JobChanged {
    id: Uuid,
    rev: i64,
    running: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Live, Topic};
    use imsys_domain::presence::{Endpoint, Presence, Status};
    use imsys_domain::{ServiceId, TenantId, Timestamp};
    use imsys_store::model::{Change, Changed, Cursor, Feed, ServiceChange};
    use serde_json::Value;
    use std::collections::BTreeSet;
    use utoipa::PartialSchema;

    #[test]
    fn a_change_of_a_service_is_told_as_the_contract_says() {
        let live = Live::new(Feed { name: "f".into(), head: Cursor(0) });
        let tenant = TenantId::new(Timestamp(1), [1; 10]);
        let client = live.join(tenant, vec![Topic::Service], Cursor(0)).unwrap();
        let id = ServiceId::new(Timestamp(1), [2; 10]);
        let change = ServiceChange::new(id, 7, Status::Unknown, &Presence::unknown(Timestamp(5)));
        assert_eq!(change.endpoint, Some(Endpoint::default()));
        let schema = serde_json::to_value(ServiceChanged::schema()).unwrap();
        let names =
            |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
        let required: BTreeSet<String> = serde_json::from_value(schema["required"].clone()).unwrap();
        for (endpoint, told) in [(change.endpoint.clone(), names(&schema["properties"])), (None, required)] {
            let changes = vec![Change::Service(ServiceChange { endpoint, ..change.clone() })];
            live.deliver(&Changed { cursor: Cursor(1), tenant, changes });
            let text = client.take().unwrap();
            let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
            let event: Value = serde_json::from_str(data).unwrap();
            assert_eq!(names(&event["items"][0]), told, "{event}");
        }
    }
}
