//! Values of objects, and strings of agents made safe.

use super::Oid;

/// The value of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A signed number.
    Integer(i32),
    /// OCTET STRING, Opaque and other types that are octets; may hold anything.
    Octets(Vec<u8>),
    /// An object identifier.
    Oid(Oid),
    /// An IPv4 address.
    Address([u8; 4]),
    /// A counter that wraps at 2^32.
    Counter32(u32),
    /// A level.
    Gauge(u32),
    /// Hundredths of a second.
    Ticks(u32),
    /// A counter that wraps at 2^64.
    Counter64(u64),
    /// NULL, or there is no such object or instance.
    Missing,
    /// There is nothing behind the object that was asked for.
    EndOfView,
}

/// An object and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varbind {
    /// The object.
    pub oid: Oid,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// The value as a number. A text counts when it begins with a decimal number that the end, a space or
    /// a unit follows (`"-61.5"`, `"48 C"`), since many radios answer numbers as text.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(f64::from(*value)),
            Self::Counter32(value) | Self::Gauge(value) | Self::Ticks(value) => Some(f64::from(*value)),
            Self::Counter64(value) => Some(*value as f64),
            Self::Octets(octets) => leading_number(octets),
            Self::Oid(_) | Self::Address(_) | Self::Missing | Self::EndOfView => None,
        }
    }

    /// The value as text that is safe to show; `None` when there is no value.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Octets(octets) => Some(text(octets)),
            Self::Oid(oid) => Some(oid.to_string()),
            Self::Address([a, b, c, d]) => Some(format!("{a}.{b}.{c}.{d}")),
            Self::Integer(value) => Some(value.to_string()),
            Self::Counter32(value) | Self::Gauge(value) | Self::Ticks(value) => Some(value.to_string()),
            Self::Counter64(value) => Some(value.to_string()),
            Self::Missing | Self::EndOfView => None,
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Octets(octets) => octets.len(),
            Self::Oid(oid) => size_of_val(oid.arcs()),
            _ => 0,
        }
    }
}

impl Varbind {
    /// The memory that it takes, in bytes.
    pub(in crate::builtin) fn weight(&self) -> usize {
        size_of::<Self>() + size_of_val(self.oid.arcs()) + self.value.weight()
    }
}

/// Longer strings are cut; as long as a DisplayString may be (RFC 2579).
const MOST_CHARACTERS: usize = 255;

/// Makes an agent's string safe: no control or direction characters, at most 255 characters, what is no
/// UTF-8 replaced, no space around it.
pub fn text(octets: &[u8]) -> String {
    // No character has more than four octets: what lies behind cannot be among the first ones.
    let octets = &octets[..octets.len().min(4 * 1_024)];
    let shown = String::from_utf8_lossy(octets);
    let kept: String =
        shown.trim().chars().filter(|character| !is_harmful(*character)).take(MOST_CHARACTERS).collect();
    kept.trim().to_owned()
}

/// Control characters, and those that turn the direction of the text around them.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn leading_number(octets: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(octets).ok()?.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let digits_end = |from: usize| {
        text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |length| from + length)
    };
    let start = usize::from(text.starts_with(['-', '+']));
    let mut end = digits_end(start);
    if text[end..].starts_with('.') {
        end = digits_end(end + 1);
    }
    let has_unit =
        text[end..].chars().next().is_none_or(|c| c.is_whitespace() || c.is_alphabetic() || "%°".contains(c));
    text[..end].parse().ok().filter(|_| has_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<f64> {
        Value::Octets(text.as_bytes().to_vec()).number()
    }

    #[test]
    fn numbers_are_read_from_text_with_and_without_a_unit() {
        assert_eq!(number("63.11"), Some(63.11));
        assert_eq!(number(" -61 dBm"), Some(-61.0));
        assert_eq!(number("20 °C / 68 °F"), Some(20.0));
        assert_eq!(number("48C\0"), Some(48.0));
        assert_eq!(number("+5%"), Some(5.0));
        for odd in ["", "-", ".", "N/A", "00:11:22", "1.2.3", "5/6", "é"] {
            assert_eq!(number(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_hostile_string_loses_what_could_harm() {
        assert_eq!(text(b" a\x1b[31mb\n\0 "), "a[31mb");
        assert_eq!(text("x\u{202e}y\u{2066}z".as_bytes()), "xyz");
        assert_eq!(text(&[b'a', 0xFF, b'b']), "a\u{FFFD}b");
        assert_eq!(text("é".repeat(100_000).as_bytes()).chars().count(), 255);
    }
}
