//! `POST /devices`.

use super::reply::Reply;
use super::row::{Row, resolve};
use super::state::State;
use serde_json::{Map, Value, json};

/// Fields that are taken as they come.
const TAKEN: &[&str] = &[
    "overwrite_ip",
    "display_template",
    "os",
    "hardware",
    "sysName",
    "community",
    "port",
    "transport",
    "authlevel",
    "authname",
    "authpass",
    "authalgo",
    "cryptopass",
    "cryptoalgo",
];
/// What a device has that was asked before it was put in.
const ASKED: &[&str] = &["authlevel", "authname", "authalgo", "cryptopass", "cryptoalgo"];

/// A device that may be put in.
#[derive(Debug)]
pub(super) struct Accepted {
    body: Map<String, Value>,
    hostname: String,
    is_ping_only: bool,
    is_asked: bool,
}

/// Everything that is looked at before. A device that was put in after this and before [`put_in`] is not seen.
pub(super) fn look(state: &State, body: &[u8]) -> Result<Accepted, Reply> {
    let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
    let body = match parsed {
        Value::Object(body) if !body.is_empty() => body,
        Value::Array(list) if !list.is_empty() => Map::new(),
        _ => return Err(Reply::error(400, "No information has been provided to add this new device")),
    };
    let hostname = match body.get("hostname") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(_)) => return Err(Reply::bare(500, "Server Error")),
        _ => return Err(Reply::error(400, "Missing the device hostname")),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
    if !hostname.bytes().all(is_name) {
        return Err(Reply::error(400, &format!("Invalid hostname or IP: {hostname}")));
    }
    let has = |field: &str| body.get(field).is_some_and(is_truthy);
    let (is_off, is_forced) = (has("snmp_disable"), has("force_add"));
    if is_forced && !is_off && !has("version") && !has("community") {
        return Err(Reply::error(400, "SNMP information is required when force adding a device"));
    }
    let mut accepted = Accepted { hostname, is_ping_only: is_off, is_asked: !is_forced, body };
    if state.number(&accepted.hostname).is_some_and(|_| state.rows.values().any(|row| same(row, &accepted))) {
        return Err(Reply::error(500, &format!("Device {} already exists", accepted.hostname)));
    }
    if !is_forced {
        ask(state, &mut accepted)?;
    }
    Ok(accepted)
}

fn same(row: &Row, accepted: &Accepted) -> bool {
    row.hostname().eq_ignore_ascii_case(&accepted.hostname)
}

/// What is asked unless it is forced.
fn ask(state: &State, accepted: &mut Accepted) -> Result<(), Reply> {
    let name = accepted.hostname.clone();
    let overwritten = accepted.body.get("overwrite_ip").and_then(Value::as_str).map(str::to_owned);
    let Some(address) = overwritten.or_else(|| resolve(&name)) else {
        return Err(Reply::error(500, &format!("Could not ping {name} (Hostname did not resolve to IP)")));
    };
    let knows = |row: &&Row| {
        let more = state.read(row.hostname()).map(|(_, host)| host.addresses.contains(&address));
        row.text("ip") == Some(&address) || more == Some(true)
    };
    if let Some(row) = state.rows.values().find(knows) {
        let other = row.hostname();
        let text = format!("Cannot add {name}, already have device {other} with this IP {address}");
        return Err(Reply::error(500, &text));
    }
    let host = state.hosts.get(&address);
    if !host.is_some_and(|host| host.answers_ping) {
        return Err(Reply::error(500, &format!("Could not ping {name} ({address})")));
    }
    if accepted.is_ping_only {
        return Ok(());
    }
    let text = |field: &str| accepted.body.get(field).and_then(Value::as_str);
    if let Some(version) = text("version").filter(|version| !["v1", "v2c", "v3"].contains(version)) {
        let text = format!("Unsupported SNMP Version \"{version}\", must be v1, v2c, or v3");
        return Err(Reply::error(500, &text));
    }
    let answers =
        host.filter(|host| host.community.is_some() && host.community.as_deref() == text("community"));
    let Some(host) = answers else {
        if accepted.body.get("ping_fallback").is_some_and(is_truthy) {
            accepted.is_ping_only = true;
            accepted.body.insert("community".into(), json!("public"));
            return Ok(());
        }
        let text =
            format!("Could not connect to {name}, please check the snmp details and snmp reachability");
        return Err(Reply::error(500, &text));
    };
    let named = host.found.get("sysName").and_then(Value::as_str);
    if let Some(named) =
        named.filter(|named| state.rows.values().any(|row| row.text("sysName") == Some(*named)))
    {
        let text = format!("Already have device {name} due to duplicate sysName: {named}");
        return Err(Reply::error(500, &text));
    }
    Ok(())
}

/// Puts it in and answers with the fields that were set.
pub(super) fn put_in(state: &mut State, accepted: &Accepted) -> Reply {
    state.last_number += 1;
    let number = state.last_number;
    let Accepted { body, hostname, is_ping_only, is_asked } = accepted;
    let mut row = Row::new(number, hostname, state.now);
    let mut shown: Map<String, Value> = Map::new();
    let mut set = |row: &mut Row, field: &str, value: Value| {
        row.set(field, value.clone());
        shown.insert(field.to_owned(), value);
    };
    for (field, value) in [("port", json!(161)), ("transport", json!("udp")), ("poller_group", json!(0))] {
        set(&mut row, field, value);
    }
    for (field, value) in [("status_reason", json!("")), ("port_association_mode", json!(1))] {
        set(&mut row, field, value);
    }
    let name = if hostname.eq_ignore_ascii_case("localhost") { "localhost" } else { hostname };
    set(&mut row, "sysName", json!(name));
    set(&mut row, "os", json!(if *is_ping_only { "ping" } else { "generic" }));
    if *is_ping_only {
        set(&mut row, "snmp_disable", json!(true));
        if !body.contains_key("ping_fallback") {
            set(&mut row, "hardware", json!(""));
        }
    }
    if let Some(version) = body.get("version") {
        set(&mut row, "snmpver", version.clone());
    }
    if *is_asked {
        for field in ASKED {
            set(&mut row, field, Value::Null);
        }
    }
    for field in TAKEN {
        if let Some(value) = body.get(*field) {
            set(&mut row, field, value.clone());
        }
    }
    if let Some(host) =
        row.asked_at().and_then(|at| state.hosts.get(&at)).filter(|_| *is_asked && !is_ping_only)
    {
        for (field, value) in host.found.iter().filter(|(field, _)| FOUND.contains(&field.as_str())) {
            set(&mut row, field, value.clone());
        }
    }
    if let Some(place) = body.get("location").and_then(Value::as_str) {
        let id = state.location(place);
        row.location = Some((id, place.to_owned()));
        shown.insert("location_id".into(), json!(id));
    }
    if body.get("override_sysLocation").is_some_and(is_truthy) {
        row.set("override_sysLocation", json!(true));
        shown.insert("override_sysLocation".into(), json!(true));
    }
    shown.insert("hostname".into(), json!(hostname));
    shown.insert("display".into(), json!(row.display()));
    shown.insert("device_id".into(), json!(number));
    state.rows.insert(number, row);
    let message = format!("Device {hostname} ({number}) has been added successfully");
    Reply::json(200, &json!({ "status": "ok", "devices": [shown], "message": message, "count": 1 }))
}

/// What is found by the first questions; discovery finds the rest.
const FOUND: &[&str] = &["sysName", "sysDescr", "sysObjectID", "os"];

/// As PHP sees it: `"false"` is true.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "0",
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}
