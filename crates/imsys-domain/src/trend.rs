//! How many services were online over time: counts, kept by intervals.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A stretch of time up to now that is shown as one graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// 24 hours, in intervals of five minutes.
    Day,
    /// 30 days, in intervals of an hour.
    Month,
}

impl Range {
    /// Both, the finer first.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// The length of its intervals, in milliseconds.
    pub const fn every(self) -> i64 {
        match self {
            Self::Day => 5 * MINUTE_MS,
            Self::Month => HOUR_MS,
        }
    }

    /// Where it begins when it ends at `to`.
    pub const fn begin(self, to: Timestamp) -> Timestamp {
        let length = match self {
            Self::Day => DAY_MS,
            Self::Month => 30 * DAY_MS,
        };
        Timestamp(to.0.saturating_sub(length))
    }

    /// What begins earlier is not needed any more at `now`: a little is kept beyond the range itself.
    pub const fn kept_from(self, now: Timestamp) -> Timestamp {
        let spare = match self {
            Self::Day => 2 * HOUR_MS,
            Self::Month => 2 * DAY_MS,
        };
        Timestamp(self.begin(now).0.saturating_sub(spare))
    }

    /// The begin of the interval in which `at` lies. Intervals are counted from 1970 in UTC.
    pub const fn interval(self, at: Timestamp) -> Timestamp {
        let every = self.every();
        Timestamp(at.0.div_euclid(every) * every)
    }
}

/// The counts of one interval: sums over all of them, and the least of what was online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// When the interval begins.
    pub begin: Timestamp,
    /// How often services were counted; at least once.
    pub counts: u32,
    /// The sum of those online.
    pub online: u64,
    /// The sum of those offline.
    pub offline: u64,
    /// The sum of those of whom nobody could say.
    pub unknown: u64,
    /// The least that were online at one count.
    pub lowest: u64,
}

impl Tally {
    /// Online, offline and unknown on average, each rounded to the nearest.
    pub fn means(&self) -> [u64; 3] {
        let counts = u64::from(self.counts.max(1));
        [self.online, self.offline, self.unknown].map(|sum| (sum + counts / 2) / counts)
    }
}

/// How often and for how long a router was away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Away {
    /// Absences that reach into the asked time.
    pub times: u64,
    /// Their milliseconds within it.
    pub millis: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_and_the_hour_holds_twelve_of_five_minutes() {
        let at = Timestamp(1_767_268_800_000 + 17 * MINUTE_MS + 3);
        assert_eq!(Range::Day.interval(at), Timestamp(1_767_268_800_000 + 15 * MINUTE_MS));
        assert_eq!(Range::Month.interval(at), Timestamp(1_767_268_800_000));
        assert_eq!(Range::Day.interval(Timestamp(-1)), Timestamp(-5 * MINUTE_MS));
        assert_eq!(Range::Month.every() / Range::Day.every(), 12);
    }

    #[test]
    fn more_is_kept_than_is_shown() {
        let now = Timestamp(1_767_268_800_000);
        for range in Range::ALL {
            assert!(range.kept_from(now) < range.begin(now));
        }
    }

    #[test]
    fn an_average_is_rounded_and_never_divides_by_nothing() {
        let tally =
            Tally { begin: Timestamp(0), counts: 12, online: 1_194, offline: 6, unknown: 5, lowest: 90 };
        assert_eq!(tally.means(), [100, 1, 0]);
        assert_eq!(Tally { counts: 0, ..tally }.means(), [1_194, 6, 5]);
    }
}
