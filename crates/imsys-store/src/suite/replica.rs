//! One tenant as plain maps: what a store must show, without storing anything.
//!
//! The judge is the real one. Ids of sessions and revisions differ between any two stores, so both
//! are wiped before anything is compared.

use crate::model::{Service, ServiceChange, SessionRecord, StatusCounts, StatusEvent, UnknownUser};
use crate::port::{Applied, Reference, Result, StoreError, SweepApplied, Taken};
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::plan::{Plan, PlanData};
use imsys_domain::presence::{
    EndCause, Endpoint, Event, Observation, Outcome, Presence, SessionChange, Source, Status, Sweep, judge,
    judge_stranger,
};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::service::{Access, ServiceData};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, SessionId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A service as a person set it, and what the judge remembers.
struct ReplicaService {
    data: ServiceData,
    edition: i64,
    created: Timestamp,
    archived: Option<Timestamp>,
    presence: Presence,
}

/// The tenant.
#[derive(Default)]
pub(super) struct Replica {
    pub(super) routers: BTreeMap<RouterId, Router>,
    pub(super) customers: BTreeMap<CustomerId, Customer>,
    pub(super) plans: BTreeMap<PlanId, Plan>,
    services: BTreeMap<ServiceId, ReplicaService>,
    pub(super) sessions: BTreeMap<SessionId, SessionRecord>,
    pub(super) unknown: BTreeMap<(RouterId, String), UnknownUser>,
    pub(super) webhooks: BTreeMap<RouterId, u64>,
    events: Vec<(Timestamp, ServiceId, RouterId, String, Status, Source)>,
    made: u64,
}

fn next(edition: i64, expected: Option<i64>) -> Result<i64> {
    if expected.is_none_or(|expected| expected == edition) { Ok(edition + 1) } else { Err(StoreError::Stale) }
}

/// The living one with that id.
macro_rules! living {
    ($map:expr, $id:expr) => {
        match $map.get_mut(&$id) {
            None => Err(StoreError::NotFound),
            Some(service) if service.archived.is_some() => Err(StoreError::Archived),
            Some(service) => Ok(service),
        }
    };
}

impl Replica {
    pub(super) fn ids(&self) -> Vec<ServiceId> {
        self.services.keys().copied().collect()
    }

    /// A service as the store must show it, its revision wiped.
    pub(super) fn service(&self, id: ServiceId) -> Result<Service> {
        let service = self.services.get(&id).ok_or(StoreError::NotFound)?;
        let router = self.routers.get(&service.data.router).ok_or(StoreError::NotFound)?;
        let name = |id: CustomerId| self.customers.get(&id).map(|c| c.data.name.clone());
        let mut service = Service {
            id,
            rev: 0,
            edition: service.edition,
            router_name: router.config.name.clone(),
            customer_name: service.data.customer.and_then(name),
            plan_name: service.data.plan.and_then(|id| self.plans.get(&id)).map(|p| p.data.name.clone()),
            data: service.data.clone(),
            status: service.presence.status,
            since: service.presence.since,
            confirmed: service.presence.confirmed,
            source: service.presence.source,
            sessions: service.presence.sessions(),
            endpoint: service
                .presence
                .open
                .last()
                .map(|session| session.endpoint.clone())
                .unwrap_or_default(),
            wrong_mac: service.presence.checked.as_ref().and_then(|checked| checked.seen.wrong_mac),
            created: service.created,
            archived: service.archived,
        };
        service.confirmed = service.confirmed_with(router.swept);
        Ok(service)
    }

    pub(super) fn presence(&self, id: ServiceId) -> Result<Presence> {
        self.services.get(&id).map(|service| anonymous(service.presence.clone())).ok_or(StoreError::NotFound)
    }

    pub(super) fn counts(&self) -> StatusCounts {
        let mut counts = StatusCounts::default();
        for service in self.services.values().filter(|service| service.archived.is_none()) {
            match service.presence.status {
                Status::Online => counts.online += 1,
                Status::Offline => counts.offline += 1,
                Status::Unknown => counts.unknown += 1,
            }
            counts.suspended += u64::from(service.data.suspended);
        }
        counts
    }

