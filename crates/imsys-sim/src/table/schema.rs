//! What a menu is: its columns, what may be done with its rows, and from which version on.

use crate::version::Version;

/// A menu such as `/ppp/secret`.
#[derive(Debug)]
pub(crate) struct Menu {
    /// The path without its first slash: `ppp/secret`.
    pub(crate) path: &'static str,
    pub(crate) columns: &'static [Column],
    /// [`ADD`] and so on.
    pub(crate) verbs: u8,
    /// Columns that together must differ from every other row, and the trap when they do not.
    pub(crate) unique: (&'static [&'static str], &'static str),
    pub(crate) since: Version,
}

/// Rows may be added.
pub(crate) const ADD: u8 = 1;
/// Rows may be changed.
pub(crate) const SET: u8 = 2;
/// Rows may be removed.
pub(crate) const REMOVE: u8 = 4;
/// `listen` exists.
pub(crate) const LISTEN: u8 = 8;
/// The order of rows means something: `move`, `place-before`.
pub(crate) const ORDERED: u8 = 16;
/// There is exactly one row, without an `.id`.
pub(crate) const SINGLE: u8 = 32;
/// Writing needs the policy `policy`, not `write`.
pub(crate) const GUARDED: u8 = 64;
/// What most lists of a configuration allow.
pub(crate) const LIST: u8 = ADD | SET | REMOVE | LISTEN;

impl Menu {
    pub(crate) fn allows(&self, verb: u8) -> bool {
        self.verbs & verb != 0
    }

    /// The column `name` as this version has it, with its place.
    pub(crate) fn column(&self, name: &str, version: Version) -> Option<(usize, &'static Column)> {
        self.columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.exists(version) && column.name.eq_ignore_ascii_case(name))
    }

    /// The place of a column that must exist; for columns that the simulator itself writes.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Rows can be named by the value of their column `name`.
    pub(crate) fn is_named(&self) -> bool {
        self.unique.0 == ["name"]
    }
}

/// A property of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What is printed when nothing was set; `None` prints nothing.
    pub(crate) default: Option<&'static str>,
    pub(crate) access: Access,
    pub(crate) required: bool,
    pub(crate) since: Version,
    /// The first version without it.
    pub(crate) until: Version,
}

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// `true`/`false` when read; `yes`/`no` accepted.
    Flag,
    Number,
    /// An IPv4 or IPv6 address, a prefix, or a range.
    Address,
    Choice(&'static [&'static str]),
    /// The name of a row of another menu.
    Of(&'static str),
    Policy,
}

/// Who may do what with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
    /// Written by anyone with `write`, shown only with `sensitive`.
    Secret,
}

impl Column {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Text,
            default: None,
            access: Access::Write,
            required: false,
            since: Version::new(0, 0),
            until: Version::new(99, 0),
        }
    }

    /// A text with a default.
    pub(crate) const fn with(name: &'static str, default: &'static str) -> Self {
        Self { default: Some(default), ..Self::new(name) }
    }

    /// A `true`/`false` that is false at first.
    pub(crate) const fn flag(name: &'static str) -> Self {
        Self { kind: Kind::Flag, ..Self::with(name, "false") }
    }

    pub(crate) const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(crate) const fn read(self) -> Self {
        Self { access: Access::Read, ..self }
    }

    pub(crate) const fn secret(self) -> Self {
        Self { access: Access::Secret, ..self }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn since(self, major: u16, minor: u16) -> Self {
        Self { since: Version::new(major, minor), ..self }
    }

    pub(crate) const fn until(self, major: u16, minor: u16) -> Self {
        Self { until: Version::new(major, minor), ..self }
    }

    pub(crate) fn exists(&self, version: Version) -> bool {
        self.since <= version && version < self.until
    }
}
