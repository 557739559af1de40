//! What is stored, as plain values. API types are others.

mod bulk;
mod feed;
mod runs;
mod trend;

pub use bulk::{BulkResult, BulkRow, Parcel};
pub use feed::{Change, Changed, Cursor, DeviceChange, Feed, RouterChange};
pub use imsys_domain::bulk::BulkAct;
pub use imsys_domain::people::{Invitation, Link, LinkKind, Membership, Newcomer, Person};
pub use runs::{JobDone, Run, RunOutcome};
pub use trend::Absence;

use imsys_domain::access::Role;
use imsys_domain::audit::ServiceNames;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{Checked, EndCause, Endpoint, LeaseChange, Presence, Seen, Source, Status};
use imsys_domain::router::Router;
use imsys_domain::service::{Kind, ServiceData};
use imsys_domain::tenant::Tenant;
use imsys_domain::{
    ApiKeyId, CustomerId, DeviceId, PersonId, RouterId, ServiceId, SessionId, SnmpLoginId, TenantId,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};

/// A signed-in browser. The cookie's value is known only as its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// Acting in which tenant.
    pub tenant: Option<TenantId>,
    /// Since when: the absolute expiry counts from here.
    pub created: Timestamp,
    /// Last used: the idle expiry counts from here.
    pub seen: Timestamp,
    /// The browser as it named itself, cut to [`Self::AGENT`] characters.
    #[serde(default)]
    pub agent: String,
    /// The address that the sign-in came from.
    #[serde(default)]
    pub address: Option<IpAddr>,
}

impl Login {
    /// The most characters of a browser's name that are kept.
    pub const AGENT: usize = 200;
    /// Seconds without use after which a browser is signed out.
    pub const IDLE: i64 = 12 * 3600;
    /// Seconds after which it is signed out in any case.
    pub const ABSOLUTE: i64 = 30 * 86_400;

    /// How far a clock may have been set back since the sign-in, in seconds.
    const AHEAD: i64 = 60;

    /// Whether it still counts at `now`. One from the future, made while the clock was ahead, does not: it
    /// would outlive every other.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.created <= now.plus_seconds(Self::AHEAD)
            && now < self.seen.plus_seconds(Self::IDLE)
            && now < self.created.plus_seconds(Self::ABSOLUTE)
    }
}

/// A signed-in browser with whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The browser.
    pub login: Login,
    /// Who.
    pub person: Person,
    /// Where he may act, by tenant name.
    pub memberships: Vec<(Tenant, Membership)>,
}

impl SignedIn {
    /// The tenant in which the browser acts, while its person is a member there.
    pub fn acting(&self) -> Option<&(Tenant, Membership)> {
        self.memberships.iter().find(|(tenant, _)| Some(tenant.id) == self.login.tenant)
    }
}

/// How much a tenant has; all that the platform sees of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Members, and people who are invited.
    pub members: u64,
    /// Routers that are not archived.
    pub routers: u64,
    /// Customers that are not archived.
    pub customers: u64,
    /// Services that are not archived.
    pub services: u64,
}

/// A secret at rest and the row it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Of which tenant.
    pub tenant: TenantId,
    /// What holds it.
    pub holder: Holder,
    /// The sealed text (`v1.…`).
    pub value: String,
}

/// What was erased of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many sessions and events went.
    pub records: u64,
    /// His services, archived ones too: what else is kept of them is to be forgotten.
    pub services: Vec<ServiceId>,
}

/// What holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// The credentials of a router.
    Router(RouterId),
    /// A device's own login for SNMP.
    Device(DeviceId),
    /// A tenant's login for SNMP.
    SnmpLogin(SnmpLoginId),
}

/// A program's key. Its secret is known only as its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The first characters, to recognise it by.
    pub prefix: String,
    /// SHA-256 of the whole key.
    pub hash: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
    /// When it stops working.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

/// One line of the audit log, chained by hash to the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Counts from 1 in each tenant without a gap.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: an e-mail address, `key:<name>` or `system`.
    pub actor: String,
    /// What was done, such as `service.update`.
    pub action: String,
    /// To what: an id.
    pub object: String,
    /// Anything more, as JSON text; never a secret.
    pub detail: String,
    /// SHA-256 over the previous hash and this line.
    pub hash: [u8; 32],
}

/// How a router's webhooks have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookCounts {
    /// When one last arrived.
    pub last: Option<Timestamp>,
    /// Accepted since the asked time.
    pub received: u64,
    /// Refused since the asked time.
    pub refused: u64,
}

/// A tenant's routers at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouterHealth {
    /// Connected.
    pub up: u64,
    /// Lost.
    pub down: u64,
    /// Not connected since they were added.
    pub new: u64,
    /// Whether any of them has ever called a webhook.
    pub heard: bool,
    /// Those that are lost, by name, each with the number of its services; as many as were asked for.
    pub lost: Vec<(Router, u64)>,
}

/// Lines by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Online.
    pub online: u64,
    /// Offline.
    pub offline: u64,
    /// Unknown.
    pub unknown: u64,
    /// Suspended, whatever their status.
    pub suspended: u64,
}

/// A service with the names that a list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Counts every change.
    pub rev: i64,
    /// Counts the changes by people; the ETag.
    pub edition: i64,
    /// What people set.
    pub data: ServiceData,
    /// The router's name.
    pub router_name: String,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The plan's name.
    pub plan_name: Option<String>,
    /// Online, offline, unknown.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// When evidence last agreed.
    pub confirmed: Option<Timestamp>,
    /// The witness of the last change.
    pub source: Option<Source>,
    /// Caller and address of the newest open session; of a line by DHCP the address that it was given last.
    pub endpoint: Endpoint,
    /// Open sessions of a service that logs in; a name can be used by several devices.
    pub sessions: u32,
    /// The device that a static line's last check found there, when another one is registered.
    pub wrong_mac: Option<Mac>,
    /// Since when it exists here.
    pub created: Timestamp,
    /// Archived since when.
    pub archived: Option<Timestamp>,
}

