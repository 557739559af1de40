//! Acts on many services at once: each is one line of the log, with a row for every service that it changed, and is
//! undone by these rows.

use super::db::Lane;
use super::exist::must_exist;
use super::list::Select;
use super::row::{collect, uuid};
use super::service_rows;
use super::unit::in_savepoint;
use super::{SqliteTenant, archivable, audit, bulk_rows, service_archive};
use crate::chain;
use crate::model::{BulkResult, BulkRow, Parcel, Service};
use crate::page::{Ask, Page};
use crate::port::{Actor, Bulk, Reference, Result, StoreError};
use async_trait::async_trait;
use imsys_domain::audit::{self as log, Action, Detail, service_changed};
use imsys_domain::bulk::{self as acts, BulkAct, Step, Undo};
use imsys_domain::customer::CustomerData;
use imsys_domain::edition;
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, PlanId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The rows of an act in the making.
#[derive(Default)]
pub(super) struct Rows(Vec<BulkRow>);

impl Rows {
    fn add(&mut self, action: Action, object: Uuid, detail: Detail) {
        self.put(action, object, detail, None);
    }

    fn put(&mut self, action: Action, object: Uuid, detail: Detail, undo: Option<String>) {
        let n = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        let detail = Value::Object(detail).to_string();
        self.0.push(BulkRow { n, action: action.name().into(), object, detail, undo });
    }

    /// What became of a service, and of what came back with it.
    fn add_service(&mut self, before: &Service, after: &Service, also: Also) -> Result<()> {
        for (action, thing) in also {
            self.add(action, thing, Detail::new());
        }
        let archived = (before.archived, after.archived);
        let (action, undo) = Undo::of(&before.data, &after.data, archived, after.edition);
        let detail = service_changed(&before.names(), &after.names());
        self.put(action, after.id.0, detail, Some(serde_json::to_string(&undo)?));
        Ok(())
    }

    fn count(&self, action: Action) -> usize {
        self.0.iter().filter(|row| row.action == action.name()).count()
    }

    /// Writes them and their one line in the log; nothing where nothing was done.
    fn close(
        self,
        conn: &Connection,
        tenant: &[u8; 16],
        actor: &Actor,
        bulk: BulkId,
        action: Action,
        mut detail: Detail,
    ) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        detail.insert(chain::ROWS.into(), json!(chain::digest(&self.0)));
        for row in &self.0 {
            bulk_rows::insert(conn, tenant, bulk, row)?;
        }
        audit::append(conn, tenant, actor, action, bulk.0, detail)
    }
}

/// What else it did: customers and plans that came back with their service.
type Also = Vec<(Action, Uuid)>;

/// Does something to one service; or says why it was left, and then nothing of it stays.
fn one(
    conn: &Connection,
    tenant: &[u8; 16],
    rows: &mut Rows,
    id: ServiceId,
    work: impl FnOnce(&Service) -> Result<Also>,
) -> Result<BulkResult> {
    let done = in_savepoint(conn, |conn| {
        let before = service_rows::get(conn, tenant, id)?;
        let also = work(&before)?;
        Ok((service_rows::get(conn, tenant, id)?, before, also))
    });
    match done {
        Ok((after, before, also)) => {
            rows.add_service(&before, &after, also)?;
            Ok(BulkResult { id, service: Some(after), left: None })
        }
        Err(error) if error.is_refusal() => {
            let service = service_rows::get(conn, tenant, id).map(Some).or_else(|error| match error {
                StoreError::NotFound => Ok(None),
                other => Err(other),
            })?;
            Ok(BulkResult { id, service, left: Some(error) })
        }
        Err(error) => Err(error),
    }
}

/// Takes a step of an act, or of the undo of one.
fn take(conn: &Connection, tenant: &[u8; 16], at: Timestamp, id: ServiceId, step: Step) -> Result<Also> {
    let change = |data: &ServiceData| service_rows::change(conn, tenant, id, None, data, at);
    match step {
        Step::Change(data) => change(&data).map(|_| Also::new()),
        Step::Archive(data) => {
            match data.as_ref().map(change) {
                // What it referred to is archived itself: then it keeps what it has.
                None | Some(Ok(_) | Err(StoreError::Dangling(_))) => {}
                Some(Err(error)) => return Err(error),
            }
            service_archive::archive_living(conn, tenant, id, at).map(|()| Also::new())
        }
        Step::Restore(Some(data)) => service_archive::restore_as(conn, tenant, at, id, &data),
        Step::Restore(None) => service_archive::restore(conn, tenant, at, id),
    }
}

