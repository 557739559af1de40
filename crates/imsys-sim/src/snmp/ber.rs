//! As much of BER as SNMP messages use: definite lengths, single-octet tags.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// More arcs than this are no object identifier (RFC 2578, 3.5).
const MOST_ARCS: usize = 128;

/// Reads elements from the front of a slice; `None` when what comes next is not what was asked for.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag and content of the next element.
    pub(super) fn element(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.rest.split_first()?;
        let (length, rest) = length(rest)?;
        let (content, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((tag, content))
    }

    pub(super) fn tagged(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.element().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        let content = self.tagged(INTEGER)?;
        let first = *content.first()?;
        let start = if first & 0x80 == 0 { 0 } else { -1 };
        (content.len() <= 8).then(|| content.iter().fold(start, |value, byte| value << 8 | i64::from(*byte)))
    }

    pub(super) fn object_identifier(&mut self) -> Option<Vec<u32>> {
        let mut arcs = vec![0];
        let mut arc: u64 = 0;
        for byte in self.tagged(OBJECT_IDENTIFIER)? {
            arc = arc << 7 | u64::from(byte & 0x7F);
            if arc > u64::from(u32::MAX) || arcs.len() > MOST_ARCS {
                return None;
            }
            if byte & 0x80 == 0 {
                arcs.push(arc as u32);
                arc = 0;
            }
        }
        let first = *arcs.get(1)?;
        arcs[0] = (first / 40).min(2);
        arcs[1] = first - arcs[0] * 40;
        Some(arcs)
    }
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((usize::from(first), rest));
    }
    let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
    let fits = !octets.is_empty() && octets.len() <= 4;
    fits.then(|| (octets.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest))
}

/// One element: tag, length, content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        bytes.push(0x80 | octets.len() as u8);
        bytes.extend(octets);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// The shortest two's complement form of a number.
pub(super) fn integer_content(value: i128) -> Vec<u8> {
    let mut bytes = value.to_be_bytes().to_vec();
    while bytes.len() > 1 && (bytes[0] == 0 && bytes[1] < 0x80 || bytes[0] == 0xFF && bytes[1] >= 0x80) {
        bytes.remove(0);
    }
    bytes
}

pub(super) fn integer(value: i64) -> Vec<u8> {
    element(INTEGER, &integer_content(i128::from(value)))
}

pub(super) fn object_identifier_content(arcs: &[u32]) -> Vec<u8> {
    let (first, second) = (arcs.first().copied().unwrap_or(0), arcs.get(1).copied().unwrap_or(0));
    let joined = u64::from(first) * 40 + u64::from(second);
    let rest = arcs.iter().skip(2).map(|arc| u64::from(*arc));
    std::iter::once(joined).chain(rest).flat_map(base_128).collect()
}

fn base_128(arc: u64) -> Vec<u8> {
    let mut bytes = vec![(arc & 0x7F) as u8];
    let mut rest = arc >> 7;
    while rest > 0 {
        bytes.insert(0, 0x80 | (rest & 0x7F) as u8);
        rest >>= 7;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_identifiers_come_back_as_they_were_written() {
        for value in [0, 1, 127, 128, 255, 256, -1, -128, -129, i64::from(i32::MIN), i64::MAX] {
            assert_eq!(Reader::new(&integer(value)).integer(), Some(value), "{value}");
        }
        for arcs in [vec![1, 3, 6, 1, 4, 1, 41112], vec![1, 2, 840, 10036], vec![0, 0], vec![1, 3, u32::MAX]]
        {
            let bytes = element(OBJECT_IDENTIFIER, &object_identifier_content(&arcs));
            assert_eq!(Reader::new(&bytes).object_identifier(), Some(arcs));
        }
    }

    #[test]
    fn a_length_beyond_the_input_is_nothing() {
        assert_eq!(Reader::new(&[0x04, 0x05, 1, 2]).element(), None);
        assert_eq!(Reader::new(&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]).element(), None);
        assert_eq!(Reader::new(&[0x04, 0x80]).element(), None);
        let long = element(OCTET_STRING, &[7; 300]);
        assert_eq!(Reader::new(&long).tagged(OCTET_STRING), Some(&[7; 300][..]));
    }
}
