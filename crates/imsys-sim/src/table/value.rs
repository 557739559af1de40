//! Values as a router keeps them, and how each version spells them.

use std::borrow::Cow;
use std::time::Duration;

use tokio::time::Instant;

use crate::version::Version;

/// One property of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Bytes as they were given; the router knows no character set.
    Text(Box<[u8]>),
    /// Spelt as the time since then.
    Since(Instant),
    /// Spelt as a date and time (milliseconds since 1970).
    Date(i64),
    /// A byte counter that grows by `rate` each second.
    Counter {
        /// When it began to count.
        since: Instant,
        /// Bytes per second.
        rate: u64,
    },
    /// The two byte counters of a queue, spelt `up/down`.
    Traffic {
        /// When it began to count at this rate.
        since: Instant,
        /// Bytes counted before, up and down.
        base: (u64, u64),
        /// Bytes per second, up and down.
        rate: (u64, u64),
    },
    /// Spelt as the time until then; in the clock spelling before version 7, as recorded for leases.
    Until(Instant),
}

impl Value {
    pub(crate) fn text(bytes: impl AsRef<[u8]>) -> Self {
        Self::Text(bytes.as_ref().into())
    }

    /// The value as it goes over the wire at one moment.
    pub(crate) fn spell(&self, view: View) -> Cow<'_, [u8]> {
        match self {
            Self::Text(bytes) => Cow::Borrowed(bytes),
            Self::Since(then) => {
                let age = view.now.saturating_duration_since(*then);
                Cow::Owned(duration(age, view.version.clock_durations()).into_bytes())
            }
            Self::Date(at) => Cow::Owned(date(*at, view.version.iso_dates()).into_bytes()),
            Self::Counter { since, rate } => {
                let age = view.now.saturating_duration_since(*since).as_secs();
                Cow::Owned((age * rate).to_string().into_bytes())
            }
            Self::Traffic { since, base, rate } => {
                let (up, down) = counted(*since, *base, *rate, view.now);
                Cow::Owned(format!("{up}/{down}").into_bytes())
            }
            Self::Until(then) => {
                let left = then.saturating_duration_since(view.now);
                Cow::Owned(duration(left, view.version.major < 7).into_bytes())
            }
        }
    }
}

/// What two counters have reached by `now`.
pub(crate) fn counted(since: Instant, base: (u64, u64), rate: (u64, u64), now: Instant) -> (u64, u64) {
    let age = now.saturating_duration_since(since).as_millis() as u64;
    (base.0 + rate.0 * age / 1_000, base.1 + rate.1 * age / 1_000)
}

/// Who reads, and when: what the spelling of a value depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) now: Instant,
    pub(crate) version: Version,
    /// Values of sensitive columns are shown.
    pub(crate) secrets: bool,
}

/// `1w4d23h26m9s`, or `1w4d23:26:09` in the clock spelling.
pub(crate) fn duration(age: Duration, clock: bool) -> String {
    let seconds = age.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let long = part(days / 7, "w") + &part(days % 7, "d");
    if clock {
        return format!("{long}{hours:02}:{minutes:02}:{:02}", seconds % 60);
    }
    let text = long + &part(hours, "h") + &part(minutes, "m") + &part(seconds % 60, "s");
    if text.is_empty() { "0s".to_owned() } else { text }
}

fn part(count: u64, unit: &str) -> String {
    if count == 0 { String::new() } else { format!("{count}{unit}") }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `2024-11-29 14:17:45`, or `nov/29/2024 14:17:45`.
pub(crate) fn date(unix_ms: i64, iso: bool) -> String {
    let seconds = unix_ms.div_euclid(1_000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let clock = seconds.rem_euclid(86_400);
    let time = format!("{:02}:{:02}:{:02}", clock / 3_600, clock / 60 % 60, clock % 60);
    if iso {
        format!("{year:04}-{month:02}-{day:02} {time}")
    } else {
        format!("{}/{day:02}/{year:04} {time}", MONTHS[month as usize - 1])
    }
}

/// Year, month (1-12) and day of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible
/// low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year_of_era + era * 400 + carry, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelt_as_recorded() {
        let compound = |seconds| duration(Duration::from_secs(seconds), false);
        assert_eq!(compound(0), "0s");
        assert_eq!(compound(44 * 60 + 55), "44m55s");
        assert_eq!(compound(((7 + 4) * 24 + 23) * 3_600 + 26 * 60 + 9), "1w4d23h26m9s");
        assert_eq!(duration(Duration::from_secs(26 * 3_600 + 15 * 60 + 30), true), "1d02:15:30");
        assert_eq!(duration(Duration::from_secs(3_600 + 22 * 60 + 53), true), "01:22:53");
    }

    #[test]
    fn dates_are_spelt_as_recorded() {
        assert_eq!(date(0, false), "jan/01/1970 00:00:00");
        assert_eq!(date(1_480_021_625_000, false), "nov/24/2016 21:07:05");
        assert_eq!(date(1_732_889_865_000, true), "2024-11-29 14:17:45");
    }
}
