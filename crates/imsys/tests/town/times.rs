//! Losing a router and finding it again: unknown is not offline.

use crate::support::{Instance, Known, Provider, eventually, instance, is_timed, router_with};
use imsys_sim::router::{Cause, Fault, Router};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

const ONLINE: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// Within which a router's customers are unknown after it broke off.
const BROKEN_OFF: Duration = Duration::from_secs(15);
/// The same after it hangs.
const HANGS: Duration = Duration::from_secs(30);
/// Within which a router that is back is known after a person asked.
const ASKED: Duration = Duration::from_secs(5);

/// Ten times as long where other work shares the machine.
#[track_caller]
fn assert_within(promise: Duration, began: Instant) {
    let most = if is_timed() { promise } else { promise * 10 };
    assert!(began.elapsed() < most, "{:?}, and not {promise:?}", began.elapsed());
}

/// A watched router with six customers online, and one who is not.
async fn stage(address: &str) -> (Instance, Provider, Router, Known) {
    let router = router_with(address, "7.18", |config| {
        config.boot_time = Duration::from_secs(2);
        config.partial_for = Duration::ZERO;
    })
    .await;
    for name in ONLINE.into_iter().chain(["off"]) {
        router.add("ppp/secret", &[("name", name), ("service", "pppoe")]).unwrap();
    }
    for name in ONLINE {
        let session = router.dial(name, "02:5D:00:00:00:01").unwrap();
        router.turn("ppp/active", session.id, &[("uptime", b"1h5m")]);
    }
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let imported = provider.client.post(&known.path("/import"), &json!({})).await.json();
    assert_eq!(imported["created"], 7, "{imported}");
    known_again(&provider, &known).await;
    (instance, provider, router, known)
}

/// Six are online and one is offline.
async fn known_again(provider: &Provider, router: &Known) {
    let wanted: Vec<_> = ["offline"].into_iter().chain(["online"; 6]).collect();
    eventually(|| async { provider.statuses(router).await == wanted }).await;
}

/// All become unknown; those who were online are never shown offline.
async fn lost(provider: &Provider, router: &Known, within: Duration) {
    let began = Instant::now();
    eventually(|| async {
        let statuses = provider.statuses(router).await;
        let offline = statuses.iter().filter(|status| *status == "offline").count();
        assert!(offline <= 1, "{statuses:?}");
        statuses.iter().all(|status| status == "unknown")
    })
    .await;
    assert_within(within, began);
    assert_eq!(provider.router(router).await["state"], "down");
}

/// A person asks; the router's customers are known within seconds, whatever the back-off.
async fn found(provider: &Provider, router: &Known) {
    let asked = Instant::now();
    assert_eq!(provider.client.post(&router.path("/sweep"), &json!({})).await.status, 202);
    known_again(provider, router).await;
    assert_within(ASKED, asked);
    assert_eq!(provider.router(router).await["state"], "up");
}

#[tokio::test]
async fn a_router_that_breaks_off_and_refuses_makes_its_customers_unknown_until_it_is_back() {
    let (_office, provider, router, known) = stage("127.4.0.1").await;
    let away = Duration::from_secs(25);
    let gone = Instant::now();
    router.strike(Fault::Refuse(away));
    router.strike(Fault::Reset);
    lost(&provider, &known, BROKEN_OFF).await;
    assert_eq!(provider.router(&known).await["reason"], "connection refused");
    tokio::time::sleep_until(gone + away).await;
    found(&provider, &known).await;
}

#[tokio::test]
async fn a_connection_that_breaks_and_is_made_again_at_once_changes_no_status() {
    let (_office, provider, router, known) = stage("127.4.0.2").await;
    for fault in [Fault::Reset, Fault::Fatal] {
        let swept = provider.router(&known).await["lastSweepAt"].clone();
        router.strike(fault);
        eventually(|| async {
            assert!(!provider.statuses(&known).await.iter().any(|status| status == "unknown"));
            provider.router(&known).await["lastSweepAt"] != swept
        })
        .await;
        known_again(&provider, &known).await;
    }
}

#[tokio::test]
async fn a_router_that_hangs_makes_its_customers_unknown_until_it_answers() {
    let (_office, provider, router, known) = stage("127.4.0.3").await;
    let away = Duration::from_secs(60);
    let gone = Instant::now();
    router.strike(Fault::Hang(away));
    lost(&provider, &known, HANGS).await;
    assert_eq!(provider.router(&known).await["reason"], "the router does not answer");
    tokio::time::sleep_until(gone + away).await;
    found(&provider, &known).await;
}

