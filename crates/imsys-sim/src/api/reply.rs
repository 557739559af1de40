//! Sentences that a router sends.

use bytes::{Bytes, BytesMut};
use routeros::codec::{EncodeError, SentenceWriter};

use crate::router::config::TagPlace;
use crate::trap::Trap;

/// Writes the sentences of one command's reply, each with the command's tag.
#[derive(Debug, Clone)]
pub(crate) struct Replies {
    tag: Option<Bytes>,
    place: TagPlace,
}

impl Replies {
    pub(crate) fn new(tag: Option<Bytes>, place: TagPlace) -> Self {
        Self { tag, place }
    }

    /// `!re` with attributes.
    pub(crate) fn row<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        out: &mut BytesMut,
        attributes: impl IntoIterator<Item = (K, V)>,
    ) {
        self.sentence(out, "!re", attributes);
    }

    pub(crate) fn done(&self, out: &mut BytesMut) {
        self.bare(out, "!done");
    }

    /// `!done =ret=…`.
    pub(crate) fn done_with(&self, out: &mut BytesMut, ret: impl AsRef<[u8]>) {
        self.sentence(out, "!done", [("ret", ret)]);
    }

    pub(crate) fn empty(&self, out: &mut BytesMut) {
        self.bare(out, "!empty");
    }

    /// The trap alone; `!done` follows in every real conversation.
    pub(crate) fn trap(&self, out: &mut BytesMut, trap: &Trap) {
        let category = trap.category.map(|number| ("category", number.to_string()));
        self.sentence(out, "!trap", category.into_iter().chain([("message", trap.message.clone())]));
    }

    fn bare(&self, out: &mut BytesMut, word: &str) {
        self.sentence(out, word, [("", ""); 0]);
    }

    fn sentence<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        out: &mut BytesMut,
        word: &str,
        attributes: impl IntoIterator<Item = (K, V)>,
    ) {
        self.write(out, word, attributes).expect("reply words are not empty and values stay far below 4 GiB");
    }

    fn write<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        out: &mut BytesMut,
        word: &str,
        attributes: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), EncodeError> {
        let mut writer = SentenceWriter::new(out).word(word)?;
        if let (Some(tag), TagPlace::First) = (&self.tag, self.place) {
            writer = writer.tag(tag)?;
        }
        for (key, value) in attributes {
            writer = writer.attr(key, value)?;
        }
        if let (Some(tag), TagPlace::Last) = (&self.tag, self.place) {
            writer = writer.tag(tag)?;
        }
        writer.end();
        Ok(())
    }
}

/// `!fatal` with its reason as a bare word, or as `=message=`; never tagged.
pub(crate) fn fatal(reason: &str, as_attribute: bool) -> Bytes {
    let mut out = BytesMut::new();
    let reason = if as_attribute { format!("=message={reason}") } else { reason.to_owned() };
    routeros::codec::encode_sentence(["!fatal", &*reason], &mut out)
        .expect("reasons are neither empty nor near 4 GiB");
    out.freeze()
}
