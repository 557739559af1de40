//! A service as the API shows it.

use crate::http::extract::{Etag, Time};
use crate::http::words::{KindName, ModeName, SourceName, StatusName};
use crate::live::is_online;
use imsys_domain::service::Access;
use imsys_store::model::Service;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A service.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceItem {
    id: Uuid,
    /// Counts every change, as in live events.
    rev: i64,
    /// For `If-Match`: counts the changes by people.
    etag: String,
    kind: KindName,
    username: Option<String>,
    /// Static: the customer's. PPPoE: what the open session was given. DHCP: what the lease gave.
    address: Option<String>,
    /// Static and DHCP: the registered one. PPPoE: the caller of the open session.
    mac: Option<String>,
    interface: Option<String>,
    vrf: Option<String>,
    router_id: Uuid,
    router_name: String,
    customer_id: Option<Uuid>,
    customer_name: Option<String>,
    plan_id: Option<Uuid>,
    plan_name: Option<String>,
    /// Null is unknown.
    is_online: Option<bool>,
    status: StatusName,
    since: Time,
    confirmed_at: Option<Time>,
    source: Option<SourceName>,
    /// PPPoE: open sessions. One name can be used by several devices.
    session_count: u32,
    /// Static and DHCP: the device that the last check found at the address, when another one is registered.
    wrong_mac: Option<String>,
    suspended: bool,
    enforcement: EnforcementItem,
    created_at: Time,
    archived: bool,
    /// Since when.
    archived_at: Option<Time>,
}

/// The changes that IMSys may make on the router.
#[derive(Serialize, ToSchema)]
struct EnforcementItem {
    mode: ModeName,
}

impl From<Service> for ServiceItem {
    fn from(service: Service) -> Self {
        let data = service.data;
        let kind = data.access.kind().into();
        let (username, address, mac, interface, vrf) = match data.access {
            Access::Pppoe { username } => {
                (Some(username), service.endpoint.address, service.endpoint.mac, None, None)
            }
            Access::Static { address, mac, interface, vrf } => {
                (None, Some(address.to_string()), mac.map(|mac| mac.to_string()), interface, vrf)
            }
            Access::Dhcp { mac } => (None, service.endpoint.address, Some(mac.to_string()), None, None),
        };
        Self {
            id: service.id.0,
            rev: service.rev,
            etag: Etag(service.edition).to_string(),
            kind,
            username,
            address,
            mac,
            interface,
            vrf,
            router_id: data.router.0,
            router_name: service.router_name,
            customer_id: data.customer.map(|id| id.0),
            customer_name: service.customer_name,
            plan_id: data.plan.map(|id| id.0),
            plan_name: service.plan_name,
            is_online: is_online(service.status),
            status: service.status.into(),
            since: Time(service.since),
            confirmed_at: service.confirmed.map(Time),
            source: service.source.map(SourceName::from),
            session_count: service.sessions,
            wrong_mac: service.wrong_mac.map(|mac| mac.to_string()),
            suspended: data.suspended,
            enforcement: EnforcementItem { mode: data.mode.into() },
            created_at: Time(service.created),
            archived: service.archived.is_some(),
            archived_at: service.archived.map(Time),
        }
    }
}
