//! Where every clause starts: a store with two tenants, and short ways to make what a clause needs.

use crate::model::{Parcel, Service};
use crate::page::{Ask, Page};
use crate::port::{Actor, Applied, Result, Store, TenantStore};
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::mac::Mac;
use imsys_domain::money::Money;
use imsys_domain::plan::{Period, Plan, PlanData};
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{BulkId, CustomerId, PlanId, RouterId, ServiceId, TenantId, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// What must have worked, for a clause to go on.
pub trait Must<T> {
    /// The value.
    ///
    /// # Panics
    /// When there is an error instead.
    fn must(self) -> T;
}

impl<T> Must<T> for Result<T> {
    #[track_caller]
    fn must(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{} failed: {error}", std::panic::Location::caller()),
        }
    }
}

/// Seconds after noon of some day.
pub const fn at(seconds: i64) -> Timestamp {
    Timestamp(1_767_268_800_000).plus_seconds(seconds)
}

/// Two tenants in one store.
#[derive(Clone)]
pub struct Town {
    /// The whole store.
    pub store: Arc<dyn Store>,
    /// The tenant that a clause is about.
    pub tenant: TenantId,
    /// Its handle; the actor is `ada` at noon.
    pub ours: Arc<dyn TenantStore>,
    /// The handle of the other tenant.
    pub theirs: Arc<dyn TenantStore>,
    made: Arc<AtomicU64>,
}

impl Town {
    /// Drops all that is old; how many records went.
    pub async fn prune(&self, now: Timestamp) -> u64 {
        self.store.prune_expired(now).await.must() + self.store.prune_history(self.tenant, now).await.must()
    }

    /// Makes both tenants in an empty store.
    pub async fn found(store: Arc<dyn Store>) -> Self {
        let made = Arc::new(AtomicU64::new(1));
        let (ours, theirs) = (TenantId(fresh(&made)), TenantId(fresh(&made)));
        for (id, slug) in [(ours, "ours"), (theirs, "theirs")] {
            store.create_tenant(tenant(id, slug)).await.must();
        }
        let ada = Actor { name: "ada".into(), at: at(0) };
        let handle = |id| store.tenant(id, ada.clone());
        Self { tenant: ours, ours: handle(ours), theirs: handle(theirs), store, made }
    }

    /// An id that nothing has. Later ones are greater.
    pub fn fresh(&self) -> Uuid {
        fresh(&self.made)
    }

    /// The same town through the handle of a tenant of its own.
    pub(super) async fn district(&self, slug: &str) -> Self {
        let id = TenantId(self.fresh());
        self.store.create_tenant(tenant(id, slug)).await.must();
        let ours = self.store.tenant(id, Actor { name: "ada".into(), at: at(0) });
        Self { tenant: id, ours, ..self.clone() }
    }

    /// Our handle at another time.
    pub(super) fn ours_at(&self, at: Timestamp) -> Arc<dyn TenantStore> {
        self.store.tenant(self.tenant, Actor { name: "ada".into(), at })
    }

    /// A router of ours.
    pub async fn router(&self, name: &str) -> RouterId {
        let router = self.new_router(name);
        let id = router.id;
        self.ours.create_router(router).await.must();
        id
    }

    /// A router of ours that is not stored; its address is like no other's.
    pub(crate) fn new_router(&self, name: &str) -> Router {
        let id = self.fresh();
        let [.., c, d] = *id.as_bytes();
        let config = RouterConfig {
            name: name.into(),
            address: [10, 0, c, d].into(),
            port: 8728,
            tls: None,
            legacy_login: false,
            routed: Vec::new(),
            username: "api".into(),
            password: "v1.key.nonce.text".into(),
            paused: false,
        };
        let mut token = [7; 32];
        token[..16].copy_from_slice(id.as_bytes());
        Router {
            id: RouterId(id),
            tenant: self.tenant,
            rev: 1,
            edition: 1,
            config,
            token,
            state: RouterState::New,
            since: at(0),
            reason: None,
            listening: Listening::Off,
            swept: None,
            facts: RouterFacts::default(),
            created: at(0),
            archived: None,
        }
    }

    /// A customer of ours.
    pub async fn customer(&self, name: &str) -> CustomerId {
        let id = CustomerId(self.fresh());
        self.ours.create_customer(customer(id, name)).await.must();
        id
    }

