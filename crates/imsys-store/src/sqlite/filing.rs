//! Sessions and events enter the indexes by the thousand (see `schema.sql`): a row is written with
//! `filed = 0`, which no index of the searched columns holds, and filed together with many others.
//! Whoever searches reads both: what is filed through an index, the little that is not as it is.

use crate::port::Result;
use rusqlite::Connection;

/// Rows that may wait to be filed: as many as are read in a millisecond or two.
const FRESH: i64 = 2048;

/// Files everything when there is much to file.
pub(crate) fn file_if_many(conn: &Connection) -> Result<()> {
    let sql = "SELECT coalesce((SELECT max(n) FROM presence_events)
         - (SELECT rowid FROM presence_events WHERE filed = 0 AND status IS NOT NULL ORDER BY filed, rowid LIMIT 1), 0)";
    let fresh: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    if fresh < FRESH { Ok(()) } else { file(conn) }
}

/// Files everything.
pub(crate) fn file(conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE presence_events SET filed = 1 WHERE filed = 0 AND status IS NOT NULL")?
        .execute([])?;
    conn.prepare_cached("UPDATE sessions SET filed = 1 WHERE filed = 0")?.execute([])?;
    Ok(())
}

/// Reads as things stand at one moment: between two statements of their own, rows may be filed, and would be
/// read twice or not at all.
pub(crate) fn at_one_moment<T>(conn: &Connection, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let moment = conn.unchecked_transaction()?;
    let done = read();
    moment.finish()?;
    done
}

/// `select` over rows with `conditions`, filed or not. Said twice, because an index of filed rows serves
/// only who asks for filed rows.
pub(crate) fn both(select: &str, conditions: &str) -> String {
    format!("{select} WHERE {conditions} AND filed = 1 UNION ALL {select} WHERE {conditions} AND filed = 0")
}