    /// The changes of status of services that live.
    pub(super) fn changes(&self) -> Vec<StatusEvent> {
        let living = self.events.iter().filter_map(|event| {
            let (at, service, router, username, status, source) = event.clone();
            let shown = self.service(service).ok().filter(|shown| shown.archived.is_none())?;
            let router_name = self.routers.get(&router)?.config.name.clone();
            let customer_name = shown.customer_name;
            Some(StatusEvent { at, service, router, username, customer_name, router_name, status, source })
        });
        living.collect()
    }

    pub(super) fn create_router(&mut self, router: Router) -> Result<()> {
        self.free_place(router.id, &router.config)?;
        self.routers.insert(router.id, router);
        Ok(())
    }

    fn free_place(&self, id: RouterId, config: &RouterConfig) -> Result<()> {
        let place = (&config.address, config.port);
        let taken = self
            .routers
            .values()
            .any(|r| r.archived.is_none() && r.id != id && (&r.config.address, r.config.port) == place);
        if taken { Err(StoreError::Exists(Taken::RouterPlace)) } else { Ok(()) }
    }

    pub(super) fn update_router(
        &mut self,
        id: RouterId,
        edition: Option<i64>,
        config: RouterConfig,
    ) -> Result<()> {
        let next = next(living!(self.routers, id)?.edition, edition)?;
        self.free_place(id, &config)?;
        let router = living!(self.routers, id)?;
        if (&router.config.address, router.config.port) != (&config.address, config.port) {
            router.facts = RouterFacts::default();
        }
        (router.edition, router.config) = (next, config);
        Ok(())
    }

