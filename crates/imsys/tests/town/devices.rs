//! Devices: behind a router and direct ones, whose state follows what they answer.

use crate::support::{Instance, Provider, eventually, office_with, router_at};
use imsys_doctor::builtin::icmp::{Access, Permission};
use imsys_sim::router::{Fault, StaticCustomer};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
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
    if !matches!(Permission::probe().unwrap().ipv4, Access::Datagram | Access::Raw) {
        eprintln!("skipped: this process has no permission for ICMP");
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
