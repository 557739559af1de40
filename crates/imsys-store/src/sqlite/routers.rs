//! Routers.

use super::SqliteTenant;
use super::db::Lane;
use super::exist::must_be_theirs;
use super::list::Select;
use super::row::{archived, broken, collect, json, name_of, unique, uuid, word};
use super::{devices, feed, runs, trend};
use crate::model::{Absence, Change, JobDone, Marked, PendingWork, RouterChange, RouterHealth, Run};
use crate::page::{Ask, Page};
use crate::port::{Result, RouterSort, Routers, StoreError, Taken};
use async_trait::async_trait;
use imsys_domain::audit::{Action, Detail, router_added, router_changed};
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::trend::Away;
use imsys_domain::{RouterId, TenantId, Timestamp, edition};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

/// The columns that [`read`] wants.
pub(crate) const COLUMNS: &str = "id, tenant, rev, edition, name, address, port, tls, legacy_login, routed, username, password, \
     token, paused, state, since, reason, listening, swept, facts, created, archived";

/// A router from a row with [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<Router> {
    let address: String = row.get("address")?;
    Ok(Router {
        id: RouterId(uuid(row, "id")?),
        tenant: TenantId(uuid(row, "tenant")?),
        rev: row.get("rev")?,
        edition: row.get("edition")?,
        config: RouterConfig {
            name: row.get("name")?,
            address: address.parse().map_err(|_| broken("address"))?,
            port: row.get("port")?,
            tls: row.get("tls")?,
            legacy_login: row.get("legacy_login")?,
            routed: json(row, "routed")?,
            username: row.get("username")?,
            password: row.get("password")?,
            paused: row.get("paused")?,
        },
        token: row.get("token")?,
        state: word(row, "state")?,
        since: Timestamp(row.get("since")?),
        reason: row.get("reason")?,
        listening: word(row, "listening")?,
        swept: row.get::<_, Option<i64>>("swept")?.map(Timestamp),
        facts: json(row, "facts")?,
        created: Timestamp(row.get("created")?),
        archived: archived(row, "archived")?,
    })
}

