//! The SQLite file: how it is opened, the catalog in it, and marks.

use super::error::{Result, SeriesError};
use super::key::SeriesKey;
use super::memory::{Entry, Memory, SeriesId};
use super::tier::Tier;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;

/// The version of [`SCHEMA`].
const VERSION: u32 = 1;

/// The catalog has no index: it is read once, at the start. Its numbers are not used again, so that neither a journal
/// nor a row that is still to be erased can speak of another series.
const SCHEMA: &str = "
CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id < 134217728),
    tenant BLOB NOT NULL,
    device BLOB NOT NULL,
    class TEXT NOT NULL,
    part TEXT NOT NULL,
    tier INTEGER NOT NULL,
    rolled INTEGER
) STRICT;
CREATE TABLE dropped (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE kept (tier INTEGER PRIMARY KEY, since INTEGER NOT NULL) STRICT;
CREATE TABLE chunks (place INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
";

/// The connection that writes; makes the file and its tables when they are not there.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864;",
    )?;
    let taken: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if taken > VERSION {
        return Err(SeriesError::Newer);
    }
    if taken == 0 {
        let unit = conn.transaction()?;
        unit.execute_batch(SCHEMA)?;
        unit.pragma_update(None, "user_version", VERSION)?;
        unit.commit()?;
    }
    Ok(conn)
}

/// A connection that reads while another one writes.
pub(super) fn open_reader(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
    Ok(conn)
}

/// Whether the file is a store already.
pub(super) fn has_tables(conn: &Connection) -> Result<bool> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))? > 0)
}

/// The catalog, and since when each tier is kept.
pub(super) fn load(conn: &Connection) -> Result<Memory> {
    let mut memory = Memory::new(since(conn)?);
    let mut rows = conn.prepare("SELECT id, tenant, device, class, part, tier, rolled FROM series")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (key, id, entry) = read_series(row)?;
        memory.learn(key, id, entry);
    }
    Ok(memory)
}

fn read_series(row: &Row<'_>) -> rusqlite::Result<(SeriesKey, SeriesId, Entry)> {
    let (class, index): (String, String) = (row.get(3)?, row.get(4)?);
    let key =
        SeriesKey { tenant: row.get(1)?, device: row.get(2)?, class: class.into(), index: index.into() };
    let number: u8 = row.get(5)?;
    let tier = Tier::of(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(5, number.into()))?;
    Ok((key, SeriesId(row.get(0)?), Entry { tier, rolled: row.get(6)? }))
}

/// A series and the tier of its plain points.
pub(super) fn find(conn: &Connection, key: &SeriesKey) -> Result<Option<(SeriesId, Tier)>> {
    let sql = "SELECT id, tenant, device, class, part, tier, rolled FROM series
               WHERE device = ?2 AND class = ?3 AND part = ?4 AND tenant = ?1";
    let found = conn
        .prepare_cached(sql)?
        .query_row(params![key.tenant, key.device, &*key.class, &*key.index], read_series)
        .optional()?;
    Ok(found.map(|(_, id, entry)| (id, entry.tier)))
}

/// Adds a series.
pub(super) fn add_series(conn: &Connection, key: &SeriesKey, tier: Tier) -> Result<SeriesId> {
    let sql = "INSERT INTO series (tenant, device, class, part, tier) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![key.tenant, key.device, &*key.class, &*key.index, tier as u8];
    conn.prepare_cached(sql)?.execute(values)?;
    // The table's check bounds it.
    Ok(SeriesId(conn.last_insert_rowid() as u32))
}

/// Moves the mark of a series.
pub(super) fn set_rolled(conn: &Connection, id: SeriesId, rolled: u32) -> Result<()> {
    conn.prepare_cached("UPDATE series SET rolled = ?2 WHERE id = ?1")?.execute(params![id.0, rolled])?;
    Ok(())
}

/// The mark of a series; `None` when there is no such series, and 0 before its first chunk.
pub(super) fn rolled(conn: &Connection, id: SeriesId) -> Result<Option<u32>> {
    let mut select = conn.prepare_cached("SELECT ifnull(rolled, 0) FROM series WHERE id = ?1")?;
    Ok(select.query_row([id.0], |row| row.get(0)).optional()?)
}

/// Since when each tier is kept.
pub(super) fn since(conn: &Connection) -> Result<[u32; Tier::ALL.len()]> {
    let mut since = [0; Tier::ALL.len()];
    let mut select = conn.prepare_cached("SELECT tier, since FROM kept")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(kept) = since.get_mut(row.get::<_, usize>(0)?) {
            *kept = row.get(1)?;
        }
    }
    Ok(since)
}

/// Says since when each tier is kept; what is older is still to be deleted.
pub(super) fn set_since(conn: &mut Connection, since: &[u32; Tier::ALL.len()]) -> Result<()> {
    let unit = conn.transaction()?;
    for (tier, since) in since.iter().enumerate() {
        unit.execute("INSERT OR REPLACE INTO kept (tier, since) VALUES (?1, ?2)", params![tier, since])?;
    }
    Ok(unit.commit()?)
}
