//! `/devices/NAME/parents`.

use super::reply::Reply;
use super::state::State;
use serde_json::Value;
use std::collections::BTreeSet;

const CHECK: &str = "Check your parent and device IDs";

/// Replaces the set. Cycles are fine, an array is not.
pub(super) fn set(state: &mut State, key: &str, body: &[u8]) -> Reply {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let ids = match body.get("parent_ids") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(_)) => "Array".to_owned(),
        _ => String::new(),
    };
    let Some(child) = state.number(key) else { return Reply::error(400, CHECK) };
    let mut parents = BTreeSet::new();
    for id in ids.split(',').map(str::trim) {
        let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        match state.number(id) {
            Some(parent) if parent != child => parents.insert(parent),
            None if !is_number => {
                return Reply::error(400, &format!("Parent device IDs/Hostname does not exist: {id}"));
            }
            _ => return Reply::error(400, CHECK),
        };
    }
    if let Some(row) = state.rows.get_mut(&child) {
        row.parents = parents;
    }
    Reply::done(201, "Device dependencies have been saved")
}

/// All of them, or those that are named.
pub(super) fn delete(state: &mut State, key: &str, body: &[u8]) -> Reply {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(child) = state.number(key) else { return Reply::error(400, "Check your device ID!") };
    let named: Option<Vec<u64>> = body
        .get("parent_ids")
        .and_then(Value::as_str)
        .map(|ids| ids.split(',').filter_map(|id| state.number(id.trim())).collect());
    let Some(row) = state.rows.get_mut(&child) else { return Reply::error(400, CHECK) };
    let before = row.parents.len();
    match named {
        Some(named) => row.parents.retain(|parent| !named.contains(parent)),
        None => row.parents.clear(),
    }
    if row.parents.len() == before {
        return Reply::error(400, "Device dependency cannot be deleted check device and parents ids");
    }
    Reply::done(201, "All device dependencies have been removed")
}
