//! Pages: from a filter, an order and a cursor to one SELECT and one COUNT.
//!
//! Which index a list walks is said here and in its callers, not left to SQLite: its planner knows
//! neither how many rows match nor that only a page of them is wanted.

use super::row::collect;
use crate::page::{Ask, Cursor, Page, SortKey};
use crate::port::Result;
use imsys_domain::search;
use rusqlite::types::{ToSql, Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use std::cmp::Ordering;

/// A list in the making: `FROM` and conditions with their values, all joined by AND.
#[derive(Clone)]
pub(crate) struct Select {
    from: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

/// Rows of a list in its order, one more than a page where there is one more, and how many match.
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<(T, Cursor)>,
    pub(crate) total: u64,
}

impl<T> Listed<T> {
    /// Two lists of the same order as one.
    pub(crate) fn and<S>(mut self, other: Self, ask: &Ask<S>) -> Self {
        self.rows.extend(other.rows);
        self.rows.sort_unstable_by(|a, b| in_order(a, b, ask));
        Self { rows: self.rows, total: self.total + other.total }
    }

    /// The rows `found`, of which only those of the page are read.
    pub(crate) fn of<S>(
        conn: &Connection,
        from: &str,
        columns: &str,
        mut found: Vec<(i64, Cursor)>,
        ask: &Ask<S>,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Self> {
        let total = found.len() as u64;
        if let Some(cursor) = &ask.cursor {
            found.retain(|(_, at)| if ask.descending { at < cursor } else { at > cursor });
        }
        let most = ask.limit as usize + 1;
        if found.len() > most {
            found.select_nth_unstable_by(most, |a, b| in_order(a, b, ask));
            found.truncate(most);
        }
        found.sort_unstable_by(|a, b| in_order(a, b, ask));
        let mut statement = conn.prepare_cached(&format!("SELECT {columns} FROM {from} WHERE n = ?"))?;
        let rows = found.into_iter().map(|(n, at)| Ok((statement.query_row([n], |row| Ok(read(row)))??, at)));
        Ok(Self { rows: rows.collect::<Result<_>>()?, total })
    }

    /// The page that was asked for.
    pub(crate) fn page<S>(mut self, ask: &Ask<S>) -> Page<T> {
        let more = self.rows.len() > ask.limit as usize;
        self.rows.truncate(ask.limit as usize);
        let next = self.rows.last().filter(|_| more).map(|(_, cursor)| cursor.clone());
        Page { items: self.rows.into_iter().map(|(item, _)| item).collect(), next, total: self.total }
    }
}

fn in_order<S, T>((_, a): &(T, Cursor), (_, b): &(T, Cursor), ask: &Ask<S>) -> Ordering {
    if ask.descending { b.cmp(a) } else { a.cmp(b) }
}

impl Select {
    pub(crate) const fn from(from: &'static str) -> Self {
        Self { from, conditions: Vec::new(), values: Vec::new() }
    }

    /// Adds a condition with one `?`.
    pub(crate) fn and(self, condition: &str, value: impl Into<Value>) -> Self {
        self.and_all(condition, [value.into()])
    }

    /// Adds a condition with a `?` for each of the values.
    pub(crate) fn and_all(mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> Self {
        self.conditions.push(condition.into());
        self.values.extend(values);
        self
    }

    /// Adds a condition if there is a value.
    pub(crate) fn and_some(self, condition: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// Only what is archived, or only what is not.
    pub(crate) fn when_archived(self, is_archived: bool) -> Self {
        self.when(if is_archived { "archived > 0" } else { "archived = 0" })
    }

    /// Adds a condition that has no value.
    pub(crate) fn when(mut self, condition: &str) -> Self {
        self.conditions.push(condition.into());
        self
    }

    /// Everything that `q` asks for must occur in the column `search`.
    pub(crate) fn and_words(self, q: Option<&str>) -> Self {
        self.and_words_or(q, "")
    }

    /// The same, or else the condition `also` holds, where there is one.
    pub(crate) fn and_words_or(self, q: Option<&str>, also: &str) -> Self {
        let terms = search::terms(q.unwrap_or_default());
        let ways: Vec<_> =
            terms.iter().map(|term| vec!["search LIKE ? ESCAPE '\\'"; term.any.len()].join(" OR ")).collect();
        let Some(all) = (!ways.is_empty()).then(|| format!("({})", ways.join(") AND ("))) else {
            return self;
        };
        let patterns = terms.into_iter().flat_map(|term| term.any).map(|way| pattern(&way).into());
        let condition = if also.is_empty() { all } else { format!("(({all}) OR {also})") };
        self.and_all(&condition, patterns)
    }

    /// The page that `ask` describes: ordered by the column `sort`, then by `id`.
    pub(crate) fn page<S, T>(
        self,
        conn: &Connection,
        columns: &str,
        sort: &str,
        ask: &Ask<S>,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Page<T>> {
        Ok(self.list(conn, columns, sort, ask, "", read)?.page(ask))
    }

    /// The same, to be joined with others; `index` is the one to walk, or nothing.
    pub(crate) fn list<S, T>(
        &self,
        conn: &Connection,
        columns: &str,
        sort: &str,
        ask: &Ask<S>,
        index: &str,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Listed<T>> {
        let total = self.count(conn, index)?;
        if total == 0 {
            return Ok(Listed { rows: Vec::new(), total });
        }
        Ok(Listed { rows: self.rows(conn, columns, sort, ask, index, read)?, total })
    }

    /// The rows of a page, and one more.
    pub(crate) fn rows<S, T>(
        &self,
        conn: &Connection,
        columns: &str,
        sort: &str,
        ask: &Ask<S>,
        index: &str,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<(T, Cursor)>> {
        let (order, beyond) = if ask.descending { ("DESC", "<") } else { ("ASC", ">") };
        let mut conditions = self.conditions.clone();
        let mut values: Vec<&dyn ToSql> = self.values.iter().map(|value| value as &dyn ToSql).collect();
        if let Some(Cursor(mark, id)) = &ask.cursor {
            conditions.push(format!("({sort}, id) {beyond} (?, ?)"));
            values.push(match mark {
                SortKey::Text(text) => text,
                SortKey::Number(number) => number,
            });
            values.push(id);
        }
        let sql = format!(
            "SELECT {columns}, {sort}, id FROM {} {} WHERE {} ORDER BY {sort} {order}, id {order} LIMIT {}",
            self.from,
            by(index),
            conditions.join(" AND "),
            ask.limit + 1,
        );
        collect(conn.prepare_cached(&sql)?.query(&*values)?, |row| Ok((read(row)?, mark(row)?)))
    }

    /// An id of each row that matches.
    pub(crate) fn ids(&self, conn: &Connection, column: &str, index: &str) -> Result<Vec<[u8; 16]>> {
        let (from, index, conditions) = (self.from, by(index), self.conditions.join(" AND "));
        let sql = format!("SELECT {column} FROM {from} {index} WHERE {conditions}");
        collect(conn.prepare_cached(&sql)?.query(params_from_iter(&self.values))?, |row| Ok(row.get(0)?))
    }

    /// How many match.
    pub(crate) fn count(&self, conn: &Connection, index: &str) -> Result<u64> {
        let (from, index, conditions) = (self.from, by(index), self.conditions.join(" AND "));
        let sql = format!("SELECT COUNT(*) FROM {from} {index} WHERE {conditions}");
        Ok(conn.prepare_cached(&sql)?.query_row(params_from_iter(&self.values), |row| row.get(0))?)
    }

    /// Those of the rows `candidates` that match, each with its place in the order.
    pub(crate) fn among(
        &self,
        conn: &Connection,
        sort: &str,
        candidates: impl Iterator<Item = i64>,
    ) -> Result<Vec<(i64, Cursor)>> {
        let (from, conditions) = (self.from, self.conditions.join(" AND "));
        let sql = format!("SELECT {sort}, id FROM {from} WHERE {conditions} AND n = ?");
        let mut statement = conn.prepare_cached(&sql)?;
        let mut found = Vec::new();
        for n in candidates {
            let n_value = Value::Integer(n);
            let values = self.values.iter().chain([&n_value]);
            if let Some(row) = statement.query(params_from_iter(values))?.next()? {
                found.push((n, mark(row)?));
            }
        }
        Ok(found)
    }
}

/// What LIKE takes for a text with `part` in it.
fn pattern(part: &str) -> String {
    format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

fn by(index: &str) -> String {
    if index.is_empty() { String::new() } else { format!("INDEXED BY {index}") }
}

/// Of the last two columns.
fn mark(row: &Row<'_>) -> Result<Cursor> {
    let last = row.as_ref().column_count() - 1;
    let mark = match row.get_ref(last - 1)? {
        ValueRef::Text(text) => SortKey::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Integer(number) => SortKey::Number(number),
        _ => return Err(super::row::broken("sort_mark")),
    };
    Ok(Cursor(mark, row.get(last)?))
}
