//! Everything that a store keeps, record by record: what `imsys export` writes a line for. Ids and hashes
//! stay as they are; what is sealed stays sealed.

use crate::model::{
    Absence, ApiKey, AuditEntry, BulkRow, Invitation, Link, Login, Membership, Person, Run, SessionRecord,
    UnknownUser,
};
use crate::port::Result;
use imsys_domain::customer::Customer;
use imsys_domain::device::{Device, Figures, Outage, SnmpLogin};
use imsys_domain::plan::Plan;
use imsys_domain::presence::{Presence, Source, Status};
use imsys_domain::router::Router;
use imsys_domain::service::ServiceData;
use imsys_domain::tenant::Tenant;
use imsys_domain::trend::Tally;
use imsys_domain::usage::Baseline;
use imsys_domain::{BulkId, DeviceId, PlanId, RouterId, ServiceId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

/// Takes one record after another; an error ends the export.
pub type Sink = Box<dyn FnMut(Record) -> Result<()> + Send>;
/// Gives one record after another; an error undoes the import.
pub type Records = Box<dyn Iterator<Item = Result<Record>> + Send>;

/// One record. What it refers to comes before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Record {
    /// An ISP.
    Tenant(Tenant),
    /// Somebody who signs in.
    Person(Person),
    /// His role in a tenant.
    Membership(Membership),
    /// A signed-in browser.
    Login(Login),
    /// Somebody who is to join a tenant.
    Invitation(Invitation),
    /// A one-time link.
    Link(Link),
    /// A program's key.
    ApiKey {
        /// Of which tenant.
        tenant: TenantId,
        /// The key.
        key: ApiKey,
    },
    /// A router, archived ones too.
    Router(Box<Router>),
    /// A router has work.
    Due {
        /// Which.
        router: RouterId,
        /// What.
        kind: String,
        /// Since when.
        at: Timestamp,
    },
    /// How a router's last job of a kind went.
    Run {
        /// Which router.
        router: RouterId,
        /// How it went.
        run: Run,
    },
    /// How the last of a tenant's own jobs of a kind went.
    TenantRun {
        /// Which tenant.
        tenant: TenantId,
        /// How it went.
        run: Run,
    },
    /// A router's webhooks in one hour.
    Hooks {
        /// Which router.
        router: RouterId,
        /// Hours since 1970.
        hour: i64,
        /// When the last one came.
        last: Option<Timestamp>,
        /// Accepted.
        received: u64,
        /// Refused.
        refused: u64,
    },
    /// A router was away.
    Absence {
        /// Which.
        router: RouterId,
        /// When, and why.
        absence: Absence,
    },
    /// A device, archived ones too.
    Device(Box<Device>),
    /// A device was down.
    Outage {
        /// Of which tenant.
        tenant: TenantId,
        /// Which device.
        device: DeviceId,
        /// When, and why.
        outage: Outage,
    },
    /// What a device is measured at by SNMP.
    Figures {
        /// Of which tenant.
        tenant: TenantId,
        /// Which device.
        device: DeviceId,
        /// What.
        figures: Figures,
    },
    /// A login for SNMP agents.
    SnmpLogin(SnmpLogin),
    /// The counters of a router as they were last.
    Usage {
        /// Of which tenant.
        tenant: TenantId,
        /// Which router.
        router: RouterId,
        /// What they showed.
        baseline: Baseline,
    },
    /// Services by status in an interval.
    Trend {
        /// Of which tenant.
        tenant: TenantId,
        /// The length of the interval, in milliseconds.
        every: i64,
        /// The counts.
        tally: Tally,
    },
    /// A name that nobody registered.
    UnknownUser {
        /// Of which tenant.
        tenant: TenantId,
        /// The name.
        user: UnknownUser,
    },
    /// A customer.
    Customer {
        /// Of which tenant.
        tenant: TenantId,
        /// The customer.
        customer: Customer,
    },
    /// A plan.
    Plan {
        /// Of which tenant.
        tenant: TenantId,
        /// The plan.
        plan: Plan,
    },
    /// A service.
    Service(Box<StoredService>),
    /// A session.
    Session {
        /// Of which tenant.
        tenant: TenantId,
        /// The session.
        session: SessionRecord,
    },
    /// What a witness said.
    Event(StoredEvent),
    /// The plan that a PPP profile stands for.
    ProfilePlan {
        /// Of which tenant.
        tenant: TenantId,
        /// The profile.
        profile: String,
        /// The plan.
        plan: PlanId,
    },
    /// What an act on many things did to one of them.
    BulkRow {
        /// Of which tenant.
        tenant: TenantId,
        /// The act.
        bulk: BulkId,
        /// The row.
        row: BulkRow,
    },
    /// A line of the audit log.
    Audit {
        /// Of which tenant.
        tenant: TenantId,
        /// The line.
        entry: AuditEntry,
    },
}

/// A service as it is kept, without what can be worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredService {
    /// Its id.
    pub id: ServiceId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Counts every change.
    pub rev: i64,
    /// Counts the changes by people.
    pub edition: i64,
    /// What people set.
    pub data: ServiceData,
    /// What the judge remembers.
    pub presence: Presence,
    /// Since when it exists.
    pub created: Timestamp,
    /// Archived since when.
    pub archived: Option<Timestamp>,
}

/// What a witness said, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredEvent {
    /// Of which tenant.
    pub tenant: TenantId,
    /// When.
    pub at: Timestamp,
    /// On which router.
    pub router: RouterId,
    /// Of which service.
    pub service: Option<ServiceId>,
    /// The PPP name, or the address.
    pub username: String,
    /// Which witness.
    pub source: Source,
    /// What it was: `up`, `down`, `seen`, `gone`, `table`, `blind`, `check`.
    pub kind: String,
    /// The witness's name of the session.
    pub alias: Option<String>,
    /// `applied`, `duplicate` or `stale`.
    pub outcome: String,
    /// The status after it, where it changed.
    pub status: Option<Status>,
}
