//! Static customers: their router is asked, and only what it says of them counts.

use crate::support::{Instance, Known, Provider, eventually, instance, router_at};
use imsys::jobs::schedule;
use imsys::work::kind;
use imsys_sim::router::{ArpRow, ArpShown, ArpStatus, Fault, Router, StaticCustomer};
use imsys_sim::trap::Trap;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::time::Instant;

const MAC: &str = "02:00:5E:00:53:01";

pub(crate) async fn watched(address: &str, version: &str) -> (Instance, Provider, Router, Known) {
    let instance = instance().await;
    let provider = instance.provider().await;
    let router = router_at(address, version).await;
    let known = provider.watch(&router).await;
    (instance, provider, router, known)
}

fn customer(last: u8) -> StaticCustomer {
    StaticCustomer::new(Ipv4Addr::new(10, 20, 0, last), MAC, "ether2")
}

fn shown(status: ArpStatus) -> ArpRow {
    ArpRow::Shown(ArpShown::learnt(status, MAC))
}

impl Provider {
    async fn fix(&self, router: &Known, last: u8, vrf: Option<&str>) -> String {
        let address = format!("10.20.0.{last}");
        let body =
            json!({ "kind": "static", "address": address, "mac": MAC, "vrf": vrf, "routerId": router.id });
        let answer = self.client.post("/api/v1/services", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// What a live check says.
    pub(crate) async fn check(&self, service: &str) -> Value {
        let answer = self.client.post(&format!("/api/v1/services/{service}/live-check"), &json!({})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

pub(crate) fn says(diagnosis: &Value, text: &str) -> bool {
    let rows = diagnosis["evidence"].as_array().unwrap();
    rows.iter().any(|row| row["text"].as_str().unwrap().contains(text))
}

#[tokio::test]
async fn a_check_asks_the_router_and_the_customer_is_online() {
    for (address, version) in [("127.8.0.1", "7.18"), ("127.8.0.2", "6.49")] {
        let (instance, provider, router, known) = watched(address, version).await;
        router.add_static(customer(7));
        let service = provider.fix(&known, 7, None).await;
        provider.until_status(&service, "online").await;
        let asked = provider.client.post(&known.path("/check"), &json!({})).await;
        assert_eq!(asked.status, 202, "{asked:?}");
        assert!(instance.metric("imsys_static_checks_total{outcome=\"answered\"}").await > 0);
        assert!(router.peak_sessions() <= 1, "one connection a router");
        assert!(router.peak_commands() <= 8, "at most eight commands in flight");
    }
}

#[tokio::test]
async fn services_created_in_a_row_cost_one_check_that_asks_about_them_alone() {
    let (instance, provider, router, known) = watched("127.8.0.23", "7.18").await;
    for last in 1..=40 {
        router.add_static(StaticCustomer { arp: shown(ArpStatus::Stale), ..customer(last) });
    }
    let mut sheet = "address,router\n".to_owned();
    (1..=30).for_each(|last| sheet += &format!("10.20.0.{last},{}\n", known.id));
    provider.client.send("POST", b"/api/v1/services/import", "text/csv", sheet.as_bytes()).await;
    provider.until_all(&known, "online", "offline").await;
    eventually(|| async { provider.client.get("/api/v1/jobs").await.json()["items"] == json!([]) }).await;
    // The clock asks a paused router nothing.
    assert_eq!(provider.client.patch(&known.path(""), &json!({ "paused": true })).await.status, 200);
    let answered = async || instance.metric("imsys_static_checks_total{outcome=\"answered\"}").await;
    let (before, heard, began) = (answered().await, router.commands().len(), Instant::now());
    for last in 31..=40 {
        provider.fix(&known, last, None).await;
    }
    // One every two seconds, where this machine is so slow that they take longer.
    let most = 1 + began.elapsed().as_secs() / 2;
    provider.until_all(&known, "online", "offline").await;
    let checks = answered().await - before;
    assert!(checks <= most, "{checks} checks");
    let commands = router.commands();
    let of = |path: &str| commands[heard..].iter().filter(|one| one.starts_with(path)).collect::<Vec<_>>();
    let names =
        |command: &str, last: u8| command.split(' ').any(|word| word.ends_with(&format!("=10.20.0.{last}")));
    let probes = of("/tool/ping");
    assert_eq!(probes.len(), 10, "each is probed once: {probes:?}");
    assert!((31..=40).all(|last| probes.iter().any(|probe| names(probe, last))), "{probes:?}");
    for path in ["/ip/arp/print", "/queue/simple/print"] {
        let prints = of(path);
        assert_eq!(prints.len() as u64, checks, "{path}: {prints:?}");
        let asked: Vec<u8> = (1..=40).filter(|last| prints.iter().any(|print| names(print, *last))).collect();
        assert_eq!(asked, (31..=40).collect::<Vec<_>>(), "{path}");
    }
}

#[tokio::test]
async fn what_the_table_does_not_prove_a_probe_decides_and_the_second_silence_is_believed() {
    let (_office, provider, router, known) = watched("127.8.0.3", "7.18").await;
    let alive = router.add_static(StaticCustomer { arp: shown(ArpStatus::Stale), ..customer(7) });
    let service = provider.fix(&known, 7, None).await;
    let told = provider.check(&service).await;
    assert_eq!((told["status"].as_str(), told["source"].as_str()), (Some("online"), Some("probe")), "{told}");
    assert!(says(&told, "stale") && says(&told, "a probe was answered in"), "{told}");
    router.set_alive(alive, false);
    // Two silent probes within three seconds are one; the clock's own check may come in between.
    let told = provider.check(&service).await;
    assert!(says(&told, "not answered"), "{told}");
    eventually(|| async { provider.check(&service).await["status"] == "offline" }).await;
    let told = provider.check(&service).await;
    assert!(says(&told, "probes in a row were not answered"), "{told}");
}

#[tokio::test]
async fn a_failed_row_is_offline_at_once_and_an_ignored_one_is_not_believed() {
    let (_office, provider, router, known) = watched("127.8.0.4", "7.18").await;
    router.add_static(StaticCustomer { arp: shown(ArpStatus::Failed), alive: false, ..customer(7) });
    let disabled = ArpShown { disabled: true, ..ArpShown::learnt(ArpStatus::Reachable, MAC) };
    router.add_static(StaticCustomer { arp: ArpRow::Shown(disabled), ..customer(8) });
    let (failed, ignored) = (provider.fix(&known, 7, None).await, provider.fix(&known, 8, None).await);
    let told = provider.check(&failed).await;
    assert_eq!((told["status"].as_str(), told["source"].as_str()), (Some("offline"), Some("arp")), "{told}");
    let told = provider.check(&ignored).await;
    assert_eq!(told["source"], "probe", "{told}");
    assert!(says(&told, "disabled or invalid"), "{told}");
}

#[tokio::test]
async fn another_device_at_the_address_is_online_and_told() {
    let (_office, provider, router, known) = watched("127.8.0.5", "7.18").await;
    let id = router.add_static(customer(7));
    router.set_mac(id, "02:00:5E:00:53:99");
    router.set_arp(id, ArpRow::Shown(ArpShown::learnt(ArpStatus::Reachable, "02:00:5E:00:53:99")));
    let service = provider.fix(&known, 7, None).await;
    let told = provider.check(&service).await;
    assert_eq!(told["status"], "online", "{told}");
    assert!(says(&told, "another MAC address than the registered one: 02:00:5E:00:53:99"), "{told}");
    let listed = provider.client.get("/api/v1/services?kind=static").await.json();
    assert_eq!(listed["items"][0]["wrongMac"], "02:00:5E:00:53:99", "{listed}");
    router.set_mac(id, MAC);
    router.set_arp(id, ArpRow::Shown(ArpShown::learnt(ArpStatus::Reachable, MAC)));
    provider.check(&service).await;
    assert_eq!(provider.service(&service).await["wrongMac"], Value::Null, "the alert ends with its cause");
}

#[tokio::test]
async fn equal_addresses_behind_two_routers_and_in_two_vrfs_are_different_customers() {
    let (_office, provider, hill, known) = watched("127.8.0.6", "7.18").await;
    let lake = router_at("127.8.0.7", "7.18").await;
    let over_there = provider.watch(&lake).await;
    hill.add_static(customer(7));
    hill.add_static(StaticCustomer {
        vrf: "blue".into(),
        interface: "ether3".into(),
        alive: false,
        arp: shown(ArpStatus::Failed),
        ..customer(7)
    });
    lake.add_static(StaticCustomer { alive: false, arp: shown(ArpStatus::Failed), ..customer(7) });
    let on_hill = provider.fix(&known, 7, None).await;
    let in_blue = provider.fix(&known, 7, Some("blue")).await;
    let on_lake = provider.fix(&over_there, 7, None).await;
    let again = json!({ "kind": "static", "address": "10.20.0.7", "routerId": known.id });
    let refused = provider.client.post("/api/v1/services", &again).await;
    assert_eq!(refused.status, 409, "the address is taken");
    let told = refused.json();
    assert!(told["detail"].as_str().unwrap().contains("on this router has this username, address"), "{told}");
    for (service, status) in [(&on_hill, "online"), (&in_blue, "offline"), (&on_lake, "offline")] {
        let told = provider.check(service).await;
        assert_eq!(told["status"], status, "{told}");
    }
}

#[tokio::test]
async fn nobody_behind_a_router_that_is_gone_is_offline() {
    let (_office, provider, router, known) = watched("127.8.0.8", "7.18").await;
    router.add_static(customer(7));
    let service = provider.fix(&known, 7, None).await;
    provider.until_status(&service, "online").await;
    drop(router);
    eventually(|| async {
        let status = provider.status(&service).await;
        assert_ne!(status, "offline");
        status == "unknown"
    })
    .await;
    let told = provider.check(&service).await;
    assert_eq!(told["status"], "unknown", "{told}");
    assert!(says(&told, "the router is out of reach"), "{told}");
}

#[tokio::test]
async fn a_job_looks_again_at_who_was_silent_once() {
    let (_office, provider, router, known) = watched("127.8.0.9", "7.18").await;
    let alive = router.add_static(StaticCustomer { arp: shown(ArpStatus::Stale), ..customer(7) });
    let service = provider.fix(&known, 7, None).await;
    provider.until_status(&service, "online").await;
    router.set_alive(alive, false);
    let asked = provider.client.post(&known.path("/check"), &json!({})).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    // One request, two polls: nobody asks a second time, and the clock's next check is minutes away.
    provider.until_status(&service, "offline").await;
}

#[tokio::test]
async fn a_router_that_hangs_makes_nobody_offline() {
    let (_office, provider, router, known) = watched("127.8.0.10", "7.18").await;
    router.add_static(customer(7));
    router.add_static(StaticCustomer { alive: false, arp: shown(ArpStatus::Failed), ..customer(8) });
    let (on, off) = (provider.fix(&known, 7, None).await, provider.fix(&known, 8, None).await);
    provider.until_status(&on, "online").await;
    provider.until_status(&off, "offline").await;
    router.strike(Fault::Hang(Duration::from_secs(45)));
    let asked = provider.client.post(&known.path("/check"), &json!({})).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    provider.until_all(&known, "unknown", "nothing").await;
    eventually(|| async {
        provider.status(&on).await == "online" && provider.status(&off).await == "offline"
    })
    .await;
}

/// Forty lines that only a probe can tell about, on a router that knows no `arp-ping`, while it is swept,
/// listened to and asked by people: never more than eight commands at a time, and every line has its answer.
#[tokio::test]
async fn many_probes_share_the_one_connection_with_everything_else() {
    let (_office, provider, router, known) = watched("127.8.0.11", "7.18").await;
    router.conditions(|now| now.arp_ping_trap = Some(Trap::plain("unknown parameter arp-ping")));
    let mut sheet = "address,router\n".to_owned();
    for last in 1..=40 {
        router.add_static(StaticCustomer { arp: shown(ArpStatus::Stale), ..customer(last) });
        sheet += &format!("10.20.0.{last},{}\n", known.id);
    }
    let brought =
        provider.client.send("POST", b"/api/v1/services/import", "text/csv", sheet.as_bytes()).await;
    let one = brought.json()["rows"][0]["serviceId"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        provider.client.post(&known.path("/sweep"), &json!({})).await;
        provider.check(&one).await;
    }
    provider.until_all(&known, "online", "offline").await;
    assert!(router.peak_sessions() <= 1, "one connection a router");
    assert!(router.peak_commands() <= 8, "{} commands in flight", router.peak_commands());
}

#[tokio::test]
async fn a_connection_that_breaks_during_a_check_is_opened_anew_and_nobody_is_unknown() {
    let (instance, provider, router, known) = watched("127.8.0.21", "7.18").await;
    router.add_static(customer(7));
    let service = provider.fix(&known, 7, None).await;
    provider.until_status(&service, "online").await;
    eventually(|| async { provider.client.get("/api/v1/jobs").await.json()["items"] == json!([]) }).await;
    // Its answers take so long that the break comes while it is asked.
    router.conditions(|now| now.latency = Duration::from_secs(1));
    let checks =
        async |outcome| instance.metric(&format!("imsys_static_checks_total{{outcome=\"{outcome}\"}}")).await;
    let answered = checks("answered").await;
    let heard = || router.conversations().iter().map(|one| one.heard).sum::<u64>();
    let before = heard();
    assert_eq!(provider.client.post(&known.path("/check"), &json!({})).await.status, 202);
    // Longer than what keeps a connection alive: it is the check's question.
    eventually(|| async { heard() > before + 80 }).await;
    router.strike(Fault::Reset);
    router.conditions(|now| now.latency = Duration::ZERO);
    eventually(|| async { checks("answered").await + checks("failed").await > answered }).await;
    assert_eq!((checks("answered").await, checks("failed").await), (answered + 1, 0));
    assert_eq!(router.conversations().len(), 2, "the connection did break");
    assert_eq!(provider.status(&service).await, "online");
}

#[tokio::test]
async fn whoever_adds_the_next_job_a_person_who_waits_is_not_put_behind_the_clock() {
    let (instance, provider, router, known) = watched("127.8.0.22", "7.18").await;
    router.add_static(customer(7));
    let service = provider.fix(&known, 7, None).await;
    provider.until_status(&service, "online").await;
    let active = async || {
        let jobs = provider.client.get("/api/v1/jobs?state=active").await.json();
        jobs["items"].as_array().unwrap().first().map(|job| (job["id"].clone(), job["priority"].clone()))
    };
    eventually(|| async { active().await.is_none() }).await;
    router.strike(Fault::Hang(Duration::from_secs(86_400)));
    let (tenant, id) = (provider.tenant, known.router_id());
    schedule(&instance.app, tenant, id, kind("CHECK_STATIC_USERS").unwrap()).await;
    eventually(|| async { active().await.is_some() }).await;
    let (first, _) = active().await.unwrap();
    assert_eq!(provider.client.post(&known.path("/check"), &json!({})).await.status, 202);
    schedule(&instance.app, tenant, id, kind("SWEEP_PPP").unwrap()).await;
    // The router does not answer, so the next job is at work on it for long enough to be seen.
    let next = async || active().await.filter(|(id, _)| *id != first);
    eventually(|| async { next().await.is_some() }).await;
    assert_eq!(next().await.unwrap().1, "person");
}
