//! Acts on many services at once: each is one line of the log, with a row for every service that it changed, and is
//! undone by these rows.

use super::db::{Lane, in_savepoint};
use super::list::Select;
use super::row::{collect, uuid};
use super::services::{self, name_of_access};
use super::tenant::{must_exist, next_edition};
use super::{SqliteTenant, archivable, audit};
use crate::model::{BulkAct, BulkResult, BulkRow, Parcel, Service};
use crate::page::{Ask, Page};
use crate::port::{Actor, Bulk, Result, StoreError};
use async_trait::async_trait;
use imsys_domain::customer::CustomerData;
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, PlanId, ServiceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

pub(crate) const COLUMNS: &str = "n, action, object, detail, undo";
const NOTHING: &str = "there is nothing to change";
const NO_UNDO: &str = "there is nothing in it that can be undone";
const TOO_MANY: &str = "it is about more than 5000 services, which cannot be undone as one";
/// The most services that an undo sets back: as many as a sheet brings in. Nobody else writes meanwhile.
const UNDO_MOST: usize = 5_000;

/// How a row is undone, while the service still has this edition.
#[derive(Serialize, Deserialize)]
enum Undo {
    Change {
        edition: i64,
        data: ServiceData,
    },
    Archive {
        edition: i64,
        /// As what it is archived, where that is something else than it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<ServiceData>,
    },
    Restore {
        edition: i64,
        /// The same of what comes back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<ServiceData>,
    },
}

impl Undo {
    /// From what a service is `after` an act to what it was `before`.
    fn from_to(after: &Service, before: &Service) -> Self {
        let edition = after.edition;
        let other = || (before.data != after.data).then(|| before.data.clone());
        match (before.archived, after.archived) {
            (None, Some(_)) => Self::Restore { edition, data: other() },
            (Some(_), None) => Self::Archive { edition, data: other() },
            _ => Self::Change { edition, data: before.data.clone() },
        }
    }

    const fn edition(&self) -> i64 {
        let (Self::Change { edition, .. } | Self::Archive { edition, .. } | Self::Restore { edition, .. }) =
            self;
        *edition
    }

    /// What was done, by the name of the action.
    const fn done(&self) -> &'static str {
        match self {
            Self::Change { .. } => "service.update",
            Self::Archive { .. } => "service.restore",
            Self::Restore { .. } => "service.archive",
        }
    }
}

/// The rows of an act in the making.
#[derive(Default)]
pub(super) struct Rows(Vec<BulkRow>);

impl Rows {
    pub(super) fn add(&mut self, action: &str, object: Uuid, detail: Value) {
        self.put(action, object, detail, None);
    }

    fn put(&mut self, action: &str, object: Uuid, detail: Value, undo: Option<String>) {
        let n = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        self.0.push(BulkRow { n, action: action.into(), object, detail: detail.to_string(), undo });
    }

    /// What became of a service, and of what came back with it.
    fn add_service(&mut self, before: &Service, after: &Service, also: Also) -> Result<()> {
        for (action, thing) in also {
            self.add(action, thing, json!({}));
        }
        let undo = Undo::from_to(after, before);
        let json = serde_json::to_string(&undo)?;
        self.put(undo.done(), after.id.0, differences(before, after), Some(json));
        Ok(())
    }

    pub(super) fn count(&self, action: &str) -> usize {
        self.0.iter().filter(|row| row.action == action).count()
    }

    /// Writes them and their one line in the log; nothing where nothing was done.
    pub(super) fn close(
        self,
        conn: &Connection,
        tenant: &[u8; 16],
        actor: &Actor,
        bulk: BulkId,
        action: &str,
        mut detail: Map<String, Value>,
    ) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        detail.insert("rows".into(), json!(digest(&self.0)));
        for row in &self.0 {
            insert(conn, tenant, bulk, row)?;
        }
        audit::append(conn, tenant, actor, action, &bulk.to_string(), &Value::Object(detail))
    }
}

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

