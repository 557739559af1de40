//! One tenant as plain maps: what a store must show, without storing anything.
//!
//! The rules are the real ones: it calls the functions of the domain that the adapters call. Ids of sessions and
//! revisions differ between any two stores, so both are wiped before anything is compared.
//!
//! * `presence`: what reports make of it.

use crate::model::{Service, ServiceChange, SessionRecord, StatusCounts, StatusEvent, UnknownUser};
use crate::port::{Applied, Reference, Result, StoreError, Taken};
use imsys_domain::customer::{self, Customer, CustomerData};
use imsys_domain::plan::{self, Plan, PlanData};
use imsys_domain::presence::{Observation, Presence, Source, Status};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts};
use imsys_domain::service::{self, ComesBack, ServiceData, Surroundings};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, SessionId, Timestamp, edition};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A service as a person set it, and what the judge remembers.
#[derive(Clone)]
struct ReplicaService {
    data: ServiceData,
    edition: i64,
    created: Timestamp,
    archived: Option<Timestamp>,
    presence: Presence,
}

/// The tenant.
#[derive(Clone, Default)]
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

/// The living one with that id.
macro_rules! living {
    ($map:expr, $id:expr) => {
        $map.get_mut(&$id).ok_or(StoreError::NotFound).and_then(|found| {
            edition::living(found.archived)?;
            Ok(found)
        })
    };
}

mod presence;

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
        let next = edition::next(living!(self.routers, id)?.edition, edition)?;
        self.free_place(id, &config)?;
        let router = living!(self.routers, id)?;
        router.edition = next;
        router.configure(config);
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
        let mut back = self.routers.get(&id).ok_or(StoreError::NotFound)?.clone();
        let archived = back.restore(at, token)?;
        back.edition += 1;
        self.free_place(id, &back.config)?;
        let with_it: Vec<_> = self
            .services
            .iter()
            .filter(|(_, service)| service.data.router == id && service.archived == Some(archived))
            .map(|(id, _)| *id)
            .collect();
        let before = self.clone();
        self.routers.insert(id, back);
        let done = with_it.into_iter().try_for_each(|id| self.restore_service(id, at));
        if done.is_err() {
            *self = before;
        }
        done
    }

    /// What comes back with an archived service, if it can.
    fn comes_back(&self, id: ServiceId) -> Result<ComesBack> {
        let service = self.services.get(&id).ok_or(StoreError::NotFound)?;
        let ServiceData { router, customer, plan, .. } = service.data;
        let plan = plan.filter(|id| self.plans.get(id).is_some_and(|plan| plan.archived.is_some()));
        let is_free = |id| self.plans.get(&id).is_none_or(|plan| self.free_name(id, &plan.data).is_ok());
        let around = Surroundings {
            router_archived: self.routers.get(&router).is_none_or(|router| router.archived.is_some()),
            customer: customer.filter(|id| self.customers.get(id).is_some_and(|c| c.archived.is_some())),
            plan,
            plan_name_taken: !plan.is_none_or(is_free),
        };
        Ok(service::restore(service.archived, around)?)
    }

    pub(super) fn router_found(&mut self, id: RouterId, at: Timestamp, facts: RouterFacts) -> Result<()> {
        living!(self.routers, id)?.found(at, facts);
        Ok(())
    }

    pub(super) fn router_lost(
        &mut self,
        id: RouterId,
        at: Timestamp,
        reason: &str,
    ) -> Result<Vec<ServiceChange>> {
        living!(self.routers, id)?.lost(at, reason);
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
        (customer.edition, customer.data) = (edition::next(customer.edition, edition)?, data);
        Ok(())
    }

    pub(super) fn archive_customer(&mut self, id: CustomerId, at: Timestamp) -> Result<()> {
        let customer = living!(self.customers, id)?;
        let hers = |service: &ReplicaService| service.archived.is_none() && service.data.customer == Some(id);
        customer::archive(self.services.values().any(hers))?;
        (customer.archived, customer.edition) = (Some(at), customer.edition + 1);
        Ok(())
    }

    pub(super) fn restore_customer(&mut self, id: CustomerId) -> Result<()> {
        let customer = self.customers.get_mut(&id).ok_or(StoreError::NotFound)?;
        edition::archived(customer.archived.take())?;
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
        let next = edition::next(living!(self.plans, id)?.edition, edition)?;
        self.free_name(id, &data)?;
        let plan = living!(self.plans, id)?;
        (plan.edition, plan.data) = (next, data);
        Ok(())
    }

    pub(super) fn archive_plan(&mut self, id: PlanId, at: Timestamp) -> Result<()> {
        let plan = living!(self.plans, id)?;
        let on_it = |service: &ReplicaService| service.archived.is_none() && service.data.plan == Some(id);
        plan::archive(self.services.values().any(on_it))?;
        (plan.archived, plan.edition) = (Some(at), plan.edition + 1);
        Ok(())
    }

    pub(super) fn restore_plan(&mut self, id: PlanId) -> Result<()> {
        let plan = self.plans.get(&id).ok_or(StoreError::NotFound)?;
        edition::archived(plan.archived)?;
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
        if let Some(username) = data.username() {
            self.unknown.remove(&(data.router, username.to_owned()));
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
        let next = edition::next(living!(self.services, id)?.edition, edition)?;
        self.check(id, &data)?;
        if living!(self.services, id)?.data.moves(&data) {
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
        let ComesBack { customer, plan } = self.comes_back(id)?;
        let data = self.services.get(&id).ok_or(StoreError::NotFound)?.data.clone();
        if self.find(data.router, &data.access.key()).is_some() {
            return Err(StoreError::Exists(Taken::ServicePlace));
        }
        customer.map_or(Ok(()), |customer| self.restore_customer(customer))?;
        plan.map_or(Ok(()), |plan| self.restore_plan(plan))?;
        self.known(&data);
        let service = self.services.get_mut(&id).ok_or(StoreError::NotFound)?;
        (service.archived, service.edition) = (None, service.edition + 1);
        self.forget_presence(id, at)
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
