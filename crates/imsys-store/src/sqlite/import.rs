//! Everything in, into an empty store, whole or not at all.

use super::archivable::{self, Item};
use super::exist::must_be_some;
use super::people::{insert_link, insert_login, insert_membership, insert_person, insert_tenant};
use super::row::name_of;
use super::{
    audit, deferred_index, devices, invitations, runs, service_rows, snmp_logins, state, trend, usage,
};
use crate::model::{ApiKey, SessionRecord, UnknownUser};
use crate::port::{Reference, Result, StoreError, Taken};
use crate::record::{Record, Records, StoredEvent, StoredService};
use imsys_domain::router::Router;
use imsys_domain::service::search_text;
use imsys_domain::{RouterId, TenantId, Timestamp};
use rusqlite::{Connection, ErrorCode, params};

/// Puts every record in its place, in the caller's savepoint; how many there were.
pub(crate) fn import(conn: &Connection, records: Records) -> Result<u64> {
    let filled: bool = conn
        .prepare("SELECT EXISTS (SELECT 1 FROM tenants) OR EXISTS (SELECT 1 FROM people)")?
        .query_row([], |row| row.get(0))?;
    if filled {
        return Err(StoreError::Exists(Taken::Store));
    }
    // The link of a first run leads nowhere once there are people.
    conn.execute("DELETE FROM links", [])?;
    let mut count = 0;
    for record in records {
        put(conn, record?)?;
        count += 1;
    }
    deferred_index::index_all(conn)?;
    Ok(count)
}

fn put(conn: &Connection, record: Record) -> Result<()> {
    match record {
        Record::Tenant(tenant) => insert_tenant(conn, &tenant),
        Record::Person(person) => insert_person(conn, &person),
        Record::Membership(membership) => {
            must_be_some(conn, "tenants", membership.tenant.0)?;
            must_be_some(conn, "people", membership.person.0)?;
            insert_membership(conn, &membership)
        }
        Record::Invitation(invitation) => {
            must_be_some(conn, "tenants", invitation.tenant.0)?;
            invitations::insert(conn, &invitation)
        }
        Record::Login(login) => insert_login(conn, &login),
        Record::Link(link) => insert_link(conn, &link),
        Record::ApiKey { tenant, key } => api_key(conn, tenant, &key),
        Record::Router(router) => self::router(conn, &router),
        Record::Due { router, kind, at } => due(conn, router, &kind, at),
        Record::Run { router, run } => {
            must_be_some(conn, "routers", router.0)?;
            runs::put_of_router(conn, router, &run)
        }
        Record::TenantRun { tenant, run } => {
            must_be_some(conn, "tenants", tenant.0)?;
            runs::put_of_tenant(conn, tenant.0.as_bytes(), &run)
        }
        Record::Absence { router, absence } => {
            must_be_some(conn, "routers", router.0)?;
            placed(trend::insert_absence(conn, router, &absence))
        }
        Record::Device(device) => {
            must_be_some(conn, "tenants", device.tenant.0)?;
            placed(devices::insert(conn, &device))
        }
        Record::Figures { tenant, device, figures } => {
            must_be_some(conn, "devices", device.0)?;
            placed(devices::insert_figures(conn, tenant.0.as_bytes(), device, &figures))
        }
        Record::SnmpLogin(login) => {
            must_be_some(conn, "tenants", login.tenant.0)?;
            placed(snmp_logins::insert(conn, &login))
        }
        Record::Outage { tenant, device, outage } => {
            must_be_some(conn, "devices", device.0)?;
            placed(devices::insert_outage(conn, tenant, device, &outage))
        }
        Record::Usage { tenant, router, baseline } => {
            must_be_some(conn, "routers", router.0)?;
            placed(usage::put(conn, tenant.0.as_bytes(), router, &baseline))
        }
        Record::Trend { tenant, every, tally } => {
            must_be_some(conn, "tenants", tenant.0)?;
            placed(trend::insert_tally(conn, tenant, every, &tally))
        }
        Record::Hooks { router, hour, last, received, refused } => {
            must_be_some(conn, "routers", router.0)?;
            super::presence::count_hooks(conn, router, hour, last, received, refused)
        }
        Record::UnknownUser { tenant, user } => unknown_user(conn, tenant, &user),
        Record::Customer { tenant, customer } => kept(conn, tenant, &customer.into()),
        Record::Plan { tenant, plan } => kept(conn, tenant, &plan.into()),
        Record::Service(service) => self::service(conn, &service),
        Record::Session { tenant, session } => self::session(conn, tenant, &session),
        Record::Event(event) => self::event(conn, &event),
        Record::ProfilePlan { tenant, profile, plan } => {
            let sql = "INSERT INTO profile_plans (tenant, profile, plan) VALUES (?1, ?2, ?3)";
            let values = params![tenant.0.as_bytes(), profile, plan.0.as_bytes()];
            placed(conn.prepare_cached(sql)?.execute(values))
        }
        Record::BulkRow { tenant, bulk, row } => {
            placed(super::bulk_rows::insert(conn, tenant.0.as_bytes(), bulk, &row))
        }
        Record::Audit { tenant, entry } => placed(audit::insert(conn, tenant.0.as_bytes(), &entry)),
    }
}

/// Says which rule of the schema a row breaks.
fn placed(done: rusqlite::Result<usize>) -> Result<()> {
    done.map(|_| ()).map_err(|error| match &error {
        rusqlite::Error::SqliteFailure(code, _)
            if code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY =>
        {
            StoreError::Dangling(Reference::Record)
        }
        other if other.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            StoreError::Exists(Taken::Record)
        }
        _ => error.into(),
    })
}

