//! A chunk of plain points.
//!
//! | bits | |
//! |---|---|
//! | 8 | version, and how values are written: 0 to 6 digits after the point, or 7 for XOR |
//! | sized | how many points |
//! | sized | seconds from the chunk's start to the first point |
//! | sized | the usual distance of two points in seconds: the median |
//! | Rice | for each other point: by how many seconds its distance is longer than usual |
//! | XOR | all values; or, with digits: |
//! | 1 | 1: each value is written as its difference from the one before; 0: from the median |
//! | sized | the first value, or the median |
//! | Rice | the differences |
//!
//! A sized number is how many bits it has (7 bits) and these bits; Rice's code is in `rice`.
//!
//! Differences from the usual distance are smaller than differences of differences when polls come a second early
//! or late, and a gap costs one odd number and not two.

use super::bits::{BitReader, BitWriter};
use super::{DecodeError, VERSION, decimal, rice, xor};

/// How values are written when they are not decimals.
const XOR: u8 = decimal::MOST + 1;

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Seconds since 1970.
    pub at: u32,
    /// A finite number.
    pub value: f64,
}

/// The bytes of a chunk that begins at `start`. The points ascend strictly, the first not before `start`, and
/// their values are finite.
pub fn encode(start: u32, points: &[Point]) -> Vec<u8> {
    let mut to = BitWriter::default();
    let decimals = decimals(points);
    to.put(u64::from(VERSION | decimals.as_ref().map_or(XOR, |(digits, _)| *digits)), 8);
    to.put_sized(points.len() as u64);
    write_times(start, points, &mut to);
    match decimals {
        Some((_, units)) => write_units(&units, &mut to),
        None => xor::write(points.iter().map(|point| point.value), &mut to),
    }
    to.finish()
}

/// The points of a chunk that begins at `start` and ends `span` seconds later.
pub fn decode(start: u32, span: u32, bytes: &[u8]) -> Result<Vec<Point>, DecodeError> {
    let mut from = BitReader::new(bytes);
    let form = from.get(8)? as u8;
    if form & 0xF0 != VERSION || form & 0x0F > XOR {
        return Err(DecodeError::Form(form));
    }
    let count = from.get_sized()?;
    if count == 0 || count > span.into() || count > from.remaining() {
        return Err(DecodeError::Count(count));
    }
    let times = read_times(start, span, count as usize, &mut from)?;
    let values = match form & 0x0F {
        XOR => xor::read(times.len(), &mut from)?,
        digits => read_units(times.len(), digits, &mut from)?,
    };
    from.finish()?;
    Ok(times.into_iter().zip(values).map(|(at, value)| Point { at, value }).collect())
}

/// The values as whole numbers with the fewest digits, if they are decimals.
fn decimals(points: &[Point]) -> Option<(u8, Vec<i64>)> {
    (0..=decimal::MOST).find_map(|digits| {
        let units = points.iter().map(|point| decimal::units(point.value, digits)).collect::<Option<_>>()?;
        Some((digits, units))
    })
}

fn write_times(start: u32, points: &[Point], to: &mut BitWriter) {
    let first = points.first().map_or(start, |point| point.at);
    let distances: Vec<i64> =
        points.iter().zip(points.iter().skip(1)).map(|(a, b)| i64::from(b.at) - i64::from(a.at)).collect();
    let usual = median(&distances);
    to.put_sized(first.wrapping_sub(start).into());
    to.put_sized(usual as u64);
    let longer: Vec<i64> = distances.iter().map(|distance| distance - usual).collect();
    rice::write(&longer, rice::plan(&longer).0, to);
}

fn median(numbers: &[i64]) -> i64 {
    let mut sorted = numbers.to_vec();
    let middle = sorted.len() / 2;
    if sorted.is_empty() { 0 } else { *sorted.select_nth_unstable(middle).1 }
}

fn read_times(
    start: u32,
    span: u32,
    count: usize,
    from: &mut BitReader<'_>,
) -> Result<Vec<u32>, DecodeError> {
    let (first, usual) = (from.get_sized()?, from.get_sized()?);
    let end = u64::from(start) + u64::from(span);
    let inside = |at: u64| u32::try_from(at).ok().filter(|_| at < end).ok_or(DecodeError::Time);
    let mut at = inside(u64::from(start).checked_add(first).ok_or(DecodeError::Time)?)?;
    let usual = i64::try_from(usual).map_err(|_| DecodeError::Time)?;
    let mut times = vec![at];
    for longer in rice::read(count - 1, from)? {
        let distance = usual.checked_add(longer).filter(|distance| *distance > 0).ok_or(DecodeError::Time)?;
        at = inside(u64::from(at).checked_add_signed(distance).ok_or(DecodeError::Time)?)?;
        times.push(at);
    }
    Ok(times)
}

/// Values that wander are near the one before, values that scatter are nearer to the median.
fn write_units(units: &[i64], to: &mut BitWriter) {
    let Some((first, others)) = units.split_first() else { return };
    let middle = median(units);
    let from_before: Vec<i64> = units.iter().zip(others).map(|(before, unit)| unit - before).collect();
    let from_middle: Vec<i64> = units.iter().map(|unit| unit - middle).collect();
    let (before, fixed) = (rice::plan(&from_before), rice::plan(&from_middle));
    let wanders = before.1 <= fixed.1;
    to.put(wanders.into(), 1);
    if wanders {
        to.put_sized(rice::fold(*first));
        rice::write(&from_before, before.0, to);
    } else {
        to.put_sized(rice::fold(middle));
        rice::write(&from_middle, fixed.0, to);
    }
}

fn read_units(count: usize, digits: u8, from: &mut BitReader<'_>) -> Result<Vec<f64>, DecodeError> {
    let wanders = from.get(1)? == 1;
    let mut base = rice::unfold(from.get_sized()?);
    let mut values = Vec::with_capacity(count);
    if wanders {
        values.push(decimal::value(base, digits));
    }
    for difference in rice::read(count - values.len(), from)? {
        let unit = base.checked_add(difference).ok_or(DecodeError::Value)?;
        values.push(decimal::value(unit, digits));
        base = if wanders { unit } else { base };
    }
    Ok(values)
}
