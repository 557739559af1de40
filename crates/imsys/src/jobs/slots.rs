//! When the clock asks for each kind of job at each router.

use super::{CHECK_STATIC_USERS, SWEEP_PPP};
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, Timestamp};
use std::time::Duration;

/// Routers that may be asked at the same moment, when many are out of step at once.
pub(crate) const AT_ONCE: usize = 100;

/// The seconds between two rounds, from a tenant's settings.
pub(crate) type Interval = fn(&Settings) -> u32;

/// What every router is asked, and how often.
pub(crate) const ROUNDS: [(&str, Interval); 2] = [
    (SWEEP_PPP, |settings| settings.sweep_seconds),
    (CHECK_STATIC_USERS, |settings| settings.static_check_seconds),
];

/// The kinds of jobs that the clock asks for.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    ROUNDS.into_iter().map(|(kind, _)| kind)
}

/// When the clock asks next for a kind of job at a router that is connected and not paused; `None` for a
/// kind that it never asks for.
pub(crate) fn next_turn(
    kind: &str,
    settings: &Settings,
    router: RouterId,
    now: Timestamp,
) -> Option<Timestamp> {
    let (_, every) = ROUNDS.into_iter().find(|(known, _)| *known == kind)?;
    let slots = Slots::new(every(settings), router);
    Some(slots.begin(slots.number(now) + 1))
}

/// One slot of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) every_ms: i64,
    pub(crate) number: i64,
    pub(crate) begin: Timestamp,
}

impl Slot {
    /// Whether the clock or the setting has jumped since `last`: as many others may have.
    pub(crate) const fn is_out_of_step(&self, last: &Self) -> bool {
        self.every_ms != last.every_ms || self.number > last.number + 1
    }
}

/// The intervals of a router's jobs, counted from a begin of its own, so that no minute is a storm.
pub(crate) struct Slots {
    every_ms: i64,
    ahead_ms: i64,
}

impl Slots {
    pub(crate) fn new(every_seconds: u32, router: RouterId) -> Self {
        let every_ms = i64::from(every_seconds.max(1)) * 1000;
        let tail = router.0.as_bytes().last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        Self { every_ms, ahead_ms: i64::from(tail) % every_ms }
    }

    /// The number of the interval that `now` is in.
    pub(crate) fn number(&self, now: Timestamp) -> i64 {
        (now.millis() + self.ahead_ms).div_euclid(self.every_ms)
    }

    /// The router's slot at `now`.
    pub(crate) fn slot(&self, now: Timestamp) -> Slot {
        let number = self.number(now);
        Slot { every_ms: self.every_ms, number, begin: self.begin(number) }
    }

    /// How long the router waits when so many are out of step: few are asked at once, many as if a fifth of an
    /// interval were theirs.
    pub(crate) fn wait_among(&self, out_of_step: usize) -> Duration {
        let most = if out_of_step > AT_ONCE { (self.every_ms / 5).max(1) } else { 1 };
        Duration::from_millis((self.ahead_ms % most).unsigned_abs())
    }

    /// When the interval with this number begins.
    pub(crate) fn begin(&self, number: i64) -> Timestamp {
        Timestamp(number * self.every_ms - self.ahead_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn routers() -> impl Iterator<Item = RouterId> {
        (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]))
    }

    #[test]
    fn routers_take_turns_within_the_interval() {
        let slot = |router| {
            let slots = Slots::new(300, router);
            (0..300).find(|s| slots.number(Timestamp(s * 1000)) > slots.number(Timestamp(0))).unwrap_or(0)
        };
        let slots: HashSet<i64> = routers().map(slot).collect();
        assert!(slots.len() > 50, "{slots:?}");
    }

    #[test]
    fn many_that_are_new_are_asked_one_after_the_other() {
        let wait = |router, many| Slots::new(300, router).wait_among(many);
        assert!(routers().all(|router| wait(router, AT_ONCE).is_zero()));
        let waits: HashSet<Duration> = routers().map(|router| wait(router, 10_000)).collect();
        assert!(waits.len() > 50 && waits.iter().all(|wait| *wait < Duration::from_secs(60)), "{waits:?}");
        assert!(
            Slots::new(1, RouterId::new(Timestamp(0), [7; 10])).wait_among(10_000) < Duration::from_secs(1)
        );
    }

    #[test]
    fn the_next_turn_is_the_first_moment_of_the_next_slot() {
        let (settings, now) = (Settings::default(), Timestamp(1_750_000_000_123));
        for (router, (kind, every)) in routers().flat_map(|router| ROUNDS.map(|round| (router, round))) {
            let slots = Slots::new(every(&settings), router);
            let next = next_turn(kind, &settings, router, now).unwrap();
            assert_eq!(slots.number(next), slots.number(now) + 1);
            assert_eq!(slots.number(Timestamp(next.millis() - 1)), slots.number(now));
            assert!(next > now && next.since(now) <= i64::from(every(&settings)) * 1000);
        }
        assert_eq!(next_turn("DISCOVER", &settings, routers().next().unwrap(), now), None);
    }
}
