//! From the frozen journal into chunks, and from old chunks into summaries.

use super::chunks::Chunks;
use super::codec::Point;
use super::database;
use super::error::Result;
use super::memory::{Entry, SeriesId, Waiting, merge};
use super::options::DAY;
use super::tier::{Tier, floor};

/// So long after a day its points are summarised: most of what comes late has come then.
const GRACE: u32 = 3600;
/// No plain point in a chunk is later than its series' mark and this.
pub(super) const BEHIND_MARK: u32 = DAY + GRACE;

/// Puts the points of a series into chunks, and what is over into summaries. Its mark, when it has moved.
///
/// `since` is since when its plain points are kept: older ones are left out.
pub(super) fn carry(chunks: &Chunks<'_>, waiting: &Waiting, since: u32) -> Result<Option<u32>> {
    let Waiting { id, entry: Entry { tier, rolled }, points } = waiting;
    let kept = points.get(points.partition_point(|point| point.at < since)..).unwrap_or_default();
    let fresh = chunks.add_points(*id, *tier, kept)?;
    let (Some(first), Some(last)) = (fresh.first(), fresh.last()) else { return Ok(None) };
    let mark = rolled.unwrap_or(floor(first.at, DAY));
    let (late, recent) = fresh.split_at(fresh.partition_point(|point| point.at < mark));
    if !late.is_empty() {
        chunks.summarise(*id, *tier, late)?;
    }
    let is_over = last.at >= mark.saturating_add(BEHIND_MARK);
    let next = if is_over { floor(last.at - GRACE, DAY) } else { mark };
    if *rolled == Some(next) {
        return Ok(None);
    }
    roll(chunks, *id, *tier, mark..next, recent)?;
    Ok(Some(next))
}

/// Summarises the plain points between two marks, and moves the mark. `recent` are points that may be behind
/// [`BEHIND_MARK`]; those before are found in chunks.
pub(super) fn roll(
    chunks: &Chunks<'_>,
    id: SeriesId,
    tier: Tier,
    marks: std::ops::Range<u32>,
    recent: &[Point],
) -> Result<()> {
    let end = marks.end.min(marks.start.saturating_add(BEHIND_MARK));
    let stored = chunks.points(id, tier, marks.start, end)?;
    let recent = recent.iter().filter(|point| marks.contains(&point.at)).copied().collect();
    let points = merge(stored, recent);
    if !points.is_empty() {
        chunks.summarise(id, tier, &points)?;
    }
    database::set_rolled(chunks.conn, id, marks.end)
}
