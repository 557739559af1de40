use std::mem;

use bytes::{Buf, BufMut, BytesMut};

use super::{DecodeError, Limits, Sentence, decode_length, sentence::Span};

/// Bytes a read is offered at least.
const LEAST_READ: usize = 4 << 10;
/// What a read of an idle connection is offered.
const IDLE_READ: usize = 512;
/// Bytes a read is offered at most. Allocators keep blocks of this size, so that a large reply does
/// not cost a page fault for every page of it; and it stays in a processor's cache.
const MOST_READ: usize = 64 << 10;

/// Turns bytes, cut anywhere, into sentences.
///
/// Feed it with [`feed`](Self::feed), or let a socket write into [`read_buffer`](Self::read_buffer);
/// then call [`next`](Self::next) until it says `None`, which means "need more". It stores at most
/// one incomplete sentence (bounded by [`Limits`]) and what one read brought.
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    buffer: BytesMut,
    /// Where in `buffer` the first sentence begins that was not given out.
    start: usize,
    /// Where its next word begins.
    at: usize,
    /// Its words so far, counted from `start`.
    words: Vec<Span>,
    /// Whether it was given out, so that `words` is to be cleared.
    given: bool,
    /// How much the next read is offered.
    offer: usize,
    failed: Option<DecodeError>,
}

