//! Counts of services over time, and when routers were away.

use super::row::word;
use super::row::{collect, uuid};
use crate::model::{Absence, StatusCounts};
use crate::port::Result;
use imsys_domain::presence::Status;
use imsys_domain::trend::{Away, Range, Tally};
use imsys_domain::{RouterId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

/// Absences of a router that are kept.
const MOST: u32 = 1_000;

/// Services by status, of every tenant that has any.
pub(super) fn count_all(conn: &Connection) -> Result<Vec<(TenantId, StatusCounts)>> {
    let sql = "SELECT tenant, status, suspended, count(*) AS many FROM services INDEXED BY services_status
               WHERE archived = 0 GROUP BY tenant, status, suspended ORDER BY tenant";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all: Vec<(TenantId, StatusCounts)> = Vec::new();
    while let Some(row) = rows.next()? {
        let tenant = TenantId(uuid(row, "tenant")?);
        if all.last().is_none_or(|(last, _)| *last != tenant) {
            all.push((tenant, StatusCounts::default()));
        }
        if let Some((_, counts)) = all.last_mut() {
            add_counted(counts, row)?;
        }
    }
    Ok(all)
}

/// Keeps a count, unless there is one of the same interval.
pub(super) fn note(conn: &Connection, tenant: TenantId, at: Timestamp, counts: StatusCounts) -> Result<()> {
    let sql = "INSERT INTO trend (tenant, every, begin, counts, online, offline, unknown, lowest)
                 SELECT id, ?2, ?3, 1, ?4, ?5, ?6, ?4 FROM tenants WHERE id = ?1
               ON CONFLICT DO UPDATE SET counts = counts + 1, online = online + excluded.online,
                 offline = offline + excluded.offline, unknown = unknown + excluded.unknown,
                 lowest = min(lowest, excluded.lowest)
               WHERE ?7";
    let StatusCounts { online, offline, unknown, .. } = counts;
    for range in Range::ALL {
        let finest = range == Range::Day;
        let begin = range.interval(at).millis();
        let id = tenant.0.as_bytes();
        let values = params![id, range.every(), begin, online, offline, unknown, !finest];
        if conn.prepare_cached(sql)?.execute(values)? == 0 {
            return Ok(());
        }
    }
    Ok(())
}

/// The counts of a tenant over a range.
pub(super) fn tallies(
    conn: &Connection,
    tenant: &[u8; 16],
    range: Range,
    to: Timestamp,
) -> Result<Vec<Tally>> {
    let sql = "SELECT begin, counts, online, offline, unknown, lowest FROM trend
               WHERE tenant = ?1 AND every = ?2 AND begin >= ?3 AND begin <= ?4 ORDER BY begin";
    let values = params![tenant, range.every(), range.begin(to).millis(), to.millis()];
    collect(conn.prepare_cached(sql)?.query(values)?, read_tally)
}

/// Counts from a row of their table.
pub(super) fn read_tally(row: &Row<'_>) -> Result<Tally> {
    Ok(Tally {
        begin: Timestamp(row.get("begin")?),
        counts: row.get("counts")?,
        online: row.get("online")?,
        offline: row.get("offline")?,
        unknown: row.get("unknown")?,
        lowest: row.get("lowest")?,
    })
}

/// Puts counts back as they were exported.
pub(super) fn insert_tally(
    conn: &Connection,
    tenant: TenantId,
    every: i64,
    tally: &Tally,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO trend (tenant, every, begin, counts, online, offline, unknown, lowest)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Tally { begin, counts, online, offline, unknown, lowest } = *tally;
    let id = tenant.0.as_bytes();
    conn.prepare_cached(sql)?.execute(params![
        id,
        every,
        begin.millis(),
        counts,
        online,
        offline,
        unknown,
        lowest
    ])
}

/// A router that was there is away from now on.
pub(super) fn lost(conn: &Connection, router: RouterId, at: Timestamp, reason: &str) -> Result<()> {
    let sql = "INSERT INTO router_absences (router, began, reason) VALUES (?1, ?2, ?3)
               ON CONFLICT DO UPDATE SET ended = NULL, reason = excluded.reason";
    let id = router.0.as_bytes();
    conn.prepare_cached(sql)?.execute(params![id, at.millis(), reason])?;
    let sql = "DELETE FROM router_absences WHERE router = ?1 AND began <=
                 (SELECT began FROM router_absences WHERE router = ?1 ORDER BY began DESC LIMIT 1 OFFSET ?2)";
    conn.prepare_cached(sql)?.execute(params![id, MOST])?;
    Ok(())
}

/// A router is back, or is not ours any more.
pub(super) fn back(conn: &Connection, router: RouterId, at: Timestamp) -> Result<()> {
    let sql = "UPDATE router_absences SET ended = max(began, ?2) WHERE router = ?1 AND ended IS NULL";
    conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), at.millis()])?;
    Ok(())
}

