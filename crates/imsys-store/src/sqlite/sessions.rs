//! Sessions, searchable for years.

use super::held::Wanted;
use super::list::Select;
use super::observe::{Subject, fresh_session};
use super::row::{name_of, uuid, uuid_or_null, word, word_or_null};
use super::service_search::ServiceSearch;
use super::{SqliteTenant, deferred_index};
use crate::model::{SessionRecord, Whose};
use crate::page::{Ask, Page};
use crate::port::{Result, SessionFilter, Sessions};
use async_trait::async_trait;
use imsys_domain::diagnosis::Ended;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{EndCause, Endpoint, LeaseChange, Source};
use imsys_domain::search::{self, Exact};
use imsys_domain::{CustomerId, RouterId, ServiceId, SessionId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "id, service, router, username, mac, address, started, ended, cause, source";

/// A session from a row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<SessionRecord> {
    Ok(SessionRecord {
        id: SessionId(uuid(row, "id")?),
        service: ServiceId(uuid(row, "service")?),
        router: RouterId(uuid(row, "router")?),
        username: row.get("username")?,
        endpoint: Endpoint { mac: row.get("mac")?, address: row.get("address")? },
        started: Timestamp(row.get("started")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Timestamp),
        cause: word_or_null(row, "cause")?,
        by: word(row, "source")?,
    })
}

/// The most services by which sessions are found: who asks for less than a word means no service.
const BY_SERVICES: usize = 1_000;

/// What is looked for by these words.
fn wanted(conn: &Connection, tenant: &[u8; 16], texts: &ServiceSearch, q: Option<&str>) -> Result<Wanted> {
    let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) else { return Ok(Wanted::Everything) };
    if let Some(exact) = Exact::of(q) {
        return Ok(exact.into());
    }
    let mut found = texts.find(conn, tenant, &search::terms(q))?;
    if found.len() > BY_SERVICES {
        found.clear();
    }
    let numbers: Vec<String> = found.iter().map(|service| service.n.to_string()).collect();
    let services = format!("SELECT id FROM services WHERE n IN ({})", numbers.join(", "));
    Ok(Wanted::Name { begin: q.to_owned(), services })
}

/// Keeps which address a device by DHCP holds since `at`: as a session of the service, which is indexed at once, as
/// few begin at a time. One that is kept already goes on.
pub(super) fn put_lease(
    conn: &Connection,
    of: &Subject<'_>,
    mac: Option<Mac>,
    lease: LeaseChange,
    at: Timestamp,
) -> Result<()> {
    let Some(service) = of.service else { return Ok(()) };
    let address = lease.address().map(|address| address.to_string());
    end_lease(conn, service, address.as_deref(), at, lease.cause())?;
    let Some(address) = address else { return Ok(()) };
    let sql =
        "INSERT INTO sessions (id, tenant, service, router, username, mac, address, started, source, is_indexed)
               SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1 WHERE NOT EXISTS
                 (SELECT 1 FROM sessions WHERE service = ?3 AND is_indexed = 1 AND ended IS NULL)";
    let mac = mac.map(|mac| mac.to_string());
    conn.prepare_cached(sql)?.execute(params![
        fresh_session(at).0.as_bytes(),
        of.tenant,
        service.0.as_bytes(),
        of.router.0.as_bytes(),
        of.username,
        mac,
        address,
        at.millis(),
        name_of(&Source::Lease)?,
    ])?;
    let sql = "INSERT OR IGNORE INTO session_words (tenant, word, service) VALUES (?1, ?2, ?3)";
    for word in [Some(of.username), mac.as_deref()].into_iter().flatten() {
        conn.prepare_cached(sql)?.execute(params![of.tenant, word, service.0.as_bytes()])?;
    }
    Ok(())
}

/// A device by DHCP holds no address any more, but this one if any is named.
pub(super) fn end_lease(
    conn: &Connection,
    service: ServiceId,
    but: Option<&str>,
    at: Timestamp,
    cause: EndCause,
) -> Result<()> {
    let sql = "UPDATE sessions SET ended = max(started, ?3), cause = ?4
               WHERE service = ?1 AND is_indexed = 1 AND ended IS NULL AND source = ?5 AND address IS NOT ?2";
    let values = params![service.0.as_bytes(), but, at.millis(), name_of(&cause)?, name_of(&Source::Lease)?];
    conn.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

#[async_trait]
impl Sessions for SqliteTenant {
    async fn sessions(&self, filter: SessionFilter, ask: Ask<()>) -> Result<Page<SessionRecord>> {
        let texts = self.search.clone();
        self.read(move |conn, tenant| {
            let select = Select::from("sessions")
                .and("tenant = ?", tenant.to_vec())
                .and_some("service = ?", filter.service.map(|s| s.0.as_bytes().to_vec()))
                .and_some("router = ?", filter.router.map(|r| r.0.as_bytes().to_vec()))
                .and_some("(ended IS NULL OR ended >= ?)", filter.from.map(Timestamp::millis))
                .and_some("started < ?", filter.to.map(Timestamp::millis));
            let wanted = wanted(conn, tenant, &texts, ask.q.as_deref())?;
            let list = |select: Select, index| select.list(conn, COLUMNS, "started", &ask, index, read);
            let is_indexed = wanted.among_filed(select.clone(), tenant);
            let fresh = wanted.among(select.when("is_indexed = 0"));
            let both = || Ok(list(is_indexed, wanted.index())?.and(list(fresh, "sessions_fresh")?, &ask));
            deferred_index::at_one_moment(conn, both).map(|listed| listed.page(&ask))
        })
        .await
    }

    async fn whose(&self, lines: Vec<(ServiceId, RouterId)>) -> Result<Vec<Whose>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT customer, customer_name,
                 (SELECT name FROM routers WHERE routers.id = ?2 AND routers.tenant = ?3) AS router_name
               FROM services WHERE id = ?1 AND tenant = ?3";
            let mut statement = conn.prepare_cached(sql)?;
            let one = |row: &Row<'_>| {
                let customer = uuid_or_null(row, "customer")?.map(CustomerId);
                let customer_name = customer.map(|_| row.get("customer_name")).transpose()?;
                let router_name: Option<String> = row.get("router_name")?;
                Ok(Whose { customer, customer_name, router_name: router_name.unwrap_or_default() })
            };
            let all = lines.iter().map(|(service, router)| {
                let found =
                    statement.query_row(params![service.0.as_bytes(), router.0.as_bytes(), tenant], one);
                Ok(found.optional()?.unwrap_or_default())
            });
            all.collect()
        })
        .await
    }

    async fn last_end(&self, service: ServiceId) -> Result<Option<Ended>> {
        self.read(move |conn, tenant| {
            let ends = deferred_index::both(
                "ended, cause, mac, address",
                "sessions",
                "service = ?1 AND tenant = ?2 AND ended IS NOT NULL",
            );
            conn.prepare_cached(&format!("{ends} ORDER BY ended DESC LIMIT 1"))?
                .query_row(params![service.0.as_bytes(), tenant], |row| {
                    let endpoint = Endpoint { mac: row.get("mac")?, address: row.get("address")? };
                    let at = Timestamp(row.get("ended")?);
                    Ok(word(row, "cause").map(|cause| Ended { at, cause, endpoint }))
                })
                .optional()?
                .transpose()
        })
        .await
    }
}
