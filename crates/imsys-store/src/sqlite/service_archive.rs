//! Services that are archived and come back, and what becomes of their presence.

use super::exist::lives;
use super::row::{collect, unique, uuid};
use super::service_rows::{change, forget_presence, get, living, next_touch, now_known};
use super::{archivable, audit};
use crate::port::{Actor, Result, StoreError, Taken};
use imsys_domain::audit::{Action, Detail};
use imsys_domain::customer::CustomerData;
use imsys_domain::plan::PlanData;
use imsys_domain::service::{self, ComesBack, ServiceData, Surroundings};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Archives every service of a router; open sessions end at `at`.
pub(crate) fn archive_all(
    conn: &Connection,
    tenant: &[u8; 16],
    router: RouterId,
    at: Timestamp,
) -> Result<()> {
    let sql = "SELECT id FROM services WHERE router = ?1 AND tenant = ?2 AND archived = 0";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query(params![router.0.as_bytes(), tenant])?;
    for id in collect(rows, |row| Ok(uuid(row, "id")?))? {
        archive(conn, tenant, ServiceId(id), at)?;
    }
    Ok(())
}

/// Archives one that is not archived.
pub(super) fn archive_living(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    at: Timestamp,
) -> Result<()> {
    living(conn, tenant, id)?;
    archive(conn, tenant, id, at)
}

fn archive(conn: &Connection, tenant: &[u8; 16], id: ServiceId, at: Timestamp) -> Result<()> {
    forget_presence(conn, tenant, id, at)?;
    let sql = "UPDATE services SET archived = ?2, touched = ?3, edition = edition + 1 WHERE id = ?1";
    let touched = next_touch(conn, tenant)?;
    conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), at.millis(), touched])?;
    Ok(())
}

/// Brings an archived service back, with an unknown status. A customer and a plan that are archived come back with it:
/// these, with the action for the log.
pub(super) fn restore(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    id: ServiceId,
) -> Result<Vec<(Action, Uuid)>> {
    let stored = get(conn, tenant, id)?;
    let around = surroundings(conn, tenant, &stored.data)?;
    let ComesBack { customer, plan } = service::restore(stored.archived, around)?;
    now_known(conn, &stored.data)?;
    let mut with_it = Vec::new();
    if let Some(CustomerId(id)) = customer {
        archivable::restore::<CustomerData>(conn, tenant, id)?;
        with_it.push((Action::CustomerRestore, id));
    }
    if let Some(PlanId(id)) = plan {
        archivable::restore::<PlanData>(conn, tenant, id)?;
        with_it.push((Action::PlanRestore, id));
    }
    let sql = "UPDATE services SET archived = 0, touched = ?2, edition = edition + 1 WHERE id = ?1";
    let done = conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), next_touch(conn, tenant)?]);
    unique(done, Taken::ServicePlace)?;
    forget_presence(conn, tenant, id, at)?;
    Ok(with_it)
}

/// Brings an archived service back as `data`: with the customer and the plan that `data` names, and not with those that
/// it had.
pub(super) fn restore_as(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    id: ServiceId,
    data: &ServiceData,
) -> Result<Vec<(Action, Uuid)>> {
    let (customer, plan) = (data.customer.map(|c| *c.0.as_bytes()), data.plan.map(|p| *p.0.as_bytes()));
    let sql = "UPDATE services SET customer = ?3, plan = ?4 WHERE id = ?1 AND tenant = ?2 AND archived > 0";
    conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), tenant, customer, plan])?;
    let with_it = restore(conn, tenant, at, id)?;
    change(conn, tenant, id, None, data, at)?;
    Ok(with_it)
}

/// What an archived service hangs on, as it is now.
fn surroundings(conn: &Connection, tenant: &[u8; 16], data: &ServiceData) -> Result<Surroundings> {
    let gone = |table, id: Option<Uuid>| match id {
        Some(id) => Ok::<_, StoreError>(!lives(conn, tenant, table, id)?),
        None => Ok(false),
    };
    let sql = "SELECT 1 FROM plans p JOIN plans o ON o.tenant = p.tenant AND o.name = p.name AND o.id <> p.id
               WHERE p.id = ?1 AND o.archived = 0";
    let plan = data.plan.map(|plan| *plan.0.as_bytes());
    let customer_gone = gone("customers", data.customer.map(|id| id.0))?;
    let plan_gone = gone("plans", data.plan.map(|id| id.0))?;
    Ok(Surroundings {
        router_archived: gone("routers", Some(data.router.0))?,
        customer: data.customer.filter(|_| customer_gone),
        plan: data.plan.filter(|_| plan_gone),
        plan_name_taken: plan_gone && conn.prepare_cached(sql)?.exists([plan])?,
    })
}

/// The same, with a line in the log for each that comes back with it.
pub(super) fn restore_noting(
    conn: &Connection,
    tenant: &[u8; 16],
    actor: &Actor,
    id: ServiceId,
) -> Result<()> {
    for (action, thing) in restore(conn, tenant, actor.at, id)? {
        audit::append(conn, tenant, actor, action, thing, Detail::new())?;
    }
    Ok(())
}

/// Brings back the services that were archived together with their router.
pub(crate) fn restore_all(
    conn: &Connection,
    tenant: &[u8; 16],
    actor: &Actor,
    router: RouterId,
    archived: Timestamp,
) -> Result<usize> {
    let sql = "SELECT id FROM services WHERE router = ?1 AND tenant = ?2 AND archived = ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query(params![router.0.as_bytes(), tenant, archived.millis()])?;
    let ids = collect(rows, |row| Ok(uuid(row, "id")?))?;
    ids.iter().try_for_each(|id| restore_noting(conn, tenant, actor, ServiceId(*id)))?;
    Ok(ids.len())
}
