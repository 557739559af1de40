//! Reports that come by the hundred, as after a storm over a town, are kept at once and flush out later.
//!
//! A group of them is judged in memory and written as one row of `presence_journal`: when that row is
//! committed they are durable, and their senders are answered. Into the tables they are flush together:
//! when many wait, when the writer has nothing else to do, and before anybody reads or writes anything
//! else of a tenant. So nobody sees a table without them. A service that was spoken of ten times is written
//! once, and a session that began and ended meanwhile as well; events are written one by one, all of them.
//!
//! The memory is never the truth: after a crash, or when a commit fails, what the journal holds is judged
//! again from the tables as they are, which no one has written to meanwhile: with several processes over the
//! file nothing is journaled. What is flush is too much for
//! a savepoint of its own, which would copy every page it touches: when that fails, so does the whole
//! transaction.

use super::observe::{
    EVENT, Group, Recorded, Report, STATE, Stored, Subject, fresh_session, load, note_unknown, observe,
    write_event, write_state,
};
use super::row::{broken, collect, name_of};
use super::unit::{Sharing, in_savepoint, no_panic};
use super::{deferred_index, state};
use crate::model::ServiceChange;
use crate::port::{Applied, Result, StoreError};
use imsys_domain::presence::{
    EndCause, Event, Judgement, Observation, OpenSession, Outcome, Presence, SessionChange, Source, Stranger,
    judge, judge_stranger,
};
use imsys_domain::{RouterId, SessionId, Timestamp};
use rusqlite::{Connection, Statement, params};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Fewer reports than this at once go to the tables without a detour.
const MANY: usize = 4;
/// With so many reports in it the journal is flush.
const MOST: usize = 4096;
/// How long the writer has nothing to do before it spreads what is journaled.
const QUIET: Duration = Duration::from_millis(20);
/// The same after that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// A version, and reports in postcard: tenant, router, user, observation. A change of their fields needs
/// another number here.
const NOW: u8 = 2;
type Entry<User, Seen> = ([u8; 16], RouterId, User, Seen);

/// What is journaled, as the writer works with it and others ask for it.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Inner>);

#[derive(Default)]
struct Inner {
    sharing: Sharing,
    /// Whether something that is committed is not in the tables.
    behind: AtomicBool,
    recorded: Recorded,
    overlay: Mutex<Overlay>,
}

impl Journal {
    pub(super) fn new(sharing: Sharing) -> Self {
        Self(Arc::new(Inner { sharing, ..Inner::default() }))
    }

    /// Which webhooks are recorded, as far as this process knows.
    pub(super) fn recorded(&self) -> Recorded {
        self.0.recorded.clone()
    }

    /// Whether the tables lack something that was acknowledged.
    pub(super) fn is_behind(&self) -> bool {
        self.0.behind.load(Ordering::Acquire)
    }

    /// Whether so many reports are to be journaled; more follow the first ones. Never where another process may
    /// write to the same services meanwhile.
    pub(super) fn wants(&self, reports: usize) -> bool {
        self.0.sharing == Sharing::Alone && (reports >= MANY || !self.overlay().is_empty())
    }

    /// How long the writer may sleep; `None` is until somebody comes.
    pub(super) fn patience(&self) -> Option<Duration> {
        let overlay = self.overlay();
        match overlay.trust {
            Trust::Whole => Some(QUIET).filter(|_| !overlay.is_empty()),
            Trust::Doubtful | Trust::Poisoned => Some(PAUSE),
        }
    }

    /// Judges the reports and keeps them. What fails for one of them is that one's answer; when keeping
    /// them fails, nothing is kept.
    pub(super) fn append(&self, conn: &Connection, reports: &[Report]) -> Result<Vec<Result<Applied>>> {
        if self.overlay().trust != Trust::Whole {
            self.flush(conn)?;
        }
        let mut overlay = self.overlay();
        let judged = no_panic(|| overlay.append(conn, reports, &self.0.recorded));
        if judged.is_err() {
            overlay.forget();
            self.0.recorded.forget();
        }
        judged
    }

    /// Writes what is journaled into the tables.
    pub(super) fn flush(&self, conn: &Connection) -> Result<()> {
        let mut overlay = self.overlay();
        let done = no_panic(|| overlay.flush(conn));
        if done.is_err() {
            overlay.forget();
        }
        done
    }

