//! For how long, and bounds.

use super::error::{Result, SeriesError};
use super::tier::Tier;

/// A day in seconds.
pub(super) const DAY: u32 = 86_400;

/// How a store behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long each tier is kept.
    pub keep: Keep,
    /// Classes that are measured each minute; the others are measured each five minutes. It is decided for a
    /// series when its first point comes.
    pub minute_classes: Vec<String>,
    /// The most series. Each takes about 200 bytes of memory, and the points that wait for their chunk.
    pub most_series: usize,
    /// So many points are held in memory, or eight for each series if that is more, until they are carried
    /// into chunks; at most twice as many while that happens. A point takes about 24 bytes. While chunks cannot be
    /// written, as on a full disk, only the bound of the journal holds.
    pub points_in_memory: usize,
    /// The most bytes of one journal, of which there are two at most. A point takes 16 bytes.
    pub journal_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            keep: Keep::default(),
            minute_classes: vec!["ping".into()],
            most_series: 1_000_000,
            points_in_memory: 250_000,
            journal_bytes: 128 << 20,
        }
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        let days = self.keep.days();
        if days.first() == Some(&0)
            || days.iter().zip(days.iter().skip(1)).any(|(fine, coarse)| fine > coarse)
        {
            return Err(SeriesError::Options(
                "each tier is kept for a day at least, and as long as the finer one",
            ));
        }
        Ok(())
    }

    /// The tier of the plain points of a class.
    pub(super) fn points_tier(&self, class: &str) -> Tier {
        let is_fast = self.minute_classes.iter().any(|fast| fast == class);
        if is_fast { Tier::Minute } else { Tier::FiveMinutes }
    }
}

/// How many days each tier is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Plain points of the classes that are measured each minute.
    pub minute: u32,
    /// Plain points of the other classes, and summaries of five minutes.
    pub five_minutes: u32,
    /// Summaries of half an hour.
    pub half_hour: u32,
    /// Summaries of two hours.
    pub two_hours: u32,
    /// Summaries of a day.
    pub day: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { minute: 2, five_minutes: 7, half_hour: 30, two_hours: 120, day: 4 * 365 + 1 }
    }
}

impl Keep {
    /// In the order of the tiers.
    pub(super) const fn days(&self) -> [u32; Tier::ALL.len()] {
        [self.minute, self.five_minutes, self.half_hour, self.two_hours, self.day]
    }
}