#[tokio::test]
async fn a_reboot_ends_the_sessions_with_its_name_and_keeps_the_history() {
    let (_office, provider, router, known) = stage("127.4.0.4").await;
    let list = provider.client.get("/api/v1/services?q=a&limit=1").await.json();
    let a = list["items"][0]["id"].as_str().unwrap().to_owned();
    router.strike(Fault::Reboot);
    provider.until_status(&a, "offline").await;
    for name in ["b", "a"] {
        router.dial(name, "02:5D:00:00:00:01").unwrap();
    }
    provider.until_status(&a, "online").await;
    let history = provider.client.get(&format!("/api/v1/services/{a}/sessions")).await.json();
    let items = history["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{history}");
    assert!(items[0]["endedAt"].is_null(), "{history}");
    assert_eq!(items[1]["cause"], "reboot", "{history}");
    provider.until_router(&known, |router| router["state"] == "up").await;
}

#[tokio::test]
async fn a_table_that_lost_most_of_its_rows_is_read_again_before_it_is_believed() {
    let (instance, provider, router, known) = stage("127.4.0.5").await;
    assert_eq!(instance.metric("imsys_sweeps_total{outcome=\"suspicious\"}").await, 0);
    let away = Duration::from_secs(25);
    let gone = Instant::now();
    router.strike(Fault::Refuse(away));
    router.strike(Fault::Reset);
    lost(&provider, &known, BROKEN_OFF).await;
    for session in router.sessions().into_iter().skip(1) {
        router.hang_up(session.id, Cause::HungUp);
    }
    tokio::time::sleep_until(gone + away).await;
    provider.client.post(&known.path("/sweep"), &json!({})).await;
    let accepted = instance.metric("imsys_sweeps_total{outcome=\"accepted\"}").await;
    eventually(|| async {
        let offline = provider.statuses(&known).await.iter().filter(|status| *status == "offline").count();
        if offline > 1 {
            assert_eq!(instance.metric("imsys_sweeps_total{outcome=\"suspicious\"}").await, 1);
        }
        offline == 6
    })
    .await;
    assert!(instance.metric("imsys_sweeps_total{outcome=\"accepted\"}").await >= accepted);
}

#[tokio::test]
async fn a_young_router_that_leaves_rows_out_takes_nobody_offline_who_is_shown_by_listen() {
    let router = router_with("127.4.0.6", "7.18", |config| {
        config.boot_time = Duration::from_secs(1);
        config.partial_for = Duration::from_secs(8);
    })
    .await;
    for name in ONLINE {
        router.add("ppp/secret", &[("name", name), ("service", "pppoe")]).unwrap();
    }
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    provider.client.post(&known.path("/import"), &json!({})).await;
    router.paste(&provider.script(&known, "part=hooks").await).unwrap();
    let before = router.conversations().len();
    router.strike(Fault::Reboot);
    eventually(|| async { router.conversations().len() > before }).await;
    provider.until_router(&known, |now| now["listening"] == true).await;
    for name in ONLINE {
        router.dial(name, "02:5D:00:00:00:01").unwrap();
    }
    provider.until_all(&known, "online", "never").await;
    let end = Instant::now() + Duration::from_secs(8);
    while Instant::now() < end {
        assert_eq!(provider.statuses(&known).await, ["online"; 6]);
        provider.client.post(&known.path("/sweep"), &json!({})).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn routers_with_the_same_names_never_mix() {
    let (_office, provider, router, known) = stage("127.4.0.7").await;
    let twin = router_with("127.4.0.8", "6.49", |_| {}).await;
    for name in ONLINE {
        twin.add("ppp/secret", &[("name", name), ("service", "pppoe")]).unwrap();
    }
    let other = provider.watch(&twin).await;
    provider.client.post(&other.path("/import"), &json!({})).await;
    provider.until_all(&other, "offline", "online").await;
    known_again(&provider, &known).await;
    twin.dial("a", "02:5D:00:00:00:01").unwrap();
    eventually(|| async {
        provider.statuses(&other).await.iter().filter(|status| *status == "online").count() == 1
    })
    .await;
    for session in router.sessions() {
        router.hang_up(session.id, Cause::PeerRequest);
    }
    provider.until_all(&known, "offline", "unknown").await;
    assert_eq!(provider.statuses(&other).await.iter().filter(|status| *status == "online").count(), 1);
}

#[tokio::test]
async fn a_router_that_hangs_up_again_and_again_is_not_dialled_without_a_pause() {
    let (_office, provider, router, known) = stage("127.4.0.9").await;
    let before = router.conversations().len();
    let end = Instant::now() + Duration::from_secs(6);
    while Instant::now() < end {
        // As soon as its table has been read.
        if router.conversations().last().is_some_and(|one| one.open && one.heard > 300) {
            router.strike(Fault::Reset);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let dialled = router.conversations().len() - before;
    assert!((2..20).contains(&dialled), "{dialled} connections");
    known_again(&provider, &known).await;
}