    /// Whether this transaction may be committed.
    pub(super) fn is_whole(&self) -> Result<()> {
        match self.overlay().trust {
            Trust::Poisoned => Err(poisoned()),
            Trust::Whole | Trust::Doubtful => Ok(()),
        }
    }

    /// A transaction was committed, or not: then the memory says more than the tables and the journal.
    pub(super) fn committed(&self, done: bool) {
        let mut overlay = self.overlay();
        if !done {
            *overlay = Overlay { trust: Trust::Doubtful, ..Overlay::default() };
            self.0.recorded.forget();
        }
        self.0.behind.store(!overlay.is_empty(), Ordering::Release);
    }

    fn overlay(&self) -> MutexGuard<'_, Overlay> {
        self.0.overlay.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Spreads what a process that is gone has left, report by report.
pub(super) fn replay(conn: &Connection) -> Result<()> {
    let mut rows = conn.prepare_cached("SELECT reports FROM presence_journal ORDER BY n")?;
    let rows = collect(rows.query([])?, |row| Ok(row.get::<_, Vec<u8>>(0)?))?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut group = Group::default();
    for row in rows {
        for (tenant, router, user, seen) in read(&row)? {
            observe(conn, &tenant, router, &user, seen, &mut group)?;
        }
    }
    // They were told of when they were journaled.
    group.changes.clear();
    group.end(conn)?;
    empty(conn)
}

fn read(row: &[u8]) -> Result<Vec<Entry<String, Observation>>> {
    match row.split_first() {
        Some((&NOW, rest)) => postcard::from_bytes(rest).map_err(|_| broken("reports")),
        _ => Err(broken("reports")),
    }
}

fn keep(conn: &Connection, reports: &[Entry<&str, &Observation>]) -> Result<()> {
    let row = postcard::to_extend(reports, vec![NOW]).map_err(|e| StoreError::Failed(e.to_string()))?;
    conn.prepare_cached("INSERT INTO presence_journal (reports) VALUES (?1)")?.execute([row])?;
    Ok(())
}

fn empty(conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM presence_journal")?.execute([])?;
    Ok(())
}

/// Whether the memory is what the journal holds.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Trust {
    #[default]
    Whole,
    /// It is nothing, and the journal must be judged again.
    Doubtful,
    /// The same, and half of the journal has been written by this transaction.
    Poisoned,
}

fn poisoned() -> StoreError {
    StoreError::Failed("the reports before this could not be written".into())
}

/// What the tables do not say yet.
#[derive(Default)]
struct Overlay {
    trust: Trust,
    reports: usize,
    group: Group,
    subscribers: Vec<Subscriber>,
    places: HashMap<([u8; 16], RouterId), HashMap<String, usize>>,
    /// Each of one of the subscribers.
    events: Vec<(usize, Event)>,
    sessions: BTreeMap<SessionId, Noted>,
    strangers: Vec<(usize, (Timestamp, Source))>,
}

/// A user of a router, and the service with that name if there is one.
struct Subscriber {
    tenant: [u8; 16],
    router: RouterId,
    username: String,
    /// As the judge left it.
    stored: Option<Stored>,
    changed: bool,
}

/// What became of a session, of one of the subscribers.
struct Noted {
    line: usize,
    put: Option<OpenSession>,
    end: Option<(Timestamp, EndCause)>,
}

impl Overlay {
    fn is_empty(&self) -> bool {
        self.reports == 0 && self.trust == Trust::Whole
    }

    /// Something failed.
    fn forget(&mut self) {
        let trust = if self.trust == Trust::Poisoned { Trust::Poisoned } else { Trust::Doubtful };
        *self = Self { trust, ..Self::default() };
    }

    fn append(
        &mut self,
        conn: &Connection,
        reports: &[Report],
        recorded: &Recorded,
    ) -> Result<Vec<Result<Applied>>> {
        let (mut judged, mut kept) = (Vec::with_capacity(reports.len()), Vec::with_capacity(reports.len()));
        for report in reports {
            match self.find(conn, report) {
                Ok((line, listening)) => {
                    judged.push(Ok(self.judge(line, report.observation.clone(), listening, recorded)?));
                    kept.push((report.tenant, report.router, report.user.as_str(), &report.observation));
                }
                Err(error) => judged.push(Err(error)),
            }
        }
        self.reports += kept.len();
        let full = self.reports >= MOST;
        in_savepoint(conn, |conn| {
            self.group.changes.write(conn)?;
            if full || kept.is_empty() { Ok(()) } else { keep(conn, &kept) }
        })?;
        if full {
            self.flush(conn)?;
        }
        Ok(judged)
    }

