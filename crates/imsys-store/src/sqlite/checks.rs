//! Lines that do not log in: what checks saw of them.

use super::SqliteTenant;
use super::db::Lane;
use super::evidence;
use super::feed;
use super::observe::{EVENT, STATE, Subject, write_event, write_state};
use super::packed::CheckedService;
use super::presence::{CHUNK, lose_all};
use super::{deferred_index, routers, service_rows, sessions, state};
use crate::model::{Change, CheckStored, JobDone, ServiceChange, StaticLine, StaticLines};
use crate::port::{Checks, Result};
use async_trait::async_trait;
use imsys_domain::presence::{CheckJudgement, Loss, Seen, judge_check};
use imsys_domain::{RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, params};

/// Judges what was seen of a line; only a change of its status is written into its service, and of the address that
/// DHCP gives it.
fn judge(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    line: &mut CheckedService,
    at: Timestamp,
    seen: Seen,
) -> Result<Option<ServiceChange>> {
    let CheckJudgement { before, lease, event, .. } = judge_check(&mut line.presence, at, seen);
    if event.is_none() && lease.is_none() {
        return Ok(None);
    }
    let username = line.label();
    let subject = Subject { tenant, router, service: Some(line.id), username: &username };
    if let Some(lease) = lease {
        service_rows::put_leased(conn, tenant, line.n, lease)?;
        sessions::put_lease(conn, &subject, line.mac, lease, at)?;
    }
    if let Some(event) = event {
        write_event(&mut *conn.prepare_cached(EVENT)?, &subject, &event)?;
    }
    let bytes = state::write(&line.presence)?;
    line.rev += 1;
    write_state(&mut *conn.prepare_cached(STATE)?, line.n, line.rev, &line.presence, &bytes)?;
    Ok(Some(ServiceChange {
        lease,
        endpoint: None,
        ..ServiceChange::new(line.id, line.rev, before, &line.presence)
    }))
}

/// Gives each line what was seen of it. Most of it comes in the order of the lines; the rest is searched for.
fn for_each(
    lines: &mut [CheckedService],
    seen: Vec<(ServiceId, Seen)>,
    mut work: impl FnMut(&mut CheckedService, Seen) -> Result<()>,
) -> Result<()> {
    let (mut next, mut places) = (0, Vec::new());
    for (id, seen) in seen {
        if lines.get(next).is_none_or(|line| line.id != id) {
            if places.is_empty() {
                places = lines.iter().enumerate().map(|(place, line)| (line.id, place)).collect();
                places.sort_unstable();
            }
            let Ok(found) = places.binary_search_by_key(&id, |(id, _)| *id) else { continue };
            next = places[found].1;
        }
        work(&mut lines[next], seen)?;
        next += 1;
    }
    Ok(())
}

#[async_trait]
impl Checks for SqliteTenant {
    async fn static_lines(&self, router: RouterId) -> Result<StaticLines> {
        let read = self.glance(move |conn, tenant| {
            // One statement, as each takes and gives back a lock on the file.
            let sql = "SELECT json_extract(r.facts, '$.version'), e.fresh, e.lines
                       FROM routers r LEFT JOIN static_evidence e ON e.router = r.id
                       WHERE r.id = ?1 AND r.tenant = ?2 AND r.archived = 0";
            let mut statement = conn.prepare_cached(sql)?;
            let (version, kept) = statement.query_row(params![router.0.as_bytes(), tenant], |row| {
                Ok((row.get(0)?, evidence::kept_in(row, router, 1)))
            })?;
            Ok((version, evidence::lines_of(conn, tenant, kept?)?))
        });
        let (version, kept) = read.await?;
        let lines = kept.lines.iter().map(StaticLine::from).collect();
        *self.in_hand() = Some(kept);
        Ok(StaticLines { version, lines })
    }

    async fn apply_checks(
        &self,
        router: RouterId,
        at: Timestamp,
        seen: Vec<(ServiceId, Seen)>,
        mut done: Option<JobDone>,
    ) -> Result<CheckStored> {
        let mut stored = CheckStored::default();
        let mut seen = seen.into_iter();
        loop {
            let chunk: Vec<_> = seen.by_ref().take(CHUNK).collect();
            let (in_hand, done) = (self.in_hand().take(), done.take_if(|_| seen.len() == 0));
            let written = self.write(Lane::Bulk, move |conn, tenant| {
                let mut lines = evidence::lines_again(conn, tenant, router, in_hand)?;
                let mut changes = Vec::new();
                for_each(&mut lines, chunk, |line, seen| {
                    changes.extend(judge(conn, tenant, router, line, at, seen)?);
                    Ok(())
                })?;
                evidence::keep(conn, tenant, router, &lines)?;
                let mut told = feed::of_services(&changes);
                if let Some(done) = done {
                    routers::put_done(conn, router, &done)?;
                    told.push(Change::Job(router, done.run));
                }
                feed::append(conn, tenant, at, &told)?;
                if !changes.is_empty() {
                    deferred_index::index_if_many(conn)?;
                }
                Ok(CheckStored { changes, due: routers::is_due(conn, router)? })
            });
            let CheckStored { changes, due } = written.await?;
            stored.changes.extend(changes);
            stored.due = due;
            if seen.len() == 0 {
                return Ok(stored);
            }
        }
    }

    async fn checks_failed(&self, router: RouterId, at: Timestamp) -> Result<Vec<ServiceChange>> {
        lose_all(self, router, Loss::Check, at).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::*;
    use crate::suite::{Must, Town, at};
    use imsys_domain::presence::{ArpSeen, ArpState, ProbeSeen};
    use imsys_domain::service::{Access, EnforcementMode, ServiceData};
    use std::sync::Arc;

    #[tokio::test]
    async fn what_checks_change_is_filed_where_nothing_else_happens() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("checks.db")).unwrap());
        let town = Town::found(store.clone()).await;
        let router = town.router("tower").await;
        let mut lines = Vec::new();
        for last in 1..=50 {
            let address = [10, 1, 0, last].into();
            let data = ServiceData {
                router,
                access: Access::Static { address, mac: None, interface: None, vrf: None },
                customer: None,
                plan: None,
                suspended: false,
                mode: EnforcementMode::default(),
            };
            let id = ServiceId::new(at(0), [last; 10]);
            town.ours.create_service(id, at(0), data).await.must();
            lines.push(id);
        }
        let arp =
            ArpSeen { interface: "ether2".into(), mac: None, state: ArpState::Reachable, ignored: false };
        let there = Seen { arp: Some(arp), ..Seen::default() };
        let silent = Seen { probe: Some(ProbeSeen::Silent), ..Seen::default() };
        let mut changes = 0;
        for (poll, seen) in [there, silent.clone(), silent].iter().cycle().take(75).enumerate() {
            let seen = lines.iter().map(|id| (*id, seen.clone())).collect();
            changes +=
                town.ours.apply_checks(router, at(60 * poll as i64), seen, None).await.must().changes.len();
        }
        assert_eq!(changes, 2_500, "each line comes and goes 25 times");
        let fresh = |conn: &Connection| {
            let sql = "SELECT count(*) FROM presence_events WHERE is_indexed = 0";
            Ok(conn.query_row(sql, [], |row| row.get::<_, usize>(0))?)
        };
        assert!(store.db.read(fresh).await.must() < changes / 2, "most of it is is_indexed");
    }
}
