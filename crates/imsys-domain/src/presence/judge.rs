//! The one function that decides who is online, and everything that is written of it.

use super::{
    EndCause, EndedSession, Endpoint, HookKey, Judgement, Observation, OpenSession, Outcome, Presence,
    RowKey, SessionChange, Source, Status, Stranger,
};
use crate::{SessionId, Timestamp};

/// How many ended sessions are remembered per service. A line that flaps more often than this within
/// [`MEMORY_MS`] is healed by the next print instead.
const MEMORY: usize = 4;
/// How long a late event of an ended session is recognised.
const MEMORY_MS: i64 = 10 * 60 * 1000;
/// Sessions of one user that are told apart; more are only counted.
const MOST_OPEN: usize = 64;
/// An `up` that says again what an `up` said is its double for so long, and an `up` stands for so long against
/// prints that do not show its row yet: the script can run before the row is there (routeros.md, "What a session is").
pub(super) const UP_STANDS_MS: i64 = 5_000;
/// A hook is sent within seconds of the event; what arrives later than this belongs to another session.
pub(super) const HOOK_DELAY_MS: i64 = 120_000;

/// Decides what `observation` makes of `state`.
///
/// `listening` says whether a `/ppp/active/listen` of this router is being read right now, and hears. `fresh`
/// supplies the id of a session that opens, given its start.
pub fn judge(
    state: Presence,
    observation: Observation,
    listening: bool,
    fresh: &mut dyn FnMut(Timestamp) -> SessionId,
) -> Judgement {
    let (before, since) = (state.status, state.since);
    let (is_hook, at) = (observation.is_hook(), observation.at());
    let mut event = observation.event();
    let mut transition = Transition { state, changes: Vec::new(), noted: false, ask: None, fresh };
    let finding = match observation {
        Observation::HookUp { at, key: Some(key), endpoint } => transition.keyed_up(at, key, endpoint),
        Observation::HookDown { at, key: Some(key) } => transition.keyed_down(at, &key),
        Observation::HookUp { at, key: None, endpoint } => transition.keyless_up(at, endpoint, listening),
        Observation::HookDown { at, key: None } => transition.keyless_down(at, listening),
        Observation::RowSeen { at, row } => transition.row_seen(at, row),
        Observation::RowGone { at, id } => transition.row_gone(at, &id),
        Observation::Table { began, rows, booted, denies, spares } => {
            transition.table(began, rows, booted, Denial { denies, spares })
        }
        Observation::Blind { at } => transition.blind(at),
    };
    if finding.settles {
        transition.settle(at, event.source);
    }
    let Transition { state, changes, noted, ask, .. } = transition;
    let outcome = match finding.outcome {
        Outcome::Stale => Outcome::Stale,
        _ if changes.is_empty() && (before, since) == (state.status, state.since) => Outcome::Duplicate,
        _ => Outcome::Applied,
    };
    (event.outcome, event.status) = (outcome, (state.status != before).then_some(state.status));
    Judgement {
        outcome,
        before,
        keeps: noted || outcome != Outcome::Duplicate,
        event: (is_hook || outcome == Outcome::Applied).then_some(event),
        ask: finding.ask.then_some(at).or(ask),
        state,
        changes,
    }
}

/// Decides what a report about a name that nobody registered comes to: it is listed and recorded, never guessed.
pub fn judge_stranger(observation: &Observation) -> Stranger {
    let event = observation.event();
    let speaks = !matches!(observation, Observation::Table { rows, .. } if rows.is_empty());
    Stranger {
        listed: speaks.then_some((event.at, event.source)),
        event: observation.is_hook().then_some(event),
    }
}

/// What a witness's report came to, before the status is drawn from it.
pub(super) struct Finding {
    outcome: Outcome,
    /// Whether the report says what the status is now.
    settles: bool,
    ask: bool,
}

impl Finding {
    /// The report is accepted.
    pub(super) const fn accepted(ask: bool) -> Self {
        Self { outcome: Outcome::Applied, settles: true, ask }
    }

    /// The report says nothing about now.
    pub(super) const fn stale(ask: bool) -> Self {
        Self { outcome: Outcome::Stale, settles: false, ask }
    }
}

/// Which sessions a print ends that it does not show.
#[derive(Clone, Copy)]
pub(super) struct Denial {
    /// Those seen before this,
    pub(super) denies: Timestamp,
    /// but not those whose row a listen showed since then.
    pub(super) spares: Option<Timestamp>,
}

/// The state being judged and what has been decided so far.
pub(super) struct Transition<'a> {
    pub(super) state: Presence,
    pub(super) changes: Vec<SessionChange>,
    /// Something was remembered that others do not see.
    pub(super) noted: bool,
    /// When the router should be asked again.
    pub(super) ask: Option<Timestamp>,
    fresh: &'a mut dyn FnMut(Timestamp) -> SessionId,
}

/// What is known of a session that opens.
#[derive(Default)]
pub(super) struct Opening {
    pub(super) hook: Option<HookKey>,
    pub(super) row: Option<RowKey>,
    pub(super) endpoint: Endpoint,
    /// When its `up` arrived.
    pub(super) up: Option<Timestamp>,
    /// When a listen showed its row.
    pub(super) listened: Option<Timestamp>,
}

