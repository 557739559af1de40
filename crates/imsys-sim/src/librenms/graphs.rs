//! Graphs: which there are, and pictures of one pixel.

use super::host::Host;
use super::reply::Reply;
use super::state::State;
use serde_json::{Value, json};

/// Of every device, and of none.
const ALWAYS: &[(&str, &str)] =
    &[("device_poller_perf", "Poller Time"), ("device_icmp_perf", "Ping Response")];
/// That are drawn for every device that was polled.
const DRAWN: &[&str] = &["device_poller_perf", "device_icmp_perf", "device_ping_perf", "device_availability"];
/// That there are, and that need what SNMP tells.
const OTHER: &[&str] = &["device_uptime", "device_bits"];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
                     \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
const SVG: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                     <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>\n";

pub(super) fn list(state: &State, key: &str) -> Reply {
    let graph = |name: &str, title: &str| json!({ "desc": title, "name": name });
    let mut graphs: Vec<Value> = ALWAYS.iter().map(|(name, title)| graph(name, title)).collect();
    if let Some((_, host)) = state.read(key) {
        graphs.extend(host.graphs.iter().map(|(name, title)| graph(name, title)));
    }
    Reply::counted("graphs", graphs)
}

/// One of the device's own.
pub(super) fn one(state: &State, key: &str, name: &str, format: Option<&str>) -> Reply {
    let named = |(graph, _): &(String, String)| graph == name;
    let has = |host: &Host| host.graphs.iter().any(named) || name == "device_bits" && !host.ports.is_empty();
    let is_read = state.read(key).is_some_and(|(_, host)| has(host));
    if !DRAWN.contains(&name) && !OTHER.contains(&name) && !is_read {
        return Reply::error(500, &format!("{name} template missing"));
    }
    let is_polled = state.row(key).is_some_and(|row| row.was_polled);
    if is_read || is_polled && DRAWN.contains(&name) {
        return draw(format);
    }
    let file = name.trim_start_matches("device_").replace('_', "-");
    match state.row(key).filter(|_| OTHER.contains(&name)) {
        Some(row) => {
            let path = format!("/opt/librenms/rrd/{}/{file}.rrd", row.hostname());
            Reply::error(500, &format!("Error: opening '{path}': No such file or directory"))
        }
        None => Reply::error(500, &format!("No Data file{file}.rrd")),
    }
}

/// One of its sensors: there is a file for each class that was read.
pub(super) fn of_sensors(state: &State, key: &str, name: &str, format: Option<&str>) -> Reply {
    let Some((_, host)) = state.read(key) else { return Reply::error(500, "No Data file") };
    let class = |row: &Value| row["sensor_class"].as_str().unwrap_or_default().to_owned();
    let is_wireless = host.wireless.iter().any(|row| name == format!("device_wireless_{}", class(row)));
    let is_health = host.health.iter().any(|row| name == format!("device_{}", class(row)));
    let is_pool = host.pools.iter().any(|(pool, _, _)| pool == name);
    if is_wireless || is_health || is_pool { draw(format) } else { Reply::error(500, "No Data file") }
}

fn draw(format: Option<&str>) -> Reply {
    match format {
        Some("png") => Reply::picture("image/png", PNG),
        _ => Reply::picture("image/svg+xml", SVG),
    }
}