    /// The line that a report is about, and whether its router is listened to.
    fn find(&mut self, conn: &Connection, report: &Report) -> Result<(usize, bool)> {
        let Report { tenant, router, user, .. } = report;
        let listening = self.group.is_listening(conn, tenant, *router)?;
        let places = self.places.entry((*tenant, *router)).or_default();
        if let Some(line) = places.get(user) {
            return Ok((*line, listening));
        }
        let stored = load(conn, tenant, *router, user)?;
        places.insert(user.clone(), self.subscribers.len());
        let line =
            Subscriber { tenant: *tenant, router: *router, username: user.clone(), stored, changed: false };
        self.subscribers.push(line);
        Ok((self.subscribers.len() - 1, listening))
    }

    /// What [`observe`] does, with the overlay in place of the tables.
    fn judge(
        &mut self,
        at: usize,
        observation: Observation,
        listening: bool,
        recorded: &Recorded,
    ) -> Result<Applied> {
        let line = self.subscribers.get_mut(at).ok_or_else(|| broken("presence"))?;
        let seen_at = observation.at();
        if observation.is_hook() {
            self.group.count_hook(line.router, seen_at);
        }
        let tenant = line.tenant;
        let Some(stored) = &mut line.stored else {
            let Stranger { event, listed } = judge_stranger(&observation);
            let event = event.filter(|event| recorded.records(line.router, &line.username, event));
            self.events.extend(event.map(|event| (at, event)));
            self.strangers.extend(listed.map(|listed| (at, listed)));
            return Ok(Applied::UnknownUser);
        };
        let presence = std::mem::replace(&mut stored.presence, Presence::unknown(seen_at));
        let judgement = judge(presence, observation, listening, &mut fresh_session);
        let Judgement { outcome, before, state, keeps, changes, event, ask } = judgement;
        let bytes = if keeps { Some(state::write(&state)?) } else { None };
        if let Some(bytes) = bytes.filter(|bytes| *bytes != stored.bytes) {
            stored.rev += 1;
            stored.bytes = bytes;
            line.changed = true;
        }
        let change =
            (outcome == Outcome::Applied).then(|| ServiceChange::new(stored.id, stored.rev, before, &state));
        stored.presence = if keeps { state } else { state::read(&stored.bytes)? };
        let event = event.filter(|event| recorded.records(line.router, &line.username, event));
        self.events.extend(event.map(|event| (at, event)));
        for change in changes {
            self.note_session(at, change);
        }
        let applied = Applied::Known { outcome, change, ask };
        self.group.changes.note(tenant, seen_at, &applied);
        Ok(applied)
    }

    fn note_session(&mut self, line: usize, change: SessionChange) {
        match change {
            SessionChange::Put(session) => {
                self.sessions.insert(session.id, Noted { line, put: Some(session), end: None });
            }
            SessionChange::End { id, at, cause } => {
                let noted = self.sessions.entry(id).or_insert(Noted { line, put: None, end: None });
                noted.end = Some((at, cause));
            }
        }
    }

