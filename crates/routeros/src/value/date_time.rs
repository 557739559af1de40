//! Dates: `jan/01/1970 00:00:00` before RouterOS 7.10, `1970-01-01 00:00:00` after.

use std::fmt;

use super::{Value, cursor};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date and time as the router's own clock shows it; the router does not say in which time zone.
/// Its beginning, `1970-01-01 00:00:00`, stands for "not yet" in some fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, as the month allows.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

impl DateTime {
    /// The spelling of RouterOS before 7.10: `jan/01/1970 00:00:00`.
    #[must_use]
    pub fn format_old(self) -> String {
        let month = MONTHS.get(usize::from(self.month.saturating_sub(1))).unwrap_or(&"???");
        format!("{month}/{:02}/{:04} {}", self.day, self.year, self.clock())
    }

    fn clock(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    fn is_real(self) -> bool {
        let leap =
            self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&self.day) && self.hour < 24 && self.minute < 60 && self.second < 60
    }
}

/// ISO, as from RouterOS 7.10 on: `1970-01-01 00:00:00`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02} {}", self.year, self.month, self.day, self.clock())
    }
}

impl Value for DateTime {
    const EXPECTED: &'static str = "a date and time";

    fn read(value: &[u8]) -> Option<Self> {
        let ((year, month, day), rest) = iso_date(value).or_else(|| old_date(value))?;
        let (hour, rest) = cursor::fixed::<2>(rest.strip_prefix(b" ")?)?;
        let (minute, rest) = cursor::fixed::<2>(rest.strip_prefix(b":")?)?;
        let (second, rest) = cursor::fixed::<2>(rest.strip_prefix(b":")?)?;
        let read = Self {
            year: year.try_into().ok()?,
            month: month.try_into().ok()?,
            day: day.try_into().ok()?,
            hour: hour.try_into().ok()?,
            minute: minute.try_into().ok()?,
            second: second.try_into().ok()?,
        };
        (rest.is_empty() && read.is_real()).then_some(read)
    }

    fn is_absent(value: &[u8]) -> bool {
        value.is_empty() || value == b"never"
    }
}

type YearMonthDay = (u64, u64, u64);

fn iso_date(text: &[u8]) -> Option<(YearMonthDay, &[u8])> {
    let (year, rest) = cursor::fixed::<4>(text)?;
    let (month, rest) = cursor::fixed::<2>(rest.strip_prefix(b"-")?)?;
    let (day, rest) = cursor::fixed::<2>(rest.strip_prefix(b"-")?)?;
    Some(((year, month, day), rest))
}

fn old_date(text: &[u8]) -> Option<(YearMonthDay, &[u8])> {
    let (name, rest) = text.split_first_chunk::<3>()?;
    let month = MONTHS.iter().position(|month| month.as_bytes().eq_ignore_ascii_case(name))?;
    let (day, rest) = cursor::fixed::<2>(rest.strip_prefix(b"/")?)?;
    let (year, rest) = cursor::fixed::<4>(rest.strip_prefix(b"/")?)?;
    Some(((year, u64::try_from(month).ok()?.checked_add(1)?, day), rest))
}
