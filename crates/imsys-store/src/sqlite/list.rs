//! Pages: from a filter, an order and a cursor to one SELECT and one COUNT.

use super::row::collect;
use crate::page::{Ask, Cursor, Mark, Page};
use crate::port::Result;
use imsys_domain::text::search_key;
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, Row, params_from_iter};

/// A list in the making: `FROM` and conditions with their values, all joined by AND.
pub(crate) struct Select {
    from: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Select {
    pub(crate) const fn from(from: &'static str) -> Self {
        Self { from, conditions: Vec::new(), values: Vec::new() }
    }

    /// Adds a condition with one `?`.
    pub(crate) fn and(mut self, condition: &str, value: impl Into<Value>) -> Self {
        self.conditions.push(condition.into());
        self.values.push(value.into());
        self
    }

    /// Adds a condition if there is a value.
    pub(crate) fn and_some(self, condition: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// Every word of `q` must occur in the column `search`. Words of three and more characters are
    /// looked up in the trigram index `words`, where there is one.
    pub(crate) fn and_words(mut self, q: Option<&str>, words: Option<&'static str>) -> Self {
        let key = search_key(q);
        for word in key.split(' ').filter(|w| !w.is_empty()) {
            let pattern = format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            let plain = !word.contains(['%', '_', '\\']);
            self = match words.filter(|_| plain && word.chars().count() >= 3) {
                Some(table) => {
                    self.and(&format!("n IN (SELECT rowid FROM {table} WHERE search LIKE ?)"), pattern)
                }
                None => self.and("search LIKE ? ESCAPE '\\'", pattern),
            };
        }
        self
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
        let total = self.count(conn)?;
        let (order, beyond) = if ask.descending { ("DESC", "<") } else { ("ASC", ">") };
        let mut select = self;
        if let Some(Cursor(mark, id)) = &ask.cursor {
            select.conditions.push(format!("({sort}, id) {beyond} (?, ?)"));
            select.values.push(match mark {
                Mark::Text(text) => Value::Text(text.clone()),
                Mark::Number(number) => Value::Integer(*number),
            });
            select.values.push(Value::Blob(id.to_vec()));
        }
        let sql = format!(
            "SELECT {columns}, {sort} AS sort_mark, id AS sort_id FROM {} WHERE {} ORDER BY {sort} {order}, id {order} LIMIT {}",
            select.from,
            select.conditions.join(" AND "),
            ask.limit + 1,
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query(params_from_iter(select.values.iter().map(|v| v as &dyn ToSql)))?;
        let mut items = collect(rows, |row| Ok((read(row)?, mark(row)?)))?;
        let more = items.len() > ask.limit as usize;
        items.truncate(ask.limit as usize);
        let next = items.last().filter(|_| more).map(|(_, cursor)| cursor.clone());
        Ok(Page { items: items.into_iter().map(|(item, _)| item).collect(), next, total })
    }

    fn count(&self, conn: &Connection) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) FROM {} WHERE {}", self.from, self.conditions.join(" AND "));
        Ok(conn.prepare_cached(&sql)?.query_row(params_from_iter(&self.values), |row| row.get(0))?)
    }
}

fn mark(row: &Row<'_>) -> Result<Cursor> {
    let mark = match row.get::<_, Value>("sort_mark")? {
        Value::Text(text) => Mark::Text(text),
        Value::Integer(number) => Mark::Number(number),
        _ => return Err(super::row::broken("sort_mark")),
    };
    Ok(Cursor(mark, row.get("sort_id")?))
}