    /// Writes everything into the tables, and is empty then.
    fn flush(&mut self, conn: &Connection) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        match std::mem::replace(&mut self.trust, Trust::Poisoned) {
            Trust::Whole => self.write(conn)?,
            Trust::Doubtful => replay(conn)?,
            Trust::Poisoned => return Err(poisoned()),
        }
        *self = Self::default();
        Ok(())
    }

    fn write(&mut self, conn: &Connection) -> Result<()> {
        let line = |at: usize| self.subscribers.get(at).ok_or_else(|| broken("presence"));
        let mut insert = conn.prepare_cached(EVENT)?;
        for (at, event) in &self.events {
            write_event(&mut insert, &line(*at)?.subject(), event)?;
        }
        let mut insert = conn.prepare_cached(SESSION)?;
        for (id, noted) in &self.sessions {
            let stored = line(noted.line)?.stored.as_ref().ok_or_else(|| broken("presence"))?;
            match &noted.put {
                Some(session) => noted.write(&mut insert, line(noted.line)?, stored, session)?,
                None => noted.write_end(conn, *id)?,
            }
        }
        let mut changed: Vec<&Stored> = self
            .subscribers
            .iter()
            .filter(|line| line.changed)
            .filter_map(|line| line.stored.as_ref())
            .collect();
        changed.sort_unstable_by_key(|stored| stored.n);
        let mut update = conn.prepare_cached(STATE)?;
        for stored in changed {
            write_state(&mut update, stored.n, stored.rev, &stored.presence, &stored.bytes)?;
        }
        for (place, (at, source)) in &self.strangers {
            let Subscriber { tenant, router, username, .. } = line(*place)?;
            note_unknown(conn, tenant, *router, username, *at, *source)?;
        }
        self.group.write(conn)?;
        deferred_index::index_if(conn, deferred_index::STORM)?;
        empty(conn)
    }
}

impl Subscriber {
    fn subject(&self) -> Subject<'_> {
        let service = self.stored.as_ref().map(|stored| stored.id);
        Subject { tenant: &self.tenant, router: self.router, service, username: &self.username }
    }
}

/// Writes a session whole.
const SESSION: &str = "INSERT INTO sessions
   (id, tenant, service, router, username, mac, address, started, source, ended, cause)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
 ON CONFLICT DO UPDATE SET mac = ?6, address = ?7, started = ?8, ended = ?10, cause = ?11,
   is_indexed = is_indexed AND mac IS ?6";

impl Noted {
    fn ended(&self) -> Result<(Option<i64>, Option<&'static str>)> {
        let Some((at, cause)) = &self.end else { return Ok((None, None)) };
        Ok((Some(at.millis()), Some(name_of(cause)?)))
    }

    fn write(
        &self,
        insert: &mut Statement<'_>,
        line: &Subscriber,
        stored: &Stored,
        session: &OpenSession,
    ) -> Result<()> {
        let (ended, cause) = self.ended()?;
        insert.execute(params![
            session.id.0.as_bytes(),
            line.tenant,
            stored.id.0.as_bytes(),
            line.router.0.as_bytes(),
            line.username,
            session.endpoint.mac.as_ref().map(|mac| mac.to_uppercase()),
            session.endpoint.address,
            session.started.millis(),
            name_of(&session.by)?,
            ended,
            cause,
        ])?;
        Ok(())
    }

    fn write_end(&self, conn: &Connection, id: SessionId) -> Result<()> {
        let (ended, cause) = self.ended()?;
        conn.prepare_cached("UPDATE sessions SET ended = ?2, cause = ?3 WHERE id = ?1")?.execute(params![
            id.0.as_bytes(),
            ended,
            cause
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::super::db::{Answer, Lane};
    use super::super::unit::Sharing;
    use super::*;
    use crate::port::{Actor, SessionFilter, Store};
    use crate::suite::{Must, Town, at};
    use crate::{page::Ask, port::TenantStore};
    use imsys_domain::presence::{Endpoint, HookKey, Status};

    fn up(second: i64) -> Observation {
        Observation::HookUp {
            at: at(second),
            key: Some(HookKey("*F0".into())),
            endpoint: Endpoint::default(),
        }
    }

    async fn counts(store: &dyn TenantStore, router: RouterId) -> (u64, u64, usize) {
        let received = store.hook_counts(router, at(0)).await.must().received;
        let sessions = store.sessions(SessionFilter::default(), Ask::first(())).await.must().total;
        (received, sessions, store.unknown_users(None, 10).await.must().len())
    }

    #[tokio::test]
    async fn what_a_process_left_in_the_spool_is_in_the_tables_once_the_store_is_open_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journaled.db");
        let town = Town::found(Arc::new(SqliteStore::open(&file).unwrap())).await;
        let (tenant, router) = (town.tenant, town.router("tower").await);
        let ana = town.service(router, "ana").await.id;
        drop(town);
        let (bytes, seen) = (*tenant.0.as_bytes(), up(1));
        let conn = Connection::open(&file).unwrap();
        keep(&conn, &[(bytes, router, "ana", &seen), (bytes, router, "eve", &seen)]).unwrap();
        keep(&conn, &[(bytes, router, "ana", &seen)]).unwrap();
        drop(conn);
        for _ in 0..2 {
            let store = SqliteStore::open(&file).unwrap();
            let ours = store.tenant(tenant, Actor { name: "ada".into(), at: at(0) });
            assert_eq!(ours.presence(ana).await.must().status, Status::Online);
            assert_eq!(counts(ours.as_ref(), router).await, (3, 1, 1));
        }
    }

    #[tokio::test]
    async fn whoever_reads_after_the_answer_sees_what_is_spooled() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("read.db")).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        let ana = town.service(router, "ana").await.id;
        let mut told = tokio::task::JoinSet::new();
        for second in 0..200 {
            let town = town.clone();
            told.spawn(async move { town.up(router, &format!("stranger {second}"), "*1", second).await });
        }
        town.up(router, "ana", "*F0", 1).await;
        assert_eq!(town.ours.service(ana).await.must().status, Status::Online);
        told.join_all().await;
        assert_eq!(counts(town.ours.as_ref(), router).await, (201, 1, 10));
        assert!(!store.db.journal.is_behind());
    }

