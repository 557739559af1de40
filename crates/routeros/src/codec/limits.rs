use super::DecodeError;

/// What a [`Decoder`](super::Decoder) accepts before it calls its peer broken or hostile.
///
/// RouterOS publishes no maximum; these are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one word; up to 127 are always accepted.
    pub word: u32,
    /// Words in one sentence. The widest known row has about 160.
    pub words: usize,
    /// Bytes in one sentence, length prefixes included.
    pub sentence: usize,
}

impl Limits {
    /// For a peer that has not proved anything yet: 64 KiB words, 128 KiB sentences.
    pub const BEFORE_LOGIN: Self = Self { word: 64 << 10, words: 64, sentence: 128 << 10 };

    /// For a peer that is logged in: 4 MiB words, 8 MiB sentences.
    pub const AFTER_LOGIN: Self = Self { word: 4 << 20, words: 1024, sentence: 8 << 20 };

    /// Checks a sentence, complete or not, of so many words and bytes.
    #[inline]
    pub(super) fn check_sentence(&self, words: usize, bytes: usize) -> Result<(), DecodeError> {
        if words > self.words {
            return Err(DecodeError::TooManyWords { limit: self.words });
        }
        if bytes > self.sentence {
            return Err(DecodeError::SentenceTooLong { limit: self.sentence });
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::AFTER_LOGIN
    }
}
