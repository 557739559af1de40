use std::borrow::Cow;

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

/// The bytes of a text in windows-1252, as WinBox on most PCs writes it; `None` where a character is not in it.
#[must_use]
pub fn encode_windows_1252(text: &str) -> Option<Vec<u8>> {
    let byte = |character| match u8::try_from(character) {
        Ok(byte) if windows_1252(byte) == character => Some(byte),
        _ => (0x80..=0x9F).find(|byte| windows_1252(*byte) == character),
    };
    text.chars().map(byte).collect()
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

#[cfg(test)]
mod tests {
    use super::{decode_text, encode_windows_1252};

    #[test]
    fn what_windows_1252_can_write_is_read_again() {
        for text in ["josé", "10 €", "Ÿ-plain", "\u{81}"] {
            let bytes = encode_windows_1252(text).expect("it is in the code page");
            assert_eq!((decode_text(&bytes).as_ref(), bytes.len()), (text, text.chars().count()));
        }
        assert_eq!(encode_windows_1252("Łódź"), None);
    }
}
