//! Rows as points and summaries.
//!
//! A row that cannot be decoded is damaged: it is counted, logged, and as if it were not there, so that it costs
//! its own hours of one series and nothing else.

use super::codec::{DecodeError, Point, Summary, points, summaries};
use super::error::Result;
use super::memory::{SeriesId, merge};
use super::tier::{Tier, WINDOW, floor};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::atomic::{AtomicU64, Ordering};

/// The rows, by one connection and within its transaction.
pub(super) struct Chunks<'a> {
    pub(super) conn: &'a Connection,
    /// How many rows could not be decoded.
    pub(super) damaged: &'a AtomicU64,
}

impl Chunks<'_> {
    /// The plain points of a series from `from` to before `to`.
    pub(super) fn points(&self, id: SeriesId, tier: Tier, from: u32, to: u32) -> Result<Vec<Point>> {
        let mut found = Vec::new();
        for start in starts(from, to, WINDOW) {
            found.extend(self.chunk(id, tier, start)?);
        }
        found.retain(|point| (from..to).contains(&point.at));
        Ok(found)
    }

    /// The newest point of a series in chunks, if it is not older than `since`.
    pub(super) fn newest(&self, id: SeriesId, tier: Tier, since: u32) -> Result<Option<Point>> {
        let last = "SELECT place FROM chunks WHERE place >= ?1 AND place < ?2 ORDER BY place DESC LIMIT 1";
        let ends = tier.from(since - since % WINDOW);
        let last = self.conn.prepare_cached(last)?.query_row(ends, |row| row.get(0)).optional()?;
        let Some(last) = last.map(Tier::start_of) else { return Ok(None) };
        for start in starts(since, last + WINDOW, WINDOW).rev() {
            let newest = self.chunk(id, tier, start)?.last().copied();
            if newest.is_some() {
                return Ok(newest.filter(|point| point.at >= since));
            }
        }
        Ok(None)
    }

    /// Those of `points` whose second is in no chunk.
    pub(super) fn unknown(&self, id: SeriesId, tier: Tier, points: &[Point]) -> Result<Vec<Point>> {
        let mut unknown = Vec::new();
        for group in points.chunk_by(same_window) {
            unknown.extend(without(group, &self.chunk(id, tier, start_of(group))?));
        }
        Ok(unknown)
    }

    /// Puts points, which ascend, into their chunks. Those that were not there before.
    pub(super) fn add_points(&self, id: SeriesId, tier: Tier, points: &[Point]) -> Result<Vec<Point>> {
        let mut added = Vec::new();
        for group in points.chunk_by(same_window) {
            let start = start_of(group);
            let known = self.chunk(id, tier, start)?;
            let fresh = without(group, &known);
            if !fresh.is_empty() {
                let bytes = points::encode(start, &merge(known, fresh.clone()));
                self.put(tier.place(start, id), &bytes)?;
                added.extend(fresh);
            }
        }
        Ok(added)
    }

    /// The summaries of a tier that begin from `from` to before `to`.
    pub(super) fn summaries(&self, id: SeriesId, tier: Tier, from: u32, to: u32) -> Result<Vec<Summary>> {
        let mut found = Vec::new();
        for start in starts(from, to, tier.span()) {
            found.extend(self.row(id, tier, start)?);
        }
        found.retain(|summary| (from..to).contains(&summary.at));
        Ok(found)
    }

    /// Takes points, which ascend, into the summaries of every tier above their own.
    pub(super) fn summarise(&self, id: SeriesId, points_tier: Tier, points: &[Point]) -> Result<()> {
        for tier in points_tier.coarser() {
            let added = summaries::summarise(points, tier.step());
            let same_row = |a: &Summary, b: &Summary| a.at / tier.span() == b.at / tier.span();
            for group in added.chunk_by(same_row) {
                let start = group.first().map_or(0, |first| floor(first.at, tier.span()));
                let mut all = self.row(id, tier, start)?;
                all.extend_from_slice(group);
                all.sort_by_key(|summary| summary.at);
                let all = summaries::merge(all.into_iter(), tier.step());
                self.put(tier.place(start, id), &summaries::encode(start, tier.step(), &all))?;
            }
        }
        Ok(())
    }

    fn chunk(&self, id: SeriesId, tier: Tier, start: u32) -> Result<Vec<Point>> {
        self.get(tier.place(start, id), |bytes| points::decode(start, WINDOW, bytes))
    }

    fn row(&self, id: SeriesId, tier: Tier, start: u32) -> Result<Vec<Summary>> {
        let slots = tier.span() / tier.step();
        self.get(tier.place(start, id), |bytes| summaries::decode(start, tier.step(), slots, bytes))
    }

    fn get<T>(
        &self,
        place: i64,
        decode: impl Fn(&[u8]) -> std::result::Result<Vec<T>, DecodeError>,
    ) -> Result<Vec<T>> {
        let mut select = self.conn.prepare_cached("SELECT data FROM chunks WHERE place = ?1")?;
        let decoded = select.query_row([place], |row| Ok(decode(row.get_ref(0)?.as_blob()?))).optional()?;
        Ok(decoded.unwrap_or(Ok(Vec::new())).unwrap_or_else(|error| {
            self.damaged.fetch_add(1, Ordering::Relaxed);
            tracing::error!(place, %error, "a chunk of a series is damaged and left out");
            Vec::new()
        }))
    }

    fn put(&self, place: i64, bytes: &[u8]) -> Result<()> {
        let sql = "INSERT INTO chunks (place, data) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET data = ?2";
        self.conn.prepare_cached(sql)?.execute(params![place, bytes])?;
        Ok(())
    }
}

/// The starts of the rows of `span` seconds that touch the time from `from` to before `to`.
fn starts(from: u32, to: u32, span: u32) -> impl DoubleEndedIterator<Item = u32> {
    (from / span..to.div_ceil(span)).map(move |row| row * span)
}

const fn same_window(a: &Point, b: &Point) -> bool {
    a.at / WINDOW == b.at / WINDOW
}

fn start_of(group: &[Point]) -> u32 {
    group.first().map_or(0, |first| floor(first.at, WINDOW))
}

/// Those of `points` whose second is not in `known`, which ascends.
fn without(points: &[Point], known: &[Point]) -> Vec<Point> {
    let is_known = |point: &Point| known.binary_search_by_key(&point.at, |known| known.at).is_ok();
    points.iter().filter(|point| !is_known(point)).copied().collect()
}
