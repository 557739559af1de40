//! From what happened to what arrives: latency, and the faults of the way.

use std::sync::Arc;

use super::life::{Life, Session};
use super::{Event, FaultCounts, Hook, Key, Listen, Params, Row, What};
use crate::dice::Dice;

/// How long a script takes to start, a request to arrive, and a pushed row to come (milliseconds).
const SCRIPT_START: i64 = 30;
const NETWORK: (i64, i64) = (2, 60);
const LISTEN_LATENCY: i64 = 25;
/// How long a broken listen connection stays away.
const GAP: (i64, i64) = (2_000, 20_000);

/// Everything that arrives in this life, in the order of arrival, and the faults dealt.
pub(super) fn deliver(life: &Life, params: &Params, dice: Dice) -> (Vec<Event>, FaultCounts) {
    let capacity = life.sessions.len() * 5;
    let mut post =
        Post { params, dice, events: Vec::with_capacity(capacity), faults: FaultCounts::default() };
    post.hooks(life);
    let gaps = post.outages_and_gaps(life);
    post.listen(life, &gaps);
    (in_order(post.events), post.faults)
}

/// Sorts by time, equal times as they were made. Moving small keys is much cheaper than moving events.
fn in_order(events: Vec<Event>) -> Vec<Event> {
    let mut order: Vec<(i64, usize)> =
        events.iter().enumerate().map(|(index, event)| (event.at, index)).collect();
    order.sort_unstable();
    let mut events: Vec<Option<Event>> = events.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, index)| events[index].take()).collect()
}

struct Post<'a> {
    params: &'a Params,
    dice: Dice,
    events: Vec<Event>,
    faults: FaultCounts,
}

impl Post<'_> {
    fn hooks(&mut self, life: &Life) {
        for session in &life.sessions {
            let user = &life.users[session.user as usize];
            self.hook(true, session.opened, user, session);
            if session.closed != i64::MAX && !session.silent {
                self.hook(false, session.closed, user, session);
            }
        }
    }

    fn hook(&mut self, up: bool, happened: i64, user: &Arc<str>, session: &Session) {
        let fired_at = happened + self.dice.between(0, SCRIPT_START);
        if self.dice.chance(self.params.lost) {
            self.faults.lost += 1;
            return;
        }
        let key = self.params.keys.then(|| Key {
            interface: session.interface.clone(),
            mac: session.mac.clone(),
            address: session.address.clone(),
        });
        let hook = Hook { up, user: user.clone(), key, fired_at };
        let mut at = fired_at + self.dice.between(NETWORK.0, NETWORK.1);
        if self.dice.chance(self.params.reordered) {
            self.faults.late += 1;
            at += self.dice.between(0, self.params.late_by);
        }
        if self.dice.chance(self.params.doubled) {
            self.faults.doubled += 1;
            let again = at + self.dice.between(1, self.params.late_by);
            self.events.push(Event { at: again, what: What::Hook(hook.clone()) });
        }
        self.events.push(Event { at, what: What::Hook(hook) });
    }

    /// Emits outages and breaks of the listen connection; gives back all spans in which nothing is pushed.
    fn outages_and_gaps(&mut self, life: &Life) -> Vec<(i64, i64)> {
        let mut spans = Vec::new();
        for outage in &life.outages {
            self.faults.reboots += 1;
            self.events.push(Event { at: outage.from, what: What::Reboot });
            self.events.push(Event { at: outage.until, what: What::Booted });
            spans.push((outage.from, outage.until));
        }
        for _ in 0..self.params.listen_gaps {
            let from = self.dice.between(0, life.end);
            let until = from + self.dice.between(GAP.0, GAP.1);
            if spans.iter().any(|&(start, end)| from <= end && start <= until) {
                continue;
            }
            self.faults.listen_gaps += 1;
            self.events.push(Event { at: from, what: What::ListenLost });
            self.events.push(Event { at: until, what: What::ListenBack });
            spans.push((from, until));
        }
        spans.sort_unstable();
        spans
    }

    /// Rows are pushed in the order of the changes: one TCP connection cannot reorder them.
    fn listen(&mut self, life: &Life, silent: &[(i64, i64)]) {
        let mut changes: Vec<(i64, bool, usize)> = Vec::with_capacity(life.sessions.len() * 2);
        for (index, session) in life.sessions.iter().enumerate() {
            if session.shown >= session.closed {
                continue;
            }
            changes.push((session.shown, true, index));
            if session.closed != i64::MAX && !session.silent {
                changes.push((session.closed, false, index));
            }
        }
        changes.sort_unstable();
        let mut last = 0;
        for (at, up, index) in changes {
            last = (at + self.dice.between(1, LISTEN_LATENCY)).max(last);
            let deaf = self.params.deaf_from.is_some_and(|from| from <= last);
            if deaf || is_silent(silent, at, last) {
                continue;
            }
            let what = What::Listen(row(life, index, up, at));
            self.events.push(Event { at: last, what });
        }
    }
}

/// Whether a row that changed at `changed` and would be pushed at `pushed` falls into a silent span.
fn is_silent(spans: &[(i64, i64)], changed: i64, pushed: i64) -> bool {
    let next = spans.partition_point(|&(_, until)| until <= changed);
    spans.get(next).is_some_and(|&(from, _)| from <= pushed)
}

fn row(life: &Life, index: usize, up: bool, now: i64) -> Listen {
    let session = &life.sessions[index];
    if up { Listen::Added(table_row(life, session, now)) } else { Listen::Dead { id: session.id.clone() } }
}

/// The row of a session as the table shows it at `now`.
pub(super) fn table_row(life: &Life, session: &Session, now: i64) -> Row {
    Row {
        id: session.id.clone(),
        session_id: session.session_id.clone(),
        name: life.users[session.user as usize].clone(),
        caller_id: session.mac.clone(),
        address: session.address.clone(),
        uptime: (now - session.shown) / 1_000 * 1_000,
    }
}
