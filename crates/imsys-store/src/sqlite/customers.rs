//! Customers.

use super::archivable::{self, ArchivableData, Item};
use super::row::{collect, uuid};
use super::service_search::ServiceSearch;
use super::{SqliteTenant, deferred_index, feed, service_rows};
use crate::model::Erased;
use crate::page::{Ask, Page};
use crate::port::{CustomerSort, Customers, Result, Taken};
use async_trait::async_trait;
use imsys_domain::audit::{Action, Detail, customer_changed};
use imsys_domain::customer::{self, Customer, CustomerData};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::search;
use imsys_domain::{CustomerId, ServiceId};
use rusqlite::{Connection, params};

impl ArchivableData for CustomerData {
    const TABLE: &'static str = "customers";
    const UNIQUE: Taken = Taken::CustomerId;
    const HELD: &'static str = "customer";

    fn name(&self) -> &str {
        &self.name
    }

    fn search(&self) -> String {
        self.search_text()
    }

    fn archive(has_services: bool) -> std::result::Result<(), Hindrance> {
        customer::archive(has_services)
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
        self.change(Action::CustomerCreate, customer.id.0, Detail::new(), move |conn, tenant| {
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
        self.change_told(Action::CustomerUpdate, id.0, move |conn, tenant| {
            let before = archivable::update(conn, tenant, id.0, edition, &data)?;
            if before.data.found_by() != data.found_by() {
                service_rows::put_owner(conn, tenant, id, &data)?;
            }
            let customer = archivable::get(conn, tenant, id.0).map(Customer::from)?;
            Ok((customer, customer_changed(&before.data, &data)))
        })
        .await
    }

    async fn archive_customer(&self, id: CustomerId) -> Result<()> {
        let at = self.actor.at;
        let work = move |conn: &_, tenant: &_| archivable::archive::<CustomerData>(conn, tenant, id.0, at);
        self.change(Action::CustomerArchive, id.0, Detail::new(), work).await
    }

    async fn restore_customer(&self, id: CustomerId) -> Result<Customer> {
        self.change(Action::CustomerRestore, id.0, Detail::new(), move |conn, tenant| {
            archivable::restore::<CustomerData>(conn, tenant, id.0)?;
            archivable::get(conn, tenant, id.0).map(Customer::from)
        })
        .await
    }

    async fn erase_history(&self, id: CustomerId) -> Result<Erased> {
        self.change(Action::CustomerErase, id.0, Detail::new(), move |conn, tenant| {
            archivable::get::<CustomerData>(conn, tenant, id.0)?;
            deferred_index::index_all(conn)?;
            let theirs = "service IN (SELECT id FROM services WHERE customer = ?1)";
            let ended = format!("{theirs} AND ended IS NOT NULL AND is_indexed = 1");
            let sessions = deferred_index::drop_sessions(conn, &ended, &[id.0.as_bytes()])?;
            let sql = format!("DELETE FROM presence_events WHERE {theirs}");
            let events = conn.prepare_cached(&sql)?.execute([id.0.as_bytes()])?;
            let sql = "SELECT id FROM services WHERE customer = ?1";
            let services = collect(conn.prepare_cached(sql)?.query([id.0.as_bytes()])?, |row| {
                Ok(ServiceId(uuid(row, "id")?))
            })?;
            feed::forget(conn, tenant, &services)?;
            Ok(Erased { records: (sessions + events) as u64, services })
        })
        .await
    }
}
