//! One observation of one service: the stored state, the judge, and the rows that follow from it.

use super::feed::{self, Unwritten};
use super::row::{collect, name_of};
use super::{deferred_index, state};
use crate::model::{Change, ServiceChange};
use crate::port::{Applied, Result};
use imsys_domain::presence::{
    Event, Judgement, Observation, Outcome, Presence, Repeats, SessionChange, Source, Stranger, judge,
    judge_stranger,
};
use imsys_domain::{RouterId, ServiceId, SessionId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use uuid::Uuid;

/// One report, and who waits for what became of it.
pub(super) struct Report {
    pub(super) tenant: [u8; 16],
    pub(super) router: RouterId,
    pub(super) user: String,
    pub(super) observation: Observation,
    pub(super) tell: oneshot::Sender<Result<Applied>>,
}

/// Names listed as unknown per router; a scanner cannot fill the disk.
pub(super) const UNKNOWN_MOST: i64 = 5_000;
pub(super) const HOUR_MS: i64 = 3_600_000;

/// A service as the judge needs it.
pub(crate) struct Stored {
    pub(super) n: i64,
    pub(super) id: ServiceId,
    pub(super) rev: i64,
    pub(super) router: RouterId,
    pub(super) username: String,
    pub(crate) presence: Presence,
    /// `presence` as it is stored.
    pub(super) bytes: Vec<u8>,
}

const STORED: &str =
    "SELECT n, id, rev, router, label, presence FROM services WHERE archived = 0 AND tenant = ?1";

/// By position: this is read with every webhook.
fn read_stored(row: &Row<'_>) -> Result<Stored> {
    let bytes: Vec<u8> = row.get(5)?;
    Ok(Stored {
        n: row.get(0)?,
        id: ServiceId(Uuid::from_bytes(row.get(1)?)),
        rev: row.get(2)?,
        router: RouterId(Uuid::from_bytes(row.get(3)?)),
        username: row.get(4)?,
        presence: state::read(&bytes)?,
        bytes,
    })
}

pub(super) fn load(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    user: &str,
) -> Result<Option<Stored>> {
    static SQL: LazyLock<String> = LazyLock::new(|| format!("{STORED} AND router = ?2 AND key = ?3"));
    let mut statement = conn.prepare_cached(&SQL)?;
    let key = format!("ppp:{user}");
    statement
        .query_row(params![tenant, router.0.as_bytes(), key], |row| Ok(read_stored(row)))
        .optional()?
        .transpose()
}

/// The same by id; for what people do to a service.
pub(crate) fn load_by_id(conn: &Connection, tenant: &[u8; 16], id: ServiceId) -> Result<Stored> {
    let mut statement = conn.prepare_cached(&format!("{STORED} AND id = ?2"))?;
    statement.query_row(params![tenant, id.0.as_bytes()], |row| Ok(read_stored(row)))?
}

/// The PPPoE services of a router.
pub(super) fn load_all(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<Vec<Stored>> {
    let mut statement = conn.prepare_cached(&format!("{STORED} AND router = ?2 AND kind = 'pppoe'"))?;
    collect(statement.query(params![tenant, router.0.as_bytes()])?, read_stored)
}

/// Whether a `/ppp/active/listen` of the tenant's router is being read; no such router is
/// [`StoreError::NotFound`].
pub(super) fn is_listening(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<bool> {
    let sql = "SELECT listening = 'on' FROM routers WHERE id = ?1 AND tenant = ?2 AND archived = 0";
    Ok(conn.prepare_cached(sql)?.query_row(params![router.0.as_bytes(), tenant], |row| row.get(0))?)
}

/// Takes one observation about a user, registered or not.
pub(super) fn observe(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    user: &str,
    observation: Observation,
    group: &mut Group,
) -> Result<Applied> {
    let listening = group.is_listening(conn, tenant, router)?;
    if observation.is_hook() {
        group.count_hook(router, observation.at());
    }
    if let Some(stored) = load(conn, tenant, router, user)? {
        let at = observation.at();
        let (stored, mut judgement) = decide(stored, observation, listening);
        judgement.event = judgement.event.filter(|event| group.records(router, user, event));
        let applied = settle(conn, tenant, &stored, judgement)?;
        group.changes.note(*tenant, at, &applied);
        return Ok(applied);
    }
    let Stranger { event, listed } = judge_stranger(&observation);
    if let Some(event) = event.filter(|event| group.records(router, user, event)) {
        write_event(
            &mut *conn.prepare_cached(EVENT)?,
            &Subject { tenant, router, service: None, username: user },
            &event,
        )?;
    }
    if let Some((at, source)) = listed {
        note_unknown(conn, tenant, router, user, at, source)?;
    }
    Ok(Applied::UnknownUser)
}

/// Judges one observation about a stored service and writes what follows from it.
pub(super) fn apply(
    conn: &Connection,
    tenant: &[u8; 16],
    stored: Stored,
    observation: Observation,
    listening: bool,
) -> Result<Applied> {
    let (stored, judgement) = decide(stored, observation, listening);
    settle(conn, tenant, &stored, judgement)
}

/// Lets the judge have the state of a stored service.
fn decide(mut stored: Stored, observation: Observation, listening: bool) -> (Stored, Judgement) {
    let presence = std::mem::replace(&mut stored.presence, Presence::unknown(observation.at()));
    let judgement = judge(presence, observation, listening, &mut fresh_session);
    (stored, judgement)
}

/// Writes what the judge decided of a stored service.
pub(super) fn settle(
    conn: &Connection,
    tenant: &[u8; 16],
    stored: &Stored,
    judgement: Judgement,
) -> Result<Applied> {
    let Judgement { outcome, before, state, keeps, changes, event, ask } = judgement;
    save_sessions(conn, tenant, stored, &changes)?;
    if let Some(event) = event {
        write_event(&mut *conn.prepare_cached(EVENT)?, &stored.subject(tenant), &event)?;
    }
    let rev = if keeps { save_state(conn, stored, &state)? } else { stored.rev };
    let change = (outcome == Outcome::Applied).then(|| ServiceChange::new(stored.id, rev, before, &state));
    Ok(Applied::Known { outcome, change, ask })
}

/// Writes the state if it differs from the stored one; the service's `rev`.
pub(crate) fn save_state(conn: &Connection, stored: &Stored, state: &Presence) -> Result<i64> {
    let bytes = state::write(state)?;
    if bytes == stored.bytes {
        return Ok(stored.rev);
    }
    write_state(&mut *conn.prepare_cached(STATE)?, stored.n, stored.rev + 1, state, &bytes)?;
    Ok(stored.rev + 1)
}

/// Writes a state.
pub(super) const STATE: &str = "UPDATE services SET rev = ?7, status = ?2, since = ?3, confirmed = ?4, source = ?5, presence = ?6 WHERE n = ?1";

/// Writes the state of the service with the number `n` with [`STATE`]; `bytes` is the same state as it is stored.
pub(super) fn write_state(
    update: &mut Statement<'_>,
    n: i64,
    rev: i64,
    state: &Presence,
    bytes: &[u8],
) -> Result<()> {
    update.execute(params![
        n,
        name_of(&state.status)?,
        state.since.millis(),
        state.confirmed.map(Timestamp::millis),
        state.source.map(|s| name_of(&s)).transpose()?,
        bytes,
        rev,
    ])?;
    Ok(())
}

/// Writes what changed about sessions.
pub(crate) fn save_sessions(
    conn: &Connection,
    tenant: &[u8; 16],
    stored: &Stored,
    changes: &[SessionChange],
) -> Result<()> {
    for change in changes {
        match change {
            SessionChange::Put(session) => conn
                .prepare_cached(
                    "INSERT INTO sessions (id, tenant, service, router, username, mac, address, started, source)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                     ON CONFLICT DO UPDATE SET mac = ?6, address = ?7, started = ?8, ended = NULL, cause = NULL,
                       is_indexed = is_indexed AND mac IS ?6",
                )?
                .execute(params![
                    session.id.0.as_bytes(),
                    tenant,
                    stored.id.0.as_bytes(),
                    stored.router.0.as_bytes(),
                    stored.username,
                    session.endpoint.mac.as_ref().map(|mac| mac.to_uppercase()),
                    session.endpoint.address,
                    session.started.millis(),
                    name_of(&session.by)?,
                ])?,
            SessionChange::End { id, at, cause } => conn
                .prepare_cached("UPDATE sessions SET ended = ?2, cause = ?3 WHERE id = ?1")?
                .execute(params![id.0.as_bytes(), at.millis(), name_of(cause)?])?,
        };
    }
    Ok(())
}

/// The id of a session; the system is asked for random numbers once for many.
pub(super) fn fresh_session(started: Timestamp) -> SessionId {
    const MANY: usize = 64;
    thread_local! { static RANDOM: RefCell<Vec<[u8; 10]>> = const { RefCell::new(Vec::new()) } }
    let random = RANDOM.with_borrow_mut(|left| {
        left.pop().unwrap_or_else(|| {
            let mut random = [[0; 10]; MANY];
            getrandom::fill(random.as_flattened_mut()).expect("the operating system has random numbers");
            let [first, more @ ..] = random;
            left.extend(more);
            first
        })
    });
    SessionId::new(started, random)
}

/// Writes an event.
pub(super) const EVENT: &str = "INSERT INTO presence_events
   (tenant, at, router, service, username, source, kind, alias, outcome, status)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// The user that an event is about.
pub(super) struct Subject<'a> {
    pub(super) tenant: &'a [u8; 16],
    pub(super) router: RouterId,
    /// `None`: nobody registered the name.
    pub(super) service: Option<ServiceId>,
    pub(super) username: &'a str,
}

impl Stored {
    pub(super) fn subject<'a>(&'a self, tenant: &'a [u8; 16]) -> Subject<'a> {
        Subject { tenant, router: self.router, service: Some(self.id), username: &self.username }
    }
}

/// Writes an event with [`EVENT`].
pub(super) fn write_event(insert: &mut Statement<'_>, of: &Subject<'_>, event: &Event) -> Result<()> {
    insert.execute(params![
        of.tenant,
        event.at.millis(),
        of.router.0.as_bytes(),
        of.service.as_ref().map(|id| id.0.as_bytes()),
        of.username,
        name_of(&event.source)?,
        name_of(&event.kind)?,
        event.alias,
        name_of(&event.outcome)?,
        event.status.map(|s| name_of(&s)).transpose()?,
    ])?;
    Ok(())
}

/// Which webhooks are recorded, as far as is known here.
#[derive(Clone, Default)]
pub(super) struct Recorded(Arc<Mutex<Repeats>>);

impl Recorded {
    /// Whether this one is to be written.
    pub(super) fn records(&self, router: RouterId, user: &str, event: &Event) -> bool {
        let is_hook = event.source == Source::Webhook;
        !is_hook || self.lock().is_new(router, user, event)
    }

    /// What was to be written was not.
    pub(super) fn forget(&self) {
        self.lock().forget();
    }

    fn lock(&self) -> MutexGuard<'_, Repeats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same while events are being written: dropped before they are, it forgets.
#[derive(Default)]
struct Recording {
    recorded: Recorded,
    is_written: bool,
}

impl Drop for Recording {
    fn drop(&mut self) {
        if !self.is_written {
            self.recorded.forget();
        }
    }
}

/// What observations that are judged in one savepoint share.
#[derive(Default)]
pub(super) struct Group {
    recording: Recording,
    listening: HashMap<([u8; 16], RouterId), bool>,
    /// What others are told of it.
    pub(super) changes: Unwritten,
    /// Webhooks by router and hour: when the last one came, and how many; written once.
    hooks: HashMap<(RouterId, i64), (Timestamp, u64)>,
}

impl Group {
    pub(super) fn new(recorded: Recorded) -> Self {
        Self { recording: Recording { recorded, is_written: false }, ..Self::default() }
    }

    fn records(&self, router: RouterId, user: &str, event: &Event) -> bool {
        self.recording.recorded.records(router, user, event)
    }

    pub(super) fn is_listening(
        &mut self,
        conn: &Connection,
        tenant: &[u8; 16],
        router: RouterId,
    ) -> Result<bool> {
        match self.listening.entry((*tenant, router)) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => Ok(*place.insert(is_listening(conn, tenant, router)?)),
        }
    }

    pub(super) fn count_hook(&mut self, router: RouterId, at: Timestamp) {
        let (last, count) = self.hooks.entry((router, at.millis().div_euclid(HOUR_MS))).or_insert((at, 0));
        *last = at.max(*last);
        *count += 1;
    }

    /// Writes what was counted, and what changed.
    pub(super) fn write(&mut self, conn: &Connection) -> Result<()> {
        for ((router, hour), (last, received)) in &self.hooks {
            count_hooks(conn, *router, *hour, Some(*last), *received, 0)?;
        }
        self.changes.write(conn)
    }

    /// The same, and files what there is much of.
    pub(super) fn end(mut self, conn: &Connection) -> Result<()> {
        self.write(conn)?;
        deferred_index::index_if_many(conn)?;
        self.recording.is_written = true;
        Ok(())
    }
}

pub(super) fn count_hooks(
    conn: &Connection,
    router: RouterId,
    hour: i64,
    last: Option<Timestamp>,
    received: u64,
    refused: u64,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO hook_counts (router, hour, last, received, refused) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET last = max(coalesce(last, ?3), coalesce(?3, last)),
           received = received + ?4, refused = refused + ?5",
    )?
    .execute(params![router.0.as_bytes(), hour, last.map(Timestamp::millis), received, refused])?;
    Ok(())
}

/// Lists a name that nobody registered; at most [`UNKNOWN_MOST`] a router.
pub(super) fn note_unknown(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    user: &str,
    at: Timestamp,
    source: Source,
) -> Result<()> {
    note_unknowns(conn, tenant, router, [user], at, source)
}

/// The same for many. How many are listed already is counted once.
pub(super) fn note_unknowns<'a>(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    users: impl IntoIterator<Item = &'a str>,
    at: Timestamp,
    source: Source,
) -> Result<()> {
    let (router, source) = (router.0.as_bytes(), name_of(&source)?);
    let (mut listed, mut is_news) = (None, false);
    for user in users {
        let known = conn
            .prepare_cached(
                "UPDATE unknown_users SET last = ?3, count = count + 1, source = ?4 WHERE router = ?1 AND username = ?2",
            )?
            .execute(params![router, user, at.millis(), source])?;
        if known > 0 {
            continue;
        }
        let count = match listed {
            Some(count) => count,
            None => conn
                .prepare_cached("SELECT count(*) FROM unknown_users WHERE router = ?1")?
                .query_row([router], |row| row.get::<_, i64>(0))?,
        };
        if count < UNKNOWN_MOST {
            conn.prepare_cached(
                "INSERT INTO unknown_users (tenant, router, username, first, last, count, source)
                 VALUES (?1, ?2, ?3, ?4, ?4, 1, ?5)",
            )?
            .execute(params![tenant, router, user, at.millis(), source])?;
            is_news = true;
        }
        listed = Some(count + 1);
    }
    if is_news {
        feed::append(conn, tenant, at, &[Change::UnknownUsers(RouterId(Uuid::from_bytes(*router)))])
    } else {
        Ok(())
    }
}
