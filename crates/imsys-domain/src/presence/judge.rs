//! The one function that decides who is online.

use super::{
    EndCause, EndedSession, HookKey, Judgement, Line, Observation, OpenSession, Outcome, Presence, RowKey,
    SessionChange, Source, Status,
};
use crate::{SessionId, Timestamp};

/// How many ended sessions are remembered per line. A line that flaps more often than this within
/// [`MEMORY_MS`] is healed by the next print instead.
const MEMORY: usize = 4;
/// How long a late event of an ended session is recognised.
const MEMORY_MS: i64 = 10 * 60 * 1000;
/// Most sessions of one user; a router that shows more is not believed beyond this.
const MOST_OPEN: usize = 16;

/// Decides what `observation` makes of `state`.
///
/// `listening` says whether a `/ppp/active/listen` of this router is being read right now. `fresh`
/// supplies the id of a session that opens, given its start.
pub fn judge(
    state: Presence,
    observation: Observation,
    listening: bool,
    fresh: &mut dyn FnMut(Timestamp) -> SessionId,
) -> Judgement {
    let before = (state.status, state.since);
    let mut bench = Bench { state, changes: Vec::new(), fresh };
    let (at, source) = match &observation {
        Observation::HookUp { at, .. } | Observation::HookDown { at, .. } => (*at, Source::Webhook),
        Observation::RowSeen { at, .. } | Observation::RowGone { at, .. } => (*at, Source::Listen),
        Observation::Table { began, .. } => (*began, Source::Sweep),
        Observation::Blind { at } => (*at, Source::Router),
    };
    let finding = match observation {
        Observation::HookUp { at, key: Some(key), line } => bench.keyed_up(at, key, line),
        Observation::HookDown { at, key: Some(key) } => bench.keyed_down(at, key),
        Observation::HookUp { at, key: None, line } => bench.keyless_up(at, line, listening),
        Observation::HookDown { at, key: None } => bench.keyless_down(at, listening),
        Observation::RowSeen { at, row } => bench.row_seen(at, row),
        Observation::RowGone { at, id } => bench.row_gone(at, &id),
        Observation::Table { began, rows, booted, denies } => bench.table(began, rows, booted, denies),
        Observation::Blind { at } => return bench.blind(at),
    };
    if finding.settles {
        bench.settle(at, source);
    }
    let outcome = match finding.outcome {
        Outcome::Stale => Outcome::Stale,
        _ if bench.changes.is_empty() && before == (bench.state.status, bench.state.since) => {
            Outcome::Duplicate
        }
        _ => Outcome::Applied,
    };
    Judgement { outcome, state: bench.state, changes: bench.changes, ask: finding.ask }
}

/// What a witness's report came to, before the status is drawn from it.
pub(super) struct Finding {
    outcome: Outcome,
    /// Whether the report says what the status is now.
    settles: bool,
    ask: bool,
}

impl Finding {
    /// The report is believed.
    pub(super) const fn believed(ask: bool) -> Self {
        Self { outcome: Outcome::Applied, settles: true, ask }
    }

    /// The report says nothing about now.
    pub(super) const fn stale(ask: bool) -> Self {
        Self { outcome: Outcome::Stale, settles: false, ask }
    }
}

/// The state being judged and what has been decided so far.
pub(super) struct Bench<'a> {
    pub(super) state: Presence,
    pub(super) changes: Vec<SessionChange>,
    fresh: &'a mut dyn FnMut(Timestamp) -> SessionId,
}

