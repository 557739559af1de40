//! Quoted texts: escapes and what is put in between.

use super::ast::{Expr, Piece};
use super::cursor::Cursor;
use super::parse::Parser;
use super::run::Failure;

impl Parser<'_> {
    /// A text from its opening quote on.
    pub(super) fn text(&mut self) -> Result<Expr, Failure> {
        let start = self.cursor.at;
        self.cursor.expect("\"")?;
        let mut pieces = Vec::new();
        let mut plain = Vec::new();
        loop {
            match self.cursor.peek() {
                None => return Err(Failure { at: start, message: "expected closing quote".into() }),
                Some(b'"') => break,
                Some(b'\\') => plain.extend(escape(&mut self.cursor)?),
                Some(b'$') => match self.interpolation()? {
                    Some(value) => {
                        pieces.extend((!plain.is_empty()).then(|| Piece::Plain(std::mem::take(&mut plain))));
                        pieces.push(Piece::Value(value));
                    }
                    None => plain.push(self.take_byte()),
                },
                Some(_) => plain.push(self.take_byte()),
            }
        }
        self.cursor.at += 1;
        pieces.extend((!plain.is_empty()).then_some(Piece::Plain(plain)));
        Ok(Expr::Text(pieces))
    }

    fn take_byte(&mut self) -> u8 {
        let byte = self.cursor.peek().unwrap_or_default();
        self.cursor.at += 1;
        byte
    }

    /// `$name`, `$"name"`, `$(…)` or `$[…]` inside a text; a dollar alone is itself.
    fn interpolation(&mut self) -> Result<Option<Expr>, Failure> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        match self.cursor.peek() {
            Some(b'(') => self.group().map(Some),
            Some(b'[') => self.command_value().map(Some),
            _ => {
                let name = variable_name(&mut self.cursor);
                if name.is_none() {
                    self.cursor.at = start;
                }
                Ok(name.map(Expr::Variable))
            }
        }
    }
}

/// The name after a dollar: letters and digits, or anything simple in quotes. `None` when there is none.
pub(super) fn variable_name(cursor: &mut Cursor<'_>) -> Option<String> {
    let start = cursor.at;
    if cursor.eat("\"") {
        let name = cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !name.is_empty() && cursor.eat("\"") {
            return Some(name);
        }
        cursor.at = start;
        return None;
    }
    let name = cursor.take_while(|byte| byte.is_ascii_alphanumeric());
    (!name.is_empty()).then_some(name)
}

/// The byte that an escape stands for; none for a line end that is hidden.
fn escape(cursor: &mut Cursor<'_>) -> Result<Option<u8>, Failure> {
    let [first, second] = [1, 2].map(|ahead| cursor.source.get(cursor.at + ahead).copied());
    let hex = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    let upper =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if let (Some(high), Some(low)) = (hex(first), hex(second))
        && upper(first)
        && upper(second)
    {
        cursor.at += 3;
        return Ok(Some((high * 16 + low) as u8));
    }
    let byte = match first {
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'_') => b' ',
        Some(b'a') => 7,
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'v') => 11,
        Some(byte @ (b'"' | b'\\' | b'$' | b'?')) => byte,
        Some(b'\n') => {
            cursor.at += 2;
            cursor.skip_spaces();
            return Ok(None);
        }
        _ => return Err(cursor.fail("invalid escape in a string")),
    };
    cursor.at += 2;
    Ok(Some(byte))
}

/// The word at the beginning of `rest`, for messages.
pub(super) fn token(rest: &[u8]) -> String {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b":/$-_.*=\"".contains(byte);
    let length = rest.iter().take(40).take_while(|byte| word(byte)).count();
    String::from_utf8_lossy(&rest[..length.max(1).min(rest.len())]).into_owned()
}
