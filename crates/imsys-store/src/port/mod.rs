//! The port: what IMSys asks of a store.
//!
//! A method that writes is one unit: after it, and after a crash, all of it is there or nothing; a person's change and
//! its line in the audit log are one unit too. Where several things are written, its first line says so. The few that
//! commit in chunks, so that others do not wait for them, say that in their first line, and how they go on after they
//! were cut off: [`Presences::apply_sweep`], [`Presences::router_lost`], [`Checks::apply_checks`],
//! [`Checks::checks_failed`] and [`Maintenance::prune_history`].

mod bulk;
mod checks;
mod devices;
mod entities;
mod error;
mod feed;
mod maintenance;
mod people;
mod presence;
mod routers;
mod runs;
mod usage;

pub use bulk::Bulk;
pub use checks::Checks;
pub use devices::{DeviceFilter, DeviceSort, Devices};
pub use entities::{
    CustomerSort, Customers, Plans, ServiceFilter, ServiceSort, Services, SessionFilter, Sessions,
};
pub use error::{Reference, Result, StoreError, Taken, Trouble};
pub use feed::ChangeFeed;
pub use maintenance::Maintenance;
pub use people::{Audit, Members, PersonDraft, Token};
pub use presence::{Applied, HookReport, Presences, SweepApplied};
pub use routers::{RouterSort, Routers};
pub use runs::TenantRuns;
pub use usage::{UsageState, Usages};

use crate::model::{ApiKey, Census, Link, Login, Membership, Newcomer, Person, SignedIn, StatusCounts};
use async_trait::async_trait;
use imsys_domain::device::{Device, SnmpLogin};
use imsys_domain::router::Router;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{PersonId, RouterId, TenantId, Timestamp};
use std::net::IpAddr;
use std::sync::Arc;

/// Who acts, and when; every change by a person is audited under this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// An e-mail address, `key:<name>`, or `system`.
    pub name: String,
    /// Now.
    pub at: Timestamp,
}

impl Actor {
    /// The installation itself.
    pub fn system(at: Timestamp) -> Self {
        Self { name: "system".into(), at }
    }
}

/// How many batches of measurements wait at most.
pub const MEASURED_MOST: u32 = 10_000;

/// A process that serves a router, by a number that the next one to serve it outbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FencingToken {
    /// Which router.
    pub router: RouterId,
    /// From [`Store::next_fencing_token`].
    pub number: i64,
}

/// The store of the whole installation: what belongs to no single tenant, and the door to each.
#[async_trait]
pub trait Store: ChangeFeed + Maintenance + Send + Sync {
    /// The handle for one tenant's data. It does not check that the tenant exists: nothing is found
    /// behind the handle of one that does not.
    fn tenant(&self, id: TenantId, actor: Actor) -> Arc<dyn TenantStore>;

    /// The handle of a router's owner. When a newer token was issued since, its writes are refused with
    /// [`StoreError::Fenced`]: a process that slept through that does no harm.
    fn fenced(&self, tenant: TenantId, token: FencingToken, at: Timestamp) -> Arc<dyn TenantStore>;
    /// Issues the next token of a router; the ones before are fenced off from now on.
    async fn next_fencing_token(&self, router: RouterId) -> Result<FencingToken>;

    /// All tenants by name, with how much each has.
    async fn census(&self) -> Result<Vec<(Tenant, Census)>>;
    /// One tenant.
    async fn tenant_info(&self, id: TenantId) -> Result<Tenant>;
    /// Makes a tenant; its slug is unique.
    async fn create_tenant(&self, tenant: Tenant) -> Result<()>;
    /// Deletes a tenant and everything of it, its log too, for good and as one unit; the routers that were
    /// served for it. Who was a member there alone and does not manage tenants goes with it.
    async fn delete_tenant(&self, id: TenantId, at: Timestamp) -> Result<Vec<RouterId>>;

    /// A person by folded e-mail address.
    async fn person_by_email(&self, email: &str) -> Result<Person>;
    /// A person.
    async fn person(&self, id: PersonId) -> Result<Person>;
    /// Whether facts can be read and written at this moment.
    async fn health(&self) -> Result<()>;
    /// Whether somebody who can sign in manages the installation; until then it prints its first-run link.
    async fn is_managed(&self) -> Result<bool>;
    /// Makes a person, with a membership where one is given, as one unit.
    async fn create_person(&self, person: Person, membership: Option<Membership>) -> Result<()>;
    /// A person's memberships with their tenants, by tenant name.
    async fn memberships(&self, id: PersonId) -> Result<Vec<(Tenant, Membership)>>;

    /// Keeps a signed-in browser, and notes when the person was in its tenant, as one unit.
    async fn put_login(&self, login: Login) -> Result<()>;
    /// Finds one that is live at `now`, with its person and his memberships.
    async fn login(&self, hash: [u8; 32], now: Timestamp) -> Result<SignedIn>;
    /// Notes that it was used; the idle expiry counts from there.
    async fn use_login(&self, hash: [u8; 32], now: Timestamp) -> Result<()>;
    /// Makes a signed-in browser act in another tenant, and notes when the person was there, as one unit.
    async fn move_login(&self, hash: [u8; 32], tenant: TenantId, at: Timestamp) -> Result<()>;
    /// The browsers in which a person is signed in at `now`, last used first; 200 at most.
    async fn logins(&self, person: PersonId, now: Timestamp) -> Result<Vec<Login>>;
    /// Forgets one. Forgetting twice is fine.
    async fn end_login(&self, hash: [u8; 32]) -> Result<()>;