impl Bench<'_> {
    fn keyed_up(&mut self, at: Timestamp, key: HookKey, line: Line) -> Finding {
        self.forget(at);
        if let Some(index) = self.state.open.iter().position(|s| s.hook.as_ref() == Some(&key)) {
            if self.state.open.get(index).is_some_and(|s| s.line.agrees(&line)) {
                return Finding::believed(false);
            }
            self.end(index, at, EndCause::Superseded);
        } else if self.state.ended.iter().any(|e| e.hook.as_ref() == Some(&key)) {
            return Finding::stale(true);
        }
        let partner = self.state.open.iter().position(|s| {
            s.hook.is_none() && s.line.agrees(&line) && at.since(s.started).abs() <= HOOK_DELAY_MS
        });
        match partner.and_then(|index| self.state.open.get_mut(index)) {
            Some(session) => {
                session.hook = Some(key);
                session.line.fill(line);
                self.changes.push(SessionChange::Put(session.clone()));
            }
            None => self.open(at, at, Source::Webhook, Some(key), None, line),
        }
        Finding::believed(true)
    }

    fn keyed_down(&mut self, at: Timestamp, key: HookKey) -> Finding {
        self.forget(at);
        if let Some(index) = self.state.open.iter().position(|s| s.hook.as_ref() == Some(&key)) {
            self.end(index, at, EndCause::User);
            return Finding::believed(true);
        }
        let known = self.state.ended.iter().any(|e| e.hook.as_ref() == Some(&key));
        if !known {
            self.remember(EndedSession { session: None, hook: Some(key), at });
        }
        Finding::stale(!known)
    }

    fn blind(self, at: Timestamp) -> Judgement {
        let mut state = self.state;
        let outcome = if state.status == Status::Unknown { Outcome::Duplicate } else { Outcome::Applied };
        if outcome == Outcome::Applied {
            state.offline_before = (state.status == Status::Offline).then_some(state.since);
            state.status = Status::Unknown;
            state.since = at;
            state.source = Some(Source::Router);
        }
        Judgement { outcome, state, changes: Vec::new(), ask: false }
    }

    pub(super) fn open(
        &mut self,
        started: Timestamp,
        seen: Timestamp,
        by: Source,
        hook: Option<HookKey>,
        row: Option<RowKey>,
        line: Line,
    ) {
        if self.state.open.len() >= MOST_OPEN {
            return;
        }
        let session = OpenSession { id: (self.fresh)(started), hook, row, line, started, seen, by };
        self.changes.push(SessionChange::Put(session.clone()));
        self.state.open.push(session);
    }

    pub(super) fn end(&mut self, index: usize, at: Timestamp, cause: EndCause) {
        let session = self.state.open.remove(index);
        let at = at.max(session.started);
        self.changes.push(SessionChange::End { id: session.id, at, cause });
        self.remember(EndedSession { hook: session.hook.clone(), session: Some(session), at });
    }

    fn remember(&mut self, ended: EndedSession) {
        self.state.ended.push(ended);
        if self.state.ended.len() > MEMORY {
            self.state.ended.remove(0);
        }
    }

    /// Drops what is too old for a late event to speak of.
    pub(super) fn forget(&mut self, now: Timestamp) {
        self.state.ended.retain(|e| now.since(e.at) < MEMORY_MS);
    }

    /// Draws the status from the open sessions.
    fn settle(&mut self, at: Timestamp, source: Source) {
        let state = &mut self.state;
        let status = if state.open.is_empty() { Status::Offline } else { Status::Online };
        if status != state.status {
            state.since = match status {
                Status::Online => state.open.iter().map(|s| s.started).min().unwrap_or(at),
                _ if !self.changes.is_empty() => state.ended.last().map_or(at, |e| e.at),
                _ => state.offline_before.unwrap_or(at),
            };
            state.offline_before = None;
            state.status = status;
            state.source = Some(source);
        }
        state.confirmed = state.confirmed.max(Some(at));
    }
}

/// A hook is sent within seconds of the event; what arrives later than this belongs to another session.
pub(super) const HOOK_DELAY_MS: i64 = 120_000;

impl Line {
    /// Whether both can be the same session: neither caller nor address contradicts.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        fn same(a: Option<&String>, b: Option<&String>) -> bool {
            a.zip(b).is_none_or(|(a, b)| a.eq_ignore_ascii_case(b))
        }
        same(self.mac.as_ref(), other.mac.as_ref()) && same(self.address.as_ref(), other.address.as_ref())
    }

    /// Takes over what `other` knows and this does not.
    pub(super) fn fill(&mut self, other: Self) {
        self.mac = self.mac.take().or(other.mac);
        self.address = self.address.take().or(other.address);
    }
}
