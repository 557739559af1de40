use std::ops::Range;

use bytes::{Buf, BufMut, BytesMut};

use super::{DecodeError, Limits, Sentence, decode_length};

const TAG: &[u8] = b".tag=";

/// Bytes a read is offered at least; an idle connection holds no more than this.
const LEAST_READ: usize = 4 << 10;
/// Bytes a read is offered at most.
const MOST_READ: usize = 256 << 10;

/// Turns bytes, cut anywhere, into sentences.
///
/// Feed it with [`feed`](Self::feed), or let a socket write into [`read_buffer`](Self::read_buffer);
/// then call [`next`](Self::next) until it says `None`, which means "need more". It stores at most
/// one incomplete sentence (bounded by [`Limits`]) and what one read brought.
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    buffer: BytesMut,
    /// Bytes at the front of `buffer` that were given out already.
    given: usize,
    /// Bytes after `given` that are whole words of an incomplete sentence.
    scanned: usize,
    /// How many words these are.
    words: u32,
    /// Where the tag's value stands in them, counted from `given`.
    tag: Option<Range<usize>>,
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
            given: 0,
            scanned: 0,
            words: 0,
            tag: None,
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
        self.adapt();
        self.discard_given();
        self.buffer.reserve(self.offer);
        &mut self.buffer
    }

    /// How many bytes wait for the rest of their sentence, or for a call of [`next`](Self::next).
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len().saturating_sub(self.given)
    }

    /// The next complete sentence, or `None` when more bytes are needed. Empty sentences are
    /// skipped, as RouterOS does.
    ///
    /// # Errors
    /// The bytes are no sentence or too large; every later call says the same.
    #[expect(clippy::should_implement_trait, reason = "it lends: an Iterator cannot")]
    pub fn next(&mut self) -> Result<Option<Sentence<'_>>, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let length = match self.scan() {
            Ok(Some(length)) => length,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.failed = Some(error);
                return Err(error);
            }
        };
        let start = self.given;
        let end = start.saturating_add(length);
        self.given = end.saturating_add(1);
        let words = self.buffer.get(start..end).unwrap_or_default();
        Ok(Some(Sentence::new(words, self.tag.take().and_then(|tag| words.get(tag)))))
    }

    /// Walks over whole words. Returns the length in bytes of a complete sentence that starts at
    /// `given`, without its end mark, or remembers how far it came.
    fn scan(&mut self) -> Result<Option<usize>, DecodeError> {
        let mut sentence = self.buffer.get(self.given..).unwrap_or_default();
        let mut rest = sentence.get(self.scanned..).unwrap_or_default();
        let mut words = self.words;
        while let Some((length, body)) = decode_length(rest)? {
            if length == 0 {
                let scanned = sentence.len().saturating_sub(rest.len());
                if words == 0 {
                    self.given = self.given.saturating_add(1);
                    (sentence, rest) = (body, body);
                    continue;
                }
                self.check_sentence(scanned)?;
                (self.scanned, self.words) = (0, 0);
                return Ok(Some(scanned));
            }
            if length > self.limits.word {
                return Err(DecodeError::WordTooLong { length, limit: self.limits.word });
            }
            if words >= self.limits.words {
                return Err(DecodeError::TooManyWords { limit: self.limits.words });
            }
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let Some((word, after)) = body.split_at_checked(length) else { break };
            if word.first() == Some(&b'.') && words > 0 && self.tag.is_none() {
                let end = sentence.len().saturating_sub(after.len());
                self.tag = word.strip_prefix(TAG).map(|tag| end.saturating_sub(tag.len())..end);
            }
            rest = after;
            words = words.saturating_add(1);
        }
        self.check_sentence(sentence.len())?;
        (self.scanned, self.words) = (sentence.len().saturating_sub(rest.len()), words);
        Ok(None)
    }

    fn check_sentence(&self, length: usize) -> Result<(), DecodeError> {
        if length > self.limits.sentence {
            return Err(DecodeError::SentenceTooLong { limit: self.limits.sentence });
        }
        Ok(())
    }

    fn discard_given(&mut self) {
        self.buffer.advance(self.given.min(self.buffer.len()));
        self.given = 0;
    }

    /// Offers the next read twice what the last one used, and lets go of a large buffer that a
    /// quiet connection no longer needs.
    fn adapt(&mut self) {
        let used = self.buffer.len();
        self.offer = used.saturating_mul(2).clamp(LEAST_READ, MOST_READ);
        if self.pending() == 0 && self.buffer.capacity() > self.offer.saturating_mul(4) {
            self.buffer = BytesMut::new();
            self.given = 0;
        }
    }
}
