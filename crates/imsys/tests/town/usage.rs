//! What services carried, from the counters of their router.

use crate::support::{Provider, eventually, instance, router_at};
use imsys_sim::router::StaticCustomer;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

impl Provider {
    async fn usage(&self, service: &str) -> Value {
        let answer = self.client.get(&format!("/api/v1/services/{service}/usage")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

fn carried(usage: &Value, direction: &str) -> f64 {
    let total = usage["total"][direction].as_f64().unwrap();
    let days: f64 =
        usage["days"].as_array().unwrap().iter().map(|day| day[direction].as_f64().unwrap()).sum();
    assert_eq!(total, days, "{usage}");
    total
}

#[tokio::test(flavor = "multi_thread")]
async fn what_customers_carry_is_counted_by_session_and_by_queue() {
    let provider_of = instance().await;
    let provider = provider_of.provider().await;
    let router = router_at("127.8.2.1", "7.18").await;
    router.add("ppp/secret", &[("name", "ana"), ("service", "pppoe")]).unwrap();
    router.dial("ana", "02:00:5E:00:53:01").unwrap();
    let customer = StaticCustomer {
        queue: Some("line 9".into()),
        traffic: (10_000, 100_000),
        ..StaticCustomer::new(Ipv4Addr::new(10, 0, 0, 9), "02:00:5E:00:53:09", "ether2")
    };
    router.add_static(customer);
    let known = provider.watch(&router).await;
    let ana = provider.serve(&known, "ana").await;
    let body = json!({ "kind": "static", "address": "10.0.0.9", "routerId": known.id });
    let line =
        provider.client.post("/api/v1/services", &body).await.json()["id"].as_str().unwrap().to_owned();
    let nothing = provider.usage(&ana).await;
    assert_eq!((&nothing["days"], &nothing["readAt"]), (&json!([]), &Value::Null), "{nothing}");

    let read = || async {
        let run = json!({ "kind": "READ_USAGE" });
        assert_eq!(provider.client.post(&known.path("/run"), &run).await.status, 202);
    };
    eventually(|| async {
        read().await;
        let (ana, line) = (provider.usage(&ana).await, provider.usage(&line).await);
        carried(&ana, "down") > 0.0 && carried(&line, "down") > 0.0
    })
    .await;
    let (session, queue) = (provider.usage(&ana).await, provider.usage(&line).await);
    assert_eq!((&session["source"], &queue["source"]), (&json!("interface"), &json!("queue")));
    assert_eq!(queue["incomplete"], json!(false), "the router has no FastTrack: {queue}");
    assert!(carried(&queue, "up") < carried(&queue, "down"), "{queue}");
    let rate = queue["rates"]["down"]["avg"][0].as_f64().unwrap();
    assert!((400_000.0..1_600_000.0).contains(&rate), "100,000 bytes a second: {queue}");
    let rules = [("chain", "forward"), ("action", "fasttrack-connection")];
    router.add("ip/firewall/filter", &rules).unwrap();
    eventually(|| async {
        read().await;
        provider.usage(&line).await["incomplete"] == true
    })
    .await;
    assert_eq!(provider.usage(&ana).await["incomplete"], json!(false), "an interface counts all");
}
