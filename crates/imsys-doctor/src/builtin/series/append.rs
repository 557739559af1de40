//! Taking in what was measured.

use super::codec::Point;
use super::error::{Result, SeriesError};
use super::key::{Appended, Refusal, Sample, SeriesKey};
use super::memory::{Entry, Memory, SeriesId};
use super::store::Writer;
use super::{Series, database, journal};
use imsys_domain::Timestamp;
use std::collections::BTreeSet;

/// Sums of so large values are finite still.
const LARGEST: f64 = 1e300;
/// So far ahead of ours may the clock of another doctor be, in seconds.
const AHEAD: i64 = 3600;

impl Series {
    /// Keeps a batch: what is accepted is durable when this returns. A sample whose series and second are known
    /// changes nothing, so a batch may be sent again.
    ///
    /// An odd sample is refused by itself. An error means that nothing of the batch was kept, or that it is not
    /// known whether it was: send it again.
    pub fn append(&self, batch: &[Sample], now: Timestamp) -> Result<Appended> {
        if batch.len() > journal::MOST {
            return Err(SeriesError::BatchTooLong { samples: batch.len(), most: journal::MOST });
        }
        let mut writer = self.writer();
        self.make_room(&mut writer, batch.len())?;
        self.enlist(&mut writer, batch, now)?;
        let (mut points, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
        let memory = self.memory();
        for (n, sample) in batch.iter().enumerate() {
            match self.admit(&memory, sample, now) {
                Ok((Some(id), point)) => points.push((id, point)),
                Ok((None, _)) => refused.push((n, Refusal::TooManySeries)),
                Err(refusal) => refused.push((n, refusal)),
            }
        }
        drop(memory);
        writer.journal.append(&points)?;
        let accepted = points.len();
        let mut memory = self.memory();
        points.into_iter().for_each(|(id, point)| memory.append(id, point));
        Ok(Appended { accepted, refused })
    }

    /// Adds the series of which the batch has the first points, as far as there may be more.
    fn enlist(&self, writer: &mut Writer, batch: &[Sample], now: Timestamp) -> Result<()> {
        let (new, room) = {
            let memory = self.memory();
            let is_new = |sample: &&Sample| matches!(self.admit(&memory, sample, now), Ok((None, _)));
            let new: BTreeSet<&SeriesKey> = batch.iter().filter(is_new).map(|sample| &sample.key).collect();
            (new, self.options.most_series.saturating_sub(memory.series()))
        };
        if new.is_empty() || room == 0 {
            return Ok(());
        }
        let mut added = Vec::new();
        let unit = writer.conn.transaction()?;
        for key in new.into_iter().take(room) {
            let tier = self.options.points_tier(&key.class);
            let id = database::add_series(&unit, key, tier)?;
            added.push((key.clone(), id, Entry { tier, rolled: None }));
        }
        unit.commit()?;
        let mut memory = self.memory();
        added.into_iter().for_each(|(key, id, entry)| memory.learn(key, id, entry));
        Ok(())
    }

    /// The point of a sample, and its series if there is one.
    fn admit(
        &self,
        memory: &Memory,
        sample: &Sample,
        now: Timestamp,
    ) -> std::result::Result<(Option<SeriesId>, Point), Refusal> {
        let point = point(sample, now)?;
        if !sample.key.is_short() {
            return Err(Refusal::KeyTooLong);
        }
        let known = memory.find(&sample.key);
        let tier = known.map_or_else(|| self.options.points_tier(&sample.key.class), |(_, entry)| entry.tier);
        if point.at < memory.since(tier) {
            return Err(Refusal::TooOld);
        }
        Ok((known.map(|(id, _)| id), point))
    }
}

fn point(sample: &Sample, now: Timestamp) -> std::result::Result<Point, Refusal> {
    if sample.value.is_nan() || sample.value.abs() > LARGEST {
        return Err(Refusal::Value);
    }
    if sample.at > now.plus_seconds(AHEAD) {
        return Err(Refusal::Ahead);
    }
    let second = sample.at.millis().div_euclid(1000);
    let at = u32::try_from(second).map_err(|_| if second < 0 { Refusal::TooOld } else { Refusal::Ahead })?;
    // Minus zero becomes zero, which is shorter.
    Ok(Point { at, value: sample.value + 0.0 })
}
