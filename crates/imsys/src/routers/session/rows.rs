//! From rows of `/ppp/active` to what the judge takes.

use imsys_domain::presence::{Endpoint, Row, RowKey};
use imsys_domain::service::USERNAME_MOST;
use routeros::menu::PppActive;
use std::collections::HashSet;

/// Most characters of a row's id, or of its session's.
const ID_MOST: usize = 64;

/// The rows as the judge takes them, and the users of whom there is a row that it cannot take: they are not offline
/// for that.
pub(crate) fn read_rows(table: Vec<PppActive>) -> (Vec<(String, Row)>, HashSet<String>) {
    let (mut rows, mut unread) = (Vec::with_capacity(table.len()), HashSet::new());
    for active in table {
        let name = active.name.clone();
        match row_of(active) {
            Some(row) => rows.push(row),
            None => {
                unread.insert(name.to_string());
            }
        }
    }
    (rows, unread)
}

/// A row as the judge takes it; `None` for one without id or name, or with one that is longer than any, which
/// cannot be anybody's.
pub(crate) fn row_of(active: PppActive) -> Option<(String, Row)> {
    let text =
        |text: &str, most: usize| Some(text.to_owned()).filter(|text| (1..=most).contains(&text.len()));
    let id = text(&active.id?.to_string(), ID_MOST)?;
    let key = RowKey { id, session: text(&active.session_id, ID_MOST) };
    let endpoint = Endpoint {
        mac: text(&active.caller_id, USERNAME_MOST),
        address: active.address.map(|a| a.to_string()),
    };
    let uptime = active.uptime.map(|uptime| i64::try_from(uptime.as_millis()).unwrap_or(i64::MAX));
    Some((text(&active.name, USERNAME_MOST)?, Row { key, endpoint, uptime }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_whose_row_cannot_be_taken_is_told_apart_from_one_without_a_row() {
        let row = |name: &str, id: Option<&str>| PppActive {
            name: name.into(),
            id: id.map(|id| routeros::value::parse(id.as_bytes()).unwrap()),
            ..PppActive::default()
        };
        let (rows, unread) = read_rows(vec![row("ana", Some("*1")), row("ben", None), row("", Some("*2"))]);
        assert_eq!(rows.iter().map(|(user, _)| user.as_str()).collect::<Vec<_>>(), ["ana"]);
        assert!(unread.contains("ben") && !unread.contains("ana"));
    }
}
