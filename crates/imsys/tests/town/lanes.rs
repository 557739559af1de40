//! What a person waits for waits neither behind a table that is being printed nor behind a check with probes.

use crate::support::{Known, Provider, eventually, instance, is_timed, router_with};
use imsys_sim::router::{ArpRow, ArpShown, ArpStatus, Router, StaticCustomer};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::time::Instant;

/// Rows of the table that is printed.
const SESSIONS: usize = 5_000;
/// Lines that answer no probe.
const SILENT: u8 = 100;
/// One that the ARP table shows.
const THERE: u8 = 200;
const MAC: &str = "02:00:5E:00:53:01";
/// From the router to us and back, over its tunnel.
const LATENCY: Duration = Duration::from_millis(50);
/// Between 64 KiB of the table: the whole of it takes some seconds.
const PAUSE: Duration = Duration::from_millis(500);
/// Within which a person is answered.
const PROMISE: Duration = Duration::from_millis(300);

/// A router with so many customers who log in, all of them services here, and with lines that do not.
async fn town(provider: &Provider) -> (Router, Known) {
    let router = router_with("127.8.0.40", "7.18", |_| {}).await;
    for number in 0..SESSIONS {
        let name = format!("user{number}");
        router.add("ppp/secret", &[("name", &name), ("service", "pppoe")]).unwrap();
        router.dial(&name, "02:5D:00:00:00:01").unwrap();
    }
    let known = provider.watch(&router).await;
    let imported = provider.client.post(&known.path("/import"), &json!({})).await.json();
    assert_eq!(imported["created"], SESSIONS, "{imported:.200}");
    eventually(|| async { provider.client.get("/api/v1/jobs").await.json()["items"] == json!([]) }).await;
    for last in (1..=SILENT).chain([THERE]) {
        let status = if last == THERE { ArpStatus::Reachable } else { ArpStatus::Stale };
        let line = StaticCustomer::new(Ipv4Addr::new(10, 20, 0, last), MAC, "ether2");
        let arp = ArpRow::Shown(ArpShown::learnt(status, MAC));
        router.add_static(StaticCustomer { arp, alive: last == THERE, ..line });
    }
    (router, known)
}

/// The first service that a list shows.
async fn service(provider: &Provider, query: &str) -> String {
    let list = provider.client.get(&format!("/api/v1/services?{query}&limit=1")).await.json();
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_answered_while_a_large_table_is_printed_and_silent_lines_are_probed() {
    let instance = instance().await;
    let provider = instance.provider().await;
    let (router, known) = town(&provider).await;
    router.restart_peaks();
    router.conditions(|now| (now.latency, now.print_pause) = (LATENCY, PAUSE));
    let commands = |of: &str| router.commands().iter().filter(|one| one.starts_with(of)).count();

    let mut sheet = "address,router\n".to_owned();
    (1..=SILENT).chain([THERE]).for_each(|last| sheet += &format!("10.20.0.{last},{}\n", known.id));
    provider.client.send("POST", b"/api/v1/services/import", "text/csv", sheet.as_bytes()).await;
    let by_address = service(&provider, &format!("q=10.20.0.{THERE}")).await;
    let by_name = service(&provider, "q=user77&kind=pppoe").await;
    eventually(|| async { commands("/tool/ping") >= 6 }).await;
    let (prints, broker, id) =
        (commands("/ppp/active/print"), instance.app.broker.clone(), known.router_id());
    let sweep = tokio::spawn(async move { broker.sweep(id, Duration::from_secs(60)).await });
    eventually(|| async { commands("/ppp/active/print") > prints }).await;

    let active = async || provider.client.get("/api/v1/jobs?state=active").await.json()["items"].clone();
    for service in [&by_address, &by_name] {
        let asked = Instant::now();
        let path = format!("/api/v1/services/{service}/live-check");
        let answer = provider.client.post(&path, &json!({})).await;
        let took = asked.elapsed();
        assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("online")), "{answer:?}");
        assert!(!is_timed() || took < PROMISE, "{took:?}, and not {PROMISE:?}");
        eprintln!("a live check beside a sweep and probes: {took:?}");
    }
    let tested = provider.client.post(&known.path("/test"), &Value::Null).await.json();
    assert_eq!(tested["ok"], true, "{tested}");
    assert!(!sweep.is_finished(), "they were answered while the table was printed");
    assert_ne!(active().await, json!([]), "and while lines were probed");
    sweep.await.unwrap().unwrap();
    assert_eq!((router.conversations().len(), router.peak_sessions()), (1, 1), "over one connection");
    assert!(router.peak_commands() <= 8, "{} commands in flight", router.peak_commands());
}
