//! Devices: behind a router and direct ones, whose state follows what they answer.

use crate::support::{Instance, Provider, eventually, office_with, router_at};
use imsys_doctor::builtin::icmp::{Access, Permission};
use imsys_sim::router::{Fault, StaticCustomer};
use imsys_sim::snmp::{Quirks, Recording, ReplayAgent};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(86_400);

async fn hasty() -> Instance {
    office_with(|config| config.doctor.watched_seconds = 5).await
}

impl Provider {
    /// Adds a device that is asked often.
    async fn monitor(&self, address: &str, router: Option<&str>) -> String {
        let body = json!({ "address": address, "routerId": router, "watched": true });
        let answer = self.client.post("/api/v1/devices", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn device(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/devices/{id}")).await.json()
    }

    /// Waits until a device has this status for this reason; it is never `never` meanwhile.
    async fn until_device(&self, id: &str, status: &str, reason: Option<&str>, never: &str) {
        eventually(|| async {
            let now = self.device(id).await;
            assert_ne!(now["status"], never, "{now}");
            (&now["status"], &now["reason"]) == (&json!(status), &json!(reason))
        })
        .await;
    }
}

impl Provider {
    /// Waits until the history of a device has rounds that were answered and rounds that were lost.
    async fn until_lost_in_part(&self, id: &str) {
        let names = "series=ping:median&series=ping:min,ping:max&series=ping:loss";
        let path = format!("/api/v1/devices/{id}/metrics?{names}");
        eventually(|| async {
            let history = self.client.get(&path).await.json();
            let series = history["series"].as_array().unwrap();
            assert_eq!(series.len(), 4, "{history}");
            let of = |n: usize, list: &str| -> Vec<f64> {
                series[n][list].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
            };
            let (median, min, max, loss) = (of(0, "avg"), of(1, "avg"), of(2, "avg"), of(3, "avg"));
            let answered = loss.iter().filter(|loss| **loss < 100.0).count();
            assert_eq!((median.len(), min.len(), max.len()), (answered, answered, answered), "{history}");
            for (median, (min, max)) in median.iter().zip(min.iter().zip(&max)) {
                assert!(0.0 < *min && min <= median && median <= max && *max < 1_000.0, "{history}");
            }
            assert_eq!((&series[0]["unit"], &series[3]["unit"]), (&json!("ms"), &json!("%")));
            answered > 0 && loss.contains(&100.0)
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_behind_a_router_is_up_down_and_unknown_when_the_router_is_away() {
    let instance = hasty().await;
    let provider = instance.provider().await;
    let router = router_at("127.8.0.60", "7.18").await;
    let known = provider.watch(&router).await;
    let camera = StaticCustomer::new(Ipv4Addr::new(192, 168, 1, 20), "02:00:5E:00:53:20", "ether2");
    let there = router.add_static(camera);
    let device = provider.monitor("192.168.1.20", Some(&known.id)).await;
    provider.until_device(&device, "up", None, "down").await;
    let shown = provider.device(&device).await;
    assert!(shown["latencyMs"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 1_000.0), "{shown}");
    assert_eq!((&shown["lossPct"], &shown["reach"]), (&json!(0), &json!("router")));

    router.set_alive(there, false);
    provider.until_device(&device, "down", Some("no-answer"), "unknown").await;
    router.set_alive(there, true);
    provider.until_device(&device, "up", None, "unknown").await;
    provider.until_lost_in_part(&device).await;
    let outages = provider.client.get(&format!("/api/v1/devices/{device}/outages")).await.json();
    assert_eq!(outages.as_array().map(Vec::len), Some(1), "{outages}");
    assert!(outages[0]["to"].is_string(), "{outages}");

    router.strike(Fault::Refuse(FOR_EVER));
    router.strike(Fault::Reset);
    provider.until_device(&device, "unknown", Some("router-away"), "down").await;
    let asked = router.commands().iter().filter(|command| command.starts_with("/tool/ping")).count();
    assert!(asked >= 4, "the router was asked: {asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_a_router_gets_no_answer_from_is_down_at_the_first_look() {
    let instance = hasty().await;
    let provider = instance.provider().await;
    let router = router_at("127.8.0.61", "7.18").await;
    let known = provider.watch(&router).await;
    let device = provider.monitor("192.168.1.99", Some(&known.id)).await;
    provider.until_device(&device, "down", Some("no-answer"), "up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_device_on_loopback_answers() {
    if !can_ping() {
        return;
    }
    let instance = hasty().await;
    let provider = instance.provider().await;
    let device = provider.monitor("127.0.0.2", None).await;
    provider.until_device(&device, "up", None, "down").await;
    let shown = provider.device(&device).await;
    assert!(shown["latencyMs"].as_f64().is_some_and(|ms| ms > 0.0), "{shown}");
    assert!(instance.metric("imsys_device_probes_total{outcome=\"answered\"}").await > 0);
}

/// A radio with one station and one port, which has carried so many octets.
fn radio(uptime_seconds: u32, octets: u64) -> Recording {
    Recording::parse(&format!(
        "1.3.6.1.2.1.1.1.0|4|RouterOS SXTsq 5 ac
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1
1.3.6.1.2.1.1.3.0|67|{}
1.3.6.1.2.1.1.5.0|4|mast <1>
1.3.6.1.2.1.2.2.1.2.1|4|ether1
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.2.2.1.7.1|2|1
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.31.1.1.1.1.1|4|ether1
1.3.6.1.2.1.31.1.1.1.6.1|70|{octets}
1.3.6.1.2.1.31.1.1.1.10.1|70|{octets}
1.3.6.1.4.1.14988.1.1.1.2.1.3.2.0.94.0.83.32.5|2|-61",
        uptime_seconds * 100
    ))
}

impl Provider {
    async fn readings(&self, id: &str) -> Vec<Value> {
        let answer = self.client.get(&format!("/api/v1/devices/{id}/readings")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json().as_array().unwrap().clone()
    }
}

fn can_ping() -> bool {
    let can = matches!(Permission::probe().unwrap().ipv4, Access::Datagram | Access::Raw);
    if !can {
        eprintln!("skipped: this process has no permission for ICMP");
    }
    can
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinged_device_that_answers_snmp_shows_its_readings_and_stays_pinged_when_it_falls_silent() {
    if !can_ping() {
        return;
    }
    let instance = office_with(|config| {
        config.doctor.watched_seconds = 5;
        config.doctor.snmp_seconds = 5;
    })
    .await;
    let provider = instance.provider().await;
    let at = "127.8.1.10:0".parse().unwrap();
    let agent =
        ReplayAgent::start_at(at, radio(1_000, 1_000_000), "geheim", Quirks::default()).await.unwrap();
    let device = provider.monitor("127.8.1.10", None).await;
    provider.until_device(&device, "up", None, "down").await;
    eventually(|| async { provider.device(&device).await["snmp"]["state"] == "no-login" }).await;
    assert_eq!(
        (provider.device(&device).await["mode"].clone(), provider.readings(&device).await),
        (json!("ping"), vec![])
    );

    let snmp = json!({ "version": "2c", "community": "geheim", "port": agent.address().port() });
    let login = json!({ "name": "Radios", "snmp": snmp, "networks": ["127.8.1.0/24"] });
    let added = provider.client.post("/api/v1/snmp-logins", &login).await;
    assert_eq!(added.status, 201, "{added:?}");
    assert!(!added.text.contains("geheim"), "what is secret is never shown: {added:?}");
    eventually(|| async { provider.device(&device).await["mode"] == "snmp" }).await;
    let shown = provider.device(&device).await;
    assert_eq!(shown["snmp"]["loginId"], added.json()["id"], "{shown}");
    assert_eq!((&shown["os"], &shown["model"]), (&json!("RouterOS"), &json!("SXTsq 5 ac")), "{shown}");
    eventually(|| async {
        let readings = provider.readings(&device).await;
        let signal =
            readings.iter().find(|reading| reading["class"] == "signal").expect("the station's signal");
        assert_eq!((&signal["unit"], &signal["station"]), (&json!("dBm"), &json!("02:00:5e:00:53:20")));
        signal["value"] == json!(-61.0)
    })
    .await;

    agent.replay(radio(1_100, 6_000_000));
    let ports = format!("/api/v1/devices/{device}/ports");
    eventually(|| async {
        let ports = provider.client.get(&ports).await.json();
        assert_eq!((&ports[0]["name"], &ports[0]["link"]), (&json!("ether1"), &json!("up")), "{ports}");
        ports[0]["bitsIn"].as_f64().is_some_and(|bits| bits > 0.0)
    })
    .await;
    let path = format!("/api/v1/devices/{device}/metrics?series=port-in:1");
    let history = provider.client.get(&path).await.json();
    assert_eq!(history["series"][0]["unit"], "bit/s", "{history}");
    let most =
        history["series"][0]["avg"].as_array().unwrap().iter().filter_map(Value::as_f64).fold(0.0, f64::max);
    assert!((1_000_000.0..20_000_000.0).contains(&most), "40 Mbit in about five seconds: {history}");

    drop(agent);
    eventually(|| async { provider.device(&device).await["snmp"]["state"] == "silent" }).await;
    let shown = provider.device(&device).await;
    assert_eq!((&shown["mode"], &shown["status"]), (&json!("ping"), &json!("up")), "{shown}");
    assert!(!provider.readings(&device).await.is_empty(), "what it said last stays");
}

/// Recorded devices lie beside the checkout and are not part of the project.
#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_device_shows_a_value_of_each_reading() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/snmp/recordings");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return eprintln!("skipped: there are no recordings of SNMP agents beside the checkout");
    };
    if !can_ping() {
        return;
    }
    let instance = office_with(|config| config.doctor.watched_seconds = 5).await;
    let provider = instance.provider().await;
    let (mut devices, mut agents) = (Vec::new(), Vec::new());
    for (number, entry) in entries.enumerate() {
        let (file, address) = (entry.unwrap().path(), format!("127.8.3.{}", number + 1));
        let recording = Recording::load(&file).unwrap();
        let at = format!("{address}:0").parse().unwrap();
        let agent = ReplayAgent::start_at(at, recording, "public", Quirks::default()).await.unwrap();
        let snmp = json!({ "version": "2c", "community": "public", "port": agent.address().port() });
        let body = json!({ "address": address, "watched": true, "snmp": snmp });
        let added = provider.client.post("/api/v1/devices", &body).await;
        assert_eq!(added.status, 201, "{added:?}");
        devices.push((file, added.json()["id"].as_str().unwrap().to_owned()));
        agents.push(agent);
    }
    assert!(devices.len() > 20, "{devices:?}");
    let shown = AtomicUsize::new(0);
    for (_, device) in devices {
        eventually(|| async { provider.device(&device).await["mode"] == "snmp" }).await;
        eventually(|| async {
            let readings = provider.readings(&device).await;
            shown.fetch_max(readings.len(), Ordering::Relaxed);
            readings.iter().all(|reading| reading["value"].is_number())
        })
        .await;
    }
    assert!(shown.into_inner() > 20, "some have many");
    drop(agents);
}
