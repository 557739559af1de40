//! Whether many targets are silent because our own connection is gone.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The fewest targets that tell something about our connection.
const FEWEST: usize = 4;

/// What to say of a target that does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet: others that share its fate may not have been asked since.
    Wait,
    /// The target is down.
    Down,
    /// Nothing: our own connection is the likely cause.
    OwnUplink,
}

/// Watches how many targets stop answering together.
///
/// When more than half of at least four targets that answered fall silent within one window, our own connection is taken
/// to be gone, until one of all targets answers. A target is called down only after a wait in which each of the others was
/// asked, so that the first ones to fall are not called down before the rest is known.
#[derive(Debug)]
pub struct Uplink<K> {
    window: Duration,
    wait: Duration,
    /// Those that answered and fell silent within the window, and when.
    fallen: HashMap<K, Instant>,
    is_gone: bool,
}

impl<K: Eq + Hash + Clone> Uplink<K> {
    /// For targets each of which is asked at least once within `wait`, and as often as it takes within `window`.
    pub fn new(window: Duration, wait: Duration) -> Self {
        Self { window, wait, fallen: HashMap::new(), is_gone: false }
    }

    /// A target that answered is silent from now on.
    pub fn fell(&mut self, target: K, now: Instant) {
        self.fallen.insert(target, now);
    }

    /// A target answers. Where our connection was taken to be gone, it is not: all that fell silent meanwhile, about which
    /// nothing is known and which have to be asked again.
    pub fn answered(&mut self, target: &K) -> Vec<K> {
        self.fallen.remove(target);
        if std::mem::take(&mut self.is_gone) {
            self.fallen.drain().map(|(fallen, _)| fallen).collect()
        } else {
            Vec::new()
        }
    }

    /// A target is no longer asked.
    pub fn forget(&mut self, target: &K) {
        self.fallen.remove(target);
    }

    /// What to say of a silent target, while so many others answer as far as is known.
    pub fn verdict(&mut self, target: &K, answering: usize, now: Instant) -> Verdict {
        if self.is_gone {
            return Verdict::OwnUplink;
        }
        let fell = self.fallen.get(target).copied();
        self.fallen.retain(|_, fell| now.saturating_duration_since(*fell) <= self.window);
        let (fallen, all) = (self.fallen.len(), self.fallen.len() + answering);
        self.is_gone = fell.is_some() && all >= FEWEST && fallen * 2 > all;
        match fell {
            Some(_) if self.is_gone => Verdict::OwnUplink,
            Some(fell) if now.saturating_duration_since(fell) < self.wait => Verdict::Wait,
            _ => Verdict::Down,
        }
    }

    /// The targets that fell silent within the window.
    pub fn fallen(&self) -> Vec<K> {
        self.fallen.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);
    const WAIT: Duration = Duration::from_secs(21);

    fn second(base: Instant, second: u64) -> Instant {
        base + Duration::from_secs(second)
    }

    #[test]
    fn one_of_many_is_down_after_the_others_were_asked() {
        let (mut uplink, base) = (Uplink::new(WINDOW, WAIT), Instant::now());
        uplink.fell(1, base);
        assert_eq!(uplink.verdict(&1, 9, second(base, 5)), Verdict::Wait);
        assert_eq!(uplink.verdict(&1, 9, second(base, 21)), Verdict::Down);
        assert_eq!(uplink.verdict(&1, 9, second(base, 100)), Verdict::Down);
    }

    #[test]
    fn when_more_than_half_fall_together_none_is_called_down_until_one_answers() {
        let (mut uplink, base) = (Uplink::new(WINDOW, WAIT), Instant::now());
        for target in 0..5 {
            uplink.fell(target, second(base, target));
            let expected = if target < 3 { Verdict::Wait } else { Verdict::OwnUplink };
            assert_eq!(uplink.verdict(&target, 5 - target as usize, second(base, target)), expected);
        }
        assert_eq!(uplink.verdict(&0, 0, second(base, 500)), Verdict::OwnUplink, "it lasts");
        let mut again = uplink.answered(&2);
        again.sort_unstable();
        assert_eq!(again, [0, 1, 3, 4]);
        assert_eq!(uplink.verdict(&0, 1, second(base, 510)), Verdict::Down);
    }

    #[test]
    fn half_of_them_three_of_three_or_one_after_the_other_are_their_own_failures() {
        let base = Instant::now();
        for (fallen, answering) in [(2, 2), (3, 0), (5, 5)] {
            let mut uplink = Uplink::new(WINDOW, WAIT);
            (0..fallen).for_each(|target| uplink.fell(target, base));
            assert_eq!(uplink.verdict(&0, answering, second(base, 30)), Verdict::Down, "{fallen}");
        }
        let mut uplink = Uplink::new(WINDOW, WAIT);
        for target in 0..10_u64 {
            uplink.fell(target, second(base, 61 * target));
            let now = second(base, 61 * target + 30);
            assert_eq!(uplink.verdict(&target, 9 - target as usize, now), Verdict::Down, "{target}");
        }
    }

    #[test]
    fn what_never_answered_tells_nothing_of_our_connection() {
        let mut uplink = Uplink::new(WINDOW, WAIT);
        assert_eq!(uplink.verdict(&1, 0, Instant::now()), Verdict::Down);
    }
}
