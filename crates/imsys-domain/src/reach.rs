//! Where the server lets itself be sent when people name the address of a router or device.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is nowhere to connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTarget {
    /// The server itself.
    Loopback,
    /// Everybody, nobody, or only the neighbours on a link: no single device.
    NoDevice,
    /// An IPv4 address inside an IPv6 one, by which a forbidden address could be meant.
    Translated,
    /// The service by which a cloud tells its machines their secrets.
    Metadata,
}

/// Addresses at which clouds tell a machine its secrets, beside those of the link-local network.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// Whether a router or device may be at an address (threats.md, "SSRF"). The server's own addresses are for
/// the caller, who knows them.
///
/// # Errors
/// [`NoTarget`].
pub fn may_connect(ip: IpAddr, allow_loopback: bool) -> Result<(), NoTarget> {
    let ip = ip.to_canonical();
    let wrong = if ip.is_loopback() {
        (!allow_loopback).then_some(NoTarget::Loopback)
    } else if METADATA.contains(&ip) {
        Some(NoTarget::Metadata)
    } else {
        match ip {
            IpAddr::V4(ip) => is_no_device(ip).then_some(NoTarget::NoDevice),
            IpAddr::V6(ip) if ip.is_unspecified() || ip.is_multicast() || ip.is_unicast_link_local() => {
                Some(NoTarget::NoDevice)
            }
            IpAddr::V6(ip) => is_translated(ip).then_some(NoTarget::Translated),
        }
    };
    wrong.map_or(Ok(()), Err)
}

/// 0.0.0.0/8, 224.0.0.0/4, 240.0.0.0/4 and the link-local network.
fn is_no_device(ip: Ipv4Addr) -> bool {
    let [first, ..] = ip.octets();
    first == 0 || first >= 224 || ip.is_link_local()
}

/// 64:ff9b::/96 (NAT64), 2002::/16 (6to4) and ::/96 (IPv4-compatible).
fn is_translated(ip: Ipv6Addr) -> bool {
    matches!(ip.segments(), [0x64, 0xff9b, 0, 0, 0, 0, _, _] | [0x2002, ..] | [0, 0, 0, 0, 0, 0, _, _])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_not_sent_to_itself_to_everybody_or_to_a_clouds_secrets() {
        let refused = |ip: &str, loopback| may_connect(ip.parse().unwrap(), loopback).err();
        for ip in ["10.255.7.2", "203.0.113.9", "2001:db8::1", "fd12::1"] {
            assert_eq!(refused(ip, false), None, "{ip}");
        }
        for ip in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!((refused(ip, false), refused(ip, true)), (Some(NoTarget::Loopback), None), "{ip}");
        }
        for ip in [
            "169.254.169.254",
            "224.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "240.0.0.1",
            "255.255.255.255",
            "fe80::1",
            "::",
        ] {
            assert_eq!(refused(ip, true), Some(NoTarget::NoDevice), "{ip}");
        }
        for ip in ["64:ff9b::7f00:1", "2002:7f00:1::1", "::127.0.0.2"] {
            assert_eq!(refused(ip, true), Some(NoTarget::Translated), "{ip}");
        }
        for ip in ["100.100.100.200", "168.63.129.16", "fd00:ec2::254", "::ffff:192.0.0.192"] {
            assert_eq!(refused(ip, true), Some(NoTarget::Metadata), "{ip}");
        }
    }
}
