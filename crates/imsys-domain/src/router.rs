//! Routers: what is known of one, and in which state the way to it is.

use serde::{Deserialize, Serialize};

/// Whether the broker holds a working connection to a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RouterState {
    /// Added, not connected yet.
    New,
    /// Logged in, and its table has been read.
    Up,
    /// Cannot be reached, or refuses us; its customers are unknown.
    Down,
}

impl RouterState {
    /// The name in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::New, Self::Up, Self::Down].into_iter().find(|s| s.name() == name)
    }
}
