//! A device that it watches, in both shapes.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Booleans, which are 0 and 1 in lists.
const FLAGS: &[&str] = &[
    "status",
    "snmp_disable",
    "ignore",
    "disabled",
    "override_sysLocation",
    "disable_notify",
    "ignore_status",
    "mtu_status",
];
/// What a new device does not have.
const NULL: &[&str] = &[
    "display_template",
    "ip",
    "overwrite_ip",
    "community",
    "authlevel",
    "authname",
    "authpass",
    "authalgo",
    "cryptopass",
    "cryptoalgo",
    "timeout",
    "retries",
    "bgpLocalAs",
    "sysObjectID",
    "snmpEngineID",
    "sysDescr",
    "sysContact",
    "version",
    "hardware",
    "features",
    "uptime",
    "last_polled",
    "last_poll_attempted",
    "last_polled_timetaken",
    "last_discovered_timetaken",
    "last_discovered",
    "last_ping",
    "last_ping_timetaken",
    "purpose",
    "serial",
    "icon",
    "notes",
];
const DATES: &[&str] = &["inserted", "last_polled", "last_discovered", "last_ping"];

/// One device.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) number: u64,
    /// As in the single shape, without what [`Self::single`] adds.
    pub(super) fields: Map<String, Value>,
    pub(super) location: Option<(u64, String)>,
    pub(super) parents: BTreeSet<u64>,
    /// Whether it was read by SNMP since it was added.
    pub(super) was_read: bool,
    /// Whether it was polled at all, so that there are files for its graphs.
    pub(super) was_polled: bool,
}

impl Row {
    pub(super) fn new(number: u64, hostname: &str, now: i64) -> Self {
        let set = json!({
            "device_id": number, "inserted": date(now), "hostname": hostname, "sysName": hostname, "snmpver": "v2c",
            "port": 161, "transport": "udp", "os": "generic", "status_reason": "", "agent_uptime": 0, "type": "",
            "poller_group": 0, "port_association_mode": 1, "max_depth": 0,
        });
        let mut fields = set.as_object().cloned().unwrap_or_default();
        fields.extend(NULL.iter().map(|name| ((*name).to_owned(), Value::Null)));
        fields.extend(FLAGS.iter().map(|name| ((*name).to_owned(), json!(*name == "mtu_status"))));
        let (location, parents) = (None, BTreeSet::new());
        Self { number, fields, location, parents, was_read: false, was_polled: false }
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn is(&self, field: &str) -> bool {
        self.fields.get(field).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn set(&mut self, field: &str, value: Value) {
        self.fields.insert(field.to_owned(), value);
    }

    pub(super) fn hostname(&self) -> &str {
        self.text("hostname").unwrap_or_default()
    }

    /// Where it is asked; a name that does not resolve is nowhere.
    pub(super) fn asked_at(&self) -> Option<String> {
        self.text("overwrite_ip").map(str::to_owned).or_else(|| resolve(self.hostname()))
    }

    /// What people see: its template, or its name.
    pub(super) fn display(&self) -> String {
        let template = self.text("display_template").unwrap_or("{{ $hostname }}");
        template
            .replace("{{ $hostname }}", self.hostname())
            .replace("{{ $sysName }}", self.text("sysName").unwrap_or_default())
    }

    /// As `/devices/NAME` shows it.
    pub(super) fn single(&self) -> Value {
        let mut fields = self.fields.clone();
        let icon = icon(self.text("os").unwrap_or("generic"));
        fields.insert("icon".into(), json!(format!("images/os/{icon}.svg")));
        fields.insert("display".into(), json!(self.display()));
        fields.insert("location_id".into(), json!(self.location.as_ref().map(|(id, _)| id)));
        let location = self.location.as_ref().map(|(id, name)| {
            json!({ "id": id, "location": name, "lat": null, "lng": null, "timestamp": date(0), "fixed_coordinates": false })
        });
        fields.insert("location".into(), location.unwrap_or_default());
        fields.insert("lat".into(), Value::Null);
        fields.insert("lng".into(), Value::Null);
        Value::Object(fields)
    }

    /// As it is shown when it was removed.
    pub(super) fn removed(&self) -> Value {
        let mut fields = self.single();
        if let Some(fields) = fields.as_object_mut() {
            fields.retain(|name, _| !["location", "lat", "lng"].contains(&name.as_str()));
        }
        fields
    }

    /// As `/devices` shows it; `parents` are its parents' names.
    pub(super) fn listed(&self, parents: &[String]) -> Value {
        let mut fields = self.fields.clone();
        for flag in FLAGS {
            let is = fields.get(*flag).and_then(Value::as_bool).unwrap_or(false);
            fields.insert((*flag).into(), json!(u8::from(is)));
        }
        for name in DATES {
            if let Some(text) = fields.get(*name).and_then(Value::as_str) {
                let local = text.replace('T', " ").chars().take(19).collect::<String>();
                fields.insert((*name).into(), json!(local));
            }
        }
        if fields.get("ip").is_some_and(Value::is_null) {
            fields.insert("ip".into(), json!(""));
        }
        fields.insert("display".into(), json!(self.display()));
        fields.insert("location_id".into(), json!(self.location.as_ref().map(|(id, _)| id)));
        fields.insert("location".into(), json!(self.location.as_ref().map(|(_, name)| name)));
        let ids: Vec<_> = self.parents.iter().map(u64::to_string).collect();
        let joined = |list: &[String]| if list.is_empty() { Value::Null } else { json!(list.join(",")) };
        fields.insert("dependency_parent_id".into(), joined(&ids));
        fields.insert("dependency_parent_hostname".into(), joined(parents));
        fields.insert("lat".into(), Value::Null);
        fields.insert("lng".into(), Value::Null);
        Value::Object(fields)
    }
}

/// The maker's picture of an OS.
fn icon(os: &str) -> &str {
    match os {
        "airos" => "ubiquiti",
        "epmp" => "cambium",
        "routeros" => "mikrotik",
        os => os,
    }
}

/// As single devices have dates.
pub(super) fn date(seconds: i64) -> String {
    let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    let text = at.to_string();
    format!("{}.000000Z", text.trim_end_matches('Z'))
}

/// The address of a name: itself, or that of `localhost`. There is no other name.
pub(super) fn resolve(name: &str) -> Option<String> {
    if name.eq_ignore_ascii_case("localhost") {
        return Some("127.0.0.1".into());
    }
    if let Ok(number) = name.parse::<u32>() {
        return Some(std::net::Ipv4Addr::from(number).to_string());
    }
    name.parse::<std::net::IpAddr>().ok().map(|ip| ip.to_string())
}
