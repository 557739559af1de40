use std::net::Ipv4Addr;
use std::time::Duration;

use imsys_sim::router::{ArpRow, ArpShown, ArpStatus, Router, StaticCustomer, StaticId};
use tokio::time::advance;

use crate::client::{Client, Row, router};
use crate::vectors::recorded;

const HOST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 10);
const MAC: &str = "02:5D:F0:00:00:01";
const SECOND: Duration = Duration::from_secs(1);

fn customer() -> StaticCustomer {
    StaticCustomer::new(HOST, MAC, "ether2")
}

/// What stands in his row: MAC address, `complete`, and `status` where the version has it.
fn arp(router: &Router, id: StaticId) -> Option<(Option<String>, String, Option<String>)> {
    let row = format!("*{:X}", router.arp_row(id)?);
    let get = |column| router.get("ip/arp", &row, column);
    Some((get("mac-address"), get("complete")?, get("status")))
}

fn status(router: &Router, id: StaticId) -> Option<String> {
    arp(router, id)?.2
}

fn bytes(router: &Router, queue: &str) -> (u64, u64) {
    let shown = router.get("queue/simple", queue, "bytes").unwrap();
    let (up, down) = shown.split_once('/').unwrap();
    (up.parse().unwrap(), down.parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_entry_of_a_customer_who_is_switched_off_ages_through_all_states_and_vanishes() {
    let router = router("7.18").await;
    let id = router.add_static(customer());
    router.set_alive(id, false);
    let mut seen = Vec::new();
    for _ in 0..90 {
        let now = status(&router, id);
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        advance(SECOND).await;
    }
    let expected = ["reachable", "stale", "delay", "probe", "failed"].map(|word| Some(word.to_owned()));
    assert_eq!(seen, [&expected[..], &[None]].concat());
    assert_eq!(router.count("ip/arp"), 0);
    router.set_alive(id, true);
    assert_eq!(status(&router, id).as_deref(), Some("reachable"));
}

#[tokio::test(start_paused = true)]
async fn who_talks_is_confirmed_and_who_is_silent_stays_stale() {
    let router = router("7.18").await;
    let talks = router.add_static(customer());
    let silent = router.add_static(StaticCustomer { address: Ipv4Addr::new(192, 0, 2, 11), ..customer() });
    router.set_talking(silent, false);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3_000 {
        advance(SECOND / 10).await;
        seen.extend(status(&router, talks));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["delay", "probe", "reachable", "stale"]);
    assert_eq!(status(&router, silent).as_deref(), Some("stale"));
    router.set_talking(silent, true);
    assert_eq!(status(&router, silent).as_deref(), Some("delay"));
}

#[tokio::test(start_paused = true)]
async fn permanent_rows_stay_whatever_the_customer_does() {
    let router = router("7.18").await;
    let id = router.add_static(StaticCustomer { arp: ArpRow::Permanent, ..customer() });
    router.set_alive(id, false);
    advance(3_600 * SECOND).await;
    assert_eq!(arp(&router, id).unwrap(), (Some(MAC.into()), "true".into(), Some("permanent".into())));
    assert_eq!(router.truth().static_online(HOST, "ether2"), Some(false));
    router.set_mac(id, "02:5D:F0:00:00:99");
    assert_eq!(arp(&router, id).unwrap().0.as_deref(), Some(MAC));
}

#[tokio::test(start_paused = true)]
async fn version_6_shows_no_status_and_an_incomplete_entry_as_recorded() {
    let router = router("6.49").await;
    let id = router.add_static(customer());
    assert_eq!(arp(&router, id).unwrap(), (Some(MAC.into()), "true".into(), None));
    router.set_alive(id, false);
    advance(50 * SECOND).await;
    assert_eq!(arp(&router, id).unwrap(), (Some(MAC.into()), "false".into(), None));
    advance(60 * SECOND).await;
    assert_eq!(arp(&router, id), None);
}

#[tokio::test]
async fn a_ping_into_the_void_leaves_an_incomplete_entry() {
    for (version, mac) in [("6.49", None), ("7.18", Some(MAC))] {
        let router = router(version).await;
        let id = router.add_static(StaticCustomer { alive: false, ..customer() });
        assert_eq!(router.arp_row(id), None);
        let mut client = Client::login(&router).await;
        client.rows(&["/tool/ping", "=address=192.0.2.10", "=count=1", "=interval=10ms"]).await;
        let row = &client.rows(&["/ip/arp/print"]).await[0];
        assert_eq!((row.get("complete"), row.get("mac-address")), (Some("false"), mac), "{version}");
        assert_eq!(row.get("status"), (version == "7.18").then_some("incomplete"));
    }
}

#[tokio::test]
async fn every_kind_of_row_can_be_shown() {
    let router = router("7.18").await;
    let id = router.add_static(customer());
    let mut client = Client::login(&router).await;
    for (shown, expected) in [
        (ArpShown::learnt(ArpStatus::Failed, MAC), [Some("failed"), Some(ArpShown::ZERO_MAC), Some("false")]),
        (ArpShown::learnt(ArpStatus::Incomplete, MAC), [Some("incomplete"), Some(MAC), Some("false")]),
        (
            ArpShown { status: None, mac: None, complete: false, ..ArpShown::default() },
            [None, None, Some("false")],
        ),
        (
            ArpShown::learnt(ArpStatus::Reachable, "02:5D:F0:00:00:99"),
            [Some("reachable"), Some("02:5D:F0:00:00:99"), Some("true")],
        ),
    ] {
        router.set_arp(id, ArpRow::Shown(shown));
        let row = &client.rows(&["/ip/arp/print"]).await[0];
        assert_eq!(["status", "mac-address", "complete"].map(|name| row.get(name)), expected);
    }
    for (disabled, invalid) in [(true, false), (false, true)] {
        let shown = ArpShown { disabled, invalid, ..ArpShown::learnt(ArpStatus::Permanent, MAC) };
        router.set_arp(id, ArpRow::Shown(shown));
        assert_eq!(client.rows(&["/ip/arp/print", &format!("?disabled={disabled}")]).await.len(), 1);
        assert_eq!(client.rows(&["/ip/arp/print", &format!("?invalid={invalid}")]).await.len(), 1);
    }
    router.set_arp(id, ArpRow::Absent);
    assert_eq!(client.rows(&["/ip/arp/print"]).await.len(), 0);
    router.set_arp(id, ArpRow::Learnt);
    assert_eq!(status(&router, id).as_deref(), Some("reachable"));
}

#[tokio::test(start_paused = true)]
async fn queue_counters_move_while_he_lives_and_talks_and_begin_again_after_a_reboot() {
    let router = router("7.18").await;
    let id = router.add_static(StaticCustomer { queue: Some("sim-static-0001".into()), ..customer() });
    let target = router.get("queue/simple", "sim-static-0001", "target");
    assert_eq!(target.as_deref(), Some("192.0.2.10/32"));
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "sim-static-0001"), (125_000, 1_250_000));
    router.set_talking(id, false);
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "sim-static-0001"), (125_000, 1_250_000));
    router.set_talking(id, true);
    advance(2 * SECOND).await;
    assert_eq!(bytes(&router, "sim-static-0001"), (150_000, 1_500_000));
    router.set_alive(id, false);
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "sim-static-0001"), (150_000, 1_500_000));
    router.set_alive(id, true);
    router.reboot();
    tokio::time::sleep(SECOND).await;
    assert!(router.reach().answers);
    assert!(bytes(&router, "sim-static-0001").0 < 20_000);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_queue_counts_nothing() {
    let router = router("7.18").await;
    router.add_static(StaticCustomer { queue: Some("q".into()), ..customer() });
    advance(10 * SECOND).await;
    router.paste("/queue simple disable q").unwrap();
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "q"), (125_000, 1_250_000));
    router.paste("/queue simple enable q").unwrap();
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "q"), (250_000, 2_500_000));
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_somebody_removed_is_learnt_again() {
    let router = router("7.18").await;
    let id = router.add_static(customer());
    router.paste("/ip arp remove [find address=192.0.2.10]").unwrap();
    assert_eq!(router.arp_row(id), None);
    advance(60 * SECOND).await;
    assert_eq!(status(&router, id).as_deref(), Some("reachable"));
}

