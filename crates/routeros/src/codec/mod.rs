//! The wire format, without a socket: bytes in, borrowed [`Sentence`]s out, and back.
//!
//! A *word* is a length and that many bytes; a *sentence* is words up to an empty one. Both sides of
//! a connection speak it, so a client and a simulated router share this module.
//!
//! ```
//! use routeros::codec::{Decoder, Kind, Limits, SentenceWriter};
//!
//! let mut wire = Vec::new();
//! SentenceWriter::new(&mut wire).word("!re")?.attr("name", "ether1")?.tag("7")?.end();
//!
//! let mut decoder = Decoder::new(Limits::default());
//! decoder.feed(&wire);
//! while let Some(sentence) = decoder.next()? {
//!     assert_eq!(sentence.kind(), Some(Kind::Row));
//!     assert_eq!(sentence.tag(), Some(&b"7"[..]));
//!     assert_eq!(sentence.attr("name"), Some(&b"ether1"[..]));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod decoder;
mod encode;
mod error;
mod length;
mod limits;
mod sentence;

pub use decoder::Decoder;
pub use encode::{SentenceWriter, encode_sentence, encode_word};
pub use error::{DecodeError, EncodeError};
pub use length::{decode_length, encode_length};
pub use limits::Limits;
pub(crate) use sentence::split_attr;
pub use sentence::{Attrs, Kind, Sentence, Words};
