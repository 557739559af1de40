//! `GET /devices` and `GET /devices/NAME`.

use super::reply::Reply;
use super::row::Row;
use super::state::State;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn one(state: &State, key: &str) -> Reply {
    let Some(row) = state.row(key) else { return Reply::error(404, &format!("Device {key} does not exist")) };
    let shown = if state.faults.is_old { listed(state, row) } else { row.single() };
    Reply::counted("devices", vec![shown])
}

/// A type that there is not lists every device. Of several rows of one name the first is shown.
pub(super) fn list(state: &State, kind: Option<&str>, query: &str, order: Option<&str>) -> Reply {
    let is_up = |row: &Row| row.is("status");
    let is_wanted = |row: &&Row| match kind {
        Some("up") => is_up(row) && !row.is("disabled"),
        Some("down") => !is_up(row) && !row.is("disabled"),
        Some("disabled") => row.is("disabled"),
        Some("hostname") => row.hostname().eq_ignore_ascii_case(query),
        Some("os" | "type") => row.text(kind.unwrap_or_default()) == Some(query),
        // Of the addresses on its ports, not of that at which it is asked.
        Some("ipv4") => {
            state.read(row.hostname()).is_some_and(|(_, host)| host.addresses.iter().any(|at| at == query))
        }
        _ => true,
    };
    let mut rows: Vec<&Row> = state.rows.values().filter(is_wanted).collect();
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.hostname().to_ascii_lowercase()));
    // The database sorts signs before digits.
    rows.sort_by_key(|row| row.hostname().to_ascii_lowercase().replace(':', " "));
    if order == Some("hostname desc") {
        rows.reverse();
    }
    Reply::counted("devices", rows.into_iter().map(|row| listed(state, row)).collect())
}

fn listed(state: &State, row: &Row) -> Value {
    let name = |parent: &u64| state.rows.get(parent).map(|row| row.hostname().to_owned());
    let parents: Vec<_> = row.parents.iter().filter_map(name).collect();
    row.listed(&parents)
}
