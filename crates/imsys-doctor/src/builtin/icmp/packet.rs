//! Echo requests and replies as bytes (RFC 792, RFC 4443).

use std::net::IpAddr;

/// Which ICMP a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

impl Family {
    pub(super) fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// The types of an echo request and of its reply.
    const fn types(self) -> (u8, u8) {
        match self {
            Self::V4 => (8, 0),
            Self::V6 => (128, 129),
        }
    }

    /// The type of an echo reply.
    pub(super) const fn reply(self) -> u8 {
        self.types().1
    }
}

/// What our probes carry and replies bring back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Echo {
    /// Random, one per round: nobody who was not probed in the round can know it.
    pub(super) nonce: u64,
    /// Which probe of the round.
    pub(super) index: u32,
}

/// The length of our messages: header, nonce and index.
pub(super) const LENGTH: usize = 20;

/// An echo request. The identifier serves only to filter replies; a datagram socket writes its own there.
pub(super) fn request(family: Family, identifier: u16, echo: Echo) -> [u8; LENGTH] {
    let mut message = [0; LENGTH];
    message[0] = family.types().0;
    message[4..6].copy_from_slice(&identifier.to_be_bytes());
    message[6..8].copy_from_slice(&echo.index.to_be_bytes()[2..]);
    message[8..16].copy_from_slice(&echo.nonce.to_be_bytes());
    message[16..20].copy_from_slice(&echo.index.to_be_bytes());
    // ICMPv6 sums over the addresses too, which the kernel does.
    if family == Family::V4 {
        let sum = checksum(&message);
        message[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    message
}

/// What an echo reply carries, if the message is one and long enough to be ours.
pub(super) fn reply(family: Family, message: &[u8]) -> Option<Echo> {
    let header = message.first_chunk::<8>()?;
    let is_whole = family == Family::V6 || checksum(message) == 0;
    if header[..2] != [family.reply(), 0] || !is_whole {
        return None;
    }
    let (nonce, rest) = message[8..].split_first_chunk()?;
    let index = rest.first_chunk()?;
    Some(Echo { nonce: u64::from_be_bytes(*nonce), index: u32::from_be_bytes(*index) })
}

/// What follows the IPv4 header, which a raw socket delivers too.
pub(super) fn without_ipv4_header(packet: &[u8]) -> Option<&[u8]> {
    let first = packet.first()?;
    packet.get(usize::from(first & 0x0f) * 4..)
}

/// The Internet checksum (RFC 1071); over a message that holds its own it is zero.
fn checksum(message: &[u8]) -> u16 {
    let (words, last) = message.as_chunks::<2>();
    let words = words.iter().map(|word| u64::from(u16::from_be_bytes(*word)));
    let last = last.first().map_or(0, |byte| u64::from(*byte) << 8);
    let mut sum = words.sum::<u64>() + last;
    while let carry @ 1.. = sum >> 16 {
        sum = (sum & 0xffff) + carry;
    }
    !u16::try_from(sum).expect("the carries were folded in")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ECHO: Echo = Echo { nonce: 0x0102_0304_0506_0708, index: 0x00ab_cdef };

    fn answer(family: Family) -> [u8; LENGTH] {
        let mut message = request(family, 7, ECHO);
        message[..4].copy_from_slice(&[family.reply(), 0, 0, 0]);
        let sum = checksum(&message);
        message[2..4].copy_from_slice(&sum.to_be_bytes());
        message
    }

    #[test]
    fn a_request_has_the_bytes_of_the_rfc() {
        let v4 = request(Family::V4, 0x1234, ECHO);
        assert_eq!(v4, *b"\x08\x00\x39\x2d\x12\x34\xcd\xef\x01\x02\x03\x04\x05\x06\x07\x08\x00\xab\xcd\xef");
        let v6 = request(Family::V6, 0x1234, ECHO);
        assert_eq!(v6[..8], *b"\x80\x00\x00\x00\x12\x34\xcd\xef");
        assert_eq!(v6[8..], v4[8..]);
    }

    #[test]
    fn the_checksum_is_that_of_the_example_in_rfc_1071() {
        assert_eq!(checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
        assert_eq!(checksum(&[0xff; 5]), 0x00ff);
        assert_eq!(checksum(&[]), 0xffff);
    }

    #[test]
    fn a_reply_brings_back_what_was_sent() {
        assert_eq!(reply(Family::V4, &answer(Family::V4)), Some(ECHO));
        assert_eq!(reply(Family::V6, &answer(Family::V6)), Some(ECHO));
    }

    #[test]
    fn requests_errors_and_damaged_replies_are_no_replies() {
        assert_eq!(reply(Family::V4, &request(Family::V4, 7, ECHO)), None);
        assert_eq!(reply(Family::V4, &answer(Family::V6)), None);
        for place in 0..LENGTH {
            let mut damaged = answer(Family::V4);
            damaged[place] ^= 0x10;
            assert_eq!(reply(Family::V4, &damaged), None, "byte {place}");
        }
    }

    #[test]
    fn a_message_of_any_length_is_read_or_refused() {
        for length in 0..LENGTH {
            assert_eq!(reply(Family::V6, &answer(Family::V6)[..length]), None);
            assert_eq!(reply(Family::V4, &[0; LENGTH][..length]), None);
        }
    }

    #[test]
    fn an_ipv4_header_is_as_long_as_it_says() {
        let mut packet = [0; 32];
        packet[0] = 0x46;
        assert_eq!(without_ipv4_header(&packet).map(<[u8]>::len), Some(8));
        packet[0] = 0x4f;
        assert_eq!(without_ipv4_header(&packet), None);
        assert_eq!(without_ipv4_header(&[]), None);
    }
}
