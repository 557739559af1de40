//! Everything out, as it stood at one moment.

use super::audit::{self, COLUMNS as AUDIT};
use super::bulk_rows;
use super::evidence::Newest;
use super::invitations;
use super::members::{KEY, read_key};
use super::people::{PERSON, TENANT, read_link, read_login, read_membership, read_person, read_tenant};
use super::row::{archived, json, uuid, uuid_or_null, word, word_or_null};
use super::{
    archivable, deferred_index, devices, presence, routers, runs, sessions, snmp_logins, state, trend,
};
use crate::port::Result;
use crate::record::{Record, Sink, StoredEvent, StoredService};
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::plan::{Plan, PlanData};
use imsys_domain::presence::Presence;
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, CustomerId, DeviceId, PlanId, RouterId, ServiceId, TenantId, Timestamp};
use rusqlite::{Connection, Row};

/// Every table once, in the order in which they can be filled.
pub(crate) const TABLES: [&str; 28] = [
    "tenants",
    "people",
    "memberships",
    "invitations",
    "logins",
    "links",
    "api_keys",
    "routers",
    "router_due",
    "router_runs",
    "tenant_runs",
    "router_absences",
    "devices",
    "device_outages",
    "device_figures",
    "snmp_logins",
    "usage_baselines",
    "trend",
    "hook_counts",
    "unknown_users",
    "customers",
    "plans",
    "profile_plans",
    "services",
    "sessions",
    "presence_events",
    "bulk_rows",
    "audit",
];

/// Gives every row to `sink`, within one snapshot.
pub(crate) fn export(conn: &Connection, sink: &mut Sink) -> Result<()> {
    deferred_index::at_one_moment(conn, || TABLES.iter().try_for_each(|table| rows(conn, table, sink)))
}

fn rows(conn: &Connection, table: &str, sink: &mut Sink) -> Result<()> {
    let (select, read) = select(table);
    let (mut statement, mut newest) = (conn.prepare(&select)?, Newest::default());
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut record = read(row)?;
        if let Record::Service(service) = &mut record {
            let Presence { status, since, .. } = service.presence;
            if let Some(seen) = newest.of(conn, service.data.router, service.id, (status, since))? {
                service.presence.clone_from(seen);
            }
        }
        sink(record)?;
    }
    Ok(())
}

