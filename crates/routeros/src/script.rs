//! String literals of the RouterOS script language, for the scripts that are generated.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::fmt::Write;

use thiserror::Error;

/// Writes `text` as one string literal, quotes included. Only printable ASCII stands as it is; `"`,
/// `\`, `$` and `?` (help in the terminal of RouterOS 6), control characters and other bytes are
/// escaped, so the literal survives a paste and nothing in it is substituted.
///
/// ```
/// assert_eq!(routeros::script::quote("a\"b $c\né"), r#""a\"b \$c\n\C3\A9""#);
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut literal = String::with_capacity(text.len().saturating_add(2));
    literal.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' => literal.push_str("\\\""),
            b'\\' => literal.push_str("\\\\"),
            b'$' => literal.push_str("\\$"),
            b'\n' => literal.push_str("\\n"),
            b'\r' => literal.push_str("\\r"),
            b'\t' => literal.push_str("\\t"),
            b'?' | 0..=0x1F | 0x7F.. => write!(literal, "\\{byte:02X}").expect("a String takes any text"),
            _ => literal.push(char::from(byte)),
        }
    }
    literal.push('"');
    literal
}

/// Why a text does not begin with a plain string literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LiteralError {
    /// It does not begin with `"`.
    #[error("no opening quote")]
    NoQuote,
    /// It ends before the closing `"`.
    #[error("no closing quote")]
    Unclosed,
    /// A `$` that is not escaped: the router would substitute a variable or run a command.
    #[error("an unescaped $")]
    Substitution,
    /// A byte that a literal must escape.
    #[error("byte {byte:#04x} must be escaped")]
    Raw {
        /// The byte.
        byte: u8,
    },
    /// A backslash before something that it cannot escape.
    #[error("backslash before byte {byte:#04x}")]
    Escape {
        /// The byte after the backslash.
        byte: u8,
    },
}

/// Reads the string literal at the front of `script`: its bytes and what follows it.
///
/// Knows the escapes of the RouterOS manual ("Scripting", constant escape sequences); hexadecimal
/// digits must be capitals there, so they must be here.
///
/// # Errors
/// See [`LiteralError`].
pub fn parse_literal(script: &[u8]) -> Result<(Vec<u8>, &[u8]), LiteralError> {
    let mut rest = script.strip_prefix(b"\"").ok_or(LiteralError::NoQuote)?;
    let mut bytes = Vec::new();
    loop {
        match rest {
            [] | [b'\\'] => return Err(LiteralError::Unclosed),
            [b'"', after @ ..] => return Ok((bytes, after)),
            [b'$', ..] => return Err(LiteralError::Substitution),
            [b'\\', escape @ ..] => {
                let (byte, after) = unescape(escape)?;
                bytes.push(byte);
                rest = after;
            }
            [byte @ (0..=0x1F | 0x7F), ..] => return Err(LiteralError::Raw { byte: *byte }),
            [byte, after @ ..] => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
}

/// What stands after a backslash: the byte that it means and what follows.
fn unescape(escape: &[u8]) -> Result<(u8, &[u8]), LiteralError> {
    if let [high, low, rest @ ..] = escape
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        return Ok((high << 4 | low, rest));
    }
    let (first, rest) = escape.split_first().ok_or(LiteralError::Unclosed)?;
    let byte = match first {
        b'"' | b'\\' | b'$' | b'?' => *first,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'_' => b' ',
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'v' => 0x0B,
        byte => return Err(LiteralError::Escape { byte: *byte }),
    };
    Ok((byte, rest))
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' => (digit & 0x0F).checked_add(9),
        _ => None,
    }
}
