//! What the router's own table says: listen rows and prints.

use super::judge::{Denial, Finding, Opening, Transition, UP_STANDS_MS};
use super::{EndCause, EndedSession, OpenSession, Row, SessionChange, Source, Status};
use crate::Timestamp;

/// `uptime` counts whole seconds of another clock: starts that differ by less than this, or by a
/// thousandth of the session's age, are the same start.
const SAME_START_MS: i64 = 30_000;
/// An uptime is said in whole seconds, and an answer takes a while: a start seems to be this much later than it was, at
/// most.
const SEEMS_LATE_MS: i64 = 2_000;

impl Transition<'_> {
    pub(super) fn row_seen(&mut self, at: Timestamp, row: Row) -> Finding {
        self.forget(at);
        let taken = self.take_row(at, row, Source::Listen);
        Finding::accepted(taken.is_none())
    }

    pub(super) fn row_gone(&mut self, at: Timestamp, id: &str) -> Finding {
        self.forget(at);
        let gone = self.state.open.iter().position(|s| s.row.as_ref().is_some_and(|row| row.id == id));
        let Some(index) = gone else { return Finding::stale(self.state.beyond > 0) };
        self.end_or_follow(index, at, EndCause::User);
        Finding::accepted(self.state.sessions() > 0)
    }

    pub(super) fn table(
        &mut self,
        began: Timestamp,
        rows: Vec<Row>,
        booted: Option<Timestamp>,
        denial: Denial,
    ) -> Finding {
        let was_blind = self.state.status == Status::Unknown;
        let beyond = std::mem::take(&mut self.state.beyond);
        if let Some(booted) = booted {
            self.end_before_boot(booted);
        }
        let (mut shown, mut counted) = (Vec::new(), 0_u32);
        for row in rows {
            if !self.ended_after(began, &row) {
                match self.take_row(began, row, Source::Sweep) {
                    Some(id) => shown.push(id),
                    None => counted = counted.saturating_add(1),
                }
            }
        }
        self.state.beyond = counted;
        self.noted |= counted != beyond;
        let cause = if was_blind { EndCause::Blind } else { EndCause::User };
        let denied = |s: &OpenSession| !shown.contains(&s.id) && denial.ends(s, began);
        while let Some(index) = self.state.open.iter().position(denied) {
            self.end_or_follow(index, began, cause);
        }
        self.ask = self.ask_for_row(began);
        Finding::accepted(false)
    }

    /// When the first `up` that has no row yet stands no more: then the router is asked again.
    fn ask_for_row(&self, began: Timestamp) -> Option<Timestamp> {
        self.state.open.iter().filter_map(|s| s.stands_until().filter(|end| *end > began)).min()
    }

    /// Ends what cannot have survived the router's start, and forgets what ended before: ids start anew with the
    /// router, and an old one must not be taken for what began after it.
    fn end_before_boot(&mut self, booted: Timestamp) {
        let dead = |s: &OpenSession| booted.since(s.started) > SAME_START_MS && s.seen < booted;
        while let Some(index) = self.state.open.iter().position(dead) {
            self.end(index, booted, EndCause::Reboot);
        }
        self.state.ended.retain(|ended| {
            let began = ended.session.as_ref().map_or(ended.at, |session| session.started);
            ended.at > booted || booted.since(began) <= SEEMS_LATE_MS
        });
    }

    /// Whether a witness saw this row's session end after the print had begun.
    fn ended_after(&self, began: Timestamp, row: &Row) -> bool {
        let ended = self.state.ended.iter().filter(|e| e.at > began).filter_map(|e| e.session.as_ref());
        ended.filter_map(|s| s.row.as_ref()).any(|key| *key == row.key)
    }

    /// Finds or opens the session of a row; its id, or `None` where it is only counted.
    fn take_row(&mut self, at: Timestamp, row: Row, by: Source) -> Option<crate::SessionId> {
        let started = row.started(at);
        let listened = (by == Source::Listen).then_some(at);
        self.end_impostor(&row, at, listened.is_some());
        self.reopen(&row, at);
        let partner = self.partner(&row, at);
        let Some(session) = partner.and_then(|index| self.state.open.get_mut(index)) else {
            let opening =
                Opening { row: Some(row.key), endpoint: row.endpoint, listened, ..Opening::default() };
            return self.open(started.unwrap_or(at), at, by, opening);
        };
        self.noted |= listened.is_some() && session.listened.is_none();
        session.listened = session.listened.or(listened);
        let before = (session.row.replace(row.key), session.endpoint.clone());
        session.endpoint.mac = row.endpoint.mac.or(session.endpoint.mac.take());
        session.endpoint.address = row.endpoint.address.or(session.endpoint.address.take());
        if before != (session.row.clone(), session.endpoint.clone()) {
            self.changes.push(SessionChange::Put(session.clone()));
        }
        Some(session.id)
    }

    /// Ends a session whose `.id` now names another one: ids start anew when the router does, and session ids with them.
    /// A listen shows a row when its session begins: one that began long after the session we know is another one.
    fn end_impostor(&mut self, row: &Row, read: Timestamp, listened: bool) {
        let impostor = |s: &OpenSession| {
            s.row.as_ref().is_some_and(|key| key.id == row.key.id)
                && (!is_same(s, row, read) || (listened && began_after(s, row, read)))
        };
        while let Some(index) = self.state.open.iter().position(impostor) {
            self.end(index, row.started(read).unwrap_or(read), EndCause::Superseded);
        }
    }

    /// A row of a session that we thought over: the print began after that, so it is open still. A row that began after
    /// the end is of another session.
    fn reopen(&mut self, row: &Row, read: Timestamp) {
        let began = row.started(read);
        let goes_on = |e: &EndedSession| began.is_none_or(|began| began.since(e.at) <= SEEMS_LATE_MS);
        let is_of_it =
            |s: &OpenSession| s.row.is_some() && is_same(s, row, read) && !began_after(s, row, read);
        let over =
            self.state.ended.iter().position(|e| goes_on(e) && e.session.as_ref().is_some_and(is_of_it));
        if let Some(session) = over.and_then(|index| self.state.ended.remove(index).session) {
            self.changes.push(SessionChange::Put(session.clone()));
            self.state.open.push(session);
        }
    }

    /// The open session that this row is about. One without a table key joins when the caller and
    /// the address do not contradict; between several the start decides.
    fn partner(&mut self, row: &Row, read: Timestamp) -> Option<usize> {
        if let Some(index) = self.state.open.iter().position(|s| is_same(s, row, read)) {
            return Some(index);
        }
        let started = row.started(read);
        let (index, session) = (self.state.open.iter().enumerate())
            .filter(|(_, s)| s.row.is_none() && s.endpoint.agrees(&row.endpoint))
            .min_by_key(|(_, s)| s.started.since(started.unwrap_or(read)).abs())?;
        let later = started.filter(|at| at.since(session.started) > super::judge::HOOK_DELAY_MS);
        let Some(started) = later else { return Some(index) };
        // Its row began long after it: the session we knew is over, this is the next one.
        self.end(index, started, EndCause::Superseded);
        None
    }
}