impl Service {
    /// What the log calls it.
    pub(crate) fn names(&self) -> ServiceNames<'_> {
        ServiceNames {
            access: &self.data.access,
            customer: self.customer_name.as_deref(),
            plan: self.plan_name.as_deref(),
            router: &self.router_name,
            suspended: self.data.suspended,
        }
    }

    /// What a list shows of the last check.
    pub(crate) fn show(&mut self, checked: Option<&Checked>) {
        let seen = checked.map(|checked| &checked.seen);
        self.wrong_mac = seen.and_then(|seen| seen.wrong_mac);
        if self.data.access.kind() == Kind::Dhcp {
            self.endpoint.address = seen.and_then(Seen::leased).map(|address| address.to_string());
        }
    }

    /// When evidence last agreed, given the router's last accepted sweep, which says nothing of lines that
    /// do not log in.
    pub fn confirmed_with(&self, swept: Option<Timestamp>) -> Option<Timestamp> {
        match (self.status, self.data.access.kind()) {
            (Status::Unknown, _) | (_, Kind::Static | Kind::Dhcp) => self.confirmed,
            (Status::Online | Status::Offline, Kind::Pppoe) => {
                self.confirmed.max(swept.filter(|at| *at >= self.since || self.confirmed.is_some()))
            }
        }
    }
}

/// What a check needs to know of a router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaticLines {
    /// The version of RouterOS that it ran when it was last connected.
    pub version: Option<String>,
    /// Its lines.
    pub lines: Vec<StaticLine>,
}

/// A kind of work that a router has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingWork {
    /// Such as `SWEEP_PPP`.
    pub kind: String,
    /// Another one each time that it is set.
    pub number: i64,
    /// A person waits for it.
    pub urgent: bool,
}

/// What came of setting a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The mark's number.
    pub number: i64,
    /// A person waits for something at the router, whichever mark that is.
    pub urgent: bool,
}

/// What came of storing a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckStored {
    /// The lines whose status it changed.
    pub changes: Vec<ServiceChange>,
    /// Whether the router has marks, now that the check's own is gone.
    pub due: bool,
}

/// A line that does not log in, as a check needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticLine {
    /// The service.
    pub id: ServiceId,
    /// The customer's address behind the router; `None` where DHCP gives him one.
    pub address: Option<Ipv4Addr>,
    /// The registered MAC address; by DHCP there always is one.
    pub mac: Option<Mac>,
    /// The router's interface towards the customer.
    pub interface: Option<String>,
    /// The routing table; `None` is `main`.
    pub vrf: Option<String>,
    /// The last check.
    pub checked: Option<Checked>,
}

/// What changed about a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceChange {
    /// Which service.
    pub id: ServiceId,
    /// Its `rev` after the change.
    pub rev: i64,
    /// Its status before the change.
    pub before: Status,
    /// And after it.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// When evidence last agreed.
    pub confirmed: Option<Timestamp>,
    /// The witness of the last change.
    pub source: Option<Source>,
    /// Open sessions after it.
    pub sessions: u32,
    /// The caller and address of its newest PPP session, empty without one; `None` where it does not log in.
    pub endpoint: Option<Endpoint>,
    /// What became of the address that DHCP gives it, if anything did.
    pub lease: Option<LeaseChange>,
}

impl ServiceChange {
    /// What others may see of the step from `before` to `state` of a service that logs in.
    pub fn new(id: ServiceId, rev: i64, before: Status, state: &Presence) -> Self {
        let Presence { status, since, confirmed, source, .. } = *state;
        let endpoint = state.open.last().map(|session| session.endpoint.clone()).unwrap_or_default();
        Self {
            id,
            rev,
            before,
            status,
            since,
            confirmed,
            source,
            sessions: state.sessions(),
            endpoint: Some(endpoint),
            lease: None,
        }
    }
}

/// One PPP session, or the time in which a device by DHCP held an address; kept for years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Our id.
    pub id: SessionId,
    /// Of which service.
    pub service: ServiceId,
    /// On which router.
    pub router: RouterId,
    /// The PPP name at that time; by DHCP the MAC address.
    pub username: String,
    /// Caller and address.
    #[serde(flatten)]
    pub endpoint: Endpoint,
    /// Its begin.
    pub started: Timestamp,
    /// Its end; `None` while open.
    pub ended: Option<Timestamp>,
    /// Why it ended.
    pub cause: Option<EndCause>,
    /// Which witness opened it.
    pub by: Source,
}

/// Whose a session was, as a list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// The customer who has the service now.
    pub customer: Option<CustomerId>,
    /// Their name.
    pub customer_name: Option<String>,
    /// The name of the session's router.
    pub router_name: String,
}

/// A name that a router speaks of and nobody has registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownUser {
    /// On which router.
    pub router: RouterId,
    /// The name; hostile input.
    pub username: String,
    /// First spoken of.
    pub first: Timestamp,
    /// Last spoken of.
    pub last: Timestamp,
    /// How often.
    pub count: i64,
    /// Which witness spoke last.
    pub source: Source,
}

/// A change of a line's status, for its timeline and for "what changed just now".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusEvent {
    /// When.
    pub at: Timestamp,
    /// Of which service.
    pub service: ServiceId,
    /// On which router.
    pub router: RouterId,
    /// The PPP name.
    pub username: String,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The router's name.
    pub router_name: String,
    /// What it became.
    pub status: Status,
    /// Which witness said so.
    pub source: Source,
}
