//! Customers.

use super::archivable::{self, ArchivableData, Item};
use super::row::{collect, uuid};
use super::service_search::ServiceSearch;
use super::{SqliteTenant, audit, deferred_index, services};
use crate::page::{Ask, Page};
use crate::port::{CustomerSort, Customers, Result};
use async_trait::async_trait;
use imsys_domain::CustomerId;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::search;
use rusqlite::{Connection, params};
use serde_json::json;

impl ArchivableData for CustomerData {
    const TABLE: &'static str = "customers";
    const UNIQUE: &'static str = "a customer has this id";
    const HELD: &'static str = "customer";
    const IN_USE: &'static str = "the customer has services: archive them first";

    fn name(&self) -> &str {
        &self.name
    }

    fn search(&self) -> String {
        let more = [&self.email, &self.phone, &self.address, &self.reference];
        search::text(
            std::iter::once(self.name.as_str()).chain(more.into_iter().flatten().map(String::as_str)),
        )
    }
}

impl From<Item<CustomerData>> for Customer {
    fn from(item: Item<CustomerData>) -> Self {
        let Item { id, edition, data, created, archived } = item;
        Self { id: CustomerId(id), edition, data, created, archived }
    }
}

impl From<Customer> for Item<CustomerData> {
    fn from(customer: Customer) -> Self {
        let Customer { id, edition, data, created, archived } = customer;
        Self { id: id.0, edition, data, created, archived }
    }
}

/// Adds a customer, without a line in the log.
pub(crate) fn insert(conn: &Connection, tenant: &[u8; 16], customer: Customer) -> Result<()> {
    archivable::insert(conn, tenant, &Item { edition: 1, archived: None, ..customer.into() })
}

/// The most services by which customers are found: who asks for less than a word means no service.
const BY_SERVICES: usize = 1_000;

/// The condition that a customer has one of the services, archived or not, that are found by `q`; nothing where there
/// are none.
fn owners(
    conn: &Connection,
    tenant: &[u8; 16],
    texts: &ServiceSearch,
    archived: bool,
    q: &str,
) -> Result<String> {
    let terms = search::terms(q);
    if terms.is_empty() {
        return Ok(String::new());
    }
    let found = texts.find(conn, tenant, &terms)?;
    let theirs: Vec<String> =
        found.iter().filter(|one| one.archived == archived).map(|one| one.n.to_string()).collect();
    if theirs.is_empty() || theirs.len() > BY_SERVICES {
        return Ok(String::new());
    }
    Ok(format!("id IN (SELECT customer FROM services WHERE n IN ({}))", theirs.join(", ")))
}

#[async_trait]
impl Customers for SqliteTenant {
    async fn create_customer(&self, customer: Customer) -> Result<()> {
        self.change("customer.create", customer.id.0, json!({}), move |conn, tenant| {
            insert(conn, tenant, customer)
        })
        .await
    }

    async fn customer(&self, id: CustomerId) -> Result<Customer> {
        self.read(move |conn, tenant| archivable::get(conn, tenant, id.0).map(Customer::from)).await
    }

    async fn customers(&self, archived: bool, ask: Ask<CustomerSort>) -> Result<Page<Customer>> {
        let texts = self.search.clone();
        let sort = match ask.sort {
            CustomerSort::Name => "name",
            // As the index `customers_reference` says it.
            CustomerSort::Reference => "coalesce(json_extract(data, '$.reference'), '')",
            CustomerSort::Created => "created",
        };
        self.read(move |conn, tenant| {
            let also = owners(conn, tenant, &texts, archived, ask.q.as_deref().unwrap_or_default())?;
            archivable::list::<CustomerData, _, _>(conn, tenant, archived, &ask, sort, &also)
        })
        .await
    }

    async fn customers_named(&self, names: Vec<String>) -> Result<Vec<(String, CustomerId)>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT id FROM customers WHERE tenant = ?1 AND archived = 0 AND name = ?2";
            let mut statement = conn.prepare_cached(sql)?;
            let mut found = Vec::new();
            for name in names {
                let ids =
                    collect(statement.query(params![tenant, name])?, |row| Ok(CustomerId(uuid(row, "id")?)))?;
                found.extend(ids.into_iter().map(|id| (name.clone(), id)));
            }
            Ok(found)
        })
        .await
    }

    async fn update_customer(
        &self,
        id: CustomerId,
        edition: Option<i64>,
        data: CustomerData,
    ) -> Result<Customer> {
        self.change_told("customer.update", id.0, move |conn, tenant| {
            let before = archivable::update(conn, tenant, id.0, edition, &data)?;
            // The log cannot forget: it says which fields, and not what stands in them.
            let fields: Vec<String> =
                audit::differences(&before.data, &data)?.into_iter().map(|(name, _)| name).collect();
            if services::found_by(&before.data) != services::found_by(&data) {
                services::put_owner(conn, tenant, id, &data)?;
            }
            let customer = archivable::get(conn, tenant, id.0).map(Customer::from)?;
            Ok((customer, json!({ "changed": fields.join(", ") })))
        })
        .await
    }

    async fn archive_customer(&self, id: CustomerId) -> Result<()> {
        let at = self.actor.at;
        let work = move |conn: &_, tenant: &_| archivable::archive::<CustomerData>(conn, tenant, id.0, at);
        self.change("customer.archive", id.0, json!({}), work).await
    }

    async fn restore_customer(&self, id: CustomerId) -> Result<Customer> {
        self.change("customer.restore", id.0, json!({}), move |conn, tenant| {
            archivable::restore::<CustomerData>(conn, tenant, id.0)?;
            archivable::get(conn, tenant, id.0).map(Customer::from)
        })
        .await
    }

    async fn erase_history(&self, id: CustomerId) -> Result<u64> {
        self.change("customer.erase", id.0, json!({}), move |conn, tenant| {
            archivable::get::<CustomerData>(conn, tenant, id.0)?;
            deferred_index::index_all(conn)?;
            let theirs = "service IN (SELECT id FROM services WHERE customer = ?1)";
            let ended = format!("{theirs} AND ended IS NOT NULL AND is_indexed = 1");
            let sessions = deferred_index::drop_sessions(conn, &ended, &[id.0.as_bytes()])?;
            let sql = format!("DELETE FROM presence_events WHERE {theirs}");
            let events = conn.prepare_cached(&sql)?.execute([id.0.as_bytes()])?;
            Ok((sessions + events) as u64)
        })
        .await
    }
}
