//! Presence: read the state, let the judge decide, write decision, event and sessions in one unit.

use super::db::Lane;
use super::evidence::{self, Newest};
use super::exist::must_be_theirs;
use super::feed;
use super::observe::Report;
use super::observe::{HOUR_MS, UNKNOWN_MOST, apply, load, load_all, note_unknowns, observe};
use super::routers;
use super::row::{collect, uuid, uuid_or_null, word};
use super::{SqliteTenant, deferred_index, state, trend};
use crate::model::{Change, HookCounts, ServiceChange, StatusCounts, StatusEvent, UnknownUser};
use crate::port::{Applied, HookReport, Presences, Result, StoreError, SweepApplied};
use async_trait::async_trait;
use imsys_domain::presence::{Loss, Observation, Presence, Source, Sweep, judge, judge_loss};
use imsys_domain::trend::{Range, Tally};
use imsys_domain::{RouterId, ServiceId, SessionId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::oneshot;

pub(super) use super::observe::{Group, count_hooks, is_listening, load_by_id, settle};

/// Services judged in one bulk request, so that interactive writes never wait long.
pub(super) const CHUNK: usize = 256;

/// What a sweep would come to.
#[derive(Default)]
struct Preview {
    /// Names of services that it changes.
    changing: Vec<String>,
    /// Names that nobody registered.
    unknown: Vec<String>,
    /// Users whom the router should be asked about, and when.
    asks: Vec<(String, Timestamp)>,
}

fn preview(conn: &Connection, tenant: &[u8; 16], router: RouterId, sweep: &Sweep) -> Result<Preview> {
    let listening = is_listening(conn, tenant, router)?;
    let mut unknown: HashSet<&String> = sweep.rows.keys().collect();
    let mut preview = Preview::default();
    for stored in load_all(conn, tenant, router)? {
        unknown.remove(&stored.username);
        let Some(table) = sweep.of(&stored.username) else { continue };
        let judgement = judge(stored.presence, table, listening, &mut |at| SessionId::new(at, [0; 10]));
        preview.asks.extend(judgement.ask.map(|at| (stored.username.clone(), at)));
        if judgement.keeps {
            preview.changing.push(stored.username);
        }
    }
    preview.asks.sort_unstable();
    preview.unknown = unknown.into_iter().cloned().collect();
    Ok(preview)
}

fn apply_each(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    users: &[String],
    sweep: &Sweep,
) -> Result<Vec<ServiceChange>> {
    let listening = is_listening(conn, tenant, router)?;
    let mut changes = Vec::new();
    for user in users {
        if let (Some(stored), Some(table)) = (load(conn, tenant, router, user)?, sweep.of(user)) {
            changes.extend(apply(conn, tenant, stored, table, listening)?.change());
        }
    }
    feed::append_services(conn, tenant, sweep.began, &changes)?;
    deferred_index::index_if_many(conn)?;
    Ok(changes)
}

/// Nobody can say how the services of a router are since `at`.
pub(super) async fn lose_all(
    store: &SqliteTenant,
    router: RouterId,
    loss: Loss,
    at: Timestamp,
) -> Result<Vec<ServiceChange>> {
    let ids: Vec<ServiceId> = store
        .read(move |conn, tenant| {
            must_be_theirs(conn, tenant, router)?;
            let sql = "SELECT id FROM services WHERE router = ?1 AND archived = 0 AND tenant = ?2
                         AND status <> 'unknown' AND (?3 OR kind <> 'pppoe')";
            let mut statement = conn.prepare_cached(sql)?;
            collect(statement.query(params![router.0.as_bytes(), tenant, loss == Loss::Router])?, |row| {
                Ok(ServiceId(uuid(row, "id")?))
            })
        })
        .await?;
    let mut changes = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let ids = chunk.to_vec();
        let done = store.write(Lane::Bulk, move |conn, tenant| {
            let (mut changes, mut newest) = (Vec::new(), Newest::default());
            for id in ids {
                match load_by_id(conn, tenant, id) {
                    Ok(mut stored) if stored.router == router => {
                        let Presence { status, since, .. } = stored.presence;
                        if let Some(seen) = newest.of(conn, router, id, (status, since))? {
                            stored.presence.clone_from(seen);
                        }
                        let presence = std::mem::replace(&mut stored.presence, Presence::unknown(at));
                        if let Some(judgement) = judge_loss(presence, loss, at) {
                            changes.extend(settle(conn, tenant, &stored, judgement)?.change());
                        }
                    }
                    // Moved or archived meanwhile.
                    Ok(_) | Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            evidence::outdate(conn, router)?;
            feed::append_services(conn, tenant, at, &changes)?;
            deferred_index::index_if_many(conn)?;
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
        told.await.unwrap_or_else(|_| Err(self.db.why_not_begun()))
    }

    async fn apply_presences(
        &self,
        router: RouterId,
        batch: Vec<(String, Observation)>,
    ) -> Result<Vec<Applied>> {
        let recorded = self.db.journal.recorded();
        self.write(Lane::Interactive, move |conn, tenant| {
            let mut group = Group::new(recorded);
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
        let (began, sweep) = (sweep.began, Arc::new(sweep));
        let table = Arc::clone(&sweep);
        let Preview { changing, unknown, asks } =
            self.read(move |conn, tenant| preview(conn, tenant, router, &table)).await?;
        let mut applied = SweepApplied { changes: Vec::new(), unknown: unknown.len(), asks };
        for chunk in changing.chunks(CHUNK) {
            let (users, table) = (chunk.to_vec(), Arc::clone(&sweep));
            let done =
                self.write(Lane::Bulk, move |conn, tenant| apply_each(conn, tenant, router, &users, &table));
            applied.changes.extend(done.await?);
        }
        for chunk in unknown.chunks(CHUNK).take((UNKNOWN_MOST as usize).div_ceil(CHUNK)) {
            let users = chunk.to_vec();
            let noted = self.write(Lane::Bulk, move |conn, tenant| {
                let mut strangers = Vec::new();
                for user in &users {
                    // It may have been registered meanwhile.
                    if load(conn, tenant, router, user)?.is_none() {
                        strangers.push(user.as_str());
                    }
                }
                note_unknowns(conn, tenant, router, strangers, began, Source::Sweep)
            });
            noted.await?;
        }
        self.write(Lane::Bulk, move |conn, tenant| {
            conn.prepare_cached(
                "UPDATE routers SET swept = ?3, rev = rev + 1 WHERE id = ?1 AND tenant = ?2",
            )?
            .execute(params![router.0.as_bytes(), tenant, began.millis()])?;
            routers::tell(conn, tenant, router, began).map(|_| ())
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
            must_be_theirs(conn, tenant, router)?;
            let mut lost = routers::get(conn, tenant, router)?;
            if lost.lost(at, &reason) {
                trend::lost(conn, router, at, &reason)?;
            }
            routers::put(conn, &lost)?;
            routers::tell(conn, tenant, router, at).map(|_| ())
        })
        .await?;
        lose_all(self, router, Loss::Router, at).await
    }

    async fn presence(&self, service: ServiceId) -> Result<Presence> {
        self.glance(move |conn, tenant| {
            let sql = "SELECT router, presence FROM services WHERE id = ?1 AND tenant = ?2";
            let read = |row: &Row<'_>| Ok::<_, StoreError>((RouterId(uuid(row, "router")?), state::of(row)?));
            let (router, own) = conn
                .prepare_cached(sql)?
                .query_row(params![service.0.as_bytes(), tenant], |row| Ok(read(row)))??;
            let mut newest = Newest::default();
            Ok(newest.of(conn, router, service, (own.status, own.since))?.cloned().unwrap_or(own))
        })
        .await
    }

    async fn count_hook(&self, router: RouterId, at: Timestamp, report: HookReport) -> Result<()> {
        self.write(Lane::Interactive, move |conn, tenant| {
            must_be_theirs(conn, tenant, router)?;
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
            must_be_theirs(conn, tenant, router)?;
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
                trend::add_counted(&mut counts, row)?;
            }
            Ok(counts)
        })
        .await
    }

    async fn trend(&self, range: Range, to: Timestamp) -> Result<Vec<Tally>> {
        self.read(move |conn, tenant| trend::tallies(conn, tenant, range, to)).await
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
            let before = deferred_index::both(
                "max(at) AS at",
                "presence_events",
                &format!("{of_service} AND at < ?3"),
            );
            let events = deferred_index::both(
                "*",
                "presence_events",
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
        let (user, at) = (user.to_owned(), self.actor.at);
        self.write(Lane::Interactive, move |conn, tenant| {
            let sql = "DELETE FROM unknown_users WHERE router = ?1 AND tenant = ?2 AND username = ?3";
            match conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), tenant, user])? {
                0 => Err(StoreError::NotFound),
                _ => feed::append(conn, tenant, at, &[Change::UnknownUsers(router)]),
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
