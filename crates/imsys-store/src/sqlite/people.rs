//! People, memberships, logins and links as rows: what `system` and `members` share.

use super::row::{broken, collect, json, unique, uuid, uuid_or_null, word};
use crate::model::{Link, Login, Membership, Person};
use crate::port::{Result, Taken};
use imsys_domain::tenant::Tenant;
use imsys_domain::{PersonId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::net::IpAddr;

/// The columns that [`read_tenant`] wants.
pub(crate) const TENANT: &str = "t.id, t.name, t.slug, t.created, t.settings";
/// The columns that [`read_person`] wants.
pub(crate) const PERSON: &str = "p.id, p.email, p.name, p.password, p.platform, p.created";

/// A tenant from a row with [`TENANT`].
pub(crate) fn read_tenant(row: &Row<'_>) -> Result<Tenant> {
    Ok(Tenant {
        id: TenantId(uuid(row, "id")?),
        name: row.get("name")?,
        slug: row.get("slug")?,
        created: Timestamp(row.get("created")?),
        settings: json(row, "settings")?,
    })
}

/// A person from a row with [`PERSON`].
pub(crate) fn read_person(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: PersonId(uuid(row, "id")?),
        email: row.get("email")?,
        name: row.get("name")?,
        password: row.get("password")?,
        platform: row.get("platform")?,
        created: Timestamp(row.get("created")?),
    })
}

/// The columns that [`read_membership`] wants.
pub(crate) const MEMBERSHIP: &str = "m.tenant, m.person, m.role, m.since, m.entered";

/// A membership from a row with [`MEMBERSHIP`].
pub(crate) fn read_membership(row: &Row<'_>) -> Result<Membership> {
    Ok(Membership {
        tenant: TenantId(uuid(row, "tenant")?),
        person: PersonId(uuid(row, "person")?),
        role: word(row, "role")?,
        since: Timestamp(row.get("since")?),
        entered: row.get::<_, Option<i64>>("entered")?.map(Timestamp),
    })
}

/// One tenant.
pub(crate) fn tenant(conn: &Connection, id: &[u8; 16]) -> Result<Tenant> {
    let sql = format!("SELECT {TENANT} FROM tenants t WHERE t.id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], |row| Ok(read_tenant(row)))?
}

/// One person.
pub(crate) fn person(conn: &Connection, id: PersonId) -> Result<Person> {
    let sql = format!("SELECT {PERSON} FROM people p WHERE p.id = ?1");
    conn.prepare_cached(&sql)?.query_row([id.0.as_bytes()], |row| Ok(read_person(row)))?
}

/// One person by folded e-mail address.
pub(crate) fn person_by_email(conn: &Connection, email: &str) -> Result<Person> {
    let sql = format!("SELECT {PERSON} FROM people p WHERE p.email = ?1");
    conn.prepare_cached(&sql)?.query_row([email], |row| Ok(read_person(row)))?
}

/// A person's memberships with their tenants, by tenant name.
pub(crate) fn memberships(conn: &Connection, id: PersonId) -> Result<Vec<(Tenant, Membership)>> {
    let sql = format!(
        "SELECT {TENANT}, {MEMBERSHIP} FROM memberships m JOIN tenants t ON t.id = m.tenant
         WHERE m.person = ?1 ORDER BY t.name, t.id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    collect(statement.query([id.0.as_bytes()])?, |row| Ok((read_tenant(row)?, read_membership(row)?)))
}

/// Adds a tenant.
pub(crate) fn insert_tenant(conn: &Connection, tenant: &Tenant) -> Result<()> {
    let sql = "INSERT INTO tenants (id, name, slug, created, settings) VALUES (?1, ?2, ?3, ?4, ?5)";
    let done = conn.prepare_cached(sql)?.execute(params![
        tenant.id.0.as_bytes(),
        tenant.name,
        tenant.slug,
        tenant.created.millis(),
        serde_json::to_string(&tenant.settings)?,
    ]);
    unique(done, Taken::TenantSlug).map(|_| ())
}

/// Adds a person.
pub(crate) fn insert_person(conn: &Connection, person: &Person) -> Result<()> {
    let sql =
        "INSERT INTO people (id, email, name, password, platform, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let done = conn.prepare_cached(sql)?.execute(params![
        person.id.0.as_bytes(),
        person.email,
        person.name,
        person.password,
        person.platform,
        person.created.millis(),
    ]);
    unique(done, Taken::PersonEmail).map(|_| ())
}

