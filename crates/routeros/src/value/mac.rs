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

    fn read(value: &[u8]) -> Option<Self> {
        let &[a, b, b':', c, d, b':', e, f, b':', g, h, b':', i, j, b':', k, l] = value else {
            return None;
        };
        Some(Self([byte(a, b)?, byte(c, d)?, byte(e, f)?, byte(g, h)?, byte(i, j)?, byte(k, l)?]))
    }
}

fn byte(high: u8, low: u8) -> Option<u8> {
    Some(nibble(high)? << 4 | nibble(low)?)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => (digit & 0x0F).checked_add(9),
        _ => None,
    }
}