#[tokio::test(start_paused = true)]
async fn strangers_move_the_counter_of_a_customer_who_is_off_in_one_direction() {
    let router = router("7.18").await;
    router.add_static(StaticCustomer { queue: Some("q".into()), alive: false, noise: 40, ..customer() });
    advance(10 * SECOND).await;
    assert_eq!(bytes(&router, "q"), (0, 400));
}

#[tokio::test(start_paused = true)]
async fn a_reboot_forgets_what_was_learnt_and_learns_it_again() {
    let router = router("7.18").await;
    let learnt = router.add_static(customer());
    let bound =
        StaticCustomer { address: Ipv4Addr::new(192, 0, 2, 11), arp: ArpRow::Permanent, ..customer() };
    let permanent = router.add_static(bound);
    router.reboot();
    assert_eq!((router.arp_row(learnt), router.count("ip/arp")), (None, 1));
    router.set_alive(permanent, false);
    tokio::time::sleep(SECOND).await;
    assert_eq!(status(&router, learnt).as_deref(), Some("reachable"));
    assert_eq!(status(&router, permanent).as_deref(), Some("permanent"));
    assert_eq!(router.truth().static_online(Ipv4Addr::new(192, 0, 2, 11), "main"), Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_while_he_lives_and_ends_with_its_arp_entry() {
    let router = router("7.18").await;
    let id = router.add_static(StaticCustomer { arp: ArpRow::Dhcp, ..customer() });
    let lease = |column| router.get("ip/dhcp-server/lease", "*1", column);
    assert_eq!((lease("status").as_deref(), lease("expires-after").as_deref()), (Some("bound"), Some("10m")));
    advance(400 * SECOND).await;
    assert_eq!(lease("expires-after").as_deref(), Some("8m20s"));
    assert_eq!(status(&router, id).as_deref(), Some("permanent"));
    router.set_alive(id, false);
    advance(490 * SECOND).await;
    assert_eq!((router.count("ip/arp"), lease("last-seen").as_deref()), (1, Some("9m50s")));
    advance(20 * SECOND).await;
    assert_eq!((router.count("ip/arp"), router.count("ip/dhcp-server/lease")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn each_interface_has_a_server_that_outlasts_leases_and_restarts() {
    let router = router("7.18").await;
    let by_dhcp = |last, interface: &str, alive| StaticCustomer {
        alive,
        arp: ArpRow::Dhcp,
        ..StaticCustomer::new(Ipv4Addr::new(192, 0, 2, last), MAC, interface)
    };
    router.add_static(customer());
    assert_eq!(router.count("ip/dhcp-server"), 0, "nobody needs one");
    let first = router.add_static(by_dhcp(11, "ether2", false));
    router.add_static(by_dhcp(12, "ether2", true));
    router.add_static(by_dhcp(13, "vlan7", true));
    let servers = || {
        ["sim-dhcp", "sim-dhcp-vlan7"].map(|name| router.get("ip/dhcp-server", name, "interface").unwrap())
    };
    assert_eq!((servers(), router.count("ip/dhcp-server")), (["ether2".into(), "vlan7".into()], 2));
    assert_eq!(router.get("ip/dhcp-server", "sim-dhcp", "relay").as_deref(), Some("0.0.0.0"));
    let lease = |row, column| router.get("ip/dhcp-server/lease", row, column);
    assert_eq!(lease("*1", "active-server").as_deref(), Some("sim-dhcp"));
    assert_eq!(lease("*2", "server").as_deref(), Some("sim-dhcp-vlan7"));
    assert!(router.remove_static(first));
    router.reboot();
    assert_eq!((servers(), router.count("ip/dhcp-server")), (["ether2".into(), "vlan7".into()], 2));
    assert_eq!(router.count("ip/dhcp-server/lease"), 0);
}

#[tokio::test]
async fn leases_and_entries_have_no_fields_but_recorded_ones() {
    let Some(fixtures) = recorded("fixtures.json") else { return };
    for version in ["7.18", "7.23"] {
        let router = router(version).await;
        router.add_static(StaticCustomer { arp: ArpRow::Dhcp, queue: Some("q".into()), ..customer() });
        router.add("ip/address", &[("address", "192.0.2.1/24"), ("interface", "ether2")]).unwrap();
        let mut client = Client::login(&router).await;
        for path in ["ip/arp", "ip/address", "queue/simple", "ip/dhcp-server", "ip/dhcp-server/lease"] {
            let known = &fixtures["readable_fields_by_version"]["menus"][path]["7.22.3"];
            let known: Vec<&str> =
                known.as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
            let Row(words) = &client.rows(&[&format!("/{path}/print")]).await[0];
            let names = words.iter().filter_map(|word| word.strip_prefix('=')?.split_once('='));
            for (name, _) in names.filter(|(name, _)| *name != ".id") {
                assert!(known.contains(&name), "{path} has no {name}");
            }
        }
    }
}

#[tokio::test]
async fn listeners_hear_of_entries_that_come_change_and_go() {
    let router = router("7.18").await;
    router.conditions(|now| now.arp.reachable = Duration::from_millis(30));
    let mut client = Client::login(&router).await;
    client.send(&["/ip/arp/listen", "=.proplist=.id,status", ".tag=1"]).await;
    client.send(&["/system/identity/print", ".tag=2"]).await;
    while client.read().await.unwrap()[0] != "!done" {}
    let id = router.add_static(customer());
    assert_eq!(client.read().await.unwrap(), ["!re", "=.id=*1", "=status=reachable", ".tag=1"]);
    assert_eq!(client.read().await.unwrap(), ["!re", "=.id=*1", "=status=stale", ".tag=1"]);
    assert!(router.remove_static(id));
    assert_eq!(client.read().await.unwrap(), ["!re", "=.id=*1", "=.dead=true", ".tag=1"]);
    assert!(!router.remove_static(id));
}
