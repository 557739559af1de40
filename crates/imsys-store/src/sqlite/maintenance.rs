//! Care for the file.

use super::db::Lane;
use super::row::{collect, uuid};
use super::{SqliteStore, export, import, prune};
use crate::model::Sealed;
use crate::port::{Maintenance, Result, StoreError};
use crate::record::{Records, Sink};
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::path::Path;

#[async_trait]
impl Maintenance for SqliteStore {
    async fn check(&self) -> Result<()> {
        let check = |conn: &Connection| {
            let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if said == "ok" { Ok(()) } else { Err(StoreError::Failed(said)) }
        };
        self.db.read_through(check).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        let to = to.to_str().ok_or_else(|| StoreError::Failed("the path is not UTF-8".into()))?.to_owned();
        let copy = move |conn: &Connection| {
            // It writes, though not here.
            conn.execute_batch("PRAGMA query_only = OFF")?;
            let done = conn.execute("VACUUM INTO ?1", [to]);
            conn.execute_batch("PRAGMA query_only = ON")?;
            done.map(|_| ()).map_err(StoreError::from)
        };
        self.db.read_through(copy).await
    }

    async fn export(&self, mut sink: Sink) -> Result<()> {
        self.db.caught_up().await?;
        self.db.read_through(move |conn| export::export(conn, &mut sink)).await
    }

    async fn import(&self, records: Records) -> Result<u64> {
        self.db.write(Lane::Bulk, move |conn| import::import(conn, records)).await
    }

    async fn prune_expired(&self, now: Timestamp) -> Result<u64> {
        prune::expired(&self.db, now).await
    }

    async fn prune_history(&self, tenant: TenantId, now: Timestamp) -> Result<u64> {
        prune::history(&self.db, tenant, now).await
    }

    async fn sealed(&self) -> Result<Vec<Sealed>> {
        let work = |conn: &Connection| {
            let read = |row: &Row<'_>| {
                let (tenant, router) = (TenantId(uuid(row, "tenant")?), RouterId(uuid(row, "id")?));
                Ok(Sealed { tenant, router, value: row.get("password")? })
            };
            collect(
                conn.prepare_cached("SELECT tenant, id, password FROM routers ORDER BY id")?.query([])?,
                read,
            )
        };
        self.db.read(work).await
    }

    async fn reseal(&self, sealed: Sealed, before: &str) -> Result<bool> {
        let before = before.to_owned();
        let work = move |conn: &Connection| {
            let sql = "UPDATE routers SET password = ?2 WHERE id = ?1 AND password = ?3";
            let changed =
                conn.prepare_cached(sql)?.execute(params![sealed.router.0.as_bytes(), sealed.value, before]);
            Ok(changed? == 1)
        };
        self.db.write(Lane::Bulk, work).await
    }
}
