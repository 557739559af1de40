//! Where a router is: an address, or a name that is looked up at each connect.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The most bytes of a host name (RFC 1035).
const LONGEST: usize = 253;
/// The most bytes between two of its dots.
const LABEL: usize = 63;

/// An IP address, or a host name such as `1a2b3c.sn.mynetname.net`. In text as itself, names in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Host {
    /// One address.
    Ip(IpAddr),
    /// A name, whose address may change.
    Name(String),
}

/// A text that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHost;

impl fmt::Display for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "must be an IP address such as 10.255.7.2, or a host name such as 1a2b3c.sn.mynetname.net",
        )
    }
}

impl Host {
    /// The address, where it is one.
    pub const fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(ip) => Some(*ip),
            Self::Name(_) => None,
        }
    }
}

impl From<IpAddr> for Host {
    fn from(ip: IpAddr) -> Self {
        Self::Ip(ip.to_canonical())
    }
}

impl From<[u8; 4]> for Host {
    fn from(octets: [u8; 4]) -> Self {
        IpAddr::from(octets).into()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl FromStr for Host {
    type Err = NoHost;

    fn from_str(text: &str) -> Result<Self, NoHost> {
        let text = text.trim();
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(ip.into());
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_label = |label: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=LABEL).contains(&label.len())
                && label.bytes().all(fits)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A name whose last part begins with a digit is an address with a slip of the pen, and some systems read
        // it as one.
        let has_top =
            name.rsplit('.').next().is_some_and(|top| top.starts_with(|c: char| c.is_ascii_alphabetic()));
        let fits = name.len() <= LONGEST && has_top && name.split('.').all(is_label);
        if fits { Ok(Self::Name(name)) } else { Err(NoHost) }
    }
}

impl TryFrom<String> for Host {
    type Error = NoHost;

    fn try_from(text: String) -> Result<Self, NoHost> {
        text.parse()
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_read_and_written_alike() {
        for (text, written) in [
            ("10.255.7.2", "10.255.7.2"),
            (" ::ffff:10.0.0.1 ", "10.0.0.1"),
            ("FD00::1", "fd00::1"),
            ("1A2B3C.sn.mynetname.net.", "1a2b3c.sn.mynetname.net"),
            ("core-1.example", "core-1.example"),
        ] {
            let host: Host = text.parse().unwrap();
            assert_eq!(host.to_string(), written);
            assert_eq!(written.parse(), Ok(host));
        }
        assert_eq!("10.0.0.1".parse::<Host>().unwrap().ip(), Some("10.0.0.1".parse().unwrap()));
        assert_eq!("a.example".parse::<Host>().unwrap().ip(), None);
    }

    #[test]
    fn a_name_of_the_machines_own_list_needs_no_dot() {
        assert_eq!("core-router".parse(), Ok(Host::Name("core-router".into())));
    }

    #[test]
    fn what_is_neither_is_refused() {
        let long = format!("{}.example", "a".repeat(64));
        let longer = format!("{}example", "abc.".repeat(70));
        for text in [
            "",
            "10.0.0",
            "10.0.0.256",
            "0x7f.1",
            "a.0x7f",
            "a..example",
            "-a.example",
            "a-.example",
            "a_b.example",
            "a b.example",
            "http://a.example",
            "a.example:8728",
            "é.example",
            &long,
            &longer,
        ] {
            assert_eq!(text.parse::<Host>(), Err(NoHost), "{text}");
        }
    }
}
