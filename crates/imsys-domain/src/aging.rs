//! Deleting what is old waits while the clock is not trusted.
//!
//! A clock that is years ahead for five seconds must not cost years of history. So what is deleted by age
//! waits after a jump, until a person confirms the clock or it has run evenly for an hour. Expiry is no
//! matter of this: it is judged at every use, whatever was deleted.

use crate::Timestamp;

/// The clock is set by less than this without being doubted, in milliseconds.
const JUMP_MS: i64 = 60_000;
/// A server that wrote nothing for longer may have a wrong clock, in milliseconds.
const SILENT_MS: i64 = 24 * 3_600_000;
/// After so many milliseconds without another jump the clock is trusted again.
const QUIET_MS: i64 = 3_600_000;

/// Two clocks, read at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the time is.
    pub wall: Timestamp,
    /// Milliseconds of a clock that nobody sets and that goes on while the machine sleeps.
    pub steady: i64,
}

/// Why deletion waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The clock was set by so many milliseconds; negative: back.
    Jumped(i64),
    /// When the server started, the newest that it had stored was so many milliseconds old; negative: it lay
    /// in the future.
    Silent(i64),
}

/// What is thought of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    reference: Reading,
    /// Why, and since when by the steady clock.
    doubt: Option<(Doubt, i64)>,
}

impl Trust {
    /// At the start of a server whose `newest` stored fact is of then.
    pub fn begin(now: Reading, newest: Option<Timestamp>) -> Self {
        let silent = newest.map(|newest| now.wall.since(newest));
        let far = silent.filter(|silent| *silent > SILENT_MS || *silent < -JUMP_MS);
        Self { reference: now, doubt: far.map(|silent| (Doubt::Silent(silent), now.steady)) }
    }

    /// What is thought after another look at the clocks.
    #[must_use]
    pub fn look(self, now: Reading) -> Self {
        let passed = now.steady.saturating_sub(self.reference.steady);
        let jump = now.wall.since(self.reference.wall).saturating_sub(passed);
        if jump.saturating_abs() > JUMP_MS {
            return Self { reference: now, doubt: Some((Doubt::Jumped(jump), now.steady)) };
        }
        // Small corrections do not add up to a jump.
        let reference = if passed >= QUIET_MS { now } else { self.reference };
        let doubt = self.doubt.filter(|(_, since)| now.steady.saturating_sub(*since) < QUIET_MS);
        Self { reference, doubt }
    }

    /// A person says that the clock is right.
    #[must_use]
    pub const fn confirmed(self, now: Reading) -> Self {
        Self { reference: now, doubt: None }
    }

    /// Why deletion waits; `None`: it does not.
    pub fn doubt(self) -> Option<Doubt> {
        self.doubt.map(|(doubt, _)| doubt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const YEARS: i64 = 5 * 365 * 24 * HOUR;

    /// `steady` milliseconds after the start, with a clock that is `ahead` by so many.
    const fn at(steady: i64, ahead: i64) -> Reading {
        Reading { wall: Timestamp(1_750_000_000_000 + steady + ahead), steady }
    }

    fn running() -> Trust {
        Trust::begin(at(0, 0), Some(at(-1000, 0).wall))
    }

    #[test]
    fn five_years_for_five_seconds_stop_deletion_until_a_quiet_hour_after_the_way_back() {
        let ahead = running().look(at(1_000, YEARS));
        assert_eq!(ahead.doubt(), Some(Doubt::Jumped(YEARS)));
        let back = ahead.look(at(6_000, 0));
        assert_eq!(back.doubt(), Some(Doubt::Jumped(-YEARS)));
        let later = back.look(at(5_999 + HOUR, 0));
        assert!(later.doubt().is_some());
        assert_eq!(later.look(at(6_000 + HOUR, 0)).doubt(), None);
    }

    #[test]
    fn a_person_who_confirms_the_clock_ends_the_waiting_at_once() {
        let ahead = running().look(at(1_000, YEARS));
        let confirmed = ahead.confirmed(at(2_000, YEARS));
        assert_eq!(confirmed.doubt(), None);
        assert_eq!(confirmed.look(at(3_000, YEARS)).doubt(), None);
    }

    #[test]
    fn a_machine_that_slept_and_a_clock_that_is_corrected_bit_by_bit_do_not_jump() {
        let mut trust = running();
        assert_eq!(trust.look(at(72 * HOUR, 0)).doubt(), None, "the steady clock goes on in sleep");
        for hour in 1..100 {
            trust = trust.look(at(hour * HOUR, hour * 2_000));
            assert_eq!(trust.doubt(), None);
        }
        assert_eq!(trust.look(at(100 * HOUR, 99 * 2_000 + JUMP_MS)).doubt(), None);
        let jumped = trust.look(at(100 * HOUR, 99 * 2_000 + JUMP_MS + 1)).doubt();
        assert_eq!(jumped, Some(Doubt::Jumped(JUMP_MS + 1)));
    }

    #[test]
    fn a_server_that_starts_far_from_what_it_wrote_last_waits_for_an_hour() {
        let begin = |newest: i64| Trust::begin(at(0, 0), Some(at(newest, 0).wall));
        assert_eq!(begin(-SILENT_MS).doubt(), None);
        assert_eq!(begin(-YEARS).doubt(), Some(Doubt::Silent(YEARS)));
        assert_eq!(begin(HOUR).doubt(), Some(Doubt::Silent(-HOUR)));
        assert_eq!(begin(-YEARS).look(at(HOUR, 0)).doubt(), None);
        assert_eq!(Trust::begin(at(0, 0), None).doubt(), None, "a fresh installation has nothing to lose");
    }
}
