//! Sessions and events enter the indexes by the thousand (see `schema.sql`): a row is written with
//! `is_indexed = 0`, which no index of the searched columns holds, and indexed together with many others.
//! Whoever searches reads both: what is indexed through an index, the little that is not as it is.
//!
//! By name and MAC address sessions are found in two steps: `session_words` says which services ever had
//! it, and their sessions are looked through.

use super::row::collect;
use crate::port::Result;
use rusqlite::{Connection, ToSql, params};
use std::collections::BTreeSet;

/// Rows that may wait to be indexed: as many as are read in a millisecond or two.
const FRESH: i64 = 2048;
/// The same while reports come faster than they can be indexed by so few.
pub(super) const STORM: i64 = 8_192;

/// Files everything when there is much to file.
pub(crate) fn index_if_many(conn: &Connection) -> Result<()> {
    index_if(conn, FRESH)
}

/// Files everything when there is more than `many` of it.
pub(super) fn index_if(conn: &Connection, many: i64) -> Result<()> {
    let sql = "SELECT coalesce((SELECT max(n) FROM presence_events)
         - (SELECT rowid FROM presence_events WHERE is_indexed = 0 AND status IS NOT NULL ORDER BY is_indexed, rowid LIMIT 1), 0)";
    let fresh: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    if fresh < many { Ok(()) } else { index_all(conn) }
}

