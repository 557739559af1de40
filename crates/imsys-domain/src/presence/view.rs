//! What one connection has shown of a router's `/ppp/active`: how far a print is accepted, and whether listen hears.
//!
//! Two prints that agree win over everything but what a listen that hears told itself: some firmware leaves rows
//! out shortly after its boot, and a listen may be accepted and silent for ever (routeros.md, "What a session is").

use super::judge::UP_STANDS_MS;
use super::sweep::{self, Sweep, SweepSuspicion};
use super::{Observation, Row};
use crate::Timestamp;
use std::collections::{HashMap, HashSet};

/// Rows that are remembered; no router has so many sessions, and one that says so is forgotten and read again.
const SHOWN_MOST: usize = 50_000;
/// A suspicious print is followed by another one after so many milliseconds.
const REREAD_AFTER_MS: i64 = 2_000;
/// After a suspicion the table is read again even though it was accepted: young routers lie.
const AGAIN_AFTER_MS: [i64; 3] = [REREAD_AFTER_MS, 10_000, 60_000];

/// What one connection has shown of `/ppp/active`.
#[derive(Clone, Debug, Default)]
pub struct ActiveView {
    /// By row id.
    shown: HashMap<String, Shown>,
    /// Rows that listen saw go since the print under way began: it may still show them.
    gone: HashSet<String>,
    listen: Option<Hearing>,
    suspicious: Option<Doubted>,
}

/// A row that was shown.
#[derive(Clone, Debug)]
struct Shown {
    user: String,
    /// When it was shown last.
    at: Timestamp,
    /// Listen showed it, and not only a print.
    by_listen: bool,
    /// When the first print began that was accepted and does not show it any more. Its id is kept: young routers
    /// leave rows out, and listen may still tell its end.
    missed: Option<Timestamp>,
}

/// A listen that is being read.
#[derive(Clone, Copy, Debug)]
struct Hearing {
    since: Timestamp,
    /// When it told something last.
    told: Option<Timestamp>,
    /// It was started because the one before told nothing while prints changed, and has told nothing yet either.
    deaf: bool,
}

/// A whole print that was not accepted: when it began, and who was missing.
#[derive(Clone, Debug)]
struct Doubted {
    began: Timestamp,
    gone: HashSet<String>,
}

/// How far a whole print is accepted, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullSync {
    /// What it says of each user.
    pub sweep: Sweep,
    /// Why it is not accepted at once.
    pub suspicion: Option<SweepSuspicion>,
    /// Milliseconds after which the table should be read again.
    pub again_after: &'static [i64],
    /// The listen told nothing while prints changed: it should be started anew ([`ActiveView::listen_again`]).
    pub deaf: bool,
}

/// What a print of some users says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Users and what the print says of each.
    pub told: Vec<(String, Observation)>,
    /// Milliseconds after which the whole table should be read, as this print proves nothing about somebody.
    pub whole_after: Option<i64>,
}

impl ActiveView {
    /// A listen was accepted.
    pub fn listen_began(&mut self, at: Timestamp) {
        self.listen = Some(Hearing { since: at, told: None, deaf: false });
    }

    /// A listen was accepted in the place of a deaf one: it is not relied on until it tells something.
    pub fn listen_again(&mut self, at: Timestamp) {
        self.listen = Some(Hearing { since: at, told: None, deaf: true });
    }

    /// The listen ended.
    pub fn listen_ended(&mut self) {
        self.listen = None;
    }

    /// Whether a listen is being read that is relied on.
    pub fn hears(&self) -> bool {
        self.listen.is_some_and(|listen| !listen.deaf)
    }

    /// Listen showed a row of a user.
    pub fn row_seen(&mut self, at: Timestamp, id: &str, user: &str) {
        self.told(at);
        self.remember(id, Shown { user: user.to_owned(), at, by_listen: true, missed: None });
    }

    /// Listen showed that a row is gone; whose it was, if it was shown before.
    pub fn row_gone(&mut self, at: Timestamp, id: &str) -> Option<String> {
        self.told(at);
        self.gone.insert(id.to_owned());
        self.shown.remove(id).map(|shown| shown.user)
    }

    fn told(&mut self, at: Timestamp) {
        if let Some(listen) = &mut self.listen {
            // One that was deaf is relied on for what it tells from now on.
            listen.since = if listen.deaf { at } else { listen.since };
            (listen.told, listen.deaf) = (Some(at), false);
        }
    }

    /// A print is sent.
    pub fn print_began(&mut self) {
        self.gone.clear();
    }

    fn remember(&mut self, id: &str, shown: Shown) {
        if self.shown.len() >= SHOWN_MOST && !self.shown.contains_key(id) {
            self.shown.retain(|_, shown| shown.missed.is_none());
            if self.shown.len() >= SHOWN_MOST {
                self.shown.clear();
            }
        }
        self.shown.insert(id.to_owned(), shown);
    }