/// SHA-256 in hex over every row; the line in the log holds it, so that a row that was changed shows.
pub(super) fn digest(rows: &[BulkRow]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(row.n.to_be_bytes());
        hash.update(row.object.as_bytes());
        for text in [&row.action, &row.detail, row.undo.as_ref().unwrap_or(&String::new())] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a change made of a service, in names: its own, and each that is another now as `[old, new]`.
pub(super) fn differences(before: &Service, after: &Service) -> Value {
    let mut detail = Map::new();
    detail.insert("service".into(), json!(name_of_access(&after.data.access)));
    let mut note = |name: &str, old: Option<String>, new: Option<String>| {
        if old != new {
            detail.insert(name.into(), json!([old, new]));
        }
    };
    let access = |service: &Service| Some(name_of_access(&service.data.access));
    let suspended = |service: &Service| Some(service.data.suspended.to_string());
    note("access", access(before), access(after));
    note("customer", before.customer_name.clone(), after.customer_name.clone());
    note("plan", before.plan_name.clone(), after.plan_name.clone());
    note("router", Some(before.router_name.clone()), Some(after.router_name.clone()));
    note("suspended", suspended(before), suspended(after));
    Value::Object(detail)
}

/// What else it did: customers and plans that came back with their service.
type Also = Vec<(&'static str, Uuid)>;

/// Does something to one service; or says why it was left, and then nothing of it stays.
fn one(
    conn: &Connection,
    tenant: &[u8; 16],
    rows: &mut Rows,
    id: ServiceId,
    work: impl FnOnce(&Service) -> Result<Also>,
) -> Result<BulkResult> {
    let done = in_savepoint(conn, |conn| {
        let before = services::get(conn, tenant, id)?;
        let also = work(&before)?;
        Ok((services::get(conn, tenant, id)?, before, also))
    });
    match done {
        Ok((after, before, also)) => {
            rows.add_service(&before, &after, also)?;
            Ok(BulkResult { id, service: Some(after), left: None })
        }
        Err(error) if error.is_refusal() => {
            let service = services::get(conn, tenant, id).map(Some).or_else(|error| match error {
                StoreError::NotFound => Ok(None),
                other => Err(other),
            })?;
            Ok(BulkResult { id, service, left: Some(error) })
        }
        Err(error) => Err(error),
    }
}

fn act_on(
    conn: &Connection,
    tenant: &[u8; 16],
    at: Timestamp,
    act: BulkAct,
    before: &Service,
) -> Result<Also> {
    let id = before.id;
    match act {
        BulkAct::Archive => services::archive_living(conn, tenant, id, at).map(|()| Also::new()),
        BulkAct::Restore => services::restore(conn, tenant, at, id),
        BulkAct::Plan(_) | BulkAct::Router(_) => {
            let data = act.over(&before.data);
            if data == before.data {
                return Err(StoreError::InUse(NOTHING));
            }
            services::change(conn, tenant, id, None, &data, at).map(|_| Also::new())
        }
    }
}

fn undo(conn: &Connection, tenant: &[u8; 16], at: Timestamp, undo: &Undo, before: &Service) -> Result<Also> {
    let id = before.id;
    next_edition(before.edition, Some(undo.edition()))?;
    match undo {
        Undo::Change { data, .. } => services::change(conn, tenant, id, None, data, at).map(|_| Also::new()),
        Undo::Archive { data, .. } => {
            match data.as_ref().map(|data| services::change(conn, tenant, id, None, data, at)) {
                // What it referred to is archived itself: then it keeps what it has.
                None | Some(Ok(_) | Err(StoreError::Dangling(_))) => {}
                Some(Err(error)) => return Err(error),
            }
            services::archive_living(conn, tenant, id, at).map(|()| Also::new())
        }
        Undo::Restore { data: Some(data), .. } => services::restore_as(conn, tenant, at, id, data),
        Undo::Restore { data: None, .. } => services::restore(conn, tenant, at, id),
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
    for row in of.iter().filter(|row| row.action == "customer.create") {
        let done = in_savepoint(conn, |conn| {
            let customer = archivable::get::<CustomerData>(conn, tenant, row.object)?;
            next_edition(customer.edition, Some(1))?;
            archivable::archive::<CustomerData>(conn, tenant, row.object, at)?;
            Ok(customer.data.name)
        });
        match done {
            Ok(name) => rows.add("customer.archive", row.object, json!({ "name": name })),
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
        rows.add("customer.create", customer.id.0, json!({ "name": customer.data.name }));
        super::customers::insert(conn, tenant, customer)?;
    }
    for (id, data) in &services {
        services::insert(conn, tenant, *id, created, data)?;
        let undo = serde_json::to_string(&Undo::Archive { edition: 1, data: None })?;
        rows.put("service.create", id.0, json!({ "service": name_of_access(&data.access) }), Some(undo));
    }
    for (id, edition, data) in &changed {
        let before = services::change(conn, tenant, *id, Some(*edition), data, actor.at)?;
        rows.add_service(&before, &services::get(conn, tenant, *id)?, Also::new())?;
    }
    for (id, edition, data) in &restored {
        let before = services::get(conn, tenant, *id)?;
        next_edition(before.edition, Some(*edition))?;
        let also = services::restore_as(conn, tenant, actor.at, *id, data)?;
        rows.add_service(&before, &services::get(conn, tenant, *id)?, also)?;
    }
    for (profile, plan) in profiles {
        put_profile(conn, tenant, &mut rows, &profile, plan)?;
    }
    let mut detail = Map::new();
    detail.extend(router.map(|name| ("router".to_owned(), json!(name))));
    for (name, many) in [
        ("added", rows.count("service.create")),
        ("updated", rows.count("service.update")),
        ("restored", rows.count("service.restore")),
        ("customers", rows.count("customer.create")),
        ("profiles", rows.count("profile.plan")),
    ] {
        detail.extend((many > 0).then(|| (name.to_owned(), json!(many))));
    }
    rows.close(conn, tenant, actor, id, "services.import", detail)
}

/// Remembers what a PPP profile stands for; a row says what it stood for before, where that is another plan.
fn put_profile(
    conn: &Connection,
    tenant: &[u8; 16],
    rows: &mut Rows,
    profile: &str,
    plan: Option<PlanId>,
) -> Result<()> {
    must_exist(conn, tenant, "plans", plan.map(|plan| plan.0), "plans")?;
    let sql = "SELECT plan FROM profile_plans WHERE tenant = ?1 AND profile = ?2";
    let read = |row: &Row<'_>| uuid(row, "plan");
    let old = conn.prepare_cached(sql)?.query_row(params![tenant, profile], read).optional()?;
    let new = plan.map(|plan| plan.0);
    if old == new {
        return Ok(());
    }
    let name = |plan: Option<Uuid>| {
        let sql = "SELECT name FROM plans WHERE id = ?1";
        let read = |plan: Uuid| -> Result<String> {
            Ok(conn.prepare_cached(sql)?.query_row([plan.as_bytes()], |row| row.get(0))?)
        };
        plan.map(read).transpose()
    };
    let detail = json!({ "profile": profile, "plan": [name(old)?, name(new)?] });
    rows.add("profile.plan", new.or(old).unwrap_or_default(), detail);
    conn.prepare_cached("DELETE FROM profile_plans WHERE tenant = ?1 AND profile = ?2")?
        .execute(params![tenant, profile])?;
    if let Some(plan) = new {
        let sql = "INSERT INTO profile_plans (tenant, profile, plan) VALUES (?1, ?2, ?3)";
        conn.prepare_cached(sql)?.execute(params![tenant, profile, plan.as_bytes()])?;
    }
    Ok(())
}

/// What the log says of an act, beside how many services it changed.
fn target(conn: &Connection, tenant: &[u8; 16], act: BulkAct) -> Result<Map<String, Value>> {
    let (table, field, id) = match act {
        BulkAct::Plan(Some(plan)) => ("plans", "planId", plan.0),
        BulkAct::Router(router) => ("routers", "routerId", router.0),
        BulkAct::Plan(None) => return Ok(Map::from_iter([("plan".to_owned(), Value::Null)])),
        BulkAct::Archive | BulkAct::Restore => return Ok(Map::new()),
    };
    must_exist(conn, tenant, table, Some(id), field)?;
    let sql = format!("SELECT name FROM {table} WHERE id = ?1");
    let name: String = conn.prepare_cached(&sql)?.query_row([id.as_bytes()], |row| row.get(0))?;
    Ok(Map::from_iter([(field.trim_end_matches("Id").to_owned(), json!(name))]))
}

/// How many were changed and how many were left.
fn counted(mut detail: Map<String, Value>, results: &[BulkResult]) -> Map<String, Value> {
    let left = results.iter().filter(|result| result.left.is_some()).count();
    detail.insert("services".into(), json!(results.len() - left));
    if left > 0 {
        detail.insert("left".into(), json!(left));
    }
    detail
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
                let work = |before: &Service| act_on(conn, tenant, actor.at, act, before);
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
            let done = rows(conn, tenant, undone)?;
            if done.is_empty() {
                return Err(StoreError::NotFound);
            }
            let todo: Vec<_> =
                done.iter().rev().filter_map(|row| Some((row.object, row.undo.as_deref()?))).collect();
            match todo.len() {
                0 => return Err(StoreError::InUse(NO_UNDO)),
                many if many > UNDO_MOST => return Err(StoreError::InUse(TOO_MANY)),
                _ => {}
            }
            let mut rows = Rows::default();
            let mut results = Vec::with_capacity(todo.len());
            for (service, step) in todo {
                let step: Undo = serde_json::from_str(step)?;
                let work = |before: &Service| undo(conn, tenant, actor.at, &step, before);
                results.push(one(conn, tenant, &mut rows, ServiceId(service), work)?);
            }
            remove_customers(conn, tenant, actor.at, &mut rows, &done)?;
            let mut detail = Map::from_iter([("undid".to_owned(), json!(undone.to_string()))]);
            let customers = rows.count("customer.archive");
            detail.extend((customers > 0).then(|| ("customers".to_owned(), json!(customers))));
            rows.close(conn, tenant, &actor, bulk, "services.undo", counted(detail, &results))?;
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
                .page(conn, COLUMNS, "n", &ask, read)?;
            if page.total == 0 && ask.q.is_none() { Err(StoreError::NotFound) } else { Ok(page) }
        })
        .await
    }
}
