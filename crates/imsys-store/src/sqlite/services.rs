//! Services.

use super::archivable::{self, ArchivableData, NOT_ARCHIVED};
use super::evidence::Newest;
use super::list::{Listed, Select};
use super::row::{archived, broken, json, name_of, unique, uuid, uuid_or_null, word, word_or_null};
use super::service_search::ServiceSearch;
use super::tenant::{must_exist, next_edition};
use super::totals::Totals;
use super::{SqliteTenant, audit, bulk, state};
use crate::model::Service;
use crate::page::{Ask, Cursor, Page, SortKey};
use crate::port::{Actor, Result, ServiceFilter, ServiceSort, Services, StoreError};
use async_trait::async_trait;
use imsys_domain::customer::CustomerData;
use imsys_domain::plan::PlanData;
use imsys_domain::presence::{EndCause, LeaseChange, Presence, SessionChange, Status};
use imsys_domain::search;
use imsys_domain::service::{Access, ServiceData};
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use std::collections::HashMap;
use std::net::Ipv4Addr;

const COLUMNS: &str =
    "id, rev, edition, router, customer, plan, access, suspended, mode, customer_name, status, since,
     confirmed, source, created, archived,
     presence, (SELECT name FROM routers WHERE routers.id = services.router) AS router_name,
     (SELECT swept FROM routers WHERE routers.id = services.router) AS swept,
     (SELECT name FROM plans WHERE plans.id = services.plan) AS plan_name";

const KEY: &str = "another service on this router has this username, address or MAC address";

