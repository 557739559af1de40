//! Graphs.

use super::chunks::Chunks;
use super::codec::{Point, Summary, summaries};
use super::error::Result;
use super::flush::BEHIND_MARK;
use super::key::SeriesKey;
use super::memory::{SeriesId, merge};
use super::tier::{Tier, floor};
use super::{Series, database};
use imsys_domain::Timestamp;
use rusqlite::Connection;
use std::sync::atomic::AtomicU64;

/// The most points that may be wanted.
const MOST_WANTED: usize = 10_000;

/// What a series was, the oldest first. Where there was no data there is nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// As they were appended.
    Points(Vec<Point>),
    /// Summed up, because there are more points than were wanted, or no others are kept.
    Summaries {
        /// The seconds of each; they begin at its multiples since 1970.
        step: u32,
        /// One for each step with data.
        summaries: Vec<Summary>,
    },
}

impl Default for Range {
    /// Nothing.
    fn default() -> Self {
        Self::Points(Vec::new())
    }
}

impl Series {
    /// What a series was from `from` to before `to`, in about as many values as are wanted (at most 10,000): the
    /// plain points when there are no more, else summaries of so long a step that there are no more than one
    /// above `wanted`. The first and the last step are whole: they may begin before `from` and end after `to`.
    ///
    /// When what suits is not kept any more for so old a time, a coarser tier answers, with fewer values. A series
    /// that does not exist has no points.
    pub fn range(&self, key: &SeriesKey, from: Timestamp, to: Timestamp, wanted: usize) -> Result<Range> {
        // The memory first: what is flushed after this look is in the chunks as well, and counts once.
        let held = {
            let memory = self.memory();
            memory.find(key).map(|(id, entry)| (id, entry.tier, memory.points_of(id)))
        };
        let Some((id, tier, held)) = held else { return Ok(Range::default()) };
        let mut reader = self.reader();
        let snapshot = reader.transaction()?;
        View::range(&snapshot, &self.damaged, (id, tier), held, Span::new(from, to, wanted))
    }

    /// The newest point of a series, if it is not older than `since`.
    pub fn latest(&self, key: &SeriesKey, since: Timestamp) -> Result<Option<Point>> {
        let since = second(since);
        let held = {
            let memory = self.memory();
            memory.find(key).map(|(id, entry)| (id, entry.tier, memory.points_of(id)))
        };
        let Some((id, tier, held)) = held else { return Ok(None) };
        let newest = held.last().copied().filter(|point| point.at >= since);
        if newest.is_some() {
            return Ok(newest);
        }
        let reader = self.reader();
        Chunks { conn: &reader, damaged: &self.damaged }.newest(id, tier, since)
    }
}

/// The coarsest tier that gives as many values as are wanted, or a coarser one if that is not kept since `from`;
/// and how many seconds each value stands for.
fn pick(points: Tier, Span { from, to, wanted }: Span, since: &[u32; Tier::ALL.len()]) -> (Tier, u32) {
    let wanted = wanted as u32;
    let span = to - from;
    let suits = |tier: &Tier| tier.step() <= span / wanted;
    let is_kept = |tier: &Tier| since[*tier as usize] <= from;
    let finest = points.coarser().filter(suits).last().unwrap_or(points);
    let tier = Tier::ALL.into_iter().filter(|tier| *tier >= finest).find(is_kept).unwrap_or(Tier::Day);
    (tier, tier.step().saturating_mul(span.div_ceil(wanted).div_ceil(tier.step())))
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Span {
    from: u32,
    /// Behind the last second.
    to: u32,
    /// How many values.
    wanted: usize,
}

impl Span {
    pub(super) fn new(from: Timestamp, to: Timestamp, wanted: usize) -> Self {
        Self { from: second(from), to: second(to), wanted: wanted.clamp(1, MOST_WANTED) }
    }
}

/// One series at one moment.
pub(super) struct View<'a> {
    chunks: Chunks<'a>,
    id: SeriesId,
    /// The tier of its plain points.
    tier: Tier,
    /// Points before it are summarised, if they are in chunks.
    mark: u32,
    /// Points that may be in no chunk yet.
    held: Vec<Point>,
}

impl<'a> View<'a> {
    /// What a series was. `held` are its points that may be in no chunk yet, seen before the snapshot.
    pub(super) fn range(
        snapshot: &'a Connection,
        damaged: &'a AtomicU64,
        (id, tier): (SeriesId, Tier),
        held: Vec<Point>,
        span: Span,
    ) -> Result<Range> {
        let Span { from, to, wanted } = span;
        let mark = if from < to { database::rolled(snapshot, id)? } else { None };
        let Some(mark) = mark else { return Ok(Range::default()) };
        let (coarse, step) = pick(tier, span, &database::since(snapshot)?);
        let view = Self { chunks: Chunks { conn: snapshot, damaged }, id, tier, mark, held };
        let (first, end) = (floor(from, step), to.div_ceil(step).saturating_mul(step));
        if coarse > tier {
            return Ok(Range::Summaries { step, summaries: view.summaries(coarse, first, end, step)? });
        }
        let points = view.points(first, end)?;
        let inside: Vec<_> = points.iter().filter(|point| (from..to).contains(&point.at)).copied().collect();
        if inside.len() <= wanted {
            return Ok(Range::Points(inside));
        }
        Ok(Range::Summaries { step, summaries: summaries::summarise(&points, step) })
    }

    fn points(&self, from: u32, to: u32) -> Result<Vec<Point>> {
        Ok(merge(self.chunks.points(self.id, self.tier, from, to)?, self.held(from, to)))
    }

    /// The summaries of a tier, and behind the mark the points that are in none.
    fn summaries(&self, tier: Tier, from: u32, to: u32, step: u32) -> Result<Vec<Summary>> {
        let mut all = self.chunks.summaries(self.id, tier, from, to)?;
        let mark = self.mark.clamp(from, to);
        let late = self.chunks.unknown(self.id, self.tier, &self.held(from, mark))?;
        let end = to.min(self.mark.saturating_add(BEHIND_MARK));
        let stored = self.chunks.points(self.id, self.tier, mark, end)?;
        let behind = merge(stored, self.held(mark, to));
        all.extend(late.into_iter().chain(behind).map(|point| Summary::of(point.at, point.value)));
        all.sort_by_key(|summary| summary.at);
        Ok(summaries::merge(all.into_iter(), step))
    }

    fn held(&self, from: u32, to: u32) -> Vec<Point> {
        self.held.iter().filter(|point| (from..to).contains(&point.at)).copied().collect()
    }
}

/// The second in which a time lies, or the nearest that a point can have.
fn second(at: Timestamp) -> u32 {
    at.millis().div_euclid(1000).clamp(0, u32::MAX.into()) as u32
}
