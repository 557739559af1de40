//! Values of scripts.

use std::cmp::Ordering;

use crate::table::spell_id;

/// A value while a script runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Value {
    /// A variable that was never set.
    #[default]
    Nothing,
    /// What `:find` gives when it finds nothing.
    Nil,
    Bool(bool),
    Number(i64),
    Text(Vec<u8>),
    /// A row, as `find` gives it.
    Id(u32),
    List(Vec<Self>),
}

impl Value {
    pub(crate) fn text(bytes: impl AsRef<[u8]>) -> Self {
        Self::Text(bytes.as_ref().to_vec())
    }

    /// As it is put into a text.
    pub(super) fn spell(&self) -> Vec<u8> {
        match self {
            Self::Nothing | Self::Nil => Vec::new(),
            Self::Bool(truth) => truth.to_string().into_bytes(),
            Self::Number(number) => number.to_string().into_bytes(),
            Self::Text(bytes) => bytes.clone(),
            Self::Id(id) => spell_id(*id).into_bytes(),
            Self::List(items) => items.iter().map(Self::spell).collect::<Vec<_>>().join(&b';'),
        }
    }

    /// What `:typeof` says.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Number(_) => "num",
            Self::Text(_) => "str",
            Self::Id(_) => "id",
            Self::List(_) => "array",
        }
    }

    /// What `:len` says: bytes of a text, items of a list.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            other => other.spell().len(),
        }
    }

    /// Truth, where it is one.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            Self::Nothing | Self::Nil => Some(false),
            other => match other.spell().as_slice() {
                b"true" | b"yes" => Some(true),
                b"false" | b"no" => Some(false),
                _ => None,
            },
        }
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
            _ => None,
        }
    }

    /// Numbers by size, everything else by its spelling; `yes` is `true`.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if let (Some(one), Some(two)) = (self.number(), other.number()) {
            return one.cmp(&two);
        }
        if matches!(self, Self::Bool(_)) || matches!(other, Self::Bool(_)) {
            return self.truth().cmp(&other.truth());
        }
        self.spell().cmp(&other.spell())
    }

    /// The items of a list; anything else is a list of itself, and nothing an empty one.
    pub(super) fn items(self) -> Vec<Self> {
        match self {
            Self::List(items) => items,
            Self::Nothing | Self::Nil => Vec::new(),
            other => vec![other],
        }
    }
}
