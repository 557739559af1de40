//! When a print of the whole table is not believed at once.

/// Fewer customers than this prove nothing about the table.
const ENOUGH: usize = 5;
/// Milliseconds after its boot in which a router may leave rows out.
const YOUNG: i64 = 120_000;

/// Why a sweep must be read again before it is believed (routeros.md, "Times").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepDoubt {
    /// The table is empty, and customers were online a moment ago.
    Empty,
    /// More than a third of those who were online would go offline at once.
    MassFlip,
    /// The router has booted a moment ago, and somebody would go offline.
    Young,
}

/// Whether a print that would take `gone` of `online` customers offline, with `rows` rows in all, is
/// suspicious; `uptime` is the router's, in milliseconds, where it is known. Some firmware returns one of N
/// rows shortly after boot.
pub fn doubt(online: usize, gone: usize, rows: usize, uptime: Option<i64>) -> Option<SweepDoubt> {
    if rows == 0 && online >= ENOUGH {
        Some(SweepDoubt::Empty)
    } else if gone >= ENOUGH && gone.saturating_mul(3) > online {
        Some(SweepDoubt::MassFlip)
    } else if gone > 0 && uptime.is_some_and(|uptime| uptime < YOUNG) {
        Some(SweepDoubt::Young)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_decimated_table_is_read_again_and_small_towns_are_believed() {
        let doubt = |online, gone, rows| doubt(online, gone, rows, Some(YOUNG));
        assert_eq!(doubt(5, 5, 0), Some(SweepDoubt::Empty));
        assert_eq!(doubt(600, 599, 1), Some(SweepDoubt::MassFlip));
        assert_eq!(doubt(600, 200, 400), None);
        assert_eq!(doubt(600, 201, 399), Some(SweepDoubt::MassFlip));
        assert_eq!(doubt(4, 4, 0), None);
    }

    #[test]
    fn a_young_router_is_not_believed_at_once_that_anybody_has_gone() {
        assert_eq!(doubt(5, 1, 4, Some(YOUNG - 1)), Some(SweepDoubt::Young));
        assert_eq!(doubt(5, 0, 9, Some(0)), None);
        assert_eq!(doubt(5, 1, 4, None), None);
    }
}
