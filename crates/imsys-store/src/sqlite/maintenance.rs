//! Care for the file.

use super::db::Lane;
use super::row::{collect, uuid};
use super::{SqliteStore, devices, export, import, prune, snmp_logins};
use crate::model::{Holder, Sealed};
use crate::port::{Maintenance, Result, StoreError};
use crate::record::{Records, Sink};
use async_trait::async_trait;
use imsys_domain::device::SnmpLogin;
use imsys_domain::{DeviceId, RouterId, TenantId, Timestamp};
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
            let of_router = |row: &Row<'_>| {
                let holder = Holder::Router(RouterId(uuid(row, "id")?));
                Ok(Sealed { tenant: TenantId(uuid(row, "tenant")?), holder, value: row.get("password")? })
            };
            let of_device = |row: &Row<'_>| {
                let holder = Holder::Device(DeviceId(uuid(row, "id")?));
                Ok(Sealed { tenant: TenantId(uuid(row, "tenant")?), holder, value: row.get("secret")? })
            };
            let routers = "SELECT tenant, id, password FROM routers ORDER BY id";
            let devices = "SELECT tenant, id, json_extract(access, '$.secret') AS secret FROM devices
                           WHERE access IS NOT NULL ORDER BY id";
            let mut sealed = collect(conn.prepare_cached(routers)?.query([])?, of_router)?;
            sealed.extend(collect(conn.prepare_cached(devices)?.query([])?, of_device)?);
            let of_login = |SnmpLogin { id, tenant, data, .. }: SnmpLogin| Sealed {
                tenant,
                holder: Holder::SnmpLogin(id),
                value: data.access.secret,
            };
            sealed.extend(snmp_logins::all(conn, None)?.into_iter().map(of_login));
            Ok(sealed)
        };
        self.db.read(work).await
    }

    async fn reseal(&self, sealed: Sealed, before: &str) -> Result<bool> {
        let before = before.to_owned();
        let work = move |conn: &Connection| match sealed.holder {
            Holder::Router(router) => {
                let sql = "UPDATE routers SET password = ?2 WHERE id = ?1 AND password = ?3";
                let changed =
                    conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), sealed.value, before]);
                Ok(changed? == 1)
            }
            Holder::Device(device) => devices::reseal(conn, device, &sealed.value, &before),
            Holder::SnmpLogin(login) => snmp_logins::reseal(conn, login, &sealed.value, &before),
        };
        self.db.write(Lane::Bulk, work).await
    }
}
