//! Values that a real LibreNMS read from real devices, as we read them.
//!
//! The recordings lie beside the checkout and are not part of the project; without them the test says so and does nothing.

use crate::world::{adapter, device, settings};
use imsys_doctor::port::{Doctor, Readings};
use imsys_doctor::{Class, Credentials};
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, Host};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The rows of a recorded list; `None`, in words, without recordings.
fn rows(name: &str, list: &str) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/librenms/recorded");
    if !folder.is_dir() {
        println!("skipped: there are no recordings of LibreNMS beside the checkout");
        return None;
    }
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect("the file can be read");
    let recording: Value = serde_json::from_str(&text).expect("JSON");
    Some(recording["response"]["json"][list].as_array().expect("a list").clone())
}

/// What we read of a recorded device.
async fn read(name: &str, number: u64) -> Option<Readings> {
    let all = rows("126-resources-sensors", "sensors")?;
    let host = Host {
        wireless: rows(&format!("114-wireless-sensors-{name}"), "wireless_sensors")?,
        health: all.into_iter().filter(|row| row["device_id"] == number).collect(),
        ports: rows(&format!("111-ports-columns-{name}"), "ports")?,
        pools: vec![("device_processor".into(), "Processors".into(), vec![])],
        ..Host::with_snmp("public")
    };
    let fake = FakeNms::start().await.expect("a free port");
    fake.put_host("10.0.0.1", host);
    let doctor = adapter(settings(&fake.url(), ADMIN_TOKEN));
    doctor.add(&device(1)).await.expect("it is added");
    let credentials = Credentials::V2c("public".into());
    doctor.set_snmp(device(1).id, Some(&credentials)).await.expect("it is read by SNMP");
    fake.poll();
    let readings = doctor.readings(device(1).id).await.expect("they are read");
    let asked = fake.take_requests();
    assert!(!asked.iter().any(|request| request.contains("device_processor")), "{asked:?}");
    Some(readings)
}

fn values(readings: &Readings, class: Class) -> Vec<f64> {
    readings.values.iter().filter(|reading| reading.class == class).map(|reading| reading.value).collect()
}

#[tokio::test]
async fn an_airos_radio_is_read_as_it_is() {
    let Some(readings) = read("airos", 6).await else { return };
    for (class, wanted) in [
        (Class::Signal, -70.0),
        (Class::TxPower, 24.0),
        (Class::NoiseFloor, -91.0),
        (Class::RateRx, 52_000_000.0),
        (Class::RateTx, 39_000_000.0),
        (Class::Distance, 1.2),
        (Class::Ccq, 33.0),
        (Class::Frequency, 5_780.0),
        (Class::Temperature, 16.0),
    ] {
        assert_eq!(values(&readings, class), [wanted], "{class:?}");
    }
    assert_eq!(readings.left_out, 0);
    let eth0 = readings.ports.iter().find(|port| port.name == "eth0").expect("it has a port eth0");
    assert!(eth0.is_enabled && eth0.mac.as_ref().is_some_and(|mac| mac.len() == 17), "{eth0:?}");
    assert!(readings.values.iter().all(|reading| reading.class != Class::Signal || reading.at.is_some()));
}

#[tokio::test]
async fn a_mimosa_has_a_signal_of_each_chain() {
    let Some(readings) = read("mimosa", 9).await else { return };
    assert_eq!(values(&readings, Class::Signal).len(), 6);
    assert_eq!(values(&readings, Class::Frequency).len(), 6, "equal indexes of two types are two values");
    assert_eq!(values(&readings, Class::ErrorRatio), [0.22, 0.63]);
    assert_eq!(readings.left_out, 0);
}

#[tokio::test]
async fn the_signal_of_a_60_ghz_mikrotik_is_found() {
    let Some(readings) = read("routeros", 7).await else { return };
    assert_eq!(values(&readings, Class::Signal), [-55.0]);
    assert_eq!(values(&readings, Class::RateTx), [2_310_000_000.0]);
    assert_eq!(values(&readings, Class::OpticalPower).len(), 2);
    assert_eq!(readings.left_out, 0);
    let ether2 = readings.ports.iter().find(|port| port.name == "ether2").expect("it has a port ether2");
    assert_eq!(ether2.bits_in.map(|bits| bits % 8.0), Some(0.0));
}
