//! A row of summaries, each of the points of one step.
//!
//! | bits | |
//! |---|---|
//! | 8 | version, and how values are written: 0 to 6 digits after the point, or 7 for short floats |
//! | sized | how many summaries |
//! | sized | the step of the first one, counted from the row's start |
//! | Rice | for each other one: how many steps lie between it and the one before |
//! | Rice | counts, each as its difference from the one before |
//! | Rice | minima, the same |
//! | Rice | by how much each maximum is above its minimum |
//! | Rice | decimals: by how much twice the sum is above count × (minimum + maximum); floats: the mean above the minimum |
//!
//! Decimals are exact. Other values are cut to the 24 bits of a single-precision float, which a graph does not show.

use super::bits::{BitReader, BitWriter};
use super::points::Point;
use super::{DecodeError, VERSION, decimal, rice};

/// How values are written when they are not decimals.
const FLOAT: u8 = decimal::MOST + 1;
/// The bits of a double that a short float lacks.
const CUT: u32 = 29;

/// What the points of one step have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// When the step begins, in seconds since 1970.
    pub at: u32,
    /// How many points; at least one.
    pub count: u32,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// All values together.
    pub sum: f64,
}

impl Summary {
    /// Of one point, for the step that begins at `at`.
    pub const fn of(at: u32, value: f64) -> Self {
        Self { at, count: 1, min: value, max: value, sum: value }
    }

    /// The mean value.
    pub fn mean(&self) -> f64 {
        self.sum / f64::from(self.count)
    }

    /// Takes in other points of the same step.
    pub fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
    }
}

/// Groups points, which ascend, by steps of `step` seconds.
pub fn summarise(points: &[Point], step: u32) -> Vec<Summary> {
    merge(points.iter().map(|point| Summary::of(point.at, point.value)), step)
}

/// Groups summaries, which ascend, by steps of `step` seconds.
pub fn merge(fine: impl Iterator<Item = Summary>, step: u32) -> Vec<Summary> {
    let mut merged: Vec<Summary> = Vec::new();
    for summary in fine {
        let at = summary.at - summary.at % step.max(1);
        match merged.last_mut() {
            Some(last) if last.at == at => last.add(&summary),
            _ => merged.push(Summary { at, ..summary }),
        }
    }
    merged
}

/// The bytes of a row that begins at `start`. The summaries ascend strictly, each begins at a multiple of `step`
/// after `start`, and their values are finite.
pub fn encode(start: u32, step: u32, summaries: &[Summary]) -> Vec<u8> {
    let columns = (0..=decimal::MOST).find_map(|digits| decimals(summaries, digits));
    let columns = columns.unwrap_or_else(|| floats(summaries));
    let mut to = BitWriter::default();
    to.put(u64::from(VERSION | columns.form), 8);
    to.put_sized(summaries.len() as u64);
    let slots: Vec<i64> =
        summaries.iter().map(|s| i64::from(s.at.wrapping_sub(start) / step.max(1))).collect();
    to.put_sized(slots.first().map_or(0, |slot| *slot as u64));
    let between: Vec<i64> = slots.iter().zip(slots.iter().skip(1)).map(|(a, b)| b - a - 1).collect();
    let counts: Vec<i64> = summaries.iter().map(|summary| summary.count.into()).collect();
    for column in [between, differences(&counts), differences(&columns.min), columns.above, columns.mean] {
        rice::write(&column, rice::plan(&column).0, &mut to);
    }
    to.finish()
}

/// The summaries of a row that begins at `start` and has `slots` steps of `step` seconds.
pub fn decode(start: u32, step: u32, slots: u32, bytes: &[u8]) -> Result<Vec<Summary>, DecodeError> {
    let mut from = BitReader::new(bytes);
    let form = from.get(8)? as u8;
    if form & 0xF0 != VERSION || form & 0x0F > FLOAT {
        return Err(DecodeError::Form(form));
    }
    let count = from.get_sized()?;
    if count == 0 || count > slots.into() || count > from.remaining() {
        return Err(DecodeError::Count(count));
    }
    let times = read_times(start, step, slots, count as usize, &mut from)?;
    let counts = sums(&rice::read(times.len(), &mut from)?)?;
    let min = sums(&rice::read(times.len(), &mut from)?)?;
    let above = rice::read(times.len(), &mut from)?;
    let mean = rice::read(times.len(), &mut from)?;
    from.finish()?;
    let columns = min.into_iter().zip(above).zip(mean);
    let rows = times.into_iter().zip(counts).zip(columns);
    rows.map(|((at, count), ((min, above), mean))| {
        let count = u32::try_from(count).ok().filter(|count| *count > 0).ok_or(DecodeError::Value)?;
        let (min, max, sum) = values(form & 0x0F, count, min, above, mean).ok_or(DecodeError::Value)?;
        Ok(Summary { at, count, min, max, sum })
    })
    .collect()
}