    /// A plan of ours.
    pub(super) async fn plan(&self, name: &str) -> PlanId {
        let id = PlanId(self.fresh());
        self.ours.create_plan(plan(id, name)).await.must();
        id
    }

    /// A service of ours, without customer and plan.
    pub async fn service(&self, router: RouterId, username: &str) -> Service {
        self.create(pppoe(router, username)).await
    }

    /// A service of ours.
    pub(super) async fn create(&self, data: ServiceData) -> Service {
        self.ours.create_service(ServiceId(self.fresh()), at(0), data).await.must()
    }

    /// Customers and services that come in at second 5.
    pub(super) fn parcel(&self, customers: Vec<Customer>, services: Vec<(ServiceId, ServiceData)>) -> Parcel {
        Parcel { customers, services, ..Parcel::new(BulkId(self.fresh()), at(5)) }
    }

    /// on-up of session `key` at second `second`.
    pub async fn up(&self, router: RouterId, user: &str, key: &str, second: i64) -> Applied {
        self.ours.apply_presence(router, user, up(key, second)).await.must()
    }

    /// on-down of session `key` at second `second`.
    pub async fn down(&self, router: RouterId, user: &str, key: &str, second: i64) -> Applied {
        self.ours.apply_presence(router, user, down(key, second)).await.must()
    }
}

fn fresh(made: &AtomicU64) -> Uuid {
    let number = made.fetch_add(1, Ordering::Relaxed);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    RouterId::new(at(0), random).0
}

/// A tenant called by its short name.
pub(super) fn tenant(id: TenantId, slug: &str) -> Tenant {
    Tenant { id, name: slug.into(), slug: slug.into(), created: at(0), settings: Settings::default() }
}

pub(super) fn customer(id: CustomerId, name: &str) -> Customer {
    let data = CustomerData { name: name.into(), ..CustomerData::default() };
    Customer { id, edition: 1, data, created: at(0), archived: None }
}

pub(super) fn plan(id: PlanId, name: &str) -> Plan {
    Plan { id, edition: 1, data: plan_data(name), created: at(0), archived: None }
}

pub(super) fn plan_data(name: &str) -> PlanData {
    let price = Money { minor: 250_000, currency: "KES".into() };
    PlanData { name: name.into(), price, period: Period::Month, down_kbps: Some(10_000), up_kbps: None }
}

/// A PPPoE line without customer and plan.
pub(super) fn pppoe(router: RouterId, username: &str) -> ServiceData {
    let access = Access::Pppoe { username: username.into() };
    ServiceData {
        router,
        access,
        customer: None,
        plan: None,
        suspended: false,
        mode: EnforcementMode::Observe,
    }
}

/// A static line without customer and plan.
pub(super) fn fixed(router: RouterId, address: [u8; 4], vrf: Option<&str>) -> ServiceData {
    let access = Access::Static {
        address: address.into(),
        mac: "aa:bb:cc:00:11:22".parse().ok(),
        interface: Some("ether2".into()),
        vrf: vrf.map(str::to_owned),
    };
    ServiceData { access, ..pppoe(router, "") }
}

/// A line by DHCP without customer and plan.
pub(super) fn by_dhcp(router: RouterId, last: u8) -> ServiceData {
    let mac = Mac::from([0x02, 0, 0x5E, 0, 0x53, last]);
    ServiceData { access: Access::Dhcp { mac }, ..pppoe(router, "") }
}

pub(super) fn up(key: &str, second: i64) -> Observation {
    Observation::HookUp { at: at(second), key: Some(HookKey(key.into())), endpoint: Endpoint::default() }
}

pub(super) fn down(key: &str, second: i64) -> Observation {
    Observation::HookDown { at: at(second), key: Some(HookKey(key.into())) }
}

/// Everything that a list would show, on one page.
pub(super) fn all<S>(sort: S) -> Ask<S> {
    Ask { limit: 1000, ..Ask::first(sort) }
}

/// The items of a page that must be the only one.
#[track_caller]
pub(super) fn only<T>(page: Result<Page<T>>) -> Vec<T> {
    let page = page.must();
    assert_eq!((page.next, page.total), (None, page.items.len() as u64), "everything is on one page");
    page.items
}
