//! Reading a store that another process owns.

use super::error::{Result, SeriesError};
use super::journal;
use super::key::SeriesKey;
use super::memory::merge;
use super::read::{Range, Span, View};
use super::store::journals;
use super::{codec::Point, database};
use imsys_domain::Timestamp;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// What [`Series::range`](super::Series::range) answers, for a process on the same machine that does not own the store. It
/// opens the files for each call, reads the journals whole, and changes nothing.
pub fn look_on(
    path: &Path,
    keys: &[SeriesKey],
    from: Timestamp,
    to: Timestamp,
    wanted: usize,
) -> Result<Vec<Range>> {
    let (span, damaged) = (Span::new(from, to, wanted), AtomicU64::new(0));
    let mut conn = database::open_reader(path)?;
    if !database::has_tables(&conn)? {
        // Its owner has not begun yet.
        return Ok(vec![Range::default(); keys.len()]);
    }
    // The journals before the chunks: what is carried on meanwhile is in both, and counts once.
    let mut series: Vec<_> = Vec::with_capacity(keys.len());
    for key in keys {
        series.push((database::find(&conn, key)?, Vec::new()));
    }
    for (_, journal) in journals(path)? {
        let note = |id, point: Point| {
            let wanted = series.iter_mut().filter(|(known, _)| known.is_some_and(|(known, _)| known == id));
            wanted.for_each(|(_, points)| points.push(point));
        };
        match journal::replay(&journal, note) {
            // Its points have just been carried on.
            Err(SeriesError::File { error, .. }) if error.kind() == ErrorKind::NotFound => {}
            done => _ = done?,
        }
    }
    let snapshot = conn.transaction()?;
    let range = |(known, points): (Option<_>, _)| match known {
        Some(known) => View::range(&snapshot, &damaged, known, merge(Vec::new(), points), span),
        None => Ok(Range::default()),
    };
    series.into_iter().map(range).collect()
}
