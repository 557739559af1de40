//! The last run of each kind of job: rows of `router_runs` and `tenant_runs`.

use super::SqliteTenant;
use super::db::Lane;
use super::row::{collect, name_of, uuid, word};
use crate::model::Run;
use crate::port::{Result, TenantRuns};
use async_trait::async_trait;
use imsys_domain::{RouterId, Timestamp};
use rusqlite::{Connection, Row, params};

#[async_trait]
impl TenantRuns for SqliteTenant {
    async fn note_tenant_run(&self, run: Run) -> Result<()> {
        self.write(Lane::Bulk, move |conn, tenant| put_of_tenant(conn, tenant, &run)).await
    }

    async fn tenant_runs(&self) -> Result<Vec<Run>> {
        self.read(move |conn, tenant| {
            let sql =
                "SELECT kind, at, took_ms, outcome, error FROM tenant_runs WHERE tenant = ?1 ORDER BY kind";
            collect(conn.prepare_cached(sql)?.query([tenant])?, read)
        })
        .await
    }
}

/// Writes how a job at a router went over how the one before went.
pub(crate) fn put_of_router(conn: &Connection, id: RouterId, run: &Run) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO router_runs (router, kind, at, took_ms, outcome, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET at = excluded.at, took_ms = excluded.took_ms,
           outcome = excluded.outcome, error = excluded.error",
    )?
    .execute(params![
        id.0.as_bytes(),
        run.kind,
        run.at.millis(),
        run.took_ms,
        name_of(&run.outcome)?,
        run.error,
    ])?;
    Ok(())
}

/// The same for a tenant's own job, while there is the tenant.
pub(crate) fn put_of_tenant(conn: &Connection, tenant: &[u8; 16], run: &Run) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO tenant_runs (tenant, kind, at, took_ms, outcome, error)
           SELECT id, ?2, ?3, ?4, ?5, ?6 FROM tenants WHERE id = ?1
         ON CONFLICT DO UPDATE SET at = excluded.at, took_ms = excluded.took_ms,
           outcome = excluded.outcome, error = excluded.error",
    )?
    .execute(params![
        tenant,
        run.kind,
        run.at.millis(),
        run.took_ms,
        name_of(&run.outcome)?,
        run.error
    ])?;
    Ok(())
}

/// A run at a router from a row of its table.
pub(crate) fn read_of_router(row: &Row<'_>) -> Result<(RouterId, Run)> {
    Ok((RouterId(uuid(row, "router")?), read(row)?))
}

/// A run from a row of either table.
pub(crate) fn read(row: &Row<'_>) -> Result<Run> {
    Ok(Run {
        kind: row.get("kind")?,
        at: Timestamp(row.get("at")?),
        took_ms: row.get("took_ms")?,
        outcome: word(row, "outcome")?,
        error: row.get("error")?,
    })
}
