use std::fmt;

use crate::codec::{EncodeError, encode_word};

/// A command with its attributes and queries, written into wire form as it grows.
///
/// Values may hold anything: a length stands before each, so nothing can be injected through them.
/// Names and queries come from code. The first error is kept and told when the command is run.
///
/// ```
/// # use routeros::client::Command;
/// Command::new("/ppp/active/print").attr(".proplist", ".id").query("name", "ann");
/// Command::new("/interface/print").query("type", "ether").query("type", "vlan").query_word("#|");
/// ```
#[derive(Clone)]
pub struct Command {
    path: Box<str>,
    words: Vec<u8>,
    has_proplist: bool,
    error: Option<EncodeError>,
}

impl Command {
    /// The command at `path`, such as `/ip/arp/print`.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self { path: path.into(), words: Vec::new(), has_proplist: false, error: None }.word(path)
    }

    /// Adds `=name=value`.
    #[must_use]
    pub fn attr(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.has_proplist |= name == ".proplist";
        self.word([b"=", name.as_bytes(), b"=", value.as_ref()].concat())
    }

    /// Adds `?name=value`: only rows whose field is exactly that.
    #[must_use]
    pub fn query(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.word([b"?", name.as_bytes(), b"=", value.as_ref()].concat())
    }

    /// Adds any query word without its `?`: `running`, `-comment`, `>distance=1`, `#|!`.
    #[must_use]
    pub fn query_word(self, query: &str) -> Self {
        self.word(["?", query].concat())
    }

    /// The path it was made with.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Asks for the fields in `proplist`, unless the command names its own.
    pub(super) fn or_proplist(self, proplist: Option<&str>) -> Self {
        match proplist {
            Some(proplist) if !self.has_proplist => self.attr(".proplist", proplist),
            _ => self,
        }
    }

    /// The words in wire form, without tag and end mark.
    pub(super) fn into_words(self) -> Result<Vec<u8>, EncodeError> {
        self.error.map_or(Ok(self.words), Err)
    }

    fn word(mut self, word: impl AsRef<[u8]>) -> Self {
        let written = encode_word(word, &mut self.words);
        self.error = self.error.or(written.err());
        self
    }
}

/// The path only: values can be secrets.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Command").field(&self.path).finish()
    }
}
