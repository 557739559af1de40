//! Two tenants. Every text that a person or a router put into the other one carries the canary.

use crate::support::{Client, Instance, house_with};
use imsys::jobs::ROUTERS;
use imsys::secrets::Place;
use imsys::{tenants, token};
use imsys_domain::access::Role;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::device::{
    Device, DeviceData, Figure, Figures, Finding, PollFinding, PollReport, PortFacts, Reach, Report,
    SnmpAccess, SnmpIdentity, SnmpLogin, SnmpLoginData, SnmpVersion,
};
use imsys_domain::money::Money;
use imsys_domain::plan::{Period, Plan, PlanData};
use imsys_domain::presence::{Endpoint, Observation};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::tenant::Settings;
use imsys_domain::{
    BulkId, CustomerId, DeviceId, PersonId, PlanId, RouterId, ServiceId, SnmpLoginId, TenantId,
};
use imsys_queue::{JobState, NewJob};
use imsys_store::model::{BulkAct, Holder, LinkKind};
use imsys_store::page::Ask;
use imsys_store::port::{
    CustomerSort, DeviceFilter, DeviceSort, PersonDraft, RouterSort, ServiceFilter, ServiceSort,
    SessionFilter,
};
use imsys_store::{Actor, TenantStore};
use serde_json::json;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Stands in every text inside the other tenant.
pub(super) const CANARY: &str = "kanarie-in-the-mine";
/// Stands in its name, which who manages tenants may see.
pub(super) const TENANT_NAME: &str = "Nachbar";
/// Stands in the router passwords of both.
pub(super) const SECRET: &str = "geheim-behind-the-seal";

/// Whom every router speaks of and nobody has registered.
pub(super) const STRANGER: &str = "stranger";

/// What a path's `{id}` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Nothing,
    Customer,
    Plan,
    Router,
    Device,
    /// A login for SNMP.
    Login,
    Service,
    /// An act on many services.
    Bulk,
    Member,
    Key,
    Job,
    Tenant,
    /// A tenant that may be changed or joined without making anybody a member of the two.
    Elsewhere,
}

/// One of each thing.
#[derive(Clone)]
pub(super) struct Refs {
    pub(super) customer: String,
    pub(super) plan: String,
    pub(super) router: String,
    pub(super) device: String,
    pub(super) login: String,
    pub(super) service: String,
    pub(super) bulk: String,
    pub(super) member: String,
    pub(super) key: String,
    /// A number, which is no secret: left out of [`Refs::all`].
    pub(super) job: String,
    pub(super) tenant: String,
    pub(super) elsewhere: String,
    /// Never twice.
    pub(super) word: String,
}

impl Refs {
    /// Ids of nothing.
    pub(super) fn unknown() -> Self {
        let id = || uuid::Uuid::from_bytes(token::random()).to_string();
        Self {
            customer: id(),
            plan: id(),
            router: id(),
            device: id(),
            login: id(),
            service: id(),
            bulk: id(),
            member: id(),
            key: id(),
            job: id(),
            tenant: id(),
            elsewhere: id(),
            word: token::fresh(),
        }
    }

    pub(super) fn id(&self, thing: Thing) -> String {
        match thing {
            Thing::Nothing => String::new(),
            Thing::Customer => self.customer.clone(),
            Thing::Plan => self.plan.clone(),
            Thing::Router => self.router.clone(),
            Thing::Device => self.device.clone(),
            Thing::Login => self.login.clone(),
            Thing::Service => self.service.clone(),
            Thing::Bulk => self.bulk.clone(),
            Thing::Member => self.member.clone(),
            Thing::Key => self.key.clone(),
            Thing::Job => self.job.clone(),
            Thing::Tenant => self.tenant.clone(),
            Thing::Elsewhere => self.elsewhere.clone(),
        }
    }

    /// Every id that is inside the tenant, and the tenant's own.
    pub(super) fn all(&self) -> Vec<String> {
        let Self { customer, plan, router, device, login, service, bulk, member, key, tenant, .. } = self;
        [customer, plan, router, device, login, service, bulk, member, key, tenant].map(Clone::clone).to_vec()
    }
}

pub(super) struct World {
    pub(super) instance: Instance,
    pub(super) ours: TenantId,
    pub(super) theirs: Refs,
    pub(super) people: HashMap<Role, PersonId>,
    pub(super) programs: HashMap<Role, Client>,
    pub(super) manager: PersonId,
    own: Refs,
    count: AtomicU32,
}