fn kept<D: archivable::ArchivableData>(conn: &Connection, tenant: TenantId, item: &Item<D>) -> Result<()> {
    must_be_some(conn, "tenants", tenant.0)?;
    archivable::insert(conn, tenant.0.as_bytes(), item)
}

fn api_key(conn: &Connection, tenant: TenantId, key: &ApiKey) -> Result<()> {
    let sql = "INSERT INTO api_keys (id, tenant, name, role, prefix, hash, created, expires, last_used)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let done = conn.prepare_cached(sql)?.execute(params![
        key.id.0.as_bytes(),
        tenant.0.as_bytes(),
        key.name,
        key.role.name(),
        key.prefix,
        key.hash,
        key.created.millis(),
        key.expires.map(Timestamp::millis),
        key.last_used.map(Timestamp::millis),
    ]);
    placed(done)
}

fn router(conn: &Connection, router: &Router) -> Result<()> {
    let c = &router.config;
    let facts = serde_json::to_string(&router.facts)?;
    let done = conn.prepare_cached(
        "INSERT INTO routers (id, tenant, rev, edition, name, address, port, tls, legacy_login, routed, username, password,
           token, paused, state, since, reason, listening, swept, facts, search, created, archived)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
    )?
    .execute(params![
        router.id.0.as_bytes(),
        router.tenant.0.as_bytes(),
        router.rev,
        router.edition,
        c.name,
        c.address.to_string(),
        c.port,
        c.tls,
        c.legacy_login,
        serde_json::to_string(&c.routed)?,
        c.username,
        c.password,
        router.token,
        c.paused,
        router.state.name(),
        router.since.millis(),
        router.reason,
        name_of(&router.listening)?,
        router.swept.map(Timestamp::millis),
        facts,
        router.search_text(),
        router.created.millis(),
        router.archived.map_or(0, Timestamp::millis),
    ]);
    placed(done)
}

fn due(conn: &Connection, router: RouterId, kind: &str, at: Timestamp) -> Result<()> {
    must_be_some(conn, "routers", router.0)?;
    let sql = "INSERT INTO router_due (router, kind, number, at, urgent) VALUES (?1, ?2, random(), ?3, 0)";
    placed(conn.prepare_cached(sql)?.execute(params![router.0.as_bytes(), kind, at.millis()]))
}

fn unknown_user(conn: &Connection, tenant: TenantId, user: &UnknownUser) -> Result<()> {
    let sql = "INSERT INTO unknown_users (tenant, router, username, first, last, count, source)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let done = conn.prepare_cached(sql)?.execute(params![
        tenant.0.as_bytes(),
        user.router.0.as_bytes(),
        user.username,
        user.first.millis(),
        user.last.millis(),
        user.count,
        name_of(&user.source)?,
    ]);
    placed(done)
}

fn service(conn: &Connection, service: &StoredService) -> Result<()> {
    let StoredService { id, tenant, rev, edition, data, presence, created, archived } = service;
    let tenant = tenant.0.as_bytes();
    let owner = service_rows::owner(conn, data.customer)?;
    let customer_name = owner.as_ref().map_or("", |owner| &owner.name);
    let leased = presence.leased().map(|address| address.to_string());
    let row = conn
        .prepare_cached(
            "INSERT INTO services (id, tenant, rev, edition, router, key, customer, plan, kind, label, access,
               suspended, mode, customer_name, status, since, confirmed, source, presence, search, touched, created,
               archived, leased)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
               ?23, ?24)",
        )?
        .execute(params![
            id.0.as_bytes(),
            tenant,
            rev,
            edition,
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
            name_of(&presence.status)?,
            presence.since.millis(),
            presence.confirmed.map(Timestamp::millis),
            presence.source.map(|s| name_of(&s)).transpose()?,
            state::write(presence)?,
            search_text(&data.access, owner.as_ref(), leased.as_deref()),
            service_rows::next_touch(conn, tenant)?,
            created.millis(),
            archived.map_or(0, Timestamp::millis),
            leased,
        ]);
    placed(row)
}

fn session(conn: &Connection, tenant: TenantId, session: &SessionRecord) -> Result<()> {
    let sql = "INSERT INTO sessions (id, tenant, service, router, username, mac, address, started, ended, cause, source)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let done = conn.prepare_cached(sql)?.execute(params![
        session.id.0.as_bytes(),
        tenant.0.as_bytes(),
        session.service.0.as_bytes(),
        session.router.0.as_bytes(),
        session.username,
        session.endpoint.mac,
        session.endpoint.address,
        session.started.millis(),
        session.ended.map(Timestamp::millis),
        session.cause.map(|cause| name_of(&cause)).transpose()?,
        name_of(&session.by)?,
    ]);
    placed(done)
}

fn event(conn: &Connection, event: &StoredEvent) -> Result<()> {
    let sql = "INSERT INTO presence_events (tenant, at, router, service, username, source, kind, alias, outcome, status)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let done = conn.prepare_cached(sql)?.execute(params![
        event.tenant.0.as_bytes(),
        event.at.millis(),
        event.router.0.as_bytes(),
        event.service.map(|id| *id.0.as_bytes()),
        event.username,
        name_of(&event.source)?,
        event.kind,
        event.alias,
        event.outcome,
        event.status.map(|status| name_of(&status)).transpose()?,
    ]);
    placed(done)
}
