//! Static lines: what checks saw of them.

use super::SqliteTenant;
use super::db::Lane;
use super::presence::{CHUNK, Record, Stored, blind_all, is_listening, load_by_id, settle};
use super::row::{collect, json, uuid};
use super::state;
use crate::model::{ServiceChange, StaticLine};
use crate::port::{Checks, Result, StoreError};
use async_trait::async_trait;
use imsys_domain::presence::{Presence, Seen, Source, judge_check};
use imsys_domain::service::{Access, Kind};
use imsys_domain::{RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, Row, params};

fn read(row: &Row<'_>) -> Result<Option<StaticLine>> {
    let Access::Static { address, mac, interface, vrf } = json::<Access>(row, "access")? else {
        return Ok(None);
    };
    let checked = state::of(row)?.checked;
    Ok(Some(StaticLine { id: ServiceId(uuid(row, "id")?), address, mac, interface, vrf, checked }))
}

/// A line of this router that is not archived; `None` when there is none any more.
fn load(conn: &Connection, tenant: &[u8; 16], router: RouterId, id: ServiceId) -> Result<Option<Stored>> {
    match load_by_id(conn, tenant, id) {
        Ok(stored) => Ok(Some(stored).filter(|stored| stored.router == router)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn apply(
    conn: &Connection,
    tenant: &[u8; 16],
    mut stored: Stored,
    at: Timestamp,
    seen: Seen,
) -> Result<Option<ServiceChange>> {
    let before = stored.presence.status;
    let presence = std::mem::replace(&mut stored.presence, Presence::unknown(at));
    let judgement = judge_check(presence, at, seen);
    let record = Record::of_check(at, judgement.state.source.unwrap_or(Source::Arp));
    Ok(settle(conn, tenant, &stored, before, &record, judgement)?.change())
}

#[async_trait]
impl Checks for SqliteTenant {
    async fn static_lines(&self, router: RouterId) -> Result<Vec<StaticLine>> {
        self.read(move |conn, tenant| {
            is_listening(conn, tenant, router)?;
            let sql = "SELECT id, access, presence FROM services
                       WHERE router = ?1 AND archived = 0 AND kind = 'static' AND tenant = ?2 ORDER BY label, id";
            let lines = collect(conn.prepare_cached(sql)?.query(params![router.0.as_bytes(), tenant])?, read)?;
            Ok(lines.into_iter().flatten().collect())
        })
        .await
    }

    async fn apply_checks(
        &self,
        router: RouterId,
        at: Timestamp,
        seen: Vec<(ServiceId, Seen)>,
    ) -> Result<Vec<ServiceChange>> {
        let mut changes = Vec::new();
        for chunk in seen.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            let done = self.write(Lane::Bulk, move |conn, tenant| {
                is_listening(conn, tenant, router)?;
                let mut changes = Vec::new();
                for (id, seen) in chunk {
                    if let Some(stored) = load(conn, tenant, router, id)? {
                        changes.extend(apply(conn, tenant, stored, at, seen)?);
                    }
                }
                Ok(changes)
            });
            changes.extend(done.await?);
        }
        Ok(changes)
    }

    async fn checks_failed(&self, router: RouterId, at: Timestamp) -> Result<Vec<ServiceChange>> {
        blind_all(self, router, Some(Kind::Static), at).await
    }
}