/// Adds a membership.
pub(crate) fn insert_membership(conn: &Connection, membership: &Membership) -> Result<()> {
    let sql = "INSERT INTO memberships (tenant, person, role, since, entered) VALUES (?1, ?2, ?3, ?4, ?5)";
    let done = conn.prepare_cached(sql)?.execute(params![
        membership.tenant.0.as_bytes(),
        membership.person.0.as_bytes(),
        membership.role.name(),
        membership.since.millis(),
        membership.entered.map(Timestamp::millis),
    ]);
    unique(done, Taken::Membership).map(|_| ())
}

/// The columns that [`read_login`] wants.
pub(crate) const LOGIN: &str = "hash, person, tenant, created, seen, agent, address";

/// A login from a row with [`LOGIN`].
pub(crate) fn read_login(row: &Row<'_>) -> Result<Login> {
    Ok(Login {
        hash: row.get("hash")?,
        person: PersonId(uuid(row, "person")?),
        tenant: uuid_or_null(row, "tenant")?.map(TenantId),
        created: Timestamp(row.get("created")?),
        seen: Timestamp(row.get("seen")?),
        agent: row.get("agent")?,
        address: address(row)?,
    })
}

fn address(row: &Row<'_>) -> Result<Option<IpAddr>> {
    let text: Option<String> = row.get("address")?;
    text.map(|text| text.parse().map_err(|_| broken("address"))).transpose()
}

/// The logins of a person that are live at `now`, last used first; 200 at most.
pub(crate) fn logins(conn: &Connection, person: PersonId, now: Timestamp) -> Result<Vec<Login>> {
    let sql = format!("SELECT {LOGIN} FROM logins WHERE person = ?1 ORDER BY seen DESC, hash LIMIT 200");
    let all = collect(conn.prepare_cached(&sql)?.query([person.0.as_bytes()])?, read_login)?;
    Ok(all.into_iter().filter(|login| login.is_live(now)).collect())
}

/// Notes that a person acts in a tenant from `at` on.
pub(crate) fn enter(conn: &Connection, person: PersonId, tenant: TenantId, at: Timestamp) -> Result<()> {
    let sql = "UPDATE memberships SET entered = ?3 WHERE person = ?1 AND tenant = ?2";
    conn.prepare_cached(sql)?.execute(params![person.0.as_bytes(), tenant.0.as_bytes(), at.millis()])?;
    Ok(())
}

/// Adds a login.
pub(crate) fn insert_login(conn: &Connection, login: &Login) -> Result<()> {
    let sql = "INSERT INTO logins (hash, person, tenant, created, seen, agent, address)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        login.hash,
        login.person.0.as_bytes(),
        login.tenant.map(|id| id.0.into_bytes()),
        login.created.millis(),
        login.seen.millis(),
        login.agent,
        login.address.map(|address| address.to_string()),
    ])?;
    Ok(())
}

/// A link from a row of its table.
pub(crate) fn read_link(row: &Row<'_>) -> Result<Link> {
    Ok(Link {
        hash: row.get("hash")?,
        kind: word(row, "kind")?,
        person: uuid_or_null(row, "person")?.map(PersonId),
        tenant: uuid_or_null(row, "tenant")?.map(TenantId),
        expires: Timestamp(row.get("expires")?),
    })
}

/// A link that works at `now`.
pub(crate) fn link(conn: &Connection, hash: &[u8; 32], now: Timestamp) -> Result<Link> {
    let sql = "SELECT hash, kind, person, tenant, expires FROM links WHERE hash = ?1 AND expires > ?2";
    conn.prepare_cached(sql)?.query_row(params![hash, now.millis()], |row| Ok(read_link(row)))?
}

/// Adds a link.
pub(crate) fn insert_link(conn: &Connection, link: &Link) -> Result<()> {
    let sql = "INSERT INTO links (hash, kind, person, tenant, expires) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.prepare_cached(sql)?.execute(params![
        link.hash,
        super::row::name_of(&link.kind)?,
        link.person.map(|id| id.0.into_bytes()),
        link.tenant.map(|id| id.0.into_bytes()),
        link.expires.millis(),
    ])?;
    Ok(())
}
