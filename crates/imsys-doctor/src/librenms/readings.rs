//! What LibreNMS read from a device last.

use super::LibreNms;
use super::call::CallError;
use super::row::{number, time, truth};
use super::sensors;
use crate::Class;
use crate::port::{PortReading, Reading, Readings, Result};
use imsys_domain::{Timestamp, text};
use serde_json::Value;
use std::collections::HashSet;

/// The most sensors that are asked for one by one.
const SINGLY: usize = 32;
/// Without this LibreNMS gives names alone.
const COLUMNS: &str = "port_id,ifIndex,ifName,ifAlias,ifOperStatus,ifAdminStatus,ifSpeed,ifInOctets_rate,\
                       ifOutOctets_rate,ifInErrors_rate,ifPhysAddress,ifType,poll_time";
/// Of other tables than sensors: their numbers would give some other sensor, perhaps of another device.
const NO_SENSORS: &[&str] = &["device_processor", "device_storage", "device_mempool"];

/// Two lists of sensors that LibreNMS has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Health,
    Wireless,
}

impl Kind {
    const fn path(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Wireless => "wireless",
        }
    }

    fn class(self, row: &Value) -> Option<Class> {
        let class = str_of(row, "sensor_class")?;
        match self {
            Self::Health => sensors::health(class),
            Self::Wireless => {
                let (kind, name) = (str_of(row, "sensor_type")?, str_of(row, "sensor_descr")?);
                sensors::wireless(class, kind, name)
            }
        }
    }
}

impl LibreNms {
    pub(super) async fn readings_of(&self, device: imsys_domain::DeviceId) -> Result<Readings> {
        let row = self.there(device).await?;
        if row.is_without_snmp {
            return Ok(Readings::default());
        }
        let mut sheet = Sheet { device: row.number, seen: HashSet::new(), readings: Readings::default() };
        let mut singly = SINGLY;
        match self.client.get(&format!("/devices/{}/wireless-sensors", row.number)).await {
            Ok(answer) => sheet.take(Kind::Wireless, list(&answer, "wireless_sensors")?),
            // "None" is 404 too.
            Err(CallError::NotFound) => {}
            // Before 26.6.
            Err(CallError::NoRoute) => self.one_by_one(Kind::Wireless, &mut sheet, &mut singly).await?,
            Err(error) => return Err(error.into()),
        }
        self.one_by_one(Kind::Health, &mut sheet, &mut singly).await?;
        sheet.readings.ports = self.ports(row.number).await?;
        Ok(sheet.readings)
    }

    /// Classes, then the sensors of each, then the value of each: at most `left` values.
    async fn one_by_one(&self, kind: Kind, sheet: &mut Sheet, left: &mut usize) -> Result<()> {
        let base = format!("/devices/{}/{}", sheet.device, kind.path());
        for class in list(&self.client.get(&base).await?, "graphs")? {
            let Some(class) = str_of(class, "name").filter(|name| is_plain(name)) else { continue };
            if NO_SENSORS.contains(&class) {
                continue;
            }
            for sensor in list(&self.client.get(&format!("{base}/{class}")).await?, "graphs")? {
                let Some(id) = sensor.get("sensor_id").and_then(number) else { continue };
                if *left == 0 {
                    sheet.readings.left_out += 1;
                    continue;
                }
                *left -= 1;
                let answer = self.client.get(&format!("{base}/{class}/{}", id as u64)).await?;
                sheet.take(kind, list(&answer, "graphs")?);
            }
        }
        Ok(())
    }

