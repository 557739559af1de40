use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use super::{Value, cursor};

/// An address and the length of its network's prefix: `192.168.88.1/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    /// The address itself, host bits included.
    pub address: IpAddr,
    /// Bits of the network, at most 32 or 128.
    pub prefix: u8,
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// An address without a prefix is a network of one.
impl Cidr {
    /// Whether `address` is in this network.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        // A number that is shifted by all of its bits is none: so every address is in the network 0/0.
        let same = |own: u128, other: u128, bits: u32| {
            let host = bits.saturating_sub(self.prefix.into());
            (own ^ other).checked_shr(host).is_none_or(|differing| differing == 0)
        };
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

impl Value for Cidr {
    const EXPECTED: &'static str = "an address with a prefix";

    fn read(value: &[u8]) -> Option<Self> {
        let slash = value.iter().position(|byte| *byte == b'/').unwrap_or(value.len());
        let (address, prefix) = value.split_at_checked(slash)?;
        let address = IpAddr::read(address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.split_first() {
            Some((_, digits)) => cursor::digits(digits)?.try_into().ok()?,
            None => most,
        };
        (prefix <= most).then_some(Self { address, prefix })
    }
}

/// The zone of a link-local address (`fe80::1%ether1`) is dropped.
impl Value for IpAddr {
    const EXPECTED: &'static str = "an IP address";

    #[inline]
    fn read(value: &[u8]) -> Option<Self> {
        v4(value).map(Self::V4).or_else(|| v6(value))
    }
}

#[cold]
fn v6(text: &[u8]) -> Option<IpAddr> {
    let end = text.iter().position(|byte| *byte == b'%').unwrap_or(text.len());
    Ipv6Addr::from_str(std::str::from_utf8(text.get(..end)?).ok()?).ok().map(IpAddr::V6)
}

/// Four decimal numbers without leading zeros; quicker than the standard library's, which counts
/// in a table of thousands of addresses.
#[inline]
fn v4(text: &[u8]) -> Option<Ipv4Addr> {
    let (a, rest) = octet(text)?;
    let (b, rest) = octet(rest.strip_prefix(b".")?)?;
    let (c, rest) = octet(rest.strip_prefix(b".")?)?;
    let (d, rest) = octet(rest.strip_prefix(b".")?)?;
    rest.is_empty().then(|| Ipv4Addr::from_bits(a << 24 | b << 16 | c << 8 | d))
}

/// 0 to 255 at the front of `text`, and what follows.
#[inline]
fn octet(text: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |place: usize| {
        let digit = text.get(place)?.wrapping_sub(b'0');
        (digit < 10).then_some(u32::from(digit))
    };
    let first = digit(0)?;
    let Some(second) = digit(1).filter(|_| first > 0) else { return Some((first, text.get(1..)?)) };
    let two = first.wrapping_mul(10).wrapping_add(second);
    let Some(third) = digit(2) else { return Some((two, text.get(2..)?)) };
    let three = two.wrapping_mul(10).wrapping_add(third);
    (three < 256).then_some((three, text.get(3..)?))
}
