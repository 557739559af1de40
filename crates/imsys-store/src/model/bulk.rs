//! What is done to many things at once.

use super::Service;
use crate::port::StoreError;
use imsys_domain::customer::Customer;
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, PlanId, ServiceId, Timestamp};
use uuid::Uuid;

/// What became of one of many services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkResult {
    /// Which.
    pub id: ServiceId,
    /// The service as it is now; nothing where there is none.
    pub service: Option<Service>,
    /// Why it was left as it was.
    pub left: Option<StoreError>,
}

/// What an act on many things did to one of them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BulkRow {
    /// Counts from 0 within the act.
    pub n: i64,
    /// As if it had been done alone, such as `service.update`.
    pub action: String,
    /// The id of the thing.
    pub object: Uuid,
    /// What changed, as JSON text: names with their values, or with `[old, new]`.
    pub detail: String,
    /// How it is undone, for the store alone.
    pub undo: Option<String>,
}

/// Customers and services that come in at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The act.
    pub id: BulkId,
    /// Since when the new ones exist.
    pub created: Timestamp,
    /// The name of the router whose accounts they are; `None` for a file.
    pub router: Option<String>,
    /// New customers.
    pub customers: Vec<Customer>,
    /// New services, which may be theirs.
    pub services: Vec<(ServiceId, ServiceData)>,
    /// Services that change, each with the edition that must still be stored.
    pub changed: Vec<(ServiceId, i64, ServiceData)>,
    /// Archived services that come back as this, each with the edition that must still be stored.
    pub restored: Vec<(ServiceId, i64, ServiceData)>,
    /// The plans that PPP profiles stand for from now on; `None` is no plan.
    pub profiles: Vec<(String, Option<PlanId>)>,
}

impl Parcel {
    /// With nothing in it.
    pub const fn new(id: BulkId, created: Timestamp) -> Self {
        Self {
            id,
            created,
            router: None,
            customers: Vec::new(),
            services: Vec::new(),
            changed: Vec::new(),
            restored: Vec::new(),
            profiles: Vec::new(),
        }
    }
}
