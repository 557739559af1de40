//! What customers and plans have in common: a table of one shape, whose rows people make, change by
//! edition and archive.

use super::list::Select;
use super::row::{archived, json, unique, uuid};
use crate::page::{Ask, Page};
use crate::port::{Result, Taken};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::{Timestamp, edition};
use rusqlite::{Connection, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "id, edition, data, created, archived";

/// What people set about such a thing.
pub(crate) trait ArchivableData: Serialize + DeserializeOwned {
    /// Its table.
    const TABLE: &'static str;
    /// What a second one would want.
    const UNIQUE: Taken;
    /// The column of `services` that refers to it.
    const HELD: &'static str;
    /// The name it is listed by.
    fn name(&self) -> &str;
    /// What it is found by.
    fn search(&self) -> String;
    /// Whether it may be archived, which living services refer to or none.
    fn archive(has_services: bool) -> std::result::Result<(), Hindrance>;
}

/// A row.
pub(crate) struct Item<D> {
    pub(crate) id: Uuid,
    pub(crate) edition: i64,
    pub(crate) data: D,
    pub(crate) created: Timestamp,
    pub(crate) archived: Option<Timestamp>,
}

/// A row with [`COLUMNS`].
pub(crate) fn read<D: ArchivableData, T: From<Item<D>>>(row: &Row<'_>) -> Result<T> {
    let item = Item {
        id: uuid(row, "id")?,
        edition: row.get("edition")?,
        data: json(row, "data")?,
        created: Timestamp(row.get("created")?),
        archived: archived(row, "archived")?,
    };
    Ok(item.into())
}

/// One, archived or not.
pub(crate) fn get<D: ArchivableData>(conn: &Connection, tenant: &[u8; 16], id: Uuid) -> Result<Item<D>> {
    let sql = format!("SELECT {COLUMNS} FROM {} WHERE id = ?1 AND tenant = ?2", D::TABLE);
    conn.prepare_cached(&sql)?.query_row(params![id.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// One that is not archived: only such are changed.
pub(crate) fn living<D: ArchivableData>(conn: &Connection, tenant: &[u8; 16], id: Uuid) -> Result<Item<D>> {
    let found: Item<D> = get(conn, tenant, id)?;
    edition::living(found.archived)?;
    Ok(found)
}

/// A page, ordered by `sort`, of those that are archived or not and have the words, or for which the condition `also`
/// holds.
pub(crate) fn list<D: ArchivableData, S, T: From<Item<D>>>(
    conn: &Connection,
    tenant: &[u8; 16],
    is_archived: bool,
    ask: &Ask<S>,
    sort: &str,
    also: &str,
) -> Result<Page<T>> {
    let select = Select::from(D::TABLE).and("tenant = ?", tenant.to_vec()).when_archived(is_archived);
    select.and_words_or(ask.q.as_deref(), also).page(conn, COLUMNS, sort, ask, read)
}

/// Adds one as it is.
pub(crate) fn insert<D: ArchivableData>(conn: &Connection, tenant: &[u8; 16], item: &Item<D>) -> Result<()> {
    let sql = format!(
        "INSERT INTO {} (id, tenant, edition, name, data, search, created, archived)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        D::TABLE
    );
    let done = conn.prepare_cached(&sql)?.execute(params![
        item.id.as_bytes(),
        tenant,
        item.edition,
        item.data.name(),
        serde_json::to_string(&item.data)?,
        item.data.search(),
        item.created.millis(),
        item.archived.map_or(0, Timestamp::millis),
    ]);
    unique(done, D::UNIQUE).map(|_| ())
}

/// Changes one, if `edition` (when given) is still the stored one; as it was before.
pub(crate) fn update<D: ArchivableData>(
    conn: &Connection,
    tenant: &[u8; 16],
    id: Uuid,
    edition: Option<i64>,
    data: &D,
) -> Result<Item<D>> {
    let stored: Item<D> = living(conn, tenant, id)?;
    let edition = edition::next(stored.edition, edition)?;
    let sql =
        format!("UPDATE {} SET edition = ?2, name = ?3, data = ?4, search = ?5 WHERE id = ?1", D::TABLE);
    let (json, search) = (serde_json::to_string(data)?, data.search());
    let done = conn.prepare_cached(&sql)?.execute(params![id.as_bytes(), edition, data.name(), json, search]);
    unique(done, D::UNIQUE)?;
    Ok(stored)
}

/// Archives one that no service holds.
pub(crate) fn archive<D: ArchivableData>(
    conn: &Connection,
    tenant: &[u8; 16],
    id: Uuid,
    at: Timestamp,
) -> Result<()> {
    living::<D>(conn, tenant, id)?;
    let held = format!("SELECT 1 FROM services WHERE {} = ?1 AND archived = 0", D::HELD);
    D::archive(conn.prepare_cached(&held)?.exists([id.as_bytes()])?)?;
    let sql = format!("UPDATE {} SET archived = ?2, edition = edition + 1 WHERE id = ?1", D::TABLE);
    conn.prepare_cached(&sql)?.execute(params![id.as_bytes(), at.millis()])?;
    Ok(())
}

/// Brings one back that is archived.
pub(crate) fn restore<D: ArchivableData>(conn: &Connection, tenant: &[u8; 16], id: Uuid) -> Result<()> {
    edition::archived(get::<D>(conn, tenant, id)?.archived)?;
    let sql = format!("UPDATE {} SET archived = 0, edition = edition + 1 WHERE id = ?1", D::TABLE);
    unique(conn.prepare_cached(&sql)?.execute([id.as_bytes()]), D::UNIQUE).map(|_| ())
}
