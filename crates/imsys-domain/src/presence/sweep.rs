//! A print of a router's whole `/ppp/active`: what it says of each user, and when it is not accepted at once.

use super::{Observation, Row};
use crate::Timestamp;
use std::collections::{HashMap, HashSet};

/// A print of a router's whole `/ppp/active`, and how far it is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// When the command was sent.
    pub began: Timestamp,
    /// When the router started.
    pub booted: Option<Timestamp>,
    /// Sessions seen later than this stand even without a row ([`Observation::Table`]).
    pub denies: Timestamp,
    /// Sessions whose row a listen showed since then stand as well.
    pub spares: Option<Timestamp>,
    /// The rows by PPP name.
    pub rows: HashMap<String, Vec<Row>>,
    /// Names about which this print is not accepted: they stay as they are.
    pub spared: HashSet<String>,
    /// Whether a user in none of the rows has no session; else nothing is known of that user.
    pub complete: bool,
}

impl Sweep {
    /// A print that is accepted whole.
    pub fn whole(began: Timestamp, booted: Option<Timestamp>, rows: HashMap<String, Vec<Row>>) -> Self {
        Self { began, booted, denies: began, spares: None, rows, spared: HashSet::new(), complete: true }
    }

    /// What the print says of a user; `None` if nothing.
    pub fn of(&self, user: &str) -> Option<Observation> {
        let rows = self.rows.get(user);
        let speaks = (self.complete || rows.is_some()) && !self.spared.contains(user);
        speaks.then(|| Observation::Table {
            began: self.began,
            rows: rows.cloned().unwrap_or_default(),
            booted: self.booted,
            denies: self.denies,
            spares: self.spares,
        })
    }
}

/// Fewer customers than this prove nothing about the table.
const ENOUGH: usize = 5;
/// Milliseconds after its boot in which a router may leave rows out.
const YOUNG: i64 = 120_000;

/// Why a sweep must be read again before it is accepted (routeros.md, "Times").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepSuspicion {
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
pub fn suspicion(online: usize, gone: usize, rows: usize, uptime: Option<i64>) -> Option<SweepSuspicion> {
    if rows == 0 && online >= ENOUGH {
        Some(SweepSuspicion::Empty)
    } else if gone >= ENOUGH && gone.saturating_mul(3) > online {
        Some(SweepSuspicion::MassFlip)
    } else if gone > 0 && is_young(uptime) {
        Some(SweepSuspicion::Young)
    } else {
        None
    }
}

/// Whether a router that has been up for so many milliseconds may leave rows out.
pub(super) fn is_young(uptime: Option<i64>) -> bool {
    uptime.is_some_and(|uptime| uptime < YOUNG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_decimated_table_is_read_again_and_small_towns_are_believed() {
        let suspicion = |online, gone, rows| suspicion(online, gone, rows, Some(YOUNG));
        assert_eq!(suspicion(5, 5, 0), Some(SweepSuspicion::Empty));
        assert_eq!(suspicion(600, 599, 1), Some(SweepSuspicion::MassFlip));
        assert_eq!(suspicion(600, 200, 400), None);
        assert_eq!(suspicion(600, 201, 399), Some(SweepSuspicion::MassFlip));
        assert_eq!(suspicion(4, 4, 0), None);
    }

    #[test]
    fn a_young_router_is_not_believed_at_once_that_anybody_has_gone() {
        assert_eq!(suspicion(5, 1, 4, Some(YOUNG - 1)), Some(SweepSuspicion::Young));
        assert_eq!(suspicion(5, 0, 9, Some(0)), None);
        assert_eq!(suspicion(5, 1, 4, None), None);
    }
}