    /// Sorts the rows of a print by user, without those that ended while it was under way.
    fn by_user(&self, rows: impl IntoIterator<Item = (String, Row)>) -> HashMap<String, Vec<Row>> {
        let mut table: HashMap<String, Vec<Row>> = HashMap::new();
        for (user, row) in rows {
            if !self.gone.contains(&row.key.id) {
                table.entry(user).or_default().push(row);
            }
        }
        table
    }

    /// Believed or not: by the ids of a print listen will speak of its sessions.
    fn learn(&mut self, began: Timestamp, table: &HashMap<String, Vec<Row>>) {
        for (user, row) in table.iter().flat_map(|(user, rows)| rows.iter().map(move |row| (user, row))) {
            match self.shown.get_mut(&row.key.id) {
                Some(shown) if shown.user == *user => {
                    (shown.at, shown.missed) = (shown.at.max(began), None);
                }
                _ => {
                    let (user, at) = (user.clone(), began);
                    self.remember(&row.key.id, Shown { user, at, by_listen: false, missed: None });
                }
            }
        }
    }

    /// A print of the whole table that began then. `open` are the users who have a session as far as we know,
    /// `booted` is when the router started.
    pub fn full_sync(
        &mut self,
        began: Timestamp,
        booted: Option<Timestamp>,
        rows: impl IntoIterator<Item = (String, Row)>,
        open: &HashSet<String>,
    ) -> FullSync {
        let rows = self.by_user(rows);
        let uptime = booted.map(|booted| began.since(booted));
        let gone: HashSet<String> = open.iter().filter(|user| !rows.contains_key(*user)).cloned().collect();
        let suspicion = match self.suspicious {
            Some(_) => None,
            None => sweep::suspicion(open.len(), gone.len(), rows.len(), uptime),
        };
        self.learn(began, &rows);
        let deaf = self.is_deaf(began, &rows, !sweep::is_young(uptime));
        if deaf {
            self.listen = None;
        }
        let mut sweep = Sweep::whole(began, booted, rows);
        let mut again_after = &AGAIN_AFTER_MS[..0];
        match self.suspicious.take() {
            // The second reading is accepted, but for users whom only this one misses, and for sessions that
            // listen showed: it would have told their end.
            Some(first) => {
                sweep.denies = first.began;
                sweep.spares = self.listen.filter(|listen| !listen.deaf).map(|listen| listen.since);
                sweep.spared = gone.difference(&first.gone).cloned().collect();
            }
            // It is accepted in what it shows.
            None if suspicion.is_some() => {
                self.suspicious = Some(Doubted { began, gone });
                (sweep.denies, sweep.complete) = (Timestamp(i64::MIN), false);
                again_after = &AGAIN_AFTER_MS;
            }
            None => {}
        }
        if sweep.complete {
            self.agree(&sweep);
        }
        FullSync { sweep, suspicion, again_after, deaf }
    }

    /// The table is accepted.
    fn agree(&mut self, sweep: &Sweep) {
        let ids: HashSet<&str> = sweep.rows.values().flatten().map(|row| row.key.id.as_str()).collect();
        for (id, shown) in &mut self.shown {
            if shown.missed.is_none() && shown.at < sweep.began && !ids.contains(id.as_str()) {
                shown.missed = Some(sweep.began);
            }
        }
    }

    /// Whether the listen has told nothing since a row began that this print shows and it did not, or, if `misses`
    /// counts, since a row was shown last that has been missing from prints for some seconds.
    fn is_deaf(&self, began: Timestamp, rows: &HashMap<String, Vec<Row>>, misses: bool) -> bool {
        let Some(listen) = self.listen else { return false };
        let silent_since = |at: Timestamp| at >= listen.since && listen.told.is_none_or(|told| told < at);
        // What has only just happened may still be on its way.
        let untold = |row: &Row| {
            let only_printed = self.shown.get(&row.key.id).is_some_and(|shown| !shown.by_listen);
            let is_old = |started: Timestamp| began.since(started) >= UP_STANDS_MS;
            only_printed && row.started(began).is_some_and(|at| is_old(at) && silent_since(at))
        };
        let missed = |shown: &Shown| {
            shown.missed.is_some_and(|at| began.since(at) >= UP_STANDS_MS) && silent_since(shown.at)
        };
        rows.values().flatten().any(untold) || (misses && self.shown.values().any(missed))
    }

