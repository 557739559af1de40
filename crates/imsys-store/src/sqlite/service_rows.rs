//! Services, row by row: reading one, writing what people set, and what becomes of its presence.

use super::evidence::Newest;
use super::exist::must_exist;
use super::observe::{load_by_id, save_sessions, save_state};
use super::row::{archived, broken, collect, json, name_of, unique, uuid, uuid_or_null, word, word_or_null};
use super::sessions::end_lease;
use super::state;
use crate::model::Service;
use crate::port::{Reference, Result, StoreError, Taken};
use imsys_domain::customer::CustomerData;
use imsys_domain::presence::{Forgotten, LeaseChange, Presence, forget};
use imsys_domain::service::{Access, ServiceData, search_text};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp, edition};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The columns that [`read`] wants.
pub(super) const COLUMNS: &str =
    "id, rev, edition, router, customer, plan, access, suspended, mode, customer_name, status, since,
     confirmed, source, created, archived,
     presence, (SELECT name FROM routers WHERE routers.id = services.router) AS router_name,
     (SELECT swept FROM routers WHERE routers.id = services.router) AS swept,
     (SELECT name FROM plans WHERE plans.id = services.plan) AS plan_name";

/// A service from a row with [`COLUMNS`], by position: lists read a thousand at a time.
pub(super) fn read(row: &Row<'_>) -> Result<Service> {
    let customer = uuid_or_null(row, 4)?.map(CustomerId);
    let data = ServiceData {
        router: RouterId(uuid(row, 3)?),
        access: json::<Access>(row, 6)?,
        customer,
        plan: uuid_or_null(row, 5)?.map(PlanId),
        suspended: row.get(7)?,
        mode: word(row, 8)?,
    };
    let mut presence = state::read(row.get_ref(16)?.as_blob().map_err(|_| broken("presence"))?)?;
    let mut service = Service {
        id: ServiceId(uuid(row, 0)?),
        rev: row.get(1)?,
        edition: row.get(2)?,
        data,
        router_name: row.get(17)?,
        customer_name: customer.map(|_| row.get(9)).transpose()?,
        plan_name: row.get(19)?,
        status: word(row, 10)?,
        since: Timestamp(row.get(11)?),
        confirmed: row.get::<_, Option<i64>>(12)?.map(Timestamp),
        source: word_or_null(row, 13)?,
        sessions: presence.sessions(),
        endpoint: presence.open.pop().map(|session| session.endpoint).unwrap_or_default(),
        wrong_mac: None,
        created: Timestamp(row.get(14)?),
        archived: archived(row, 15)?,
    };
    service.show(presence.checked.as_ref());
    // A sweep that changes nothing writes no service: it confirms all of the router's at once.
    let swept = row.get::<_, Option<i64>>(18)?.map(Timestamp);
    service.confirmed = service.confirmed_with(swept);
    Ok(service)
}

/// One, archived or not.
pub(super) fn get(conn: &Connection, tenant: &[u8; 16], id: ServiceId) -> Result<Service> {
    let sql = format!("SELECT {COLUMNS} FROM services WHERE id = ?1 AND tenant = ?2");
    let mut service =
        conn.prepare_cached(&sql)?.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))??;
    Newest::default().add_to(conn, &mut service)?;
    Ok(service)
}

/// One that is not archived: only such are changed.
pub(super) fn living(conn: &Connection, tenant: &[u8; 16], id: ServiceId) -> Result<Service> {
    let found = get(conn, tenant, id)?;
    edition::living(found.archived)?;
    Ok(found)
}

/// Writes what people set; a new row when there is none with this id. Its username is unknown no more.
fn put(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    created: Timestamp,
    data: &ServiceData,
) -> Result<()> {
    must_exist(conn, tenant, "routers", Some(data.router.0), Reference::Router)?;
    must_exist(conn, tenant, "customers", data.customer.map(|c| c.0), Reference::Customer)?;
    must_exist(conn, tenant, "plans", data.plan.map(|p| p.0), Reference::Plan)?;
    let owner = owner(conn, data.customer)?;
    let customer_name = owner.as_ref().map_or("", |owner| &owner.name);
    let search = search_text(&data.access, owner.as_ref(), leased(conn, id)?.as_deref());
    let done = conn
        .prepare_cached(
            "INSERT INTO services (id, tenant, rev, edition, router, key, customer, plan, kind, label, access,
               suspended, mode, customer_name, status, since, presence, search, touched, created, archived)
             VALUES (?1, ?2, 1, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'unknown', ?13, ?14, ?15, ?16, ?13, 0)
             ON CONFLICT (id) DO UPDATE SET rev = rev + 1, edition = edition + 1, router = ?3, key = ?4, customer = ?5,
               plan = ?6, kind = ?7, label = ?8, access = ?9, suspended = ?10, mode = ?11, customer_name = ?12,
               search = ?15, touched = ?16",
        )?
        .execute(
            params![
                id.0.as_bytes(),
                tenant,
                data.router.0.as_bytes(),
                data.access.key(),
                data.customer.map(|c| *c.0.as_bytes()),
                data.plan.map(|p| *p.0.as_bytes()),
                name_of(&data.access.kind())?,
                data.access.label(),
                serde_json::to_string(&data.access)?,
                data.suspended,
                name_of(&data.mode)?,
                customer_name,
                created.millis(),
                state::write(&Presence::unknown(created))?,
                search,
                next_touch(conn, tenant)?,
            ],
        );
    unique(done, Taken::ServicePlace)?;
    now_known(conn, data)
}

