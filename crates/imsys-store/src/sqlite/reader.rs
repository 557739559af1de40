//! The read-only connections: how many there are, for how long one may be used, and whose turn it is.

use super::unit::shared;
use crate::port::{Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Read-only connections.
const READERS: usize = 4;
/// Those of them that one tenant may use at a time, so that the others find one.
const SHARE: usize = READERS / 2;
/// Nobody waits longer for one of them.
const WAIT: Duration = Duration::from_secs(10);
/// Steps of SQLite's machine between two looks at the clock, about a millisecond.
const STEPS: i32 = 100_000;
/// Tenants whose shares are kept before those that nobody uses are forgotten.
const KEPT: usize = 1_000;

/// The connections that are free, and the places of those that use one.
pub(super) struct Readers {
    idle: Mutex<Vec<Reader>>,
    free: Arc<Semaphore>,
    file: PathBuf,
}

/// A connection, and when what runs on it is given up.
struct Reader {
    conn: Connection,
    until: Arc<Mutex<Option<Instant>>>,
}

impl Readers {
    pub(super) fn open(file: &Path) -> Result<Self> {
        let idle = (0..READERS).map(|_| Reader::open(file)).collect::<Result<_>>()?;
        let free = Arc::new(Semaphore::new(READERS));
        Ok(Self { idle: Mutex::new(idle), free, file: file.to_owned() })
    }

    /// A place, waited for.
    pub(super) async fn free(&self) -> Result<OwnedSemaphorePermit> {
        wait(Arc::clone(&self.free)).await
    }

    /// A place, if there is one.
    pub(super) fn free_now(&self) -> Option<SemaphorePermit<'_>> {
        self.free.try_acquire().ok()
    }

    /// For who has a place. What takes longer than `most` is [`StoreError::Slow`].
    pub(super) fn look<T>(
        &self,
        most: Option<Duration>,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let reader = self.idle().pop();
        let reader = reader.map_or_else(|| Reader::open(&self.file), Ok)?;
        *lock(&reader.until) = most.map(|most| Instant::now() + most);
        let done = work(&reader.conn);
        self.idle().push(reader);
        done
    }

    /// Closes those that are free.
    pub(super) fn close(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Reader>> {
        lock(&self.idle)
    }
}

impl Reader {
    fn open(file: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(file, flags)?;
        shared(&conn)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.execute_batch("PRAGMA cache_size = -6144; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;")?;
        let until = Arc::<Mutex<Option<Instant>>>::default();
        let given_up = {
            let until = Arc::clone(&until);
            move || lock(&until).is_some_and(|until| until <= Instant::now())
        };
        conn.progress_handler(STEPS, Some(given_up))?;
        Ok(Self { conn, until })
    }
}

/// The readers of each tenant.
#[derive(Default)]
pub(super) struct Shares(Mutex<HashMap<[u8; 16], Arc<Semaphore>>>);

impl Shares {
    /// A place in the tenant's share, waited for.
    pub(super) async fn place(&self, tenant: [u8; 16]) -> Result<OwnedSemaphorePermit> {
        let share = {
            let mut shares = lock(&self.0);
            if shares.len() >= KEPT {
                // Whoever has a place or waits for one holds the share too.
                shares.retain(|_, share| Arc::strong_count(share) > 1);
            }
            Arc::clone(shares.entry(tenant).or_insert_with(|| Arc::new(Semaphore::new(SHARE))))
        };
        wait(share).await
    }
}

async fn wait(places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    match tokio::time::timeout(WAIT, places.acquire_owned()).await {
        Ok(place) => place.map_err(|_| StoreError::Failed("the store is closing".into())),
        Err(_) => Err(StoreError::Busy),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDLESS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    fn count(conn: &Connection, sql: &str) -> Result<i64> {
        Ok(conn.query_row(sql, [], |row| row.get(0))?)
    }

    #[test]
    fn what_takes_too_long_is_given_up_and_the_next_read_has_its_own_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("imsys.db");
        drop(crate::sqlite::SqliteStore::open(&file).unwrap());
        let readers = Readers::open(&file).unwrap();
        let slow = readers.look(Some(Duration::from_millis(5)), |conn| count(conn, ENDLESS));
        assert_eq!(slow, Err(StoreError::Slow));
        assert_eq!(readers.look(None, |conn| count(conn, "SELECT 1")), Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_waits_for_its_own_share_and_not_for_ever() {
        let shares = Shares::default();
        let mut places = Vec::new();
        for _ in 0..SHARE {
            places.push(shares.place([1; 16]).await.unwrap());
        }
        assert_eq!(shares.place([1; 16]).await.err(), Some(StoreError::Busy));
        let _placed = shares.place([2; 16]).await.unwrap();
        places.pop();
        let _placed = shares.place([1; 16]).await.unwrap();
    }

    #[tokio::test]
    async fn shares_that_nobody_uses_are_forgotten_and_the_others_are_not() {
        let shares = Shares::default();
        let held = shares.place([255; 16]).await.unwrap();
        for n in 0..2 * KEPT as u128 {
            let _placed = shares.place(n.to_be_bytes()).await.unwrap();
        }
        assert!(lock(&shares.0).len() <= KEPT);
        assert!(lock(&shares.0).contains_key(&[255; 16]));
        drop(held);
    }
}
