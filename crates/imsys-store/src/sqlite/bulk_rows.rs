//! The rows of acts on many services, as they are kept.

use super::row::{collect, uuid};
use crate::model::BulkRow;
use crate::port::Result;
use imsys_domain::BulkId;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "n, action, object, detail, undo";

/// Adds a row as it is.
pub(crate) fn insert(
    conn: &Connection,
    tenant: &[u8; 16],
    bulk: BulkId,
    row: &BulkRow,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO bulk_rows (tenant, bulk, n, action, object, detail, undo)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        tenant,
        bulk.0.as_bytes(),
        row.n,
        row.action,
        row.object.as_bytes(),
        row.detail,
        row.undo,
    ])
}

/// A row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<BulkRow> {
    Ok(BulkRow {
        n: row.get("n")?,
        action: row.get("action")?,
        object: uuid(row, "object")?,
        detail: row.get("detail")?,
        undo: row.get("undo")?,
    })
}

/// The rows of an act, in their order.
pub(super) fn rows(conn: &Connection, tenant: &[u8; 16], bulk: BulkId) -> Result<Vec<BulkRow>> {
    let sql = format!("SELECT {COLUMNS} FROM bulk_rows WHERE bulk = ?1 AND tenant = ?2 ORDER BY n");
    collect(conn.prepare_cached(&sql)?.query(params![bulk.0.as_bytes(), tenant])?, read)
}

/// The acts of which a thing is a row.
pub(super) fn acts_on(conn: &Connection, tenant: &[u8; 16], object: Uuid) -> Result<Vec<BulkId>> {
    let sql = "SELECT DISTINCT bulk FROM bulk_rows WHERE tenant = ?1 AND object = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query(params![tenant, object.as_bytes()])?;
    collect(rows, |row| Ok(BulkId(uuid(row, "bulk")?)))
}
