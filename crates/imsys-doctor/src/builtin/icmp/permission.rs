//! Which kind of ICMP socket this process may have.

use super::packet::Family;
use nix::errno::Errno;
use socket2::{Domain, Protocol, Socket, Type};
use std::fmt;
use std::io::{self, ErrorKind};

/// What an operator has to do where [`Access::Denied`] is found.
pub const GRANT: &str = "allow the group of this process in the sysctl net.ipv4.ping_group_range (both address families), \
                         or give it the capability CAP_NET_RAW";

/// How this process reaches ICMP of one address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// By a datagram socket, which the sysctl `net.ipv4.ping_group_range` allows.
    Datagram,
    /// By a raw socket, which the capability `CAP_NET_RAW` allows.
    Raw,
    /// Not at all: neither is granted.
    Denied,
    /// Not at all: the kernel lacks the address family.
    Unsupported,
}

/// The access of both address families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// For IPv4.
    pub ipv4: Access,
    /// For IPv6.
    pub ipv6: Access,
}

impl Permission {
    /// Finds out by opening sockets and closing them again.
    ///
    /// # Errors
    /// When the system cannot open a socket for another reason than permission, such as too many open files.
    pub fn probe() -> io::Result<Self> {
        Ok(Self { ipv4: open(Family::V4)?.0, ipv6: open(Family::V6)?.0 })
    }

    /// Whether [`GRANT`] would add something.
    pub fn is_denied(self) -> bool {
        [self.ipv4, self.ipv6].contains(&Access::Denied)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IPv4: {}, IPv6: {}", self.ipv4, self.ipv6)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Datagram => "datagram socket",
            Self::Raw => "raw socket",
            Self::Denied => "no permission",
            Self::Unsupported => "not supported by the kernel",
        })
    }
}

/// The best socket that is to be had, and its kind.
pub(super) fn open(family: Family) -> io::Result<(Access, Option<Socket>)> {
    let (domain, protocol) = match family {
        Family::V4 => (Domain::IPV4, Protocol::ICMPV4),
        Family::V6 => (Domain::IPV6, Protocol::ICMPV6),
    };
    if let Ok(socket) = Socket::new(domain, Type::DGRAM, Some(protocol)) {
        return Ok((Access::Datagram, Some(socket)));
    }
    match Socket::new(domain, Type::RAW, Some(protocol)) {
        Ok(socket) => Ok((Access::Raw, Some(socket))),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok((Access::Denied, None)),
        Err(error) if is_unsupported(&error) => Ok((Access::Unsupported, None)),
        Err(error) => Err(error),
    }
}

fn is_unsupported(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw);
    matches!(errno, Some(Errno::EAFNOSUPPORT | Errno::EPROTONOSUPPORT))
}
