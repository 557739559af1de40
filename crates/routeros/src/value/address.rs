use std::{fmt, net::IpAddr};

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

    fn read(value: &[u8]) -> Option<Self> {
        let end = value.iter().position(|byte| *byte == b'%').unwrap_or(value.len());
        std::str::from_utf8(value.get(..end)?).ok()?.parse().ok()
    }
}
