//! What is too old goes.

use super::chunks::Chunks;
use super::error::Result;
use super::memory::{Entry, SeriesId};
use super::options::DAY;
use super::store::Writer;
use super::tier::{Tier, floor};
use super::{Series, database, flush};
use imsys_domain::Timestamp;

/// The series that are summarised in one transaction.
const SERIES: usize = 500;
/// The rows that are deleted in one transaction.
const ROWS: usize = 20_000;

impl Series {
    /// Deletes what is not kept any more, in whole rows, and finishes erasing what was dropped; how many rows. For
    /// once an hour or a day. Appends go on in between; after a crash the next call goes on.
    ///
    /// Plain points of series that have fallen silent are summarised before they go.
    pub fn retain(&self, now: Timestamp) -> Result<u64> {
        self.flush_all()?;
        let since = self.since_at(now);
        while self.roll_some(&mut self.writer(), &since)? > 0 {}
        self.set_since(&since)?;
        let mut deleted = self.erase_dropped()?;
        for tier in Tier::ALL {
            let (first, end) = (tier.from(0).0, tier.from(since[tier as usize]).0);
            loop {
                let some = delete_some(&self.writer(), first, end)?;
                deleted += some as u64;
                if some < ROWS {
                    break;
                }
            }
        }
        Ok(deleted)
    }

    /// The times before which rows go; never earlier than they were.
    fn since_at(&self, now: Timestamp) -> [u32; Tier::ALL.len()] {
        let now = u32::try_from(now.millis().div_euclid(1000)).unwrap_or_default();
        let mut since = self.memory().since;
        for ((tier, days), since) in Tier::ALL.into_iter().zip(self.options.keep.days()).zip(&mut since) {
            let oldest = now.saturating_sub(days.saturating_mul(DAY));
            *since = floor(oldest, tier.span()).max(*since);
        }
        since
    }

    /// Summarises points that will go, of some series. How many series these were.
    fn roll_some(&self, writer: &mut Writer, since: &[u32; Tier::ALL.len()]) -> Result<usize> {
        let end = |entry: &Entry| since[entry.tier as usize];
        let is_behind = |entry: &Entry| entry.rolled.is_some_and(|rolled| rolled < end(entry));
        let mut behind: Vec<(SeriesId, Entry)> =
            self.memory().entries().filter(|(_, entry)| is_behind(entry)).take(SERIES).collect();
        behind.sort_unstable_by_key(|(id, _)| *id);
        let unit = writer.conn.transaction()?;
        let chunks = Chunks { conn: &unit, damaged: &self.damaged };
        for (id, entry) in &behind {
            flush::roll(&chunks, *id, entry.tier, entry.rolled.unwrap_or_default()..end(entry), &[])?;
        }
        unit.commit()?;
        let mut memory = self.memory();
        behind.iter().for_each(|(id, entry)| memory.set_rolled(*id, end(entry)));
        Ok(behind.len())
    }

    /// From here on older points are refused.
    fn set_since(&self, since: &[u32; Tier::ALL.len()]) -> Result<()> {
        let mut writer = self.writer();
        // Those that came since the last look.
        while self.roll_some(&mut writer, since)? > 0 {}
        database::set_since(&mut writer.conn, since)?;
        self.memory().since = *since;
        Ok(())
    }
}

fn delete_some(writer: &Writer, first: i64, end: i64) -> Result<usize> {
    let sql = "DELETE FROM chunks WHERE place IN
                 (SELECT place FROM chunks WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT ?3)";
    Ok(writer.conn.prepare_cached(sql)?.execute((first, end, ROWS))?)
}
