//! What makes nobody offline: a router that refuses, hangs, hangs up or says nothing of use.

use super::{ADDRESS, Duration, MAC, Presence, Reply, Row, Seven, Six, StaticLine, Status, by_hand, count};
use super::{at, line_of, question, router, silent, verdict};
use crate::static_check::lines::ask;
use imsys_domain::ServiceId;
use imsys_domain::presence::ProbeSeen;
use std::net::Ipv4Addr;
use tokio::time::Instant;

fn stale() -> Row {
    by_hand(&[
        ("address", "10.20.0.7"),
        ("interface", "bridge"),
        ("mac-address", MAC),
        ("status", "stale"),
        ("dynamic", "true"),
    ])
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_refused_cut_off_or_never_comes_is_no_result() {
    for reply in [Reply::Trap("not enough permissions (9)"), Reply::Fatal, Reply::Close, Reply::Hang] {
        let (client, _) = router(move |words| match words[0].as_str() {
            "/ip/arp/print" => reply.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        let begun = Instant::now();
        assert!(ask(&client, question(vec![line_of(None)], Seven, at(0))).await.is_err());
        assert!(begun.elapsed() <= Duration::from_secs(15));
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_refused_or_never_ends_makes_the_line_unknown_and_not_offline() {
    let no_route = by_hand(&[("seq", "0"), ("host", "10.20.0.7"), ("status", "no route to host")]);
    for reply in [Reply::Trap("failure: no"), Reply::Hang, Reply::Rows(vec![]), Reply::Rows(vec![no_route])] {
        let (client, _) = router(move |words| match words[0].as_str() {
            "/ip/arp/print" => Reply::Rows(vec![stale()]),
            "/tool/ping" => reply.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        let mut state = Presence::unknown(at(0));
        for now in [10, 20, 30] {
            let asked = ask(&client, question(vec![line_of(None)], Seven, at(now))).await.unwrap();
            assert_eq!(asked.seen[0].1.probe, Some(ProbeSeen::Refused));
            state = verdict(state, now, asked.seen[0].1.clone()).0;
            assert_eq!(state.status, Status::Unknown);
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_during_the_probes_is_no_result() {
    for reply in [Reply::Fatal, Reply::Close] {
        let (client, _) = router(move |words| match words[0].as_str() {
            "/tool/ping" => reply.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        assert!(ask(&client, question(vec![line_of(None)], Seven, at(0))).await.is_err());
    }
}

/// Lines that were seen in the table at the check before.
fn town(count: u8) -> Vec<StaticLine> {
    let line = |last| {
        let mut line = line_of(None);
        line.id = ServiceId::new(at(0), [last; 10]);
        line.address = Some(Ipv4Addr::new(10, 20, 0, last));
        line
    };
    let seen = |line: &StaticLine| crate::static_check::lines::Seen {
        arp: Some(imsys_domain::presence::ArpSeen {
            interface: "bridge".into(),
            mac: MAC.parse().ok(),
            state: imsys_domain::presence::ArpState::Reachable,
            ignored: false,
        }),
        wrong_mac: line.mac,
        ..crate::static_check::lines::Seen::default()
    };
    let mut lines: Vec<_> = (1..=count).map(line).collect();
    for line in &mut lines {
        line.checked = verdict(Presence::unknown(at(-60)), -30, seen(line)).0.checked;
    }
    lines
}

fn reachable(last: u8) -> Row {
    let mut row = stale();
    row[0].1 = Ipv4Addr::new(10, 20, 0, last).to_string();
    row[3].1 = "reachable".into();
    row
}

#[tokio::test(start_paused = true)]
async fn a_table_from_which_too_many_are_gone_is_read_again_after_two_seconds() {
    for (rows_at_first, prints) in [(0, 2), (6, 2), (7, 1)] {
        let mut first = true;
        let (client, heard) = router(move |words| match words[0].as_str() {
            "/ip/arp/print" => {
                let most = if std::mem::take(&mut first) { rows_at_first } else { 10 };
                Reply::Rows((1..=most).map(reachable).collect())
            }
            _ => Reply::Rows(Vec::new()),
        });
        let begun = Instant::now();
        let asked = ask(&client, question(town(10), Seven, at(0))).await.unwrap();
        assert_eq!(count(&heard, "/ip/arp/print"), prints, "{rows_at_first} rows of 10");
        if prints == 2 {
            assert_eq!(begun.elapsed().as_secs(), 2);
            assert_eq!((asked.seen.len(), count(&heard, "/tool/ping")), (10, 0), "all are there after all");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn with_few_lines_or_none_known_before_an_empty_table_is_not_suspicious() {
    let Some(silent) = silent() else { return };
    for lines in [town(4), (1..=20).map(|_| line_of(None)).collect()] {
        let silent = silent.clone();
        let (client, heard) = router(move |words| match words[0].as_str() {
            "/tool/ping" => silent.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        ask(&client, question(lines, Seven, at(0))).await.unwrap();
        assert_eq!(count(&heard, "/ip/arp/print"), 1);
    }
}

#[tokio::test]
async fn rows_of_another_interface_or_routing_table_are_not_the_customers() {
    let there = |interface: &str, vrf: &str| {
        by_hand(&[
            ("address", "10.20.0.7"),
            ("interface", interface),
            ("vrf", vrf),
            ("mac-address", MAC),
            ("status", "reachable"),
            ("dynamic", "true"),
        ])
    };
    let wanted = |interface: Option<&str>, vrf: Option<&str>| StaticLine {
        interface: interface.map(str::to_owned),
        vrf: vrf.map(str::to_owned),
        address: Some(ADDRESS),
        ..line_of(None)
    };
    for (line, dialect, row, own) in [
        (wanted(None, None), Seven, there("ether2", "main"), true),
        (wanted(None, None), Seven, there("ether2", "blue"), false),
        (wanted(None, Some("blue")), Seven, there("ether3", "blue"), true),
        (wanted(None, Some("blue")), Seven, there("ether3", "main"), false),
        (wanted(Some("ether2"), None), Seven, there("ether2", "main"), true),
        (wanted(Some("ether2"), None), Seven, there("ether3", "main"), false),
        (wanted(Some("ether3"), Some("blue")), Six, there("ether3", ""), true),
        (wanted(None, Some("blue")), Six, there("ether3", ""), false),
    ] {
        let name = format!("{:?} {:?}: {row:?}", line.interface, line.vrf);
        let (client, _) = router(move |words| match words[0].as_str() {
            "/ip/arp/print" => Reply::Rows(vec![row.clone()]),
            _ => Reply::Rows(Vec::new()),
        });
        let asked = ask(&client, question(vec![line], dialect, at(0))).await.unwrap();
        assert_eq!(asked.seen[0].1.arp.is_some(), own, "{name}");
    }
}
