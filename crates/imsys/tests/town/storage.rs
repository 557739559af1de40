//! While nothing can be stored: nothing is acknowledged, and the log stays readable.

use crate::cluster::alone;
use crate::support::{eventually, router_at};
use imsys_sim::router::StaticCustomer;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::time::Instant;

const ROUTERS: u8 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_database_takes_nothing_more_and_each_cause_is_logged_once_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    std::fs::create_dir(&data).unwrap();
    let (mut process, provider) = alone(&data, &log);
    let mut routers = Vec::new();
    for number in 1..=ROUTERS {
        let router = router_at(&format!("127.4.1.{number}"), "7.18").await;
        router.add_static(StaticCustomer::new(Ipv4Addr::new(10, 20, 0, 7), "02:00:5E:00:53:07", "ether2"));
        let known = provider.watch(&router).await;
        let service = json!({ "kind": "static", "address": "10.20.0.7", "routerId": known.id });
        assert_eq!(provider.client.post("/api/v1/services", &service).await.status, 201);
        provider.serve(&known, "ana").await;
        routers.push((router, known));
    }
    let up = "/api/v1/webhooks/ppp?user=ana&status=up&session=*1";
    let hook = |token: &str| provider.client.clone().with("X-IMSys-Token", token);
    assert_eq!(hook(&routers[0].1.token).get(up).await.status, 204);

    let began = Instant::now();
    std::fs::remove_file(data.join("imsys.db")).unwrap();
    // Nobody has asked whether the file is there: the first write finds out.
    for (_, known) in &routers {
        let refused = hook(&known.token).get(up).await;
        assert_eq!(refused.status, 503, "{refused:?}");
        let told = refused.json();
        assert!(told["detail"].as_str().unwrap().contains("deleted or replaced"), "{told}");
    }
    let customer = provider.client.post("/api/v1/customers", &json!({ "name": "Ana" })).await;
    assert_eq!((customer.status, &customer.json()["code"]), (503, &json!("storage")), "{customer:?}");
    assert_eq!(provider.client.get("/readyz").await.status, 503);
    for (router, known) in &routers {
        router.stop().await;
        for job in ["/sweep", "/check"] {
            assert_eq!(provider.client.post(&known.path(job), &Value::Null).await.status, 503, "{job}");
        }
    }
    let lines = || -> Vec<Value> {
        let text = std::fs::read_to_string(&log).unwrap();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    };
    let says = |what: &str| lines().iter().any(|line| line["fields"]["message"] == what);
    eventually(|| async { says("the loss of a router could not be stored") }).await;
    // All of them are lost, and tried again and again.
    tokio::time::sleep(Duration::from_secs(10)).await;
    process.kill();
    assert!(says("nothing can be stored"), "{:?}", lines());
    let mut causes: HashMap<(String, String, String), u64> = HashMap::new();
    for line in lines().iter().filter(|line| line["level"] == "ERROR") {
        let text = |name: &str| line["fields"][name].as_str().unwrap_or_default().to_owned();
        *causes.entry((line["target"].to_string(), text("message"), text("error"))).or_default() += 1;
    }
    let most = 1 + began.elapsed().as_secs() / 60;
    assert!(causes.values().all(|times| *times <= most), "{causes:?}");
}
