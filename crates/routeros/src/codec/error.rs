use thiserror::Error;

/// Why bytes are not a RouterOS sentence. There is no way to find the next sentence after one of
/// these: close the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A length began with a control byte. `0xF1..=0xF7` are refused too: no RouterOS sends them.
    #[error("length: first byte {first:#04x} is reserved")]
    ReservedLength {
        /// The byte, `0xF1` or above.
        first: u8,
    },
    /// A length was written in a longer form than it needs; no peer is known to do so.
    #[error("length: {length} is written in {prefix} bytes")]
    OverlongLength {
        /// The length that was read.
        length: u32,
        /// How many bytes the prefix had, 2 to 5.
        prefix: u8,
    },
    /// A word is longer than [`Limits::word`](super::Limits::word). Found from its length alone,
    /// before any of it is stored.
    #[error("word: {length} bytes is more than {limit}")]
    WordTooLong {
        /// The announced length in bytes.
        length: u32,
        /// The limit in bytes.
        limit: u32,
    },
    /// A sentence has more words than [`Limits::words`](super::Limits::words).
    #[error("sentence: more than {limit} words")]
    TooManyWords {
        /// The limit.
        limit: usize,
    },
    /// A sentence has more bytes than [`Limits::sentence`](super::Limits::sentence).
    #[error("sentence: more than {limit} bytes")]
    SentenceTooLong {
        /// The limit in bytes, length prefixes included.
        limit: usize,
    },
}

/// Why words cannot be written as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// An empty word would end the sentence early.
    #[error("word: empty")]
    EmptyWord,
    /// A length has 32 bits on the wire.
    #[error("word: {length} bytes do not fit a length")]
    WordTooLong {
        /// The length in bytes.
        length: usize,
    },
}
