//! What the router's own table says: listen rows and prints.

use super::judge::{Bench, Finding};
use super::{EndCause, OpenSession, Row, SessionChange, Source, Status};
use crate::Timestamp;

/// `uptime` counts whole seconds of another clock: starts that differ by less than this, or by a
/// thousandth of the session's age, are the same start.
const SAME_START_MS: i64 = 30_000;

impl Bench<'_> {
    pub(super) fn row_seen(&mut self, at: Timestamp, row: Row) -> Finding {
        self.forget(at);
        self.take_row(at, row, Source::Listen);
        Finding::believed(false)
    }

    pub(super) fn row_gone(&mut self, at: Timestamp, id: &str) -> Finding {
        self.forget(at);
        let gone = self.state.open.iter().position(|s| s.row.as_ref().is_some_and(|row| row.id == id));
        let Some(index) = gone else { return Finding::stale(false) };
        self.end(index, at, EndCause::User);
        Finding::believed(!self.state.open.is_empty())
    }

    pub(super) fn table(
        &mut self,
        began: Timestamp,
        rows: Vec<Row>,
        booted: Option<Timestamp>,
        denies: Timestamp,
    ) -> Finding {
        let was_blind = self.state.status == Status::Unknown;
        if let Some(booted) = booted {
            self.end_before_boot(booted);
        }
        let mut shown = Vec::new();
        for row in rows {
            if !self.ended_after(began, &row) {
                shown.extend(self.take_row(began, row, Source::Sweep));
            }
        }
        let denied = |s: &OpenSession| s.seen < denies && !shown.contains(&s.id);
        while let Some(index) = self.state.open.iter().position(denied) {
            let cause = if was_blind { EndCause::Blind } else { EndCause::User };
            self.end(index, began, cause);
        }
        Finding::believed(false)
    }

    /// Ends what cannot have survived the router's start.
    fn end_before_boot(&mut self, booted: Timestamp) {
        let dead = |s: &OpenSession| booted.since(s.started) > SAME_START_MS && s.seen < booted;
        while let Some(index) = self.state.open.iter().position(dead) {
            self.end(index, booted, EndCause::Reboot);
        }
        // Ids start anew with the router: nothing that ended with it may be taken for what began after it.
        self.state.ended.retain(|e| e.at > booted);
    }

    /// Whether a witness saw this row's session end after the print had begun.
    fn ended_after(&self, began: Timestamp, row: &Row) -> bool {
        let ended = self.state.ended.iter().filter(|e| e.at > began).filter_map(|e| e.session.as_ref());
        ended.filter_map(|s| s.row.as_ref()).any(|key| *key == row.key)
    }

    /// Finds or opens the session of a row; its id, or `None` when no more can be opened.
    fn take_row(&mut self, at: Timestamp, row: Row, by: Source) -> Option<crate::SessionId> {
        let started = Timestamp(at.millis().saturating_sub(row.uptime));
        self.end_impostor(&row, started);
        self.reopen(&row, started);
        let partner = self.partner(&row, started);
        match partner.and_then(|index| self.state.open.get_mut(index)) {
            Some(session) => {
                let before = session.clone();
                session.row = Some(row.key);
                if row.line.mac.is_some() {
                    session.line.mac = row.line.mac;
                }
                if row.line.address.is_some() {
                    session.line.address = row.line.address;
                }
                if *session != before {
                    self.changes.push(SessionChange::Put(session.clone()));
                }
            }
            None => self.open(started, at, by, None, Some(row.key.clone()), row.line),
        }
        let index = partner.unwrap_or(self.state.open.len().saturating_sub(1));
        self.state.open.get(index).map(|s| s.id)
    }

    /// Ends a session whose `.id` now names another one: ids start anew when the router does.
    fn end_impostor(&mut self, row: &Row, started: Timestamp) {
        let impostor = |s: &OpenSession| {
            s.row.as_ref().is_some_and(|key| key.id == row.key.id) && !is_same(s, row, started)
        };
        while let Some(index) = self.state.open.iter().position(impostor) {
            self.end(index, started, EndCause::Superseded);
        }
    }

    /// A row of a session that we thought over: the print began after that, so it is open still.
    fn reopen(&mut self, row: &Row, started: Timestamp) {
        let over =
            self.state.ended.iter().position(|e| {
                e.session.as_ref().is_some_and(|s| s.row.is_some() && is_same(s, row, started))
            });
        if let Some(session) = over.and_then(|index| self.state.ended.remove(index).session) {
            self.changes.push(SessionChange::Put(session.clone()));
            self.state.open.push(session);
        }
    }

    /// The open session that this row is about. One without a table key joins when the caller and
    /// the address do not contradict; between several the start decides.
    fn partner(&mut self, row: &Row, started: Timestamp) -> Option<usize> {
        if let Some(index) = self.state.open.iter().position(|s| is_same(s, row, started)) {
            return Some(index);
        }
        let (index, session) = (self.state.open.iter().enumerate())
            .filter(|(_, s)| s.row.is_none() && s.line.agrees(&row.line))
            .min_by_key(|(_, s)| s.started.since(started).abs())?;
        if started.since(session.started) <= super::judge::HOOK_DELAY_MS {
            return Some(index);
        }
        // Its row began long after it: the session we knew is over, this is the next one.
        self.end(index, started, EndCause::Superseded);
        None
    }
}

/// Whether the session's table key is this row's.
fn is_same(session: &OpenSession, row: &Row, started: Timestamp) -> bool {
    let Some(key) = session.row.as_ref().filter(|key| key.id == row.key.id) else { return false };
    match (&key.session, &row.key.session) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => session.started.since(started).abs() <= SAME_START_MS.max(row.uptime / 1000),
    }
}
