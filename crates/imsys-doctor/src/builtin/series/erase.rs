//! A device or a tenant goes, with all it was measured at.

use super::Series;
use super::error::Result;
use super::options::DAY;
use super::store::Writer;
use super::tier::{Tier, WINDOW};
use rusqlite::{OptionalExtension, params};

/// The series whose rows are erased in one transaction.
const SERIES: usize = 50;

impl Series {
    /// Drops the series of a device; how many there were. They are gone for every reader at once, and from the
    /// file when this returns. What is left by a crash is erased by the next [`retain`](Self::retain).
    pub fn drop_device(&self, tenant: [u8; 16], device: [u8; 16]) -> Result<usize> {
        self.drop_series(tenant, Some(device))
    }

    /// The same for all series of a tenant.
    pub fn drop_tenant(&self, tenant: [u8; 16]) -> Result<usize> {
        self.drop_series(tenant, None)
    }

    /// The tenants that have series.
    pub fn tenants(&self) -> Vec<[u8; 16]> {
        self.memory().tenants()
    }

    fn drop_series(&self, tenant: [u8; 16], device: Option<[u8; 16]>) -> Result<usize> {
        let mut writer = self.writer();
        let dropped = self.memory().keys_of(tenant, device);
        let unit = writer.conn.transaction()?;
        for (_, id) in &dropped {
            unit.prepare_cached("INSERT INTO dropped (id) VALUES (?1)")?.execute([id.0])?;
            unit.prepare_cached("DELETE FROM series WHERE id = ?1")?.execute([id.0])?;
        }
        unit.commit()?;
        dropped.iter().for_each(|(key, _)| self.memory().forget(key));
        drop(writer);
        self.erase_dropped()?;
        Ok(dropped.len())
    }

    /// Erases the rows of dropped series; how many there were.
    pub(super) fn erase_dropped(&self) -> Result<u64> {
        let mut erased = 0;
        while let Some(rows) = erase_some(&mut self.writer())? {
            erased += rows;
        }
        Ok(erased)
    }
}

/// Erases the rows of some series; `None` when there is none left. A row can only be found by its key, so each
/// possible start is tried.
fn erase_some(writer: &mut Writer) -> Result<Option<u64>> {
    let unit = writer.conn.transaction()?;
    let ids: Vec<u32> = {
        let mut select = unit.prepare_cached("SELECT id FROM dropped LIMIT ?1")?;
        select.query_map([SERIES], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
    };
    if ids.is_empty() {
        return Ok(None);
    }
    let mut erased = 0;
    let mut delete = unit.prepare_cached("DELETE FROM chunks WHERE place = ?1")?;
    for tier in Tier::ALL {
        for start in starts(&unit, tier)? {
            for id in &ids {
                erased += delete.execute([tier.place(start, super::memory::SeriesId(*id))])? as u64;
            }
        }
    }
    for id in &ids {
        unit.prepare_cached("DELETE FROM dropped WHERE id = ?1")?.execute(params![id])?;
    }
    drop(delete);
    unit.commit()?;
    Ok(Some(erased))
}

/// Where rows of a tier can begin.
fn starts(conn: &rusqlite::Connection, tier: Tier) -> Result<impl Iterator<Item = u32>> {
    let (first, end) = tier.from(0);
    let one = |order: &str| {
        let sql = format!(
            "SELECT place FROM chunks WHERE place >= ?1 AND place < ?2 ORDER BY place {order} LIMIT 1"
        );
        conn.prepare_cached(&sql)?.query_row([first, end], |row| row.get::<_, i64>(0)).optional()
    };
    let between = one("ASC")?.zip(one("DESC")?);
    // The plain points of five minutes begin more often than its summaries.
    let span = if tier <= Tier::FiveMinutes { WINDOW } else { tier.span().max(DAY) };
    let rows =
        between.map_or(0..0, |(first, last)| Tier::start_of(first) / span..Tier::start_of(last) / span + 1);
    Ok(rows.map(move |row| row * span))
}
