//! Sessions by what a device had: an address, a MAC, a name; and who has or had it last.

use super::deferred_index;
use super::list::Select;
use super::row::collect;
use crate::port::Result;
use imsys_domain::mac::Mac;
use imsys_domain::search::Exact;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// What is looked for: an address or a MAC whole; anything else as the beginning of a name, or by what services
/// are found by.
pub(super) enum Wanted {
    Everything,
    Address(IpAddr),
    Mac(Mac),
    Name {
        begin: String,
        /// A SELECT of the ids of the services that are found.
        services: String,
    },
}

impl Wanted {
    pub(super) fn among(&self, select: Select) -> Select {
        match self {
            Self::Everything => select,
            Self::Address(address) => select.and("address = ?", address.to_string()),
            Self::Mac(mac) => select.and("mac = ?", mac.to_string()),
            Self::Name { begin, services } => select.and_all(
                &format!("((username >= ? AND username < ?) OR service IN ({services}))"),
                [begin.clone().into(), after(begin).into()],
            ),
        }
    }

    /// The index that leads to what is indexed; none where SQLite finds it.
    pub(super) const fn index(&self) -> &'static str {
        match self {
            Self::Everything | Self::Address(_) => "",
            Self::Mac(_) | Self::Name { .. } => "sessions_service",
        }
    }

    /// The same among what is indexed.
    pub(super) fn among_filed(&self, select: Select, tenant: &[u8; 16]) -> Select {
        let select = self.among(select.when("is_indexed = 1"));
        let (which, words) = match self {
            Self::Everything | Self::Address(_) => return select,
            Self::Mac(mac) => ("word = ?".to_owned(), vec![mac.to_string()]),
            Self::Name { begin, services } => {
                (format!("word >= ? AND word < ? UNION {services}"), vec![begin.clone(), after(begin)])
            }
        };
        let theirs = format!("service IN (SELECT service FROM session_words WHERE tenant = ? AND {which})");
        select
            .and_all(&theirs, [tenant.to_vec().into()].into_iter().chain(words.into_iter().map(Value::from)))
    }
}

impl From<Exact> for Wanted {
    fn from(exact: Exact) -> Self {
        match exact {
            Exact::Address(address) => Self::Address(address),
            Exact::Mac(mac) => Self::Mac(mac),
        }
    }
}

/// The services (`n`) with an open session that has this address or MAC, and those that had it last. An address is
/// given to others later: who had it last counts while nobody has it.
pub(super) fn holders(conn: &Connection, tenant: &[u8; 16], exact: Exact) -> Result<Vec<i64>> {
    let select = Select::from("sessions").and("tenant = ?", tenant.to_vec()).when("ended IS NULL");
    let wanted = Wanted::from(exact);
    let (is_indexed, fresh) =
        (wanted.among_filed(select.clone(), tenant), wanted.among(select.when("is_indexed = 0")));
    let all = || {
        let mut services = is_indexed.ids(conn, "service", wanted.index())?;
        services.extend(fresh.ids(conn, "service", "sessions_fresh")?);
        if services.is_empty() || matches!(exact, Exact::Mac(_)) {
            services.extend(last_holders(conn, tenant, exact)?);
        }
        services.sort_unstable();
        services.dedup();
        Ok(services)
    };
    let mut number = conn.prepare_cached("SELECT n FROM services WHERE id = ?1")?;
    let numbers = deferred_index::at_one_moment(conn, all)?
        .into_iter()
        .map(|id| Ok(number.query_row([id], |row| row.get(0))?));
    numbers.collect()
}

/// The most services of which is asked whether they had an address or MAC last.
const LAST_HOLDERS: u32 = 100;

/// When a session began, and the address or MAC of its device.
type Held = (i64, Option<String>);

/// The services (ids) whose newest session has this address or MAC, as far as they are among the last
/// [`LAST_HOLDERS`] that had it.
fn last_holders(conn: &Connection, tenant: &[u8; 16], exact: Exact) -> Result<Vec<[u8; 16]>> {
    let (column, word, sql) = match exact {
        Exact::Mac(mac) => {
            let sql = "SELECT service FROM session_words WHERE tenant = ?1 AND word = ?2 LIMIT ?3";
            ("mac", mac.to_string(), sql)
        }
        Exact::Address(address) => {
            let sql = "SELECT service FROM sessions INDEXED BY sessions_address
                       WHERE tenant = ?1 AND address = ?2 AND is_indexed = 1 ORDER BY started DESC LIMIT ?3";
            ("address", address.to_string(), sql)
        }
    };
    let mut statement = conn.prepare_cached(sql)?;
    let had = statement.query(params![tenant, word, LAST_HOLDERS])?;
    let mut services: HashSet<[u8; 16]> = collect(had, |row| Ok(row.get(0)?))?.into_iter().collect();
    let mut fresh: HashMap<[u8; 16], Held> = HashMap::new();
    for (service, held) in fresh_sessions(conn, tenant, column)? {
        if services.len() < LAST_HOLDERS as usize && held.1.as_ref() == Some(&word) {
            services.insert(service);
        }
        let newest = fresh.entry(service).or_insert_with(|| held.clone());
        if newest.0 <= held.0 {
            *newest = held;
        }
    }
    let sql = format!(
        "SELECT started, {column} FROM sessions INDEXED BY sessions_service
         WHERE service = ?1 AND is_indexed = 1 ORDER BY started DESC, id DESC LIMIT 1"
    );
    let mut last = conn.prepare_cached(&sql)?;
    let mut holders = Vec::new();
    for service in services {
        let indexed: Option<Held> =
            last.query_row([service], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let newest = fresh.remove(&service).into_iter().chain(indexed).max_by_key(|(started, _)| *started);
        if newest.is_some_and(|(_, held)| held.as_ref() == Some(&word)) {
            holders.push(service);
        }
    }
    Ok(holders)
}

/// What is not indexed yet, session by session, each with its service.
fn fresh_sessions(conn: &Connection, tenant: &[u8; 16], column: &str) -> Result<Vec<([u8; 16], Held)>> {
    let sql = format!(
        "SELECT service, started, {column} FROM sessions INDEXED BY sessions_fresh
         WHERE is_indexed = 0 AND tenant = ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    collect(statement.query([tenant])?, |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
}

/// What follows everything that begins so.
fn after(begin: &str) -> String {
    format!("{begin}\u{10FFFF}")
}
