//! Deleting a tenant: every row of it, in an order that no reference forbids.

use super::row::{collect, uuid};
use super::{feed, people};
use crate::port::Result;
use imsys_domain::entry::is_trusted_here_alone;
use imsys_domain::{RouterId, Timestamp};
use rusqlite::Connection;

/// Who is a member here, and of how many tenants in all.
const MEMBERS: &str =
    "SELECT p.id, p.platform, (SELECT count(*) FROM memberships o WHERE o.person = p.id) AS many
     FROM people p JOIN memberships m ON m.person = p.id AND m.tenant = ?1";

/// What goes first because others are referred to by it; `?1` is the tenant.
const OF_ROUTERS: [&str; 4] = ["router_due", "router_runs", "router_absences", "hook_counts"];
const OF_TENANT: [&str; 23] = [
    "tenant_runs",
    "trend",
    "static_evidence",
    "unknown_users",
    "presence_events",
    "sessions",
    "session_words",
    "services",
    "profile_plans",
    "plans",
    "customers",
    "usage_baselines",
    "device_figures",
    "device_outages",
    "devices",
    "snmp_logins",
    "routers",
    "api_keys",
    "links",
    "invitations",
    "memberships",
    "bulk_rows",
    "audit",
];

/// Deletes the tenant; the routers that were not archived.
pub(crate) fn tenant(conn: &Connection, id: &[u8; 16], at: Timestamp) -> Result<Vec<RouterId>> {
    people::tenant(conn, id)?;
    feed::forget_tenant(conn, id, at)?;
    let routers = collect(
        conn.prepare("SELECT id FROM routers WHERE tenant = ?1 AND archived = 0 ORDER BY id")?.query([id])?,
        |row| Ok(RouterId(uuid(row, "id")?)),
    )?;
    let members = collect(conn.prepare(MEMBERS)?.query([id])?, |row| {
        Ok((uuid(row, "id")?, is_trusted_here_alone(row.get("platform")?, row.get("many")?)))
    })?;
    let leaving = members.into_iter().filter_map(|(person, leaves)| leaves.then_some(person));
    for table in OF_ROUTERS {
        let sql = format!("DELETE FROM {table} WHERE router IN (SELECT id FROM routers WHERE tenant = ?1)");
        conn.execute(&sql, [id])?;
    }
    for table in OF_TENANT {
        conn.execute(&format!("DELETE FROM {table} WHERE tenant = ?1"), [id])?;
    }
    conn.execute("UPDATE logins SET tenant = NULL WHERE tenant = ?1", [id])?;
    for person in leaving {
        for sql in [
            "DELETE FROM logins WHERE person = ?1",
            "DELETE FROM links WHERE person = ?1",
            "DELETE FROM people WHERE id = ?1",
        ] {
            conn.prepare_cached(sql)?.execute([person.as_bytes()])?;
        }
    }
    conn.execute("DELETE FROM tenants WHERE id = ?1", [id])?;
    Ok(routers)
}

#[cfg(test)]
mod tests {
    use crate::sqlite::{SqliteStore, export};
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    async fn names(sql: &'static str) -> BTreeSet<String> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("imsys.db")).unwrap();
        let read = move |conn: &Connection| {
            let names = conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>();
            Ok(names?)
        };
        store.db.read(read).await.unwrap()
    }

    #[tokio::test]
    async fn every_table_is_exported() {
        // What is in the journal is in the tables before they are exported; the evidence goes with services,
        // the words with sessions. Another store has a feed of its own; what was measured is on its way out.
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                   AND name NOT IN ('presence_journal', 'static_evidence', 'session_words', 'changes', 'feed', 'measured')";
        let all = names(sql).await;
        assert_eq!(all, export::TABLES.map(str::to_owned).into(), "a table is not exported, or is no more");
    }

    #[tokio::test]
    async fn every_table_with_rows_of_a_tenant_loses_them_with_it() {
        let of = |column: &str| {
            match column {
            "tenant" => "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'tenant'
                         WHERE t.type = 'table' AND t.name NOT IN ('logins', 'changes')",
            _ => "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'router'
                  WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'tenant')",
        }
        };
        assert_eq!(names(of("tenant")).await, super::OF_TENANT.map(str::to_owned).into());
        assert_eq!(names(of("router")).await, super::OF_ROUTERS.map(str::to_owned).into());
    }
}
