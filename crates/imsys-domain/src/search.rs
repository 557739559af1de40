//! What people search by: one rule for the text that a thing is found by, and for what a question looks for.
//!
//! A thing's [`text`] is folded words; its telephone numbers stand in it once more as digits alone. A question's
//! [`terms`] must all occur somewhere in that text. A term may be written in several ways, and one of them is
//! enough: a MAC address (or its first pairs) with any separators, a telephone number with or without spaces,
//! trunk `0` and country prefix.

use crate::mac::Mac;
use crate::text::search_key;
use std::net::IpAddr;

/// The fewest and the most digits of a telephone number (E.164 has up to 15).
const NUMBER: std::ops::RangeInclusive<usize> = 7..=15;
/// More digits than this carry a country prefix.
const NATIONAL: usize = 10;
/// So many of the last digits are the same with and without country prefix.
const TAIL: usize = 8;

/// A whole address: what a service may have at this moment, besides what stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// An IP address.
    Address(IpAddr),
    /// A MAC address.
    Mac(Mac),
}

impl Exact {
    /// What a text is as a whole, in any usual spelling.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let mac = || pairs(&text.to_lowercase()).and_then(|pairs| mac_of(&pairs)).map(Self::Mac);
        text.parse().map(Self::Address).ok().or_else(mac)
    }
}

/// One thing that a question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The ways to write it, never none; each is folded as texts are.
    pub any: Vec<String>,
    /// What it is, when it is a whole address.
    pub exact: Option<Exact>,
}

impl Term {
    fn of(word: &str) -> Self {
        let mut any = vec![word.to_owned()];
        any.extend(pairs(word));
        any.extend(digits(word).map(|number| tail(word, &number).to_owned()));
        any.dedup();
        Self { any, exact: Exact::of(word) }
    }

    /// Whether a [`text`] has it.
    pub fn is_in(&self, text: &str) -> bool {
        self.any.iter().any(|way| text.contains(way.as_str()))
    }
}

/// The text that a thing with these parts is found by.
pub fn text<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().collect();
    let numbers: Vec<String> = parts
        .iter()
        .flat_map(|part| part.split(['/', ',', ';']))
        .filter_map(|part| digits(part).filter(|digits| digits != part.trim()))
        .collect();
    search_key(parts.into_iter().chain(numbers.iter().map(String::as_str)))
}

/// What a question looks for; nothing where it asks nothing.
pub fn terms(question: &str) -> Vec<Term> {
    let key = search_key([question]);
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    let alike = |a: &&str, b: &&str| is_of_number(a) && is_of_number(b);
    words
        .chunk_by(alike)
        .flat_map(|run| number_in(run).map_or_else(|| each(run), |term| vec![term]))
        .collect()
}

/// Whether a [`text`] has everything that a question asks for.
pub fn finds(question: &str, text: &str) -> bool {
    terms(question).iter().all(|term| term.is_in(text))
}

fn each(words: &[&str]) -> Vec<Term> {
    words.iter().map(|word| Term::of(word)).collect()
}

/// Several words that are one telephone number.
fn number_in(words: &[&str]) -> Option<Term> {
    let whole = words.join(" ");
    let number = digits(&whole).filter(|_| words.len() > 1)?;
    Some(Term { any: vec![tail(&whole, &number).to_owned()], exact: None })
}

/// What of a number as it was typed is the same in every way to write it.
fn tail<'a>(typed: &str, digits: &'a str) -> &'a str {
    let national = digits.trim_start_matches('0');
    let has_prefix = typed.starts_with('+') || typed.starts_with("00") || national.len() > NATIONAL;
    if has_prefix {
        national.get(national.len().saturating_sub(TAIL)..).unwrap_or(national)
    } else {
        national
    }
}

/// The digits of a text that may be a telephone number.
fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = is_of_number(text) && NUMBER.contains(&digits.len());
    (is_number && digits.bytes().any(|digit| digit != b'0')).then_some(digits)
}

/// Whether a number may be written so; a dotted address is none, whole or begun.
fn is_of_number(text: &str) -> bool {
    let of_address = |part: &str| part.is_empty() || part.parse::<u8>().is_ok();
    let is_address = text.contains('.') && text.split('.').all(of_address);
    let is_usual = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.' | '/');
    !is_address && text.chars().all(is_usual)
}

