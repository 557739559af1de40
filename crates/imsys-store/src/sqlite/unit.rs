//! Units of work on a connection, and what the writer and the readers have in common.

use crate::port::{Result, StoreError, Trouble};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::time::Duration;

/// Whether other processes write to the file too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sharing {
    #[default]
    Alone,
    Shared,
}

/// Runs one request so that its failure undoes its own writes and nobody else's.
pub(crate) fn in_savepoint<T>(conn: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    conn.prepare_cached("SAVEPOINT request")?.execute([])?;
    let done = no_panic(|| work(conn));
    if conn.is_autocommit() {
        // SQLite has given up the whole transaction, as when the disk is full.
        return done.and(Err(StoreError::Unavailable(Trouble::Disk)));
    }
    if done.is_err() {
        conn.prepare_cached("ROLLBACK TO request")?.execute([])?;
    }
    conn.prepare_cached("RELEASE request")?.execute([])?;
    done
}

/// A panic of one request is that one's failure, and not the writer's end.
pub(super) fn no_panic<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::Failed("a write panicked".into())))
}

/// What writer and readers have in common.
pub(super) fn shared(conn: &Connection) -> Result<()> {
    conn.busy_timeout(Duration::from_secs(10))?;
    // A plan is made once a statement, whatever values are bound: without this, a statement that could
    // use a partial index is planned anew each time it runs.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
