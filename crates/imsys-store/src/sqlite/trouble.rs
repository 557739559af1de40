//! What is wrong with the storage itself: noticed, and logged once a minute a cause.

use crate::port::{Result, StoreError, Trouble};
use imsys_domain::seldom::Seldom;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The database's files as they were opened: a file that is deleted or replaced meanwhile still takes what is written,
/// and nobody ever finds it again.
pub(super) struct Files(Vec<(PathBuf, Option<Identity>)>);

/// Which file a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Files {
    /// Those of an open database: itself, and its log.
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self(
            [database.to_owned(), log.into()]
                .into_iter()
                .map(|file| (file.clone(), Identity::of(&file)))
                .collect(),
        )
    }

    /// Whether they are still what is written to.
    pub(super) fn check(&self) -> Result<()> {
        let stands =
            |(file, then): &(PathBuf, Option<Identity>)| then.is_none() || Identity::of(file) == *then;
        if self.0.iter().all(stands) { Ok(()) } else { Err(StoreError::Unavailable(Trouble::Deleted)) }
    }
}

impl Identity {
    fn of(file: &Path) -> Option<Self> {
        let meta = std::fs::metadata(file).ok()?;
        Some(Self { device: meta.dev(), inode: meta.ino() })
    }
}

/// What kept transactions from being committed: each cause is logged once a minute.
#[derive(Default)]
pub(super) struct Complaints {
    /// The last transaction failed.
    troubled: AtomicBool,
    told: Mutex<Seldom>,
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

    fn is_due(&self, error: &StoreError, now: Instant) -> Option<u64> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).due(error.to_string(), now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::super::db::Lane;
    use super::*;
    use crate::port::{Actor, Store};
    use crate::suite::{Must, Town, at};
    use imsys_domain::presence::{Endpoint, HookKey, Observation};
    use std::sync::Arc;
    use std::time::Duration;

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

    const USERS: [&str; 8] = ["ana", "ben", "cia", "dan", "eva", "fay", "gus", "hal"];

    #[tokio::test]
    async fn a_full_disk_is_told_as_that_and_over_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("full.db")).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        let ana = town.service(router, USERS[0]).await.id;
        for user in &USERS[1..] {
            town.service(router, user).await;
        }
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
        // What a full disk still took may not fit into the tables: they are read as they are.
        let (mut taken, mut behind) = (0, 0);
        for round in 0..100_i64 {
            let mut told = tokio::task::JoinSet::new();
            for user in USERS {
                let key = Some(HookKey(format!("*{}", round / 2)));
                let (at, endpoint) = (at(round), Endpoint::default());
                let seen = match round % 2 {
                    0 => Observation::HookUp { at, key, endpoint },
                    _ => Observation::HookDown { at, key },
                };
                let ours = town.ours.clone();
                told.spawn(async move { ours.apply_presence(router, user, seen).await.is_ok() });
            }
            taken += told.join_all().await.into_iter().filter(|taken| *taken).count();
            behind += usize::from(store.db.journal.is_behind());
            assert_eq!(town.ours.router(router).await.map(|router| router.id), Ok(router), "after {taken}");
            assert!(town.ours.presence(ana).await.is_ok(), "after {taken}");
            town.ours.unknown_users(None, 10).await.must();
        }
        assert!(taken > 0 && behind > 0, "{taken} were taken, and the tables were behind {behind} times");
        // There is room again, as for who starts anew.
        let tenant = town.tenant;
        drop((town, store));
        let store = SqliteStore::open(&folder.path().join("full.db")).unwrap();
        assert_eq!(store.health().await, Ok(()));
        let ours = store.tenant(tenant, Actor::system(at(200)));
        let counts = ours.hook_counts(router, at(0)).await.must();
        assert_eq!(counts.received, taken as u64, "what was acknowledged is there");
    }

    #[tokio::test]
    async fn a_database_that_is_deleted_or_replaced_takes_nothing_more() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["gone.db", "gone.db-wal"] {
            let file = folder.path().join(name);
            let store = Arc::new(SqliteStore::open(&folder.path().join("gone.db")).unwrap());
            let town = Town::found(store.clone()).await;
            let router = town.router("tower").await;
            town.service(router, "ana").await;
            assert_eq!(store.health().await, Ok(()));
            std::fs::rename(&file, folder.path().join("elsewhere")).unwrap();
            let deleted = StoreError::Unavailable(Trouble::Deleted);
            let up = || Observation::HookUp { at: at(5), key: None, endpoint: Endpoint::default() };
            let mut told = tokio::task::JoinSet::new();
            for _ in 0..20 {
                let ours = town.ours.clone();
                told.spawn(async move { ours.apply_presence(router, "ana", up()).await });
            }
            for told in told.join_all().await {
                assert_eq!(told, Err(deleted.clone()), "{name}");
            }
            assert_eq!(town.ours.archive_router(router).await, Err(deleted.clone()), "{name}");
            assert_eq!(store.health().await, Err(deleted.clone()), "{name}");
            std::fs::write(&file, "").unwrap();
            assert_eq!(store.health().await, Err(deleted), "{name}");
            std::fs::remove_file(&file).unwrap();
            drop((town, store));
            std::fs::remove_dir_all(folder.path()).unwrap();
            std::fs::create_dir(folder.path()).unwrap();
        }
    }
}
