//! The audit log: lines that are only ever added, each with a hash over the one before.

use super::db::Lane;
use super::list::Select;
use super::row::collect;
use super::{SqliteTenant, bulk_rows, feed};
use crate::chain::{self, GENESIS};
use crate::model::{AuditEntry, Change};
use crate::page::{Ask, Page};
use crate::port::{Actor, Audit, Result};
use async_trait::async_trait;
use imsys_domain::audit::{Action, Detail, search_text};
use imsys_domain::{TenantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

pub(crate) const COLUMNS: &str = "seq, at, actor, action, object, detail, hash";
/// Adds a line to the tenant's log, in the caller's transaction.
pub(crate) fn append(
    conn: &Connection,
    tenant: &[u8; 16],
    actor: &Actor,
    action: Action,
    object: Uuid,
    detail: Detail,
) -> Result<()> {
    put(conn, tenant, actor, (action.name(), &object.to_string()), &Value::Object(detail))
}

fn put(
    conn: &Connection,
    tenant: &[u8; 16],
    actor: &Actor,
    (action, object): (&str, &str),
    detail: &Value,
) -> Result<()> {
    let (last, before) = head(conn, tenant)?;
    let mut entry = AuditEntry {
        seq: last + 1,
        at: actor.at,
        actor: actor.name.clone(),
        action: action.into(),
        object: object.into(),
        detail: detail.to_string(),
        hash: GENESIS,
    };
    entry.hash = chain::hash(&before, TenantId(Uuid::from_bytes(*tenant)), &entry);
    insert(conn, tenant, &entry)?;
    let told = Change::Audit { seq: entry.seq, action: entry.action, object: entry.object };
    feed::append(conn, tenant, entry.at, &[told])
}

/// Adds a line as it is.
pub(crate) fn insert(conn: &Connection, tenant: &[u8; 16], entry: &AuditEntry) -> rusqlite::Result<usize> {
    let search = search_text(&entry.actor, &entry.action, &entry.object, &entry.detail);
    let sql = "INSERT INTO audit (tenant, seq, at, actor, action, object, detail, hash, search)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    conn.prepare_cached(sql)?.execute(params![
        tenant,
        entry.seq,
        entry.at.millis(),
        entry.actor,
        entry.action,
        entry.object,
        entry.detail,
        entry.hash,
        search,
    ])
}

/// The number and hash of the last line.
fn head(conn: &Connection, tenant: &[u8; 16]) -> Result<(i64, [u8; 32])> {
    let sql = "SELECT seq, hash FROM audit WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1";
    let last =
        conn.prepare_cached(sql)?.query_row([tenant], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(last.unwrap_or((0, GENESIS)))
}

/// The condition that a line is about an act on many things of which one is called by its id in `q`.
fn acts_on(conn: &Connection, tenant: &[u8; 16], q: Option<&str>) -> Result<String> {
    let Some(thing) = q.and_then(|text| text.trim().parse().ok()) else { return Ok(String::new()) };
    let acts: Vec<_> =
        bulk_rows::acts_on(conn, tenant, thing)?.into_iter().map(|act| format!("'{act}'")).collect();
    Ok(if acts.is_empty() { String::new() } else { format!("object IN ({})", acts.join(", ")) })
}

/// Whether the rows of a line that has some are those that it was written with.
fn has_its_rows(conn: &Connection, tenant: &[u8; 16], line: &AuditEntry) -> Result<bool> {
    let Some((act, digest)) = chain::rows_of(line)? else { return Ok(true) };
    Ok(chain::digest(&bulk_rows::rows(conn, tenant, act)?) == digest)
}

/// A line from a row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        seq: row.get("seq")?,
        at: Timestamp(row.get("at")?),
        actor: row.get("actor")?,
        action: row.get("action")?,
        object: row.get("object")?,
        detail: row.get("detail")?,
        hash: row.get("hash")?,
    })
}

#[async_trait]
impl Audit for SqliteTenant {
    async fn note(&self, action: &str, object: &str, detail: Value) -> Result<()> {
        let (actor, action, object) = (self.actor.clone(), action.to_owned(), object.to_owned());
        self.write(Lane::Interactive, move |conn, tenant| {
            put(conn, tenant, &actor, (&action, &object), &detail)
        })
        .await
    }

