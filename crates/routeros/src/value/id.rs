use std::fmt;

use super::{Text, Value};

/// An item's `.id`, such as `*1F`. It names a row until the router restarts, not for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Text);

impl Id {
    /// The text as the router wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<[u8]> for Id {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Value for Id {
    const EXPECTED: &'static str = "an item's id";

    #[inline]
    fn read(value: &[u8]) -> Option<Self> {
        Text::read(value).map(Self)
    }

    #[inline]
    fn blank() -> Option<Self> {
        Some(Self(Text::default()))
    }

    #[inline]
    fn read_into(slot: &mut Self, value: &[u8]) -> bool {
        Text::read_into(&mut slot.0, value)
    }
}
