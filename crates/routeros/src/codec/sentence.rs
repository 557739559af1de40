use std::{fmt, slice};

const TAG: &[u8] = b".tag=";

/// One complete sentence, borrowed from the [`Decoder`](super::Decoder) that found it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// Words with their lengths, without the end mark.
    bytes: &'a [u8],
    /// Where the words are in `bytes`.
    words: &'a [Span],
}

/// Where a word is, without its length. Sentences are far shorter than 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    #[inline]
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |place| u32::try_from(place).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    #[inline]
    fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// What the first word of a reply says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `!re`: one row.
    Row,
    /// `!done`: the reply is complete.
    Done,
    /// `!trap`: the command failed; `!done` still follows.
    Trap,
    /// `!fatal`: the router closes the connection.
    Fatal,
    /// `!empty`: there are no rows (RouterOS 7.18 and later); `!done` still follows.
    Empty,
}

impl<'a> Sentence<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8], words: &'a [Span]) -> Self {
        Self { bytes, words }
    }

    /// The words in order; there is at least one.
    #[inline]
    #[must_use]
    pub fn words(self) -> Words<'a> {
        Words { bytes: self.bytes, words: self.words.iter() }
    }

    /// The first word: a command such as `/ip/arp/print`, or a reply word.
    #[inline]
    #[must_use]
    pub fn head(self) -> &'a [u8] {
        self.words().next().unwrap_or_default()
    }

    /// What kind of reply this is; `None` for a command or an unknown reply word.
    #[inline]
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        match self.head() {
            b"!re" => Some(Kind::Row),
            b"!done" => Some(Kind::Done),
            b"!trap" => Some(Kind::Trap),
            b"!fatal" => Some(Kind::Fatal),
            b"!empty" => Some(Kind::Empty),
            _ => None,
        }
    }

    /// The value of the last `.tag=`, wherever it stands; RouterOS writes one, first or last.
    #[inline]
    #[must_use]
    pub fn tag(self) -> Option<&'a [u8]> {
        let (_head, others) = self.words.split_first()?;
        others.iter().rev().find_map(|word| word.of(self.bytes).strip_prefix(TAG))
    }

    /// Every `=key=value`, in order. The value is everything after the second `=`.
    #[inline]
    #[must_use]
    pub fn attrs(self) -> Attrs<'a> {
        let mut words = self.words();
        words.next();
        Attrs { words }
    }

    /// The value of the first attribute named exactly `key`.
    #[must_use]
    pub fn attr(self, key: impl AsRef<[u8]>) -> Option<&'a [u8]> {
        let key = key.as_ref();
        self.attrs().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Query words without their `?`, in order: they are a program for a stack machine.
    pub fn queries(self) -> impl Iterator<Item = &'a [u8]> {
        self.words().skip(1).filter_map(|word| word.strip_prefix(b"?"))
    }

    /// How many bytes the sentence takes on the wire, its end mark included.
    #[inline]
    #[must_use]
    pub fn wire_len(self) -> usize {
        self.bytes.len().saturating_add(1)
    }
}

impl fmt::Debug for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.words().map(|word| word.escape_ascii().to_string())).finish()
    }
}

/// The words of a [`Sentence`].
#[derive(Debug, Clone)]
pub struct Words<'a> {
    bytes: &'a [u8],
    words: slice::Iter<'a, Span>,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        self.words.next().map(|word| word.of(self.bytes))
    }
}

/// The attributes of a [`Sentence`]: key and value.
#[derive(Debug, Clone)]
pub struct Attrs<'a> {
    words: Words<'a>,
}

impl<'a> Iterator for Attrs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.words.find_map(split_attr)
    }
}

/// `=key=value` to key and value; a word without a second `=` is a key with an empty value.
#[inline]
pub(crate) fn split_attr(word: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = word.strip_prefix(b"=")?;
    let Some(equals) = body.iter().position(|byte| *byte == b'=') else {
        return Some((body, &[]));
    };
    let (key, value) = body.split_at_checked(equals)?;
    Some((key, value.split_first()?.1))
}
