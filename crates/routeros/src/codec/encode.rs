use bytes::BufMut;

use super::{EncodeError, encode_length};

/// Writes one word: its length and its bytes.
///
/// # Errors
/// An empty word, or one of 4 GiB and more.
pub fn encode_word(word: impl AsRef<[u8]>, out: &mut impl BufMut) -> Result<(), EncodeError> {
    encode_parts(&[word.as_ref()], out)
}

/// Writes a whole sentence with its end mark.
///
/// # Errors
/// As [`encode_word`]; `out` then holds the words before the bad one.
pub fn encode_sentence<W: AsRef<[u8]>>(
    words: impl IntoIterator<Item = W>,
    out: &mut impl BufMut,
) -> Result<(), EncodeError> {
    for word in words {
        encode_word(word, out)?;
    }
    out.put_u8(0);
    Ok(())
}

/// Writes a sentence word by word; forget [`SentenceWriter::end`] and it never ends.
#[derive(Debug)]
#[must_use = "call `end` to finish the sentence"]
pub struct SentenceWriter<'a, B> {
    out: &'a mut B,
}

impl<'a, B: BufMut> SentenceWriter<'a, B> {
    /// Appends to `out`.
    pub fn new(out: &'a mut B) -> Self {
        Self { out }
    }

    /// A word as it is: a command, a reply word, a query, a bare reason.
    ///
    /// # Errors
    /// An empty word, or one of 4 GiB and more. So for every other method.
    pub fn word(self, word: impl AsRef<[u8]>) -> Result<Self, EncodeError> {
        encode_word(word, self.out)?;
        Ok(self)
    }

    /// `=key=value`. The value may hold anything; the key must not hold `=`.
    ///
    /// # Errors
    /// A word of 4 GiB and more.
    pub fn attr(self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<Self, EncodeError> {
        encode_parts(&[b"=", key.as_ref(), b"=", value.as_ref()], self.out)?;
        Ok(self)
    }

    /// `.tag=value`.
    ///
    /// # Errors
    /// A word of 4 GiB and more.
    pub fn tag(self, tag: impl AsRef<[u8]>) -> Result<Self, EncodeError> {
        encode_parts(&[b".tag=", tag.as_ref()], self.out)?;
        Ok(self)
    }

    /// Writes the end mark.
    pub fn end(self) {
        self.out.put_u8(0);
    }
}

fn encode_parts(parts: &[&[u8]], out: &mut impl BufMut) -> Result<(), EncodeError> {
    let length = parts.iter().fold(0usize, |sum, part| sum.saturating_add(part.len()));
    if length == 0 {
        return Err(EncodeError::EmptyWord);
    }
    let short = u32::try_from(length).map_err(|_| EncodeError::WordTooLong { length })?;
    encode_length(short, out);
    for part in parts {
        out.put_slice(part);
    }
    Ok(())
}
