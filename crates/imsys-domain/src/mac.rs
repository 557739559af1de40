//! MAC addresses in the one spelling that everything is compared in.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A 48-bit MAC address; shown as `AA:BB:CC:00:11:22`, kept as that text where people may read it and as six
/// bytes elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac([u8; 6]);

/// Why a text is no MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MacError {
    /// None of the written forms.
    #[error("write the MAC address as six pairs of hex digits, such as AA:BB:CC:00:11:22")]
    Form,
    /// Twelve decimal digits in a row: a phone number, or an IP address without its dots, looks the same.
    #[error(
        "write the MAC address with separators, such as 02:00:00:00:01:23, so that it is no other number"
    )]
    Bare,
    /// Zero, broadcast or multicast.
    #[error("must be one device's own MAC address, not zero, broadcast or multicast")]
    NoDevice,
}

/// Where separators stand in the usual forms, and which; none in the last.
const FORMS: [(u8, usize); 3] = [(b':', 2), (b'-', 2), (b'.', 4)];

impl FromStr for Mac {
    type Err = MacError;

    /// Accepts the usual forms, in either case: `aa:bb:cc:00:11:22`, `aa-bb-cc-00-11-22`, `aabb.cc00.1122`, and
    /// `aabbcc001122` where one digit is a letter.
    fn from_str(text: &str) -> Result<Self, MacError> {
        let is_form = |(mark, group): &(u8, usize)| {
            let groups = || text.as_bytes().split(|byte| byte == mark);
            groups().count() == 12 / group && groups().all(|digits| digits.len() == *group)
        };
        let mark = FORMS.iter().find(|form| is_form(form)).map(|(mark, _)| *mark);
        let mut digits = text.bytes().filter(|byte| Some(*byte) != mark);
        if mark.is_none() && text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MacError::Bare);
        }
        let mut mac = [0u8; 6];
        for byte in &mut mac {
            let mut nibble = || {
                let digit = char::from(digits.next().ok_or(MacError::Form)?);
                digit.to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(MacError::Form)
            };
            *byte = (nibble()? << 4) | nibble()?;
        }
        if digits.next().is_some() { Err(MacError::Form) } else { Ok(Self(mac)) }
    }
}

impl Mac {
    /// Whether it may be one device's: not zero, and no group's.
    pub const fn is_device(self) -> bool {
        let [a, b, c, d, e, f] = self.0;
        a & 1 == 0 && a | b | c | d | e | f != 0
    }

    /// Reads the address of a customer's device, as a person wrote it.
    ///
    /// # Errors
    /// No MAC address, or not one device's.
    pub fn of_device(text: &str) -> Result<Self, MacError> {
        let mac: Self = text.parse()?;
        if mac.is_device() { Ok(mac) } else { Err(MacError::NoDevice) }
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
            assert_eq!(Mac::of_device(text).is_ok(), is, "{text}");
        }
    }

    #[test]
    fn every_usual_spelling_is_the_same_address() {
        for text in ["aa:bb:cc:00:11:22", "AA-BB-CC-00-11-22", "aabb.cc00.1122", "AABBCC001122"] {
            assert_eq!(text.parse::<Mac>().unwrap().to_string(), "AA:BB:CC:00:11:22");
        }
        for text in [
            "",
            "aa:bb:cc:00:11",
            "aa:bb:cc:00:11:22:33",
            "zz:bb:cc:00:11:22",
            "aa:bb-cc:00-11:22",
            "aab:bcc:001:122",
            "a:abb:cc:00:11:22",
            "aabbcc:001122",
            "aa.bb.cc.00.11.22",
            "aabbcc0011223",
            "é:bb:cc:00:11:2",
        ] {
            assert_eq!(text.parse::<Mac>(), Err(MacError::Form), "{text}");
        }
    }

    #[test]
    fn an_address_or_a_phone_number_is_no_mac() {
        for text in ["192.168.100.150", "100.200.100.200", "+254700123456", "0700 123 456", "10-20-30-40"] {
            assert_eq!(text.parse::<Mac>(), Err(MacError::Form), "{text}");
        }
        for text in ["254700123456", "192168100150"] {
            assert_eq!(text.parse::<Mac>(), Err(MacError::Bare), "{text}");
        }
    }
}
