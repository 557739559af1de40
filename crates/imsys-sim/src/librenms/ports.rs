//! `/devices/NAME/ports`.

use super::reply::Reply;
use super::state::State;
use serde_json::{Map, Value, json};

/// The columns that can be asked for, of those that are played.
const COLUMNS: &[&str] = &[
    "device_id",
    "port_id",
    "ifIndex",
    "ifName",
    "ifAlias",
    "ifOperStatus",
    "ifAdminStatus",
    "ifSpeed",
    "ifInOctets_rate",
    "ifOutOctets_rate",
    "ifInErrors_rate",
    "ifPhysAddress",
    "ifType",
    "poll_time",
];

/// Names alone unless columns are asked for.
pub(super) fn list(state: &State, key: &str, columns: Option<&str>) -> Reply {
    let columns: Vec<&str> = columns.unwrap_or("ifName").split(',').collect();
    let odd: Vec<&str> = columns.iter().copied().filter(|column| !COLUMNS.contains(column)).collect();
    if !odd.is_empty() {
        return Reply::error(400, &format!("Invalid columns: {}", odd.join(", ")));
    }
    let Some((row, host)) = state.read(key).filter(|(_, host)| !host.ports.is_empty()) else {
        return Reply::error(404, "No ports found");
    };
    let cut = |port: &Value| {
        let value = |column: &&str| match *column {
            "device_id" => json!(row.number),
            column => port[column].clone(),
        };
        let fields: Map<_, _> = columns.iter().map(|column| ((*column).to_owned(), value(column))).collect();
        Value::Object(fields)
    };
    Reply::ok("ports", Value::Array(host.ports.iter().map(cut).collect()))
}