/// A username that has a service is unknown no more.
pub(super) fn now_known(conn: &Connection, data: &ServiceData) -> Result<()> {
    if let Some(username) = data.username() {
        let sql = "DELETE FROM unknown_users WHERE router = ?1 AND username = ?2";
        conn.prepare_cached(sql)?.execute(params![data.router.0.as_bytes(), username])?;
    }
    Ok(())
}

/// The address that DHCP gave a service last.
fn leased(conn: &Connection, id: ServiceId) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT leased FROM services WHERE id = ?1")?;
    Ok(statement.query_row([id.0.as_bytes()], |row| row.get(0)).optional()?.flatten())
}

/// Where DHCP gave it another address it is found by that from now on; nothing else changes.
pub(super) fn put_leased(conn: &Connection, tenant: &[u8; 16], n: i64, lease: LeaseChange) -> Result<()> {
    let Some(address) = lease.address() else { return Ok(()) };
    let sql = "SELECT access, customer FROM services WHERE n = ?1";
    let read = |row: &Row<'_>| Ok((json::<Access>(row, "access"), uuid_or_null(row, "customer")));
    let (access, customer) = conn.prepare_cached(sql)?.query_row([n], read)?;
    let leased = address.to_string();
    let search = search_text(&access?, owner(conn, customer?.map(CustomerId))?.as_ref(), Some(&leased));
    let sql = "UPDATE services SET leased = ?2, search = ?3, touched = ?4 WHERE n = ?1";
    conn.prepare_cached(sql)?.execute(params![n, leased, search, next_touch(conn, tenant)?])?;
    Ok(())
}

/// Whose a service is.
pub(crate) fn owner(conn: &Connection, customer: Option<CustomerId>) -> Result<Option<CustomerData>> {
    let Some(customer) = customer else { return Ok(None) };
    let mut statement = conn.prepare_cached("SELECT data FROM customers WHERE id = ?1")?;
    let data = statement.query_row([customer.0.as_bytes()], |row| Ok(json(row, 0))).optional()?;
    data.ok_or(StoreError::Dangling(Reference::Customer))?.map(Some)
}

/// Adds a service under an id that nobody has, without a line in the log.
pub(super) fn insert(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    created: Timestamp,
    data: &ServiceData,
) -> Result<()> {
    if conn.prepare_cached("SELECT 1 FROM services WHERE id = ?1")?.exists([id.0.as_bytes()])? {
        return Err(StoreError::Exists(Taken::ServiceId));
    }
    put(conn, tenant, id, created, data)
}

/// Changes a living service, without a line in the log; as it was before.
pub(super) fn change(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    edition: Option<i64>,
    data: &ServiceData,
    at: Timestamp,
) -> Result<Service> {
    let stored = living(conn, tenant, id)?;
    edition::next(stored.edition, edition)?;
    if stored.data.moves(data) {
        forget_presence(conn, tenant, id, at)?;
    }
    put(conn, tenant, id, stored.created, data)?;
    Ok(stored)
}

/// The next number for `touched`.
pub(crate) fn next_touch(conn: &Connection, tenant: &[u8; 16]) -> Result<i64> {
    let sql = "SELECT coalesce(max(touched), 0) + 1 FROM services WHERE tenant = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([tenant], |row| row.get(0))?)
}

/// Writes what a customer's services are found by into them.
pub(super) fn put_owner(
    conn: &Connection,
    tenant: &[u8; 16],
    id: CustomerId,
    customer: &CustomerData,
) -> Result<()> {
    let sql = "SELECT n, access, leased FROM services WHERE customer = ?1 AND tenant = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query(params![id.0.as_bytes(), tenant])?;
    let read = |row: &Row<'_>| {
        let leased = row.get::<_, Option<String>>("leased")?;
        Ok((row.get::<_, i64>("n")?, json::<Access>(row, "access")?, leased))
    };
    for (n, access, leased) in collect(rows, read)? {
        let search = search_text(&access, Some(customer), leased.as_deref());
        conn.prepare_cached(
            "UPDATE services SET customer_name = ?2, search = ?3, touched = ?4, rev = rev + 1 WHERE n = ?1",
        )?
        .execute(params![n, customer.name, search, next_touch(conn, tenant)?])?;
    }
    Ok(())
}

/// Writes what becomes of a service that is no longer watched as it was.
pub(super) fn forget_presence(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    at: Timestamp,
) -> Result<()> {
    let stored = load_by_id(conn, tenant, id)?;
    let Forgotten { state, changes, at, cause } = forget(&stored.presence, at);
    save_sessions(conn, tenant, &stored, &changes)?;
    end_lease(conn, id, None, at, cause)?;
    conn.prepare_cached("UPDATE services SET leased = NULL WHERE n = ?1 AND leased IS NOT NULL")?
        .execute([stored.n])?;
    save_state(conn, &stored, &state).map(|_| ())
}
