//! What checks saw last of a router's lines that do not log in, in one row a router: a check that changes no status is
//! one write, and not one for each line. A service's own row says how it was when its status last changed;
//! [`Newest`] tells what has been seen since.
//!
//! The row is fresh while nobody else has written such a service of the router since; then it holds all
//! that a check needs, and `fresh` is a number that no other state of the row had. Triggers on `services` see
//! to what people write, [`outdate`] to what is judged elsewhere.

use super::exist::must_be_theirs;
use super::packed;
use super::packed::CheckedService;
use super::row::{broken, collect, json, uuid};
use super::state;
use crate::model::Service;
use crate::port::Result;
use imsys_domain::presence::{Presence, Status};
use imsys_domain::service::Access;
use imsys_domain::{RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashMap;

/// Routers whose lines are remembered while services are read.
const MOST: usize = 256;

/// What is kept of a router's lines.
pub(super) struct Evidence {
    router: RouterId,
    /// Another one each time that they are kept; zero is not fresh.
    number: i64,
    pub(super) lines: Vec<CheckedService>,
}

impl Evidence {
    const fn nothing(router: RouterId) -> Self {
        Self { router, number: 0, lines: Vec::new() }
    }
}

/// The lines of a router that do not log in and are not archived, by address, given what is kept of them.
pub(super) fn lines_of(conn: &Connection, tenant: &[u8; 16], kept: Evidence) -> Result<Evidence> {
    if kept.number != 0 {
        return Ok(kept);
    }
    let router = kept.router;
    let kept = by_id(kept.lines);
    let sql = "SELECT n, id, rev, access, presence FROM services
               WHERE router = ?1 AND archived = 0 AND kind <> 'pppoe' AND tenant = ?2 ORDER BY label, id";
    let rows = collect(conn.prepare_cached(sql)?.query(params![router.0.as_bytes(), tenant])?, of_service)?;
    let mut lines: Vec<CheckedService> = rows.into_iter().flatten().collect();
    for line in &mut lines {
        let Presence { status, since, .. } = line.presence;
        if let Some(seen) = kept.get(&line.id).filter(|seen| (seen.status, seen.since) == (status, since)) {
            line.presence.clone_from(seen);
        }
    }
    Ok(Evidence { router, number: 0, lines })
}

/// The same lines, without reading them again where those in hand are still what is kept: then the router is
/// still there, as what is kept goes with it.
pub(super) fn lines_again(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    in_hand: Option<Evidence>,
) -> Result<Vec<CheckedService>> {
    if let Some(kept) = in_hand.filter(|kept| kept.router == router && kept.number != 0) {
        let sql = "SELECT 1 FROM static_evidence WHERE router = ?1 AND fresh = ?2 AND tenant = ?3";
        if conn.prepare_cached(sql)?.exists(params![router.0.as_bytes(), kept.number, tenant])? {
            return Ok(kept.lines);
        }
    }
    must_be_theirs(conn, tenant, router)?;
    Ok(lines_of(conn, tenant, kept(conn, router)?)?.lines)
}

/// Keeps them.
pub(super) fn keep(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    lines: &[CheckedService],
) -> Result<()> {
    let bytes = packed::pack(lines)?;
    let sql = "INSERT INTO static_evidence (router, tenant, fresh, lines) VALUES (?1, ?2, random() | 1, ?3)
               ON CONFLICT (router) DO UPDATE SET fresh = excluded.fresh, lines = ?3";
    conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), tenant, bytes])?;
    Ok(())
}

/// The services of the router say more than what is kept.
pub(super) fn outdate(conn: &Connection, router: RouterId) -> Result<()> {
    let sql = "UPDATE static_evidence SET fresh = 0 WHERE router = ?1 AND fresh <> 0";
    conn.prepare_cached(sql)?.execute([router.0.as_bytes()])?;
    Ok(())
}

/// Looks up what was last seen of single lines.
#[derive(Default)]
pub(super) struct Newest(HashMap<RouterId, HashMap<ServiceId, Presence>>);

impl Newest {
    /// What was seen of a line since it has its status, if anything was.
    pub(super) fn of(
        &mut self,
        conn: &Connection,
        router: RouterId,
        id: ServiceId,
        (status, since): (Status, Timestamp),
    ) -> Result<Option<&Presence>> {
        if !self.0.contains_key(&router) {
            if self.0.len() >= MOST {
                self.0.clear();
            }
            self.0.insert(router, by_id(kept(conn, router)?.lines));
        }
        let seen = self.0.get(&router).and_then(|lines| lines.get(&id));
        Ok(seen.filter(|seen| (seen.status, seen.since) == (status, since)))
    }

    /// Puts it on top of what the service's own row says.
    pub(super) fn add_to(&mut self, conn: &Connection, service: &mut Service) -> Result<()> {
        if !service.data.access.kind().is_checked() {
            return Ok(());
        }
        let own = (service.status, service.since);
        if let Some(seen) = self.of(conn, service.data.router, service.id, own)? {
            service.confirmed = seen.confirmed;
            service.source = seen.source;
            service.show(seen.checked.as_ref());
        }
        Ok(())
    }
}

fn kept(conn: &Connection, router: RouterId) -> Result<Evidence> {
    let sql = "SELECT fresh, lines FROM static_evidence WHERE router = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let kept = statement.query_row([router.0.as_bytes()], |row| Ok(kept_in(row, router, 0))).optional()?;
    kept.unwrap_or_else(|| Ok(Evidence::nothing(router)))
}

/// What a row says in the columns `fresh`, which is the one at `place`, and `lines`, which is the next.
pub(super) fn kept_in(row: &Row<'_>, router: RouterId, place: usize) -> Result<Evidence> {
    let Some(number) = row.get(place)? else { return Ok(Evidence::nothing(router)) };
    let bytes = row.get_ref(place + 1)?.as_blob().map_err(|_| broken("lines"))?;
    Ok(packed::unpack(bytes)?
        .map_or_else(|| Evidence::nothing(router), |lines| Evidence { router, number, lines }))
}

fn by_id(lines: Vec<CheckedService>) -> HashMap<ServiceId, Presence> {
    lines.into_iter().map(|line| (line.id, line.presence)).collect()
}

fn of_service(row: &Row<'_>) -> Result<Option<CheckedService>> {
    let (address, mac, interface, vrf) = match json::<Access>(row, "access")? {
        Access::Pppoe { .. } => return Ok(None),
        Access::Static { address, mac, interface, vrf } => (Some(address), mac, interface, vrf),
        Access::Dhcp { mac } => (None, Some(mac), None, None),
    };
    Ok(Some(CheckedService {
        n: row.get("n")?,
        id: ServiceId(uuid(row, "id")?),
        rev: row.get("rev")?,
        address,
        mac,
        interface,
        vrf,
        presence: state::of(row)?,
    }))
}
