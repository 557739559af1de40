//! How devices are doing.

use super::call::{Call, LIST};
use super::row::{Devices, Row};
use super::{LibreNms, label};
use crate::port::{Condition, DownBy, Health, Result, SnmpState, UnknownBy};
use hyper::Method;
use imsys_domain::DeviceId;
use std::collections::HashMap;

/// For more devices the list of all is asked for once.
const SINGLY: usize = 4;

impl LibreNms {
    pub(super) async fn health_of(&self, devices: &[DeviceId]) -> Result<Vec<Option<Health>>> {
        if devices.len() > SINGLY {
            return self.health_of_many(devices).await;
        }
        let mut found = Vec::with_capacity(devices.len());
        for device in devices {
            found.push(self.find(*device).await?.as_ref().map(health));
        }
        Ok(found)
    }

    async fn health_of_many(&self, devices: &[DeviceId]) -> Result<Vec<Option<Health>>> {
        let within = self.client.settings.patience.answer;
        let call = Call { method: Method::GET, path: "/devices", body: None, within, most: LIST };
        let list: Devices = self.client.call(call).await?.parsed()?;
        let mut known: HashMap<DeviceId, Health> = HashMap::new();
        for listed in list.devices {
            let row = Row::listed(listed)?;
            if let Some(device) = label::device(&row.hostname) {
                known.insert(device, health(&row));
            }
        }
        Ok(devices.iter().map(|device| known.get(device).copied()).collect())
    }
}

/// LibreNMS has one status for ping and SNMP; its reason says whose it is.
fn health(row: &Row) -> Health {
    let is_silent = !row.is_up && row.reason == "snmp";
    let condition = if row.is_off {
        Condition::Unknown(UnknownBy::SwitchedOff)
    } else if !row.was_asked {
        Condition::Unknown(UnknownBy::NeverAsked)
    } else if row.is_up || is_silent {
        Condition::Up
    } else {
        Condition::Down(if row.reason == "icmp" { DownBy::NoAnswer } else { DownBy::Unstated })
    };
    let is_up = condition == Condition::Up;
    let answers = if is_silent { SnmpState::Silent } else { SnmpState::Answers };
    let latency_us = row.latency_ms.filter(|ms| is_up && (0.0..=60_000.0).contains(ms));
    Health {
        condition,
        snmp: (is_up && !row.is_without_snmp).then_some(answers),
        latency_us: latency_us.map(|ms| (ms * 1_000.0).round() as u32),
        checked: row.checked,
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::rows;
    use super::*;
    use serde_json::{Value, json};

    fn of(change: Value) -> Health {
        let mut fields = json!({
            "device_id": 2, "hostname": "a", "status": true, "status_reason": "", "disabled": false, "snmp_disable": true,
            "last_polled": "2026-11-23T17:09:17.000000Z", "last_ping": null, "last_ping_timetaken": 12.5,
        });
        fields.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        health(&rows(&json!({ "devices": [fields] })).unwrap()[0])
    }

    #[test]
    fn a_device_is_pending_until_it_was_asked() {
        let health = of(json!({ "status": false, "last_polled": null, "last_ping_timetaken": null }));
        assert_eq!(health.condition, Condition::Unknown(UnknownBy::NeverAsked));
        assert_eq!((health.latency_us, health.checked), (None, None));
    }

    #[test]
    fn it_is_up_with_its_latency_and_down_with_its_reason() {
        let up = of(json!({}));
        assert_eq!((up.condition, up.latency_us, up.snmp), (Condition::Up, Some(12_500), None));
        let down = of(json!({ "status": false, "status_reason": "icmp" }));
        assert_eq!((down.condition, down.latency_us), (Condition::Down(DownBy::NoAnswer), None));
        let odd = of(json!({ "status": false }));
        assert_eq!(odd.condition, Condition::Down(DownBy::Unstated));
    }

    #[test]
    fn silence_to_snmp_takes_nothing_down() {
        let silent = of(json!({ "status": false, "status_reason": "snmp", "snmp_disable": false }));
        assert_eq!((silent.condition, silent.snmp), (Condition::Up, Some(SnmpState::Silent)));
        let answers = of(json!({ "snmp_disable": false }));
        assert_eq!((answers.condition, answers.snmp), (Condition::Up, Some(SnmpState::Answers)));
    }

    #[test]
    fn a_device_that_is_switched_off_there_is_unknown() {
        let off = of(json!({ "disabled": true, "status": false, "status_reason": "icmp" }));
        assert_eq!(off.condition, Condition::Unknown(UnknownBy::SwitchedOff));
    }
}
