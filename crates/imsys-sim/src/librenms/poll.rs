//! What the poller does.

use super::row::{Row, date};
use super::state::State;
use serde_json::{Value, json};

/// One round: everything that is not switched off is asked.
pub(super) fn poll(state: &mut State) {
    state.now += 60;
    let numbers: Vec<u64> = state.rows.keys().copied().collect();
    numbers.into_iter().for_each(|number| poll_one(state, number));
}

/// One device, unless it is switched off.
pub(super) fn poll_one(state: &mut State, number: u64) {
    let Some(mut row) = state.rows.get(&number).cloned().filter(|row| !row.is("disabled")) else { return };
    ask(state, &mut row);
    let found = state.host(&row).filter(|_| row.was_read).and_then(|host| host.location.clone());
    if let Some(place) = found.filter(|_| !row.is("override_sysLocation")) {
        row.location = Some((state.location(&place), place));
    }
    state.rows.insert(number, row);
}

fn ask(state: &State, row: &mut Row) {
    let now = json!(date(state.now));
    let at = row.asked_at();
    let host = at.as_ref().and_then(|at| state.hosts.get(at));
    row.was_polled = true;
    row.set("last_ping", now.clone());
    let Some(host) = host.filter(|host| host.answers_ping) else {
        row.set("status", json!(false));
        row.set("status_reason", json!("icmp"));
        return;
    };
    row.set("ip", json!(at));
    row.set("last_ping_timetaken", json!(0.032));
    let wants_snmp = !row.is("snmp_disable");
    if wants_snmp && (host.community.is_none() || host.community.as_deref() != row.text("community")) {
        row.set("status", json!(false));
        row.set("status_reason", json!("snmp"));
        return;
    }
    row.set("status", json!(true));
    row.set("status_reason", json!(""));
    row.set("last_polled", now.clone());
    row.set("last_polled_timetaken", json!(1.1));
    // What a PATCH that was no number left.
    if row.fields.get("port").and_then(Value::as_u64) == Some(0) {
        row.set("port", json!(161));
    }
    row.was_read = wants_snmp;
    if wants_snmp {
        row.set("last_discovered", now);
        for (field, value) in &host.found {
            row.set(field, value.clone());
        }
    }
}
