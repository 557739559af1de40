//! When a target is down, and when it is up again.

use super::outcome::Outcome;

/// A target is down when this many …
const FAILED: u32 = 6;
/// … of so many last samples were lost.
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
/// asks for a quick look again, so a failure is decided a few seconds after it was first seen, whatever the cadence; and
/// random loss of a few percent never adds up to six in seven. Unknown samples change nothing.
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
