//! What a device answered, object by object.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::ber;

/// The application types of SNMP (RFC 2578) whose content is a number.
const NUMBERS: [u8; 5] = [ber::INTEGER, 0x41, 0x42, 0x43, 0x46];
pub(super) const COUNTER64: u8 = 0x46;
const IP_ADDRESS: u8 = 0x40;
const OPAQUE: u8 = 0x44;

/// All objects of one agent in the order of their identifiers.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    objects: BTreeMap<Vec<u32>, Value>,
    skipped: usize,
}

/// A value as it goes over the wire: BER tag and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) tag: u8,
    pub(super) content: Vec<u8>,
}

impl Recording {
    /// Reads a `.snmprec` file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load(path: &Path) -> io::Result<Self> {
        fs::read(path).map(|bytes| Self::parse(&String::from_utf8_lossy(&bytes)))
    }

    /// Reads `OID|tag|value` lines in any order. Tags are decimal BER tags; `x` behind one says that the
    /// value is hexadecimal. Empty lines and those that begin with `#` are comments; a line that makes no
    /// sense is left out and counted by [`skipped`](Self::skipped).
    pub fn parse(text: &str) -> Self {
        let mut recording = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            match object(line) {
                Some((oid, value)) => _ = recording.objects.insert(oid, value),
                None => recording.skipped += 1,
            }
        }
        recording
    }

    /// How many lines made no sense.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// How many objects the agent has.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// True for an agent without objects.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    pub(super) fn get(&self, oid: &[u32]) -> Option<&Value> {
        self.objects.get(oid)
    }

    /// The objects behind `oid`, in order.
    pub(super) fn after<'a>(
        &'a self,
        oid: &[u32],
    ) -> impl Iterator<Item = (&'a Vec<u32>, &'a Value)> + use<'a> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.objects.range::<[u32], _>((Excluded(oid), Unbounded))
    }

    /// True when an object below the parent of `oid` exists: the object is known, this instance is not.
    pub(super) fn knows_object(&self, oid: &[u32]) -> bool {
        let parent = oid.split_last().map_or(oid, |(_, parent)| parent);
        self.after(parent).next().is_some_and(|(next, _)| next.starts_with(parent))
    }
}

fn object(line: &str) -> Option<(Vec<u32>, Value)> {
    let mut parts = line.splitn(3, '|');
    let (oid, tag, text) = (parts.next()?, parts.next()?, parts.next()?);
    let oid: Vec<u32> = arcs(oid)?;
    let (tag, is_hex) = match tag.strip_suffix('x') {
        Some(tag) => (tag, true),
        None => (tag, false),
    };
    let tag = tag.parse().ok()?;
    let content = if is_hex { hex(text)? } else { plain(tag, text)? };
    Some((oid, Value { tag, content }))
}

fn plain(tag: u8, text: &str) -> Option<Vec<u8>> {
    match tag {
        _ if NUMBERS.contains(&tag) => text.trim().parse().ok().map(ber::integer_content),
        ber::OCTET_STRING | OPAQUE => Some(text.as_bytes().to_vec()),
        ber::NULL => Some(Vec::new()),
        ber::OBJECT_IDENTIFIER => arcs(text.trim()).map(|arcs| ber::object_identifier_content(&arcs)),
        IP_ADDRESS => text.trim().parse().ok().map(|ip: std::net::Ipv4Addr| ip.octets().to_vec()),
        _ => None,
    }
}

fn arcs(text: &str) -> Option<Vec<u32>> {
    text.trim().trim_start_matches('.').split('.').map(|arc| arc.parse().ok()).collect()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.trim().bytes().collect();
    digits
        .chunks(2)
        .map(|pair| {
            u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_come_in_any_order_and_nonsense_is_counted() {
        let text = "# a comment\n1.3.6.2|2|-1\n1.3.6.1|4x|00ff\n1.3.6.3|70|aabb\n\nnothing\n1.3.6.4|4x|abc\n1.3.6.5|64|10.0.0.1\n";
        let recording = Recording::parse(text);
        assert_eq!((recording.len(), recording.skipped()), (3, 3));
        let next: Vec<_> =
            recording.after(&[1, 3, 6]).map(|(oid, value)| (oid[3], value.content.clone())).collect();
        assert_eq!(next, [(1, vec![0, 255]), (2, vec![255]), (5, vec![10, 0, 0, 1])]);
    }
}
