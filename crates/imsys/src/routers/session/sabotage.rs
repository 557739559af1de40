//! Hiding events on purpose, so that the demo's check can be seen to notice.

use imsys_domain::Timestamp;
use std::hash::{DefaultHasher, Hash, Hasher};

/// For how long somebody is hidden.
const HIDDEN_MS: i64 = 10_000;

/// Hides one event in n from every witness, so that the demo's check can be seen to notice.
#[derive(Clone, Debug)]
pub struct Sabotage {
    every: u64,
}

impl Sabotage {
    /// Hides one event in `n`.
    pub const fn every(n: u64) -> Self {
        Self { every: n }
    }

    /// Whether what happens to a user about `at` is hidden; all witnesses get the same answer.
    pub(crate) fn hides(&self, user: &str, at: Timestamp) -> bool {
        let mut hasher = DefaultHasher::new();
        (user, at.millis() / HIDDEN_MS).hash(&mut hasher);
        hasher.finish().is_multiple_of(self.every)
    }
}
