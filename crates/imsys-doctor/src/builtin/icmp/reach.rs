//! When a target is down, and when it is up again.

use super::outcome::Outcome;

/// A target is down when this many of the last [`WINDOW`] samples were lost.
const FAILED: u32 = 6;
/// How many samples are remembered.
const WINDOW: u32 = 7;

/// What is known about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// There were too few samples.
    #[default]
    Pending,
    /// It answers.
    Up,
    /// It does not answer.
    Down,
}

/// What follows from a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A first miss: look again at once, by a round [`Round::CONFIRM`](super::Round::CONFIRM) of this target.
    Confirm,
    /// The target is down from now on.
    Down,
    /// The target is up from now on.
    Up,
}

/// Decides from the samples of one target, in the order in which they become known.
///
/// It goes down when six of the last seven samples were lost, and up at the first answer. The first miss after an answer
/// asks for a quick look again, so a failure is decided four seconds after the sending of the probe that met it: at most 14 s
/// after it began with a probe every 10 s, and 64 s with one every 60 s. Random loss of 1 % does not add up to six in seven.
/// Unknown samples change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    state: State,
    /// The last samples, a set bit for each that was lost; the lowest is the newest.
    misses: u8,
}

impl Reach {
    /// What is known now.
    pub fn state(&self) -> State {
        self.state
    }

    /// Takes a sample and says what follows from it.
    pub fn observe(&mut self, outcome: Outcome) -> Option<Decision> {
        match outcome {
            Outcome::Answered { .. } => self.answered(),
            Outcome::Lost => self.lost(),
            Outcome::Unknown(_) => None,
        }
    }

    fn answered(&mut self) -> Option<Decision> {
        self.remember(false);
        if self.state == State::Up {
            return None;
        }
        *self = Self { state: State::Up, misses: 0 };
        Some(Decision::Up)
    }

    fn lost(&mut self) -> Option<Decision> {
        let is_first = self.misses & 1 == 0;
        self.remember(true);
        if self.state == State::Down {
            return None;
        }
        if self.misses.count_ones() >= FAILED {
            self.state = State::Down;
            return Some(Decision::Down);
        }
        is_first.then_some(Decision::Confirm)
    }

    fn remember(&mut self, is_lost: bool) {
        self.misses = (self.misses << 1 | u8::from(is_lost)) & ((1 << WINDOW) - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Round, Unknown};
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::StdRng};
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;
    use std::time::Duration;

    const ANSWERED: Outcome = Outcome::Answered { rtt: RTT };
    const RTT: Duration = Duration::from_millis(20);
    const LOST: Outcome = Outcome::Lost;
    const UNKNOWN: Outcome = Outcome::Unknown(Unknown::KernelDropped);
    const DAY: Duration = Duration::from_secs(86_400);

    fn up() -> Reach {
        let mut reach = Reach::default();
        assert_eq!(reach.observe(ANSWERED), Some(Decision::Up));
        reach
    }

    #[test]
    fn the_first_miss_asks_for_a_closer_look_and_the_sixth_is_down() {
        let mut reach = up();
        let decisions = [LOST; 7].map(|outcome| reach.observe(outcome));
        let (confirm, down) = (Some(Decision::Confirm), Some(Decision::Down));
        assert_eq!(decisions, [confirm, None, None, None, None, down, None]);
        assert_eq!(reach.state(), State::Down);
    }

    #[test]
    fn one_answer_among_seven_does_not_hide_a_failure_and_two_do() {
        let mut reach = up();
        let decisions = [LOST, LOST, ANSWERED, LOST, LOST, LOST, LOST].map(|outcome| reach.observe(outcome));
        assert_eq!(decisions[6], Some(Decision::Down));
        let mut reach = up();
        for outcome in [LOST, LOST, ANSWERED, LOST, ANSWERED, LOST, LOST, LOST, LOST] {
            assert_ne!(reach.observe(outcome), Some(Decision::Down));
        }
    }

    #[test]
    fn the_first_answer_is_up_and_forgets_the_misses_before() {
        let mut reach = up();
        let _ = [LOST; 7].map(|outcome| reach.observe(outcome));
        assert_eq!(reach.observe(ANSWERED), Some(Decision::Up));
        assert_eq!(reach.observe(ANSWERED), None);
        assert_eq!(reach.observe(LOST), Some(Decision::Confirm));
        assert_eq!(reach.state(), State::Up);
    }

    #[test]
    fn a_target_that_never_answered_is_pending_and_then_down() {
        let mut reach = Reach::default();
        for _ in 0..5 {
            reach.observe(LOST);
            assert_eq!(reach.state(), State::Pending);
        }
        assert_eq!(reach.observe(LOST), Some(Decision::Down));
    }

    #[test]
    fn unknown_samples_change_nothing() {
        for mut reach in [Reach::default(), up()] {
            let before = reach;
            let _ = [UNKNOWN; 20].map(|outcome| assert_eq!(reach.observe(outcome), None));
            assert_eq!(reach, before);
        }
    }

    /// Samples that will be known at their time, and the sending of probes of which one leads to another.
    struct Simulation {
        reach: Reach,
        samples: BinaryHeap<Reverse<(Duration, bool)>>,
        random: StdRng,
        /// From when on nothing is answered.
        fails_at: Duration,
    }

    impl Simulation {
        fn new(seed: u64, fails_at: Duration) -> Self {
            Self { reach: up(), samples: BinaryHeap::new(), random: StdRng::seed_from_u64(seed), fails_at }
        }

        /// Sends a probe, of which 1 % are lost anyway.
        fn probe(&mut self, at: Duration) {
            let is_answered = at < self.fails_at && self.random.random_range(0..100) != 0;
            let known = at + if is_answered { RTT } else { Round::CONFIRM.timeout };
            self.samples.push(Reverse((known, is_answered)));
        }

        /// Probes at `cadence` until the target is called down or the day is over; when it was called down.
        fn down_at(mut self, cadence: Duration) -> Option<Duration> {
            let mut next = Duration::ZERO;
            while next < DAY {
                let sample = self.samples.peek().copied().filter(|Reverse((at, _))| *at <= next);
                let Some(Reverse((at, is_answered))) = sample else {
                    self.probe(next);
                    next += cadence;
                    continue;
                };
                self.samples.pop();
                match self.reach.observe(if is_answered { ANSWERED } else { LOST }) {
                    Some(Decision::Down) => return Some(at),
                    Some(Decision::Confirm) => self.confirm(at),
                    Some(Decision::Up) | None => {}
                }
            }
            None
        }

        fn confirm(&mut self, at: Duration) {
            let Round { probes, over, .. } = Round::CONFIRM;
            (0..probes).for_each(|n| self.probe(at + over * u32::from(n) / u32::from(probes)));
        }
    }

    #[test]
    fn a_day_of_one_percent_random_loss_is_no_failure() {
        for (cadence, seeds) in [(10, 0..200), (60, 0..1000)] {
            for seed in seeds {
                let down = Simulation::new(seed, DAY).down_at(Duration::from_secs(cadence));
                assert_eq!(down, None, "every {cadence} s, seed {seed}");
            }
        }
    }

    #[test]
    fn a_failure_is_decided_four_seconds_after_the_probe_that_met_it() {
        for cadence in [10, 60].map(Duration::from_secs) {
            let took = (0..600).map(|phase| {
                let fails_at = cadence * 20 + cadence * phase / 600 + Duration::from_nanos(1);
                let down = Simulation::new(phase.into(), fails_at).down_at(cadence);
                down.expect("it was decided") - fails_at
            });
            assert!(took.max() <= Some(cadence + Duration::from_secs(4)));
        }
    }
}
