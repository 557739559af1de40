//! The reader of the change feed for browsers: one per process, and only while somebody watches.

use super::client::Client;
use super::{Live, Topic};
use crate::complaints::complain;
use crate::stop::Stop;
use imsys_domain::TenantId;
use imsys_store::model::Cursor;
use imsys_store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The least time between two reads: many changes become one.
const PACE: Duration = Duration::from_millis(50);
/// The longest: what other processes change comes without a hint.
const POLL: Duration = Duration::from_millis(500);
/// Entries in one read.
const READ: u32 = 500;
/// Reads for one browser that comes back; what takes more it had better fetch anew.
const READS: usize = 20;

impl Live {
    /// Follows the feed until it is told to stop.
    pub(crate) async fn follow(self, store: Arc<dyn Store>, mut stop: Stop) {
        let work = async {
            let mut changed = store.changed();
            loop {
                self.watched().await;
                if let Err(error) = self.catch_up(&*store).await {
                    complain("browsers could not be told what changed", None, &error);
                }
                sleep(PACE).await;
                let _hinted_or_not = timeout(POLL, changed.changed()).await;
            }
        };
        tokio::select! {
            () = stop.wait() => {}
            () = work => {}
        }
    }

    /// Waits until somebody watches.
    async fn watched(&self) {
        while !self.rooms().is_watched() {
            self.0.joined.notified().await;
        }
    }

    /// Tells everything that the feed has said since.
    async fn catch_up(&self, store: &dyn Store) -> Result<(), StoreError> {
        loop {
            let told = self.rooms().told;
            let Some(read) = store.changes_after(told, READ).await? else {
                self.gap(store.feed().await?.head);
                return Ok(());
            };
            read.iter().for_each(|changed| self.deliver(changed));
            if read.len() < READ as usize {
                return Ok(());
            }
        }
    }

    /// Joins the watchers of a tenant, and tells first what has changed since `last`, the id of the last event that this
    /// browser has seen. `None` when there are too many.
    pub(crate) async fn watch(
        &self,
        store: &dyn Store,
        tenant: TenantId,
        topics: Vec<Topic>,
        last: Option<&str>,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        let head = store.feed().await?.head;
        let Some(client) = self.join(tenant, topics, head) else { return Ok(None) };
        if let Some(seen) = last.and_then(|last| self.place(last)) {
            self.tell_since(store, tenant, &client, seen).await?;
        }
        Ok(Some(client))
    }

    /// The place in this feed that the id of an event tells.
    fn place(&self, id: &str) -> Option<Cursor> {
        let (stream, place) = id.rsplit_once('-')?;
        (stream == self.stream()).then(|| place.parse().ok().map(Cursor)).flatten()
    }

    /// Tells what came between `seen` and where the client has joined, if that is still known and not too much.
    async fn tell_since(
        &self,
        store: &dyn Store,
        tenant: TenantId,
        client: &Client,
        seen: Cursor,
    ) -> Result<(), StoreError> {
        let (joined, mut at) = (client.seq(), seen);
        let mut missed = Vec::new();
        for _ in 0..READS {
            let Some(read) = store.changes_after(at, READ).await? else { return Ok(()) };
            at = read.last().map_or(joined, |last| last.cursor);
            missed.extend(read.into_iter().filter(|changed| changed.tenant == tenant));
            if at >= joined {
                client.go_back(seen);
                missed.iter().for_each(|changed| client.tell(changed));
                return Ok(());
            }
        }
        Ok(())
    }
}
