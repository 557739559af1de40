//! Recorded devices, polled over UDP by their profiles, against the values that another poller read from them.
//!
//! The recordings lie beside the checkout and are not part of the project; without them the test says so
//! and does nothing.

#![expect(
    clippy::print_stdout,
    reason = "a test that skips says so, and one that fails lists all differences"
)]

mod known;
mod world;

use std::collections::BTreeMap;

use imsys_doctor::builtin::profiles::{Library, PoolClass, Port, Reading, ports, readings};
use imsys_doctor::builtin::snmp::Oid;
use serde_json::Value as Json;

use known::{KNOWN, Known};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_expected_value_of_every_recording_is_read_or_a_known_difference() {
    let Some(folder) = world::folder() else { return };
    let library = Library::compiled_in();
    let mut report = Report::default();
    for name in world::recordings(&folder) {
        let expected = world::expected(&folder, &name);
        let (family, walked) = world::poll(&folder, &name, &library).await;
        let profile = library.get(&family).expect("identify names a profile that there is");
        let found = Found { readings: readings(&library, profile, &walked), ports: ports(profile, &walked) };
        report.device(&name, &family, &expected, &found);
    }
    report.end();
}

/// What we read from one device.
struct Found {
    readings: Vec<Reading>,
    ports: Vec<Port>,
}

#[derive(Default)]
struct Report {
    equal: usize,
    used: Vec<&'static Known>,
    differences: Vec<String>,
}

impl Report {
    fn device(&mut self, name: &str, family: &str, expected: &[Json], found: &Found) {
        let before = self.equal;
        let rows: Vec<&Json> = expected.iter().filter(|row| row["module"] != "os").collect();
        for row in &rows {
            match difference(row, found) {
                None => self.equal += 1,
                Some(difference) => self.differ(name, row, &difference),
            }
        }
        println!("{name}: {family}, {} of {} equal", self.equal - before, rows.len());
    }

    fn differ(&mut self, name: &str, row: &Json, difference: &str) {
        let key = format!("{} {} {}", text(row, "module"), text(row, "class"), text(row, "index"));
        match KNOWN.iter().find(|known| known.recording == name && known.covers(&key)) {
            Some(known) => self.used.push(known),
            None => self.differences.push(format!("{name}: {key} {:?}: {difference}", text(row, "descr"))),
        }
    }

    fn end(&self) {
        println!("{} values equal, {} known differences", self.equal, self.used.len());
        let unused: Vec<_> = KNOWN.iter().filter(|known| !self.used.contains(known)).collect();
        assert!(
            self.differences.is_empty(),
            "{} differences:\n{}",
            self.differences.len(),
            self.differences.join("\n")
        );
        assert!(unused.is_empty(), "differences that are none any more: {unused:#?}");
    }
}

/// How the reading of an expected row differs; `None` when it is equal.
fn difference(row: &Json, found: &Found) -> Option<String> {
    match row["module"].as_str() {
        Some("ports") => of_port(row, &found.ports),
        Some("mempools") => of_pool(row, PoolClass::Memory, &found.readings),
        Some("storage") => of_pool(row, PoolClass::Storage, &found.readings),
        _ => of_sensor(row, &found.readings),
    }
}

/// A processor, sensor or wireless value: the reading of the same object, within the rounding of the
/// expectation.
fn of_sensor(row: &Json, readings: &[Reading]) -> Option<String> {
    let oids: Vec<Oid> =
        row["oids"].as_array().into_iter().flatten().filter_map(|oid| oid.as_str()?.parse().ok()).collect();
    let wanted = row["value"].as_f64()?;
    let same: Vec<&Reading> = readings.iter().filter(|reading| oids.contains(&reading.source)).collect();
    if same.iter().any(|reading| is_close(reading.value, wanted)) {
        return None;
    }
    Some(match same.first() {
        Some(reading) => format!("wanted {wanted}, read {} {:?}", reading.value, reading.class),
        None => format!("wanted {wanted} of {oids:?}"),
    })
}