impl World {
    pub(super) async fn new() -> Self {
        let instance = house_with(|config| config.network.allow_loopback = true).await;
        let ours = instance.tenant("Ours").await;
        let other = instance.tenant(TENANT_NAME).await;
        let (mut people, mut programs) = (HashMap::new(), HashMap::new());
        for role in Role::ALL {
            let email = format!("{}@ours.example", role.name());
            people.insert(role, instance.person(&email, Some((ours, role))).await);
            programs.insert(role, instance.program(ours, role).await);
        }
        // Somebody who stays admin, so that no request meets the last one.
        instance.person("owner@ours.example", Some((ours, Role::Admin))).await;
        let manager = instance.person("manager@platform.example", None).await;
        let blank = Refs::unknown();
        let count = AtomicU32::new(0);
        let mut world =
            Self { instance, ours, theirs: blank.clone(), people, programs, manager, own: blank, count };
        world.own = world.fill(ours, "ours").await;
        world.theirs = world.fill(other, CANARY).await;
        let _seen = world.instance.app.store.tenant_info(other).await.unwrap();
        world
    }

    /// A thing of our own that no request has named yet, among those that may be named again.
    pub(super) async fn fresh(&self, thing: Thing) -> Refs {
        let store = self.store(self.ours);
        let mut refs = Refs { word: self.word("ours"), ..self.own.clone() };
        match thing {
            Thing::Nothing | Thing::Tenant => {}
            Thing::Customer => refs.customer = self.customer(&*store, "ours").await.to_string(),
            Thing::Plan => refs.plan = self.plan(&*store, "ours").await.to_string(),
            Thing::Router => refs.router = self.router(&*store, self.ours, "ours").await.to_string(),
            Thing::Device => {
                let router = self.own.router.parse().unwrap();
                refs.device = self.device(&*store, self.ours, router, "ours").await.to_string();
            }
            Thing::Login => refs.login = self.login(&*store, self.ours, "ours").await.to_string(),
            Thing::Service => {
                let router = self.own.router.parse().unwrap();
                refs.service = self.service(&*store, router, None, None, "ours").await.to_string();
            }
            Thing::Bulk => {
                let (router, plan) = (self.own.router.parse().unwrap(), self.own.plan.parse().unwrap());
                refs.bulk = self.bulk(&*store, router, plan, "ours").await.to_string();
            }
            Thing::Member => refs.member = self.member(&*store, "ours").await.to_string(),
            Thing::Key => refs.key = self.key(&*store, "ours").await,
            Thing::Job => refs.job = self.job(self.ours, "ours").await,
            Thing::Elsewhere => refs.elsewhere = self.instance.tenant("Elsewhere").await.to_string(),
        }
        refs
    }