impl Transition<'_> {
    fn keyed_up(&mut self, at: Timestamp, key: HookKey, endpoint: Endpoint) -> Finding {
        self.forget(at);
        if let Some(index) = self.state.open.iter().position(|s| s.hook.as_ref() == Some(&key)) {
            if self.state.open.get(index).is_some_and(|s| s.endpoint.agrees(&endpoint)) {
                return self.told_again(index, at);
            }
            self.end(index, at, EndCause::Superseded);
        } else if self.ended_by(&key).is_some_and(|ended| ended.is_doubled_by(at, &endpoint)) {
            return Finding::stale(true);
        }
        let partner = self.state.open.iter().position(|s| {
            s.hook.is_none() && s.endpoint.agrees(&endpoint) && at.since(s.started).abs() <= HOOK_DELAY_MS
        });
        match partner.and_then(|index| self.state.open.get_mut(index)) {
            Some(session) => {
                (session.hook, session.up) = (Some(key), Some(at));
                session.endpoint.fill(endpoint);
                self.changes.push(SessionChange::Put(session.clone()));
            }
            None => self.open_by_hook(at, Some(key), endpoint),
        }
        Finding::accepted(true)
    }

    fn keyed_down(&mut self, at: Timestamp, key: &HookKey) -> Finding {
        self.forget(at);
        if let Some(index) = self.state.open.iter().position(|s| s.hook.as_ref() == Some(key)) {
            self.end_or_follow(index, at, EndCause::User);
            return Finding::accepted(true);
        }
        let known = self.ended_by(key).is_some();
        if !known {
            self.remember(EndedSession { session: None, hook: Some(key.clone()), at });
        }
        Finding::stale(!known)
    }

    /// The last session that ended under this key.
    fn ended_by(&self, key: &HookKey) -> Option<&EndedSession> {
        self.state.ended.iter().rev().find(|ended| ended.hook.as_ref() == Some(key))
    }

    /// An `up` of a session that is open. It is a double for a moment; later it may be of the session that
    /// follows under the same name, and only the router, or what comes next, can tell.
    pub(super) fn told_again(&mut self, index: usize, at: Timestamp) -> Finding {
        let Some(session) = self.state.open.get_mut(index) else { return Finding::stale(true) };
        if session.up.is_some_and(|up| at.since(up) <= UP_STANDS_MS) {
            return Finding::accepted(session.hook.is_none());
        }
        if session.up.is_none() && at.since(session.started).abs() <= HOOK_DELAY_MS {
            session.up = Some(at).filter(|_| session.row.is_some());
        } else {
            session.next_up = Some(at);
        }
        self.noted = true;
        Finding::accepted(true)
    }

    fn blind(&mut self, at: Timestamp) -> Finding {
        self.state.lose_sight(at);
        Finding { outcome: Outcome::Applied, settles: false, ask: false }
    }

    /// Opens the session of an `up`. It does not stand where it may be the late `up` of a session whose row was
    /// seen and has gone since.
    pub(super) fn open_by_hook(&mut self, at: Timestamp, hook: Option<HookKey>, endpoint: Endpoint) {
        let mut ended = self.state.ended.iter().filter_map(|ended| ended.session.as_ref());
        let is_late = ended.any(|s| {
            s.row.is_some()
                && s.up.is_none()
                && s.endpoint.agrees(&endpoint)
                && at.since(s.started) <= HOOK_DELAY_MS
        });
        let up = (!is_late).then_some(at);
        self.open(at, at, Source::Webhook, Opening { hook, endpoint, up, ..Opening::default() });
    }

    /// Opens a session; its id, or `None` where there are so many that it is only counted.
    pub(super) fn open(
        &mut self,
        started: Timestamp,
        seen: Timestamp,
        by: Source,
        opening: Opening,
    ) -> Option<SessionId> {
        if self.state.open.len() >= MOST_OPEN {
            self.state.beyond = self.state.beyond.max(1);
            self.noted = true;
            return None;
        }
        let Opening { hook, row, endpoint, up, listened } = opening;
        let id = (self.fresh)(started);
        let session = OpenSession { id, hook, row, endpoint, started, seen, by, up, next_up: None, listened };
        self.changes.push(SessionChange::Put(session.clone()));
        self.state.open.push(session);
        Some(id)
    }

    pub(super) fn end(&mut self, index: usize, at: Timestamp, cause: EndCause) {
        let session = self.state.open.remove(index);
        let at = at.max(session.started);
        self.changes.push(SessionChange::End { id: session.id, at, cause });
        self.remember(EndedSession { hook: session.hook.clone(), session: Some(session), at });
    }

    /// Ends a session; where an `up` has announced the next one a moment ago, that is open now.
    pub(super) fn end_or_follow(&mut self, index: usize, at: Timestamp, cause: EndCause) {
        let follows = self.state.open.get(index).and_then(|s| {
            let up = s.next_up.filter(|up| at.since(*up) <= UP_STANDS_MS)?;
            Some((up, s.hook.clone(), s.endpoint.clone()))
        });
        self.end(index, at, cause);
        if let Some((up, hook, endpoint)) = follows {
            self.open_by_hook(up, hook, endpoint);
        }
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
        let status = if state.sessions() == 0 { Status::Offline } else { Status::Online };
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

impl Presence {
    /// Nobody can say how it is since `at`; what was known before is kept for the time after.
    pub(super) fn lose_sight(&mut self, at: Timestamp) {
        if self.status != Status::Unknown {
            self.offline_before = (self.status == Status::Offline).then_some(self.since);
            (self.status, self.since, self.source) = (Status::Unknown, at, Some(Source::Router));
        }
    }
}

impl EndedSession {
    /// Whether an `up` with this session's key only says again what was over: within seconds of that session's own
    /// `up`, or of the `down` that overtook it. Later it is a new session: behind a PPPoE server binding each
    /// session has the same key.
    fn is_doubled_by(&self, at: Timestamp, endpoint: &Endpoint) -> bool {
        let (up, same) = match &self.session {
            Some(session) => (session.up.unwrap_or(session.seen), session.endpoint.agrees(endpoint)),
            None => (self.at, true),
        };
        same && at.since(up) <= UP_STANDS_MS
    }
}

impl Endpoint {
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
