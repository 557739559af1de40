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
    /// Whether the event is to be written. One that changed something always is.
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

    /// Forgets all events, because those judged last could not be written.
    pub fn forget(&mut self) {
        self.recent.iter_mut().for_each(HashSet::clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::{EventKind, Source};
    use uuid::Uuid;

    fn told(second: i64, alias: u32, outcome: Outcome) -> Event {
        Event {
            at: Timestamp(second * 1000),
            source: Source::Webhook,
            kind: EventKind::Up,
            alias: Some(format!("*{alias:X}")),
            outcome,
            status: None,
        }
    }

    #[test]
    fn what_changed_something_is_always_new_and_the_rest_once_in_a_while() {
        let (mut repeats, router) = (Repeats::default(), RouterId(Uuid::nil()));
        let mut is_new = |second, user, outcome| repeats.is_new(router, user, &told(second, 1, outcome));
        assert!(is_new(0, "ana", Outcome::Applied));
        assert!(!is_new(1, "ana", Outcome::Duplicate) && !is_new(2, "ana", Outcome::Stale));
        assert!(is_new(3, "ana", Outcome::Applied));
        assert!(is_new(4, "bob", Outcome::Stale) && !is_new(5, "bob", Outcome::Stale));
        assert!(!is_new(3_700, "bob", Outcome::Stale), "at least for an hour");
        assert!(is_new(20_000, "bob", Outcome::Stale));
    }

    #[test]
    fn however_many_there_are_the_memory_is_bounded() {
        let (mut repeats, router) = (Repeats::default(), RouterId(Uuid::nil()));
        for alias in 0..3 * MOST as u32 {
            assert!(repeats.is_new(router, "ana", &told(1, alias, Outcome::Stale)));
            assert!(repeats.recent.iter().all(|known| known.len() <= MOST));
        }
        assert!(!repeats.is_new(router, "ana", &told(1, 3 * MOST as u32 - 1, Outcome::Stale)));
    }
}
