//! `PATCH`, `DELETE` and `discover`.

use super::add::is_truthy;
use super::reply::Reply;
use super::state::State;
use serde_json::{Value, json};

/// Fields that are booleans.
const FLAGS: &[&str] =
    &["snmp_disable", "disabled", "ignore", "override_sysLocation", "disable_notify", "ignore_status"];

pub(super) fn patch(state: &mut State, key: &str, body: &[u8]) -> Reply {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let field = body.get("field").unwrap_or(&Value::Null);
    if !is_truthy(field) {
        return Reply::error(400, "Device field to patch has not been supplied");
    }
    let Some(number) = state.number(key) else {
        return Reply::error(404, &format!("Device {key} not found"));
    };
    let data = body.get("data").cloned().unwrap_or_default();
    let (fields, values) = match field {
        Value::Array(fields) => {
            let values = data.as_array().cloned().unwrap_or_default();
            if fields.len() != values.len() {
                let (fields, values) = (fields.len(), values.len());
                let text = format!(
                    "Device fields failed to be updated as the number of fields ({fields}) does not match the supplied \
                     data ({values})"
                );
                return Reply::error(500, &text);
            }
            (fields.clone(), values)
        }
        one => (vec![one.clone()], vec![data]),
    };
    let names: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
    if names.iter().any(|name| ["hostname", "device_id"].contains(name)) {
        return Reply::error(500, "Device field is not allowed to be updated");
    }
    if !state.faults.forgets_changes {
        for (name, value) in names.iter().zip(values) {
            set(state, number, name, value);
        }
    }
    let message = match field {
        Value::Array(_) => "Device fields have been updated".to_owned(),
        _ => format!("Device {} field has been updated", names.first().unwrap_or(&"")),
    };
    Reply::done(200, &message)
}

/// A field that there is not is set nowhere.
fn set(state: &mut State, number: u64, name: &str, value: Value) {
    if name == "location" {
        let place = value.as_str().unwrap_or_default().to_owned();
        let id = state.location(&place);
        if let Some(row) = state.rows.get_mut(&number) {
            row.location = Some((id, place));
        }
        return;
    }
    let Some(row) = state.rows.get_mut(&number) else { return };
    if !row.fields.contains_key(name) || name == "display" {
        return;
    }
    let value = match name {
        "port" => json!(value.as_u64().unwrap_or(0)),
        name if FLAGS.contains(&name) => json!(is_truthy(&value)),
        _ => value,
    };
    row.set(name, value);
}

pub(super) fn delete(state: &mut State, key: &str) -> Reply {
    let row = state.number(key).and_then(|number| state.rows.remove(&number));
    let Some(row) = row else { return Reply::error(404, &format!("Device {key} not found")) };
    for other in state.rows.values_mut() {
        other.parents.remove(&row.number);
    }
    let message = format!("Removed device {}\n", row.hostname());
    let body = json!({ "status": "ok", "devices": [row.removed()], "message": message, "count": 1 });
    Reply::json(200, &body)
}

/// The status says whether it had been discovered before.
pub(super) fn discover(state: &mut State, key: &str) -> Reply {
    let Some(number) = state.number(key) else {
        return Reply::error(404, &format!("Device {key} does not exist"));
    };
    let mut status = 0;
    if let Some(row) = state.rows.get_mut(&number) {
        status = u8::from(row.text("last_discovered").is_some());
        row.set("last_discovered", Value::Null);
    }
    let result = json!({ "status": status, "message": "Device will be rediscovered" });
    Reply::json(200, &json!({ "status": "ok", "result": result, "count": 2 }))
}

/// Answers with an empty page where it went well.
pub(super) fn rename(state: &mut State, key: &str, name: &str) -> Reply {
    let Some(number) = state.number(key) else { return Reply::error(404, "Existing device not found") };
    if state.number(name).is_some() {
        return Reply::error(500, "Device failed to be renamed");
    }
    if let Some(row) = state.rows.get_mut(&number) {
        row.set("hostname", json!(name));
    }
    Reply { status: 200, content_type: "text/html; charset=UTF-8", body: Vec::new(), location: None }
}
