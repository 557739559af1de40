//! The steps in which points are summarised, and the key of a row.

use super::memory::SeriesId;
use super::options::DAY;

/// The seconds of a chunk of plain points.
pub(super) const WINDOW: u32 = 4 * 3600;

/// The number of a series is below 2^27: the schema says so as well.
const SERIES_BITS: u32 = 27;
const START_BITS: u32 = 19;

/// Points and summaries of one distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Minute,
    FiveMinutes,
    HalfHour,
    TwoHours,
    Day,
}

impl Tier {
    /// The finest first.
    pub(super) const ALL: [Self; 5] =
        [Self::Minute, Self::FiveMinutes, Self::HalfHour, Self::TwoHours, Self::Day];

    pub(super) fn of(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its seconds.
    pub(super) const fn step(self) -> u32 {
        match self {
            Self::Minute => 60,
            Self::FiveMinutes => 300,
            Self::HalfHour => 1800,
            Self::TwoHours => 7200,
            Self::Day => DAY,
        }
    }

    /// The seconds of a row of summaries. One that grows day by day is written again each day, so it is not long.
    pub(super) const fn span(self) -> u32 {
        match self {
            Self::Minute | Self::FiveMinutes | Self::HalfHour => DAY,
            Self::TwoHours => 8 * DAY,
            Self::Day => 128 * DAY,
        }
    }

    /// The tiers of summaries above it.
    pub(super) fn coarser(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |tier| *tier > self)
    }

    /// The key of the row that begins at `start`, a multiple of [`WINDOW`]. It takes seven bytes in SQLite.
    pub(super) const fn place(self, start: u32, series: SeriesId) -> i64 {
        let start = (start / WINDOW) as i64;
        ((self as i64) << (START_BITS + SERIES_BITS)) | (start << SERIES_BITS) | series.0 as i64
    }

    /// The start in a key.
    pub(super) const fn start_of(place: i64) -> u32 {
        ((place >> SERIES_BITS) & ((1 << START_BITS) - 1)) as u32 * WINDOW
    }

    /// The least key of all that begin at `start` or later, and the least that is not of this tier.
    pub(super) const fn from(self, start: u32) -> (i64, i64) {
        (self.place(start, SeriesId(0)), (self as i64 + 1) << (START_BITS + SERIES_BITS))
    }
}

/// `at` without what it is after a multiple of `step`.
pub(super) const fn floor(at: u32, step: u32) -> u32 {
    at - at % step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ascend_by_tier_then_time_then_series() {
        let last = SeriesId((1 << SERIES_BITS) - 1);
        let late = floor(u32::MAX, WINDOW);
        let keys = [
            Tier::Minute.place(0, SeriesId(0)),
            Tier::Minute.place(0, last),
            Tier::Minute.place(WINDOW, SeriesId(0)),
            Tier::Minute.place(late, last),
            Tier::FiveMinutes.place(0, SeriesId(0)),
        ];
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        assert_eq!(Tier::start_of(Tier::Day.place(late, last)), late);
        assert!(Tier::Day.place(late, last) < 1 << 49, "seven bytes of seven bits");
    }

    #[test]
    fn rows_begin_where_keys_can_say_so_and_hold_whole_steps() {
        for tier in Tier::ALL {
            assert_eq!((tier.span() % WINDOW, tier.span() % tier.step(), DAY % tier.step()), (0, 0, 0));
        }
    }
}