    async fn audit(&self, ask: Ask<()>) -> Result<Page<AuditEntry>> {
        self.read(move |conn, tenant| {
            // The list orders by `seq` alone: it is unique, and `tenant` stands in for the id of the tie-break.
            let select =
                Select::from("(SELECT *, tenant AS id FROM audit)").and("tenant = ?", tenant.to_vec());
            let ask = Ask { descending: true, ..ask };
            let q = ask.q.as_deref();
            select.and_words_or(q, &acts_on(conn, tenant, q)?).page(conn, COLUMNS, "seq", &ask, read)
        })
        .await
    }

    async fn audit_break(&self) -> Result<Option<i64>> {
        self.read_through(|conn, tenant| {
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE tenant = ?1 ORDER BY seq");
            let mut statement = conn.prepare_cached(&sql)?;
            let lines = collect(statement.query([tenant])?, read)?;
            let (mut before, id) = (GENESIS, TenantId(Uuid::from_bytes(*tenant)));
            for (expected, line) in (1..).zip(&lines) {
                let is_whole = line.seq == expected && line.hash == chain::hash(&before, id, line);
                if !is_whole || !has_its_rows(conn, tenant, line)? {
                    return Ok(Some(expected));
                }
                before = line.hash;
            }
            Ok(None)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Parcel;
    use crate::sqlite::SqliteStore;
    use crate::{Store, TenantStore};
    use imsys_domain::customer::{Customer, CustomerData};
    use imsys_domain::tenant::{Settings, Tenant};
    use imsys_domain::{BulkId, CustomerId};
    use serde_json::json;
    use std::sync::Arc;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));

    async fn log(store: &SqliteStore) -> Arc<dyn TenantStore> {
        let log = store.tenant(TENANT, Actor { name: "ana@example.net".into(), at: Timestamp(1) });
        for n in 0..3 {
            log.note("router.test", &format!("r{n}"), json!({ "ok": true })).await.unwrap();
        }
        log
    }

    #[tokio::test]
    async fn whatever_is_done_to_a_line_afterwards_shows_from_that_line_on() {
        for (deed, seen_at) in [
            ("UPDATE audit SET actor = 'eve@example.net' WHERE seq = 2", Some(2)),
            ("UPDATE audit SET at = 2 WHERE seq = 1", Some(1)),
            ("UPDATE audit SET object = 'r', detail = '1{\"ok\":true}' WHERE seq = 3", Some(3)),
            ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 3", Some(3)),
            ("DELETE FROM audit WHERE seq = 1", Some(1)),
            ("DELETE FROM audit WHERE seq = 2", Some(2)),
            ("UPDATE audit SET seq = 9 WHERE seq = 2", Some(2)),
            ("UPDATE audit SET actor = actor", None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(&folder.path().join("imsys.db")).unwrap();
            let log = log(&store).await;
            assert_eq!(log.audit_break().await, Ok(None));
            let work = move |conn: &Connection| Ok(conn.execute(deed, [])?);
            store.db.write(Lane::Bulk, work).await.unwrap();
            assert_eq!(log.audit_break().await, Ok(seen_at), "{deed}");
        }
    }

    #[tokio::test]
    async fn whatever_is_done_to_the_rows_of_a_line_shows_at_that_line() {
        for (deed, seen_at) in [
            ("UPDATE bulk_rows SET detail = '{\"name\":\"Eve\"}'", Some(4)),
            ("UPDATE bulk_rows SET undo = 'x'", Some(4)),
            ("DELETE FROM bulk_rows", Some(4)),
            ("UPDATE bulk_rows SET detail = detail", None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(&folder.path().join("imsys.db")).unwrap();
            let (name, slug) = ("Lake".into(), "lake".into());
            let tenant =
                Tenant { id: TENANT, name, slug, created: Timestamp(1), settings: Settings::default() };
            store.create_tenant(tenant).await.unwrap();
            let log = log(&store).await;
            let data = CustomerData { name: "Ana".into(), ..CustomerData::default() };
            let id = CustomerId(Uuid::from_u128(2));
            let customer = Customer { id, edition: 1, data, created: Timestamp(1), archived: None };
            let parcel = Parcel::new(BulkId(Uuid::from_u128(3)), Timestamp(1));
            log.import(Parcel { customers: vec![customer], ..parcel }).await.unwrap();
            assert_eq!(log.audit_break().await, Ok(None));
            let work = move |conn: &Connection| Ok(conn.execute(deed, [])?);
            store.db.write(Lane::Bulk, work).await.unwrap();
            assert_eq!(log.audit_break().await, Ok(seen_at), "{deed}");
        }
    }
}