    /// A print of `users` alone that began then. Where it misses somebody whose row listen shows, one of both is
    /// wrong (young routers leave rows out), and a name that is not ASCII may stand on the router in another code
    /// page: then the whole table decides.
    pub fn answer(
        &mut self,
        users: Vec<String>,
        began: Timestamp,
        booted: Option<Timestamp>,
        rows: impl IntoIterator<Item = (String, Row)>,
    ) -> Answer {
        let mut rows = self.by_user(rows);
        self.learn(began, &rows);
        let told_by_listen: HashSet<&str> = match self.hears() {
            true => self
                .shown
                .values()
                .filter(|s| s.by_listen && s.missed.is_none())
                .map(|s| s.user.as_str())
                .collect(),
            false => HashSet::new(),
        };
        let unsure = |user: &String| match () {
            () if rows.contains_key(user) => None,
            () if told_by_listen.contains(user.as_str()) => Some(REREAD_AFTER_MS),
            () => (!user.is_ascii()).then_some(0),
        };
        let whole_after = users.iter().filter_map(unsure).min();
        let told: Vec<_> = users.into_iter().filter(|user| unsure(user).is_none()).collect();
        let told = told.into_iter().map(|user| {
            let rows = rows.remove(&user).unwrap_or_default();
            (user, Observation::Table { began, rows, booted, denies: began, spares: None })
        });
        Answer { told: told.collect(), whole_after }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoint, RowKey};
    use super::*;

    fn row(user: &str, id: &str, uptime: i64) -> (String, Row) {
        let key = RowKey { id: id.into(), session: None };
        (user.into(), Row { key, endpoint: Endpoint::default(), uptime: Some(uptime) })
    }

    fn sync(view: &mut ActiveView, began: i64, rows: Vec<(String, Row)>, open: &[&str]) -> FullSync {
        view.print_began();
        let open = open.iter().map(|user| (*user).to_owned()).collect();
        view.full_sync(Timestamp(began), Some(Timestamp(-1_000_000)), rows, &open)
    }

    fn listening() -> ActiveView {
        let mut view = ActiveView::default();
        view.listen_began(Timestamp(0));
        view
    }

    #[test]
    fn a_listen_that_tells_nothing_while_rows_come_or_go_is_deaf() {
        let mut view = listening();
        assert!(!sync(&mut view, 1_000, vec![row("ana", "*1", 9_000)], &[]).deaf);
        assert!(!sync(&mut view, 300_000, vec![row("ana", "*1", 308_000)], &["ana"]).deaf, "nothing changed");
        let mut came = view.clone();
        let both = |uptime| vec![row("ana", "*1", 700_000), row("bob", "*2", uptime)];
        assert!(!sync(&mut came, 600_000, both(1_000), &["ana"]).deaf, "it may be on its way");
        assert!(sync(&mut came, 606_000, both(7_000), &["ana", "bob"]).deaf);
        assert!(!sync(&mut view, 600_000, vec![], &["ana"]).deaf, "it may be on its way");
        let gone = sync(&mut view, 606_000, vec![], &[]);
        assert!(gone.deaf && !view.hears());
    }

    #[test]
    fn a_listen_that_tells_anything_is_not_deaf() {
        let mut view = listening();
        sync(&mut view, 1_000, vec![row("ana", "*1", 500)], &[]);
        view.row_seen(Timestamp(270_000), "*9", "eve");
        let rows = vec![row("bob", "*2", 60_000), row("eve", "*9", 30_000)];
        assert!(!sync(&mut view, 300_000, rows.clone(), &["ana", "eve"]).deaf);
        assert!(!sync(&mut view, 310_000, rows, &["bob", "eve"]).deaf);
    }

    #[test]
    fn a_listen_that_was_deaf_is_relied_on_again_from_the_first_thing_it_tells() {
        let mut view = listening();
        view.listen_again(Timestamp(10_000));
        assert!(!view.hears());
        view.row_seen(Timestamp(20_000), "*1", "ana");
        assert!(view.hears());
    }

    #[test]
    fn two_prints_that_agree_deny_all_but_what_listen_showed() {
        let users = ["a", "b", "c", "d", "e"];
        let mut view = listening();
        let first = sync(&mut view, 10_000, vec![], &users);
        assert_eq!((first.suspicion, first.sweep.complete), (Some(SweepSuspicion::Empty), false));
        assert_eq!(first.again_after, [2_000, 10_000, 60_000]);
        let second = sync(&mut view, 12_000, vec![], &users).sweep;
        assert!(second.complete && second.spared.is_empty());
        assert_eq!((second.denies, second.spares), (Timestamp(10_000), Some(Timestamp(0))));
    }

    #[test]
    fn a_print_of_one_user_proves_nothing_of_a_foreign_name_or_against_listen() {
        let mut view = listening();
        view.row_seen(Timestamp(1_000), "*1", "ana");
        let users = ["ana", "bob", "símón"].map(str::to_owned).to_vec();
        let answer = view.answer(users, Timestamp(2_000), None, vec![]);
        let told: Vec<_> = answer.told.iter().map(|(user, _)| user.as_str()).collect();
        assert_eq!((told, answer.whole_after), (vec!["bob"], Some(0)));
        let answer = view.answer(vec!["ana".to_owned()], Timestamp(2_000), None, vec![]);
        assert_eq!((answer.told, answer.whole_after), (vec![], Some(2_000)));
    }
}
