//! Sessions, searchable for years.

use super::list::Select;
use super::row::{uuid, word, word_or_null};
use super::{SqliteTenant, filing};
use crate::model::SessionRecord;
use crate::page::{Ask, Page};
use crate::port::{Result, SessionFilter, Sessions};
use async_trait::async_trait;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{EndCause, Line};
use imsys_domain::{RouterId, ServiceId, SessionId, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use std::net::IpAddr;

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "id, service, router, username, mac, address, started, ended, cause, source";

/// A session from a row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<SessionRecord> {
    Ok(SessionRecord {
        id: SessionId(uuid(row, "id")?),
        service: ServiceId(uuid(row, "service")?),
        router: RouterId(uuid(row, "router")?),
        username: row.get("username")?,
        line: Line { mac: row.get("mac")?, address: row.get("address")? },
        started: Timestamp(row.get("started")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Timestamp),
        cause: word_or_null(row, "cause")?,
        by: word(row, "source")?,
    })
}

/// An address or a MAC is looked up whole, anything else is the beginning of a name.
fn and_wanted(select: Select, q: &str) -> Select {
    if let Ok(mac) = q.parse::<Mac>() {
        select.and("mac = ?", mac.to_string())
    } else if let Ok(address) = q.parse::<IpAddr>() {
        select.and("address = ?", address.to_string())
    } else {
        select.and("username >= ?", q.to_owned()).and("username < ?", format!("{q}\u{10FFFF}"))
    }
}

#[async_trait]
impl Sessions for SqliteTenant {
    async fn sessions(&self, filter: SessionFilter, ask: Ask<()>) -> Result<Page<SessionRecord>> {
        self.read(move |conn, tenant| {
            let select = Select::from("sessions")
                .and("tenant = ?", tenant.to_vec())
                .and_some("service = ?", filter.service.map(|s| s.0.as_bytes().to_vec()))
                .and_some("router = ?", filter.router.map(|r| r.0.as_bytes().to_vec()))
                .and_some("(ended IS NULL OR ended >= ?)", filter.from.map(Timestamp::millis))
                .and_some("started < ?", filter.to.map(Timestamp::millis));
            let select = match ask.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
                Some(q) => and_wanted(select, q),
                None => select,
            };
            let part = |filed| select.clone().when(filed).list(conn, COLUMNS, "started", &ask, "", read);
            let both = || Ok(part("filed = 1")?.and(part("filed = 0")?, &ask));
            filing::at_one_moment(conn, both).map(|listed| listed.page(&ask))
        })
        .await
    }

    async fn last_end(&self, service: ServiceId) -> Result<Option<(Timestamp, EndCause)>> {
        self.read(move |conn, tenant| {
            let ends = filing::both(
                "SELECT ended, cause FROM sessions",
                "service = ?1 AND tenant = ?2 AND ended IS NOT NULL",
            );
            conn.prepare_cached(&format!("{ends} ORDER BY ended DESC LIMIT 1"))?
                .query_row(params![service.0.as_bytes(), tenant], |row| {
                    Ok(word(row, "cause").map(|cause| (Timestamp(row.get_unwrap("ended")), cause)))
                })
                .optional()?
                .transpose()
        })
        .await
    }
}
