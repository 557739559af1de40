//! Webhooks that say the same again are judged each time, and recorded once.

use super::{Event, Outcome};
use crate::{RouterId, Timestamp};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Different webhooks that are remembered twice over, at eight bytes each.
const MOST: usize = 32_768;
/// After so long, and at most twice as long, a webhook that is still repeated is recorded again.
const WINDOW_MS: i64 = 3_600_000;

/// Which webhooks were recorded lately, by router, name, kind and session: a bounded memory that may forget, so that
/// some are recorded again, and that keeps none from the judge.
#[derive(Default)]
pub struct Repeats {
    hasher: RandomState,
    /// Those of this window, and of the one before.
    recent: [HashSet<u64>; 2],
    since: Option<Timestamp>,
}

impl Repeats {
    /// Whether the event belongs into the record: what changed something always does.
    pub fn is_new(&mut self, router: RouterId, user: &str, event: &Event) -> bool {
        let age = event.at.since(*self.since.get_or_insert(event.at)).abs();
        if age >= 2 * WINDOW_MS {
            self.forget();
        }
        if age >= WINDOW_MS || self.recent[0].len() >= MOST {
            self.recent.swap(0, 1);
            self.recent[0].clear();
            self.since = Some(event.at);
        }
        let Event { source, kind, alias, .. } = event;
        let told = self.hasher.hash_one((router, user, *source as u8, *kind as u8, alias));
        let [now, before] = &mut self.recent;
        let is_new = now.insert(told) && !before.contains(&told);
        is_new || event.outcome == Outcome::Applied
    }

    /// What was judged is not recorded after all: nothing is remembered.
    pub fn forget(&mut self) {
        self.recent.iter_mut().for_each(HashSet::clear);
    }
}
