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

/// Whether a `/ppp/active/listen` of a router is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listening {
    /// None is: there is no connection, or the router refuses it.
    Off,
    /// One is, and is relied on for what it tells.
    On,
    /// One is, after one that told nothing while active sessions changed; it has told nothing yet either.
    Deaf,
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

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// The main job cannot be done.
    Error,
    /// Something is missing, the main job goes on.
    Warning,
}