    #[tokio::test]
    async fn what_cannot_be_spread_fails_the_transaction_and_is_spread_later() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("poisoned.db");
        let store = Arc::new(SqliteStore::open(&file).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        let conn = Connection::open(&file).unwrap();
        // The events before the last name are written, and then it fails.
        let refusal =
            "CREATE TRIGGER refusal BEFORE INSERT ON presence_events WHEN NEW.username = 'stranger 199'
            BEGIN SELECT RAISE(ABORT, 'no'); END";
        conn.execute_batch(refusal).unwrap();
        // The writer is busy until all of them wait.
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let busy = Box::new(move |_: &Connection| -> Answer {
            let _gone = wait.recv();
            Box::new(|_| ())
        });
        store.db.submit(Lane::Interactive, busy).must();
        let mut told = tokio::task::JoinSet::new();
        for second in 0..200 {
            let (ours, user) = (town.ours.clone(), format!("stranger {second}"));
            told.spawn(async move { ours.apply_presence(router, &user, up(second)).await.is_ok() });
        }
        tokio::task::yield_now().await;
        drop(go);
        let kept = told.join_all().await.into_iter().map(u64::from).sum::<u64>();
        assert_eq!(kept, 200, "those who wait together are kept");
        town.ours.unknown_users(None, 10).await.expect_err("the tables lack what was acknowledged");
        conn.execute_batch("DROP TRIGGER refusal").unwrap();
        assert_eq!(
            counts(town.ours.as_ref(), router).await.0,
            kept,
            "nothing is lost, nothing is there twice"
        );
    }

    #[tokio::test]
    async fn with_several_processes_over_the_file_nothing_is_spooled() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shared.db");
        let shared = || SqliteStore::open_as(&file, Sharing::Shared).unwrap();
        let (one, other) = (shared(), shared());
        assert!(!one.db.journal.wants(MOST) && !other.db.journal.wants(MANY));
        let town = Town::found(Arc::new(one)).await;
        let (tenant, router) = (town.tenant, town.router("tower").await);
        let ana = town.service(router, "ana").await.id;
        let theirs = other.tenant(tenant, Actor { name: "worker".into(), at: at(0) });
        let mut told = tokio::task::JoinSet::new();
        // As many as the judge takes of one user.
        for number in 0..16 {
            let (ours, theirs) = (town.ours.clone(), Arc::clone(&theirs));
            let seen = Observation::HookUp {
                at: at(number),
                key: Some(HookKey(format!("*{number}"))),
                endpoint: Endpoint::default(),
            };
            let store = if number % 2 == 0 { ours } else { theirs };
            told.spawn(async move { store.apply_presence(router, "ana", seen).await.is_ok() });
        }
        assert!(told.join_all().await.into_iter().all(|kept| kept));
        let open = town.ours.presence(ana).await.must().open.len();
        let filter = SessionFilter { service: Some(ana), ..SessionFilter::default() };
        let sessions = town.ours.sessions(filter, Ask { limit: 100, ..Ask::first(()) }).await.must();
        let unended = sessions.items.iter().filter(|session| session.ended.is_none()).count();
        assert_eq!((open, unended, sessions.total), (16, 16, 16), "no write is lost");
    }
}
