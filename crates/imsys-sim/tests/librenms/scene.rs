//! The network that was there when the recordings were made, and when its devices were polled.

use crate::recordings::Recording;
use imsys_sim::librenms::{FakeNms, Faults, Host};
use serde_json::{Map, Value};
use std::time::Duration;

/// Address, community, its short name in the recordings, and its number.
const WITH_SNMP: &[(&str, &str, &str, u64)] = &[
    ("127.0.0.2", "public", "snmpd", 1),
    ("127.0.0.10", "airos_airos8", "airos", 6),
    ("127.0.0.12", "epmp", "epmp", 8),
    ("127.0.0.13", "routeros", "routeros", 7),
    ("127.0.0.14", "mimosa_b5", "mimosa", 9),
];
/// Answers to ping alone.
const PINGABLE: &[&str] = &[
    "127.0.0.1",
    "127.0.0.20",
    "127.0.0.21",
    "127.0.0.22",
    "127.0.0.23",
    "127.0.0.77",
    "127.0.0.78",
    "127.0.0.79",
    "127.0.0.81",
    "127.0.0.82",
    "127.0.0.85",
    "127.0.0.86",
    "127.0.0.87",
    "127.0.0.90",
    "127.0.0.91",
    "::1",
    "10.99.0.5",
];
/// What discovery finds of a device.
const FOUND: &[&str] = &[
    "sysName",
    "sysObjectID",
    "snmpEngineID",
    "sysDescr",
    "sysContact",
    "version",
    "hardware",
    "features",
    "os",
    "type",
    "serial",
];
/// Of `/health` what are no sensors.
const POOLS: &[&str] = &["device_processor", "device_storage", "device_mempool"];

pub(crate) async fn start(recordings: &[Recording]) -> FakeNms {
    let fake = FakeNms::start().await.expect("a free port");
    for address in PINGABLE {
        fake.put_host(address, Host::pingable());
    }
    for (address, community, name, number) in WITH_SNMP {
        fake.put_host(address, host(recordings, community, name, *number));
    }
    let upgraded = &named(recordings, "544-upgrade-after")["devices"][0];
    let later = Host {
        found: found(upgraded),
        wireless: rows(named(recordings, "546-upgrade-wireless-sensors"), "wireless_sensors"),
        ..Host::with_snmp("routeros_station")
    };
    fake.put_host("127.0.0.11", later);
    fake
}

/// What happened before this recording was made.
pub(crate) fn before(fake: &FakeNms, name: &str) {
    match name {
        "100-devices-list" => fake.poll(),
        "311-up" => fake.poll_device("10.99.0.5"),
        "312-down-device" => {
            fake.put_host("10.99.0.5", Host::default());
            fake.poll_device("10.99.0.5");
        }
        "324-up-again" => {
            fake.put_host("10.99.0.5", Host::pingable());
            fake.poll_device("10.99.0.5");
        }
        "530-overwrite_ip-polled" => {
            for name in [
                "client-77.imsys.invalid",
                "127.0.0.20",
                "127.0.0.23",
                "127.0.0.79",
                "127.0.0.81",
                "127.0.0.86",
            ] {
                fake.poll_device(name);
            }
        }
        "541-upgrade-patch" | "544-upgrade-after" => fake.poll_device("127.0.0.11"),
        "600-race-0" => {
            fake.set_faults(Faults { add_takes: Duration::from_millis(200), ..Faults::default() })
        }
        "601-race-result" => fake.set_faults(Faults::default()),
        _ => {}
    }
}

/// A host from what was recorded of it.
fn host(recordings: &[Recording], community: &str, name: &str, number: u64) -> Host {
    let answer = |start: &str| named(recordings, &format!("{start}-{name}"));
    let listed = rows(named(recordings, "100-devices-list"), "devices");
    let device = listed.iter().find(|row| row["device_id"] == number).expect("it was listed");
    let all = rows(named(recordings, "126-resources-sensors"), "sensors");
    let graphs = rows(answer("115-graphs"), "graphs");
    let is_pool = |row: &&Value| POOLS.iter().any(|pool| row["name"] == *pool);
    let pools = rows(answer("112-health"), "graphs");
    let pools = pools.iter().filter(is_pool).map(|row| {
        let rows = match (name, row["name"].as_str()) {
            ("routeros", Some("device_processor")) => {
                rows(named(recordings, "124-health-processor"), "graphs")
            }
            ("routeros", Some("device_mempool")) => rows(named(recordings, "125-health-mempool"), "graphs"),
            _ => Vec::new(),
        };
        (text(&row["name"]), text(&row["desc"]), rows)
    });
    let addresses =
        if name == "routeros" { rows(named(recordings, "137-device-ip"), "addresses") } else { vec![] };
    Host {
        found: found(device),
        location: device["location"].as_str().map(str::to_owned),
        addresses: addresses.iter().map(|row| text(&row["ipv4_address"])).collect(),
        wireless: rows(answer("114-wireless-sensors"), "wireless_sensors"),
        health: all.into_iter().filter(|row| row["device_id"] == number).collect(),
        pools: pools.collect(),
        ports: rows(answer("111-ports-columns"), "ports"),
        graphs: graphs.iter().skip(2).map(|row| (text(&row["name"]), text(&row["desc"]))).collect(),
        ..Host::with_snmp(community)
    }
}

fn found(device: &Value) -> Map<String, Value> {
    let mut found: Map<_, _> =
        FOUND.iter().map(|field| ((*field).to_owned(), device[*field].clone())).collect();
    let icon = device["icon"].as_str().map(|icon| icon.trim_start_matches("images/os/"));
    found.insert("icon".into(), icon.into());
    found
}

fn named<'a>(recordings: &'a [Recording], name: &str) -> &'a Value {
    recordings.iter().find(|recording| recording.name == name).unwrap_or_else(|| panic!("no {name}")).answer()
}

/// A list of an answer; empty where the answer is an error.
fn rows(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
