//! Object identifiers.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

/// An object identifier, ordered as an agent orders its objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Box<[u32]>);

/// Why a text is no object identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no object identifier: numbers with dots between them, such as 1.3.6.1.2.1.1.3.0")]
pub struct OidError(String);

impl Oid {
    /// More arcs than this are no object identifier (RFC 2578, 3.5).
    pub const MOST_ARCS: usize = 128;

    /// Its numbers.
    pub fn arcs(&self) -> &[u32] {
        &self.0
    }

    /// What follows `prefix`; `None` when this is not below `prefix` (or is `prefix` itself).
    pub fn below(&self, prefix: &Self) -> Option<&[u32]> {
        self.0.strip_prefix(prefix.arcs()).filter(|rest| !rest.is_empty())
    }

    /// True for `prefix` itself and all below it.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(prefix.arcs())
    }

    /// The identifier of an instance: this with `index` behind it.
    #[must_use]
    pub fn join(&self, index: &[u32]) -> Self {
        Self([self.arcs(), index].concat().into())
    }
}

impl From<&[u32]> for Oid {
    fn from(arcs: &[u32]) -> Self {
        Self(arcs.into())
    }
}

impl Borrow<[u32]> for Oid {
    fn borrow(&self) -> &[u32] {
        &self.0
    }
}

impl FromStr for Oid {
    type Err = OidError;

    fn from_str(text: &str) -> Result<Self, OidError> {
        let arcs: Option<Box<[u32]>> =
            text.strip_prefix('.').unwrap_or(text).split('.').map(|arc| arc.parse().ok()).collect();
        arcs.filter(|arcs| (2..=Self::MOST_ARCS).contains(&arcs.len()))
            .map(Self)
            .ok_or_else(|| OidError(text.to_owned()))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dotted(&self.0))
    }
}

/// Numbers with dots between them, as an index is written.
pub(in crate::builtin) fn dotted(arcs: &[u32]) -> String {
    let arcs: Vec<String> = arcs.iter().map(u32::to_string).collect();
    arcs.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_ordered_by_number_and_not_by_digit() {
        let (two, ten): (Oid, Oid) = ("1.3.2".parse().unwrap(), "1.3.10".parse().unwrap());
        assert!(two < ten);
        assert!(two < two.join(&[0]));
        assert_eq!(ten.to_string(), "1.3.10");
    }

    #[test]
    fn what_is_below_a_prefix_is_its_index() {
        let column: Oid = ".1.3.6".parse().unwrap();
        assert_eq!(column.join(&[7, 1]).below(&column), Some(&[7, 1][..]));
        assert_eq!(column.below(&column), None);
        assert_eq!("1.3.61".parse::<Oid>().unwrap().below(&column), None);
    }

    #[test]
    fn a_text_that_is_none_says_so() {
        for text in ["", "1", "1..3", "1.3.x", "1.3.4294967296", "1.3.-1"] {
            assert!(text.parse::<Oid>().is_err(), "{text}");
        }
    }
}
