//! Durations in every recorded spelling: `1y2w3d`, `1w4d23h26m9s`, `9ms445us`, `1.5s`, `14:40:26`,
//! `1d02:15:30`, `never`.

use std::{fmt::Write, time::Duration};

use super::{Value, cursor};

/// Of 365 days. It is read and never written: not every version takes it.
const YEAR: &str = "y";

/// Units from large to small; a value names each at most once and in this order.
const UNITS: [(&str, Duration); 9] = [
    (YEAR, Duration::from_secs(31_536_000)),
    ("w", Duration::from_secs(604_800)),
    ("d", Duration::from_secs(86_400)),
    ("h", Duration::from_secs(3_600)),
    ("m", Duration::from_secs(60)),
    ("s", Duration::from_secs(1)),
    ("ms", Duration::from_millis(1)),
    ("us", Duration::from_micros(1)),
    ("ns", Duration::from_nanos(1)),
];

impl Value for Duration {
    const EXPECTED: &'static str = "a duration";

    fn read(value: &[u8]) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let mut rest = value;
        let mut units = UNITS.iter();
        let mut total = Self::ZERO;
        while !rest.is_empty() {
            let (count, after) = cursor::number(rest)?;
            if after.starts_with(b":") {
                return total.checked_add(clock(count, after)?);
            }
            let (fraction, after) = fraction(after)?;
            let (name, after) = unit_name(after)?;
            let (_, unit) = units.by_ref().find(|(unit, _)| unit.as_bytes() == name)?;
            total = total.checked_add(times(*unit, count)?)?.checked_add(part(*unit, fraction)?)?;
            rest = after;
        }
        Some(total)
    }

    fn is_absent(value: &[u8]) -> bool {
        value.is_empty() || value == b"never"
    }
}

/// `hh:mm:ss` after its hours, with an optional fraction, up to the end of the value.
fn clock(hours: u64, rest: &[u8]) -> Option<Duration> {
    let (minutes, rest) = cursor::fixed::<2>(rest.strip_prefix(b":")?)?;
    let (seconds, rest) = cursor::fixed::<2>(rest.strip_prefix(b":")?)?;
    let (nanos, rest) = fraction(rest)?;
    if minutes > 59 || seconds > 59 || !rest.is_empty() {
        return None;
    }
    let whole = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    Some(Duration::new(whole, nanos))
}

/// Billionths behind a decimal point, 0 without one.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    text.strip_prefix(b".").map_or(Some((0, text)), cursor::billionths)
}

fn unit_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(text.len());
    text.split_at_checked(end)
}

fn times(unit: Duration, count: u64) -> Option<Duration> {
    let seconds = unit.as_secs();
    if seconds > 0 {
        return count.checked_mul(seconds).map(Duration::from_secs);
    }
    let nanos = u128::from(unit.subsec_nanos()).checked_mul(u128::from(count))?;
    let whole = u64::try_from(nanos.checked_div(1_000_000_000)?).ok()?;
    let rest = u32::try_from(nanos.checked_rem(1_000_000_000)?).ok()?;
    Some(Duration::new(whole, rest))
}

/// Billionths of a unit. RouterOS writes fractions of a second only.
fn part(unit: Duration, billionths: u32) -> Option<Duration> {
    match billionths {
        0 => Some(Duration::ZERO),
        _ if unit == Duration::from_secs(1) => Some(Duration::new(0, billionths)),
        _ => None,
    }
}

/// `1w4d23h26m9s`, `9ms445us`, `0s`: reading it gives the same duration again.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let mut text = String::new();
    let mut rest = duration.as_nanos();
    for (name, unit) in UNITS.into_iter().filter(|(name, _)| *name != YEAR) {
        let count = rest.checked_div(unit.as_nanos()).unwrap_or_default();
        rest = rest.checked_rem(unit.as_nanos()).unwrap_or_default();
        if count > 0 {
            write!(text, "{count}{name}").expect("a String takes any text");
        }
    }
    if text.is_empty() {
        text.push_str("0s");
    }
    text
}