impl Decoder {
    /// An empty decoder. It allocates with the first byte.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buffer: BytesMut::new(),
            start: 0,
            at: 0,
            words: Vec::new(),
            given: false,
            offer: LEAST_READ,
            failed: None,
        }
    }

    /// Replaces the limits, from the next word on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Copies `bytes` behind what is there.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.discard_given();
        self.buffer.put_slice(bytes);
    }

    /// A place for a socket to read into, for example with `AsyncReadExt::read_buf`. It has room
    /// for some KiB, and for more when the reads before filled it.
    pub fn read_buffer(&mut self) -> &mut BytesMut {
        self.read_buffer_of(LEAST_READ)
    }

    /// The same with room for at least so many bytes, for who expects them.
    pub fn read_buffer_of(&mut self, least: usize) -> &mut BytesMut {
        self.adapt(least.min(MOST_READ));
        self.discard_given();
        self.buffer.reserve(self.offer);
        &mut self.buffer
    }

    /// The same for who expects little and waits for long: it has room for a short sentence, and what was
    /// larger and is empty is let go at once.
    pub fn idle_buffer(&mut self) -> &mut BytesMut {
        if self.pending() > 0 {
            return self.read_buffer();
        }
        if self.buffer.capacity() >= LEAST_READ {
            self.buffer = BytesMut::new();
            (self.start, self.at) = (0, 0);
        }
        self.discard_given();
        self.buffer.reserve(IDLE_READ);
        &mut self.buffer
    }

    /// How many bytes wait for the rest of their sentence, or for a call of [`next`](Self::next).
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len().saturating_sub(self.start)
    }

    /// The next complete sentence, or `None` when more bytes are needed. Empty sentences are
    /// skipped, as RouterOS does.
    ///
    /// # Errors
    /// The bytes are no sentence or too large; every later call says the same.
    #[expect(clippy::should_implement_trait, reason = "it lends: an Iterator cannot")]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Sentence<'_>>, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.given {
            self.given = false;
            self.words.clear();
        }
        match self.scan() {
            Ok(true) => {
                let (start, end) = (self.start, self.at);
                self.given = true;
                self.at = end.saturating_add(1);
                self.start = self.at;
                let bytes = self.buffer.get(start..end).unwrap_or_default();
                Ok(Some(Sentence::new(bytes, &self.words)))
            }
            Ok(false) => Ok(None),
            Err(error) => {
                self.failed = Some(error);
                Err(error)
            }
        }
    }

    /// Takes the next sentence in one go if that is possible: if it is complete, a `!re` of short
    /// words, and tagged by the word `tag`. Gives its other words to `take` as it finds them, and
    /// returns its length on the wire. In all other cases, and when `take` says `false`, it returns `None`
    /// and leaves the sentence for [`next`](Self::next); what `take` was given is then void.
    ///
    /// This is for the rows of large tables: there is one walk instead of two.
    #[inline]
    pub(crate) fn next_row(&mut self, tag: &[u8], mut take: impl FnMut(&[u8]) -> bool) -> Option<usize> {
        if self.at != self.start || self.failed.is_some() {
            return None;
        }
        let sentence = self.buffer.get(self.start..)?;
        let mut rest = sentence.strip_prefix(b"\x03!re")?;
        let (mut words, mut tagged) = (1usize, false);
        let after = loop {
            let word = match rest {
                [0, after @ ..] => break after,
                [length @ 1..=0x7F, body @ ..] => {
                    let (word, after) = body.split_at_checked(usize::from(*length))?;
                    rest = after;
                    word
                }
                _ => return None,
            };
            words = words.wrapping_add(1);
            let taken = if word.first() == Some(&b'.') {
                word == tag && !mem::replace(&mut tagged, true)
            } else {
                take(word)
            };
            if !taken {
                return None;
            }
        };
        let length = sentence.len().saturating_sub(after.len());
        if !tagged || self.limits.check_sentence(words, length).is_err() {
            return None;
        }
        self.start = self.start.saturating_add(length);
        self.at = self.start;
        Some(length)
    }

    /// Walks over whole words, up to the end mark of a sentence or to where bytes are missing.
    /// Returns whether a sentence is complete; its end mark is then at `at`.
    ///
    /// Every step needs the length that the step before found, so this runs at the speed of the
    /// memory, not of the processor; noting the words down costs nothing, and whoever reads them is
    /// free of that chain.
    fn scan(&mut self) -> Result<bool, DecodeError> {
        let buffer: &[u8] = &self.buffer;
        let complete = loop {
            let (word, end) = match buffer.get(self.at) {
                None => break false,
                Some(0) if self.words.is_empty() => {
                    self.at = self.at.saturating_add(1);
                    self.start = self.at;
                    continue;
                }
                Some(0) => break true,
                Some(length @ 1..0x80) => {
                    let word = self.at.saturating_add(1);
                    (word, word.saturating_add(usize::from(*length)))
                }
                Some(_) => match long_word(buffer, self.at, &self.limits)? {
                    Some(word) => word,
                    None => break false,
                },
            };
            if end > buffer.len() {
                break false;
            }
            self.words.push(Span::new(word.saturating_sub(self.start), end.saturating_sub(self.start)));
            self.at = end;
        };
        let end = if complete { self.at } else { buffer.len() };
        self.limits.check_sentence(self.words.len(), end.saturating_sub(self.start))?;
        Ok(complete)
    }

    fn discard_given(&mut self) {
        let given = self.start.min(self.buffer.len());
        self.buffer.advance(given);
        self.start = 0;
        self.at = self.at.saturating_sub(given);
    }

    /// Offers the next read twice what the last one used, and lets go of a large buffer that a
    /// quiet connection no longer needs.
    fn adapt(&mut self, least: usize) {
        let used = self.buffer.len();
        self.offer = used.saturating_mul(2).clamp(least, MOST_READ);
        if self.pending() == 0 && self.buffer.capacity() > self.offer.saturating_mul(4) {
            self.buffer = BytesMut::new();
            (self.start, self.at) = (0, 0);
        }
    }
}

/// Where the word that begins at `at` with a length of several bytes is, without that length;
/// `None` when the length is not complete. The word may reach beyond the buffer.
#[cold]
fn long_word(buffer: &[u8], at: usize, limits: &Limits) -> Result<Option<(usize, usize)>, DecodeError> {
    let rest = buffer.get(at..).unwrap_or_default();
    let Some((length, body)) = decode_length(rest)? else { return Ok(None) };
    if length > limits.word {
        return Err(DecodeError::WordTooLong { length, limit: limits.word });
    }
    let word = buffer.len().saturating_sub(body.len());
    Ok(Some((word, word.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)))))
}