impl Denial {
    /// Whether a print that began then, and does not show the session, ends it.
    fn ends(&self, session: &OpenSession, began: Timestamp) -> bool {
        let heard = self.spares.is_some_and(|since| session.listened.is_some_and(|at| at >= since));
        let stands = session.stands_until().is_some_and(|end| end > began);
        session.seen < self.denies && !heard && !stands
    }
}

impl OpenSession {
    /// Until when its `up` stands against prints that do not show its row; `None` once the row was seen.
    fn stands_until(&self) -> Option<Timestamp> {
        let up = self.up.filter(|_| self.row.is_none())?;
        Some(Timestamp(up.millis().saturating_add(UP_STANDS_MS)))
    }
}

/// Whether the session's table key is that of this row, which was read then.
fn is_same(session: &OpenSession, row: &Row, read: Timestamp) -> bool {
    let Some(key) = session.row.as_ref().filter(|key| key.id == row.key.id) else { return false };
    match (&key.session, &row.key.session) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => row
            .started(read)
            .is_none_or(|started| session.started.since(started).abs() <= same_start(started, read)),
    }
}

/// Whether the row's session began so much later than this one that it is another.
fn began_after(session: &OpenSession, row: &Row, read: Timestamp) -> bool {
    row.started(read).is_some_and(|started| started.since(session.started) > same_start(started, read))
}

/// How much two starts may differ and be the same.
fn same_start(started: Timestamp, read: Timestamp) -> i64 {
    SAME_START_MS.max(read.since(started) / 1000)
}
