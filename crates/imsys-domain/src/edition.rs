//! Who may change a thing: only one that is not archived is changed, and only by who read it last.

use crate::Timestamp;
use crate::hindrance::Hindrance;

/// Why a thing is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unchanged {
    /// It is archived: it can be restored, and nothing else.
    Archived,
    /// Somebody else changed it since it was read.
    Stale,
}

/// Checks that a thing is not archived.
pub const fn living(archived: Option<Timestamp>) -> Result<(), Unchanged> {
    if archived.is_some() { Err(Unchanged::Archived) } else { Ok(()) }
}

/// Since when a thing is archived, which is to be restored.
pub fn archived(archived: Option<Timestamp>) -> Result<Timestamp, Hindrance> {
    archived.ok_or(Hindrance::NotArchived)
}

/// The edition after a change of one that has the edition `stored`; `expected` is the one that was read, where the
/// person says so.
pub fn next(stored: i64, expected: Option<i64>) -> Result<i64, Unchanged> {
    if expected.is_none_or(|expected| expected == stored) { Ok(stored + 1) } else { Err(Unchanged::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_read_the_last_edition_may_change_it() {
        assert_eq!(next(3, Some(3)), Ok(4));
        assert_eq!(next(3, None), Ok(4));
        assert_eq!(next(3, Some(2)), Err(Unchanged::Stale));
    }

    #[test]
    fn what_is_archived_is_restored_and_not_changed() {
        assert_eq!(living(Some(Timestamp(1))), Err(Unchanged::Archived));
        assert_eq!(archived(Some(Timestamp(1))), Ok(Timestamp(1)));
        assert_eq!((living(None), archived(None)), (Ok(()), Err(Hindrance::NotArchived)));
    }
}
