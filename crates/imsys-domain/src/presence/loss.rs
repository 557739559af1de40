//! A router that is gone, or says nothing about some of its services: they are unknown, never offline.

use super::{Judgement, Observation, Presence, judge};
use crate::{SessionId, Timestamp};

/// Which services of a router nobody can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All: the router or the way to it is gone.
    Router,
    /// Those that do not log in: a check of them failed.
    Check,
}

/// Decides what a loss since `at` makes of a service; `None` where something is known that is newer.
pub fn judge_loss(state: Presence, loss: Loss, at: Timestamp) -> Option<Judgement> {
    // With the router gone nothing is known; a failed check only speaks of what it is newer than.
    if loss == Loss::Check && state.outlives_failure(at) {
        return None;
    }
    Some(judge(state, Observation::Blind { at }, false, &mut |at| SessionId::new(at, [0; 10])))
}