fn of_pool(row: &Json, class: PoolClass, readings: &[Reading]) -> Option<String> {
    let wanted = row["value"].as_f64()?;
    let name = text(row, "descr");
    let of = |suffix: &str| {
        let class = format!("{class:?}{suffix}");
        let named = |reading: &&Reading| format!("{:?}", reading.class) == class && reading.name == name;
        readings.iter().find(named).map(|reading| reading.value)
    };
    // Where the device gives only a share, the expectation counts it in hundredths.
    let share = of("");
    let (used, total) = (of("Used").or(share), of("Total").or(share.map(|_| 100.0)));
    let (value, tolerance) = match text(row, "class").as_str() {
        "perc" => (share, 1.0),
        "used" => (used, 0.0),
        "free" => (total.zip(used).map(|(total, used)| total - used), 0.0),
        _ => (total, 0.0),
    };
    let is_equal = value.is_some_and(|value| (value - wanted).abs() <= tolerance);
    (!is_equal).then(|| format!("wanted {wanted}, read {value:?}"))
}

fn of_port(row: &Json, ports: &[Port]) -> Option<String> {
    let index = text(row, "index");
    let Some(port) = ports.iter().find(|port| port.index.to_string() == index) else {
        return Some("no such port".into());
    };
    let counter = |counter: Option<imsys_doctor::builtin::profiles::Counter>| {
        Json::from(counter.map_or(0, imsys_doctor::builtin::profiles::Counter::value))
    };
    let link = |link| world::link_name(link).map_or(Json::Null, Json::from);
    let alias = [&port.alias, &port.description, &port.name].into_iter().find(|text| !text.is_empty());
    let value = match text(row, "class").as_str() {
        "ifInOctets" => counter(port.octets_in),
        "ifOutOctets" => counter(port.octets_out),
        "ifInUcastPkts" => counter(port.packets_in),
        "ifOutUcastPkts" => counter(port.packets_out),
        "ifInErrors" => counter(port.errors_in),
        "ifOutErrors" => counter(port.errors_out),
        "ifSpeed" => Json::from(port.speed.unwrap_or(0.0) as u64),
        "ifMtu" => Json::from(port.mtu),
        "ifOperStatus" => link(port.link),
        "ifAdminStatus" => link(port.wanted),
        "ifType" => Json::from(world::kind_name(port.kind)),
        "ifAlias" => Json::from(alias.cloned()),
        "ifPhysAddress" => Json::from(port.mac.as_ref().map(|mac| mac.replace(':', ""))),
        other => return Some(format!("nothing compares {other}")),
    };
    (value != row["value"]).then(|| format!("wanted {}, read {value}", row["value"]))
}

/// Equal within the rounding of the expectation, which keeps two to fourteen decimals, and whole numbers
/// for processors.
fn is_close(value: f64, wanted: f64) -> bool {
    let whole = wanted.fract() == 0.0 && value.round() == wanted;
    whole || (value - wanted).abs() <= 1e-9_f64.max(wanted.abs() * 1e-6)
}

fn text(row: &Json, field: &str) -> String {
    match &row[field] {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_series_of_a_device_has_a_key_of_its_own_and_a_name_that_is_safe_to_show() {
    let Some(folder) = world::folder() else { return };
    let library = Library::compiled_in();
    for name in world::recordings(&folder) {
        let (family, walked) = world::poll(&folder, &name, &library).await;
        let profile = library.get(&family).expect("identify names a profile that there is");
        let mut known = BTreeMap::new();
        for reading in readings(&library, profile, &walked) {
            assert!(!reading.name.chars().any(char::is_control), "{name}: {reading:?}");
            assert!(!reading.name.is_empty(), "{name}: {reading:?}");
            let key = (reading.class, reading.index.clone());
            assert!(known.insert(key, ()).is_none(), "{name}: two of {reading:?}");
        }
    }
}