/// Archives the customers whom an import added, where nobody changed them since and no service is theirs any more.
fn remove_customers(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    rows: &mut Rows,
    of: &[BulkRow],
) -> Result<()> {
    for row in of.iter().filter(|row| row.action == Action::CustomerCreate.name()) {
        let done = in_savepoint(conn, |conn| {
            let customer = archivable::get::<CustomerData>(conn, tenant, row.object)?;
            edition::next(customer.edition, Some(1))?;
            archivable::archive::<CustomerData>(conn, tenant, row.object, at)?;
            Ok(customer.data.name)
        });
        match done {
            Ok(name) => rows.add(Action::CustomerArchive, row.object, log::called(&name)),
            Err(error) if error.is_refusal() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn bring_in(conn: &Connection, tenant: &[u8; 16], actor: &Actor, parcel: Parcel) -> Result<()> {
    let Parcel { id, created, router, customers, services, changed, restored, profiles } = parcel;
    let mut rows = Rows::default();
    for customer in customers {
        rows.add(Action::CustomerCreate, customer.id.0, log::called(&customer.data.name));
        super::customers::insert(conn, tenant, customer)?;
    }
    for (id, data) in &services {
        service_rows::insert(conn, tenant, *id, created, data)?;
        let undo = serde_json::to_string(&Undo::ADDED)?;
        rows.put(Action::ServiceCreate, id.0, log::service_added(&data.access), Some(undo));
    }
    for (id, edition, data) in &changed {
        let before = service_rows::change(conn, tenant, *id, Some(*edition), data, actor.at)?;
        rows.add_service(&before, &service_rows::get(conn, tenant, *id)?, Also::new())?;
    }
    for (id, edition, data) in &restored {
        let before = service_rows::get(conn, tenant, *id)?;
        edition::next(before.edition, Some(*edition))?;
        let also = service_archive::restore_as(conn, tenant, actor.at, *id, data)?;
        rows.add_service(&before, &service_rows::get(conn, tenant, *id)?, also)?;
    }
    for (profile, plan) in profiles {
        put_profile(conn, tenant, &mut rows, &profile, plan)?;
    }
    let detail = log::imported(router.as_deref(), |action| rows.count(action));
    rows.close(conn, tenant, actor, id, Action::ServicesImport, detail)
}

/// Remembers what a PPP profile stands for; a row says what it stood for before, where that is another plan.
fn put_profile(
    conn: &Connection,
    tenant: &[u8; 16],
    rows: &mut Rows,
    profile: &str,
    plan: Option<PlanId>,
) -> Result<()> {
    must_exist(conn, tenant, "plans", plan.map(|plan| plan.0), Reference::ProfilePlan)?;
    let sql = "SELECT plan FROM profile_plans WHERE tenant = ?1 AND profile = ?2";
    let read = |row: &Row<'_>| uuid(row, "plan");
    let old = conn.prepare_cached(sql)?.query_row(params![tenant, profile], read).optional()?;
    let new = plan.map(|plan| plan.0);
    if old == new {
        return Ok(());
    }
    let name = |plan: Option<Uuid>| plan.map(|plan| name(conn, "plans", plan)).transpose();
    let detail = log::profile_changed(profile, name(old)?.as_deref(), name(new)?.as_deref());
    rows.add(Action::ProfilePlan, new.or(old).unwrap_or_default(), detail);
    conn.prepare_cached("DELETE FROM profile_plans WHERE tenant = ?1 AND profile = ?2")?
        .execute(params![tenant, profile])?;
    if let Some(plan) = new {
        let sql = "INSERT INTO profile_plans (tenant, profile, plan) VALUES (?1, ?2, ?3)";
        conn.prepare_cached(sql)?.execute(params![tenant, profile, plan.as_bytes()])?;
    }
    Ok(())
}

fn name(conn: &Connection, table: &'static str, id: Uuid) -> Result<String> {
    let sql = format!("SELECT name FROM {table} WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id.as_bytes()], |row| row.get(0))?)
}

/// What the log says of an act, beside how many services it changed; what it is to set must exist.
fn target(conn: &Connection, tenant: &[u8; 16], act: BulkAct) -> Result<Detail> {
    match act {
        BulkAct::Plan(plan) => {
            must_exist(conn, tenant, "plans", plan.map(|plan| plan.0), Reference::Plan)?;
            let name = plan.map(|plan| name(conn, "plans", plan.0)).transpose()?;
            Ok(log::to_plan(name.as_deref()))
        }
        BulkAct::Router(router) => {
            must_exist(conn, tenant, "routers", Some(router.0), Reference::Router)?;
            Ok(log::to_router(&name(conn, "routers", router.0)?))
        }
        BulkAct::Archive | BulkAct::Restore => Ok(Detail::new()),
    }
}

/// How many were changed and how many were left.
fn counted(detail: Detail, results: &[BulkResult]) -> Detail {
    let left = results.iter().filter(|result| result.left.is_some()).count();
    log::counted(detail, results.len() - left, left)
}

#[async_trait]
impl Bulk for SqliteTenant {
    async fn bulk(&self, bulk: BulkId, ids: Vec<ServiceId>, act: BulkAct) -> Result<Vec<BulkResult>> {
        let actor = self.actor.clone();
        self.write(Lane::Bulk, move |conn, tenant| {
            let detail = target(conn, tenant, act)?;
            let mut rows = Rows::default();
            let mut results = Vec::with_capacity(ids.len());
            for id in ids {
                let work = |before: &Service| take(conn, tenant, actor.at, id, act.step(&before.data)?);
                results.push(one(conn, tenant, &mut rows, id, work)?);
            }
            rows.close(conn, tenant, &actor, bulk, act.action(), counted(detail, &results))?;
            Ok(results)
        })
        .await
    }

    async fn undo_bulk(&self, undone: BulkId, bulk: BulkId) -> Result<Vec<BulkResult>> {
        let actor = self.actor.clone();
        self.write(Lane::Bulk, move |conn, tenant| {
            let done = bulk_rows::rows(conn, tenant, undone)?;
            if done.is_empty() {
                return Err(StoreError::NotFound);
            }
            let steps: Vec<(ServiceId, Undo)> = done
                .iter()
                .rev()
                .filter_map(|row| Some((ServiceId(row.object), row.undo.as_deref()?)))
                .map(|(id, undo)| Ok((id, serde_json::from_str(undo)?)))
                .collect::<Result<_>>()?;
            acts::undo(steps.len())?;
            let mut rows = Rows::default();
            let mut results = Vec::with_capacity(steps.len());
            for (id, undo) in steps {
                let work = |before: &Service| take(conn, tenant, actor.at, id, undo.step(before.edition)?);
                results.push(one(conn, tenant, &mut rows, id, work)?);
            }
            remove_customers(conn, tenant, actor.at, &mut rows, &done)?;
            let detail = log::undid(&undone.to_string(), rows.count(Action::CustomerArchive));
            rows.close(conn, tenant, &actor, bulk, Action::ServicesUndo, counted(detail, &results))?;
            Ok(results)
        })
        .await
    }

    async fn import(&self, parcel: Parcel) -> Result<()> {
        let actor = self.actor.clone();
        self.write(Lane::Bulk, move |conn, tenant| bring_in(conn, tenant, &actor, parcel)).await
    }

    async fn profile_plans(&self) -> Result<HashMap<String, PlanId>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT profile, plan FROM profile_plans x JOIN plans p ON p.id = x.plan
                       WHERE x.tenant = ?1 AND p.archived = 0";
            let mut statement = conn.prepare_cached(sql)?;
            let read = |row: &Row<'_>| Ok((row.get("profile")?, PlanId(uuid(row, "plan")?)));
            Ok(collect(statement.query([tenant])?, read)?.into_iter().collect())
        })
        .await
    }

    async fn bulk_rows(&self, bulk: BulkId, ask: Ask<()>) -> Result<Page<BulkRow>> {
        self.read(move |conn, tenant| {
            // `n` is unique within an act: the id of the tie-break stands for nothing.
            let page = Select::from("(SELECT *, object AS id, detail AS search FROM bulk_rows)")
                .and("bulk = ?", bulk.0.as_bytes().to_vec())
                .and("tenant = ?", tenant.to_vec())
                .and_words(ask.q.as_deref())
                .page(conn, bulk_rows::COLUMNS, "n", &ask, bulk_rows::read)?;
            if page.total == 0 && ask.q.is_none() { Err(StoreError::NotFound) } else { Ok(page) }
        })
        .await
    }
}