    pub(super) fn archive_router(&mut self, id: RouterId, at: Timestamp) -> Result<()> {
        let router = living!(self.routers, id)?;
        (router.archived, router.edition) = (Some(at), router.edition + 1);
        let on_it = self
            .services
            .iter()
            .filter(|(_, service)| service.data.router == id && service.archived.is_none());
        for service in on_it.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.archive_service(service, at)?;
        }
        self.unknown.retain(|(router, _), _| *router != id);
        Ok(())
    }

    pub(super) fn restore_router(&mut self, id: RouterId, token: [u8; 32], at: Timestamp) -> Result<()> {
        let router = self.routers.get(&id).ok_or(StoreError::NotFound)?;
        let archived = router.archived.ok_or(Hindrance::NotArchived)?;
        self.free_place(id, &router.config.clone())?;
        let with_it: Vec<_> = self
            .services
            .iter()
            .filter(|(_, service)| service.data.router == id && service.archived == Some(archived))
            .map(|(id, _)| *id)
            .collect();
        let plans: BTreeSet<_> = with_it.iter().filter_map(|id| self.services.get(id)?.data.plan).collect();
        plans.into_iter().try_for_each(|plan| self.free_plan(plan))?;
        let router = self.routers.get_mut(&id).ok_or(StoreError::NotFound)?;
        *router = Router {
            edition: router.edition + 1,
            token,
            state: RouterState::New,
            since: at,
            reason: None,
            listening: Listening::Off,
            swept: None,
            archived: None,
            ..router.clone()
        };
        with_it.into_iter().try_for_each(|id| self.restore_service(id, at))
    }

    /// Whether the name of a plan that is to come back with its services is free.
    fn free_plan(&self, id: PlanId) -> Result<()> {
        match self.plans.get(&id).filter(|plan| plan.archived.is_some()) {
            Some(plan) => self.free_name(id, &plan.data).map_err(|_| Hindrance::PlanNameTaken.into()),
            None => Ok(()),
        }
    }

    pub(super) fn router_found(&mut self, id: RouterId, at: Timestamp, facts: RouterFacts) -> Result<()> {
        let router = living!(self.routers, id)?;
        if router.state != RouterState::Up {
            router.since = at;
        }
        (router.state, router.reason, router.facts) = (RouterState::Up, None, facts);
        Ok(())
    }

    pub(super) fn router_lost(
        &mut self,
        id: RouterId,
        at: Timestamp,
        reason: &str,
    ) -> Result<Vec<ServiceChange>> {
        let router = living!(self.routers, id)?;
        if router.state != RouterState::Down {
            router.since = at;
        }
        (router.state, router.reason, router.listening) =
            (RouterState::Down, Some(reason.into()), Listening::Off);
        let told = self.users(id).into_iter().map(|user| (user, Observation::Blind { at })).collect();
        Ok(self.observe(id, told)?.into_iter().filter_map(Applied::change).collect())
    }

    pub(super) fn set_listening(&mut self, id: RouterId, listening: Listening) -> Result<()> {
        if let Ok(router) = living!(self.routers, id) {
            router.listening = listening;
        }
        Ok(())
    }

    pub(super) fn create_customer(&mut self, customer: Customer) -> Result<()> {
        self.customers.insert(customer.id, customer);
        Ok(())
    }

    pub(super) fn update_customer(
        &mut self,
        id: CustomerId,
        edition: Option<i64>,
        data: CustomerData,
    ) -> Result<()> {
        let customer = living!(self.customers, id)?;
        (customer.edition, customer.data) = (next(customer.edition, edition)?, data);
        Ok(())
    }

    pub(super) fn archive_customer(&mut self, id: CustomerId, at: Timestamp) -> Result<()> {
        let customer = living!(self.customers, id)?;
        if self
            .services
            .values()
            .any(|service| service.archived.is_none() && service.data.customer == Some(id))
        {
            return Err(Hindrance::CustomerHasServices.into());
        }
        (customer.archived, customer.edition) = (Some(at), customer.edition + 1);
        Ok(())
    }

    pub(super) fn restore_customer(&mut self, id: CustomerId) -> Result<()> {
        let customer = self.customers.get_mut(&id).ok_or(StoreError::NotFound)?;
        customer.archived.take().ok_or(Hindrance::NotArchived)?;
        customer.edition += 1;
        Ok(())
    }

    pub(super) fn erase_history(&mut self, id: CustomerId) -> Result<()> {
        self.customers.get(&id).ok_or(StoreError::NotFound)?;
        let services = &self.services;
        let his = |service: &ServiceId| {
            services.get(service).is_some_and(|service| service.data.customer == Some(id))
        };
        self.sessions.retain(|_, session| session.ended.is_none() || !his(&session.service));
        self.events.retain(|event| !his(&event.1));
        Ok(())
    }

    pub(super) fn create_plan(&mut self, plan: Plan) -> Result<()> {
        self.free_name(plan.id, &plan.data)?;
        self.plans.insert(plan.id, plan);
        Ok(())
    }

    fn free_name(&self, id: PlanId, data: &PlanData) -> Result<()> {
        let taken = self
            .plans
            .values()
            .any(|plan| plan.archived.is_none() && plan.id != id && plan.data.name == data.name);
        if taken { Err(StoreError::Exists(Taken::PlanName)) } else { Ok(()) }
    }

    pub(super) fn update_plan(&mut self, id: PlanId, edition: Option<i64>, data: PlanData) -> Result<()> {
        let next = next(living!(self.plans, id)?.edition, edition)?;
        self.free_name(id, &data)?;
        let plan = living!(self.plans, id)?;
        (plan.edition, plan.data) = (next, data);
        Ok(())
    }

    pub(super) fn archive_plan(&mut self, id: PlanId, at: Timestamp) -> Result<()> {
        let plan = living!(self.plans, id)?;
        if self.services.values().any(|service| service.archived.is_none() && service.data.plan == Some(id)) {
            return Err(Hindrance::PlanHasServices.into());
        }
        (plan.archived, plan.edition) = (Some(at), plan.edition + 1);
        Ok(())
    }

    pub(super) fn restore_plan(&mut self, id: PlanId) -> Result<()> {
        let plan = self.plans.get(&id).ok_or(StoreError::NotFound)?;
        plan.archived.ok_or(Hindrance::NotArchived)?;
        self.free_name(id, &plan.data)?;
        let plan = self.plans.get_mut(&id).ok_or(StoreError::NotFound)?;
        (plan.archived, plan.edition) = (None, plan.edition + 1);
        Ok(())
    }

    pub(super) fn create_service(
        &mut self,
        id: ServiceId,
        created: Timestamp,
        data: ServiceData,
    ) -> Result<Service> {
        self.check(id, &data)?;
        self.known(&data);
        let presence = Presence::unknown(created);
        self.services.insert(id, ReplicaService { data, edition: 1, created, archived: None, presence });
        self.service(id)
    }

    /// Its name is unknown no more.
    fn known(&mut self, data: &ServiceData) {
        if let Access::Pppoe { username } = &data.access {
            self.unknown.remove(&(data.router, username.clone()));
        }
    }

    /// What it refers to exists, and its key is free.
    fn check(&mut self, id: ServiceId, data: &ServiceData) -> Result<()> {
        let dangling = |found: bool, reference| {
            if found { Ok(()) } else { Err(StoreError::Dangling(reference)) }
        };
        dangling(living!(self.routers, data.router).is_ok(), Reference::Router)?;
        dangling(data.customer.is_none_or(|id| living!(self.customers, id).is_ok()), Reference::Customer)?;
        dangling(data.plan.is_none_or(|id| living!(self.plans, id).is_ok()), Reference::Plan)?;
        let taken = self.find(data.router, &data.access.key()).is_some_and(|other| other != id);
        if taken { Err(StoreError::Exists(Taken::ServicePlace)) } else { Ok(()) }
    }

    fn find(&self, router: RouterId, key: &str) -> Option<ServiceId> {
        let here = |service: &ReplicaService| {
            service.archived.is_none() && service.data.router == router && service.data.access.key() == key
        };
        self.services.iter().find(|(_, service)| here(service)).map(|(id, _)| *id)
    }

    pub(super) fn update_service(
        &mut self,
        id: ServiceId,
        edition: Option<i64>,
        data: ServiceData,
        at: Timestamp,
    ) -> Result<Service> {
        let next = next(living!(self.services, id)?.edition, edition)?;
        self.check(id, &data)?;
        let before = &living!(self.services, id)?.data;
        if (before.router, before.access.key()) != (data.router, data.access.key()) {
            self.forget_presence(id, at)?;
        }
        self.known(&data);
        let service = living!(self.services, id)?;
        (service.edition, service.data) = (next, data);
        self.service(id)
    }

    pub(super) fn archive_service(&mut self, id: ServiceId, at: Timestamp) -> Result<()> {
        self.forget_presence(id, at)?;
        let service = living!(self.services, id)?;
        (service.archived, service.edition) = (Some(at), service.edition + 1);
        Ok(())
    }

    pub(super) fn restore_service(&mut self, id: ServiceId, at: Timestamp) -> Result<()> {
        let service = self.services.get(&id).ok_or(StoreError::NotFound)?;
        service.archived.ok_or(Hindrance::NotArchived)?;
        let data = service.data.clone();
        if living!(self.routers, data.router).is_err() {
            return Err(Hindrance::RouterArchived.into());
        }
        data.plan.map_or(Ok(()), |plan| self.free_plan(plan))?;
        if self.find(data.router, &data.access.key()).is_some() {
            return Err(StoreError::Exists(Taken::ServicePlace));
        }
        if let Some(customer) = data.customer {
            let _living = self.restore_customer(customer);
        }
        if let Some(plan) = data.plan {
            let _living = self.restore_plan(plan);
        }
        self.known(&data);
        let service = self.services.get_mut(&id).ok_or(StoreError::NotFound)?;
        (service.archived, service.edition, service.presence) =
            (None, service.edition + 1, Presence::unknown(at));
        Ok(())
    }

    /// It is not watched any more as it was: what is open ends out of sight.
    fn forget_presence(&mut self, id: ServiceId, at: Timestamp) -> Result<()> {
        let service = living!(self.services, id)?;
        for open in std::mem::replace(&mut service.presence, Presence::unknown(at)).open {
            if let Some(session) = self.sessions.get_mut(&open.id) {
                (session.ended, session.cause) = (Some(at.max(open.started)), Some(EndCause::Blind));
            }
        }
        Ok(())
    }

    /// The PPP names of a router's services.
    fn users(&self, router: RouterId) -> Vec<String> {
        let here = self
            .services
            .values()
            .filter(|service| service.archived.is_none() && service.data.router == router);
        let name = |service: &ReplicaService| match &service.data.access {
            Access::Pppoe { username } => Some(username.clone()),
            Access::Static { .. } | Access::Dhcp { .. } => None,
        };
        here.filter_map(name).collect()
    }

    pub(super) fn observe(
        &mut self,
        router: RouterId,
        told: Vec<(String, Observation)>,
    ) -> Result<Vec<Applied>> {
        living!(self.routers, router)?;
        Ok(told.into_iter().map(|(user, observation)| self.observe_one(router, &user, observation)).collect())
    }

    fn observe_one(&mut self, router: RouterId, user: &str, told: Observation) -> Applied {
        if told.is_hook() {
            *self.webhooks.entry(router).or_default() += 1;
        }
        if let Some(id) = self.find(router, &format!("ppp:{user}")) {
            return self.decide(id, user, told);
        }
        if let Some((at, source)) = judge_stranger(&told).listed {
            self.list_unknown(router, user, at, source);
        }
        Applied::UnknownUser
    }

    fn list_unknown(&mut self, router: RouterId, user: &str, at: Timestamp, source: Source) {
        let username = user.to_owned();
        let new = UnknownUser { router, username: username.clone(), first: at, last: at, count: 0, source };
        let listed = self.unknown.entry((router, username)).or_insert(new);
        (listed.last, listed.count, listed.source) = (at, listed.count + 1, source);
    }

    fn decide(&mut self, id: ServiceId, user: &str, told: Observation) -> Applied {
        let Some(service) = self.services.get_mut(&id) else { return Applied::UnknownUser };
        let router = service.data.router;
        let listening = self.routers.get(&router).is_some_and(|r| r.listening == Listening::On);
        let made = &mut self.made;
        let mut fresh = |_| {
            *made += 1;
            SessionId(Uuid::from_u128(u128::from(*made)))
        };
        let judged = judge(service.presence.clone(), told, listening, &mut fresh);
        if judged.keeps {
            service.presence = judged.state.clone();
        }
        if let Some(Event { at, source, status: Some(status), .. }) = judged.event {
            self.events.push((at, id, router, user.to_owned(), status, source));
        }
        for change in judged.changes {
            self.write_session(id, router, user, change);
        }
        let change = (judged.outcome == Outcome::Applied)
            .then(|| ServiceChange::new(id, 0, judged.before, &judged.state));
        Applied::Known { outcome: judged.outcome, change, ask: judged.ask }
    }

    fn write_session(&mut self, service: ServiceId, router: RouterId, user: &str, change: SessionChange) {
        match change {
            SessionChange::Put(open) => {
                let mac = open.endpoint.mac.map(|mac| mac.to_uppercase());
                let endpoint = Endpoint { mac, address: open.endpoint.address };
                let (username, started, by) = (user.to_owned(), open.started, open.by);
                let new = SessionRecord {
                    id: open.id,
                    service,
                    router,
                    username,
                    endpoint,
                    started,
                    ended: None,
                    cause: None,
                    by,
                };
                self.sessions.insert(open.id, new);
            }
            SessionChange::End { id, at, cause } => {
                if let Some(session) = self.sessions.get_mut(&id) {
                    (session.ended, session.cause) = (Some(at), Some(cause));
                }
            }
        }
    }

    pub(super) fn sweep(&mut self, router: RouterId, sweep: &Sweep) -> Result<SweepApplied> {
        living!(self.routers, router)?.swept = Some(sweep.began);
        let users = self.users(router);
        let mut applied = SweepApplied::default();
        for user in &users {
            let Some(table) = sweep.of(user) else { continue };
            if let Applied::Known { change, ask, .. } = self.observe_one(router, user, table) {
                applied.changes.extend(change);
                applied.asks.extend(ask.map(|at| (user.clone(), at)));
            }
        }
        applied.asks.sort_unstable();
        for stranger in sweep.rows.keys().filter(|user| !users.contains(user)) {
            self.list_unknown(router, stranger, sweep.began, Source::Sweep);
            applied.unknown += 1;
        }
        Ok(applied)
    }

    pub(super) fn forget_unknown(&mut self, router: RouterId, user: &str) -> Result<()> {
        self.unknown.remove(&(router, user.to_owned())).map(|_| ()).ok_or(StoreError::NotFound)
    }
}

/// The same without the ids of its sessions.
pub(super) fn anonymous(mut presence: Presence) -> Presence {
    let ended = presence.ended.iter_mut().filter_map(|ended| ended.session.as_mut());
    for session in presence.open.iter_mut().chain(ended) {
        session.id = SessionId(Uuid::nil());
    }
    presence
}