/// One router of a tenant, archived or not.
fn get_any(conn: &Connection, tenant: &[u8; 16], id: RouterId) -> Result<Router> {
    let sql = format!("SELECT {COLUMNS} FROM routers WHERE id = ?1 AND tenant = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_row(params![id.0.as_bytes(), tenant], |row| Ok(read(row)))?
}

/// One router of a tenant that is not archived.
pub(crate) fn get(conn: &Connection, tenant: &[u8; 16], id: RouterId) -> Result<Router> {
    let found = get_any(conn, tenant, id)?;
    edition::living(found.archived)?;
    Ok(found)
}

/// Writes a router over the one that is stored.
pub(crate) fn put(conn: &Connection, router: &Router) -> Result<()> {
    let c = &router.config;
    let done = conn
        .prepare_cached(
            "UPDATE routers SET rev = rev + 1, edition = ?2, name = ?3, address = ?4, port = ?5, tls = ?6,
               legacy_login = ?7, username = ?8, password = ?9, token = ?10, paused = ?11, state = ?12, since = ?13,
               reason = ?14, listening = ?15, swept = ?16, facts = ?17, search = ?18, archived = ?19, routed = ?20 WHERE id = ?1",
        )?
        .execute(params![
            router.id.0.as_bytes(),
            router.edition,
            c.name,
            c.address.to_string(),
            c.port,
            c.tls,
            c.legacy_login,
            c.username,
            c.password,
            router.token,
            c.paused,
            router.state.name(),
            router.since.millis(),
            router.reason,
            name_of(&router.listening)?,
            router.swept.map(Timestamp::millis),
            serde_json::to_string(&router.facts)?,
            router.search_text(),
            router.archived.map_or(0, Timestamp::millis),
            serde_json::to_string(&c.routed)?,
        ]);
    unique(done, Taken::RouterPlace).map(|_| ())
}

/// Tells the change feed how a router is now.
pub(super) fn tell(conn: &Connection, tenant: &[u8; 16], id: RouterId, at: Timestamp) -> Result<Router> {
    let router = get(conn, tenant, id)?;
    feed::append(conn, tenant, at, &[Change::Router(RouterChange::from(&router))])?;
    Ok(router)
}

#[async_trait]
impl Routers for SqliteTenant {
    async fn create_router(&self, router: Router) -> Result<()> {
        let detail = router_added(&router.config);
        self.change(Action::RouterCreate, router.id.0, detail, move |conn, tenant| {
            let c = &router.config;
            let done = conn.prepare_cached(
                "INSERT INTO routers (id, tenant, rev, edition, name, address, port, tls, username, password, token,
                   paused, legacy_login, routed, state, since, listening, facts, search, created, archived)
                 VALUES (?1, ?2, 1, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?14, ?15, ?16, ?10, ?11, 'off', ?12, ?13, ?11, 0)",
            )?
            .execute(params![
                router.id.0.as_bytes(), tenant, c.name, c.address.to_string(), c.port, c.tls, c.username, c.password,
                router.token, router.state.name(), router.created.millis(),
                serde_json::to_string(&router.facts)?, router.search_text(),
                c.paused, c.legacy_login, serde_json::to_string(&c.routed)?,
            ]);
            unique(done, Taken::RouterPlace).map(|_| ())
        })
        .await
    }

    async fn router(&self, id: RouterId) -> Result<Router> {
        self.glance(move |conn, tenant| get(conn, tenant, id)).await
    }

    async fn router_or_archived(&self, id: RouterId) -> Result<Router> {
        self.read(move |conn, tenant| get_any(conn, tenant, id)).await
    }

    async fn routers(&self, archived: bool, ask: Ask<RouterSort>) -> Result<Page<Router>> {
        self.read(move |conn, tenant| {
            let sort = match ask.sort {
                RouterSort::Name => "name",
                RouterSort::Created => "created",
            };
            let select = Select::from("routers").and("tenant = ?", tenant.to_vec()).when_archived(archived);
            select.and_words(ask.q.as_deref()).page(conn, COLUMNS, sort, &ask, read)
        })
        .await
    }

    async fn router_health(&self, limit: u32) -> Result<RouterHealth> {
        self.read(move |conn, tenant| {
            let mut health = RouterHealth::default();
            let sql = "SELECT state, count(*) FROM routers WHERE tenant = ?1 AND archived = 0 GROUP BY state";
            let mut statement = conn.prepare_cached(sql)?;
            for (state, many) in
                collect(statement.query([tenant])?, |row| Ok((word(row, "state")?, row.get(1)?)))?
            {
                match state {
                    RouterState::Up => health.up = many,
                    RouterState::Down => health.down = many,
                    RouterState::New => health.new = many,
                }
            }
            let sql = "SELECT EXISTS (SELECT 1 FROM routers r JOIN hook_counts h ON h.router = r.id
                         WHERE r.tenant = ?1 AND r.archived = 0 AND h.last IS NOT NULL)";
            health.heard = conn.prepare_cached(sql)?.query_row([tenant], |row| row.get(0))?;
            let sql = format!(
                "SELECT {COLUMNS}, (SELECT count(*) FROM services WHERE router = routers.id AND archived = 0) AS services
                 FROM routers WHERE tenant = ?1 AND archived = 0 AND state = 'down' ORDER BY name, id LIMIT ?2"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            health.lost =
                collect(statement.query(params![tenant, limit])?, |row| Ok((read(row)?, row.get("services")?)))?;
            Ok(health)
        })
        .await
    }

    async fn update_router(
        &self,
        id: RouterId,
        edition: Option<i64>,
        config: RouterConfig,
    ) -> Result<Router> {
        self.change_told(Action::RouterUpdate, id.0, move |conn, tenant| {
            let mut router = get(conn, tenant, id)?;
            router.edition = edition::next(router.edition, edition)?;
            let detail = router_changed(&router.config, &config);
            router.configure(config);
            put(conn, &router)?;
            Ok((get(conn, tenant, id)?, detail))
        })
        .await
    }

    async fn set_router_token(&self, id: RouterId, token: [u8; 32], sealed: String) -> Result<()> {
        self.change(Action::RouterToken, id.0, Detail::new(), move |conn, tenant| {
            must_be_theirs(conn, tenant, id)?;
            let sql = "UPDATE routers SET token = ?2, password = ?3, rev = rev + 1, edition = edition + 1 WHERE id = ?1";
            conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), token, sealed])?;
            Ok(())
        })
        .await
    }

    async fn archive_router(&self, id: RouterId) -> Result<()> {
        let at = self.actor.at;
        self.change(Action::RouterArchive, id.0, Detail::new(), move |conn, tenant| {
            get(conn, tenant, id)?;
            super::service_archive::archive_all(conn, tenant, id, at)?;
            devices::archive_all(conn, tenant, id, at)?;
            super::evidence::outdate(conn, id)?;
            trend::back(conn, id, at)?;
            // The token's place must be free of meaning: a removed router's webhooks are refused.
            let sql = "UPDATE routers SET archived = ?2, rev = rev + 1, edition = edition + 1, token = randomblob(32)
                       WHERE id = ?1";
            conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), at.millis()])?;
            for table in ["router_due", "router_runs", "unknown_users"] {
                let sql = format!("DELETE FROM {table} WHERE router = ?1");
                conn.prepare_cached(&sql)?.execute([id.0.as_bytes()])?;
            }
            Ok(())
        })
        .await
    }

    async fn restore_router(&self, id: RouterId, token: [u8; 32]) -> Result<Router> {
        let actor = self.actor.clone();
        self.change(Action::RouterRestore, id.0, Detail::new(), move |conn, tenant| {
            let mut router = get_any(conn, tenant, id)?;
            let archived = router.restore(actor.at, token)?;
            router.edition += 1;
            put(conn, &router)?;
            super::service_archive::restore_all(conn, tenant, &actor, id, archived)?;
            devices::restore_all(conn, tenant, id, archived, actor.at)?;
            get(conn, tenant, id)
        })
        .await
    }

    async fn router_found(&self, id: RouterId, at: Timestamp, facts: RouterFacts) -> Result<Router> {
        self.write(Lane::Interactive, move |conn, tenant| {
            let mut router = get(conn, tenant, id)?;
            router.found(at, facts);
            put(conn, &router)?;
            trend::back(conn, id, at)?;
            tell(conn, tenant, id, at)
        })
        .await
    }

    async fn set_listening(&self, id: RouterId, listening: Listening) -> Result<()> {
        self.write(Lane::Interactive, move |conn, tenant| {
            let sql = "UPDATE routers SET listening = ?3 WHERE id = ?1 AND tenant = ?2";
            conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), tenant, name_of(&listening)?])?;
            Ok(())
        })
        .await
    }

    async fn away(
        &self,
        router: Option<RouterId>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<RouterId, Away>> {
        self.read(move |conn, tenant| trend::away(conn, tenant, router, (from, to))).await
    }

    async fn absences(&self, id: RouterId, limit: u32) -> Result<Vec<Absence>> {
        self.read(move |conn, tenant| {
            must_be_theirs(conn, tenant, id)?;
            trend::absences(conn, id, limit)
        })
        .await
    }

    async fn mark_due(&self, id: RouterId, kind: &str, at: Timestamp, urgent: bool) -> Result<Marked> {
        let kind = kind.to_owned();
        self.write(Lane::Interactive, move |conn, tenant| {
            must_be_theirs(conn, tenant, id)?;
            let sql = "INSERT INTO router_due (router, kind, number, at, urgent) VALUES (?1, ?2, random(), ?3, ?4)
                       ON CONFLICT DO UPDATE SET number = excluded.number, urgent = max(urgent, excluded.urgent)
                       RETURNING number";
            let number = conn
                .prepare_cached(sql)?
                .query_row(params![id.0.as_bytes(), kind, at.millis(), urgent], |row| row.get(0))?;
            let sql = "SELECT 1 FROM router_due WHERE router = ?1 AND urgent = 1";
            Ok(Marked { number, urgent: conn.prepare_cached(sql)?.exists([id.0.as_bytes()])? })
        })
        .await
    }

    async fn mark_all_due(&self, kind: &str, at: Timestamp) -> Result<Vec<RouterId>> {
        let kind = kind.to_owned();
        self.write(Lane::Bulk, move |conn, tenant| {
            let sql = "INSERT INTO router_due (router, kind, number, at, urgent)
                         SELECT id, ?2, random(), ?3, 1 FROM routers
                         WHERE tenant = ?1 AND archived = 0 AND state = 'up' AND paused = 0 ORDER BY id
                       ON CONFLICT DO UPDATE SET number = excluded.number, urgent = 1 RETURNING router";
            let mut statement = conn.prepare_cached(sql)?;
            let mut routers = collect(statement.query(params![tenant, kind, at.millis()])?, |row| {
                Ok(RouterId(uuid(row, "router")?))
            })?;
            routers.sort_unstable();
            Ok(routers)
        })
        .await
    }

    async fn due(&self, id: RouterId) -> Result<Vec<PendingWork>> {
        self.glance(move |conn, tenant| {
            // One statement, as each takes and gives back a lock on the file.
            let sql = "SELECT d.kind, d.number, d.at, d.urgent FROM routers r INDEXED BY routers_own
                       LEFT JOIN router_due d ON d.router = r.id
                       WHERE r.id = ?1 AND r.tenant = ?2 AND r.archived = 0";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query(params![id.0.as_bytes(), tenant])?;
            let mut due = Vec::new();
            let mut theirs = false;
            while let Some(row) = rows.next()? {
                theirs = true;
                if let Some(kind) = row.get::<_, Option<String>>(0)? {
                    let mark = PendingWork { kind, number: row.get(1)?, urgent: row.get(3)? };
                    due.push((row.get::<_, i64>(2)?, mark));
                }
            }
            if !theirs {
                return Err(StoreError::NotFound);
            }
            due.sort_by_key(|(at, _)| *at);
            Ok(due.into_iter().map(|(_, mark)| mark).collect())
        })
        .await
    }

    async fn note_done(&self, id: RouterId, done: JobDone) -> Result<()> {
        self.write(Lane::Interactive, move |conn, tenant| {
            match must_be_theirs(conn, tenant, id) {
                Err(StoreError::NotFound) => return Ok(()),
                found => found?,
            };
            put_done(conn, id, &done)?;
            feed::append(conn, tenant, done.run.at, &[Change::Job(id, done.run)])
        })
        .await
    }

    async fn runs(&self) -> Result<Vec<(RouterId, Run)>> {
        self.read(move |conn, tenant| {
            let sql = "SELECT x.router, x.kind, x.at, x.took_ms, x.outcome, x.error FROM router_runs x
                       JOIN routers r ON r.id = x.router WHERE r.tenant = ?1 ORDER BY x.router, x.kind";
            collect(conn.prepare_cached(sql)?.query([tenant])?, runs::read_of_router)
        })
        .await
    }
}

/// Whether a router has marks.
pub(super) fn is_due(conn: &Connection, id: RouterId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM router_due WHERE router = ?1")?.exists([id.0.as_bytes()])?)
}

/// Notes that a job is over: its mark goes.
pub(super) fn put_done(conn: &Connection, id: RouterId, JobDone { run, mark }: &JobDone) -> Result<()> {
    if let Some(mark) = mark {
        let sql = "DELETE FROM router_due WHERE router = ?1 AND kind = ?2 AND number = ?3";
        conn.prepare_cached(sql)?.execute(params![id.0.as_bytes(), run.kind, mark])?;
    }
    runs::put_of_router(conn, id, run)
}
