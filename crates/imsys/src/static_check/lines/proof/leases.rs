//! Lines by DHCP: the lease tells the address and its server the interface; that it runs proves nothing.

use super::{Checked, Presence, Reply, Row, Seven, Source, StaticLine, Status, by_hand, count, recorded};
use super::{answered, at, question, router, silent, verdict};
use crate::static_check::lines::ask;
use imsys_domain::ServiceId;
use imsys_domain::presence::{ArpState, Bridge, LeaseSeen, ProbeSeen, Seen};
use std::collections::HashMap;

const DEVICE: &str = "B8:88:E3:39:EF:E6";
const STRANGER: &str = "02:00:5E:00:53:99";

fn line() -> StaticLine {
    StaticLine {
        id: ServiceId::new(at(0), [7; 10]),
        address: None,
        mac: DEVICE.parse().ok(),
        interface: None,
        vrf: None,
        checked: None,
    }
}

fn lease(address: &str, mac: &str, status: &str) -> Row {
    by_hand(&[
        ("active-address", address),
        ("active-mac-address", mac),
        ("server", "lan"),
        ("status", status),
    ])
}

fn server(relay: &str) -> Row {
    by_hand(&[("name", "lan"), ("interface", "bridge"), ("relay", relay)])
}

fn arp(address: &str, mac: &str, status: &str, interface: &str) -> Row {
    by_hand(&[
        ("address", address),
        ("mac-address", mac),
        ("status", status),
        ("interface", interface),
        ("dynamic", "true"),
    ])
}

