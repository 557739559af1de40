//! Webhooks that carry no session key (the plain URL): right after the router's next answer.

use super::judge::{Finding, Transition};
use super::{EndCause, Endpoint};
use crate::Timestamp;

/// A `down` without identity closes no session younger than this: at a redial it may be the old one's.
const YOUNG_MS: i64 = 10_000;

impl Transition<'_> {
    pub(super) fn keyless_up(&mut self, at: Timestamp, endpoint: Endpoint, listening: bool) -> Finding {
        self.forget(at);
        if let Some(index) = self.state.open.iter().position(|s| s.endpoint.agrees(&endpoint)) {
            // A double, or a redial whose `down` is still on its way: only the router can tell.
            return self.told_again(index, at);
        }
        self.open_by_hook(at, None, endpoint);
        Finding::accepted(listening || self.state.open.len() > 1)
    }

    pub(super) fn keyless_down(&mut self, at: Timestamp, listening: bool) -> Finding {
        self.forget(at);
        let (1, Some(session)) = (self.state.sessions(), self.state.open.first()) else {
            return Finding::stale(self.state.sessions() > 0);
        };
        let shown = listening && session.listened.is_some();
        if shown || at.since(session.seen.max(session.started)) < YOUNG_MS {
            return Finding::stale(true);
        }
        self.end_or_follow(0, at, EndCause::User);
        Finding::accepted(true)
    }
}
