//! `/wireless-sensors`, `/wireless` and `/health`.

use super::reply::Reply;
use super::row::Row;
use super::state::State;
use serde_json::{Value, json};

/// Of 26.7.
const CLASSES: &[&str] = &[
    "ap-count",
    "capacity",
    "ccq",
    "cell",
    "channel",
    "clients",
    "distance",
    "error-rate",
    "error-ratio",
    "errors",
    "frequency",
    "mse",
    "noise-floor",
    "power",
    "quality",
    "rate",
    "rsrp",
    "rsrq",
    "rssi",
    "sinr",
    "snr",
    "sssp",
    "ssr",
    "utilization",
    "xpi",
];

/// Which list of sensors.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Health,
    Wireless,
}

pub(super) fn wireless(state: &State, key: &str, class: Option<&str>) -> Reply {
    if let Some(class) = class.filter(|class| !CLASSES.contains(class)) {
        return Reply::error(400, &format!("Invalid wireless sensor class '{class}'"));
    }
    let mut rows = rows(state, key, Kind::Wireless);
    rows.retain(|row| class.is_none_or(|class| row["sensor_class"] == class));
    rows.sort_by_key(|row| {
        ["sensor_class", "sensor_index", "sensor_descr"].map(|field| row[field].to_string())
    });
    if rows.is_empty() {
        return Reply::error(404, "No wireless sensors found");
    }
    Reply::counted("wireless_sensors", rows)
}

/// The classes of a device; none of one that is not there.
pub(super) fn classes(state: &State, key: &str, kind: Kind) -> Reply {
    let mut classes: Vec<String> = rows(state, key, kind)
        .iter()
        .filter_map(|row| row["sensor_class"].as_str().map(str::to_owned))
        .collect();
    classes.sort();
    classes.dedup();
    let graph =
        |class: &String| json!({ "desc": capital(class), "name": format!("{}{class}", prefix(kind)) });
    let mut graphs: Vec<Value> = classes.iter().map(graph).collect();
    if let (Kind::Health, Some((_, host))) = (kind, state.read(key)) {
        graphs.extend(host.pools.iter().map(|(name, title, _)| json!({ "desc": title, "name": name })));
    }
    Reply::counted("graphs", graphs)
}

/// The sensors of a class.
pub(super) fn of_class(state: &State, key: &str, kind: Kind, name: &str) -> Reply {
    if let Some((_, host)) = state.read(key)
        && let Some((_, _, rows)) = host.pools.iter().find(|(pool, _, _)| pool == name)
    {
        return Reply::counted("graphs", rows.clone());
    }
    let class = name.strip_prefix(prefix(kind)).unwrap_or_default();
    let mut rows = rows(state, key, kind);
    rows.retain(|row| row["sensor_class"] == class);
    rows.sort_by_key(|row| row["sensor_id"].as_u64());
    let short = |row: &Value| json!({ "sensor_id": row["sensor_id"], "desc": row["sensor_descr"] });
    Reply::counted("graphs", rows.iter().map(short).collect())
}

/// One sensor by its number, whosever it is.
pub(super) fn by_number(state: &State, kind: Kind, number: &str) -> Reply {
    let all = state.rows.values().flat_map(|row| of_row(state, row, kind));
    let number = number.parse::<u64>().ok();
    Reply::counted("graphs", all.filter(|row| row["sensor_id"].as_u64() == number).collect())
}

fn rows(state: &State, key: &str, kind: Kind) -> Vec<Value> {
    state.row(key).map(|row| of_row(state, row, kind)).unwrap_or_default()
}

fn of_row(state: &State, row: &Row, kind: Kind) -> Vec<Value> {
    let Some(host) = state.host(row).filter(|_| row.was_read) else { return Vec::new() };
    let rows = match kind {
        Kind::Health => &host.health,
        Kind::Wireless => &host.wireless,
    };
    let stamped = |sensor: &Value| {
        let mut sensor = sensor.clone();
        sensor["device_id"] = json!(row.number);
        sensor
    };
    rows.iter().map(stamped).collect()
}

const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Health => "device_",
        Kind::Wireless => "device_wireless_",
    }
}

/// With its first letter large.
fn capital(class: &str) -> String {
    let mut letters = class.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
