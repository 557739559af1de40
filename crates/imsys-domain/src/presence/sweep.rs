//! When a print of the whole table is not believed at once.

/// Fewer customers than this prove nothing about the table.
const ENOUGH: usize = 5;

/// Why a sweep must be read again before it is believed (routeros.md, "Times").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepDoubt {
    /// The table is empty, and customers were online a moment ago.
    Empty,
    /// More than a third of those who were online would go offline at once.
    MassFlip,
}

/// Whether a print that would take `gone` of `online` customers offline, with `rows` rows in all, is
/// suspicious. Some firmware returns one of N rows shortly after boot.
pub const fn doubt(online: usize, gone: usize, rows: usize) -> Option<SweepDoubt> {
    if rows == 0 && online >= ENOUGH {
        Some(SweepDoubt::Empty)
    } else if gone >= ENOUGH && gone.saturating_mul(3) > online {
        Some(SweepDoubt::MassFlip)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_decimated_table_is_read_again_and_small_towns_are_believed() {
        assert_eq!(doubt(5, 5, 0), Some(SweepDoubt::Empty));
        assert_eq!(doubt(600, 599, 1), Some(SweepDoubt::MassFlip));
        assert_eq!(doubt(600, 200, 400), None);
        assert_eq!(doubt(600, 201, 399), Some(SweepDoubt::MassFlip));
        assert_eq!(doubt(4, 4, 0), None);
    }
}
