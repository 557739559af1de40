//! The embedded adapter: one file, one writer thread with group commit, several readers. [`open`] gives it as a
//! [`Store`]; nobody else knows its type.
//!
//! * `feed`: what changed, for those who react.
//! * [`db`](self): the writer, the readers, the guarantees about durability.
//! * `schema.sql` and its successors: STRICT tables; `PRAGMA user_version` counts them.
//! * [`restore`]: a backup in the place of the file.
//! * One file per trait of the port.

mod archivable;
mod audit;
mod bulk;
mod bulk_rows;
mod checks;
mod customers;
mod db;
mod deferred_index;
mod devices;
mod entry;
mod erase;
mod evidence;
mod exist;
mod export;
mod feed;
mod held;
mod import;
mod invitations;
mod journal;
mod list;
mod maintenance;
mod members;
mod observe;
mod packed;
mod people;
mod plans;
mod presence;
mod prune;
mod reader;
mod reports;
pub mod restore;
mod routers;
mod row;
mod runs;
mod service_archive;
mod service_rows;
mod service_search;
mod services;
mod sessions;
mod snmp_logins;
mod state;
mod system;
mod tenant;
mod totals;
mod trend;
mod trouble;
mod unit;
mod usage;

use crate::port::{Actor, FencingToken, Result, Store, StoreError, Trouble};
use db::Db;
use evidence::Evidence;
use reports::Reports;
use rusqlite::{ErrorCode, ffi};
use service_search::ServiceSearch;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use totals::Totals;
use unit::Sharing;

/// Opens the file, makes it when it is not there, and brings its schema up to date.
///
/// Refuses a file whose schema is newer than this program, and a SQLite that does not run with
/// `synchronous=FULL` and a write-ahead log.
pub fn open(file: &Path) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open_as(file, Sharing::Alone)?))
}

/// The same for one of several processes that write to the file: none of them keeps anything in memory
/// that another one's write would make untrue.
pub fn open_shared(file: &Path) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open_as(file, Sharing::Shared)?))
}

/// A store in one SQLite file.
#[derive(Clone)]
pub(crate) struct SqliteStore {
    db: Arc<Db>,
    reports: Reports,
    search: ServiceSearch,
    totals: Totals,
}

impl SqliteStore {
    /// For the tests of this adapter.
    #[cfg(test)]
    pub(crate) fn open(file: &Path) -> Result<Self> {
        Self::open_as(file, Sharing::Alone)
    }

    fn open_as(file: &Path, sharing: Sharing) -> Result<Self> {
        Ok(Self {
            db: Arc::new(Db::open(file, sharing)?),
            reports: Reports::default(),
            search: ServiceSearch::default(),
            totals: Totals::default(),
        })
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
