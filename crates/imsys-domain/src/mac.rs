//! MAC addresses in the one spelling that everything is compared in.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A 48-bit MAC address; shown as `AA:BB:CC:00:11:22`, kept as that text where people may read it and as six
/// bytes elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac([u8; 6]);

/// The text is not a MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the MAC address as six pairs of hex digits, such as AA:BB:CC:00:11:22")]
pub struct MacError;

impl FromStr for Mac {
    type Err = MacError;

    /// Accepts `:`, `-` and `.` between the digits, or nothing, in either case.
    fn from_str(text: &str) -> Result<Self, MacError> {
        let mut digits = text.bytes().filter(|b| !matches!(b, b':' | b'-' | b'.'));
        let mut mac = [0u8; 6];
        for byte in &mut mac {
            let mut nibble = || {
                let digit = char::from(digits.next().ok_or(MacError)?);
                digit.to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(MacError)
            };
            *byte = (nibble()? << 4) | nibble()?;
        }
        if digits.next().is_some() { Err(MacError) } else { Ok(Self(mac)) }
    }
}

impl Mac {
    /// Whether it may be one device's: not zero, and no group's.
    pub const fn is_device(self) -> bool {
        let [a, b, c, d, e, f] = self.0;
        a & 1 == 0 && a | b | c | d | e | f != 0
    }
}

impl From<[u8; 6]> for Mac {
    fn from(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            <[u8; 6]>::deserialize(deserializer).map(Self)
        }
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_groups_are_nobodys() {
        for (text, is) in [
            ("AA:BB:CC:00:11:22", true),
            ("00:00:00:00:00:00", false),
            ("FF:FF:FF:FF:FF:FF", false),
            ("01:00:5E:00:00:01", false),
        ] {
            assert_eq!(text.parse::<Mac>().unwrap().is_device(), is, "{text}");
        }
    }

    #[test]
    fn every_usual_spelling_is_the_same_address() {
        for text in ["aa:bb:cc:00:11:22", "AA-BB-CC-00-11-22", "aabb.cc00.1122", "AABBCC001122"] {
            assert_eq!(text.parse::<Mac>().unwrap().to_string(), "AA:BB:CC:00:11:22");
        }
        for text in ["", "aa:bb:cc:00:11", "aa:bb:cc:00:11:22:33", "zz:bb:cc:00:11:22"] {
            assert_eq!(text.parse::<Mac>(), Err(MacError), "{text}");
        }
    }
}
