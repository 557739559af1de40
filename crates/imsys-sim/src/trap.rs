//! Why a router refuses a command: the texts that RouterOS is known to use.

use std::fmt;

/// A refusal; over the API it becomes `!trap`, in the terminal a red line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Trap {
    /// `=category=`, where real routers send one.
    pub category: Option<u8>,
    /// `=message=`.
    pub message: String,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Trap {
    /// A trap without a category.
    pub fn plain(message: impl Into<String>) -> Self {
        Self { category: None, message: message.into() }
    }

    fn of(category: u8, message: impl Into<String>) -> Self {
        Self { category: Some(category), message: message.into() }
    }

    pub(crate) fn no_such_item() -> Self {
        Self::of(0, "no such item")
    }

    /// The last word of the path is no command of its menu.
    pub(crate) fn no_such_command() -> Self {
        Self::of(0, "no such command")
    }

    /// The menu itself does not exist.
    pub(crate) fn no_such_menu(directory: &str) -> Self {
        Self::of(0, format!("no such command or directory ({directory}), no such command prefix"))
    }

    pub(crate) fn missing_id() -> Self {
        Self::plain("missing or invalid resource identifier")
    }

    pub(crate) fn unknown_parameter(name: &str) -> Self {
        Self::plain(format!("unknown parameter {name}"))
    }

    pub(crate) fn no_match(name: &str) -> Self {
        Self::of(1, format!("input does not match any value of {name}"))
    }

    pub(crate) fn invalid_value(name: &str) -> Self {
        Self::of(1, format!("invalid value for argument {name}"))
    }

    pub(crate) fn missing_value(name: &str) -> Self {
        Self::of(1, format!("missing value(s) of argument(s) {name}"))
    }

    pub(crate) fn not_permitted() -> Self {
        Self::plain("not enough permissions (9)")
    }

    pub(crate) fn interrupted() -> Self {
        Self::of(2, "interrupted")
    }
}