    async fn ports(&self, device: u64) -> Result<Vec<PortReading>> {
        match self.client.get(&format!("/devices/{device}/ports?columns={COLUMNS}")).await {
            Ok(answer) => Ok(list(&answer, "ports")?.iter().filter_map(port).collect()),
            Err(CallError::NotFound) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is gathered of one device.
struct Sheet {
    device: u64,
    seen: HashSet<(Class, String)>,
    readings: Readings,
}

impl Sheet {
    /// Rows of other devices are dropped, and so is what LibreNMS has deleted.
    fn take(&mut self, kind: Kind, rows: &[Value]) {
        let of_device = |row: &&Value| row.get("device_id").and_then(number) == Some(self.device as f64);
        let is_there = |row: &&Value| row.get("sensor_deleted").and_then(truth) != Some(true);
        for row in rows.iter().filter(of_device).filter(is_there) {
            match reading(kind, row) {
                Some(reading) if self.seen.insert((reading.class, reading.index.clone())) => {
                    self.readings.values.push(reading);
                }
                _ => self.readings.left_out += 1,
            }
        }
    }
}

/// `None` where there is no value, or no class of ours.
fn reading(kind: Kind, row: &Value) -> Option<Reading> {
    let sensor_type = str_of(row, "sensor_type")?;
    let index = str_of(row, "sensor_index")?;
    Some(Reading {
        class: kind.class(row)?,
        // Unique only together.
        index: text::of_device(&format!("{sensor_type}.{index}")),
        name: text::of_device(str_of(row, "sensor_descr")?),
        value: row.get("sensor_current").and_then(number)?,
        at: row.get("lastupdate").and_then(time),
    })
}

fn port(row: &Value) -> Option<PortReading> {
    let figure = |name: &str| row.get(name).and_then(number);
    let bits = |name: &str| figure(name).map(|octets| octets * 8.0);
    let name = |name: &str| text::of_device(str_of(row, name).unwrap_or_default());
    let is_up = |name: &str| str_of(row, name) == Some("up");
    Some(PortReading {
        index: figure("ifIndex")? as u64,
        name: name("ifName"),
        alias: name("ifAlias"),
        is_up: is_up("ifOperStatus"),
        is_enabled: is_up("ifAdminStatus"),
        speed: figure("ifSpeed").filter(|speed| *speed > 0.0).map(|speed| speed as u64),
        bits_in: bits("ifInOctets_rate"),
        bits_out: bits("ifOutOctets_rate"),
        errors_in: figure("ifInErrors_rate"),
        mac: str_of(row, "ifPhysAddress").and_then(mac),
        at: figure("poll_time").map(|seconds| Timestamp((seconds * 1_000.0) as i64)),
    })
}

/// `20b5c6018e4d` with its colons.
fn mac(text: &str) -> Option<String> {
    let is_mac = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = || (0..12).step_by(2).filter_map(|at| text.get(at..at + 2)).collect::<Vec<_>>();
    is_mac.then(|| pairs().join(":").to_ascii_lowercase())
}

pub(super) fn list<'a>(answer: &'a Value, name: &str) -> std::result::Result<&'a [Value], CallError> {
    answer.get(name).and_then(Value::as_array).map(Vec::as_slice).ok_or(CallError::NotUnderstood)
}

pub(super) fn str_of<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// Whether a name of LibreNMS's may stand in a path.
pub(super) fn is_plain(name: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    name.starts_with("device_") && name.len() <= 64 && name.bytes().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn octets_are_bits_and_nothing_is_none() {
        let row = json!({
            "ifIndex": 3, "ifName": "eth1\u{202e}", "ifAlias": null, "ifOperStatus": "up", "ifAdminStatus": "up",
            "ifSpeed": 1_000_000_000, "ifInOctets_rate": 125, "ifOutOctets_rate": null, "ifInErrors_rate": 0,
            "ifPhysAddress": "20B5c6018e4d", "poll_time": 1_795_453_740,
        });
        let port = port(&row).unwrap();
        assert_eq!((port.index, port.is_up, port.speed), (3, true, Some(1_000_000_000)));
        assert_eq!((port.bits_in, port.bits_out, port.errors_in), (Some(1_000.0), None, Some(0.0)));
        assert_eq!(port.mac.as_deref(), Some("20:b5:c6:01:8e:4d"));
        assert_eq!(port.at, Some(Timestamp(1_795_453_740_000)));
        assert_eq!(port.name, "eth1\\u{202e}");
    }

    #[test]
    fn a_sensor_of_another_device_or_that_was_deleted_is_dropped() {
        let sensor = |device: u64, deleted: u8, index: &str| {
            json!({
                "device_id": device, "sensor_deleted": deleted, "sensor_class": "ccq", "sensor_type": "airos",
                "sensor_index": index, "sensor_descr": "CCQ", "sensor_current": "33",
                "lastupdate": "2017-12-06 21:26:29",
            })
        };
        let mut sheet = Sheet { device: 6, seen: HashSet::new(), readings: Readings::default() };
        sheet.take(
            Kind::Wireless,
            &[sensor(6, 0, "1"), sensor(7, 0, "2"), sensor(6, 1, "3"), sensor(6, 0, "1")],
        );
        let [reading] = &sheet.readings.values[..] else { panic!("{:?}", sheet.readings) };
        assert_eq!((reading.class, reading.index.as_str(), reading.value), (Class::Ccq, "airos.1", 33.0));
        assert_eq!((reading.at, sheet.readings.left_out), (None, 1));
    }

    #[test]
    fn only_names_of_graphs_go_into_a_path() {
        assert!(is_plain("device_wireless_noise-floor"));
        for name in ["ports", "device_../x", "device_a/b", "device_a?b", "device_A", ""] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
