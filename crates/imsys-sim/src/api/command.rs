//! A sentence from a client, taken apart.

use bytes::Bytes;
use routeros::codec::Sentence;
use std::fmt;

/// `/ppp/active/print` with its attributes, queries and tag.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    /// `ppp/active`; empty for `/login` and its like.
    pub(crate) path: String,
    /// `print`.
    pub(crate) verb: String,
    /// The command began with a slash, as every command must.
    pub(crate) rooted: bool,
    pub(crate) attributes: Vec<(Vec<u8>, Vec<u8>)>,
    /// Query words without `?`.
    pub(crate) queries: Vec<Vec<u8>>,
    pub(crate) tag: Option<Bytes>,
}

impl Command {
    pub(crate) fn read(sentence: Sentence<'_>) -> Self {
        let head = String::from_utf8_lossy(sentence.head()).into_owned();
        let rooted = head.starts_with('/');
        let head = head.trim_matches('/');
        let (path, verb) = head.rsplit_once('/').unwrap_or(("", head));
        Self {
            path: path.to_owned(),
            verb: verb.to_owned(),
            rooted,
            attributes: sentence.attrs().map(|(key, value)| (key.to_vec(), value.to_vec())).collect(),
            queries: sentence.queries().map(<[u8]>::to_vec).collect(),
            tag: sentence.tag().map(Bytes::copy_from_slice),
        }
    }

    /// The first attribute named `key`.
    pub(crate) fn attribute(&self, key: &str) -> Option<&[u8]> {
        self.attributes.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value.as_slice())
    }

    /// The attributes except those named in `without`.
    pub(crate) fn pairs<'a>(&'a self, without: &[&str]) -> Vec<(&'a [u8], &'a [u8])> {
        let left =
            self.attributes.iter().filter(|(name, _)| !without.iter().any(|other| name == other.as_bytes()));
        left.map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
    }

    /// The columns asked for with `.proplist`, if any.
    pub(crate) fn proplist(&self) -> Option<Vec<Vec<u8>>> {
        let list = self.attribute(".proplist").filter(|list| !list.is_empty())?;
        Some(list.split(|byte| *byte == b',').map(<[u8]>::to_vec).collect())
    }
}

/// As on the wire, without its tag.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy;
        write!(f, "/{}/{}", self.path, self.verb)?;
        self.attributes.iter().try_for_each(|(name, value)| write!(f, " ={}={}", text(name), text(value)))?;
        self.queries.iter().try_for_each(|query| write!(f, " ?{}", text(query)))
    }
}
