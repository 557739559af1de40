use std::fmt;

use super::{Value, write_hex};

/// An Ethernet address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Whether it is `00:00:00:00:00:00`, which RouterOS 7 shows for an ARP entry that failed.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// `00:00:5E:00:53:01`.
impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0, ":")
    }
}

impl Value for Mac {
    const EXPECTED: &'static str = "a MAC address";

    #[inline]
    fn read(value: &[u8]) -> Option<Self> {
        let &[a, b, b':', c, d, b':', e, f, b':', g, h, b':', i, j, b':', k, l] = value else {
            return None;
        };
        let (mut bits, mut bad) = (0u64, 0u8);
        for digit in [a, b, c, d, e, f, g, h, i, j, k, l] {
            let nibble = NIBBLES.get(usize::from(digit)).copied().unwrap_or(BAD);
            bits = bits << 4 | u64::from(nibble);
            bad |= nibble;
        }
        let [_, _, address @ ..] = bits.to_be_bytes();
        (bad < BAD).then_some(Self(address))
    }
}

/// Marks what is no hexadecimal digit.
const BAD: u8 = 0x80;

/// What every byte means as a hexadecimal digit.
static NIBBLES: [u8; 256] = nibbles();

#[expect(clippy::indexing_slicing, reason = "a constant: it would not compile out of bounds")]
const fn nibbles() -> [u8; 256] {
    let mut nibbles = [BAD; 256];
    let digits = *b"0123456789ABCDEF";
    let mut value = 0u8;
    while value < 16 {
        let digit = digits[value as usize];
        nibbles[digit as usize] = value;
        nibbles[digit.to_ascii_lowercase() as usize] = value;
        value = value.wrapping_add(1);
    }
    nibbles
}
