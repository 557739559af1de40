//! Checks of what is referred to.

use crate::port::{Reference, Result, StoreError};
use imsys_domain::RouterId;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Checks that the tenant has this router; else [`StoreError::NotFound`].
pub(crate) fn must_be_theirs(conn: &Connection, tenant: &[u8; 16], id: RouterId) -> Result<()> {
    let sql = "SELECT 1 FROM routers INDEXED BY routers_own WHERE id = ?1 AND tenant = ?2 AND archived = 0";
    let found = conn.prepare_cached(sql)?.exists(params![id.0.as_bytes(), tenant])?;
    if found { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Checks that `id` is a row of `table` of this tenant that is not archived.
pub(crate) fn must_exist(
    conn: &Connection,
    tenant: &[u8; 16],
    table: &'static str,
    id: Option<Uuid>,
    reference: Reference,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if lives(conn, tenant, table, id)? { Ok(()) } else { Err(StoreError::Dangling(reference)) }
}

/// Whether `id` is a row of `table` of this tenant that is not archived.
pub(crate) fn lives(conn: &Connection, tenant: &[u8; 16], table: &'static str, id: Uuid) -> Result<bool> {
    let sql = format!("SELECT 1 FROM {table} WHERE id = ?1 AND tenant = ?2 AND archived = 0");
    Ok(conn.prepare_cached(&sql)?.exists(params![id.as_bytes(), tenant])?)
}

/// Checks that some row of `table`, of whatever tenant, has this id: a record of an import is about it.
pub(crate) fn must_be_some(conn: &Connection, table: &'static str, id: Uuid) -> Result<()> {
    let found =
        conn.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?.exists([id.as_bytes()])?;
    if found { Ok(()) } else { Err(StoreError::Dangling(Reference::Record)) }
}