/// How the routers of a tenant were away.
pub(super) fn away(
    conn: &Connection,
    tenant: &[u8; 16],
    router: Option<RouterId>,
    (from, to): (Timestamp, Timestamp),
) -> Result<HashMap<RouterId, Away>> {
    let sql =
        "SELECT a.router, count(*) AS times, sum(min(coalesce(a.ended, ?4), ?4) - max(a.began, ?3)) AS millis
               FROM routers r JOIN router_absences a ON a.router = r.id
               WHERE r.tenant = ?1 AND (?2 IS NULL OR r.id = ?2) AND r.archived = 0
                 AND a.began < ?4 AND (a.ended IS NULL OR a.ended > ?3)
               GROUP BY a.router";
    let values = params![tenant, router.map(|id| *id.0.as_bytes()), from.millis(), to.millis()];
    let read = |row: &Row<'_>| {
        let away = Away { times: row.get("times")?, millis: row.get("millis")? };
        Ok((RouterId(uuid(row, "router")?), away))
    };
    Ok(collect(conn.prepare_cached(sql)?.query(values)?, read)?.into_iter().collect())
}

/// When a router was away, newest first.
pub(super) fn absences(conn: &Connection, router: RouterId, limit: u32) -> Result<Vec<Absence>> {
    let sql =
        "SELECT began, ended, reason FROM router_absences WHERE router = ?1 ORDER BY began DESC LIMIT ?2";
    collect(conn.prepare_cached(sql)?.query(params![router.0.as_bytes(), limit])?, read_absence)
}

/// An absence from a row of its table.
pub(super) fn read_absence(row: &Row<'_>) -> Result<Absence> {
    Ok(Absence {
        began: Timestamp(row.get("began")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Timestamp),
        reason: row.get("reason")?,
    })
}

/// Puts an absence back as it was exported.
pub(super) fn insert_absence(
    conn: &Connection,
    router: RouterId,
    absence: &Absence,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO router_absences (router, began, ended, reason) VALUES (?1, ?2, ?3, ?4)";
    let Absence { began, ended, reason } = absence;
    let ended = ended.map(Timestamp::millis);
    conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), began.millis(), ended, reason])
}

/// Drops what no range shows at `now`, and counts of a future that a wrong clock saw; how many rows went.
pub(super) fn prune(conn: &Connection, now: Timestamp) -> Result<usize> {
    let mut gone = 0;
    for range in Range::ALL {
        let sql = "DELETE FROM trend WHERE every = ?1 AND (begin < ?2 OR begin > ?3)";
        gone += conn.prepare_cached(sql)?.execute(params![
            range.every(),
            range.kept_from(now).millis(),
            now.millis()
        ])?;
    }
    let sql = "DELETE FROM router_absences WHERE ended < ?1";
    gone += conn.prepare_cached(sql)?.execute([Range::Month.kept_from(now).millis()])?;
    Ok(gone)
}

/// Adds a row of services counted by status and suspension.
pub(super) fn add_counted(counts: &mut StatusCounts, row: &Row<'_>) -> Result<()> {
    let many: u64 = row.get("many")?;
    match word(row, "status")? {
        Status::Online => counts.online += many,
        Status::Offline => counts.offline += many,
        Status::Unknown => counts.unknown += many,
    }
    if row.get("suspended")? {
        counts.suspended += many;
    }
    Ok(())
}