/// What a check of the line sees, and the attributes of its first ping.
async fn look(line: &StaticLine, now: i64, tables: &[(&'static str, Reply)]) -> (Seen, Option<Vec<String>>) {
    let tables: HashMap<&str, Reply> = tables.iter().cloned().collect();
    let (client, heard) = router(move |words| {
        tables.get(words[0].as_str()).cloned().unwrap_or_else(|| Reply::Rows(Vec::new()))
    });
    let mut asked = ask(&client, question(vec![line.clone()], Seven, at(now))).await.unwrap();
    assert_eq!((asked.seen.len(), asked.left), (1, 0));
    let ping =
        heard.lock().unwrap().iter().find(|words| words[0] == "/tool/ping").map(|words| words[1..].to_vec());
    (asked.seen.remove(0).1, ping)
}

fn bound(address: &str) -> Option<LeaseSeen> {
    Some(LeaseSeen::Bound { address: address.parse().unwrap() })
}

#[tokio::test]
async fn a_recorded_lease_tells_where_its_device_is() {
    for (version, n, mac, address) in
        [("v5/v6", 0, DEVICE, "192.168.6.95"), ("7.x REST", 0, "C0:F5:35:00:BD:08", "192.168.40.13")]
    {
        let Some(row) = recorded("/ip/dhcp-server/lease/print", version, n) else { return };
        let line = StaticLine { mac: mac.parse().ok(), ..line() };
        let there = arp(address, mac, "reachable", "bridge");
        let tables = [
            ("/ip/dhcp-server/lease/print", Reply::Rows(vec![row])),
            ("/ip/arp/print", Reply::Rows(vec![there])),
        ];
        let (seen, ping) = look(&line, 0, &tables).await;
        assert_eq!((seen.lease, ping), (bound(address), None), "{version}");
        let state = verdict(Presence::unknown(at(-9)), 0, seen).0;
        assert_eq!((state.status, state.source), (Status::Online, Some(Source::Arp)), "{version}");
    }
    let Some(reserved) = recorded("/ip/dhcp-server/lease/print", "7.x", 0) else { return };
    let absent = StaticLine { mac: "00:00:5E:00:53:03".parse().ok(), ..line() };
    let (seen, _) = look(&absent, 0, &[("/ip/dhcp-server/lease/print", Reply::Rows(vec![reserved]))]).await;
    assert_eq!(seen.lease, Some(LeaseSeen::Missing), "a reservation that nobody uses");
}

#[tokio::test]
async fn a_lease_that_runs_proves_nothing_and_the_device_is_probed_where_its_server_is() {
    let (Some(answered), Some(silent)) = (answered(Seven), silent()) else { return };
    for (relay, networks, expected) in [
        ("0.0.0.0", vec![], vec!["=interface=bridge", "=arp-ping=yes"]),
        (
            "0.0.0.0",
            vec![by_hand(&[("address", "10.20.0.1/24"), ("interface", "bridge"), ("vrf", "blue")])],
            vec!["=vrf=blue", "=interface=bridge", "=arp-ping=yes"],
        ),
        // Behind a relay nobody hears an ARP request.
        ("10.9.9.9", vec![], vec![]),
        (
            "10.9.9.9",
            vec![by_hand(&[("address", "10.9.9.1/24"), ("interface", "bridge"), ("vrf", "blue")])],
            vec!["=vrf=blue"],
        ),
    ] {
        let tables = |ping: &Reply| {
            [
                ("/ip/dhcp-server/lease/print", Reply::Rows(vec![lease("10.20.0.7", DEVICE, "bound")])),
                ("/ip/dhcp-server/print", Reply::Rows(vec![server(relay)])),
                ("/ip/address/print", Reply::Rows(networks.clone())),
                ("/tool/ping", ping.clone()),
            ]
        };
        let (seen, ping) = look(&line(), 0, &tables(&answered)).await;
        let words: Vec<_> = ["=address=10.20.0.7", "=count=1"].into_iter().chain(expected).collect();
        assert_eq!(ping.unwrap(), words);
        let state = verdict(Presence::unknown(at(-9)), 0, seen).0;
        assert_eq!((state.status, state.source), (Status::Online, Some(Source::Probe)));
        let (seen, _) = look(&line(), 10, &tables(&silent)).await;
        let state = verdict(state, 10, seen.clone()).0;
        assert_eq!(state.status, Status::Online, "once may be chance");
        assert_eq!(verdict(state, 20, seen).0.status, Status::Offline);
    }
}

#[tokio::test]
async fn a_leased_device_behind_a_bridge_is_online_with_a_note_and_without_an_alert() {
    let bridge = |shared| Some(Bridge { mac: STRANGER.parse().unwrap(), shared });
    let shown = |mac: &str| Reply::Rows(vec![by_hand(&[("seq", "0"), ("host", mac), ("time", "1ms")])]);
    let own = lease("10.20.0.7", DEVICE, "bound");
    let neighbour = lease("10.20.0.8", "02:00:5E:00:53:08", "bound");
    let there = |last: &str, status| arp(&format!("10.20.0.{last}"), STRANGER, status, "bridge");
    let refused = Reply::Trap("failure: no");
    for (leases, rows, ping, source, noted) in [
        (vec![own.clone()], vec![there("7", "reachable")], refused.clone(), Source::Arp, bridge(false)),
        (
            vec![own.clone(), neighbour.clone()],
            vec![there("7", "reachable"), there("8", "stale")],
            refused,
            Source::Arp,
            bridge(true),
        ),
        (vec![own.clone()], vec![there("7", "stale")], shown(STRANGER), Source::Probe, bridge(false)),
        (
            vec![own.clone(), neighbour],
            vec![there("7", "stale"), there("8", "failed")],
            shown(STRANGER),
            Source::Probe,
            bridge(false),
        ),
        (vec![own.clone()], vec![], shown(STRANGER), Source::Probe, bridge(false)),
        (vec![own], vec![there("7", "stale")], shown(DEVICE), Source::Probe, None),
    ] {
        let tables = [
            ("/ip/dhcp-server/lease/print", Reply::Rows(leases)),
            ("/ip/dhcp-server/print", Reply::Rows(vec![server("")])),
            ("/ip/arp/print", Reply::Rows(rows)),
            ("/tool/ping", ping),
        ];
        let (seen, _) = look(&line(), 0, &tables).await;
        assert_eq!((seen.wrong_mac, seen.bridge), (None, noted), "{seen:?}");
        let state = verdict(Presence::unknown(at(-9)), 0, seen).0;
        assert_eq!((state.status, state.source), (Status::Online, Some(source)));
    }
}

#[tokio::test]
async fn a_device_behind_a_bridge_that_answers_nothing_is_offline() {
    let Some(silent) = silent() else { return };
    let tables = [
        ("/ip/dhcp-server/lease/print", Reply::Rows(vec![lease("10.20.0.7", DEVICE, "bound")])),
        ("/ip/arp/print", Reply::Rows(vec![arp("10.20.0.7", STRANGER, "stale", "bridge")])),
        ("/tool/ping", silent),
    ];
    let mut state = Presence { status: Status::Online, ..Presence::unknown(at(-9)) };
    for (now, status) in [(10, Status::Online), (20, Status::Offline)] {
        let (seen, _) = look(&line(), now, &tables).await;
        state = verdict(state, now, seen).0;
        assert_eq!(state.status, status);
    }
}

#[tokio::test]
async fn without_a_lease_another_device_at_the_address_is_not_this_customer() {
    let shown = |mac: &str| Reply::Rows(vec![by_hand(&[("seq", "0"), ("host", mac), ("time", "1ms")])]);
    let tables = |ping: Reply| {
        [
            ("/ip/arp/print", Reply::Rows(vec![arp("10.20.0.7", DEVICE, "stale", "bridge")])),
            ("/tool/ping", ping),
        ]
    };
    let (seen, _) = look(&line(), 0, &tables(shown(STRANGER))).await;
    assert_eq!((seen.probe, seen.wrong_mac), (Some(ProbeSeen::Silent), STRANGER.parse().ok()));
    let (seen, _) = look(&line(), 0, &tables(shown(DEVICE))).await;
    assert!(matches!(seen.probe, Some(ProbeSeen::Answered { .. })), "{seen:?}");
    assert_eq!((seen.wrong_mac, seen.bridge), (None, None));
}

#[tokio::test]
async fn without_a_lease_a_device_that_is_in_the_arp_table_is_there() {
    for (status, online) in [("reachable", true), ("failed", false)] {
        let own =
            [arp("10.20.0.9", STRANGER, "reachable", "bridge"), arp("10.20.0.8", DEVICE, status, "ether3")];
        let (seen, ping) = look(&line(), 0, &[("/ip/arp/print", Reply::Rows(own.to_vec()))]).await;
        assert_eq!((seen.lease, ping), (Some(LeaseSeen::Missing), None));
        assert_eq!(seen.arp.as_ref().map(|row| &*row.interface), Some("ether3"));
        let state = verdict(Presence::unknown(at(-9)), 0, seen).0;
        assert_eq!(state.status, if online { Status::Online } else { Status::Offline }, "{status}");
    }
}

#[tokio::test]
async fn of_several_rows_of_a_device_the_one_that_says_most_counts() {
    let there = arp("10.20.0.8", DEVICE, "reachable", "ether3");
    let old = arp("10.20.0.9", DEVICE, "incomplete", "ether3");
    for rows in [vec![there.clone(), old.clone()], vec![old, there]] {
        let (seen, _) = look(&line(), 0, &[("/ip/arp/print", Reply::Rows(rows))]).await;
        assert_eq!(verdict(Presence::unknown(at(-9)), 0, seen).0.status, Status::Online);
    }
}

#[tokio::test]
async fn a_silence_that_came_too_soon_to_count_is_looked_at_again() {
    let (client, _) = router(|_| Reply::Rows(Vec::new()));
    let missing = Seen { lease: Some(LeaseSeen::Missing), ..Seen::default() };
    let checked = Some(Checked { at: at(0), seen: missing, silent: 1, silent_at: Some(at(0)) });
    let line = StaticLine { checked, ..line() };
    for (now, doubtful) in [(2, 1), (4, 0)] {
        let asked = ask(&client, question(vec![line.clone()], Seven, at(now))).await.unwrap();
        assert_eq!(asked.doubtful, doubtful, "after {now} s");
    }
}

#[tokio::test]
async fn without_a_lease_and_a_row_it_is_offline_when_two_checks_agree() {
    let mut line = line();
    let mut state = Presence { status: Status::Online, ..Presence::unknown(at(-9)) };
    for (now, status) in [(10, Status::Online), (20, Status::Offline)] {
        let waiting =
            Reply::Rows(vec![lease("10.20.0.7", DEVICE, "waiting"), lease("10.20.0.9", STRANGER, "bound")]);
        let (seen, ping) = look(&line, now, &[("/ip/dhcp-server/lease/print", waiting)]).await;
        assert_eq!((seen.lease, ping), (Some(LeaseSeen::Missing), None));
        state = verdict(state, now, seen).0;
        assert_eq!(state.status, status);
        line.checked.clone_from(&state.checked);
    }
    assert_eq!(state.source, Some(Source::Lease));
    // It is asked again in a moment when it was missing once, and not for ever.
    let tables = || router(|_| Reply::Rows(Vec::new())).0;
    let doubtful = async |line: &StaticLine| {
        ask(&tables(), question(vec![line.clone()], Seven, at(30))).await.unwrap().doubtful
    };
    assert_eq!(doubtful(&line).await, 0);
    assert_eq!(doubtful(&StaticLine { checked: None, ..line }).await, 1);
}

#[tokio::test]
async fn a_lease_table_that_is_refused_makes_the_line_unknown_and_not_offline() {
    let refused = Reply::Trap("not enough permissions (9)");
    let mut state = Presence { status: Status::Online, ..Presence::unknown(at(-9)) };
    for now in [10, 20, 30] {
        let (seen, _) = look(&line(), now, &[("/ip/dhcp-server/lease/print", refused.clone())]).await;
        assert_eq!(seen.lease, Some(LeaseSeen::Refused));
        state = verdict(state, now, seen).0;
        assert_eq!(state.status, Status::Unknown);
    }
    // Who is in the ARP table is there all the same.
    let own = vec![arp("10.20.0.8", DEVICE, "reachable", "bridge")];
    let tables = [("/ip/dhcp-server/lease/print", refused), ("/ip/arp/print", Reply::Rows(own))];
    let (seen, _) = look(&line(), 40, &tables).await;
    assert_eq!(seen.arp.as_ref().map(|row| row.state), Some(ArpState::Reachable));
    assert_eq!(verdict(state, 40, seen).0.status, Status::Online);
}

#[tokio::test]
async fn a_queue_of_another_address_says_nothing_of_this_one() {
    let queue = |address: &str| by_hand(&[("target", address), ("bytes", "500/0")]);
    let tables = |address: &str| {
        [
            ("/ip/dhcp-server/lease/print", Reply::Rows(vec![lease(address, DEVICE, "bound")])),
            ("/queue/simple/print", Reply::Rows(vec![queue("10.20.0.7/32"), queue("10.20.0.8/32")])),
            ("/tool/ping", Reply::Trap("failure: no")),
        ]
    };
    let mut line = line();
    for (now, address, moved) in
        [(0, "10.20.0.7", None), (10, "10.20.0.7", Some(false)), (20, "10.20.0.8", None)]
    {
        let (seen, _) = look(&line, now, &tables(address)).await;
        assert_eq!(seen.queue.map(|queue| queue.moved), Some(moved), "at {address}");
        line.checked = Some(Checked { at: at(now), seen, silent: 0, silent_at: None });
    }
}

#[tokio::test]
async fn leases_are_asked_for_where_a_line_needs_them() {
    let fixed = super::line_of(None);
    for (lines, prints) in [(vec![fixed.clone()], 0), (vec![fixed, line()], 1)] {
        let (client, heard) = router(|words| match words[0].as_str() {
            "/tool/ping" => Reply::Trap("failure: no"),
            _ => Reply::Rows(Vec::new()),
        });
        ask(&client, question(lines, Seven, at(0))).await.unwrap();
        assert_eq!(count(&heard, "/ip/dhcp-server/lease/print"), prints);
    }
}

#[tokio::test]
async fn without_a_lease_who_answers_an_ordinary_ping_at_the_address_may_be_another() {
    let Some(answered) = answered(Seven) else { return };
    let before = vec![arp("10.20.0.7", DEVICE, "stale", "ether5")];
    for (after, probe, wrong) in [
        (vec![arp("10.20.0.7", STRANGER, "reachable", "ether5")], "silent", STRANGER.parse().ok()),
        (before.clone(), "answered", None),
        // Nothing tells who it was.
        (vec![], "answered", None),
    ] {
        let (before, answered) = (before.clone(), answered.clone());
        let (client, _) = router(move |words| match words[0].as_str() {
            "/tool/ping" if words.iter().any(|word| word == "=arp-ping=yes") => Reply::Trap("failure: no"),
            "/tool/ping" => answered.clone(),
            "/ip/arp/print" if words.iter().any(|word| word.starts_with('?')) => Reply::Rows(after.clone()),
            "/ip/arp/print" => Reply::Rows(before.clone()),
            _ => Reply::Rows(Vec::new()),
        });
        let seen = ask(&client, question(vec![line()], Seven, at(0))).await.unwrap().seen.remove(0).1;
        let said = match seen.probe {
            Some(ProbeSeen::Answered { .. }) => "answered",
            Some(ProbeSeen::Silent) => "silent",
            _ => "nothing",
        };
        assert_eq!((said, seen.wrong_mac), (probe, wrong));
    }
}

#[tokio::test]
async fn a_queue_that_a_static_line_may_share_is_nobodys() {
    let tables = [
        ("/ip/dhcp-server/lease/print", Reply::Rows(vec![lease("10.20.0.7", DEVICE, "bound")])),
        ("/queue/simple/print", Reply::Rows(vec![by_hand(&[("target", "10.20.0.7/32"), ("bytes", "5/0")])])),
        ("/tool/ping", Reply::Trap("failure: no")),
    ];
    let tables: HashMap<&str, Reply> = tables.into_iter().collect();
    for (taken, has_queue) in [(vec![], true), (vec!["10.20.0.7".parse().unwrap()], false)] {
        let tables = tables.clone();
        let (client, _) = router(move |words| {
            tables.get(words[0].as_str()).cloned().unwrap_or_else(|| Reply::Rows(Vec::new()))
        });
        let mut asking = question(vec![line()], Seven, at(0));
        asking.taken = taken;
        let seen = ask(&client, asking).await.unwrap().seen.remove(0).1;
        assert_eq!(seen.queue.is_some(), has_queue);
    }
}
