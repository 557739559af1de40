//! Services.

use super::SqliteTenant;
use super::evidence::Newest;
use super::list::{Listed, Select};
use super::row::{name_of, uuid};
use super::service_archive::{archive_living, restore_noting};
use super::service_rows::{COLUMNS, change, get, insert, read};
use super::service_search::ServiceSearch;
use super::totals::Totals;
use crate::model::Service;
use crate::page::{Ask, Cursor, Page, SortKey};
use crate::port::{Result, ServiceFilter, ServiceSort, Services, StoreError};
use async_trait::async_trait;
use imsys_domain::audit::{Action, Detail, service_changed};
use imsys_domain::presence::Status;
use imsys_domain::search;
use imsys_domain::service::ServiceData;
use imsys_domain::{RouterId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashMap;
use uuid::Uuid;

/// Matches up to which it is cheaper to sort them than to walk the whole order looking for them.
const FEW: u64 = 4_000;

fn list(
    conn: &Connection,
    tenant: &[u8; 16],
    texts: &ServiceSearch,
    totals: &Totals,
    filter: &ServiceFilter,
    ask: &Ask<ServiceSort>,
) -> Result<Listed<Service>> {
    let (sort, order) = match ask.sort {
        ServiceSort::Username => ("label", "services_label"),
        ServiceSort::Customer => ("customer_name", "services_customer_name"),
        ServiceSort::Since => ("since", "services_status"),
        ServiceSort::Created => ("created", "services_created"),
    };
    let blob = |id: Uuid| id.as_bytes().to_vec();
    let select = Select::from("services")
        .and("tenant = ?", tenant.to_vec())
        .when_archived(filter.archived)
        .and_some("kind = ?", filter.kind.map(|k| name_of(&k)).transpose()?.map(str::to_owned))
        .and_some("router = ?", filter.router.map(|r| blob(r.0)))
        .and_some("customer = ?", filter.customer.map(|c| blob(c.0)))
        .and_some("plan = ?", filter.plan.map(|p| blob(p.0)));
    let select = match filter.suspended {
        Some(true) => select.when("suspended = 1"),
        Some(false) => select.when("suspended = 0"),
        None => select,
    };
    let of_status =
        |select: Select, status| Ok::<_, StoreError>(select.and("status = ?", name_of(&status)?.to_owned()));
    let by = |select: &Select, index| select.list(conn, COLUMNS, sort, ask, index, read);
    let terms = search::terms(ask.q.as_deref().unwrap_or_default());
    if !terms.is_empty() {
        let found = texts.find(conn, tenant, &terms)?;
        let only_words = *filter == ServiceFilter { archived: filter.archived, ..ServiceFilter::default() };
        let found = if only_words && ask.sort == ServiceSort::Username {
            let found = found.into_iter().filter(|found| found.archived == filter.archived);
            found.map(|found| (found.n, Cursor(SortKey::Text(found.label.into()), found.id))).collect()
        } else {
            let select = filter.status.map_or(Ok(select.clone()), |status| of_status(select, status))?;
            select.among(conn, sort, found.into_iter().map(|found| found.n))?
        };
        return Listed::of(conn, "services", COLUMNS, found, ask, read);
    }
    let narrow = match filter {
        ServiceFilter { customer: Some(_), .. } => Some("services_customer"),
        ServiceFilter { plan: Some(_), .. } => Some("services_plan"),
        ServiceFilter { router: Some(_), .. } => Some("services_router"),
        ServiceFilter { suspended: Some(true), .. } => Some("services_suspended"),
        _ => None,
    };
    let total_of = |select: &Select| {
        let count = || select.count(conn, "services_label");
        match filter.suspended {
            None => totals.get(conn, (*tenant, filter.archived, filter.kind), count),
            Some(_) => count(),
        }
    };
    match (filter.status, narrow) {
        (None, Some(index)) => by(&select, index),
        (Some(status), Some(index)) => by(&of_status(select, status)?, index),
        // The order by time is kept for each status.
        (None, None) if ask.sort == ServiceSort::Since => {
            let part = |status| {
                let select = of_status(select.clone(), status)?;
                Ok::<_, StoreError>(Listed {
                    rows: select.rows(conn, COLUMNS, sort, ask, order, read)?,
                    total: 0,
                })
            };
            let parts =
                part(Status::Online)?.and(part(Status::Offline)?, ask).and(part(Status::Unknown)?, ask);
            Ok(Listed { total: total_of(&select)?, ..parts })
        }
        (None, None) => {
            let total = total_of(&select)?;
            Ok(Listed { rows: select.rows(conn, COLUMNS, sort, ask, order, read)?, total })
        }
        (Some(status), None) => {
            let select = of_status(select, status)?;
            let total = select.count(conn, "services_status")?;
            let index = if total <= FEW { "services_status" } else { order };
            Ok(Listed { rows: select.rows(conn, COLUMNS, sort, ask, index, read)?, total })
        }
    }
}

#[async_trait]
impl Services for SqliteTenant {
    async fn create_service(&self, id: ServiceId, created: Timestamp, data: ServiceData) -> Result<Service> {
        self.change(Action::ServiceCreate, id.0, Detail::new(), move |conn, tenant| {
            insert(conn, tenant, id, created, &data)?;
            get(conn, tenant, id)
        })
        .await
    }

    async fn services_at(&self, places: Vec<(RouterId, String)>) -> Result<Vec<Service>> {
        self.read(move |conn, tenant| {
            let sql = format!(
                "SELECT {COLUMNS} FROM services WHERE router = ?1 AND key = ?2 AND archived = 0 AND tenant = ?3"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let mut found = Vec::new();
            for (router, key) in places {
                let ask = params![router.0.as_bytes(), key, tenant];
                found.extend(statement.query_row(ask, |row| Ok(read(row))).optional()?.transpose()?);
            }
            let mut newest = Newest::default();
            found.iter_mut().try_for_each(|service| newest.add_to(conn, service))?;
            Ok(found)
        })
        .await
    }

    async fn archived_places(&self, router: RouterId) -> Result<HashMap<String, ServiceId>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT key, id FROM services
                       WHERE router = ?1 AND tenant = ?2 AND archived > 0 ORDER BY archived";
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query(params![router.0.as_bytes(), tenant])?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>("key")?, ServiceId(uuid(row, "id")?)));
            Ok(super::row::collect(rows, read)?.into_iter().collect())
        })
        .await
    }

    async fn service(&self, id: ServiceId) -> Result<Service> {
        self.read(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn services(&self, filter: ServiceFilter, ask: Ask<ServiceSort>) -> Result<Page<Service>> {
        let (texts, totals) = (self.search.clone(), self.totals.clone());
        self.read(move |conn, tenant| {
            let mut page = list(conn, tenant, &texts, &totals, &filter, &ask)?.page(&ask);
            let mut newest = Newest::default();
            page.items.iter_mut().try_for_each(|service| newest.add_to(conn, service))?;
            Ok(page)
        })
        .await
    }

    async fn update_service(
        &self,
        id: ServiceId,
        edition: Option<i64>,
        data: ServiceData,
    ) -> Result<Service> {
        let at = self.actor.at;
        self.change_told(Action::ServiceUpdate, id.0, move |conn, tenant| {
            let before = get(conn, tenant, id)?;
            change(conn, tenant, id, edition, &data, at)?;
            let after = get(conn, tenant, id)?;
            let detail = service_changed(&before.names(), &after.names());
            Ok((after, detail))
        })
        .await
    }

    async fn archive_service(&self, id: ServiceId) -> Result<()> {
        let at = self.actor.at;
        self.change(Action::ServiceArchive, id.0, Detail::new(), move |conn, tenant| {
            archive_living(conn, tenant, id, at)
        })
        .await
    }

    async fn restore_service(&self, id: ServiceId) -> Result<Service> {
        let actor = self.actor.clone();
        self.change(Action::ServiceRestore, id.0, Detail::new(), move |conn, tenant| {
            restore_noting(conn, tenant, &actor, id)?;
            get(conn, tenant, id)
        })
        .await
    }
}
