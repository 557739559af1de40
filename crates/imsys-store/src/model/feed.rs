//! The change feed: what changed, for those who react to it.

use super::{Run, ServiceChange};
use imsys_domain::device::{Device, Health};
use imsys_domain::router::{Router, RouterState};
use imsys_domain::{DeviceId, RouterId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

/// Where the feed stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The name of this feed. A store that begins anew, as after a restored backup, has another one: cursors of one feed
    /// mean nothing in another.
    pub name: String,
    /// The place of its newest entry.
    pub head: Cursor,
}

/// A place in the feed: everything up to it has been seen. Of two places the later one is greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cursor(pub i64);

/// What one unit of work changed of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its place.
    pub cursor: Cursor,
    /// Whose.
    pub tenant: TenantId,
    /// In the order in which it happened.
    pub changes: Vec<Change>,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The status of a service, its session, or the address that DHCP gives it.
    Service(ServiceChange),
    /// A router came, went, or was synced.
    Router(RouterChange),
    /// The status of a device, or its reason.
    Device(DeviceChange),
    /// Users of a router that nobody registered were listed or forgotten.
    UnknownUsers(RouterId),
    /// A job of a router is over.
    Job(RouterId, Run),
    /// A line was added to the audit log.
    Audit {
        /// The number of the line.
        seq: i64,
        /// What was done: the name of an [`Action`](imsys_domain::audit::Action).
        action: String,
        /// To what: its id.
        object: String,
    },
    /// The tenant was deleted.
    TenantDeleted,
}

/// How a router is after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterChange {
    /// Which router.
    pub id: RouterId,
    /// Its `rev`.
    pub rev: i64,
    /// Whether it can be reached.
    pub state: RouterState,
    /// Since when.
    pub since: Timestamp,
    /// Why it cannot.
    pub reason: Option<String>,
    /// When its last full sync began.
    pub swept: Option<Timestamp>,
}

impl From<&Router> for RouterChange {
    fn from(router: &Router) -> Self {
        let Router { id, rev, state, since, swept, .. } = *router;
        Self { id, rev, state, since, reason: router.reason.clone(), swept }
    }
}

/// How a device is after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceChange {
    /// Which device.
    pub id: DeviceId,
    /// Its `rev`.
    pub rev: i64,
    /// How it is.
    pub health: Health,
}

impl From<&Device> for DeviceChange {
    fn from(device: &Device) -> Self {
        let Device { id, rev, health, .. } = *device;
        Self { id, rev, health }
    }
}
