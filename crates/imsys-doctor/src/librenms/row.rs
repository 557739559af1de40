//! A device, in both shapes that LibreNMS has for it.
//!
//! Lists, and older servers everywhere, give 0 and 1, dates of the server's own time zone without saying which, and numbers
//! as text; a single device of newer ones has booleans and dates in UTC.

use super::call::CallError;
use imsys_domain::Timestamp;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::fmt;

/// What we read of a device. It holds the SNMP credentials for comparing: no `Debug`.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) hostname: String,
    pub(super) address: String,
    pub(super) display_template: Option<String>,
    pub(super) is_up: bool,
    pub(super) reason: String,
    pub(super) is_off: bool,
    pub(super) is_without_snmp: bool,
    pub(super) was_asked: bool,
    pub(super) checked: Option<Timestamp>,
    pub(super) latency_ms: Option<f64>,
    pub(super) place: Option<String>,
    pub(super) parents: Vec<String>,
    fields: Value,
}

impl Row {
    fn of(fields: &Value) -> Option<Self> {
        let at = |name: &str| fields.get(name).filter(|value| !value.is_null());
        let text = |name: &str| at(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let is = |name: &str| at(name).and_then(truth);
        let place = match at("location") {
            Some(Value::Object(location)) => location.get("location").and_then(Value::as_str),
            other => other.and_then(Value::as_str),
        };
        let seen = ["last_ping", "last_polled"];
        let parents = text("dependency_parent_hostname").unwrap_or_default().split(',');
        Some(Self {
            number: at("device_id").and_then(number)? as u64,
            hostname: text("hostname")?.to_owned(),
            address: text("overwrite_ip").unwrap_or_default().to_owned(),
            display_template: text("display_template").map(str::to_owned),
            is_up: is("status")?,
            reason: text("status_reason").unwrap_or_default().to_owned(),
            is_off: is("disabled").unwrap_or(false),
            is_without_snmp: is("snmp_disable").unwrap_or(false),
            was_asked: seen.iter().any(|name| at(name).is_some()),
            checked: seen.iter().filter_map(|name| at(name).and_then(time)).max(),
            latency_ms: at("last_ping_timetaken").and_then(number),
            place: place.map(str::to_owned),
            parents: parents.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            fields: fields.clone(),
        })
    }

    /// Of an element of a list that may be long: only what a list is read for is kept of it.
    pub(super) fn listed(listed: Listed) -> Result<Self, CallError> {
        Self::of(&Value::Object(listed.0)).ok_or(CallError::NotUnderstood)
    }

    /// Whether a field has this value, in either shape.
    pub(super) fn has(&self, name: &str, wanted: &Value) -> bool {
        let found = self.fields.get(name).unwrap_or(&Value::Null);
        match (truth(wanted), truth(found)) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => found == wanted,
        }
    }
}

/// What long lists are read for: a device has fifty fields, and a server tens of thousands of devices.
const LISTED: &[&str] = &[
    "device_id",
    "hostname",
    "status",
    "status_reason",
    "disabled",
    "snmp_disable",
    "last_ping",
    "last_polled",
    "last_ping_timetaken",
];

/// A long list of devices.
#[derive(Deserialize)]
pub(super) struct Devices {
    pub(super) devices: Vec<Listed>,
}

/// An element of it.
pub(super) struct Listed(Map<String, Value>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Listing)
    }
}

struct Listing;

impl<'de> Visitor<'de> for Listing {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a device")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Listed, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if LISTED.contains(&name.as_str()) {
                kept.insert(name, fields.next_value()?);
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Listed(kept))
    }
}

/// The rows of `devices`; those that are no devices are an error, as nothing can be said of them.
pub(super) fn rows(answer: &Value) -> Result<Vec<Row>, CallError> {
    let list = answer.get("devices").and_then(Value::as_array).ok_or(CallError::NotUnderstood)?;
    list.iter().map(|fields| Row::of(fields).ok_or(CallError::NotUnderstood)).collect()
}

/// A boolean, 0 or 1, or either as text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is) => Some(*is),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.as_str() {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        },
        _ => None,
    }
}

/// A number, or one as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// A date that says its zone. One that does not could be hours off, and is no date to us.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_shapes_are_the_same_device() {
        let single = json!({ "devices": [{
            "device_id": 2, "hostname": "a", "status": true, "status_reason": "", "snmp_disable": true, "disabled": false,
            "last_polled": "2026-11-23T17:09:17.000000Z", "last_ping": "2026-11-23T17:09:18.000000Z",
            "last_ping_timetaken": 0.032, "location": { "id": 4, "location": "Tower A" }, "overwrite_ip": "10.0.0.1",
        }] });
        let list = json!({ "devices": [{
            "device_id": "2", "hostname": "a", "status": 1, "status_reason": "", "snmp_disable": "1", "disabled": 0,
            "last_polled": "2026-11-23 17:09:17", "last_ping": "2026-11-23 17:09:18",
            "last_ping_timetaken": "0.032", "location": "Tower A", "overwrite_ip": "10.0.0.1",
            "dependency_parent_hostname": "b, c",
        }] });
        for answer in [&single, &list] {
            let row = rows(answer).unwrap().pop().unwrap();
            assert_eq!((row.number, row.hostname.as_str(), row.address.as_str()), (2, "a", "10.0.0.1"));
            assert!(row.is_up && row.is_without_snmp && !row.is_off && row.was_asked);
            assert_eq!((row.latency_ms, row.place.as_deref()), (Some(0.032), Some("Tower A")));
            assert!(row.has("snmp_disable", &json!(1)) && row.has("snmp_disable", &json!(true)));
            assert!(!row.has("snmp_disable", &json!(0)) && row.has("authname", &Value::Null));
        }
        let [single, list] = [single, list].map(|answer| rows(&answer).unwrap().pop().unwrap());
        assert_eq!(single.checked, Some(Timestamp(1_795_453_758_000)));
        assert_eq!(list.checked, None, "a date without a zone is none");
        assert_eq!(list.parents, ["b", "c"]);
    }

    #[test]
    fn of_a_long_list_only_what_is_needed_is_kept() {
        let text = r#"{"status":"ok","count":1,"devices":[{"device_id":2,"hostname":"a","status":1,"community":"secret",
            "location":{"id":4},"notes":["x"]}]}"#;
        let mut list: Devices = serde_json::from_str(text).unwrap();
        let row = Row::listed(list.devices.pop().unwrap()).unwrap();
        assert_eq!((row.hostname.as_str(), row.is_up), ("a", true));
        assert_eq!(row.fields, json!({ "device_id": 2, "hostname": "a", "status": 1 }));
        assert!(serde_json::from_str::<Devices>(r#"{"devices":[7]}"#).is_err());
    }

    #[test]
    fn a_new_device_was_not_asked() {
        let row = json!({ "devices": [{ "device_id": 2, "hostname": "a", "status": 0, "last_polled": null, "last_ping": null }] });
        assert!(!rows(&row).unwrap()[0].was_asked);
    }

    #[test]
    fn what_is_no_device_is_an_error() {
        for answer in
            [json!({}), json!({ "devices": 1 }), json!({ "devices": [{}] }), json!({ "devices": [7] })]
        {
            assert_eq!(rows(&answer).err(), Some(CallError::NotUnderstood), "{answer}");
        }
    }
}
