use std::{borrow::Cow, fmt};

use super::Value;

/// Text up to 23 bytes without an allocation; longer text is shared when cloned.
pub type Text = smol_str::SmolStr;

/// An item's `.id`, such as `*1F`. It names a row until the router restarts, not for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Text);

impl Id {
    /// The text as the router wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<[u8]> for Id {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Id {
    const EXPECTED: &'static str = "an item's id";

    fn read(value: &[u8]) -> Option<Self> {
        Text::read(value).map(Self)
    }
}

/// Without NUL padding, as [`decode_text`] reads it.
impl Value for Text {
    const EXPECTED: &'static str = "text";

    #[inline]
    fn read(value: &[u8]) -> Option<Self> {
        let value = strip_padding(value);
        Some(match std::str::from_utf8(value) {
            Ok(text) => Self::new(text),
            Err(_) => decode_text(value).into(),
        })
    }
}

/// RouterOS stores the bytes that it was given: UTF-8 from most programs, the code page of the PC
/// from WinBox. Bytes that are not UTF-8 are read as windows-1252, in which every byte is a
/// character.
#[must_use]
pub fn decode_text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().copied().map(windows_1252).collect::<String>().into(),
    }
}

/// Without the NUL bytes at the end, which some neighbours pad their identity with.
#[inline]
#[must_use]
pub fn strip_padding(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., 0] = bytes {
        bytes = rest;
    }
    bytes
}

/// One byte of windows-1252; the five bytes it leaves open stay control characters, as in the WHATWG
/// encoding standard.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x82 => '‚',
        0x83 => 'ƒ',
        0x84 => '„',
        0x85 => '…',
        0x86 => '†',
        0x87 => '‡',
        0x88 => 'ˆ',
        0x89 => '‰',
        0x8A => 'Š',
        0x8B => '‹',
        0x8C => 'Œ',
        0x8E => 'Ž',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x95 => '•',
        0x96 => '–',
        0x97 => '—',
        0x98 => '˜',
        0x99 => '™',
        0x9A => 'š',
        0x9B => '›',
        0x9C => 'œ',
        0x9E => 'ž',
        0x9F => 'Ÿ',
        _ => char::from(byte),
    }
}
