//! Webhooks that carry no session key (the plain URL): right after the router's next answer.

use super::judge::{Bench, Finding};
use super::{EndCause, Line, Source};
use crate::Timestamp;

/// A `down` without identity closes no session younger than this: at a redial it may be the old one's.
const YOUNG_MS: i64 = 10_000;

impl Bench<'_> {
    pub(super) fn keyless_up(&mut self, at: Timestamp, line: Line, listening: bool) -> Finding {
        self.forget(at);
        if self.state.open.iter().any(|s| s.line.agrees(&line)) {
            // A double, or a redial whose `down` is still on its way: only the router can tell.
            return Finding::believed(true);
        }
        self.open(at, at, Source::Webhook, None, None, line);
        Finding::believed(listening || self.state.open.len() > 1)
    }

    pub(super) fn keyless_down(&mut self, at: Timestamp, listening: bool) -> Finding {
        self.forget(at);
        let [session] = self.state.open.as_slice() else {
            return Finding::stale(!self.state.open.is_empty());
        };
        let shown = listening && session.row.is_some();
        if shown || at.since(session.seen.max(session.started)) < YOUNG_MS {
            return Finding::stale(true);
        }
        self.end(0, at, EndCause::User);
        Finding::believed(true)
    }
}
