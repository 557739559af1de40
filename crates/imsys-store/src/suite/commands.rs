//! Random commands, to a store and to a replica in memory: every answer and every view must agree.

use super::dice::Dice;
use super::replica::{Replica, anonymous};
use super::town::{Must, Town, all, at, by_dhcp, customer, fixed, only, plan, plan_data, pppoe};
use crate::model::{Service, ServiceChange};
use crate::port::{
    Applied, Result, RouterSort, ServiceFilter, ServiceSort, SessionFilter, StoreError, TenantStore,
};
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::plan::{Plan, PlanData};
use imsys_domain::presence::{Endpoint, HookKey, Observation, Row, RowKey, Sweep};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts};
use imsys_domain::service::ServiceData;
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use std::collections::HashMap;
use std::fmt::Debug;
use std::future::poll_fn;
use std::task::Poll;
use uuid::Uuid;

/// How many seeds are lived through, unless `IMSYS_SEEDS` says otherwise.
const SEEDS: u64 = 30;
const COMMANDS: usize = 300;
const USERS: [&str; 7] = ["ana", "bob", "Ana", "eve 2", "ç", "x=y&z", "zoë"];

#[derive(Clone, Debug)]
enum Command {
    CreateRouter(Box<Router>),
    UpdateRouter(RouterId, Option<i64>, RouterConfig),
    ArchiveRouter(RouterId),
    RestoreRouter(RouterId, [u8; 32]),
    Found(RouterId, RouterFacts),
    Lost(RouterId),
    Listen(RouterId, Listening),
    CreateCustomer(Customer),
    UpdateCustomer(CustomerId, Option<i64>, CustomerData),
    ArchiveCustomer(CustomerId),
    RestoreCustomer(CustomerId),
    EraseHistory(CustomerId),
    CreatePlan(Plan),
    UpdatePlan(PlanId, Option<i64>, PlanData),
    ArchivePlan(PlanId),
    RestorePlan(PlanId),
    CreateService(ServiceId, ServiceData),
    UpdateService(ServiceId, Option<i64>, ServiceData),
    ArchiveService(ServiceId),
    RestoreService(ServiceId),
    Observe(RouterId, Vec<(String, Observation)>),
    /// The same, each by a caller of its own, all at once.
    Storm(RouterId, Vec<(String, Observation)>),
    Sweep(RouterId, Sweep),
    ForgetUnknown(RouterId, String),
}

/// An answer without what two stores may say differently.
type Answer = std::result::Result<String, StoreError>;

fn answer<T: Debug>(result: Result<T>) -> Answer {
    result.map(|value| format!("{value:?}"))
}

fn plain_service(service: Service) -> Service {
    Service { rev: 0, ..service }
}

fn plain_change(change: ServiceChange) -> ServiceChange {
    ServiceChange { rev: 0, ..change }
}

fn plain_changes(changes: Vec<ServiceChange>) -> Vec<ServiceChange> {
    let mut plain: Vec<_> = changes.into_iter().map(plain_change).collect();
    plain.sort_by_key(|change| change.id);
    plain
}

fn plain_applied(applied: Applied) -> Applied {
    match applied {
        Applied::Known { outcome, change, ask } => {
            Applied::Known { outcome, change: change.map(plain_change), ask }
        }
        Applied::UnknownUser => Applied::UnknownUser,
    }
}

fn plain_all(applied: Vec<Applied>) -> Vec<Applied> {
    applied.into_iter().map(plain_applied).collect()
}

