//! What belongs to the installation: people, logins, links, and the door to each tenant.

use super::db::{Db, Lane};
use super::members::{KEY, read_key};
use super::people::{
    LOGIN, PERSON, TENANT, enter, insert_link, insert_login, insert_membership, insert_person, insert_tenant,
    link, logins, memberships, person, person_by_email, read_login, read_person, read_tenant, tenant,
};
use super::row::{collect, uuid};
use super::{SqliteStore, SqliteTenant, devices, entry, erase, feed, prune, routers, snmp_logins, trend};
use crate::model::{
    ApiKey, Census, Changed, Cursor, Feed, Link, Login, Membership, Newcomer, Person, SignedIn, StatusCounts,
};
use crate::port::{Actor, ChangeFeed, FencingToken, MEASURED_MOST, Result, Store, StoreError, TenantStore};
use async_trait::async_trait;
use imsys_domain::device::{Device, SnmpLogin};
use imsys_domain::router::Router;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{PersonId, RouterId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

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
    let sql = format!("SELECT {LOGIN} FROM logins WHERE hash = ?1");
    let login = conn.prepare_cached(&sql)?.query_row([hash], |row| Ok(read_login(row)))??;
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

/// Makes a signed-in browser act in a tenant.
fn move_login(conn: &Connection, hash: &[u8; 32], tenant: TenantId, at: Timestamp) -> Result<()> {
    let sql = "UPDATE logins SET tenant = ?2 WHERE hash = ?1 RETURNING person";
    let read = |row: &Row<'_>| Ok(PersonId(uuid(row, "person")?));
    let person = conn.prepare_cached(sql)?.query_row(params![hash, tenant.0.as_bytes()], read)?;
    enter(conn, person, tenant, at)
}

impl SqliteStore {
    fn handle(&self, tenant: TenantId, actor: Actor, token: Option<FencingToken>) -> SqliteTenant {
        let (db, reports, search) = (Arc::clone(&self.db), self.reports.clone(), self.search.clone());
        let totals = self.totals.clone();
        let (tenant, in_hand) = (*tenant.0.as_bytes(), Mutex::default());
        SqliteTenant { db, reports, search, totals, tenant, actor, token, in_hand }
    }
}

#[async_trait]
impl ChangeFeed for SqliteStore {
    async fn feed(&self) -> Result<Feed> {
        self.db.glance(feed::feed).await
    }

    async fn changes_after(&self, after: Cursor, limit: u32) -> Result<Option<Vec<Changed>>> {
        self.db.read(move |conn| feed::after(conn, after, limit)).await
    }

    fn changed(&self) -> watch::Receiver<Cursor> {
        self.db.changed()
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn tenant(&self, id: TenantId, actor: Actor) -> Arc<dyn TenantStore> {
        Arc::new(self.handle(id, actor, None))
    }

    fn fenced(&self, tenant: TenantId, token: FencingToken, at: Timestamp) -> Arc<dyn TenantStore> {
        Arc::new(self.handle(tenant, Actor::system(at), Some(token)))
    }

    async fn next_fencing_token(&self, router: RouterId) -> Result<FencingToken> {
        let work = move |conn: &Connection| {
            let sql =
                "UPDATE routers SET fencing = fencing + 1 WHERE id = ?1 AND archived = 0 RETURNING fencing";
            let number =
                conn.prepare_cached(sql)?.query_row([router.0.as_bytes()], |row| row.get("fencing"))?;
            Ok(FencingToken { router, number })
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn census(&self) -> Result<Vec<(Tenant, Census)>> {
        self.db
            .read(|conn| {
                let sql = format!(
                    "SELECT {TENANT}, (SELECT COUNT(*) FROM memberships WHERE tenant = t.id)
                         + (SELECT COUNT(*) FROM invitations WHERE tenant = t.id) AS members,
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

    async fn delete_tenant(&self, id: TenantId, at: Timestamp) -> Result<Vec<RouterId>> {
        self.db.write(Lane::Bulk, move |conn| erase::tenant(conn, id.0.as_bytes(), at)).await
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

    async fn is_managed(&self) -> Result<bool> {
        let work = |conn: &Connection| {
            let sql = format!("SELECT {PERSON} FROM people p WHERE p.platform = 1");
            let platform = collect(conn.prepare_cached(&sql)?.query([])?, read_person)?;
            Ok(platform.iter().any(Person::manages))
        };
        self.db.read(work).await
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
        let work = move |conn: &Connection| {
            insert_login(conn, &login)?;
            login.tenant.map_or(Ok(()), |tenant| enter(conn, login.person, tenant, login.created))
        };
        self.db.write(Lane::Interactive, work).await
    }

    async fn login(&self, hash: [u8; 32], now: Timestamp) -> Result<SignedIn> {
        self.db.glance(move |conn| signed_in(conn, &hash, now)).await
    }

    async fn use_login(&self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        note_use(&self.db, "UPDATE logins SET seen = max(seen, ?2) WHERE hash = ?1", hash, now).await
    }

    async fn move_login(&self, hash: [u8; 32], tenant: TenantId, at: Timestamp) -> Result<()> {
        self.db.write(Lane::Interactive, move |conn| move_login(conn, &hash, tenant, at)).await
    }

    async fn logins(&self, person: PersonId, now: Timestamp) -> Result<Vec<Login>> {
        self.db.glance(move |conn| logins(conn, person, now)).await
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
        self.db.write(Lane::Interactive, move |conn| entry::redeem(conn, &hash, &newcomer)).await
    }

    async fn accept(&self, hash: [u8; 32], person: PersonId, at: Timestamp) -> Result<TenantId> {
        self.db.write(Lane::Interactive, move |conn| entry::accept(conn, &hash, person, at)).await
    }

    async fn set_password(
        &self,
        person: PersonId,
        password: String,
        keep: [u8; 32],
        at: Timestamp,
    ) -> Result<()> {
        let work = move |conn: &Connection| entry::set_password(conn, person, &password, Some(keep), at);
        self.db.write(Lane::Interactive, work).await
    }

    async fn release(&self, email: &str, at: Timestamp) -> Result<PersonId> {
        let email = email.to_owned();
        self.db.write(Lane::Interactive, move |conn| entry::release(conn, &email, at)).await
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

    async fn is_shared(&self, address: IpAddr, tenant: TenantId) -> Result<bool> {
        let work = move |conn: &Connection| {
            let sql = "SELECT 1 FROM routers WHERE json_extract(facts, '$.address') = ?1 AND tenant <> ?2
                         AND archived = 0";
            Ok(conn.prepare_cached(sql)?.exists(params![address.to_string(), tenant.0.as_bytes()])?)
        };
        self.db.read(work).await
    }

    async fn all_routers(&self) -> Result<Vec<Router>> {
        let work = |conn: &Connection| {
            let sql = format!("SELECT {} FROM routers WHERE archived = 0 ORDER BY id", routers::COLUMNS);
            collect(conn.prepare_cached(&sql)?.query([])?, routers::read)
        };
        self.db.read(work).await
    }

    async fn all_devices(&self) -> Result<Vec<Device>> {
        self.db.read(devices::all).await
    }

    async fn hand_over(&self, data: Vec<u8>) -> Result<()> {
        let work = move |conn: &Connection| {
            conn.prepare_cached("INSERT INTO measured (data) VALUES (?1)")?.execute([&data])?;
            let sql = "DELETE FROM measured WHERE n <= (SELECT max(n) FROM measured) - ?1";
            conn.prepare_cached(sql)?.execute([MEASURED_MOST])?;
            Ok(())
        };
        self.db.write(Lane::Bulk, work).await
    }

    async fn handed_over(&self, limit: u32) -> Result<Vec<(i64, Vec<u8>)>> {
        let work = move |conn: &Connection| {
            let sql = "SELECT n, data FROM measured ORDER BY n LIMIT ?1";
            collect(conn.prepare_cached(sql)?.query([limit])?, |row| Ok((row.get(0)?, row.get(1)?)))
        };
        self.db.read(work).await
    }

    async fn taken_over(&self, up_to: i64) -> Result<()> {
        let work = move |conn: &Connection| {
            conn.prepare_cached("DELETE FROM measured WHERE n <= ?1")?.execute([up_to])?;
            Ok(())
        };
        self.db.write(Lane::Bulk, work).await
    }

    async fn all_snmp_logins(&self) -> Result<Vec<SnmpLogin>> {
        self.db.read(|conn| snmp_logins::all(conn, None)).await
    }

    async fn fencing_tokens(&self) -> Result<Vec<FencingToken>> {
        let work = |conn: &Connection| {
            let mut statement =
                conn.prepare_cached("SELECT id, fencing FROM routers WHERE archived = 0 ORDER BY id")?;
            let read = |row: &Row<'_>| {
                Ok(FencingToken { router: RouterId(uuid(row, "id")?), number: row.get("fencing")? })
            };
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

    async fn count_services(&self) -> Result<Vec<(TenantId, StatusCounts)>> {
        self.db.caught_up().await?;
        self.db.read(trend::count_all).await
    }

    async fn note_counts(&self, counts: Vec<(TenantId, Timestamp, StatusCounts)>) -> Result<()> {
        let work = move |conn: &Connection| {
            counts.iter().try_for_each(|(tenant, at, counts)| trend::note(conn, *tenant, *at, *counts))
        };
        self.db.write(Lane::Bulk, work).await
    }
}
