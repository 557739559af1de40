//! What SQLite alone takes for the rows of a webhook: no HTTP, no judge, no queue, no second thread.

use crate::process;
use anyhow::Result;
use rusqlite::{Connection, params};
use std::path::Path;

/// Webhooks that share a commit.
const TOGETHER: usize = 500;
const GROUPS: usize = 200;
const EVENT: &str = "INSERT INTO presence_events (tenant, at, router, service, username, source, kind, alias, outcome, status)
    VALUES (?1, ?2, ?3, ?4, ?5, 'webhook', ?6, '*F0', 'applied', ?7)";
const BEGIN: &str =
    "INSERT INTO sessions (id, tenant, service, router, username, mac, address, started, source)
    VALUES (?1, ?2, ?3, ?4, ?5, '02:00:00:00:00:01', '10.1.2.3', ?6, 'webhook')";
const END: &str = "UPDATE sessions SET ended = ?2, cause = 'user' WHERE id = ?1";
const STATE: &str = "UPDATE services SET rev = rev + 1, status = ?2, since = ?3, confirmed = ?3 WHERE n = ?1";

struct Line {
    n: i64,
    id: Vec<u8>,
    tenant: Vec<u8>,
    router: Vec<u8>,
    username: String,
    session: Option<[u8; 16]>,
}

/// CPU microseconds for each webhook: in turn a session of each of the services in the database begins, and
/// ends, with the event and the service's status. No server may run over the database.
pub fn micros(database: &Path) -> Result<f64> {
    let mut conn = Connection::open(database)?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -65536;",
    )?;
    let mut lines = lines(&conn)?;
    let before = process::cpu(std::process::id())?;
    for group in 0..GROUPS {
        let told = conn.transaction()?;
        for turn in group * TOGETHER..(group + 1) * TOGETHER {
            let at = lines.len();
            tell(&told, &mut lines[turn % at], turn)?;
        }
        told.commit()?;
    }
    Ok((process::cpu(std::process::id())? - before) / (GROUPS * TOGETHER) as f64 * 1e6)
}

fn lines(conn: &Connection) -> Result<Vec<Line>> {
    let mut select = conn.prepare("SELECT n, id, tenant, router, label FROM services ORDER BY n")?;
    let rows = select.query_map([], |row| {
        let (n, id, tenant) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Line { n, id, tenant, router: row.get(3)?, username: row.get(4)?, session: None })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn tell(conn: &Connection, line: &mut Line, turn: usize) -> Result<()> {
    let at = 1_900_000_000_000 + turn as i64;
    let open = line.session.take();
    let Line { n, id, tenant, router, username, .. } = &*line;
    let (kind, status) = if open.is_some() { ("down", "offline") } else { ("up", "online") };
    conn.prepare_cached(EVENT)?.execute(params![tenant, at, router, id, username, kind, status])?;
    let next = match open {
        Some(open) => {
            conn.prepare_cached(END)?.execute(params![open, at])?;
            None
        }
        None => {
            // As the product's: the time first, then chance.
            let mut fresh = [0; 16];
            fresh[..8].copy_from_slice(&(at as u64).to_be_bytes());
            fresh[8..].copy_from_slice(&(turn as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
            conn.prepare_cached(BEGIN)?.execute(params![fresh, tenant, id, router, username, at])?;
            Some(fresh)
        }
    };
    conn.prepare_cached(STATE)?.execute(params![n, status, at])?;
    line.session = next;
    Ok(())
}