impl Command {
    async fn tell(self, store: &dyn TenantStore, now: Timestamp) -> Answer {
        match self {
            Self::CreateRouter(router) => answer(store.create_router(*router).await),
            Self::UpdateRouter(id, edition, config) => {
                answer(store.update_router(id, edition, config).await.map(|_| ()))
            }
            Self::ArchiveRouter(id) => answer(store.archive_router(id).await),
            Self::RestoreRouter(id, token) => answer(store.restore_router(id, token).await.map(|_| ())),
            Self::Found(id, facts) => answer(store.router_found(id, now, facts).await.map(|_| ())),
            Self::Lost(id) => answer(store.router_lost(id, now, "timed out").await.map(plain_changes)),
            Self::Listen(id, on) => answer(store.set_listening(id, on).await),
            Self::CreateCustomer(customer) => answer(store.create_customer(customer).await),
            Self::UpdateCustomer(id, edition, data) => {
                answer(store.update_customer(id, edition, data).await.map(|_| ()))
            }
            Self::ArchiveCustomer(id) => answer(store.archive_customer(id).await),
            Self::RestoreCustomer(id) => answer(store.restore_customer(id).await.map(|_| ())),
            Self::EraseHistory(id) => answer(store.erase_history(id).await.map(|_| ())),
            Self::CreatePlan(plan) => answer(store.create_plan(plan).await),
            Self::UpdatePlan(id, edition, data) => {
                answer(store.update_plan(id, edition, data).await.map(|_| ()))
            }
            Self::ArchivePlan(id) => answer(store.archive_plan(id).await),
            Self::RestorePlan(id) => answer(store.restore_plan(id).await.map(|_| ())),
            Self::CreateService(id, data) => {
                answer(store.create_service(id, now, data).await.map(plain_service))
            }
            Self::UpdateService(id, edition, data) => {
                answer(store.update_service(id, edition, data).await.map(plain_service))
            }
            Self::ArchiveService(id) => answer(store.archive_service(id).await),
            Self::RestoreService(id) => answer(store.restore_service(id).await.map(|_| ())),
            Self::Observe(router, told) => match <[_; 1]>::try_from(told) {
                Ok([(user, one)]) => {
                    answer(store.apply_presence(router, &user, one).await.map(|a| vec![plain_applied(a)]))
                }
                Err(many) => answer(store.apply_presences(router, many).await.map(plain_all)),
            },
            Self::Storm(router, told) => answer(storm(store, router, &told).await.map(plain_all)),
            Self::Sweep(router, sweep) => {
                let done = store.apply_sweep(router, sweep).await;
                answer(done.map(|done| (plain_changes(done.changes), done.unknown)))
            }
            Self::ForgetUnknown(router, user) => answer(store.forget_unknown_user(router, &user).await),
        }
    }

    fn tell_replica(self, replica: &mut Replica, now: Timestamp) -> Answer {
        match self {
            Self::CreateRouter(router) => answer(replica.create_router(*router)),
            Self::UpdateRouter(id, edition, config) => answer(replica.update_router(id, edition, config)),
            Self::ArchiveRouter(id) => answer(replica.archive_router(id, now)),
            Self::RestoreRouter(id, token) => answer(replica.restore_router(id, token, now)),
            Self::Found(id, facts) => answer(replica.router_found(id, now, facts)),
            Self::Lost(id) => answer(replica.router_lost(id, now, "timed out").map(plain_changes)),
            Self::Listen(id, on) => answer(replica.set_listening(id, on)),
            Self::CreateCustomer(customer) => answer(replica.create_customer(customer)),
            Self::UpdateCustomer(id, edition, data) => answer(replica.update_customer(id, edition, data)),
            Self::ArchiveCustomer(id) => answer(replica.archive_customer(id, now)),
            Self::RestoreCustomer(id) => answer(replica.restore_customer(id)),
            Self::EraseHistory(id) => answer(replica.erase_history(id)),
            Self::CreatePlan(plan) => answer(replica.create_plan(plan)),
            Self::UpdatePlan(id, edition, data) => answer(replica.update_plan(id, edition, data)),
            Self::ArchivePlan(id) => answer(replica.archive_plan(id, now)),
            Self::RestorePlan(id) => answer(replica.restore_plan(id)),
            Self::CreateService(id, data) => answer(replica.create_service(id, now, data)),
            Self::UpdateService(id, edition, data) => answer(replica.update_service(id, edition, data, now)),
            Self::ArchiveService(id) => answer(replica.archive_service(id, now)),
            Self::RestoreService(id) => answer(replica.restore_service(id, now)),
            Self::Observe(router, told) | Self::Storm(router, told) => answer(replica.observe(router, told)),
            Self::Sweep(router, sweep) => {
                let done = replica.sweep(router, &sweep);
                answer(done.map(|done| (plain_changes(done.changes), done.unknown)))
            }
            Self::ForgetUnknown(router, user) => answer(replica.forget_unknown(router, &user)),
        }
    }
}