    /// All that can be read of the other tenant, to see whether it changed.
    pub(super) async fn their_state(&self) -> String {
        let store = self.store(self.theirs.tenant.parse().unwrap());
        let filter = ServiceFilter::default();
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            store.info().await.unwrap(),
            (store.members().await.unwrap(), store.invitations().await.unwrap()),
            store.api_keys().await.unwrap(),
            store.audit(Ask::first(())).await.unwrap(),
            store.customers(false, Ask::first(CustomerSort::Name)).await.unwrap(),
            store.plans(false, Ask::first(())).await.unwrap(),
            store.routers(false, Ask::first(RouterSort::Name)).await.unwrap(),
            settings_of_devices(&*store).await,
            store.snmp_logins().await.unwrap(),
            store.services(filter, Ask::first(ServiceSort::Username)).await.unwrap(),
            store.sessions(SessionFilter::default(), Ask::first(())).await.unwrap(),
        )
    }

    fn store(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        let at = self.instance.now();
        self.instance.app.store.tenant(tenant, Actor::system(at))
    }

    fn word(&self, mark: &str) -> String {
        format!("{mark}-{}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// One of everything, connected, with history.
    async fn fill(&self, tenant: TenantId, mark: &str) -> Refs {
        let actor = Actor { name: format!("{mark}@filler.example"), at: self.instance.now() };
        let store = self.instance.app.store.tenant(tenant, actor);
        let info = store.info().await.unwrap();
        let settings = Settings { webhook_url: Some(format!("http://{mark}.example")), ..info.settings };
        store.set_settings(info.name, settings).await.unwrap();
        let router = self.router(&*store, tenant, mark).await;
        let (customer, plan) = (self.customer(&*store, mark).await, self.plan(&*store, mark).await);
        let service = self.service(&*store, router, Some(customer), Some(plan), mark).await;
        let user = match store.service(service).await.unwrap().data.access {
            Access::Pppoe { username } => username,
            Access::Static { .. } | Access::Dhcp { .. } => unreachable!("made as PPPoE"),
        };
        self.fixed_line(&*store, router, mark).await;
        let at = self.instance.now();
        let endpoint = Endpoint { mac: Some(self.word(mark)), address: Some(self.word(mark)) };
        for observation in [
            Observation::HookUp { at, key: None, endpoint: endpoint.clone() },
            Observation::HookDown { at: at.plus_seconds(60), key: None },
            Observation::HookUp { at: at.plus_seconds(90), key: None, endpoint: endpoint.clone() },
        ] {
            store.apply_presence(router, &user, observation).await.unwrap();
        }
        let unknown = Observation::HookUp { at, key: None, endpoint };
        store.apply_presence(router, &self.word(mark), unknown).await.unwrap();
        let facts = store.router(router).await.unwrap().facts;
        store.router_found(router, at.plus_seconds(110), facts).await.unwrap();
        store.router_lost(router, at.plus_seconds(120), &self.word(mark)).await.unwrap();
        let later = NewJob::new(self.word(mark), json!({ "tenantId": tenant, "routerId": router }));
        self.instance.app.queue.add(ROUTERS, later.delay(Duration::from_secs(3600))).await.unwrap();
        Refs {
            customer: customer.to_string(),
            plan: plan.to_string(),
            router: router.to_string(),
            device: self.device(&*store, tenant, router, mark).await.to_string(),
            login: self.login(&*store, tenant, mark).await.to_string(),
            service: service.to_string(),
            bulk: self.bulk(&*store, router, plan, mark).await.to_string(),
            member: self.member(&*store, mark).await.to_string(),
            key: self.key(&*store, mark).await,
            job: self.job(tenant, mark).await,
            tenant: tenant.to_string(),
            elsewhere: self.instance.tenant("Elsewhere").await.to_string(),
            word: self.word("named"),
        }
    }

    async fn customer(&self, store: &dyn TenantStore, mark: &str) -> CustomerId {
        let id = CustomerId::new(self.instance.now(), token::random());
        let text = || Some(self.word(mark));
        let data = CustomerData {
            name: self.word(mark),
            email: Some(format!("{}@example.net", self.word(mark))),
            phone: text(),
            address: text(),
            reference: text(),
            notes: text(),
        };
        let created = self.instance.now();
        store.create_customer(Customer { id, edition: 1, data, created, archived: None }).await.unwrap();
        id
    }

    async fn plan(&self, store: &dyn TenantStore, mark: &str) -> PlanId {
        let id = PlanId::new(self.instance.now(), token::random());
        let price = Money { minor: 1, currency: "KES".into() };
        let data =
            PlanData { name: self.word(mark), price, period: Period::Month, down_kbps: None, up_kbps: None };
        let created = self.instance.now();
        store.create_plan(Plan { id, edition: 1, data, created, archived: None }).await.unwrap();
        id
    }

    async fn router(&self, store: &dyn TenantStore, tenant: TenantId, mark: &str) -> RouterId {
        let (id, now) = (RouterId::new(self.instance.now(), token::random()), self.instance.now());
        let place = Place::router_password(tenant, id);
        let text = || Some(self.word(mark));
        let config = RouterConfig {
            name: self.word(mark),
            address: IpAddr::from(Ipv4Addr::from(0x0AFF_0000 + self.count.fetch_add(1, Ordering::Relaxed)))
                .into(),
            port: 8728,
            tls: None,
            legacy_login: false,
            routed: Vec::new(),
            username: self.word(mark),
            password: self.instance.app.secrets.seal(place, &format!("{SECRET}\n{}", token::fresh())),
            paused: false,
        };
        let router = Router {
            id,
            tenant,
            rev: 1,
            edition: 1,
            config,
            token: token::digest(&token::fresh()),
            state: RouterState::New,
            since: now,
            reason: None,
            listening: Listening::Off,
            swept: None,
            facts: RouterFacts { identity: text(), version: text(), board: text(), ..RouterFacts::default() },
            created: now,
            archived: None,
        };
        store.create_router(router).await.unwrap();
        let unknown = Observation::HookUp { at: now, key: None, endpoint: Endpoint::default() };
        store.apply_presence(id, STRANGER, unknown).await.unwrap();
        id
    }

    /// One that nobody asks: no router of the walk can be reached.
    async fn device(
        &self,
        store: &dyn TenantStore,
        tenant: TenantId,
        router: RouterId,
        mark: &str,
    ) -> DeviceId {
        let (id, now) = (DeviceId::new(self.instance.now(), token::random()), self.instance.now());
        let data = DeviceData {
            name: self.word(mark),
            address: Ipv4Addr::from(0x0A62_0000 + self.count.fetch_add(1, Ordering::Relaxed)).into(),
            router: Some(router),
            reach: Reach::Router,
            watched: false,
            snmp: None,
        };
        let device = Device::new(id, tenant, data, now);
        let place = device.data.place();
        store.create_device(device).await.unwrap();
        let down = Report { device: id, place, at: now, finding: Finding::Down };
        store.device_reports(vec![down]).await.unwrap();
        let word = || self.word(mark);
        let identity =
            SnmpIdentity { family: "airos".into(), os: "airOS".into(), name: word(), description: word() };
        let reading = Figure {
            class: "signal".into(),
            index: "1".into(),
            name: word(),
            unit: "dBm".into(),
            oid: "1.3".into(),
            state: Some(word()),
            station: None,
        };
        let port = PortFacts {
            index: 1,
            name: word(),
            description: word(),
            alias: word(),
            mac: None,
            speed: None,
            enabled: None,
            link: None,
        };
        let figures = Some(Figures { readings: vec![reading], ports: vec![port] });
        let finding = PollFinding::Answers { login: None, identity, figures };
        let poll = PollReport { device: id, address: place.address, at: now, finding };
        store.device_polls(vec![poll]).await.unwrap();
        id
    }

    async fn service(
        &self,
        store: &dyn TenantStore,
        router: RouterId,
        customer: Option<CustomerId>,
        plan: Option<PlanId>,
        mark: &str,
    ) -> ServiceId {
        let access = Access::Pppoe { username: self.word(mark) };
        self.line(store, ServiceData { customer, plan, ..on(router, access) }).await
    }

    /// A service gets a plan by an act on many.
    async fn bulk(&self, store: &dyn TenantStore, router: RouterId, plan: PlanId, mark: &str) -> BulkId {
        let service = self.service(store, router, None, None, mark).await;
        let id = BulkId::new(self.instance.now(), token::random());
        store.bulk(id, vec![service], BulkAct::Plan(Some(plan))).await.unwrap();
        id
    }

    async fn fixed_line(&self, store: &dyn TenantStore, router: RouterId, mark: &str) -> ServiceId {
        let address = Ipv4Addr::from(0x6440_0000 + self.count.fetch_add(1, Ordering::Relaxed));
        let interface = Some(self.word(mark));
        let access = Access::Static { address, mac: None, interface, vrf: Some(self.word(mark)) };
        self.line(store, on(router, access)).await
    }

    async fn line(&self, store: &dyn TenantStore, data: ServiceData) -> ServiceId {
        let id = ServiceId::new(self.instance.now(), token::random());
        store.create_service(id, self.instance.now(), data).await.unwrap().id
    }

    async fn member(&self, store: &dyn TenantStore, mark: &str) -> PersonId {
        let created = self.instance.now();
        let (invite, _) = tenants::links::fresh(&self.instance.app, LinkKind::Invite);
        let draft = PersonDraft {
            id: PersonId::new(created, token::random()),
            email: format!("{}@example.net", self.word(mark)),
            name: self.word(mark),
            role: Role::Support,
            created,
            invite,
        };
        let id = draft.id;
        store.invite(draft).await.unwrap();
        id
    }

    /// A job that has failed, because its data names no router that there can be.
    async fn job(&self, tenant: TenantId, mark: &str) -> String {
        let (queue, name) = (&self.instance.app.queue, self.word(mark));
        let data = json!({ "tenantId": tenant, "routerId": self.word(mark) });
        let job = NewJob { attempts: 1, ..NewJob::new(name.clone(), data) };
        queue.add(ROUTERS, job).await.unwrap();
        loop {
            let failed = queue.jobs(ROUTERS, JobState::Failed, 100).await.unwrap();
            if let Some(job) = failed.into_iter().find(|job| job.name == name) {
                return job.id;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn login(&self, store: &dyn TenantStore, tenant: TenantId, mark: &str) -> SnmpLoginId {
        let created = self.instance.now();
        let id = SnmpLoginId::new(created, token::random());
        let place = Place::of(tenant, Holder::SnmpLogin(id));
        let secret =
            self.instance.app.secrets.seal(place, &format!(r#"{{"Community":"{}"}}"#, self.word(mark)));
        let access = SnmpAccess { version: SnmpVersion::V2c, port: 161, secret };
        let networks = vec!["198.51.100.0/24".parse().unwrap()];
        let data = SnmpLoginData { name: self.word(mark), access, routers: vec![], networks };
        let login = SnmpLogin { id, tenant, edition: 1, data, created };
        store.create_snmp_login(login).await.unwrap();
        id
    }

    async fn key(&self, store: &dyn TenantStore, mark: &str) -> String {
        let made = tenants::make_key(store, self.word(mark), Role::ReadOnly, None, self.instance.now()).await;
        made.unwrap().0.id.to_string()
    }
}

/// Without how they are: they are asked meanwhile.
async fn settings_of_devices(store: &dyn TenantStore) -> Vec<(DeviceId, i64, DeviceData)> {
    let page = store.devices(DeviceFilter::default(), Ask::first(DeviceSort::Name)).await.unwrap();
    page.items.into_iter().map(|device| (device.id, device.edition, device.data)).collect()
}

fn on(router: RouterId, access: Access) -> ServiceData {
    let mode = EnforcementMode::Observe;
    ServiceData { router, access, customer: None, plan: None, suspended: false, mode }
}
