//! What belongs to the installation: people, logins, links, and the door to each tenant.

use super::db::{Db, Lane};
use super::members::{KEY, read_key};
use super::people::{
    TENANT, insert_link, insert_login, insert_membership, insert_person, insert_tenant, link, memberships,
    person, person_by_email, read_login, read_tenant, tenant,
};
use super::row::{collect, uuid};
use super::{SqliteStore, SqliteTenant, audit, erase, export, import, prune, routers};
use crate::model::{
    ApiKey, Census, Link, LinkKind, Login, Membership, Newcomer, Person, Router, Sealed, Settings, SignedIn,
    Tenant,
};
use crate::port::{Actor, Home, Result, Store, StoreError, TenantStore};
use crate::record::{Records, Sink};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::{PersonId, RouterId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use serde_json::json;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

/// How often the last use of a key is written down.
const USE_MS: i64 = 60_000;

fn read_census(row: &Row<'_>) -> Result<(Tenant, Census)> {
    let census = Census {
        members: row.get("members")?,
        routers: row.get("routers")?,
        customers: row.get("customers")?,
        services: row.get("services")?,
    };
    Ok((read_tenant(row)?, census))
}

fn signed_in(conn: &Connection, hash: &[u8; 32], now: Timestamp) -> Result<SignedIn> {
    let sql = "SELECT hash, person, tenant, created, seen FROM logins WHERE hash = ?1";
    let login = conn.prepare_cached(sql)?.query_row([hash], |row| Ok(read_login(row)))??;
    if !login.is_live(now) {
        return Err(StoreError::NotFound);
    }
    Ok(SignedIn { person: person(conn, login.person)?, memberships: memberships(conn, login.person)?, login })
}

async fn note_use(db: &Arc<Db>, sql: &'static str, hash: [u8; 32], now: Timestamp) -> Result<()> {
    let write =
        move |conn: &Connection| Ok(conn.prepare_cached(sql)?.execute(params![hash, now.millis()])?);
    db.write(Lane::Interactive, write).await.map(|_| ())
}

fn redeem(conn: &Connection, hash: &[u8; 32], newcomer: &Newcomer) -> Result<PersonId> {
    let link = link(conn, hash, newcomer.at)?;
    conn.prepare_cached("DELETE FROM links WHERE hash = ?1")?.execute([hash])?;
    match (link.kind, link.person) {
        (LinkKind::First, _) => settle(conn, link.tenant, newcomer),
        (LinkKind::Invite | LinkKind::Reset, Some(id)) => {
            let found = person(conn, id)?;
            if link.tenant.is_none_or(|tenant| belongs_only_to(conn, &found, tenant).unwrap_or(false)) {
                set_password(conn, link.tenant, &found, newcomer).map(|()| id)
            } else {
                Err(StoreError::NotFound)
            }
        }
        _ => Err(StoreError::NotFound),
    }
}

fn belongs_only_to(conn: &Connection, person: &Person, tenant: TenantId) -> Result<bool> {
    let all = memberships(conn, person.id)?;
    Ok(!person.platform && matches!(all.as_slice(), [(only, _)] if only.id == tenant))
}

/// The first person of a tenant.
fn settle(conn: &Connection, into: Option<TenantId>, newcomer: &Newcomer) -> Result<PersonId> {
    let tenant = match (into, &newcomer.tenant) {
        (Some(id), _) => tenant(conn, id.0.as_bytes())?.id,
        (None, Some(new)) => insert_tenant(conn, new).map(|()| new.id)?,
        (None, None) => return Err(StoreError::Dangling("tenantName")),
    };
    // Links of earlier starts would let somebody else in as the first.
    conn.prepare_cached("DELETE FROM links WHERE kind = 'first' AND tenant IS NULL")?.execute([])?;
    let platform = count_people(conn)? == 0;
    let (email, name) = (newcomer.email.clone(), newcomer.name.clone());
    let password = Some(newcomer.password.clone());
    let person = Person { id: newcomer.id, email, name, password, platform, created: newcomer.at };
    insert_person(conn, &person)?;
    let membership = Membership { tenant, person: person.id, role: Role::Admin, since: newcomer.at };
    insert_membership(conn, &membership)?;
    let actor = Actor { name: person.email, at: newcomer.at };
    let object = person.id.to_string();
    audit::append(conn, tenant.0.as_bytes(), &actor, "tenant.setup", &object, &json!({}))?;
    Ok(person.id)
}

fn set_password(
    conn: &Connection,
    tenant: Option<TenantId>,
    person: &Person,
    newcomer: &Newcomer,
) -> Result<()> {
    let id = person.id.0.as_bytes();
    conn.prepare_cached("UPDATE people SET name = ?2, password = ?3 WHERE id = ?1")?.execute(params![
        id,
        newcomer.name,
        newcomer.password
    ])?;
    conn.prepare_cached("DELETE FROM logins WHERE person = ?1")?.execute([id])?;
    conn.prepare_cached("DELETE FROM links WHERE person = ?1")?.execute([id])?;
    let Some(tenant) = tenant else { return Ok(()) };
    let actor = Actor { name: person.email.clone(), at: newcomer.at };
    let object = person.id.to_string();
    audit::append(conn, tenant.0.as_bytes(), &actor, "member.password", &object, &json!({}))
}

fn count_people(conn: &Connection) -> Result<u64> {
    Ok(conn.prepare_cached("SELECT COUNT(*) FROM people")?.query_row([], |row| row.get(0))?)
}

impl SqliteStore {
    fn handle(&self, tenant: TenantId, actor: Actor, home: Option<Home>) -> SqliteTenant {
        let (db, reports, words) = (Arc::clone(&self.db), self.reports.clone(), self.words.clone());
        let totals = self.totals.clone();
        let (tenant, in_hand) = (*tenant.0.as_bytes(), Mutex::default());
        SqliteTenant { db, reports, words, totals, tenant, actor, home, in_hand }
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn tenant(&self, id: TenantId, actor: Actor) -> Arc<dyn TenantStore> {
        Arc::new(self.handle(id, actor, None))
    }

    fn home(&self, tenant: TenantId, home: Home, at: Timestamp) -> Arc<dyn TenantStore> {
        Arc::new(self.handle(tenant, Actor::system(at), Some(home)))
    }

    async fn found_home(&self, router: RouterId) -> Result<Home> {
        let work = move |conn: &Connection| {
            let sql = "UPDATE routers SET home = home + 1 WHERE id = ?1 AND archived = 0 RETURNING home";
            let number = conn.prepare_cached(sql)?.query_row([router.0.as_bytes()], |row| row.get("home"))?;
            Ok(Home { router, number })
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn census(&self) -> Result<Vec<(Tenant, Census)>> {
        self.db
            .read(|conn| {
                let sql = format!(
                    "SELECT {TENANT}, (SELECT COUNT(*) FROM memberships WHERE tenant = t.id) AS members,
                       (SELECT COUNT(*) FROM routers WHERE tenant = t.id AND archived = 0) AS routers,
                       (SELECT COUNT(*) FROM customers WHERE tenant = t.id AND archived = 0) AS customers,
                       (SELECT COUNT(*) FROM services WHERE tenant = t.id AND archived = 0) AS services
                     FROM tenants t ORDER BY t.name, t.id"
                );
                collect(conn.prepare_cached(&sql)?.query([])?, read_census)
            })
            .await
    }

    async fn tenant_info(&self, id: TenantId) -> Result<Tenant> {
        self.db.glance(move |conn| tenant(conn, id.0.as_bytes())).await
    }

    async fn create_tenant(&self, tenant: Tenant) -> Result<()> {
        self.db.write(Lane::Interactive, move |conn| insert_tenant(conn, &tenant)).await
    }

    async fn delete_tenant(&self, id: TenantId) -> Result<Vec<RouterId>> {
        self.db.write(Lane::Bulk, move |conn| erase::tenant(conn, id.0.as_bytes())).await
    }

    async fn person_by_email(&self, email: &str) -> Result<Person> {
        let email = email.to_owned();
        self.db.read(move |conn| person_by_email(conn, &email)).await
    }

    async fn person(&self, id: PersonId) -> Result<Person> {
        self.db.glance(move |conn| person(conn, id)).await
    }

    async fn health(&self) -> Result<()> {
        self.db.health().await
    }

    async fn count_people(&self) -> Result<u64> {
        self.db.read(count_people).await
    }

    async fn create_person(&self, person: Person, membership: Option<Membership>) -> Result<()> {
        let work = move |conn: &Connection| {
            insert_person(conn, &person)?;
            membership.map_or(Ok(()), |membership| insert_membership(conn, &membership))
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn memberships(&self, id: PersonId) -> Result<Vec<(Tenant, Membership)>> {
        self.db.glance(move |conn| memberships(conn, id)).await
    }

    async fn put_login(&self, login: Login) -> Result<()> {
        self.db.write(Lane::Interactive, move |conn| insert_login(conn, &login)).await
    }

    async fn login(&self, hash: [u8; 32], now: Timestamp) -> Result<SignedIn> {
        self.db.glance(move |conn| signed_in(conn, &hash, now)).await
    }

    async fn use_login(&self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        note_use(&self.db, "UPDATE logins SET seen = max(seen, ?2) WHERE hash = ?1", hash, now).await
    }

    async fn move_login(&self, hash: [u8; 32], tenant: TenantId) -> Result<()> {
        let work = move |conn: &Connection| {
            let sql = "UPDATE logins SET tenant = ?2 WHERE hash = ?1";
            let changed = conn.prepare_cached(sql)?.execute(params![hash, tenant.0.as_bytes()])?;
            if changed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn end_login(&self, hash: [u8; 32]) -> Result<()> {
        let work = move |conn: &Connection| {
            conn.prepare_cached("DELETE FROM logins WHERE hash = ?1")?.execute([hash])?;
            Ok(())
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn put_link(&self, link: Link) -> Result<()> {
        self.db.write(Lane::Interactive, move |conn| insert_link(conn, &link)).await
    }

    async fn link(&self, hash: [u8; 32], now: Timestamp) -> Result<Link> {
        self.db.glance(move |conn| link(conn, &hash, now)).await
    }

    async fn redeem(&self, hash: [u8; 32], newcomer: Newcomer) -> Result<PersonId> {
        self.db.write(Lane::Interactive, move |conn| redeem(conn, &hash, &newcomer)).await
    }

    async fn api_key(&self, hash: [u8; 32], now: Timestamp) -> Result<(TenantId, ApiKey)> {
        let work = move |conn: &Connection| {
            let sql = format!(
                "SELECT {KEY}, tenant FROM api_keys WHERE hash = ?1 AND (expires IS NULL OR expires > ?2)"
            );
            let read = |row: &Row<'_>| Ok((uuid(row, "tenant")?, read_key(row)));
            let (tenant, key) = conn.prepare_cached(&sql)?.query_row(params![hash, now.millis()], read)?;
            Ok((TenantId(tenant), key?))
        };
        let (tenant, key) = self.db.glance(work).await?;
        if key.last_used.is_none_or(|used| now.since(used) >= USE_MS) {
            let sql = "UPDATE api_keys SET last_used = ?2 WHERE hash = ?1";
            // That it could not be noted is no reason to refuse what a program wants to do.
            if let Err(error) = note_use(&self.db, sql, hash, now).await {
                tracing::warn!(%error, key.id = %key.id, "the last use of a key was not noted");
            }
        }
        Ok((tenant, key))
    }

    async fn router_by_token(&self, hash: [u8; 32]) -> Result<Router> {
        let work = move |conn: &Connection| {
            let sql = format!("SELECT {} FROM routers WHERE token = ?1 AND archived = 0", routers::COLUMNS);
            conn.prepare_cached(&sql)?.query_row([hash], |row| Ok(routers::read(row)))?
        };
        self.db.glance(work).await
    }

    async fn router_by_id(&self, id: RouterId) -> Result<Router> {
        let work = move |conn: &Connection| {
            let sql = format!("SELECT {} FROM routers WHERE id = ?1 AND archived = 0", routers::COLUMNS);
            conn.prepare_cached(&sql)?.query_row([id.0.as_bytes()], |row| Ok(routers::read(row)))?
        };
        self.db.glance(work).await
    }

    async fn tenants_at(&self, address: IpAddr) -> Result<u64> {
        let read = move |conn: &Connection| {
            let sql = "SELECT count(DISTINCT tenant) FROM routers WHERE address = ?1 AND archived = 0";
            Ok(conn.prepare_cached(sql)?.query_row([address.to_string()], |row| row.get(0))?)
        };
        self.db.glance(read).await
    }

    async fn all_routers(&self) -> Result<Vec<Router>> {
        let work = |conn: &Connection| {
            let sql = format!("SELECT {} FROM routers WHERE archived = 0 ORDER BY id", routers::COLUMNS);
            collect(conn.prepare_cached(&sql)?.query([])?, routers::read)
        };
        self.db.read(work).await
    }

    async fn homes(&self) -> Result<Vec<Home>> {
        let work = |conn: &Connection| {
            let mut statement =
                conn.prepare_cached("SELECT id, home FROM routers WHERE archived = 0 ORDER BY id")?;
            let read =
                |row: &Row<'_>| Ok(Home { router: RouterId(uuid(row, "id")?), number: row.get("home")? });
            collect(statement.query([])?, read)
        };
        self.db.read(work).await
    }

    async fn routers_up(&self) -> Result<Vec<(TenantId, RouterId)>> {
        let work = |conn: &Connection| {
            let sql = "SELECT tenant, id FROM routers WHERE archived = 0 AND state = 'up' ORDER BY id";
            let read = |row: &Row<'_>| Ok((TenantId(uuid(row, "tenant")?), RouterId(uuid(row, "id")?)));
            collect(conn.prepare_cached(sql)?.query([])?, read)
        };
        self.db.read(work).await
    }

    async fn old_marks(&self, before: Timestamp) -> Result<Vec<(TenantId, RouterId, bool)>> {
        let work = move |conn: &Connection| {
            let read = |row: &Row<'_>| {
                Ok((TenantId(uuid(row, "tenant")?), RouterId(uuid(row, "router")?), row.get("urgent")?))
            };
            let sql = "SELECT r.tenant, d.router, max(d.urgent) AS urgent
                       FROM router_due d JOIN routers r ON r.id = d.router
                       WHERE d.at < ?1 GROUP BY d.router ORDER BY d.router";
            collect(conn.prepare_cached(sql)?.query([before.millis()])?, read)
        };
        self.db.read(work).await
    }

    async fn all_settings(&self) -> Result<Vec<(TenantId, Settings)>> {
        self.db.read(prune::all_settings).await
    }

    async fn newest(&self) -> Result<Option<Timestamp>> {
        self.db.read(prune::newest).await
    }

    async fn prune(&self, now: Timestamp) -> Result<u64> {
        prune::prune(&self.db, now).await
    }

    async fn export(&self, mut sink: Sink) -> Result<()> {
        self.db.caught_up().await?;
        self.db.read_through(move |conn| export::export(conn, &mut sink)).await
    }

    async fn import(&self, records: Records) -> Result<u64> {
        self.db.write(Lane::Bulk, move |conn| import::import(conn, records)).await
    }

    async fn sealed(&self) -> Result<Vec<Sealed>> {
        let work = |conn: &Connection| {
            let read = |row: &Row<'_>| {
                let (tenant, router) = (TenantId(uuid(row, "tenant")?), RouterId(uuid(row, "id")?));
                Ok(Sealed { tenant, router, value: row.get("password")? })
            };
            collect(
                conn.prepare_cached("SELECT tenant, id, password FROM routers ORDER BY id")?.query([])?,
                read,
            )
        };
        self.db.read(work).await
    }

    async fn reseal(&self, sealed: Sealed, before: &str) -> Result<bool> {
        let before = before.to_owned();
        let work = move |conn: &Connection| {
            let sql = "UPDATE routers SET password = ?2 WHERE id = ?1 AND password = ?3";
            let changed =
                conn.prepare_cached(sql)?.execute(params![sealed.router.0.as_bytes(), sealed.value, before]);
            Ok(changed? == 1)
        };
        self.db.write(Lane::Bulk, work).await
    }
}
