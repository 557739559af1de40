//! Customers.

use super::list::Select;
use super::row::{json, unique, uuid};
use super::tenant::next_edition;
use super::{SqliteTenant, filing};
use crate::model::{Customer, CustomerData};
use crate::page::{Ask, Page};
use crate::port::{Customers, Result, StoreError};
use async_trait::async_trait;
use imsys_domain::text::search_key;
use imsys_domain::{CustomerId, Timestamp};
use rusqlite::{Connection, Row, params};
use serde_json::json;

const COLUMNS: &str = "id, edition, data, created, archived";

fn read(row: &Row<'_>) -> Result<Customer> {
    Ok(Customer {
        id: CustomerId(uuid(row, "id")?),
        edition: row.get("edition")?,
        data: json(row, "data")?,
        created: Timestamp(row.get("created")?),
        archived: row.get("archived")?,
    })
}

fn get(conn: &Connection, tenant: &[u8; 16], id: CustomerId) -> Result<Customer> {
    let sql = format!("SELECT {COLUMNS} FROM customers WHERE id = ?1 AND tenant = ?2");
    conn.prepare_cached(&sql)?.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// One that is not archived: only such are changed.
fn living(conn: &Connection, tenant: &[u8; 16], id: CustomerId) -> Result<Customer> {
    let found = get(conn, tenant, id)?;
    if found.archived { Err(StoreError::NotFound) } else { Ok(found) }
}

fn search_of(data: &CustomerData) -> String {
    let more = [&data.email, &data.phone, &data.address, &data.reference];
    search_key(std::iter::once(data.name.as_str()).chain(more.into_iter().flatten().map(String::as_str)))
}

#[async_trait]
impl Customers for SqliteTenant {
    async fn create_customer(&self, customer: Customer) -> Result<()> {
        self.change("customer.create", customer.id.0, json!({}), move |conn, tenant| {
            let done = conn
                .prepare_cached(
                    "INSERT INTO customers (id, tenant, edition, name, data, search, created, archived)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, 0)",
                )?
                .execute(params![
                    customer.id.0.as_bytes(),
                    tenant,
                    customer.data.name,
                    serde_json::to_string(&customer.data)?,
                    search_of(&customer.data),
                    customer.created.millis(),
                ]);
            unique(done, "a customer has this id").map(|_| ())
        })
        .await
    }

    async fn customer(&self, id: CustomerId) -> Result<Customer> {
        self.read(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn customers(&self, ask: Ask<()>) -> Result<Page<Customer>> {
        self.read(move |conn, tenant| {
            let select = Select::from("customers").and("tenant = ?", tenant.to_vec()).and("archived = ?", 0);
            select.and_words(ask.q.as_deref()).page(conn, COLUMNS, "name", &ask, read)
        })
        .await
    }

    async fn update_customer(
        &self,
        id: CustomerId,
        edition: Option<i64>,
        data: CustomerData,
    ) -> Result<Customer> {
        self.change("customer.update", id.0, json!({}), move |conn, tenant| {
            let stored = living(conn, tenant, id)?;
            let edition = next_edition(stored.edition, edition)?;
            conn.prepare_cached(
                "UPDATE customers SET edition = ?2, name = ?3, data = ?4, search = ?5 WHERE id = ?1",
            )?
            .execute(params![
                id.0.as_bytes(),
                edition,
                data.name,
                serde_json::to_string(&data)?,
                search_of(&data)
            ])?;
            if stored.data.name != data.name {
                super::services::rename_customer(conn, tenant, id, &data.name)?;
            }
            get(conn, tenant, id)
        })
        .await
    }

    async fn archive_customer(&self, id: CustomerId) -> Result<()> {
        self.change("customer.archive", id.0, json!({}), move |conn, tenant| {
            living(conn, tenant, id)?;
            let sql = "SELECT 1 FROM services WHERE customer = ?1 AND archived = 0";
            if conn.prepare_cached(sql)?.exists([id.0.as_bytes()])? {
                return Err(StoreError::InUse("the customer has services: archive them first"));
            }
            conn.prepare_cached("UPDATE customers SET archived = 1, edition = edition + 1 WHERE id = ?1")?
                .execute([id.0.as_bytes()])?;
            Ok(())
        })
        .await
    }

    async fn erase_history(&self, id: CustomerId) -> Result<u64> {
        self.change("customer.erase", id.0, json!({}), move |conn, tenant| {
            get(conn, tenant, id)?;
            filing::file(conn)?;
            let mut erased = 0;
            for sql in [
                "DELETE FROM sessions WHERE filed = 1 AND ended IS NOT NULL AND service IN (SELECT id FROM services WHERE customer = ?1)",
                "DELETE FROM presence_events WHERE service IN (SELECT id FROM services WHERE customer = ?1)",
            ] {
                erased += conn.prepare_cached(sql)?.execute([id.0.as_bytes()])?;
            }
            Ok(erased as u64)
        })
        .await
    }
}
