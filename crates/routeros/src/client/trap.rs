use std::{fmt, ops::Deref};

use crate::{
    codec::Sentence,
    value::{Text, Value, parse},
};

/// Traps of one reply that are kept; a hostile router can send any number.
const KEPT: usize = 8;
/// Bytes of a message that are kept.
const MESSAGE: usize = 1024;

/// One `!trap`: why a command failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// 0 missing item or command, 1 bad value, 2 interrupted, 3 script, 4 general, 5 API, 6 TTY,
    /// 7 value of `:return`. Many traps have none.
    pub category: Option<u8>,
    /// The router's words.
    pub message: Text,
}

/// What a [`Trap`] means to a program. RouterOS has no codes, so this reads the recorded texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrapKind {
    /// The `.id` or name is gone.
    NoSuchItem,
    /// The menu or command does not exist on this version or device.
    NoSuchCommand,
    /// It exists already.
    AlreadyExists,
    /// The user's group lacks a policy.
    NotPermitted,
    /// Wrong user name or password.
    BadLogin,
    /// RADIUS did not answer during a login: wait, the password may be right.
    LoginUnavailable,
    /// An attribute has a bad name or value.
    BadValue,
    /// Cancelled.
    Interrupted,
    /// Anything else.
    Other,
}

impl Trap {
    pub(super) fn from_sentence(sentence: Sentence<'_>) -> Self {
        let message = sentence.attr("message").unwrap_or_default();
        Self {
            category: sentence.attr("category").and_then(|value| parse(value).ok()),
            message: Text::read(message.get(..MESSAGE).unwrap_or(message)).unwrap_or_default(),
        }
    }

    /// What it means, judged by its message and, where that says nothing, by its category.
    #[must_use]
    pub fn kind(&self) -> TrapKind {
        let message = self.message.as_str();
        let known = KINDS.iter().find(|(part, _)| message.contains(part)).map(|(_, kind)| *kind);
        known.unwrap_or(match self.category {
            Some(0) => TrapKind::NoSuchItem,
            Some(1) => TrapKind::BadValue,
            Some(2) => TrapKind::Interrupted,
            _ => TrapKind::Other,
        })
    }
}

/// Parts of recorded messages; the first that is found decides.
const KINDS: [(&str, TrapKind); 14] = [
    ("no such command", TrapKind::NoSuchCommand),
    ("no such item", TrapKind::NoSuchItem),
    ("missing or invalid resource identifier", TrapKind::NoSuchItem),
    ("already have", TrapKind::AlreadyExists),
    ("already exists", TrapKind::AlreadyExists),
    ("not enough permissions", TrapKind::NotPermitted),
    ("not allowed", TrapKind::NotPermitted),
    ("invalid user name or password", TrapKind::BadLogin),
    ("cannot log in", TrapKind::BadLogin),
    ("could not authenticate", TrapKind::LoginUnavailable),
    ("unknown parameter", TrapKind::BadValue),
    ("input does not match", TrapKind::BadValue),
    ("invalid value", TrapKind::BadValue),
    ("interrupted", TrapKind::Interrupted),
];

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.as_str(), self.category) {
            ("", Some(category)) => write!(f, "trap of category {category}"),
            ("", None) => f.write_str("trap without a message"),
            (message, _) => f.write_str(message),
        }
    }
}

/// The traps of one reply, at least one; dereferences to the first. Repeated ones are kept once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traps {
    first: Trap,
    others: Vec<Trap>,
}

impl Traps {
    /// Adds `trap` to what a reply has so far.
    pub(super) fn add(traps: &mut Option<Self>, trap: Trap) {
        match traps {
            None => *traps = Some(Self { first: trap, others: Vec::new() }),
            Some(known) if known.others.len() + 1 < KEPT && known.iter().all(|other| *other != trap) => {
                known.others.push(trap);
            }
            Some(_) => {}
        }
    }

    /// Every different trap, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Trap> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Deref for Traps {
    type Target = Trap;

    fn deref(&self) -> &Trap {
        &self.first
    }
}

impl fmt::Display for Traps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.others.iter().try_for_each(|trap| write!(f, "; {trap}"))
    }
}
