//! What is done to many things at once: one line of the log each, with a row for every thing.

use super::Result;
use crate::model::{BulkAct, BulkResult, BulkRow, Parcel};
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::{BulkId, PlanId, ServiceId};
use std::collections::HashMap;

/// Acts on many things of one tenant.
#[async_trait]
pub trait Bulk: Send + Sync {
    /// Does one thing to many services as one unit; those that it cannot be done to are left, each with the reason. What
    /// became of each, in the order of `ids`. Where none is changed the log has no line.
    async fn bulk(&self, bulk: BulkId, ids: Vec<ServiceId>, act: BulkAct) -> Result<Vec<BulkResult>>;
    /// Takes such an act, an import, or the undo of one, back as the act `bulk`: each service becomes what it was, unless
    /// it was changed since. Services that an import added are archived, and customers whom it added and who then have
    /// none left.
    async fn undo_bulk(&self, undone: BulkId, bulk: BulkId) -> Result<Vec<BulkResult>>;
    /// What an act did, in its order.
    async fn bulk_rows(&self, bulk: BulkId, ask: Ask<()>) -> Result<Page<BulkRow>>;
    /// Adds customers, and services that may be theirs, and changes or restores services that are still of the given
    /// edition, as one unit: all of it or nothing.
    async fn import(&self, parcel: Parcel) -> Result<()>;
    /// The plans that PPP profiles stand for, by the profile's name, as the last import said; of those that are sold.
    async fn profile_plans(&self) -> Result<HashMap<String, PlanId>>;
}