/// By position: lists read a thousand at a time.
fn read(row: &Row<'_>) -> Result<Service> {
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
fn living(conn: &Connection, tenant: &[u8; 16], id: ServiceId) -> Result<Service> {
    let found = get(conn, tenant, id)?;
    if found.archived.is_some() { Err(StoreError::Archived) } else { Ok(found) }
}

/// What services are ordered by: the username, the address with each number padded, or the MAC address.
pub(crate) fn label_of(access: &Access) -> String {
    match access {
        Access::Pppoe { username } => username.clone(),
        Access::Static { address, .. } => label_of_address(*address),
        Access::Dhcp { mac } => mac.to_string(),
    }
}

/// What people call it by.
pub(super) fn name_of_access(access: &Access) -> String {
    match access {
        Access::Pppoe { username } => username.clone(),
        Access::Static { address, .. } => address.to_string(),
        Access::Dhcp { mac } => mac.to_string(),
    }
}

pub(super) fn label_of_address(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("{a:03}.{b:03}.{c:03}.{d:03}")
}

/// What of its customer a service is found by: name, telephone number, and the ISP's own number.
pub(super) fn found_by(customer: &CustomerData) -> [&str; 3] {
    let CustomerData { name, phone, reference, .. } = customer;
    [name, phone.as_deref().unwrap_or_default(), reference.as_deref().unwrap_or_default()]
}

/// What a service is found by; `leased` is the address that DHCP gave it last.
pub(crate) fn search_of(access: &Access, customer: Option<&CustomerData>, leased: Option<&str>) -> String {
    let (address, device) = match access {
        Access::Pppoe { username } => (username.clone(), None),
        Access::Static { address, mac, .. } => (address.to_string(), *mac),
        Access::Dhcp { mac } => (leased.unwrap_or_default().to_owned(), Some(*mac)),
    };
    let device = device.map(|mac| mac.to_string()).unwrap_or_default();
    let theirs = customer.map(found_by).unwrap_or_default();
    search::text([address.as_str(), &device].into_iter().chain(theirs))
}

/// Writes what people set; a new row when there is none with this id. Its username is unknown no more.
fn put(
    conn: &Connection,
    tenant: &[u8; 16],
    id: ServiceId,
    created: Timestamp,
    data: &ServiceData,
) -> Result<()> {
    must_exist(conn, tenant, "routers", Some(data.router.0), "routerId")?;
    must_exist(conn, tenant, "customers", data.customer.map(|c| c.0), "customerId")?;
    must_exist(conn, tenant, "plans", data.plan.map(|p| p.0), "planId")?;
    let owner = owner(conn, data.customer)?;
    let customer_name = owner.as_ref().map_or("", |owner| &owner.name);
    let search = search_of(&data.access, owner.as_ref(), leased(conn, id)?.as_deref());
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
                label_of(&data.access),
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
    unique(done, KEY)?;
    now_known(conn, data)
}

/// A username that has a service is unknown no more.
fn now_known(conn: &Connection, data: &ServiceData) -> Result<()> {
    if let Access::Pppoe { username } = &data.access {
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
    let search = search_of(&access?, owner(conn, customer?.map(CustomerId))?.as_ref(), Some(&leased));
    let sql = "UPDATE services SET leased = ?2, search = ?3, touched = ?4 WHERE n = ?1";
    conn.prepare_cached(sql)?.execute(params![n, leased, search, next_touch(conn, tenant)?])?;
    Ok(())
}

/// Whose a service is.
pub(crate) fn owner(conn: &Connection, customer: Option<CustomerId>) -> Result<Option<CustomerData>> {
    let Some(customer) = customer else { return Ok(None) };
    let mut statement = conn.prepare_cached("SELECT data FROM customers WHERE id = ?1")?;
    let data = statement.query_row([customer.0.as_bytes()], |row| Ok(json(row, 0))).optional()?;
    data.ok_or(StoreError::Dangling("customerId"))?.map(Some)
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
        return Err(StoreError::Exists("a service has this id"));
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
    next_edition(stored.edition, edition)?;
    if (stored.data.router, stored.data.access.key()) != (data.router, data.access.key()) {
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
    for (n, access, leased) in super::row::collect(rows, read)? {
        let search = search_of(&access, Some(customer), leased.as_deref());
        conn.prepare_cached(
            "UPDATE services SET customer_name = ?2, search = ?3, touched = ?4, rev = rev + 1 WHERE n = ?1",
        )?
        .execute(params![n, customer.name, search, next_touch(conn, tenant)?])?;
    }
    Ok(())
}

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
    for id in super::row::collect(rows, |row| Ok(uuid(row, "id")?))? {
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

const ROUTER_ARCHIVED: &str = "its router is archived: restore the router first";
const PLAN_NAME: &str = "its plan is archived too, and another plan has that name now: rename that one first";

/// Brings an archived service back, with an unknown status. A customer and a plan that are archived come back with it:
/// these, with the action for the log.
pub(super) fn restore(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    id: ServiceId,
) -> Result<Vec<(&'static str, uuid::Uuid)>> {
    let ServiceData { router, customer, plan, .. } = {
        let stored = get(conn, tenant, id)?;
        stored.archived.ok_or(StoreError::InUse(NOT_ARCHIVED))?;
        now_known(conn, &stored.data)?;
        stored.data
    };
    match must_exist(conn, tenant, "routers", Some(router.0), "routerId") {
        Err(StoreError::Dangling(_)) => return Err(StoreError::InUse(ROUTER_ARCHIVED)),
        found => found?,
    }
    let mut with_it = Vec::new();
    if let Some(id) = customer.map(|id| id.0).filter(|id| is_archived::<CustomerData>(conn, tenant, *id)) {
        archivable::restore::<CustomerData>(conn, tenant, id)?;
        with_it.push(("customer.restore", id));
    }
    if let Some(id) = plan.map(|id| id.0).filter(|id| is_archived::<PlanData>(conn, tenant, *id)) {
        archivable::restore::<PlanData>(conn, tenant, id).map_err(|error| match error {
            StoreError::Exists(_) => StoreError::InUse(PLAN_NAME),
            other => other,
        })?;
        with_it.push(("plan.restore", id));
    }
    let sql = "UPDATE services SET archived = 0, touched = ?2, edition = edition + 1 WHERE id = ?1";
    unique(conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), next_touch(conn, tenant)?]), KEY)?;
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
) -> Result<Vec<(&'static str, uuid::Uuid)>> {
    let (customer, plan) = (data.customer.map(|c| *c.0.as_bytes()), data.plan.map(|p| *p.0.as_bytes()));
    let sql = "UPDATE services SET customer = ?3, plan = ?4 WHERE id = ?1 AND tenant = ?2 AND archived > 0";
    conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), tenant, customer, plan])?;
    let with_it = restore(conn, tenant, at, id)?;
    change(conn, tenant, id, None, data, at)?;
    Ok(with_it)
}

fn is_archived<D: ArchivableData>(conn: &Connection, tenant: &[u8; 16], id: uuid::Uuid) -> bool {
    archivable::get::<D>(conn, tenant, id).is_ok_and(|found| found.archived.is_some())
}