type Read = fn(&Row<'_>) -> Result<Record>;

fn select(table: &str) -> (String, Read) {
    let all = |order: &str| format!("SELECT * FROM {table} ORDER BY {order}");
    match table {
        "tenants" => (format!("SELECT {TENANT} FROM tenants t ORDER BY id"), |row| {
            read_tenant(row).map(Record::Tenant)
        }),
        "people" => {
            (format!("SELECT {PERSON} FROM people p ORDER BY id"), |row| read_person(row).map(Record::Person))
        }
        "memberships" => (all("tenant, person"), |row| read_membership(row).map(Record::Membership)),
        "invitations" => (all("id"), |row| invitations::read(row).map(Record::Invitation)),
        "logins" => (all("hash"), |row| read_login(row).map(Record::Login)),
        "links" => (all("hash"), |row| read_link(row).map(Record::Link)),
        "api_keys" => (format!("SELECT tenant, {KEY} FROM api_keys ORDER BY id"), |row| {
            Ok(Record::ApiKey { tenant: tenant(row)?, key: read_key(row)? })
        }),
        "routers" => (format!("SELECT {} FROM routers ORDER BY id", routers::COLUMNS), |row| {
            routers::read(row).map(|router| Record::Router(Box::new(router)))
        }),
        "router_due" => (all("router, kind"), read_due),
        "router_runs" => (all("router, kind"), |row| {
            runs::read_of_router(row).map(|(router, run)| Record::Run { router, run })
        }),
        "tenant_runs" => {
            (all("tenant, kind"), |row| Ok(Record::TenantRun { tenant: tenant(row)?, run: runs::read(row)? }))
        }
        "router_absences" => (all("router, began"), |row| {
            let router = RouterId(uuid(row, "router")?);
            Ok(Record::Absence { router, absence: trend::read_absence(row)? })
        }),
        "devices" => (all("id"), |row| devices::read(row).map(|device| Record::Device(Box::new(device)))),
        "device_outages" => (all("device, began"), |row| {
            let (tenant, device) = (tenant(row)?, DeviceId(uuid(row, "device")?));
            Ok(Record::Outage { tenant, device, outage: devices::read_outage(row)? })
        }),
        "device_figures" => (all("device"), |row| {
            let (tenant, device) = (tenant(row)?, DeviceId(uuid(row, "device")?));
            Ok(Record::Figures { tenant, device, figures: json(row, "data")? })
        }),
        "snmp_logins" => (all("id"), |row| snmp_logins::read(row).map(Record::SnmpLogin)),
        "usage_baselines" => (all("router"), |row| {
            let (tenant, router) = (tenant(row)?, RouterId(uuid(row, "router")?));
            Ok(Record::Usage { tenant, router, baseline: json(row, "data")? })
        }),
        "trend" => (all("tenant, every, begin"), |row| {
            let (tenant, every) = (tenant(row)?, row.get("every")?);
            Ok(Record::Trend { tenant, every, tally: trend::read_tally(row)? })
        }),
        "hook_counts" => (all("router, hour"), read_hooks),
        "unknown_users" => (all("router, username"), |row| {
            Ok(Record::UnknownUser { tenant: tenant(row)?, user: presence::read_unknown(row)? })
        }),
        "customers" => (all("id"), |row| {
            let customer = archivable::read::<CustomerData, Customer>(row)?;
            Ok(Record::Customer { tenant: tenant(row)?, customer })
        }),
        "plans" => (all("id"), |row| {
            let plan = archivable::read::<PlanData, Plan>(row)?;
            Ok(Record::Plan { tenant: tenant(row)?, plan })
        }),
        "profile_plans" => (all("tenant, profile"), |row| {
            let (profile, plan) = (row.get("profile")?, PlanId(uuid(row, "plan")?));
            Ok(Record::ProfilePlan { tenant: tenant(row)?, profile, plan })
        }),
        "bulk_rows" => (all("bulk, n"), |row| {
            let bulk = BulkId(uuid(row, "bulk")?);
            Ok(Record::BulkRow { tenant: tenant(row)?, bulk, row: bulk_rows::read(row)? })
        }),
        "services" => (all("n"), |row| read_service(row).map(|service| Record::Service(Box::new(service)))),
        "sessions" => (format!("SELECT tenant, {} FROM sessions ORDER BY id", sessions::COLUMNS), |row| {
            Ok(Record::Session { tenant: tenant(row)?, session: sessions::read(row)? })
        }),
        "presence_events" => (all("n"), |row| read_event(row).map(Record::Event)),
        _ => (format!("SELECT tenant, {AUDIT} FROM audit ORDER BY tenant, seq"), |row| {
            Ok(Record::Audit { tenant: tenant(row)?, entry: audit::read(row)? })
        }),
    }
}

fn tenant(row: &Row<'_>) -> Result<TenantId> {
    Ok(TenantId(uuid(row, "tenant")?))
}

fn read_due(row: &Row<'_>) -> Result<Record> {
    let (router, at) = (RouterId(uuid(row, "router")?), Timestamp(row.get("at")?));
    Ok(Record::Due { router, kind: row.get("kind")?, at })
}

fn read_hooks(row: &Row<'_>) -> Result<Record> {
    Ok(Record::Hooks {
        router: RouterId(uuid(row, "router")?),
        hour: row.get("hour")?,
        last: row.get::<_, Option<i64>>("last")?.map(Timestamp),
        received: row.get("received")?,
        refused: row.get("refused")?,
    })
}

fn read_service(row: &Row<'_>) -> Result<StoredService> {
    let data = ServiceData {
        router: RouterId(uuid(row, "router")?),
        access: json(row, "access")?,
        customer: uuid_or_null(row, "customer")?.map(CustomerId),
        plan: uuid_or_null(row, "plan")?.map(PlanId),
        suspended: row.get("suspended")?,
        mode: word(row, "mode")?,
    };
    Ok(StoredService {
        id: ServiceId(uuid(row, "id")?),
        tenant: tenant(row)?,
        rev: row.get("rev")?,
        edition: row.get("edition")?,
        data,
        presence: state::of(row)?,
        created: Timestamp(row.get("created")?),
        archived: archived(row, "archived")?,
    })
}

fn read_event(row: &Row<'_>) -> Result<StoredEvent> {
    Ok(StoredEvent {
        tenant: tenant(row)?,
        at: Timestamp(row.get("at")?),
        router: RouterId(uuid(row, "router")?),
        service: uuid_or_null(row, "service")?.map(ServiceId),
        username: row.get("username")?,
        source: word(row, "source")?,
        kind: row.get("kind")?,
        alias: row.get("alias")?,
        outcome: row.get("outcome")?,
        status: word_or_null(row, "status")?,
    })
}
