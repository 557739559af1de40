//! Presence: read the state, let the judge decide, write decision, event and sessions in one unit.

use super::db::Lane;
use super::reports::Report;
use super::routers;
use super::row::{collect, name_of, uuid, uuid_or_null, word};
use super::{SqliteTenant, filing, state};
use crate::model::{HookCounts, ServiceChange, StatusCounts, StatusEvent, UnknownUser};
use crate::port::{Applied, HookReport, Presences, Result, StoreError, Sweep, SweepApplied};
use async_trait::async_trait;
use imsys_domain::presence::{
    HookKey, Judgement, Observation, Outcome, Presence, SessionChange, Source, Status, judge,
};
use imsys_domain::service::Kind;
use imsys_domain::{RouterId, ServiceId, SessionId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Services judged in one bulk request, so that interactive writes never wait long.
pub(super) const CHUNK: usize = 256;
/// Names listed as unknown per router; a scanner cannot fill the disk.
const UNKNOWN_MOST: i64 = 5_000;
const HOUR_MS: i64 = 3_600_000;

/// A service as the judge needs it.
pub(crate) struct Stored {
    n: i64,
    id: ServiceId,
    rev: i64,
    pub(super) router: RouterId,
    username: String,
    pub(crate) presence: Presence,
    /// `presence` as it is stored.
    bytes: Vec<u8>,
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

fn load(conn: &Connection, tenant: &[u8; 16], router: RouterId, user: &str) -> Result<Option<Stored>> {
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
fn load_all(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<Vec<Stored>> {
    let mut statement = conn.prepare_cached(&format!("{STORED} AND router = ?2 AND kind = 'pppoe'"))?;
    collect(statement.query(params![tenant, router.0.as_bytes()])?, read_stored)
}

/// Whether a `/ppp/active/listen` of the tenant's router is being read; no such router is
/// [`StoreError::NotFound`].
pub(super) fn is_listening(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<bool> {
    let sql = "SELECT listening FROM routers WHERE id = ?1 AND tenant = ?2 AND archived = 0";
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
    let record = Record::of(&observation);
    if record.is_hook {
        group.count_hook(router, record.at);
    }
    if let Some(stored) = load(conn, tenant, router, user)? {
        return apply(conn, tenant, stored, observation, listening);
    }
    if record.is_hook {
        record.write(conn, tenant, router, None, user, Outcome::Stale, None)?;
    }
    let speaks = !matches!(&observation, Observation::Table { rows, .. } if rows.is_empty());
    if speaks {
        note_unknown(conn, tenant, router, user, record.at, record.source)?;
    }
    Ok(Applied::UnknownUser)
}

/// Judges one observation about a stored service and writes what follows from it.
fn apply(
    conn: &Connection,
    tenant: &[u8; 16],
    mut stored: Stored,
    observation: Observation,
    listening: bool,
) -> Result<Applied> {
    let record = Record::of(&observation);
    let before = stored.presence.status;
    let presence = std::mem::replace(&mut stored.presence, Presence::unknown(record.at));
    let judgement = judge(presence, observation, listening, &mut fresh_session);
    settle(conn, tenant, &stored, before, &record, judgement)
}

/// Writes what the judge decided of a stored service whose status was `before`.
pub(super) fn settle(
    conn: &Connection,
    tenant: &[u8; 16],
    stored: &Stored,
    before: Status,
    record: &Record,
    judgement: Judgement,
) -> Result<Applied> {
    let Judgement { outcome, state, changes, ask } = judgement;
    save_sessions(conn, tenant, stored, &changes)?;
    if record.is_hook || outcome == Outcome::Applied {
        let status = (state.status != before).then_some(state.status);
        record.write(conn, tenant, stored.router, Some(stored.id), &stored.username, outcome, status)?;
    }
    // A double confirms, which is not worth a write for each; a check brings evidence every time.
    let writes = outcome != Outcome::Duplicate || state.checked.is_some();
    let rev = if writes { save_state(conn, stored, &state)? } else { stored.rev };
    let change = (outcome == Outcome::Applied).then(|| ServiceChange::new(stored.id, rev, before, &state));
    Ok(Applied::Known { outcome, change, ask })
}

/// Writes the state if it differs from the stored one; the service's `rev`.
pub(crate) fn save_state(conn: &Connection, stored: &Stored, state: &Presence) -> Result<i64> {
    let bytes = state::write(state)?;
    if bytes == stored.bytes {
        return Ok(stored.rev);
    }
    conn.prepare_cached(
        "UPDATE services SET rev = rev + 1, status = ?2, since = ?3, confirmed = ?4, source = ?5, presence = ?6
         WHERE n = ?1",
    )?
    .execute(params![
        stored.n,
        name_of(&state.status)?,
        state.since.millis(),
        state.confirmed.map(Timestamp::millis),
        state.source.map(|s| name_of(&s)).transpose()?,
        bytes,
    ])?;
    Ok(stored.rev + 1)
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
                     ON CONFLICT DO UPDATE SET mac = ?6, address = ?7, started = ?8, ended = NULL, cause = NULL",
                )?
                .execute(params![
                    session.id.0.as_bytes(),
                    tenant,
                    stored.id.0.as_bytes(),
                    stored.router.0.as_bytes(),
                    stored.username,
                    session.line.mac.as_ref().map(|mac| mac.to_uppercase()),
                    session.line.address,
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

fn fresh_session(started: Timestamp) -> SessionId {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the operating system has random numbers");
    SessionId::new(started, random)
}

/// What is recorded of an observation.
pub(super) struct Record {
    at: Timestamp,
    source: Source,
    kind: &'static str,
    alias: Option<String>,
    /// A webhook is counted, and recorded even when it changes nothing.
    is_hook: bool,
}

impl Record {
    /// Of a check of a static line that came to what `source` says.
    pub(super) const fn of_check(at: Timestamp, source: Source) -> Self {
        Self { at, source, kind: "check", alias: None, is_hook: false }
    }

    fn of(observation: &Observation) -> Self {
        let hook = |at: &Timestamp, kind, key: &Option<HookKey>| Self {
            at: *at,
            source: Source::Webhook,
            kind,
            alias: key.as_ref().map(|key| key.0.clone()),
            is_hook: true,
        };
        let seen = |at: &Timestamp, source, kind, alias: Option<&String>| Self {
            at: *at,
            source,
            kind,
            alias: alias.cloned(),
            is_hook: false,
        };
        match observation {
            Observation::HookUp { at, key, .. } => hook(at, "up", key),
            Observation::HookDown { at, key } => hook(at, "down", key),
            Observation::RowSeen { at, row } => seen(at, Source::Listen, "seen", Some(&row.key.id)),
            Observation::RowGone { at, id } => seen(at, Source::Listen, "gone", Some(id)),
            Observation::Table { began, .. } => seen(began, Source::Sweep, "table", None),
            Observation::Blind { at } => seen(at, Source::Router, "blind", None),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one column each")]
    fn write(
        &self,
        conn: &Connection,
        tenant: &[u8; 16],
        router: RouterId,
        service: Option<ServiceId>,
        username: &str,
        outcome: Outcome,
        status: Option<Status>,
    ) -> Result<()> {
        let outcome = match outcome {
            Outcome::Applied => "applied",
            Outcome::Duplicate => "duplicate",
            Outcome::Stale => "stale",
        };
        conn.prepare_cached(
            "INSERT INTO presence_events (tenant, at, router, service, username, source, kind, alias, outcome, status)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            tenant,
            self.at.millis(),
            router.0.as_bytes(),
            service.map(|id| *id.0.as_bytes()),
            username,
            name_of(&self.source)?,
            self.kind,
            self.alias,
            outcome,
            status.map(|s| name_of(&s)).transpose()?,
        ])?;
        Ok(())
    }
}

/// What observations that are judged in one savepoint share.
#[derive(Default)]
pub(super) struct Group {
    listening: HashMap<([u8; 16], RouterId), bool>,
    /// Webhooks by router and hour: when the last one came, and how many; written once.
    hooks: HashMap<(RouterId, i64), (Timestamp, u64)>,
}

impl Group {
    fn is_listening(&mut self, conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<bool> {
        match self.listening.entry((*tenant, router)) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => Ok(*place.insert(is_listening(conn, tenant, router)?)),
        }
    }

    fn count_hook(&mut self, router: RouterId, at: Timestamp) {
        let (last, count) = self.hooks.entry((router, at.millis().div_euclid(HOUR_MS))).or_insert((at, 0));
        *last = at.max(*last);
        *count += 1;
    }

    /// Writes what was counted, and files what there is much of.
    pub(super) fn end(self, conn: &Connection) -> Result<()> {
        for ((router, hour), (last, received)) in self.hooks {
            count_hooks(conn, router, hour, Some(last), received, 0)?;
        }
        filing::file_if_many(conn)
    }
}

pub(crate) fn count_hooks(
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
fn note_unknown(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    user: &str,
    at: Timestamp,
    source: Source,
) -> Result<()> {
    let source = name_of(&source)?;
    let known = conn
        .prepare_cached(
            "UPDATE unknown_users SET last = ?3, count = count + 1, source = ?4 WHERE router = ?1 AND username = ?2",
        )?
        .execute(params![router.0.as_bytes(), user, at.millis(), source])?;
    if known == 0 {
        conn.prepare_cached(
            "INSERT INTO unknown_users (tenant, router, username, first, last, count, source)
             SELECT ?1, ?2, ?3, ?4, ?4, 1, ?5
             WHERE (SELECT count(*) FROM unknown_users WHERE router = ?2) < ?6",
        )?
        .execute(params![tenant, router.0.as_bytes(), user, at.millis(), source, UNKNOWN_MOST])?;
    }
    Ok(())
}

fn table_of(sweep: &Sweep, user: &str) -> Observation {
    let rows = sweep.rows.get(user).cloned().unwrap_or_default();
    Observation::Table { began: sweep.began, rows, booted: sweep.booted, denies: sweep.denies }
}

/// The names that a sweep would change, and the names that nobody registered.
fn preview(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    sweep: &Sweep,
) -> Result<(Vec<String>, Vec<String>)> {
    let listening = is_listening(conn, tenant, router)?;
    let mut unknown: HashSet<&String> = sweep.rows.keys().collect();
    let mut changing = Vec::new();
    for stored in load_all(conn, tenant, router)? {
        unknown.remove(&stored.username);
        if sweep.spared.contains(&stored.username) {
            continue;
        }
        let table = table_of(sweep, &stored.username);
        let judgement = judge(stored.presence, table, listening, &mut |at| SessionId::new(at, [0; 10]));
        if judgement.outcome == Outcome::Applied {
            changing.push(stored.username);
        }
    }
    Ok((changing, unknown.into_iter().cloned().collect()))
}

fn apply_each(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    users: &[String],
    observe: impl Fn(&str) -> Observation,
) -> Result<Vec<ServiceChange>> {
    let listening = is_listening(conn, tenant, router)?;
    let mut changes = Vec::new();
    for user in users {
        if let Some(stored) = load(conn, tenant, router, user)?
            && let Applied::Known { change: Some(change), .. } =
                apply(conn, tenant, stored, observe(user), listening)?
        {
            changes.push(change);
        }
    }
    filing::file_if_many(conn)?;
    Ok(changes)
}

/// Nobody can say how the router's lines are, or those of one kind, since `at`.
pub(super) async fn blind_all(
    store: &SqliteTenant,
    router: RouterId,
    kind: Option<Kind>,
    at: Timestamp,
) -> Result<Vec<ServiceChange>> {
    let ids: Vec<ServiceId> = store
        .read(move |conn, tenant| {
            is_listening(conn, tenant, router)?;
            let sql = "SELECT id FROM services WHERE router = ?1 AND archived = 0 AND tenant = ?2
                         AND status <> 'unknown' AND (?3 IS NULL OR kind = ?3)";
            let kind = kind.map(|kind| name_of(&kind)).transpose()?;
            let mut statement = conn.prepare_cached(sql)?;
            collect(statement.query(params![router.0.as_bytes(), tenant, kind])?, |row| {
                Ok(ServiceId(uuid(row, "id")?))
            })
        })
        .await?;
    let mut changes = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let ids = chunk.to_vec();
        let done = store.write(Lane::Bulk, move |conn, tenant| {
            let mut changes = Vec::new();
            for id in ids {
                match load_by_id(conn, tenant, id) {
                    Ok(stored) if stored.router == router => {
                        let applied = apply(conn, tenant, stored, Observation::Blind { at }, false)?;
                        changes.extend(applied.change());
                    }
                    // Moved or archived meanwhile.
                    Ok(_) | Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            filing::file_if_many(conn)?;
            Ok(changes)
        });
        changes.extend(done.await?);
    }
    Ok(changes)
}

#[async_trait]
impl Presences for SqliteTenant {
    async fn apply_presence(
        &self,
        router: RouterId,
        user: &str,
        observation: Observation,
    ) -> Result<Applied> {
        let (tell, told) = oneshot::channel();
        let report = Report { tenant: self.tenant, router, user: user.to_owned(), observation, tell };
        self.reports.submit(&self.db, report)?;
        // Nobody tells of a request that was not begun.
        told.await.unwrap_or(Err(StoreError::Busy))
    }

    async fn apply_presences(
        &self,
        router: RouterId,
        batch: Vec<(String, Observation)>,
    ) -> Result<Vec<Applied>> {
        self.write(Lane::Interactive, move |conn, tenant| {
            let mut group = Group::default();
            let judged = batch
                .into_iter()
                .map(|(user, told)| observe(conn, tenant, router, &user, told, &mut group))
                .collect::<Result<_>>()?;
            group.end(conn)?;
            Ok(judged)
        })
        .await
    }

    async fn apply_sweep(&self, router: RouterId, sweep: Sweep) -> Result<SweepApplied> {
        let (began, sweep) = (sweep.began, std::sync::Arc::new(sweep));
        let table = std::sync::Arc::clone(&sweep);
        let (changing, unknown) =
            self.read(move |conn, tenant| preview(conn, tenant, router, &table)).await?;
        let mut applied = SweepApplied { changes: Vec::new(), unknown: unknown.len() };
        for chunk in changing.chunks(CHUNK) {
            let (users, table) = (chunk.to_vec(), std::sync::Arc::clone(&sweep));
            let done = self.write(Lane::Bulk, move |conn, tenant| {
                apply_each(conn, tenant, router, &users, |user| table_of(&table, user))
            });
            applied.changes.extend(done.await?);
        }
        self.write(Lane::Bulk, move |conn, tenant| {
            for user in unknown.iter().take(UNKNOWN_MOST as usize) {
                note_unknown(conn, tenant, router, user, began, Source::Sweep)?;
            }
            conn.prepare_cached(
                "UPDATE routers SET swept = ?3, rev = rev + 1 WHERE id = ?1 AND tenant = ?2",
            )?
            .execute(params![router.0.as_bytes(), tenant, began.millis()])?;
            Ok(())
        })
        .await?;
        Ok(applied)
    }

    async fn users_with_session(&self, router: RouterId) -> Result<HashSet<String>> {
        self.read(move |conn, tenant| {
            let open = load_all(conn, tenant, router)?.into_iter().filter(|s| !s.presence.open.is_empty());
            Ok(open.map(|s| s.username).collect())
        })
        .await
    }

    async fn router_lost(&self, router: RouterId, at: Timestamp, reason: &str) -> Result<Vec<ServiceChange>> {
        let reason = reason.to_owned();
        self.write(Lane::Interactive, move |conn, tenant| {
            routers::get(conn, tenant, router)?;
            let sql =
                "UPDATE routers SET rev = rev + 1, since = CASE state WHEN 'down' THEN since ELSE ?2 END,
                         state = 'down', reason = ?3, listening = 0 WHERE id = ?1";
            conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), at.millis(), reason])?;
            Ok(())
        })
        .await?;
        blind_all(self, router, None, at).await
    }

    async fn presence(&self, service: ServiceId) -> Result<Presence> {
        self.read(move |conn, tenant| {
            let sql = "SELECT presence FROM services WHERE id = ?1 AND tenant = ?2";
            conn.prepare_cached(sql)?
                .query_row(params![service.0.as_bytes(), tenant], |row| Ok(state::of(row)))?
        })
        .await
    }

    async fn count_hook(&self, router: RouterId, at: Timestamp, report: HookReport) -> Result<()> {
        self.write(Lane::Interactive, move |conn, tenant| {
            is_listening(conn, tenant, router)?;
            let hour = at.millis().div_euclid(HOUR_MS);
            match report {
                HookReport::Received => count_hooks(conn, router, hour, Some(at), 1, 0),
                HookReport::Refused => count_hooks(conn, router, hour, None, 0, 1),
            }
        })
        .await
    }

    async fn hook_counts(&self, router: RouterId, since: Timestamp) -> Result<HookCounts> {
        self.read(move |conn, tenant| {
            routers::get(conn, tenant, router)?;
            let sql = "SELECT (SELECT max(last) FROM hook_counts WHERE router = ?1),
                         coalesce(sum(received), 0), coalesce(sum(refused), 0)
                       FROM hook_counts WHERE router = ?1 AND hour >= ?2";
            let hour = since.millis().div_euclid(HOUR_MS);
            let read = |row: &Row<'_>| {
                Ok(HookCounts {
                    last: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                    received: row.get(1)?,
                    refused: row.get(2)?,
                })
            };
            Ok(conn.prepare_cached(sql)?.query_row(params![router.0.as_bytes(), hour], read)?)
        })
        .await
    }

    async fn status_counts(&self, router: Option<RouterId>) -> Result<StatusCounts> {
        self.read(move |conn, tenant| {
            let router = router.map(|router| *router.0.as_bytes());
            let (index, of_router) = match router {
                Some(_) => ("services_router", "router = ?2"),
                None => ("services_status", "?2 IS NULL"),
            };
            let sql = format!(
                "SELECT status, suspended, count(*) AS many FROM services INDEXED BY {index}
                 WHERE tenant = ?1 AND {of_router} AND archived = 0 GROUP BY status, suspended"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let mut counts = StatusCounts::default();
            let mut rows = statement.query(params![tenant, router])?;
            while let Some(row) = rows.next()? {
                let many: u64 = row.get("many")?;
                match word(row, "status")? {
                    Status::Online => counts.online += many,
                    Status::Offline => counts.offline += many,
                    Status::Unknown => counts.unknown += many,
                }
                if row.get("suspended")? {
                    counts.suspended += many;
                }
            }
            Ok(counts)
        })
        .await
    }

    async fn recent_changes(&self, limit: u32) -> Result<Vec<StatusEvent>> {
        self.read(move |conn, tenant| {
            let sql = format!(
                "{EVENT} FROM presence_events e {NAMES} WHERE e.tenant = ?1 AND e.status IS NOT NULL AND s.archived = 0 ORDER BY e.at DESC, e.n DESC LIMIT ?2"
            );
            collect(conn.prepare_cached(&sql)?.query(params![tenant, limit])?, read_event)
        })
        .await
    }

    async fn timeline(&self, service: ServiceId, from: Timestamp, to: Timestamp) -> Result<Vec<StatusEvent>> {
        self.read(move |conn, tenant| {
            let of_service = "service = ?1 AND status IS NOT NULL";
            let before = filing::both(
                "SELECT max(at) AS at FROM presence_events",
                &format!("{of_service} AND at < ?3"),
            );
            let events = filing::both(
                "SELECT * FROM presence_events",
                &format!("{of_service} AND at < ?4 AND at >= coalesce((SELECT max(at) FROM ({before})), ?3)"),
            );
            let sql = format!(
                "{EVENT} FROM ({events}) e {NAMES} WHERE e.tenant = ?2 ORDER BY e.at, e.n LIMIT 10000"
            );
            let values = params![service.0.as_bytes(), tenant, from.millis(), to.millis()];
            collect(conn.prepare_cached(&sql)?.query(values)?, read_event)
        })
        .await
    }

    async fn unknown_users(&self, router: Option<RouterId>, limit: u32) -> Result<Vec<UnknownUser>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT router, username, first, last, count, source FROM unknown_users
                       WHERE tenant = ?1 AND (?2 IS NULL OR router = ?2) ORDER BY last DESC LIMIT ?3";
            let router = router.map(|r| *r.0.as_bytes());
            collect(conn.prepare_cached(sql)?.query(params![tenant, router, limit])?, read_unknown)
        })
        .await
    }

    async fn forget_unknown_user(&self, router: RouterId, user: &str) -> Result<()> {
        let user = user.to_owned();
        self.write(Lane::Interactive, move |conn, tenant| {
            let sql = "DELETE FROM unknown_users WHERE router = ?1 AND tenant = ?2 AND username = ?3";
            match conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), tenant, user])? {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }
}

/// A name from a row of its table.
pub(crate) fn read_unknown(row: &Row<'_>) -> Result<UnknownUser> {
    Ok(UnknownUser {
        router: RouterId(uuid(row, "router")?),
        username: row.get("username")?,
        first: Timestamp(row.get("first")?),
        last: Timestamp(row.get("last")?),
        count: row.get("count")?,
        source: word(row, "source")?,
    })
}

const EVENT: &str =
    "SELECT e.at, e.service, e.router, e.username, e.status, e.source, s.customer, s.customer_name,
     r.name AS router_name";
const NAMES: &str = "JOIN services s ON s.id = e.service JOIN routers r ON r.id = e.router";

fn read_event(row: &Row<'_>) -> Result<StatusEvent> {
    let name: String = row.get("customer_name")?;
    Ok(StatusEvent {
        at: Timestamp(row.get("at")?),
        service: ServiceId(uuid(row, "service")?),
        router: RouterId(uuid(row, "router")?),
        username: row.get("username")?,
        customer_name: uuid_or_null(row, "customer")?.map(|_| name),
        router_name: row.get("router_name")?,
        status: word(row, "status")?,
        source: word(row, "source")?,
    })
}
