//! What keeps a store in order, whichever adapter it is: damage, copies, moves to another store, old history, keys.

use super::Result;
use crate::model::Sealed;
use crate::record::{Records, Sink};
use async_trait::async_trait;
use imsys_domain::{TenantId, Timestamp};
use std::path::Path;

/// Care for the whole store.
#[async_trait]
pub trait Maintenance: Send + Sync {
    /// Reads everything once, and looks for damage; the first that is found is the error.
    async fn check(&self) -> Result<()>;
    /// Writes everything, as it stood at one moment, into one compact copy: the file `to`, which is empty. Others read
    /// and write meanwhile.
    async fn backup(&self, to: &Path) -> Result<()>;
    /// Gives everything to `sink`, as it stood at one moment, in an order in which it can be imported.
    async fn export(&self, sink: Sink) -> Result<()>;
    /// Puts records into an empty store, as one unit: none of them stays when one fails. How many there were.
    async fn import(&self, records: Records) -> Result<u64>;
    /// Drops logins and links that have expired, and counters, trends and absences that no view shows any more, as one
    /// unit; how many records went.
    async fn prune_expired(&self, now: Timestamp) -> Result<u64>;
    /// Drops sessions, events and outages of a tenant that ended before what its settings keep; how many records went. It commits in
    /// chunks of a thousand: what is cut off goes the next time.
    async fn prune_history(&self, tenant: TenantId, now: Timestamp) -> Result<u64>;
    /// Every sealed value, of archived rows too.
    async fn sealed(&self) -> Result<Vec<Sealed>>;
    /// Puts `sealed.value` where `before` stands, as one unit; `false` when something else stands there by now.
    async fn reseal(&self, sealed: Sealed, before: &str) -> Result<bool>;
}
