//! How lines are probed: on which interface, what is remembered, how many at a time, and that none is
//! forgotten.

use super::{Checked, Duration, Heard, MAC, ProbeSeen, Reply, Row, Seven, Six, StaticLine, by_hand, count};
use super::{answered, at, line_of, question, router, silent};
use crate::static_check::lines::{IN_FLIGHT, ask};
use imsys_domain::ServiceId;
use imsys_domain::presence::{ArpState, Seen};
use std::net::Ipv4Addr;

fn lines(count: u8) -> Vec<StaticLine> {
    let line = |last| StaticLine {
        id: ServiceId::new(at(0), [last; 10]),
        address: Some(Ipv4Addr::new(10, 20, 0, last)),
        interface: None,
        ..line_of(None)
    };
    (1..=count).map(line).collect()
}

/// The attributes of the pings that were heard.
fn pings(heard: &Heard) -> Vec<Vec<String>> {
    let heard = heard.lock().unwrap();
    heard.iter().filter(|words| words[0] == "/tool/ping").map(|words| words[1..].to_vec()).collect()
}

fn networks(rows: &[[&str; 3]]) -> Vec<Row> {
    let row = |[address, interface, vrf]: &[&str; 3]| {
        by_hand(&[("address", address), ("interface", interface), ("vrf", vrf)])
    };
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn the_probe_goes_out_by_the_services_interface_then_its_rows_then_its_networks() {
    let Some(answered) = answered(Seven) else { return };
    let row = by_hand(&[
        ("address", "10.20.0.7"),
        ("interface", "bridge"),
        ("mac-address", MAC),
        ("status", "stale"),
        ("dynamic", "true"),
    ]);
    let bare = StaticLine { interface: None, ..line_of(None) };
    let of = |interface: &str| StaticLine { interface: Some(interface.into()), ..bare.clone() };
    let blue = StaticLine { vrf: Some("blue".into()), ..bare.clone() };
    let own = [
        ["10.0.0.1/8", "ether9", ""],
        ["10.20.0.1/24", "ether4", "main"],
        ["10.20.0.1/24", "ether5", "blue"],
    ];
    let twins = [["10.20.0.1/24", "ether4", ""], ["10.20.0.2/24", "ether6", ""]];
    for (line, dialect, rows, own, expected) in [
        (of("ether2"), Seven, vec![], vec![], vec!["=interface=ether2", "=arp-ping=yes"]),
        (bare.clone(), Seven, vec![row], networks(&own), vec!["=interface=bridge", "=arp-ping=yes"]),
        (bare.clone(), Seven, vec![], networks(&own), vec!["=interface=ether4", "=arp-ping=yes"]),
        (
            blue.clone(),
            Seven,
            vec![],
            networks(&own),
            vec!["=vrf=blue", "=interface=ether5", "=arp-ping=yes"],
        ),
        (blue, Six, vec![], vec![], vec!["=routing-table=blue"]),
        (bare.clone(), Seven, vec![], networks(&twins), vec![]),
        (bare, Seven, vec![], vec![], vec![]),
    ] {
        let answered = answered.clone();
        let (client, heard) = router(move |words| match words[0].as_str() {
            "/ip/arp/print" => Reply::Rows(rows.clone()),
            "/ip/address/print" => Reply::Rows(own.clone()),
            "/tool/ping" => answered.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        ask(&client, question(vec![line], dialect, at(0))).await.unwrap();
        let words: Vec<&str> = ["=address=10.20.0.7", "=count=1"].into_iter().chain(expected).collect();
        assert_eq!(pings(&heard), [words]);
    }
}

#[tokio::test]
async fn a_refused_arp_ping_is_replaced_by_an_ordinary_one_and_remembered() {
    let Some(answered) = answered(Seven) else { return };
    // The first probes are under way together when the refusal comes; nobody tries after that.
    for (trap, most) in [("unknown parameter arp-ping", IN_FLIGHT), ("failure: no", IN_FLIGHT)] {
        let answered = answered.clone();
        let (client, heard) = router(move |words| match words[0].as_str() {
            "/ip/address/print" => Reply::Rows(networks(&[["10.20.0.1/24", "ether4", ""]])),
            "/tool/ping" if words.iter().any(|word| word == "=arp-ping=yes") => Reply::Trap(trap),
            "/tool/ping" => answered.clone(),
            _ => Reply::Rows(Vec::new()),
        });
        let asked = ask(&client, question(lines(50), Seven, at(0))).await.unwrap();
        let all = asked.seen.iter().all(|(_, seen)| matches!(seen.probe, Some(ProbeSeen::Answered { .. })));
        assert!(all && asked.seen.len() == 50);
        let by_arp = pings(&heard).iter().filter(|words| words.contains(&"=arp-ping=yes".into())).count();
        assert!((1..=most).contains(&by_arp), "{trap}: {by_arp}");
    }
}

#[tokio::test]
async fn an_interface_that_is_gone_does_not_spoil_the_probes_of_others() {
    let Some(answered) = answered(Seven) else { return };
    let (client, heard) = router(move |words| match words[0].as_str() {
        "/tool/ping" if words.iter().any(|word| word == "=interface=gone") => {
            Reply::Trap("input does not match any value of interface")
        }
        "/tool/ping" => answered.clone(),
        _ => Reply::Rows(Vec::new()),
    });
    let mut all = lines(40);
    for (n, line) in all.iter_mut().enumerate() {
        line.interface = Some(if n % 2 == 0 { "gone" } else { "ether2" }.into());
    }
    ask(&client, question(all, Seven, at(0))).await.unwrap();
    let on = |name: &str| {
        pings(&heard).iter().filter(|words| words.contains(&format!("=interface={name}"))).count()
    };
    assert!((1..=IN_FLIGHT).contains(&on("gone")), "{}", on("gone"));
    assert_eq!(on("ether2"), 20);
}

#[tokio::test]
async fn a_user_who_may_not_ping_is_not_asked_to_for_every_line() {
    let (client, heard) = router(|words| match words[0].as_str() {
        "/tool/ping" => Reply::Trap("not enough permissions (9)"),
        _ => Reply::Rows(Vec::new()),
    });
    let asked = ask(&client, question(lines(50), Seven, at(0))).await.unwrap();
    assert!(asked.seen.iter().all(|(_, seen)| seen.probe == Some(ProbeSeen::Refused)));
    assert!(count(&heard, "/tool/ping") <= IN_FLIGHT, "{}", count(&heard, "/tool/ping"));
}

#[tokio::test]
async fn a_device_that_answers_no_ping_is_found_by_what_the_ping_taught_the_router() {
    let Some(silent) = silent() else { return };
    for (state, found) in [("reachable", true), ("failed", false), ("stale", false)] {
        let silent = silent.clone();
        let mut pinged = false;
        let (client, _) = router(move |words| match words[0].as_str() {
            "/tool/ping" => {
                pinged = true;
                silent.clone()
            }
            "/ip/arp/print" if pinged => Reply::Rows(vec![by_hand(&[
                ("address", "10.20.0.7"),
                ("interface", "bridge"),
                ("mac-address", MAC),
                ("status", state),
                ("dynamic", "true"),
            ])]),
            _ => Reply::Rows(Vec::new()),
        });
        let line = StaticLine { interface: None, ..line_of(None) };
        let asked = ask(&client, question(vec![line], Seven, at(0))).await.unwrap();
        let seen = &asked.seen[0].1;
        assert_eq!(seen.arp.as_ref().is_some_and(|row| row.state == ArpState::Reachable), found, "{state}");
        assert_eq!(seen.probe, (!found).then_some(ProbeSeen::Silent), "{state}");
    }
}

#[tokio::test]
async fn an_arp_ping_tells_which_device_answered() {
    let registered = StaticLine { mac: MAC.parse().ok(), ..line_of(None) };
    for (host, wrong) in [(MAC, None), ("02:00:5E:00:53:99", "02:00:5E:00:53:99".parse().ok())] {
        let (client, _) = router(move |words| match words[0].as_str() {
            "/tool/ping" => Reply::Rows(vec![by_hand(&[("seq", "0"), ("host", host), ("time", "1ms")])]),
            _ => Reply::Rows(Vec::new()),
        });
        let asked = ask(&client, question(vec![registered.clone()], Seven, at(0))).await.unwrap();
        assert_eq!(asked.seen[0].1.wrong_mac, wrong);
    }
}

#[tokio::test]
async fn an_ordinary_ping_names_an_address_and_only_what_was_received_is_an_answer() {
    let line = StaticLine {
        address: Some(Ipv4Addr::new(192, 168, 100, 150)),
        mac: MAC.parse().ok(),
        interface: None,
        ..line_of(None)
    };
    let cells = |cells: [&str; 4]| {
        let all = ["host", "time", "status", "received"].into_iter().zip(cells);
        by_hand(&all.filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    };
    let own = "192.168.100.150";
    for (rows, answered) in [
        (vec![cells([own, "3ms", "", "1"])], true),
        (vec![cells([own, "3ms", "", ""])], true),
        (vec![cells(["10.8.0.1", "997ms", "host unreachable", "0"])], false),
        (vec![cells(["10.8.0.1", "997ms", "host unreachable", ""])], false),
        (vec![cells([own, "", "timeout", "0"])], false),
        (vec![cells(["10.8.0.1", "2ms", "TTL exceeded", "0"]), cells([own, "3ms", "", "1"])], true),
    ] {
        let shown = format!("{rows:?}");
        let (client, _) = router(move |words| match words[0].as_str() {
            "/tool/ping" => Reply::Rows(rows.clone()),
            _ => Reply::Rows(Vec::new()),
        });
        let asked = ask(&client, question(vec![line.clone()], Seven, at(0))).await.unwrap();
        let seen = &asked.seen[0].1;
        let expected = if answered { ProbeSeen::Answered { micros: 3_000 } } else { ProbeSeen::Silent };
        assert_eq!((seen.probe, seen.wrong_mac), (Some(expected), None), "{shown}");
    }
}

#[tokio::test]
async fn only_what_the_customer_sent_counts_and_a_queue_of_two_lines_is_nobodys() {
    let queue = |bytes: &str| by_hand(&[("name", "q"), ("target", "10.20.0.7/32"), ("bytes", bytes)]);
    let checked = |seen: Seen| Checked { at: at(-30), seen, silent: 0, silent_at: None };
    for (before, now, shared, moved) in [
        ("100/900", "101/900", false, Some(Some(true))),
        ("100/900", "100/5000", false, Some(Some(false))),
        ("100/900", "7/9", false, Some(None)),
        ("100/900", "101/900", true, None),
    ] {
        let mut line = line_of(None);
        for (bytes, last) in [(before, false), (now, true)] {
            let rows = vec![queue(bytes)];
            let (client, _) = router(move |words| match words[0].as_str() {
                "/queue/simple/print" => Reply::Rows(rows.clone()),
                "/tool/ping" => Reply::Trap("failure: no"),
                _ => Reply::Rows(Vec::new()),
            });
            let mut asking = question(vec![line.clone()], Seven, at(0));
            if shared {
                asking.taken = line.address.into_iter().chain(line.address).collect();
            }
            let seen = ask(&client, asking).await.unwrap().seen.remove(0).1;
            if last {
                assert_eq!(seen.queue.map(|queue| queue.moved), moved, "{before} then {now}");
            }
            line.checked = Some(checked(seen));
        }
    }
}

/// Each job has time for some lines; those whose turn was the longest ago come first, and every line has
/// its turn before the first one has its second.
#[tokio::test(start_paused = true)]
async fn many_probes_are_sliced_over_jobs_and_none_is_dropped() {
    let Some(Reply::Rows(silent)) = silent() else { return };
    let mut all = lines(100);
    let (client, heard) = router(move |words| match words[0].as_str() {
        "/tool/ping" => Reply::Slow(silent.clone()),
        _ => Reply::Rows(Vec::new()),
    });
    let (mut turns, mut jobs, mut now) = (std::collections::HashMap::<ServiceId, u32>::new(), 0, 0);
    loop {
        let mut asking = question(all.clone(), Seven, at(now));
        // The first job asks about all of them, the others about what is left.
        asking.probed_since = if jobs == 0 { at(now) } else { at(0) };
        asking.within = Duration::from_secs(20);
        let asked = ask(&client, asking).await.unwrap();
        for (id, seen) in asked.seen {
            *turns.entry(id).or_default() += 1;
            let line = all.iter_mut().find(|line| line.id == id).unwrap();
            line.checked = Some(Checked { at: at(now), seen, silent: 9, silent_at: Some(at(now)) });
        }
        (jobs, now) = (jobs + 1, now + 1);
        if asked.left == 0 {
            break;
        }
        assert!(jobs < 500, "it does not end");
    }
    assert!(jobs > 1, "one job had time for all");
    assert_eq!((turns.len(), turns.values().max()), (100, Some(&1)));
    assert_eq!(count(&heard, "/tool/ping"), 200, "a silent line is asked twice");
}

#[tokio::test]
async fn a_line_that_was_silent_once_is_asked_again_before_its_turn() {
    let Some(silent) = silent() else { return };
    let (client, _) = router(move |words| match words[0].as_str() {
        "/tool/ping" => silent.clone(),
        _ => Reply::Rows(Vec::new()),
    });
    let mut line = line_of(None);
    let asked = ask(&client, question(vec![line.clone()], Seven, at(0))).await.unwrap();
    assert_eq!((asked.seen.len(), asked.doubtful), (1, 1));
    let seen = asked.seen[0].1.clone();
    line.checked = Some(Checked { at: at(0), seen, silent: 1, silent_at: Some(at(0)) });
    for (now, asked_about, doubtful) in [(2, 0, 1), (4, 1, 0)] {
        let mut asking = question(vec![line.clone()], Seven, at(now));
        asking.probed_since = at(-60);
        let asked = ask(&client, asking).await.unwrap();
        assert_eq!(
            (asked.seen.len(), asked.doubtful, asked.left),
            (asked_about, doubtful, 0),
            "after {now} s"
        );
    }
}
