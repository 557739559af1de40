//! Towns: people who come and go, faults, and the truth.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::BTreeSet;
use std::time::Duration;

use imsys_sim::model::RedialOrder;
use imsys_sim::router::{Fault, Router, WebhookFaults};
use imsys_sim::sim::{SimOptions, cli_run};
use imsys_sim::town::{Addresses, Form, Life, Planned, RouterTruth, StaticLife, Town, TownConfig, Webhook};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

fn small(life: Life) -> TownConfig {
    TownConfig { routers: 2, customers: 30, life, ..TownConfig::default() }
}

/// A session in the words of the town: who, from which device, at which address, over which interface.
type Seen = (String, String, String, String);

/// Everyone who is online.
fn online(truth: &RouterTruth) -> Vec<Seen> {
    let sessions = truth.customers.iter().flat_map(|customer| &customer.sessions);
    sessions
        .map(|one| (one.user.clone(), one.mac.clone(), one.address.clone(), one.interface.clone()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_lives_the_same_life_and_another_seed_another() {
    let mut lives = Vec::new();
    for seed in [7, 7, 8] {
        let town = Town::start(TownConfig { seed, ..small(Life::default()) }).await.unwrap();
        sleep(120 * SECOND).await;
        lives.push(town.truth().iter().map(online).collect::<Vec<_>>());
        town.stop().await;
    }
    assert_eq!(lives[0], lives[1]);
    assert_ne!(lives[0], lives[2]);
}

#[tokio::test]
async fn names_are_plainly_simulated_and_never_used_twice() {
    let town = Town::start(small(Life::still())).await.unwrap();
    let truth = town.truth();
    let users: BTreeSet<&str> = truth
        .iter()
        .flat_map(|router| router.customers.iter().map(|customer| customer.user.as_str()))
        .collect();
    assert_eq!(users.len(), 60);
    assert!(users.iter().all(|user| user.starts_with("sim-")));
    assert_eq!(truth[1].customers[0].user, "sim-0031");
    let comment = town.router(1).unwrap().get("ppp/secret", "sim-0031", "comment");
    assert_eq!(comment.as_deref(), Some("Paula Hollowell"));
    let names: Vec<String> = town.routers().into_iter().map(|router| router.name).collect();
    assert_eq!(names, ["sim-north", "sim-harbour"]);
}

#[tokio::test(start_paused = true)]
async fn people_come_and_go_and_the_share_online_stays() {
    let town = Town::start(small(Life::default())).await.unwrap();
    let before = online(&town.truth()[0]);
    assert!((18..=30).contains(&before.len()), "{}", before.len());
    let mut twins = 0;
    for _ in 0..200 {
        sleep(10 * SECOND).await;
        let truth = &town.truth()[0];
        twins += truth.customers.iter().filter(|customer| customer.sessions.len() > 1).count();
        assert!((15..=40).contains(&online(truth).len()), "{}", online(truth).len());
    }
    let after = online(&town.truth()[0]);
    assert!(before.iter().all(|session| !after.contains(session)), "somebody never moved");
    assert!(twins > 0);
    assert!(town.truth()[0].customers.iter().all(|customer| customer.changed.is_some()));
}

#[tokio::test(start_paused = true)]
async fn whoever_is_thrown_out_dials_again() {
    let town = Town::start(small(Life { online_at_start: 1.0, ..Life::still() })).await.unwrap();
    let router = town.router(0).unwrap();
    let id = router.sessions_of("sim-0003")[0].id;
    router.paste("/ppp active remove [find name=\"sim-0003\"]").unwrap();
    assert!(router.sessions_of("sim-0003").is_empty());
    sleep(6 * SECOND).await;
    assert!(router.sessions_of("sim-0003")[0].id > id);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_disabled_stays_out_until_he_is_enabled() {
    let town = Town::start(small(Life { online_at_start: 1.0, ..Life::still() })).await.unwrap();
    let router = town.router(0).unwrap();
    router.paste("/ppp secret disable sim-0003\n/ppp active remove [find name=sim-0003]").unwrap();
    sleep(60 * SECOND).await;
    assert!(router.sessions_of("sim-0003").is_empty());
    router.paste("/ppp secret enable sim-0003").unwrap();
    sleep(12 * SECOND).await;
    assert_eq!(router.sessions_of("sim-0003").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_reboot_everyone_dials_again_over_time() {
    let life = Life { online_at_start: 1.0, ..Life::still() };
    let town = Town::start(small(life)).await.unwrap();
    let count = || online(&town.truth()[0]).len();
    town.router(0).unwrap().reboot();
    assert_eq!((count(), town.truth()[0].reach.answers), (0, false));
    sleep(9 * SECOND).await;
    assert!(town.truth()[0].reach.answers);
    let soon = count();
    sleep(4 * SECOND).await;
    assert!(soon < count() && count() < 30, "{soon} {}", count());
    sleep(8 * SECOND).await;
    assert_eq!(count(), 30);
    assert_eq!(online(&town.truth()[1]).len(), 30);
}

#[tokio::test(start_paused = true)]
async fn planned_faults_strike_on_time_and_are_counted() {
    let hang = Planned { after: 5 * SECOND, router: 1, fault: Fault::Hang(10 * SECOND) };
    let reboot = Planned { after: 2 * SECOND, router: 0, fault: Fault::Reboot };
    let town = Town::start(TownConfig { planned: vec![hang, reboot], ..small(Life::still()) }).await.unwrap();
    let answers = || town.truth().iter().map(|router| router.reach.answers).collect::<Vec<_>>();
    assert_eq!(answers(), [true, true]);
    let start = town.truth()[1].reach.since;
    sleep(3 * SECOND).await;
    assert_eq!(answers(), [false, true]);
    sleep(3 * SECOND).await;
    assert_eq!(answers(), [false, false]);
    assert!((4_900..5_200).contains(&(town.truth()[1].reach.since - start)));
    sleep(20 * SECOND).await;
    assert_eq!(answers(), [true, true]);
    let counts = town.fault_counts();
    assert_eq!((counts.hangs, counts.reboots, counts.total()), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn random_troubles_strike_now_and_then() {
    let config = TownConfig { troubles: Some(20 * SECOND), ..small(Life::default()) };
    let town = Town::start(config).await.unwrap();
    sleep(1_200 * SECOND).await;
    let counts = town.fault_counts();
    assert!((30..=100).contains(&counts.total()), "{counts:?}");
    assert!(
        counts.reboots > 0 && counts.hangs > 0 && counts.power_cuts > 0 && counts.breaks > 0,
        "{counts:?}"
    );
}

/// The bodies and peers of the calls made to it.
async fn sink() -> (String, tokio::sync::mpsc::UnboundedReceiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1/webhooks/ppp", listener.local_addr().unwrap());
    let (calls, received) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, peer)) = listener.accept().await {
            let calls = calls.clone();
            tokio::spawn(async move {
                let mut bytes = vec![0; 4_096];
                let length = stream.read(&mut bytes).await.unwrap();
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                calls.send((peer.ip().to_string(), text)).unwrap();
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.ok();
            });
        }
    });
    (url, received)
}

fn only(router: &Router, user: &str) {
    let session = router.dial(user, "02:5D:00:00:00:01").unwrap();
    router.hang_up(session.id, imsys_sim::router::Cause::HungUp);
}

#[tokio::test]
async fn installed_webhooks_call_from_each_routers_own_address() {
    let (url, mut calls) = sink().await;
    let life = Life { online_at_start: 0.0, ..Life::still() };
    let addresses = Addresses::Loopbacks { net: 83, port: 0 };
    let town = Town::start(TownConfig { addresses, ..small(life) }).await.unwrap();
    let keyed = Webhook { url: url.clone(), token: Some("t".into()), form: Form::Keyed };
    let plain = Webhook { url, token: None, form: Form::Plain { router: "R2".into() } };
    town.install_webhook(0, &keyed).unwrap();
    town.install_webhook(1, &plain).unwrap();
    only(town.router(0).unwrap(), "sim-0001");
    let (peer, text) = calls.recv().await.unwrap();
    assert_eq!(peer, "127.0.83.1");
    assert!(
        text.starts_with("POST /api/v1/webhooks/ppp HTTP/1.1\r\n")
            && text.contains("\r\nX-IMSys-Token:t\r\n")
    );
    calls.recv().await.unwrap();
    only(town.router(1).unwrap(), "sim-0031");
    let (peer, text) = calls.recv().await.unwrap();
    assert_eq!(peer, "127.0.83.2");
    assert!(text.contains("?user=sim-0031&status=") && text.contains("&router=R2 HTTP/1.1"), "{text}");
}

#[tokio::test]
async fn faults_of_webhooks_are_counted_for_the_town() {
    let (url, _calls) = sink().await;
    let webhooks = WebhookFaults { lost: 0.5, ..WebhookFaults::default() };
    let life = Life { online_at_start: 0.0, ..Life::still() };
    let town = Town::start(TownConfig { webhooks, ..small(life) }).await.unwrap();
    town.install_webhook(0, &Webhook { url, token: None, form: Form::Keyed }).unwrap();
    for _ in 0..40 {
        only(town.router(0).unwrap(), "sim-0001");
    }
    let router = town.router(0).unwrap();
    let settled = || router.hook_counts().accepted + router.hook_counts().lost == 80;
    while !settled() {
        sleep(Duration::from_millis(5)).await;
    }
    assert!((20..=60).contains(&town.fault_counts().lost), "{:?}", town.fault_counts());
}

#[tokio::test(start_paused = true)]
async fn a_single_order_of_redials_can_be_asked_for() {
    for (redial_order, both_stand) in [(RedialOrder::NewFirst, true), (RedialOrder::OldFirst, false)] {
        let life =
            Life { redials: 1.0, twins: 0.0, redial_order, mean_session: 10 * SECOND, ..Life::default() };
        let town = Town::start(small(life)).await.unwrap();
        let mut seen = false;
        for _ in 0..400 {
            sleep(Duration::from_millis(100)).await;
            seen |= town.truth()[0].customers.iter().any(|customer| customer.sessions.len() > 1);
        }
        assert_eq!(seen, both_stand, "{redial_order:?}");
    }
}

#[tokio::test]
async fn a_stopped_town_is_gone() {
    let town = Town::start(small(Life::default())).await.unwrap();
    let addresses: Vec<_> = town.routers().into_iter().map(|router| router.address).collect();
    assert!(addresses.iter().all(|address| std::net::TcpStream::connect(address).is_ok()));
    town.stop().await;
    assert!(addresses.iter().all(|address| std::net::TcpStream::connect(address).is_err()));
}

#[tokio::test]
async fn twenty_thousand_customers_of_one_router_start_at_once() {
    let config = TownConfig { routers: 1, customers: 20_000, ..TownConfig::default() };
    let town = Town::start(config).await.unwrap();
    let truth = &town.truth()[0];
    assert_eq!(truth.customers.len(), 20_000);
    assert!((16_500..17_500).contains(&online(truth).len()));
}

#[tokio::test]
async fn the_command_gives_addresses_and_refuses_urls_that_cannot_stand_in_a_script() {
    let options = SimOptions { routers: 2, first_port: 0, ..SimOptions::default() };
    let webhook = Some("http://127.0.0.1:9/hook?key=1".to_owned());
    let running = cli_run(SimOptions { webhook, ..options.clone() }).await.unwrap();
    assert_eq!(running.addresses.len(), 2);
    let script = running.town.router(1).unwrap().get("ppp/profile", "default", "on-down").unwrap();
    assert!(
        script.contains("http://127.0.0.1:9/hook?key=1&user=$user&status=down&router=sim-harbour"),
        "{script}"
    );
    for url in ["http://x/\"$(", "https://x/"] {
        assert!(cli_run(SimOptions { webhook: Some(url.into()), ..options.clone() }).await.is_err());
    }
}

fn with_statics(static_life: StaticLife) -> TownConfig {
    TownConfig { static_customers_per_router: 60, static_life, ..small(Life::default()) }
}

#[tokio::test(start_paused = true)]
async fn static_customers_come_and_go_and_the_others_live_as_without_them() {
    let mut others = Vec::new();
    for config in [small(Life::default()), with_statics(StaticLife::default())] {
        let town = Town::start(config).await.unwrap();
        sleep(120 * SECOND).await;
        others.push(town.truth().iter().map(online).collect::<Vec<_>>());
        if town.truth()[0].statics.is_empty() {
            continue;
        }
        let mut seen = BTreeSet::new();
        for _ in 0..60 {
            sleep(10 * SECOND).await;
            let truth = &town.truth()[0];
            let alive = truth.statics.iter().filter(|one| one.online).count();
            assert!((35..=60).contains(&alive), "{alive}");
            seen.extend(truth.statics.iter().filter(|one| !one.online).map(|one| one.address));
        }
        assert!(seen.len() > 30, "{}", seen.len());
    }
    assert_eq!(others[0], others[1]);
}

#[tokio::test(start_paused = true)]
async fn tables_hint_at_static_customers_in_all_the_ways_of_a_real_network() {
    let town = Town::start(with_statics(StaticLife::default())).await.unwrap();
    let router = town.router(0).unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        sleep(SECOND).await;
        let status = |id: u32| router.get("ip/arp", &format!("*{id:X}"), "status");
        seen.extend(router.ids("ip/arp").into_iter().filter_map(status));
    }
    assert_eq!(Vec::from_iter(seen), ["delay", "failed", "permanent", "probe", "reachable", "stale"]);
    assert!((40..60).contains(&router.count("queue/simple")));
    assert!(router.count("ip/dhcp-server/lease") > 0);
    let truth = town.truth();
    let addresses = truth.iter().flat_map(|one| &one.statics).map(|one| one.address);
    assert_eq!(addresses.collect::<BTreeSet<_>>().len(), 120);
    assert!(truth[1].static_online([10, 128, 1, 2].into(), "ether2").is_some());
}

#[tokio::test(start_paused = true)]
async fn still_static_customers_stay_as_they_are() {
    let town = Town::start(with_statics(StaticLife::still())).await.unwrap();
    let before = town.truth()[0].statics.clone();
    sleep(600 * SECOND).await;
    assert_eq!(before, town.truth()[0].statics);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_static_customers_live_on_one_router() {
    let config =
        TownConfig { routers: 1, customers: 0, static_customers_per_router: 10_000, ..TownConfig::default() };
    let town = Town::start(config).await.unwrap();
    sleep(120 * SECOND).await;
    let online = town.truth()[0].statics.iter().filter(|one| one.online).count();
    assert!((7_500..9_500).contains(&online), "{online}");
}
