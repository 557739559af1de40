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
use rusqlite::types::Value;
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

/// What is looked for: an address or a MAC whole, anything else as the beginning of a name.
enum Wanted {
    Everything,
    Address(IpAddr),
    Mac(Mac),
    Name(String),
}

impl Wanted {
    fn of(q: Option<&str>) -> Self {
        match q.map(str::trim).filter(|q| !q.is_empty()) {
            None => Self::Everything,
            Some(q) => match (q.parse(), q.parse()) {
                (Ok(mac), _) => Self::Mac(mac),
                (_, Ok(address)) => Self::Address(address),
                _ => Self::Name(q.to_owned()),
            },
        }
    }

    fn among(&self, select: Select) -> Select {
        match self {
            Self::Everything => select,
            Self::Address(address) => select.and("address = ?", address.to_string()),
            Self::Mac(mac) => select.and("mac = ?", mac.to_string()),
            Self::Name(begin) => select.and("username >= ?", begin.clone()).and("username < ?", after(begin)),
        }
    }

    /// The index that leads to what is filed; none where SQLite finds it.
    const fn index(&self) -> &'static str {
        match self {
            Self::Everything | Self::Address(_) => "",
            Self::Mac(_) | Self::Name(_) => "sessions_service",
        }
    }

    /// The same among what is filed.
    fn among_filed(&self, select: Select, tenant: &[u8; 16]) -> Select {
        let select = self.among(select.when("filed = 1"));
        let (which, words) = match self {
            Self::Everything | Self::Address(_) => return select,
            Self::Mac(mac) => ("word = ?", vec![mac.to_string()]),
            Self::Name(begin) => ("word >= ? AND word < ?", vec![begin.clone(), after(begin)]),
        };
        let theirs = format!("service IN (SELECT service FROM session_words WHERE tenant = ? AND {which})");
        select
            .and_all(&theirs, [tenant.to_vec().into()].into_iter().chain(words.into_iter().map(Value::from)))
    }
}

/// What follows everything that begins so.
fn after(begin: &str) -> String {
    format!("{begin}\u{10FFFF}")
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
            let wanted = Wanted::of(ask.q.as_deref());
            let list = |select: Select, index| select.list(conn, COLUMNS, "started", &ask, index, read);
            let filed = wanted.among_filed(select.clone(), tenant);
            let fresh = wanted.among(select.when("filed = 0"));
            let both = || Ok(list(filed, wanted.index())?.and(list(fresh, "sessions_fresh")?, &ask));
            filing::at_one_moment(conn, both).map(|listed| listed.page(&ask))
        })
        .await
    }

    async fn last_end(&self, service: ServiceId) -> Result<Option<(Timestamp, EndCause)>> {
        self.read(move |conn, tenant| {
            let ends = filing::both(
                "ended, cause",
                "sessions",
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
