//! The table of evidence, row by row: from the bytes that a router sends, through the reading of this
//! module, to the judge's verdict. Rows that were recorded are recorded ones; [`From::Hand`] marks those
//! of which no recording is known.

mod failures;
mod leases;
mod probes;
mod router;

use super::{Dialect, Question, ask};
use imsys_domain::presence::{Checked, Outcome, Presence, ProbeSeen, Seen, Source, Status, judge_check};
use imsys_domain::{ServiceId, Timestamp};
use imsys_store::model::StaticLine;
use router::{Heard, Reply, Row, by_hand, count, recorded, router};
use std::net::Ipv4Addr;
use std::time::Duration;

const MAC: &str = "00:00:5E:00:53:07";
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 20, 0, 7);

/// Where a row of the table comes from.
enum From {
    /// The nth row that was recorded of `/ip/arp/print` on a version that begins so.
    Recorded(&'static str, usize),
    /// Written by hand, in the words of the manual.
    Hand(&'static [(&'static str, &'static str)]),
    /// There is no row.
    Nothing,
}

/// What the table says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Online,
    Offline,
    /// It is probed: an answer is online, the second silence offline.
    Probe,
    /// As with no row, and a person is warned.
    IgnoredAndWarned,
}

use Dialect::{Seven, Six};
use From::{Hand, Nothing, Recorded};
use Says::{IgnoredAndWarned, Offline, Online, Probe};

/// The table of evidence.
const TABLE: &[(&str, Dialect, From, Says)] = &[
    ("reachable", Seven, Recorded("7.x (REST", 0), Online),
    ("delay", Seven, Hand(&[("status", "delay"), ("dynamic", "true"), ("complete", "true")]), Probe),
    ("probe", Seven, Hand(&[("status", "probe"), ("dynamic", "true"), ("complete", "true")]), Probe),
    ("stale", Seven, Recorded("7.x (REST", 1), Probe),
    (
        "permanent, of a lease",
        Seven,
        Hand(&[("status", "permanent"), ("dynamic", "true"), ("dhcp", "true"), ("complete", "true")]),
        Probe,
    ),
    (
        "dynamic=false",
        Seven,
        Hand(&[("status", "permanent"), ("dynamic", "false"), ("complete", "true")]),
        Probe,
    ),
    ("dynamic=false", Six, Recorded("6.x CLI (CCR1072)", 0), Probe),
    ("incomplete, with a MAC", Seven, Recorded("7.x CLI", 0), Offline),
    ("failed, with a zero MAC", Seven, Recorded("7.x (REST", 2), Offline),
    (
        "failed, with a MAC",
        Seven,
        Hand(&[("status", "failed"), ("dynamic", "true"), ("mac-address", MAC), ("complete", "false")]),
        Offline,
    ),
    ("dynamic and complete", Six, Recorded("6.x CLI (CCR1072)", 1), Online),
    // `complete` proves nothing on 7, where it covers stale rows.
    ("dynamic and complete", Seven, Hand(&[("dynamic", "true"), ("complete", "true")]), Probe),
    // Not in the table: the lease keeps this row complete, whoever is there.
    ("DHCP, dynamic and complete", Six, Recorded("6.x", 0), Probe),
    // Not in the table: an early version 6 does not say whether it is complete.
    ("dynamic, without `complete`", Six, Recorded("6.x (2016", 0), Probe),
    ("complete=false without a MAC", Six, Recorded("6.x (2016", 2), Offline),
    ("an empty MAC", Six, Recorded("6.x CLI (CCR1072)", 2), Offline),
    ("complete=false with a MAC", Six, Recorded("6.x CLI (CCR1072)", 3), Offline),
    (
        "a zero MAC, whatever else is said",
        Seven,
        Hand(&[("dynamic", "true"), ("complete", "true"), ("mac-address", "00:00:00:00:00:00")]),
        Offline,
    ),
    ("no row", Seven, Nothing, Probe),
    ("no row", Six, Nothing, Probe),
    ("disabled", Seven, Recorded("7.x (REST", 4), IgnoredAndWarned),
    ("invalid", Seven, Recorded("7.x (REST", 3), IgnoredAndWarned),
    (
        "disabled",
        Six,
        Hand(&[("dynamic", "false"), ("disabled", "true"), ("complete", "true")]),
        IgnoredAndWarned,
    ),
    (
        "invalid",
        Six,
        Hand(&[("dynamic", "true"), ("invalid", "true"), ("complete", "true")]),
        IgnoredAndWarned,
    ),
];

/// What the router shows; the outer `None` where the recordings are not here.
fn shown(from: &From) -> Option<Option<Row>> {
    let (mut row, filled) = match from {
        Nothing => return Some(None),
        Hand(cells) => {
            (by_hand(cells), &[("address", "10.20.0.7"), ("mac-address", MAC), ("interface", "bridge")][..])
        }
        Recorded(version, n) => (recorded("/ip/arp/print", version, *n)?, &[("address", "10.20.0.7")][..]),
    };
    for (name, value) in filled {
        if cell(&row, name).is_none() {
            row.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    Some(Some(row))
}

fn cell<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The line that a row is about.
fn line_of(row: Option<&Row>) -> StaticLine {
    let text = |name| row.and_then(|row| cell(row, name));
    StaticLine {
        id: ServiceId::new(Timestamp(0), [7; 10]),
        address: Some(text("address").map_or(ADDRESS, |address| address.parse().unwrap())),
        mac: None,
        interface: Some(text("interface").unwrap_or("bridge").to_owned()),
        vrf: None,
        checked: None,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(1_767_268_800_000).plus_seconds(seconds)
}

fn question(lines: Vec<StaticLine>, dialect: Dialect, at: Timestamp) -> Question {
    let within = Duration::from_secs(20);
    Question { lines, taken: Vec::new(), at, probed_since: at, within, dialect }
}

/// What a check of one line sees, and how many probes it sent.
async fn look(
    line: &StaticLine,
    dialect: Dialect,
    now: i64,
    rows: Option<&Row>,
    ping: Reply,
) -> (Seen, usize) {
    let rows: Vec<Row> = rows.cloned().into_iter().collect();
    let (client, heard) = router(move |words| match words[0].as_str() {
        "/ip/arp/print" => Reply::Rows(rows.clone()),
        "/tool/ping" => ping.clone(),
        _ => Reply::Rows(Vec::new()),
    });
    let asked = ask(&client, question(vec![line.clone()], dialect, at(now))).await.unwrap();
    let (_, seen) = asked.seen.into_iter().next().unwrap();
    (seen, count(&heard, "/tool/ping"))
}

/// A probe's rows as recorded of either version.
fn answered(dialect: Dialect) -> Option<Reply> {
    let version = if dialect == Six { "6.x" } else { "7.x" };
    let rows = (0..2).map(|n| recorded("/ping", version, n)).collect::<Option<Vec<_>>>()?;
    Some(Reply::Rows(rows))
}

fn silent() -> Option<Reply> {
    let row = recorded("/ping (timeout, CLI)", "7.x", 0)?;
    Some(Reply::Rows(vec![row.clone(), row]))
}

/// The status that a line has after what was seen of it, and who says so.
fn verdict(mut state: Presence, now: i64, seen: Seen) -> (Presence, Outcome) {
    let outcome = judge_check(&mut state, at(now), seen).outcome;
    (state, outcome)
}

#[tokio::test]
async fn every_row_of_the_table_of_evidence_comes_to_its_verdict() {
    for (name, dialect, from, says) in TABLE {
        let name = format!("{name} ({dialect:?})");
        let (Some(row), Some(answered), Some(silent)) = (shown(from), answered(*dialect), silent()) else {
            return;
        };
        let line = line_of(row.as_ref());
        let (seen, probes) = look(&line, *dialect, 0, row.as_ref(), answered).await;
        let (online, _) = verdict(Presence::unknown(at(-60)), 0, seen.clone());
        match says {
            Online | Offline => {
                let status = if *says == Online { Status::Online } else { Status::Offline };
                assert_eq!((online.status, online.source, probes), (status, Some(Source::Arp), 0), "{name}");
                continue;
            }
            Probe | IgnoredAndWarned => {
                assert_eq!((online.status, online.source), (Status::Online, Some(Source::Probe)), "{name}");
                assert_eq!(probes, 1, "{name}");
            }
        }
        let warned = seen.arp.as_ref().is_some_and(|row| row.ignored);
        assert_eq!(warned, *says == IgnoredAndWarned, "{name}");
        // The first silence leaves it online, the second makes it offline.
        let line = StaticLine { checked: online.checked.clone(), ..line };
        let (seen, _) = look(&line, *dialect, 10, row.as_ref(), silent.clone()).await;
        let (once, outcome) = verdict(online, 10, seen);
        assert_eq!((once.status, outcome), (Status::Online, Outcome::Duplicate), "{name}");
        let line = StaticLine { checked: once.checked.clone(), ..line };
        let (seen, _) = look(&line, *dialect, 20, row.as_ref(), silent).await;
        let (twice, _) = verdict(once, 20, seen);
        assert_eq!((twice.status, twice.source), (Status::Offline, Some(Source::Probe)), "{name}");
    }
}

#[tokio::test]
async fn another_mac_than_the_registered_one_is_online_and_told() {
    let Some(answered) = answered(Seven) else { return };
    for (dialect, from) in [(Seven, Recorded("7.x (REST", 0)), (Six, Recorded("6.x CLI (CCR1072)", 1))] {
        let Some(row) = shown(&from) else { return };
        let line = StaticLine { mac: "02:00:5E:00:53:99".parse().ok(), ..line_of(row.as_ref()) };
        let (seen, _) = look(&line, dialect, 0, row.as_ref(), answered.clone()).await;
        let wrong = cell(&row.unwrap(), "mac-address").unwrap().parse().ok();
        assert_eq!(seen.wrong_mac, wrong, "{dialect:?}");
        assert_eq!(verdict(Presence::unknown(at(0)), 0, seen).0.status, Status::Online);
    }
}

#[test]
fn a_version_that_is_not_known_proves_less() {
    for (text, dialect) in [
        (Some("6.49.10 (long-term)"), Six),
        (Some("7.18.2 (stable)"), Seven),
        (Some("61"), Seven),
        (None, Seven),
    ] {
        assert_eq!(Dialect::of(text), dialect, "{text:?}");
    }
}
