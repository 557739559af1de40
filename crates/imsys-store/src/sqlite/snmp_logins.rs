//! Logins for SNMP agents.

use super::row::{broken, collect, json, uuid};
use crate::port::Result;
use imsys_domain::device::SnmpLogin;
use imsys_domain::{SnmpLoginId, TenantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A login from a row of its table.
pub(crate) fn read(row: &Row<'_>) -> Result<SnmpLogin> {
    Ok(SnmpLogin {
        id: SnmpLoginId(uuid(row, "id")?),
        tenant: TenantId(uuid(row, "tenant")?),
        edition: row.get("edition")?,
        data: json(row, "data")?,
        created: Timestamp(row.get("created")?),
    })
}

/// Those of a tenant, or all, in the order in which they were added.
pub(crate) fn all(conn: &Connection, tenant: Option<&[u8; 16]>) -> Result<Vec<SnmpLogin>> {
    let sql = "SELECT * FROM snmp_logins WHERE ?1 IS NULL OR tenant = ?1 ORDER BY created, id";
    collect(conn.prepare_cached(sql)?.query([tenant])?, read)
}

/// One of a tenant.
pub(crate) fn get(conn: &Connection, tenant: &[u8; 16], id: SnmpLoginId) -> Result<SnmpLogin> {
    let sql = "SELECT * FROM snmp_logins WHERE id = ?1 AND tenant = ?2";
    conn.prepare_cached(sql)?.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// Adds a login as it is.
pub(crate) fn insert(conn: &Connection, login: &SnmpLogin) -> rusqlite::Result<usize> {
    let data = serde_json::to_string(&login.data)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let (id, tenant) = (login.id.0.as_bytes(), login.tenant.0.as_bytes());
    conn.prepare_cached(
        "INSERT INTO snmp_logins (id, tenant, edition, data, created) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![id, tenant, login.edition, data, login.created.millis()])
}

/// Writes a login over the one that is stored.
pub(crate) fn put(conn: &Connection, login: &SnmpLogin) -> Result<()> {
    let values = params![login.id.0.as_bytes(), login.edition, serde_json::to_string(&login.data)?];
    conn.prepare_cached("UPDATE snmp_logins SET edition = ?2, data = ?3 WHERE id = ?1")?.execute(values)?;
    Ok(())
}

/// Seals a login anew, if `before` is what stands there.
pub(crate) fn reseal(conn: &Connection, id: SnmpLoginId, value: &str, before: &str) -> Result<bool> {
    let sql = "SELECT * FROM snmp_logins WHERE id = ?1";
    let found = conn.prepare_cached(sql)?.query_row([id.0.as_bytes()], |row| Ok(read(row))).optional()?;
    match found.transpose()? {
        Some(mut login) if login.data.access.secret == before => {
            login.data.access.secret = value.to_owned();
            put(conn, &login).map(|()| true)
        }
        _ => Ok(false),
    }
}

/// The access in a column, as JSON.
pub(crate) fn access(text: Option<String>) -> Result<Option<imsys_domain::device::SnmpAccess>> {
    text.map(|text| serde_json::from_str(&text).map_err(|_| broken("access"))).transpose()
}
