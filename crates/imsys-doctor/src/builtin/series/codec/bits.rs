//! Single bits, the highest first.

use super::DecodeError;

/// Bits as they are written.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// The last bits, of which `used` are not in `bytes` yet; what is above them is old.
    waiting: u64,
    used: u32,
}

impl BitWriter {
    /// Writes the lowest `bits` of `value`, at most 64.
    pub(super) fn put(&mut self, value: u64, bits: u32) {
        if bits > 32 {
            self.put_few(value >> 32, bits - 32);
            self.put_few(value, 32);
        } else {
            self.put_few(value, bits);
        }
    }

    /// Writes a number of any size: how many bits it has, and these.
    pub(super) fn put_sized(&mut self, value: u64) {
        let bits = u64::BITS - value.leading_zeros();
        self.put(bits.into(), 7);
        self.put(value, bits);
    }

    fn put_few(&mut self, value: u64, bits: u32) {
        self.waiting = (self.waiting << bits) | (value & ((1 << bits) - 1));
        self.used += bits;
        while self.used >= 8 {
            self.used -= 8;
            self.bytes.push((self.waiting >> self.used) as u8);
        }
    }

    /// The bytes, the last one filled with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.used > 0 {
            self.put_few(0, 8 - self.used);
        }
        self.bytes
    }
}

/// Bits as they are read.
pub(super) struct BitReader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    waiting: u64,
    left: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), waiting: 0, left: 0 }
    }

    /// How many bits are left.
    pub(super) fn remaining(&self) -> u64 {
        self.bytes.len() as u64 * 8 + u64::from(self.left)
    }

    /// The next `bits` as a number, at most 64.
    pub(super) fn get(&mut self, bits: u32) -> Result<u64, DecodeError> {
        if bits > 32 { Ok((self.get_few(bits - 32)? << 32) | self.get_few(32)?) } else { self.get_few(bits) }
    }

    /// A number of any size.
    pub(super) fn get_sized(&mut self) -> Result<u64, DecodeError> {
        match self.get(7)? {
            bits @ 0..=64 => self.get(bits as u32),
            _ => Err(DecodeError::Value),
        }
    }

    fn get_few(&mut self, bits: u32) -> Result<u64, DecodeError> {
        while self.left < bits {
            let byte = self.bytes.next().ok_or(DecodeError::Short)?;
            self.waiting = (self.waiting << 8) | u64::from(*byte);
            self.left += 8;
        }
        self.left -= bits;
        Ok((self.waiting >> self.left) & ((1 << bits) - 1))
    }

    /// Nothing but the zeros that fill the last byte may follow.
    pub(super) fn finish(mut self) -> Result<(), DecodeError> {
        let filled = self.bytes.len() == 0 && self.left < 8 && self.get_few(self.left)? == 0;
        if filled { Ok(()) } else { Err(DecodeError::Long) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_as_they_were_written_across_bytes() {
        let mut writer = BitWriter::default();
        let written = [(1, 1), (0, 3), (u64::MAX, 64), (5, 3), (0x1_2345_6789, 33), (0, 0), (77, 7)];
        for (value, bits) in written {
            writer.put(value, bits);
        }
        writer.put_sized(0);
        writer.put_sized(u64::MAX);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        for (value, bits) in written {
            assert_eq!(reader.get(bits), Ok(value));
        }
        assert_eq!((reader.get_sized(), reader.get_sized()), (Ok(0), Ok(u64::MAX)));
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn too_few_and_too_many_bytes_are_told_apart() {
        assert_eq!(BitReader::new(&[1]).get(9), Err(DecodeError::Short));
        assert_eq!(BitReader::new(&[0]).finish(), Err(DecodeError::Long));
        let mut reader = BitReader::new(&[0b1000_0001]);
        assert_eq!(reader.get(1), Ok(1));
        assert_eq!(reader.finish(), Err(DecodeError::Long));
    }
}