/// The same, with a line in the log for each that comes back with it.
fn restore_noting(conn: &Connection, tenant: &[u8; 16], actor: &Actor, id: ServiceId) -> Result<()> {
    for (action, thing) in restore(conn, tenant, actor.at, id)? {
        audit::append(conn, tenant, actor, action, &thing.to_string(), &json!({}))?;
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
    let ids = super::row::collect(rows, |row| Ok(uuid(row, "id")?))?;
    ids.iter().try_for_each(|id| restore_noting(conn, tenant, actor, ServiceId(*id)))?;
    Ok(ids.len())
}

/// The line is no longer watched as it was: its open sessions end out of our sight, its status is unknown.
fn forget_presence(conn: &Connection, tenant: &[u8; 16], id: ServiceId, at: Timestamp) -> Result<()> {
    let stored = super::presence::load_by_id(conn, tenant, id)?;
    let cause = EndCause::Blind;
    let ends: Vec<_> = stored
        .presence
        .open
        .iter()
        .map(|s| SessionChange::End { id: s.id, at: at.max(s.started), cause })
        .collect();
    super::presence::save_sessions(conn, tenant, &stored, &ends)?;
    super::sessions::end_lease(conn, id, None, at, cause)?;
    conn.prepare_cached("UPDATE services SET leased = NULL WHERE n = ?1 AND leased IS NOT NULL")?
        .execute([stored.n])?;
    super::presence::save_state(conn, &stored, &Presence::unknown(at)).map(|_| ())
}

/// Matches up to which it is cheaper to sort them than to walk the whole order looking for them.
const FEW: u64 = 4_000;

fn list(
    conn: &Connection,
    tenant: &[u8; 16],
    texts: &ServiceSearch,
    totals: &Totals,
    filter: &ServiceFilter,
    ask: &Ask<ServiceSort>,
) -> Result<Listed<Service>> {
    let (sort, order) = match ask.sort {
        ServiceSort::Username => ("label", "services_label"),
        ServiceSort::Customer => ("customer_name", "services_customer_name"),
        ServiceSort::Since => ("since", "services_status"),
        ServiceSort::Created => ("created", "services_created"),
    };
    let blob = |id: uuid::Uuid| id.as_bytes().to_vec();
    let select = Select::from("services")
        .and("tenant = ?", tenant.to_vec())
        .when_archived(filter.archived)
        .and_some("kind = ?", filter.kind.map(|k| name_of(&k)).transpose()?.map(str::to_owned))
        .and_some("router = ?", filter.router.map(|r| blob(r.0)))
        .and_some("customer = ?", filter.customer.map(|c| blob(c.0)))
        .and_some("plan = ?", filter.plan.map(|p| blob(p.0)));
    let select = match filter.suspended {
        Some(true) => select.when("suspended = 1"),
        Some(false) => select.when("suspended = 0"),
        None => select,
    };
    let of_status =
        |select: Select, status| Ok::<_, StoreError>(select.and("status = ?", name_of(&status)?.to_owned()));
    let by = |select: &Select, index| select.list(conn, COLUMNS, sort, ask, index, read);
    let terms = search::terms(ask.q.as_deref().unwrap_or_default());
    if !terms.is_empty() {
        let found = texts.find(conn, tenant, &terms)?;
        let only_words = *filter == ServiceFilter { archived: filter.archived, ..ServiceFilter::default() };
        let found = if only_words && ask.sort == ServiceSort::Username {
            let found = found.into_iter().filter(|found| found.archived == filter.archived);
            found.map(|found| (found.n, Cursor(SortKey::Text(found.label.into()), found.id))).collect()
        } else {
            let select = filter.status.map_or(Ok(select.clone()), |status| of_status(select, status))?;
            select.among(conn, sort, found.into_iter().map(|found| found.n))?
        };
        return Listed::of(conn, "services", COLUMNS, found, ask, read);
    }
    let narrow = match filter {
        ServiceFilter { customer: Some(_), .. } => Some("services_customer"),
        ServiceFilter { plan: Some(_), .. } => Some("services_plan"),
        ServiceFilter { router: Some(_), .. } => Some("services_router"),
        ServiceFilter { suspended: Some(true), .. } => Some("services_suspended"),
        _ => None,
    };
    let total_of = |select: &Select| {
        let count = || select.count(conn, "services_label");
        match filter.suspended {
            None => totals.get(conn, (*tenant, filter.archived, filter.kind), count),
            Some(_) => count(),
        }
    };
    match (filter.status, narrow) {
        (None, Some(index)) => by(&select, index),
        (Some(status), Some(index)) => by(&of_status(select, status)?, index),
        // The order by time is kept for each status.
        (None, None) if ask.sort == ServiceSort::Since => {
            let part = |status| {
                let select = of_status(select.clone(), status)?;
                Ok::<_, StoreError>(Listed {
                    rows: select.rows(conn, COLUMNS, sort, ask, order, read)?,
                    total: 0,
                })
            };
            let parts =
                part(Status::Online)?.and(part(Status::Offline)?, ask).and(part(Status::Unknown)?, ask);
            Ok(Listed { total: total_of(&select)?, ..parts })
        }
        (None, None) => {
            let total = total_of(&select)?;
            Ok(Listed { rows: select.rows(conn, COLUMNS, sort, ask, order, read)?, total })
        }
        (Some(status), None) => {
            let select = of_status(select, status)?;
            let total = select.count(conn, "services_status")?;
            let index = if total <= FEW { "services_status" } else { order };
            Ok(Listed { rows: select.rows(conn, COLUMNS, sort, ask, index, read)?, total })
        }
    }
}

#[async_trait]
impl Services for SqliteTenant {
    async fn create_service(&self, id: ServiceId, created: Timestamp, data: ServiceData) -> Result<Service> {
        self.change("service.create", id.0, json!({}), move |conn, tenant| {
            insert(conn, tenant, id, created, &data)?;
            get(conn, tenant, id)
        })
        .await
    }

    async fn services_at(&self, places: Vec<(RouterId, String)>) -> Result<Vec<Service>> {
        self.read(move |conn, tenant| {
            let sql = format!(
                "SELECT {COLUMNS} FROM services WHERE router = ?1 AND key = ?2 AND archived = 0 AND tenant = ?3"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let mut found = Vec::new();
            for (router, key) in places {
                let ask = params![router.0.as_bytes(), key, tenant];
                found.extend(statement.query_row(ask, |row| Ok(read(row))).optional()?.transpose()?);
            }
            let mut newest = Newest::default();
            found.iter_mut().try_for_each(|service| newest.add_to(conn, service))?;
            Ok(found)
        })
        .await
    }

    async fn archived_places(&self, router: RouterId) -> Result<HashMap<String, ServiceId>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT key, id FROM services
                       WHERE router = ?1 AND tenant = ?2 AND archived > 0 ORDER BY archived";
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query(params![router.0.as_bytes(), tenant])?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>("key")?, ServiceId(uuid(row, "id")?)));
            Ok(super::row::collect(rows, read)?.into_iter().collect())
        })
        .await
    }

    async fn service(&self, id: ServiceId) -> Result<Service> {
        self.read(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn services(&self, filter: ServiceFilter, ask: Ask<ServiceSort>) -> Result<Page<Service>> {
        let (texts, totals) = (self.search.clone(), self.totals.clone());
        self.read(move |conn, tenant| {
            let mut page = list(conn, tenant, &texts, &totals, &filter, &ask)?.page(&ask);
            let mut newest = Newest::default();
            page.items.iter_mut().try_for_each(|service| newest.add_to(conn, service))?;
            Ok(page)
        })
        .await
    }

    async fn update_service(
        &self,
        id: ServiceId,
        edition: Option<i64>,
        data: ServiceData,
    ) -> Result<Service> {
        let at = self.actor.at;
        self.change_told("service.update", id.0, move |conn, tenant| {
            let before = get(conn, tenant, id)?;
            change(conn, tenant, id, edition, &data, at)?;
            let after = get(conn, tenant, id)?;
            let detail = bulk::differences(&before, &after);
            Ok((after, detail))
        })
        .await
    }

    async fn archive_service(&self, id: ServiceId) -> Result<()> {
        let at = self.actor.at;
        self.change("service.archive", id.0, json!({}), move |conn, tenant| {
            archive_living(conn, tenant, id, at)
        })
        .await
    }

    async fn restore_service(&self, id: ServiceId) -> Result<Service> {
        let actor = self.actor.clone();
        self.change("service.restore", id.0, json!({}), move |conn, tenant| {
            restore_noting(conn, tenant, &actor, id)?;
            get(conn, tenant, id)
        })
        .await
    }
}