    /// Keeps a link.
    async fn put_link(&self, link: Link) -> Result<()>;
    /// Finds a link that works at `now`.
    async fn link(&self, hash: [u8; 32], now: Timestamp) -> Result<Link>;
    /// Does what a link is for and takes it away, as one unit: of several callers exactly one gets it.
    ///
    /// `First` and `Invite` make a person, as [`imsys_domain::entry`] decides, and `First` the tenant when the link
    /// names none; an address that has an account is `Exists`: its owner must [`Store::accept`]. `Reset` sets name and
    /// password and signs out every browser of the person; with a tenant in the link it works only while that is the
    /// person's only one, for a tenant's admin must not take over somebody whom others trust too. `Demo` is not found.
    async fn redeem(&self, hash: [u8; 32], newcomer: Newcomer) -> Result<PersonId>;
    /// Takes a `First` or `Invite` link as somebody who has an account and is signed in, and takes the link away, as one
    /// unit, as [`imsys_domain::entry`] decides; the tenant that the person has joined.
    async fn accept(&self, hash: [u8; 32], person: PersonId, at: Timestamp) -> Result<TenantId>;
    /// Replaces a person's password (argon2id, PHC string) and signs the person out everywhere but in the browser to
    /// `keep`, as one unit.
    async fn set_password(
        &self,
        person: PersonId,
        password: String,
        keep: [u8; 32],
        at: Timestamp,
    ) -> Result<()>;
    /// Takes an address, folded, from the account that has it, as one unit: its password and all its sign-ins end, its
    /// memberships stay for their admins to remove. Each of its tenants has a line about it. Whose account it was.
    async fn release(&self, email: &str, at: Timestamp) -> Result<PersonId>;

    /// An API key and its tenant, by the hash of the key, unless expired at `now`; its use is noted apart, once a minute.
    async fn api_key(&self, hash: [u8; 32], now: Timestamp) -> Result<(TenantId, ApiKey)>;

    /// The router of a webhook token.
    async fn router_by_token(&self, hash: [u8; 32]) -> Result<Router>;
    /// A router by its id alone, for webhooks that carry no token.
    async fn router_by_id(&self, id: RouterId) -> Result<Router>;
    /// Whether IMSys has logged in at an address to a router of another tenant than this one: an entry alone, which
    /// anybody can make, proves nothing.
    async fn is_shared(&self, address: IpAddr, tenant: TenantId) -> Result<bool>;
    /// Every router that is not archived, for the broker and the scheduler.
    async fn all_routers(&self) -> Result<Vec<Router>>;
    /// Every device that is not archived, for who asks them.
    async fn all_devices(&self) -> Result<Vec<Device>>;
    /// Hands measurements to the process that keeps the history. Where [`MEASURED_MOST`] wait already, as while there is no
    /// such process, the oldest go.
    async fn hand_over(&self, data: Vec<u8>) -> Result<()>;
    /// The first of those that wait, each with its number.
    async fn handed_over(&self, limit: u32) -> Result<Vec<(i64, Vec<u8>)>>;
    /// They are kept, up to this number.
    async fn taken_over(&self, up_to: i64) -> Result<()>;
    /// Every login for SNMP agents, for who asks devices.
    async fn all_snmp_logins(&self) -> Result<Vec<SnmpLogin>>;
    /// The newest token of each of the routers; number 0: none was issued yet.
    async fn fencing_tokens(&self) -> Result<Vec<FencingToken>>;
    /// Those that were connected when their state was last stored, with their tenants.
    async fn routers_up(&self) -> Result<Vec<(TenantId, RouterId)>>;
    /// Routers with work that was marked before `before` and is not done, for the scheduler, each with whether
    /// a person waits there.
    async fn old_marks(&self, before: Timestamp) -> Result<Vec<(TenantId, RouterId, bool)>>;
    /// Every tenant's settings, for the scheduler.
    async fn all_settings(&self) -> Result<Vec<(TenantId, Settings)>>;
    /// When the newest of what it knows was stored: of events, sign-ins in use and full syncs.
    async fn newest(&self) -> Result<Option<Timestamp>>;
    /// Services by status of every tenant that has any.
    async fn count_services(&self) -> Result<Vec<(TenantId, StatusCounts)>>;
    /// Keeps counts of services for the trends, each with its tenant and when they were counted, as one unit. The first
    /// of an interval of [`Range::Day`](imsys_domain::trend::Range) counts, for every range; later ones and those of
    /// tenants that are gone are left out.
    async fn note_counts(&self, counts: Vec<(TenantId, Timestamp, StatusCounts)>) -> Result<()>;
}

/// One tenant's data in the hands of one actor.
pub trait TenantStore:
    Presences
    + Checks
    + Devices
    + Usages
    + Routers
    + TenantRuns
    + Customers
    + Plans
    + Services
    + Bulk
    + Sessions
    + Members
    + Audit
{
}

impl<T> TenantStore for T where
    T: Presences
        + Checks
        + Devices
        + Usages
        + Routers
        + TenantRuns
        + Customers
        + Plans
        + Services
        + Bulk
        + Sessions
        + Members
        + Audit
{
}
