//! A place in the source of a script.

use super::run::Failure;

/// How deep brackets may be nested.
const DEPTH: u32 = 64;

/// Reads a source byte by byte.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    pub(super) source: &'a [u8],
    pub(super) at: usize,
    depth: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        Self { source, at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.source[self.at.min(self.source.len())..]
    }

    /// Takes `text` if it stands here.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let here = self.rest().starts_with(text.as_bytes());
        if here {
            self.at += text.len();
        }
        here
    }

    /// Takes `text`, which must stand here.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), Failure> {
        if self.eat(text) { Ok(()) } else { Err(self.fail("syntax error")) }
    }

    /// Takes a word such as `and`, if it stands here whole.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let ends =
            self.rest().get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        ends && self.eat(word)
    }

    /// Spaces, tabs, and line ends after a backslash.
    pub(super) fn skip_spaces(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.rest()[1..].starts_with(b"\n") => self.at += 2,
                Some(b'\\') if self.rest()[1..].starts_with(b"\r\n") => self.at += 3,
                _ => return,
            }
        }
    }

    /// Spaces and line ends.
    pub(super) fn skip_lines(&mut self) {
        self.skip_spaces();
        while self.eat("\n") {
            self.skip_spaces();
        }
    }

    /// Takes bytes as long as they are of one kind.
    pub(super) fn take_while(&mut self, of_kind: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&of_kind) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.source[start..self.at]).into_owned()
    }

    /// Goes into a bracket.
    pub(super) fn enter(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > DEPTH { Err(self.fail("nested too deeply")) } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Is outside of all brackets again, after a statement was given up.
    pub(super) fn leave_all(&mut self) {
        self.depth = 0;
    }

    pub(super) fn fail(&self, message: impl Into<String>) -> Failure {
        Failure { at: self.at, message: message.into() }
    }
}
