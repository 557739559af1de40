//! The counters of routers as they were last.

use super::SqliteTenant;
use super::db::Lane;
use super::routers;
use super::row::{collect, json, uuid};
use crate::port::{Result, UsageState, Usages};
use async_trait::async_trait;
use imsys_domain::usage::{Baseline, Counted, CounterOwner, CounterTable, Used, used};
use imsys_domain::{RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The counters of a router.
pub(crate) fn get(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<Option<Baseline>> {
    let sql = "SELECT data FROM usage_baselines WHERE router = ?1 AND tenant = ?2";
    let found = conn
        .prepare_cached(sql)?
        .query_row(params![router.0.as_bytes(), tenant], |row| Ok(json(row, "data")))
        .optional()?;
    found.transpose()
}

/// Puts a router's counters in the place of those before.
pub(crate) fn put(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    baseline: &Baseline,
) -> rusqlite::Result<usize> {
    let data = serde_json::to_string(baseline)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let sql = "INSERT INTO usage_baselines (router, tenant, data) VALUES (?1, ?2, ?3)
               ON CONFLICT DO UPDATE SET data = excluded.data";
    conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), tenant, data])
}

/// The services of a router.
fn services(conn: &Connection, tenant: &[u8; 16], router: RouterId) -> Result<Vec<Counted>> {
    let sql =
        "SELECT id, key, leased, created FROM services WHERE router = ?1 AND tenant = ?2 AND archived = 0";
    collect(conn.prepare_cached(sql)?.query(params![router.0.as_bytes(), tenant])?, |row: &Row<'_>| {
        let (key, leased): (String, Option<String>) = (row.get("key")?, row.get("leased")?);
        let (id, created) = (ServiceId(uuid(row, "id")?), Timestamp(row.get("created")?));
        Ok(Counted { id, owner: owner(&key, leased.as_deref()), created })
    })
}

/// What counters know a service by. A queue does not say in which VRF its address is.
fn owner(key: &str, leased: Option<&str>) -> Option<CounterOwner> {
    if let Some(user) = key.strip_prefix("ppp:") {
        return Some(CounterOwner::User(user.to_owned()));
    }
    let address = key.strip_prefix("ip:main:").or(leased.filter(|_| key.starts_with("mac:")))?;
    address.parse().ok().map(CounterOwner::Address)
}

#[async_trait]
impl Usages for SqliteTenant {
    async fn note_counters(&self, router: RouterId, table: CounterTable) -> Result<Vec<(ServiceId, Used)>> {
        self.write(Lane::Bulk, move |conn, tenant| {
            routers::get(conn, tenant, router)?;
            let before = get(conn, tenant, router)?;
            let (baseline, all) = used(before.as_ref(), &table, &services(conn, tenant, router)?);
            put(conn, tenant, router, &baseline)?;
            Ok(all)
        })
        .await
    }

    async fn usage_state(&self, service: ServiceId) -> Result<Option<UsageState>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT router FROM services WHERE id = ?1 AND tenant = ?2";
            let router = conn
                .prepare_cached(sql)?
                .query_row(params![service.0.as_bytes(), tenant], |row| Ok(uuid(row, "router")))?;
            let state = |baseline: Baseline| {
                let counters = baseline.counters.get(&service);
                let source = counters.and_then(|counters| counters.first()).map(|counter| counter.source);
                UsageState { at: baseline.at, source, fasttrack: baseline.fasttrack }
            };
            Ok(get(conn, tenant, RouterId(router?))?.map(state))
        })
        .await
    }
}
