//! Forgetting in small bites: what is older than a tenant keeps, and what has expired.

use super::db::{Db, Lane};
use super::row::{collect, json, uuid};
use super::{deferred_index, feed, trend};
use crate::model::Login;
use crate::port::Result;
use imsys_domain::tenant::Settings;
use imsys_domain::{TenantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// Most rows in one request to the writer: others wait while it runs.
const BITE: usize = 1000;
/// Hours that the counters of webhooks are kept.
const HOOK_HOURS: i64 = 400 * 24;

/// Every tenant's settings.
pub(crate) fn all_settings(conn: &Connection) -> Result<Vec<(TenantId, Settings)>> {
    let mut statement = conn.prepare_cached("SELECT id, settings FROM tenants ORDER BY id")?;
    collect(statement.query([])?, |row| Ok((TenantId(uuid(row, "id")?), json(row, "settings")?)))
}

/// When the newest of what is known was stored; `None` in an empty store.
pub(crate) fn newest(conn: &Connection) -> Result<Option<Timestamp>> {
    let sql = "SELECT max(at) FROM (SELECT * FROM (SELECT at FROM presence_events ORDER BY n DESC LIMIT 1)
               UNION ALL SELECT max(seen) FROM logins UNION ALL SELECT max(swept) FROM routers)";
    let newest: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(newest.map(Timestamp))
}

/// Drops sessions, events and outages of a tenant that are older at `now` than its settings keep; how many rows went.
pub(crate) async fn history(db: &Arc<Db>, tenant: TenantId, now: Timestamp) -> Result<u64> {
    let id = tenant.0.into_bytes();
    let kept = move |conn: &Connection| {
        let settings: Option<Settings> = conn
            .prepare_cached("SELECT settings FROM tenants WHERE id = ?1")?
            .query_row([id], |row| Ok(json(row, "settings")))
            .optional()?
            .transpose()?;
        // It was deleted since: nothing of it is left.
        Ok(settings.map(|settings| settings.history_begins(now).millis()))
    };
    let Some(before) = db.read(kept).await? else { return Ok(0) };
    let gone = sessions(db, id, before).await? + events(db, id, before).await?;
    Ok(gone + outages(db, id, before).await?)
}

/// Drops what has expired at `now`: logins, links, counters, trends, absences, and the change feed; how many rows went, but for the feed's.
pub(crate) async fn expired(db: &Arc<Db>, now: Timestamp) -> Result<u64> {
    let work = move |conn: &Connection| {
        let idle = now.minus_seconds(Login::IDLE).millis();
        let absolute = now.minus_seconds(Login::ABSOLUTE).millis();
        let logins =
            conn.execute("DELETE FROM logins WHERE seen <= ?1 OR created <= ?2", params![idle, absolute])?;
        let links = conn.execute("DELETE FROM links WHERE expires <= ?1", [now.millis()])?;
        let oldest = now.millis().div_euclid(3_600_000) - HOOK_HOURS;
        let hooks = conn.execute("DELETE FROM hook_counts WHERE hour < ?1", [oldest])?;
        Ok((logins + links + hooks + trend::prune(conn, now)?) as u64)
    };
    let gone = db.write(Lane::Bulk, work).await?;
    while db.write(Lane::Bulk, move |conn| feed::prune(conn, now, BITE)).await? == BITE {}
    Ok(gone)
}

async fn sessions(db: &Arc<Db>, tenant: [u8; 16], before: i64) -> Result<u64> {
    let mut gone = 0;
    loop {
        // What ended before then began before then, and the beginning has the index.
        let bite = move |conn: &Connection| {
            let old =
                "id IN (SELECT id FROM sessions WHERE tenant = ?1 AND started < ?2 AND ended < ?2 LIMIT ?3)";
            deferred_index::drop_sessions(conn, old, params![tenant, before, BITE])
        };
        let bitten = db.write(Lane::Bulk, bite).await?;
        gone += bitten as u64;
        if bitten < BITE {
            return Ok(gone);
        }
    }
}

async fn outages(db: &Arc<Db>, tenant: [u8; 16], before: i64) -> Result<u64> {
    let sql = "DELETE FROM device_outages WHERE tenant = ?1 AND ended < ?2";
    let work = move |conn: &Connection| Ok(conn.prepare_cached(sql)?.execute(params![tenant, before])?);
    db.write(Lane::Bulk, work).await.map(|gone| gone as u64)
}

/// Events lie in the order of arrival: walks from the oldest until nothing that follows is old.
async fn events(db: &Arc<Db>, tenant: [u8; 16], before: i64) -> Result<u64> {
    let (mut after, mut gone) = (i64::MIN, 0);
    loop {
        let rows = db.read(move |conn| events_after(conn, after)).await?;
        let Some(last) = rows.last().map(|event| event.n) else { return Ok(gone) };
        after = last;
        let old: Vec<i64> = rows
            .iter()
            .filter(|event| event.tenant == tenant && event.at < before)
            .map(|event| event.n)
            .collect();
        gone += old.len() as u64;
        if !old.is_empty() {
            db.write(Lane::Bulk, move |conn| drop_events(conn, &old)).await?;
        }
        if rows.iter().all(|event| event.at >= before) {
            return Ok(gone);
        }
    }
}

struct Event {
    n: i64,
    tenant: [u8; 16],
    at: i64,
}

fn events_after(conn: &Connection, after: i64) -> Result<Vec<Event>> {
    let mut statement =
        conn.prepare_cached("SELECT n, tenant, at FROM presence_events WHERE n > ?1 ORDER BY n LIMIT ?2")?;
    collect(statement.query(params![after, BITE])?, |row| {
        Ok(Event { n: row.get(0)?, tenant: row.get(1)?, at: row.get(2)? })
    })
}

fn drop_events(conn: &Connection, numbers: &[i64]) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM presence_events WHERE n = ?1")?;
    for n in numbers {
        statement.execute([n])?;
    }
    Ok(())
}