/// Files everything.
pub(crate) fn index_all(conn: &Connection) -> Result<()> {
    for sql in [
        "UPDATE presence_events SET is_indexed = 1 WHERE is_indexed = 0 AND status IS NOT NULL",
        "INSERT OR IGNORE INTO session_words (tenant, word, service)
           SELECT tenant, username, service FROM sessions WHERE is_indexed = 0
           UNION SELECT tenant, mac, service FROM sessions WHERE is_indexed = 0 AND mac IS NOT NULL",
        "UPDATE sessions SET is_indexed = 1 WHERE is_indexed = 0",
    ] {
        conn.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

/// Drops the sessions that match, and the words that no other session of theirs has; how many there were.
pub(super) fn drop_sessions(conn: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<usize> {
    let sql = format!("DELETE FROM sessions WHERE {which} RETURNING tenant, service, username, mac");
    let gone = collect(conn.prepare_cached(&sql)?.query(values)?, |row| {
        let (tenant, service): ([u8; 16], [u8; 16]) = (row.get(0)?, row.get(1)?);
        let words: [Option<String>; 2] = [row.get(2)?, row.get(3)?];
        Ok(words.into_iter().flatten().map(move |word| (tenant, service, word)))
    })?;
    let count = gone.len();
    let unused = "DELETE FROM session_words WHERE tenant = ?1 AND service = ?2 AND word = ?3 AND NOT EXISTS
        (SELECT 1 FROM sessions WHERE service = ?2 AND ?3 IN (username, mac) AND is_indexed = 1)";
    let mut unused = conn.prepare_cached(unused)?;
    for (tenant, service, word) in gone.into_iter().flatten().collect::<BTreeSet<_>>() {
        unused.execute(params![tenant, service, word])?;
    }
    Ok(count)
}

/// Reads as things stand at one moment: between two statements of their own, rows may be indexed, and would be
/// read twice or not at all.
pub(crate) fn at_one_moment<T>(conn: &Connection, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let moment = conn.unchecked_transaction()?;
    let done = read();
    moment.finish()?;
    done
}

/// These columns of the rows of `table` with `conditions`, indexed or not. Said twice, because an index of indexed
/// rows serves only who asks for indexed rows; and SQLite would look for the fresh ones among all.
pub(crate) fn both(columns: &str, table: &str, conditions: &str) -> String {
    let select = format!("SELECT {columns} FROM {table}");
    format!(
        "{select} WHERE {conditions} AND is_indexed = 1
         UNION ALL {select} INDEXED BY {table}_fresh WHERE {conditions} AND is_indexed = 0"
    )
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::super::db::Lane;
    use super::*;
    use crate::page::Ask;
    use crate::port::SessionFilter;
    use crate::suite::{Must, Town, at};
    use imsys_domain::RouterId;
    use imsys_domain::presence::{Endpoint, HookKey, Observation, Row, RowKey};
    use std::sync::Arc;

    const PHONE: &str = "02:00:00:00:00:01";
    const LAPTOP: &str = "02:00:00:00:00:02";

    struct Searched {
        store: Arc<SqliteStore>,
        town: Town,
        router: RouterId,
        _folder: tempfile::TempDir,
    }

    impl Searched {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Arc::new(SqliteStore::open(&folder.path().join("is_indexed.db")).unwrap());
            let town = Town::found(Arc::clone(&store) as Arc<dyn crate::port::Store>).await;
            let router = town.router("tower").await;
            for user in ["ana", "anabel", "bob"] {
                town.service(router, user).await;
            }
            Self { store, town, router, _folder: folder }
        }

        async fn tell(&self, user: &str, observation: Observation) {
            self.town.ours.apply_presence(self.router, user, observation).await.must();
        }

        /// A session of a minute.
        async fn session(&self, user: &str, mac: Option<&str>, minute: i64) {
            let key = || Some(HookKey(format!("*{minute}")));
            let endpoint = endpoint(mac, minute);
            self.tell(user, Observation::HookUp { at: at(minute * 60), key: key(), endpoint }).await;
            self.tell(user, Observation::HookDown { at: at(minute * 60 + 59), key: key() }).await;
        }

        async fn index(&self) {
            self.store.db.write(Lane::Bulk, super::index_all).await.must();
        }

        /// The minutes of the sessions that are found.
        async fn found(&self, q: &str) -> Vec<i64> {
            let ask = Ask { q: Some(q.into()), ..Ask::first(()) };
            let page = self.town.ours.sessions(SessionFilter::default(), ask).await.must();
            assert_eq!(page.total, page.items.len() as u64);
            page.items.iter().map(|session| session.started.since(at(0)) / 60_000).collect()
        }

        async fn words(&self) -> u64 {
            let count = |conn: &Connection| {
                Ok(conn.query_row("SELECT count(*) FROM session_words", [], |row| row.get(0))?)
            };
            self.store.db.read(count).await.must()
        }
    }

    fn endpoint(mac: Option<&str>, minute: i64) -> Endpoint {
        Endpoint { mac: mac.map(str::to_owned), address: Some(format!("10.0.0.{minute}")) }
    }

    #[tokio::test]
    async fn filed_sessions_are_found_as_fresh_ones_are() {
        let searched = Searched::new().await;
        for (user, mac, minute) in [("ana", Some(PHONE), 1), ("anabel", Some(LAPTOP), 2), ("bob", None, 3)] {
            searched.session(user, mac, minute).await;
        }
        let expected = [
            ("ana", vec![1, 2]),
            ("anab", vec![2]),
            ("bob", vec![3]),
            (PHONE, vec![1]),
            ("10.0.0.2", vec![2]),
            ("02:00:00:00:00:03", vec![]),
            ("c", vec![]),
        ];
        for is_indexed in [false, true] {
            for (q, minutes) in &expected {
                assert_eq!(searched.found(q).await, *minutes, "{q:?}, is_indexed: {is_indexed}");
            }
            searched.index().await;
        }
        searched.session("ana", Some(LAPTOP), 4).await;
        assert_eq!(searched.found(LAPTOP).await, [2, 4], "one is is_indexed, and one is not");
        assert_eq!(searched.found("ana").await, [1, 2, 4]);
    }

    #[tokio::test]
    async fn an_address_that_is_learnt_later_is_found_too() {
        let searched = Searched::new().await;
        let up =
            Observation::HookUp { at: at(60), key: Some(HookKey("*1".into())), endpoint: endpoint(None, 1) };
        searched.tell("ana", up).await;
        searched.index().await;
        let key = RowKey { id: "*1".into(), session: Some("1".into()) };
        let row = Row { key, endpoint: endpoint(Some(PHONE), 1), uptime: Some(5_000) };
        searched.tell("ana", Observation::RowSeen { at: at(65), row }).await;
        assert_eq!(searched.found(PHONE).await, [1]);
        searched.index().await;
        assert_eq!((searched.found(PHONE).await, searched.words().await), (vec![1], 2));
    }

    #[tokio::test]
    async fn words_go_with_the_last_session_that_has_them() {
        let searched = Searched::new().await;
        searched.session("ana", Some(PHONE), 1).await;
        searched.session("ana", Some(LAPTOP), 2).await;
        searched.session("bob", Some(PHONE), 3).await;
        searched.index().await;
        assert_eq!(searched.words().await, 5);
        for (minute, words) in [(1, 4), (2, 2), (3, 0)] {
            let begun = at(minute * 60).millis();
            let dropped = searched
                .store
                .db
                .write(Lane::Bulk, move |conn| drop_sessions(conn, "started = ?1", &[&begun]))
                .await;
            assert_eq!((dropped.must(), searched.words().await), (1, words));
            assert_eq!(searched.found(PHONE).await.contains(&3), minute < 3);
        }
    }
}