/// Many callers, who come in this order and wait together.
async fn storm(
    store: &dyn TenantStore,
    router: RouterId,
    told: &[(String, Observation)],
) -> Result<Vec<Applied>> {
    let mut waiting: Vec<_> =
        told.iter().map(|(user, seen)| (store.apply_presence(router, user, seen.clone()), None)).collect();
    poll_fn(|cx| {
        for (call, answer) in waiting.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let Poll::Ready(answered) = call.as_mut().poll(cx) {
                *answer = Some(answered);
            }
        }
        if waiting.iter().all(|(_, answer)| answer.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}

/// One life: a tenant, its replica, and what comes next.
struct Life {
    town: Town,
    replica: Replica,
    dice: Dice,
    now: Timestamp,
    revisions: HashMap<ServiceId, (i64, Service)>,
}

impl Life {
    fn next_command(&mut self) -> Command {
        match self.dice.below(43) {
            0 => Command::CreateRouter(self.new_router().into()),
            1 => Command::UpdateRouter(self.a_router(), self.an_edition(), self.new_router().config),
            2 if self.dice.once_in(4) => Command::ArchiveRouter(self.a_router()),
            2 | 3 => Command::Found(self.a_router(), self.facts()),
            4 => Command::Lost(self.a_router()),
            5 => {
                let listening = *self.dice.pick(&[Listening::Off, Listening::On, Listening::Deaf]);
                Command::Listen(self.a_router(), listening)
            }
            6 => Command::CreateCustomer(customer(CustomerId(self.town.fresh()), self.word())),
            7 => Command::UpdateCustomer(self.a_customer(), self.an_edition(), self.customer_data()),
            8 => Command::ArchiveCustomer(self.a_customer()),
            9 if self.dice.once_in(4) => Command::EraseHistory(self.a_customer()),
            9 | 10 => Command::CreatePlan(plan(PlanId(self.town.fresh()), self.word())),
            11 => Command::UpdatePlan(self.a_plan(), self.an_edition(), plan_data(self.word())),
            12 => Command::ArchivePlan(self.a_plan()),
            13..17 => Command::CreateService(ServiceId(self.town.fresh()), self.service_data()),
            17..20 => Command::UpdateService(self.a_service(), self.an_edition(), self.service_data()),
            20 => Command::ArchiveService(self.a_service()),
            21 => Command::ForgetUnknown(self.a_router(), self.word().into()),
            40 if self.dice.once_in(4) => {
                Command::RestoreRouter(self.an_archived_router(), self.new_router().token)
            }
            40 => Command::RestorePlan(self.a_plan()),
            41 => Command::RestoreCustomer(self.a_customer()),
            42 => Command::RestoreService(self.a_service()),
            22..25 => Command::Sweep(self.a_router(), self.sweep()),
            _ => {
                let storm = self.dice.once_in(4);
                let many = match self.dice.below(4) {
                    _ if storm => 2 + self.dice.below(30),
                    0 => 1 + self.dice.below(6),
                    _ => 1,
                };
                let told = (0..many).map(|_| (self.word().into(), self.observation())).collect();
                if storm {
                    Command::Storm(self.a_router(), told)
                } else {
                    Command::Observe(self.a_router(), told)
                }
            }
        }
    }

    fn word(&mut self) -> &'static str {
        self.dice.pick::<&str>(&USERS)
    }

    /// One of them, living or not; sometimes nobody's.
    fn one_of(&mut self, ids: Vec<Uuid>) -> Uuid {
        if ids.is_empty() || self.dice.once_in(30) { self.town.fresh() } else { *self.dice.pick(&ids) }
    }

    fn a_router(&mut self) -> RouterId {
        let living = self.replica.routers.values().filter(|router| router.archived.is_none());
        RouterId(self.one_of(living.map(|router| router.id.0).collect()))
    }

    fn an_archived_router(&mut self) -> RouterId {
        let archived = self.replica.routers.values().filter(|router| router.archived.is_some());
        RouterId(self.one_of(archived.map(|router| router.id.0).collect()))
    }

    fn a_customer(&mut self) -> CustomerId {
        CustomerId(self.one_of(self.replica.customers.keys().map(|id| id.0).collect()))
    }

    fn a_plan(&mut self) -> PlanId {
        PlanId(self.one_of(self.replica.plans.keys().map(|id| id.0).collect()))
    }

    fn a_service(&mut self) -> ServiceId {
        ServiceId(self.one_of(self.replica.ids().iter().map(|id| id.0).collect()))
    }

    fn an_edition(&mut self) -> Option<i64> {
        (!self.dice.once_in(3)).then(|| 1 + self.dice.below(3) as i64)
    }

    fn new_router(&mut self) -> Router {
        let name = self.word();
        let mut router = self.town.new_router(name);
        if self.dice.once_in(3) {
            router.config.address = [10, 0, 0, self.dice.below(3) as u8].into();
        }
        Router { tenant: self.town.tenant, since: router.created, ..router }
    }

    fn facts(&mut self) -> RouterFacts {
        RouterFacts { identity: Some(self.word().into()), ..RouterFacts::default() }
    }

    fn customer_data(&mut self) -> CustomerData {
        CustomerData { name: self.word().into(), phone: Some("1".into()), ..CustomerData::default() }
    }

    fn service_data(&mut self) -> ServiceData {
        let router = self.a_router();
        let data = match self.dice.below(4) {
            0 if self.dice.once_in(3) => by_dhcp(router, self.dice.below(3) as u8),
            0 => fixed(router, [10, 1, 0, self.dice.below(3) as u8], self.dice.once_in(2).then_some("blue")),
            _ => pppoe(router, self.word()),
        };
        let customer = self.dice.once_in(2).then(|| self.a_customer());
        let plan = self.dice.once_in(2).then(|| self.a_plan());
        ServiceData { customer, plan, suspended: self.dice.once_in(3), ..data }
    }

    /// A little before now: reports overtake each other.
    fn lately(&mut self) -> Timestamp {
        Timestamp(self.dice.shortly_before(self.now.millis(), 5_000))
    }

    fn endpoint(&mut self) -> Endpoint {
        let mac = self.dice.once_in(3).then(|| format!("aa:bb:cc:00:11:0{}", self.dice.below(2)));
        Endpoint { mac, address: self.dice.once_in(3).then(|| format!("10.9.0.{}", self.dice.below(3))) }
    }

    fn row(&mut self) -> Row {
        let number = self.dice.below(4);
        let session = (!self.dice.once_in(3)).then(|| format!("s{}", self.dice.below(3)));
        let uptime = (!self.dice.once_in(8)).then(|| self.dice.below(200) as i64 * 1000);
        Row { key: RowKey { id: format!("*{number}"), session }, endpoint: self.endpoint(), uptime }
    }

    fn key(&mut self) -> Option<HookKey> {
        (!self.dice.once_in(4)).then(|| HookKey(format!("*F{}", self.dice.below(5))))
    }

    fn observation(&mut self) -> Observation {
        let at = self.lately();
        match self.dice.below(10) {
            0..3 => Observation::HookUp { at, key: self.key(), endpoint: self.endpoint() },
            3..6 => Observation::HookDown { at, key: self.key() },
            6 => Observation::RowSeen { at, row: self.row() },
            7 => Observation::RowGone { at, id: format!("*{}", self.dice.below(4)) },
            8 => {
                let rows = (0..self.dice.below(3)).map(|_| self.row()).collect();
                let booted = self.dice.once_in(5).then(|| at.minus_seconds(60));
                let spares = self.dice.once_in(5).then_some(at);
                Observation::Table { began: at, rows, booted, denies: at, spares }
            }
            _ => Observation::Blind { at },
        }
    }

    fn sweep(&mut self) -> Sweep {
        let began = self.lately();
        let complete = !self.dice.once_in(4);
        let spares = self.dice.once_in(5).then(|| began.minus_seconds(30));
        let mut sweep = Sweep { complete, spares, ..Sweep::whole(began, None, HashMap::new()) };
        for user in USERS {
            if self.dice.once_in(2) {
                sweep.rows.insert(user.into(), (0..=self.dice.below(2)).map(|_| self.row()).collect());
            } else if self.dice.once_in(4) {
                sweep.spared.insert(user.into());
            }
        }
        sweep
    }

    async fn step(&mut self) -> Command {
        self.now = Timestamp(self.now.millis() + self.dice.below(60_000) as i64);
        let command = self.next_command();
        let store = self.town.ours_at(self.now);
        let told = command.clone().tell(store.as_ref(), self.now).await;
        let expected = command.clone().tell_replica(&mut self.replica, self.now);
        assert_eq!(told, expected, "the answer to {command:?}");
        command
    }

    async fn compare(&mut self) {
        let (ours, replica) = (&self.town.ours, &self.replica);
        let same = |shown: Vec<Router>| shown.into_iter().map(|r| Router { rev: 1, ..r }).collect::<Vec<_>>();
        let routers = replica.routers.values().filter(|r| r.archived.is_none()).cloned().collect::<Vec<_>>();
        assert_eq!(same(sorted(only(ours.routers(false, all(RouterSort::Name)).await), |r| r.id)), routers);
        for customer in replica.customers.values() {
            assert_eq!(ours.customer(customer.id).await.as_ref(), Ok(customer));
        }
        for plan in replica.plans.values() {
            assert_eq!(ours.plan(plan.id).await.as_ref(), Ok(plan));
        }
        assert_eq!(ours.status_counts(None).await.must(), replica.counts());
        let shown = sorted(ours.recent_changes(10_000).await.must(), |e| format!("{e:?}"));
        assert_eq!(shown, sorted(replica.changes(), |e| format!("{e:?}")));
        let shown = sorted(ours.unknown_users(None, 1000).await.must(), |u| (u.router, u.username.clone()));
        assert_eq!(shown, replica.unknown.values().cloned().collect::<Vec<_>>());
        for router in &routers {
            let received = ours.hook_counts(router.id, at(0)).await.must().received;
            assert_eq!(received, replica.webhooks.get(&router.id).copied().unwrap_or_default());
        }
        let nameless = |mut s: crate::model::SessionRecord| {
            s.id.0 = Uuid::nil();
            format!("{s:?}")
        };
        let shown = only(ours.sessions(SessionFilter::default(), all(())).await).into_iter().map(nameless);
        let expected = replica.sessions.values().cloned().map(nameless);
        assert_eq!(sorted(shown.collect(), String::clone), sorted(expected.collect(), String::clone));
        self.compare_services().await;
    }

    async fn compare_services(&mut self) {
        let mut shown = Vec::new();
        for archived in [false, true] {
            let filter = ServiceFilter { archived, ..ServiceFilter::default() };
            shown.extend(only(self.town.ours.services(filter, all(ServiceSort::Username)).await));
        }
        assert_eq!(shown.len(), self.replica.ids().len());
        for service in shown {
            let (id, rev) = (service.id, service.rev);
            assert_eq!(Ok(plain_service(service.clone())), self.replica.service(id));
            let state = self.town.ours.presence(id).await.must();
            assert_eq!(Ok(anonymous(state)), self.replica.presence(id));
            if let Some((before, seen)) = self.revisions.insert(id, (rev, service.clone())) {
                let moved = Service { confirmed: None, router_name: String::new(), plan_name: None, ..seen }
                    != Service { confirmed: None, router_name: String::new(), plan_name: None, ..service };
                assert!(rev > before || (rev == before && !moved), "the revision of {id} did not grow");
            }
        }
    }
}

fn sorted<T, K: Ord>(mut items: Vec<T>, key: impl FnMut(&T) -> K) -> Vec<T> {
    items.sort_by_key(key);
    items
}

async fn live(town: Town, seed: u64) {
    let town = town.district(&format!("seed-{seed}")).await;
    let (replica, dice) = (Replica::default(), Dice::new(seed));
    let mut life = Life { town, replica, dice, now: at(3600), revisions: HashMap::new() };
    for _ in 0..3 {
        let command = Command::CreateRouter(life.new_router().into());
        let told = command.clone().tell(life.town.ours.as_ref(), life.now).await;
        assert_eq!(told, command.tell_replica(&mut life.replica, life.now));
    }
    for step in 1..=COMMANDS {
        life.step().await;
        if step % 50 == 0 {
            life.compare().await;
        }
    }
    assert_eq!(life.town.ours.audit_break().await.must(), None);
}

pub(super) async fn random_commands_end_as_in_memory(town: Town) {
    let seeds = std::env::var("IMSYS_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    let mut lives = tokio::task::JoinSet::new();
    let seed_of: HashMap<_, _> =
        (0..seeds).map(|seed| (lives.spawn(live(town.clone(), seed)).id(), seed)).collect();
    while let Some(done) = lives.join_next().await {
        if let Err(error) = done {
            let seed = seed_of.get(&error.id());
            panic!("seed {seed:?}: {error}");
        }
    }
}