/// Values as whole numbers.
struct Columns {
    form: u8,
    min: Vec<i64>,
    above: Vec<i64>,
    mean: Vec<i64>,
}

fn decimals(summaries: &[Summary], digits: u8) -> Option<Columns> {
    let mut columns = Columns { form: digits, min: Vec::new(), above: Vec::new(), mean: Vec::new() };
    for summary in summaries {
        let (min, max) = (decimal::units(summary.min, digits)?, decimal::units(summary.max, digits)?);
        let sum = decimal::units_of_sum(summary.sum, digits)?;
        let expected = i64::from(summary.count).checked_mul(min + max)?;
        columns.min.push(min);
        columns.above.push(max - min);
        columns.mean.push((2 * sum).checked_sub(expected)?);
    }
    Some(columns)
}

fn floats(summaries: &[Summary]) -> Columns {
    let column = |of: &dyn Fn(&Summary) -> f64| summaries.iter().map(|s| order(of(s))).collect::<Vec<_>>();
    let (min, max, mean) = (column(&|s| s.min), column(&|s| s.max), column(&Summary::mean));
    let above = |values: &[i64]| values.iter().zip(&min).map(|(value, min)| value - min).collect();
    Columns { form: FLOAT, above: above(&max), mean: above(&mean), min }
}

/// Minimum, maximum and sum; `None` when they are no values.
fn values(form: u8, count: u32, min: i64, above: i64, mean: i64) -> Option<(f64, f64, f64)> {
    let max = min.checked_add(above)?;
    if form == FLOAT {
        let sum = unorder(min.checked_add(mean)?)? * f64::from(count);
        return Some((unorder(min)?, unorder(max)?, sum)).filter(|(.., sum)| sum.is_finite());
    }
    let twice = i64::from(count).checked_mul(min.checked_add(max)?)?.checked_add(mean)?;
    Some((decimal::value(min, form), decimal::value(max, form), decimal::value(twice / 2, form)))
}

/// A whole number that is the larger the larger the value, and the nearer the nearer; what is behind 24 bits is cut.
const fn order(value: f64) -> i64 {
    let size = ((value.to_bits() & !(1 << 63)) >> CUT) as i64;
    if value.is_sign_negative() { -size } else { size }
}

fn unorder(order: i64) -> Option<f64> {
    let size = order.unsigned_abs();
    let value = f64::from_bits(size.checked_mul(1 << CUT).filter(|bits| bits >> 63 == 0)?);
    value.is_finite().then_some(if order < 0 { -value } else { value })
}

fn differences(numbers: &[i64]) -> Vec<i64> {
    let before = std::iter::once(&0).chain(numbers);
    numbers.iter().zip(before).map(|(number, before)| number - before).collect()
}

fn sums(differences: &[i64]) -> Result<Vec<i64>, DecodeError> {
    let mut sum = 0_i64;
    let add = |difference: &i64| {
        sum = sum.checked_add(*difference).ok_or(DecodeError::Value)?;
        Ok(sum)
    };
    differences.iter().map(add).collect()
}

fn read_times(
    start: u32,
    step: u32,
    slots: u32,
    count: usize,
    from: &mut BitReader<'_>,
) -> Result<Vec<u32>, DecodeError> {
    let mut slot = from.get_sized()?;
    let at = |slot: u64| {
        let slot = u32::try_from(slot).ok().filter(|slot| *slot < slots).ok_or(DecodeError::Time)?;
        slot.checked_mul(step).and_then(|after| start.checked_add(after)).ok_or(DecodeError::Time)
    };
    let mut times = vec![at(slot)?];
    for between in rice::read(count - 1, from)? {
        let between = u64::try_from(between).map_err(|_| DecodeError::Time)?;
        slot = slot.checked_add(between).and_then(|slot| slot.checked_add(1)).ok_or(DecodeError::Time)?;
        times.push(at(slot)?);
    }
    Ok(times)
}
