//! Any floats: the bits in which a value differs from the one before it, as in Facebook's Gorilla (VLDB 2015).

use super::DecodeError;
use super::bits::{BitReader, BitWriter};

/// Where the bits that differ lie.
#[derive(Clone, Copy, Default)]
struct Window {
    leading: u32,
    bits: u32,
}

impl Window {
    const fn around(difference: u64) -> Self {
        let (leading, trailing) = (difference.leading_zeros(), difference.trailing_zeros());
        Self { leading, bits: u64::BITS - leading - trailing }
    }

    const fn trailing(self) -> u32 {
        u64::BITS - self.leading - self.bits
    }

    const fn holds(self, other: Self) -> bool {
        self.bits > 0 && self.leading <= other.leading && self.trailing() <= other.trailing()
    }
}

/// Writes the values, not how many they are.
pub(super) fn write(values: impl Iterator<Item = f64>, to: &mut BitWriter) {
    let (mut before, mut window) = (0, Window::default());
    for value in values {
        let difference = value.to_bits() ^ before;
        before = value.to_bits();
        if difference == 0 {
            to.put(0, 1);
            continue;
        }
        let needed = Window::around(difference);
        // A new window costs 12 bits; an old one that is wider by more than that costs longer.
        if window.holds(needed) && window.bits <= needed.bits + 12 {
            to.put(0b10, 2);
        } else {
            window = needed;
            to.put(0b11, 2);
            to.put(window.leading.into(), 6);
            to.put(u64::from(window.bits) - 1, 6);
        }
        to.put(difference >> window.trailing(), window.bits);
    }
}

/// Reads `count` values, all of them finite.
pub(super) fn read(count: usize, from: &mut BitReader<'_>) -> Result<Vec<f64>, DecodeError> {
    if count as u64 > from.remaining() {
        return Err(DecodeError::Count(count as u64));
    }
    let (mut before, mut window) = (0, Window::default());
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        if from.get(1)? == 1 {
            if from.get(1)? == 1 {
                window = Window { leading: from.get(6)? as u32, bits: from.get(6)? as u32 + 1 };
            }
            if window.bits == 0 || window.leading + window.bits > u64::BITS {
                return Err(DecodeError::Value);
            }
            before ^= from.get(window.bits)? << window.trailing();
        }
        let value = f64::from_bits(before);
        values.push(if value.is_finite() { value } else { return Err(DecodeError::Value) });
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_come_back_bit_by_bit() {
        let values = [0.0, -0.0, 1.0 / 3.0, 1.0 / 3.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, -1e-300, 12.5];
        let mut writer = BitWriter::default();
        write(values.into_iter(), &mut writer);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        let read: Vec<_> = read(values.len(), &mut reader).unwrap().into_iter().map(f64::to_bits).collect();
        assert_eq!(read, values.map(f64::to_bits));
        assert_eq!(reader.finish(), Ok(()));
    }
}
