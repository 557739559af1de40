//! Whole numbers of which most are near zero: Rice's code, with the parameter that suits them.
//!
//! A number is folded to be positive, its lowest bits are written as they are, and the rest as so many ones and
//! a zero. What would need too many ones is written with all its bits instead.

use super::DecodeError;
use super::bits::{BitReader, BitWriter};

/// So many ones say that all 64 bits follow.
const ESCAPE: u32 = 20;
/// The bits in which the parameter itself is written.
const PARAMETER_BITS: u32 = 6;

/// Small positive numbers for small numbers of either sign.
pub(super) const fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

pub(super) const fn unfold(folded: u64) -> i64 {
    ((folded >> 1) as i64) ^ -((folded & 1) as i64)
}

/// How many bits a number takes.
const fn cost(folded: u64, parameter: u32) -> u64 {
    let ones = folded >> parameter;
    if ones < ESCAPE as u64 { ones + 1 + parameter as u64 } else { (ESCAPE + u64::BITS) as u64 }
}

/// The parameter under which the numbers take the fewest bits, and how many these are.
pub(super) fn plan(numbers: &[i64]) -> (u32, u64) {
    let all = numbers.iter().fold(0, |all, number| all | fold(*number));
    let most = (u64::BITS - all.leading_zeros()).min(u64::BITS - 1);
    let total = |parameter| numbers.iter().map(|number| cost(fold(*number), parameter)).sum::<u64>();
    let priced = (0..=most).map(|parameter| (parameter, total(parameter)));
    priced.min_by_key(|(_, bits)| *bits).unwrap_or((0, 0))
}

/// Writes the numbers, not how many they are.
pub(super) fn write(numbers: &[i64], parameter: u32, to: &mut BitWriter) {
    to.put(parameter.into(), PARAMETER_BITS);
    for number in numbers {
        let folded = fold(*number);
        let ones = folded >> parameter;
        if ones < u64::from(ESCAPE) {
            to.put(u64::MAX << 1, ones as u32 + 1);
            to.put(folded, parameter);
        } else {
            to.put(u64::MAX, ESCAPE);
            to.put(folded, u64::BITS);
        }
    }
}

/// Reads `count` numbers.
pub(super) fn read(count: usize, from: &mut BitReader<'_>) -> Result<Vec<i64>, DecodeError> {
    let parameter = from.get(PARAMETER_BITS)? as u32;
    // Each takes a bit at least.
    if count as u64 > from.remaining() {
        return Err(DecodeError::Count(count as u64));
    }
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        let mut ones = 0;
        while ones < ESCAPE && from.get(1)? == 1 {
            ones += 1;
        }
        let folded = if ones == ESCAPE {
            from.get(u64::BITS)?
        } else {
            // Bits that a parameter near 64 pushes out are no number that `write` made, and harmless.
            (u64::from(ones) << parameter) | from.get(parameter)?
        };
        numbers.push(unfold(folded));
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(numbers: &[i64]) -> usize {
        let mut writer = BitWriter::default();
        write(numbers, plan(numbers).0, &mut writer);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        assert_eq!(read(numbers.len(), &mut reader).as_deref(), Ok(numbers));
        assert_eq!(reader.finish(), Ok(()));
        bytes.len()
    }

    #[test]
    fn numbers_of_any_size_come_back() {
        round(&[]);
        round(&[i64::MIN, i64::MAX, 0, -1, 1, 1 << 40, -(1 << 54)]);
        round(&[i64::MIN; 3]);
    }

    #[test]
    fn equal_numbers_take_a_bit_each_and_an_outlier_does_not_widen_the_others() {
        assert_eq!(round(&[0; 42]), 6);
        let mut numbers = [0; 42];
        numbers[20] = 1_000_000;
        assert!(round(&numbers) <= 17);
    }
}
