//! The change feed: a row for what one unit of work changed of a tenant, written in the same transaction.
//!
//! SQLite has one writer at a time, so the numbers of the rows grow in the order of the commits, whichever process
//! commits. The newest row is never deleted: no number comes again.

use super::row::{broken, collect};
use crate::model::{Change, Changed, Cursor, Feed, ServiceChange};
use crate::port::{Applied, Result};
use imsys_domain::{ServiceId, TenantId, Timestamp};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How long an entry is kept.
const KEPT: i64 = 24 * 3600;
/// And how many at most.
const MOST: i64 = 500_000;

/// In the first byte of what a row holds. A change of what is written needs another number.
const NOW: u8 = 1;

/// Adds what changed, if anything did.
pub(super) fn append(conn: &Connection, tenant: &[u8; 16], at: Timestamp, changes: &[Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let row = write(changes)?;
    conn.prepare_cached("INSERT INTO changes (tenant, at, changes) VALUES (?1, ?2, ?3)")?
        .execute(params![tenant, at.millis(), row])?;
    Ok(())
}

/// Adds what changed about services.
pub(super) fn append_services(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    changes: &[ServiceChange],
) -> Result<()> {
    append(conn, tenant, at, &of_services(changes))
}

/// These as entries of the feed.
pub(super) fn of_services(changes: &[ServiceChange]) -> Vec<Change> {
    changes.iter().cloned().map(Change::Service).collect()
}

/// What changed of several tenants, until it is written.
#[derive(Default)]
pub(super) struct Unwritten(BTreeMap<[u8; 16], (Timestamp, Vec<Change>)>);

impl Unwritten {
    /// What an observation at that time came to.
    pub(super) fn note(&mut self, tenant: [u8; 16], at: Timestamp, applied: &Applied) {
        let Applied::Known { change: Some(change), .. } = applied else { return };
        let (newest, changes) = self.0.entry(tenant).or_insert((at, Vec::new()));
        *newest = at.max(*newest);
        changes.push(Change::Service(change.clone()));
    }

    /// Forgets it.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Writes it, and is empty then.
    pub(super) fn write(&mut self, conn: &Connection) -> Result<()> {
        std::mem::take(&mut self.0)
            .iter()
            .try_for_each(|(tenant, (at, changes))| append(conn, tenant, *at, changes))
    }
}

/// Where the feed stands.
pub(super) fn feed(conn: &Connection) -> Result<Feed> {
    let sql = "SELECT name, (SELECT coalesce(max(n), 0) FROM changes) FROM feed";
    Ok(conn
        .prepare_cached(sql)?
        .query_row([], |row| Ok(Feed { name: row.get(0)?, head: Cursor(row.get(1)?) }))?)
}

/// The newest number.
pub(super) fn head(conn: &Connection) -> Result<i64> {
    let sql = "SELECT coalesce(max(n), 0) FROM changes";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// What came after `after`, the oldest first, `limit` rows at most; `None` when it is no longer known what did.
pub(super) fn after(conn: &Connection, after: Cursor, limit: u32) -> Result<Option<Vec<Changed>>> {
    let sql = "SELECT coalesce(min(n), 1), coalesce(max(n), 0) FROM changes";
    let (oldest, newest): (i64, i64) =
        conn.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if after.0 < oldest - 1 || after.0 > newest {
        return Ok(None);
    }
    let sql = "SELECT n, tenant, changes FROM changes WHERE n > ?1 ORDER BY n LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = collect(statement.query(params![after.0, limit])?, |row| {
        Ok(Changed {
            cursor: Cursor(row.get(0)?),
            tenant: TenantId(Uuid::from_bytes(row.get(1)?)),
            changes: read(row.get_ref(2)?.as_blob().map_err(|_| broken("changes"))?)?,
        })
    })?;
    Ok(Some(rows))
}

/// Deletes what is no longer kept at `now`, `bite` rows at most; how many went.
pub(super) fn prune(conn: &Connection, now: Timestamp, bite: usize) -> Result<usize> {
    let before = now.minus_seconds(KEPT);
    let sql = "DELETE FROM changes WHERE n IN (
                 SELECT n FROM changes WHERE n < max(
                   coalesce((SELECT n FROM changes WHERE at >= ?1 ORDER BY n LIMIT 1), (SELECT max(n) FROM changes)),
                   (SELECT max(n) FROM changes) - ?2 + 1)
                 ORDER BY n LIMIT ?3)";
    Ok(conn.prepare_cached(sql)?.execute(params![before.millis(), MOST, bite])?)
}

/// Forgets what changed about these services: nothing of them is to be known any more.
pub(super) fn forget(conn: &Connection, tenant: &[u8; 16], services: &[ServiceId]) -> Result<()> {
    let is_theirs =
        |change: &Change| matches!(change, Change::Service(change) if services.contains(&change.id));
    let mut statement = conn.prepare_cached("SELECT n, changes FROM changes WHERE tenant = ?1")?;
    let mut rows = statement.query([tenant])?;
    let mut rewritten = Vec::new();
    while let Some(row) = rows.next()? {
        let mut changes = read(row.get_ref(1)?.as_blob().map_err(|_| broken("changes"))?)?;
        if changes.iter().any(is_theirs) {
            changes.retain(|change| !is_theirs(change));
            rewritten.push((row.get::<_, i64>(0)?, write(&changes)?));
        }
    }
    let mut update = conn.prepare_cached("UPDATE changes SET changes = ?2 WHERE n = ?1")?;
    rewritten.into_iter().try_for_each(|(n, row)| update.execute(params![n, row]).map(|_| ()))?;
    Ok(())
}

/// Tells that a tenant is deleted, and forgets what it was told of before. The last entry goes last: no place is given
/// twice.
pub(super) fn forget_tenant(conn: &Connection, tenant: &[u8; 16], at: Timestamp) -> Result<()> {
    append(conn, tenant, at, &[Change::TenantDeleted])?;
    let before = "DELETE FROM changes WHERE tenant = ?1 AND n < ?2";
    conn.prepare_cached(before)?.execute(params![tenant, head(conn)?])?;
    Ok(())
}

/// Begins a new feed, as its places are no longer those that others remember.
pub(crate) fn begin_anew(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("UPDATE feed SET name = lower(hex(randomblob(8)))")?)
}

fn write(changes: &[Change]) -> Result<Vec<u8>> {
    postcard::to_extend(changes, vec![NOW]).map_err(|_| broken("changes"))
}

fn read(row: &[u8]) -> Result<Vec<Change>> {
    match row.split_first() {
        Some((&NOW, rest)) => postcard::from_bytes(rest).map_err(|_| broken("changes")),
        _ => Err(broken("changes")),
    }
}
