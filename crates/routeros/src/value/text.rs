use std::{borrow::Borrow, cmp::Ordering, fmt, hash, ops::Deref, sync::Arc};

use super::{Value, charset::decode_text};

/// Bytes that a text holds without an allocation.
const INLINE: usize = 22;

/// Text of a router. Up to 22 bytes, which is most of it, take no allocation; longer text is shared
/// when cloned.
///
/// It is a `str` in every respect. Reaching it costs a check of the bytes when they are stored
/// inline, because this crate has no `unsafe` code.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    /// The first `length` bytes are UTF-8; the others are 0.
    Inline {
        length: u8,
        bytes: [u8; INLINE],
    },
    Shared(Arc<str>),
}

impl Text {
    /// Copies `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::inline(text.as_bytes()).unwrap_or_else(|| Self(Repr::Shared(text.into())))
    }

    /// The text.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Inline { length, bytes } => bytes
                .get(..usize::from(*length))
                .and_then(|bytes| str::from_utf8(bytes).ok())
                .expect("only UTF-8 is stored"),
            Repr::Shared(text) => text,
        }
    }

    #[inline]
    fn become_value(&mut self, value: &[u8]) {
        if !self.become_short_ascii(value) {
            self.become_any(value);
        }
    }

    #[cold]
    fn become_any(&mut self, value: &[u8]) {
        *self = Self::new(&decode_text(strip_padding(value)));
    }

    /// Copies bytes that are UTF-8, if they are few.
    fn inline(utf8: &[u8]) -> Option<Self> {
        let mut bytes = [0; INLINE];
        bytes.get_mut(..utf8.len())?.copy_from_slice(utf8);
        Some(Self(Repr::Inline { length: u8::try_from(utf8.len()).ok()?, bytes }))
    }

    /// Becomes `value` if that is short ASCII without padding. Rows are full of such texts, so the
    /// bytes go through registers to where they stay, not through a copy of unknown length and a
    /// temporary.
    #[inline]
    fn become_short_ascii(&mut self, value: &[u8]) -> bool {
        let Repr::Inline { length, bytes } = &mut self.0 else { return false };
        let (Some([low, middle, high]), Ok(new_length)) = (three_words(value), u8::try_from(value.len()))
        else {
            return false;
        };
        if (low | middle | high) & NOT_ASCII != 0 || value.last() == Some(&0) {
            return false;
        }
        let (words, rest) = bytes.as_chunks_mut();
        let ([first, second], [a, b, c, d, e, f]) = (words, rest) else { return false };
        (*first, *second) = (low.to_le_bytes(), middle.to_le_bytes());
        [*a, *b, *c, *d, *e, *f, _, _] = high.to_le_bytes();
        *length = new_length;
        true
    }
}

/// The top bit of every byte.
const NOT_ASCII: u64 = 0x8080_8080_8080_8080;

/// Up to 22 bytes as three little-endian numbers, with zeros behind them.
#[inline]
fn three_words(bytes: &[u8]) -> Option<[u64; 3]> {
    let eight = |bytes: &[u8]| bytes.first_chunk().map(|eight| u64::from_le_bytes(*eight));
    // The last `count` bytes, 0 to 7, of at least 8.
    let tail = |count: usize| {
        let last = u64::from_le_bytes(*bytes.last_chunk()?);
        let others = u32::try_from(8usize.wrapping_sub(count).wrapping_mul(8)).ok()?;
        Some(last.checked_shr(others).unwrap_or_default())
    };
    match bytes.len() {
        0..8 => Some([few(bytes)?, 0, 0]),
        length @ 8..16 => Some([eight(bytes)?, tail(length & 7)?, 0]),
        length @ 16..=INLINE => Some([eight(bytes)?, eight(bytes.get(8..)?)?, tail(length & 7)?]),
        _ => None,
    }
}

/// Fewer than 8 bytes as a little-endian number.
#[inline]
fn few(bytes: &[u8]) -> Option<u64> {
    let number = match *bytes {
        [] => 0,
        [a] => u32::from(a),
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        _ => {
            let first = u64::from(u32::from_le_bytes(*bytes.first_chunk()?));
            let last = u64::from(u32::from_le_bytes(*bytes.last_chunk()?));
            let before = u32::try_from(bytes.len().wrapping_sub(4).wrapping_mul(8)).ok()?;
            return Some(first | last.wrapping_shl(before));
        }
    };
    Some(number.into())
}

/// Without the NUL bytes at its end, as [`decode_text`] reads it.
impl Value for Text {
    const EXPECTED: &'static str = "text";

    #[inline]
    fn read(value: &[u8]) -> Option<Self> {
        let mut text = Self::default();
        text.become_value(value);
        Some(text)
    }

    #[inline]
    fn blank() -> Option<Self> {
        Some(Self::default())
    }

    #[inline]
    fn read_into(slot: &mut Self, value: &[u8]) -> bool {
        slot.become_value(value);
        true
    }
}

/// Without the NUL bytes at the end, which some neighbours pad their identity with.
#[must_use]
pub fn strip_padding(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., 0] = bytes {
        bytes = rest;
    }
    bytes
}

impl Default for Text {
    #[inline]
    fn default() -> Self {
        Self(Repr::Inline { length: 0, bytes: [0; INLINE] })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.as_str().as_bytes()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().into()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

/// As the `str` does, because of `Borrow`.
impl hash::Hash for Text {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}
