//! Customers, plans, services and their sessions.

use super::Result;
use crate::model::{Erased, Service, SessionRecord, Whose};
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::diagnosis::Ended;
use imsys_domain::plan::{Plan, PlanData};
use imsys_domain::presence::Status;
use imsys_domain::service::{Kind, ServiceData};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use std::collections::HashMap;

/// How a list of customers is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerSort {
    /// By name.
    Name,
    /// By the ISP's own number; who has none comes first.
    Reference,
    /// By the time of adding.
    Created,
}

/// Customers of one tenant.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Adds a customer.
    async fn create_customer(&self, customer: Customer) -> Result<()>;
    /// One customer, archived or not.
    async fn customer(&self, id: CustomerId) -> Result<Customer>;
    /// A page of customers, of those that are archived or of the others.
    async fn customers(&self, archived: bool, ask: Ask<CustomerSort>) -> Result<Page<Customer>>;
    /// The living customers who are called exactly so; a name that several have comes several times.
    async fn customers_named(&self, names: Vec<String>) -> Result<Vec<(String, CustomerId)>>;
    /// Changes a customer and what their services are found by, as one unit, if `edition` (when given) is still the
    /// stored one.
    async fn update_customer(
        &self,
        id: CustomerId,
        edition: Option<i64>,
        data: CustomerData,
    ) -> Result<Customer>;
    /// Archives a customer who has no service left.
    async fn archive_customer(&self, id: CustomerId) -> Result<()>;
    /// Brings an archived customer back, without services.
    async fn restore_customer(&self, id: CustomerId) -> Result<Customer>;
    /// Erases the sessions that ended and the events of a customer's services, as one unit.
    async fn erase_history(&self, id: CustomerId) -> Result<Erased>;
}

/// Plans of one tenant, listed by name.
#[async_trait]
pub trait Plans: Send + Sync {
    /// Adds a plan; its name is unique among those that are sold.
    async fn create_plan(&self, plan: Plan) -> Result<()>;
    /// One plan, archived or not.
    async fn plan(&self, id: PlanId) -> Result<Plan>;
    /// A page of plans, of those that are archived or of the others.
    async fn plans(&self, archived: bool, ask: Ask<()>) -> Result<Page<Plan>>;
    /// Changes a plan, if `edition` (when given) is still the stored one.
    async fn update_plan(&self, id: PlanId, edition: Option<i64>, data: PlanData) -> Result<Plan>;
    /// Archives a plan that no service holds.
    async fn archive_plan(&self, id: PlanId) -> Result<()>;
    /// Brings an archived plan back, while no other has its name.
    async fn restore_plan(&self, id: PlanId) -> Result<Plan>;
}

/// Which services to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// With this status.
    pub status: Option<Status>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Behind this router.
    pub router: Option<RouterId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// On this plan.
    pub plan: Option<PlanId>,
    /// Suspended or not.
    pub suspended: Option<bool>,
    /// The archived ones instead of the living.
    pub archived: bool,
}

/// How services are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceSort {
    /// By username or address.
    Username,
    /// By customer name; without one first.
    Customer,
    /// By the time of the last change of status.
    Since,
    /// By the time of making.
    Created,
}

/// Services of one tenant.
#[async_trait]
pub trait Services: Send + Sync {
    /// Adds a service; `access.key()` is unique on its router among those not archived.
    async fn create_service(&self, id: ServiceId, created: Timestamp, data: ServiceData) -> Result<Service>;
    /// One service, archived or not.
    async fn service(&self, id: ServiceId) -> Result<Service>;
    /// A page of services.
    async fn services(&self, filter: ServiceFilter, ask: Ask<ServiceSort>) -> Result<Page<Service>>;
    /// The living services at these places (router and `access.key()`).
    async fn services_at(&self, places: Vec<(RouterId, String)>) -> Result<Vec<Service>>;
    /// The archived services of a router by `access.key()`; of several at one place the one that was archived last.
    async fn archived_places(&self, router: RouterId) -> Result<HashMap<String, ServiceId>>;
    /// Changes a service, as one unit with what that makes of its presence, if `edition` (when given) is still the stored
    /// one. Another place ([`ServiceData::moves`]) begins with an unknown status.
    async fn update_service(&self, id: ServiceId, edition: Option<i64>, data: ServiceData)
    -> Result<Service>;
    /// Archives a service, and ends its open sessions, as one unit.
    async fn archive_service(&self, id: ServiceId) -> Result<()>;
    /// Brings an archived service back, with an unknown status, as one unit with its customer and plan where they are
    /// archived too ([`imsys_domain::service::restore`]). Its place on its router must be free.
    async fn restore_service(&self, id: ServiceId) -> Result<Service>;
}

/// Which sessions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Of this service.
    pub service: Option<ServiceId>,
    /// On this router.
    pub router: Option<RouterId>,
    /// Open at or after this time.
    pub from: Option<Timestamp>,
    /// Begun before this time.
    pub to: Option<Timestamp>,
}

/// Sessions of one tenant, searchable for years.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// A page of sessions by start. `q` is a whole address or MAC; or else the beginning of the PPP name at
    /// that time, or what a thousand services at most are found by.
    async fn sessions(&self, filter: SessionFilter, ask: Ask<()>) -> Result<Page<SessionRecord>>;
    /// Whose these are, and the names of these routers, in the order of the question.
    async fn whose(&self, lines: Vec<(ServiceId, RouterId)>) -> Result<Vec<Whose>>;
    /// The last session of a service that ended.
    async fn last_end(&self, service: ServiceId) -> Result<Option<Ended>>;
}
