//! What the text of an attribute means: durations, dates, switches, addresses, old charsets.
//!
//! Everything on the wire is bytes. [`parse`] reads them as a type that implements [`Value`], and
//! the `format_*` functions write what RouterOS accepts.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod address;
mod amount;
mod charset;
mod cursor;
mod date_time;
mod duration;
mod id;
mod mac;
mod text;

use std::fmt;

use thiserror::Error;

pub use address::Cidr;
pub use amount::UpDown;
pub use charset::{decode_text, encode_windows_1252};
pub use date_time::DateTime;
pub use duration::format_duration;
pub use id::Id;
pub use mac::Mac;
pub use text::{Text, strip_padding};

/// A type that an attribute's value can be read as.
pub trait Value: Sized {
    /// What was expected, for messages: `a duration`.
    const EXPECTED: &'static str;

    /// Reads the bytes after `=key=`; `None` when they mean nothing of this type.
    fn read(value: &[u8]) -> Option<Self>;

    /// Reads into a value that is there already; returns whether it could, and leaves `slot` alone
    /// otherwise. Worth writing out only for types that are costly to move.
    #[inline]
    fn read_into(slot: &mut Self, value: &[u8]) -> bool {
        let read = Self::read(value);
        read.map(|read| *slot = read).is_some()
    }

    /// Something to read into, for types that [`read_into`](Self::read_into) is written out for.
    #[inline]
    fn blank() -> Option<Self> {
        None
    }

    /// Whether the value says that there is none, so that an `Option` becomes `None`.
    #[inline]
    fn is_absent(value: &[u8]) -> bool {
        value.is_empty()
    }
}

/// Reads `value` as a `T`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(routeros::value::parse(b"1d02:15:30"), Ok(Duration::from_secs(94_530)));
/// assert_eq!(routeros::value::parse::<Option<Duration>>(b"never"), Ok(None));
/// ```
///
/// # Errors
/// Names what was expected and what stood there.
pub fn parse<T: Value>(value: &[u8]) -> Result<T, ValueError> {
    T::read(value).ok_or_else(|| ValueError::new(T::EXPECTED, value))
}

/// A value that is not what its field promises.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, found {found:?}")]
pub struct ValueError {
    /// What was expected: `a duration`.
    pub expected: &'static str,
    /// What stood there, at most 64 bytes of it.
    pub found: Text,
}

impl ValueError {
    /// Keeps the first 64 bytes of `found`.
    #[must_use]
    pub fn new(expected: &'static str, found: &[u8]) -> Self {
        let found = decode_text(found.get(..64).unwrap_or(found));
        Self { expected, found: Text::from(&*found) }
    }
}

/// `yes` or `no`, which every `set` accepts.
#[must_use]
pub fn format_bool(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

impl Value for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(value: &[u8]) -> Option<Self> {
        match value {
            b"true" | b"yes" => Some(true),
            b"false" | b"no" => Some(false),
            _ => None,
        }
    }
}

/// An absent value is `None`: empty, and `never` for times.
impl<T: Value> Value for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read(value: &[u8]) -> Option<Self> {
        if T::is_absent(value) {
            return Some(None);
        }
        T::read(value).map(Some)
    }

    #[inline(always)]
    fn read_into(slot: &mut Self, value: &[u8]) -> bool {
        if T::is_absent(value) {
            *slot = None;
            return true;
        }
        if slot.is_none() {
            *slot = T::blank();
        }
        if let (true, Some(inner)) = (T::blank().is_some(), slot.as_mut()) {
            return T::read_into(inner, value);
        }
        let read = T::read(value);
        read.map(|read| *slot = Some(read)).is_some()
    }
}

macro_rules! whole_numbers {
    ($($type:ty),*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = "a whole number";

            fn read(value: &[u8]) -> Option<Self> {
                cursor::digits(value)?.try_into().ok()
            }
        }
    )*};
}
whole_numbers!(u8, u16, u32, u64);

/// Declares an enum of the words that RouterOS uses for a field, with room for words of later
/// versions: `word_enum! { /// … pub enum State { /// … Bound = "bound", } }`.
macro_rules! word_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$word_meta:meta])* $word:ident = $wire:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$word_meta])* $word,)*
            /// A word that this crate does not know.
            Other($crate::value::Text),
        }

        impl $crate::value::Value for $name {
            const EXPECTED: &'static str = "a word";

            fn read(value: &[u8]) -> Option<Self> {
                $(if value == $wire.as_bytes() { return Some(Self::$word); })*
                Some(Self::Other($crate::value::Value::read(value)?))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$word => $wire,)* Self::Other(word) => word })
            }
        }
    };
}
pub(crate) use word_enum;

/// Writes bytes as upper-case hexadecimal with `between` after every byte but the last.
pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8], between: &str) -> fmt::Result {
    for (position, byte) in bytes.iter().enumerate() {
        let mark = if position == 0 { "" } else { between };
        write!(f, "{mark}{byte:02X}")?;
    }
    Ok(())
}