/// The pairs of hex digits of a MAC address or of its beginning, with `:` between them. Without separators
/// there are at least three pairs.
fn pairs(word: &str) -> Option<String> {
    let of = |size: usize, separator: char| {
        let mut groups = word.split(separator).peekable();
        let mut many = 0;
        while let Some(group) = groups.next() {
            let is_last = groups.peek().is_none();
            let fits =
                group.len() == size || (is_last && group.len() < size && group.len().is_multiple_of(2));
            if !fits {
                return false;
            }
            many += 1;
        }
        many > 1
    };
    let hex: String = word.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let is_bare = hex.len() == word.len() && hex.len() >= 6 && hex.len().is_multiple_of(2);
    let is_one = of(2, ':') || of(2, '-') || of(4, '.') || is_bare;
    if !is_one || hex.len() > 12 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs: Vec<&str> = hex.as_bytes().chunks(2).filter_map(|pair| str::from_utf8(pair).ok()).collect();
    Some(pairs.join(":"))
}

fn mac_of(pairs: &str) -> Option<Mac> {
    let bytes: Option<Vec<u8>> = pairs.split(':').map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    <[u8; 6]>::try_from(bytes?).ok().map(Mac::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(parts: &[&str], questions: &[&str]) {
        let text = text(parts.iter().copied());
        for question in questions {
            assert!(finds(question, &text), "{question:?} in {text:?}");
        }
    }

    fn missed(parts: &[&str], questions: &[&str]) {
        let text = text(parts.iter().copied());
        for question in questions {
            assert!(!finds(question, &text), "{question:?} in {text:?}");
        }
    }

    #[test]
    fn a_mac_address_is_found_in_any_writing_whole_or_begun() {
        let ways = [
            "aa:bb:cc:00:11:22",
            "AA-BB-CC-00-11-22",
            "aabb.cc00.1122",
            "AABBCC001122",
            "aa-bb-cc",
            "aabbcc",
        ];
        found(&["AA:BB:CC:00:11:22"], &ways);
        found(&["02:00:00:00:00:01"], &["0200.0000.0001", "020000000001", "00:00:01"]);
        missed(&["AA:BB:CC:00:11:22"], &["aabbcd", "aa-bb-cc-00-11-23", "abbcc001122a"]);
    }

    #[test]
    fn a_telephone_number_is_found_with_and_without_spaces_and_prefix() {
        for kept in ["+254 712 345 678", "0712 345 678", "0712345678", "254712345678", "+254 (0)712-345-678"]
        {
            let ways =
                ["0712345678", "712345678", "+254712345678", "00254 712 345 678", "0712 345 678", "345 678"];
            found(&["Ana", kept], &ways);
            found(&["Ana", kept], &["ana 0712-345-678", "254712345678"]);
            missed(&["Ana", kept], &["0712345679", "ben 0712345678"]);
        }
        found(&["0712 345 678 / 0733 111 222"], &["+254733111222", "0712345678"]);
    }

    #[test]
    fn an_address_is_no_telephone_number() {
        found(&["192.168.100.150"], &["192.168.100.150", "168.100", "192.168.100."]);
        missed(&["100.168.192.15"], &["192.168.100", "168.192.100"]);
        missed(&["19:21:68:10:01:50"], &["192.168.100.150"]);
    }

    #[test]
    fn words_may_stand_anywhere_without_case_and_accents() {
        found(&["José Álvarez", "Łódź"], &["alvarez JOSE", "lodz", "", "  "]);
        missed(&["José Álvarez"], &["jose maria"]);
    }

    #[test]
    fn a_whole_address_is_known_as_such() {
        let mac = Exact::Mac(Mac::from([0xaa, 0xbb, 0xcc, 0, 0x11, 0x22]));
        for way in [" aabb.cc00.1122 ", "AA-BB-CC-00-11-22", "aabbcc001122"] {
            assert_eq!(Exact::of(way), Some(mac), "{way}");
        }
        let address = Exact::Address("192.168.100.150".parse().unwrap());
        assert_eq!(Exact::of("192.168.100.150"), Some(address));
        assert_eq!((Exact::of("192.168.100"), Exact::of("aabbcc"), Exact::of("ana")), (None, None, None));
    }
}
