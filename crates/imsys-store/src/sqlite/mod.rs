//! The embedded adapter: one file, one writer thread with group commit, several readers.
//!
//! * [`db`](self): the writer, the readers, the guarantees about durability.
//! * `schema.sql` and its successors: STRICT tables; `PRAGMA user_version` counts them.
//! * One file per trait of the port.

mod archivable;
mod audit;
mod bulk;
mod checks;
mod customers;
mod db;
mod deferred_index;
mod entry;
mod erase;
mod evidence;
mod export;
mod import;
mod invitations;
mod journal;
mod list;
mod members;
mod observe;
mod packed;
mod people;
mod plans;
mod presence;
mod prune;
mod reader;
mod reports;
mod routers;
mod row;
mod service_search;
mod services;
mod sessions;
mod state;
mod system;
mod tenant;
mod totals;
mod trend;
mod trouble;

use crate::port::{Actor, FencingToken, Result, StoreError, Trouble};
use db::{Db, Sharing};
use evidence::Evidence;
use reports::Reports;
use rusqlite::{Connection, ErrorCode, ffi};
use service_search::ServiceSearch;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use totals::Totals;

/// A store in one SQLite file.
#[derive(Clone)]
pub struct SqliteStore {
    db: Arc<Db>,
    reports: Reports,
    search: ServiceSearch,
    totals: Totals,
}

impl SqliteStore {
    /// Opens the file, makes it when it is not there, and brings its schema up to date.
    ///
    /// Refuses a file whose schema is newer than this program, and a SQLite that does not run with
    /// `synchronous=FULL` and a write-ahead log.
    pub fn open(file: &Path) -> Result<Self> {
        Self::open_as(file, Sharing::Alone)
    }

    /// The same for one of several processes that write to the file: none of them keeps anything in memory
    /// that another one's write would make untrue.
    pub fn open_shared(file: &Path) -> Result<Self> {
        Self::open_as(file, Sharing::Shared)
    }

    fn open_as(file: &Path, sharing: Sharing) -> Result<Self> {
        Ok(Self {
            db: Arc::new(Db::open(file, sharing)?),
            reports: Reports::default(),
            search: ServiceSearch::default(),
            totals: Totals::default(),
        })
    }

    /// Looks for damage in the file; the first that is found is the error.
    pub async fn check(&self) -> Result<()> {
        let check = |conn: &Connection| {
            let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if said == "ok" { Ok(()) } else { Err(StoreError::Failed(said)) }
        };
        self.db.read_through(check).await
    }

    /// Writes everything into one compact copy beside the running store.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let to = to.to_str().ok_or_else(|| StoreError::Failed("the path is not UTF-8".into()))?.to_owned();
        let copy = move |conn: &Connection| {
            // It writes, though not here.
            conn.execute_batch("PRAGMA query_only = OFF")?;
            let done = conn.execute("VACUUM INTO ?1", [to]);
            conn.execute_batch("PRAGMA query_only = ON")?;
            done.map(|_| ()).map_err(StoreError::from)
        };
        self.db.read_through(copy).await
    }
}

/// One tenant's handle.
pub(crate) struct SqliteTenant {
    db: Arc<Db>,
    reports: Reports,
    search: ServiceSearch,
    totals: Totals,
    tenant: [u8; 16],
    actor: Actor,
    /// Writes are refused when a newer token was issued since.
    token: Option<FencingToken>,
    /// The lines that were read last, until they are written.
    in_hand: Mutex<Option<Evidence>>,
}

impl SqliteTenant {
    fn in_hand(&self) -> MutexGuard<'_, Option<Evidence>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::SqliteFailure(ffi::Error { code: ErrorCode::DiskFull, .. }, _) => {
                Self::Unavailable(Trouble::Full)
            }
            rusqlite::Error::SqliteFailure(ffi::Error { code: ErrorCode::SystemIoFailure, .. }, _) => {
                Self::Unavailable(Trouble::Disk)
            }
            error if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                Self::Slow
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("a stored value cannot be read: {error}"))
    }
}
