//! Plans.

use super::SqliteTenant;
use super::list::Select;
use super::row::{json, unique, uuid};
use super::tenant::next_edition;
use crate::model::{Plan, PlanData};
use crate::page::{Ask, Page};
use crate::port::{Plans, Result, StoreError};
use async_trait::async_trait;
use imsys_domain::text::search_key;
use imsys_domain::{PlanId, Timestamp};
use rusqlite::{Connection, Row, params};
use serde_json::json;

const COLUMNS: &str = "id, edition, data, created, archived";
const NAME: &str = "another plan has this name";

fn read(row: &Row<'_>) -> Result<Plan> {
    Ok(Plan {
        id: PlanId(uuid(row, "id")?),
        edition: row.get("edition")?,
        data: json(row, "data")?,
        created: Timestamp(row.get("created")?),
        archived: row.get("archived")?,
    })
}

fn get(conn: &Connection, tenant: &[u8; 16], id: PlanId) -> Result<Plan> {
    let sql = format!("SELECT {COLUMNS} FROM plans WHERE id = ?1 AND tenant = ?2");
    conn.prepare_cached(&sql)?.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// One that is not archived: only such are changed.
fn living(conn: &Connection, tenant: &[u8; 16], id: PlanId) -> Result<Plan> {
    let found = get(conn, tenant, id)?;
    if found.archived { Err(StoreError::NotFound) } else { Ok(found) }
}

#[async_trait]
impl Plans for SqliteTenant {
    async fn create_plan(&self, plan: Plan) -> Result<()> {
        let detail = json!({ "name": plan.data.name });
        self.change("plan.create", plan.id.0, detail, move |conn, tenant| {
            let sql = "INSERT INTO plans (id, tenant, edition, name, data, search, created, archived)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, 0)";
            let done = conn.prepare_cached(sql)?.execute(params![
                plan.id.0.as_bytes(),
                tenant,
                plan.data.name,
                serde_json::to_string(&plan.data)?,
                search_key([plan.data.name.as_str()]),
                plan.created.millis(),
            ]);
            unique(done, NAME).map(|_| ())
        })
        .await
    }

    async fn plan(&self, id: PlanId) -> Result<Plan> {
        self.read(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn plans(&self, ask: Ask<()>) -> Result<Page<Plan>> {
        self.read(move |conn, tenant| {
            let select = Select::from("plans").and("tenant = ?", tenant.to_vec()).and("archived = ?", 0);
            select.and_words(ask.q.as_deref()).page(conn, COLUMNS, "name", &ask, read)
        })
        .await
    }

    async fn update_plan(&self, id: PlanId, edition: Option<i64>, data: PlanData) -> Result<Plan> {
        let detail = json!({ "name": data.name });
        self.change("plan.update", id.0, detail, move |conn, tenant| {
            let edition = next_edition(living(conn, tenant, id)?.edition, edition)?;
            let sql = "UPDATE plans SET edition = ?2, name = ?3, data = ?4, search = ?5 WHERE id = ?1";
            let search = search_key([data.name.as_str()]);
            let data_json = serde_json::to_string(&data)?;
            let done = conn.prepare_cached(sql)?.execute(params![
                id.0.as_bytes(),
                edition,
                data.name,
                data_json,
                search
            ]);
            unique(done, NAME)?;
            get(conn, tenant, id)
        })
        .await
    }

    async fn archive_plan(&self, id: PlanId) -> Result<()> {
        self.change("plan.archive", id.0, json!({}), move |conn, tenant| {
            living(conn, tenant, id)?;
            let sql = "SELECT 1 FROM services WHERE plan = ?1 AND archived = 0";
            if conn.prepare_cached(sql)?.exists([id.0.as_bytes()])? {
                return Err(StoreError::InUse("services are on this plan: move them to another first"));
            }
            conn.prepare_cached("UPDATE plans SET archived = 1, edition = edition + 1 WHERE id = ?1")?
                .execute([id.0.as_bytes()])?;
            Ok(())
        })
        .await
    }
}
