//! What is wrong with the storage itself: noticed, and logged once a minute a cause.

use crate::port::{Result, StoreError};
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Which file a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(file: &Path) -> Result<Self> {
        let meta = std::fs::metadata(file).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { device: meta.dev(), inode: meta.ino() })
    }
}

/// How long the same cause is not logged again.
const SAID_FOR: Duration = Duration::from_secs(60);

/// What kept transactions from being committed: each cause is logged once a minute.
#[derive(Default)]
pub(super) struct Complaints {
    /// The last transaction failed.
    troubled: AtomicBool,
    /// By cause: when it was logged last, and how often it was met since.
    told: Mutex<HashMap<String, (Instant, u64)>>,
}

impl Complaints {
    pub(super) fn troubled(&self) -> bool {
        self.troubled.load(Ordering::Relaxed)
    }

    /// A transaction was committed, or not.
    pub(super) fn note(&self, committed: &Result<()>) {
        self.troubled.store(committed.is_err(), Ordering::Relaxed);
        if let Err(error) = committed {
            self.tell(error);
        }
    }

    pub(super) fn tell(&self, error: &StoreError) {
        if let Some(times) = self.is_due(error, Instant::now()) {
            tracing::error!(%error, times, "nothing can be stored");
        }
    }

    /// How often a cause was met since it was logged last, if it is to be logged now.
    fn is_due(&self, error: &StoreError, now: Instant) -> Option<u64> {
        /// Causes remembered; their texts come from SQLite and are few.
        const MOST: usize = 64;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let cause = error.to_string();
        match told.get_mut(&cause) {
            Some((last, times)) if now.saturating_duration_since(*last) < SAID_FOR => {
                *times += 1;
                None
            }
            Some(known) => Some(std::mem::replace(known, (now, 0)).1 + 1),
            None => {
                if told.len() >= MOST {
                    told.clear();
                }
                told.insert(cause, (now, 0));
                Some(1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::super::db::Lane;
    use super::*;
    use crate::port::{Store, Trouble};
    use crate::suite::{Must, Town};
    use std::sync::Arc;

    #[test]
    fn a_cause_is_logged_once_a_minute_with_how_often_it_was_met() {
        let (complaints, start) = (Complaints::default(), Instant::now());
        let full = StoreError::Unavailable(Trouble::Full);
        let due =
            |error: &StoreError, seconds| complaints.is_due(error, start + Duration::from_secs(seconds));
        assert_eq!([0, 1, 59].map(|second| due(&full, second)), [Some(1), None, None]);
        assert_eq!(due(&StoreError::Busy, 2), Some(1), "another cause");
        assert_eq!(due(&full, 60), Some(3));
    }

    #[tokio::test]
    async fn a_full_disk_is_told_as_that_and_over_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("full.db")).unwrap());
        let town = Town::found(store.clone()).await;
        let pages = |most: i64| {
            store.db.write(Lane::Interactive, move |conn| {
                Ok(conn
                    .query_row(&format!("PRAGMA max_page_count = {most}"), [], |row| row.get::<_, i64>(0))?)
            })
        };
        pages(1).await.must();
        let full = StoreError::Unavailable(Trouble::Full);
        let mut refused = None;
        for n in 0..10_000 {
            let router = town.new_router(&format!("router {n} {}", "x".repeat(200)));
            refused = town.ours.create_router(router).await.err();
            if refused.is_some() {
                break;
            }
        }
        assert_eq!(refused, Some(full));
        pages(1 << 30).await.must();
        assert_eq!(store.health().await, Ok(()));
        town.router("there is room").await;
    }

    #[tokio::test]
    async fn a_database_file_that_is_deleted_or_replaced_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gone.db");
        let store = SqliteStore::open(&file).unwrap();
        assert_eq!(store.health().await, Ok(()));
        std::fs::remove_file(&file).unwrap();
        let deleted = Err(StoreError::Unavailable(Trouble::Deleted));
        assert_eq!(store.health().await, deleted);
        std::fs::write(&file, "").unwrap();
        assert_eq!(store.health().await, deleted);
    }
}
