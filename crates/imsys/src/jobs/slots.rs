//! When the clock asks for each kind of job at each router.

use imsys_domain::Timestamp;
use std::time::Duration;

/// Routers that may be asked at the same moment, when many are out of step at once.
pub(crate) const AT_ONCE: usize = 100;

/// When the clock asks next, every so many seconds, at the router or tenant with this id.
pub(crate) fn next_turn(every_seconds: u32, id: &[u8], now: Timestamp) -> Timestamp {
    let slots = Slots::new(every_seconds, id);
    slots.begin(slots.number(now) + 1)
}

/// One slot of a router, a tenant or the installation.
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

/// The intervals of the jobs at something with an id, counted from a begin of its own, so that no minute is a storm;
/// without an id from the epoch.
pub(crate) struct Slots {
    every_ms: i64,
    ahead_ms: i64,
}

impl Slots {
    pub(crate) fn new(every_seconds: u32, id: &[u8]) -> Self {
        let every_ms = i64::from(every_seconds.max(1)) * 1000;
        let tail = id.last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
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
    use imsys_domain::RouterId;
    use std::collections::HashSet;

    fn routers() -> impl Iterator<Item = RouterId> {
        (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]))
    }

    #[test]
    fn routers_take_turns_within_the_interval() {
        let slot = |router: RouterId| {
            let slots = Slots::new(300, router.0.as_bytes());
            (0..300).find(|s| slots.number(Timestamp(s * 1000)) > slots.number(Timestamp(0))).unwrap_or(0)
        };
        let slots: HashSet<i64> = routers().map(slot).collect();
        assert!(slots.len() > 50, "{slots:?}");
    }

    #[test]
    fn many_that_are_new_are_asked_one_after_the_other() {
        let wait = |router: RouterId, many| Slots::new(300, router.0.as_bytes()).wait_among(many);
        assert!(routers().all(|router| wait(router, AT_ONCE).is_zero()));
        let waits: HashSet<Duration> = routers().map(|router| wait(router, 10_000)).collect();
        assert!(waits.len() > 50 && waits.iter().all(|wait| *wait < Duration::from_secs(60)), "{waits:?}");
        assert!(Slots::new(1, &[7; 16]).wait_among(10_000) < Duration::from_secs(1));
    }

    #[test]
    fn the_next_turn_is_the_first_moment_of_the_next_slot() {
        let now = Timestamp(1_750_000_000_123);
        for (router, every) in routers().flat_map(|router| [60, 300].map(|every| (router, every))) {
            let slots = Slots::new(every, router.0.as_bytes());
            let next = next_turn(every, router.0.as_bytes(), now);
            assert_eq!(slots.number(next), slots.number(now) + 1);
            assert_eq!(slots.number(Timestamp(next.millis() - 1)), slots.number(now));
            assert!(next > now && next.since(now) <= i64::from(every) * 1000);
        }
    }
}
