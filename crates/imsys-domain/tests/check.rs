//! Static lines: every row of the table of evidence, and what makes nobody offline.

use imsys_domain::mac::Mac;
use imsys_domain::presence::{
    ArpSeen, ArpState, LeaseChange, LeaseSeen, Observation, Outcome, Presence, ProbeSeen, QueueSeen, Seen,
    Source, Status, judge, judge_check,
};
use imsys_domain::{SessionId, Timestamp};

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1000)
}

fn row(state: ArpState) -> Option<ArpSeen> {
    let mac = "02:00:00:00:00:01".parse::<Mac>().ok();
    Some(ArpSeen { interface: "ether2".into(), mac, state, ignored: false })
}

fn arp(state: ArpState) -> Seen {
    Seen { arp: row(state), ..Seen::default() }
}

fn probed(probe: ProbeSeen) -> Seen {
    Seen { probe: Some(probe), ..arp(ArpState::Stale) }
}

/// What a check comes to.
struct Judged {
    outcome: Outcome,
    state: Presence,
}

fn check(mut state: Presence, at: Timestamp, seen: Seen) -> Judged {
    let outcome = judge_check(&mut state, at, seen).outcome;
    Judged { outcome, state }
}

const ANSWER: ProbeSeen = ProbeSeen::Answered { micros: 3_000 };

#[test]
fn what_the_arp_table_knows_for_sure_needs_no_probe() {
    for (state, status) in [
        (ArpState::Reachable, Status::Online),
        (ArpState::Complete, Status::Online),
        (ArpState::Incomplete, Status::Offline),
        (ArpState::Failed, Status::Offline),
    ] {
        assert!(!arp(state).needs_probe(), "{state:?}");
        let judged = check(Presence::unknown(at(0)), at(10), arp(state));
        assert_eq!((judged.outcome, judged.state.status), (Outcome::Applied, status), "{state:?}");
        assert_eq!((judged.state.since, judged.state.source), (at(10), Some(Source::Arp)));
    }
}

#[test]
fn a_row_that_proves_nothing_and_no_row_are_probed() {
    let nothing = [ArpState::Delay, ArpState::Probe, ArpState::Stale, ArpState::Permanent, ArpState::Mute];
    for state in nothing {
        assert!(arp(state).needs_probe(), "{state:?}");
    }
    assert!(Seen::default().needs_probe());
    let ignored = row(ArpState::Reachable).map(|row| ArpSeen { ignored: true, ..row });
    assert!(Seen { arp: ignored, ..Seen::default() }.needs_probe());
}

#[test]
fn moving_counters_are_the_best_evidence_and_idle_ones_want_a_probe() {
    let queue = |moved| Some(QueueSeen { bytes: 5, moved });
    let moving = Seen { queue: queue(Some(true)), ..arp(ArpState::Failed) };
    let judged = check(Presence::unknown(at(0)), at(10), moving);
    assert_eq!((judged.state.status, judged.state.source), (Status::Online, Some(Source::Queue)));
    assert!(Seen { queue: queue(Some(false)), ..arp(ArpState::Complete) }.needs_probe());
    assert!(!Seen { queue: queue(None), ..arp(ArpState::Complete) }.needs_probe());
}

#[test]
fn counters_that_were_reset_say_nothing() {
    let first = QueueSeen::after(None, 100);
    assert_eq!(first.moved, None);
    assert_eq!(QueueSeen::after(Some(first), 100).moved, Some(false));
    assert_eq!(QueueSeen::after(Some(first), 101).moved, Some(true));
    assert_eq!(QueueSeen::after(Some(first), 7).moved, None);
}

#[test]
fn the_first_silent_probe_changes_nothing_and_the_second_is_believed() {
    let online = check(Presence::unknown(at(0)), at(10), probed(ANSWER)).state;
    assert_eq!(online.status, Status::Online);
    let once = check(online, at(20), probed(ProbeSeen::Silent));
    assert_eq!((once.outcome, once.state.status), (Outcome::Duplicate, Status::Online));
    let twice = check(once.state.clone(), at(30), probed(ProbeSeen::Silent));
    assert_eq!((twice.outcome, twice.state.status), (Outcome::Applied, Status::Offline));
    let answered = check(once.state, at(30), probed(ANSWER)).state;
    let again = check(answered, at(40), probed(ProbeSeen::Silent));
    assert_eq!(again.state.status, Status::Online, "an answer between them starts the count anew");
}

#[test]
fn two_silent_probes_within_three_seconds_count_as_one() {
    let online = check(Presence::unknown(at(0)), at(10), probed(ANSWER)).state;
    let once = check(online, at(20), probed(ProbeSeen::Silent)).state;
    let soon = check(once, at(22), probed(ProbeSeen::Silent)).state;
    assert_eq!((soon.status, soon.checked.as_ref().map(|c| c.silent)), (Status::Online, Some(1)));
    // It is the probes that are apart, not the begins of the checks.
    let late = |after| Seen { probed_after: after, ..probed(ProbeSeen::Silent) };
    let still = check(soon.clone(), at(22), late(900)).state;
    assert_eq!(still.status, Status::Online);
    let apart = check(soon, at(22), late(1_000)).state;
    assert_eq!((apart.status, apart.since), (Status::Offline, at(22)));
}

#[test]
fn a_check_that_began_before_the_router_was_lost_does_not_bring_its_lines_back() {
    let online = check(Presence::unknown(at(0)), at(10), probed(ANSWER)).state;
    let blind = Observation::Blind { at: at(30) };
    let lost = judge(online, blind, false, &mut |at| SessionId::new(at, [0; 10])).state;
    assert_eq!(lost.status, Status::Unknown);
    let late = check(lost.clone(), at(25), probed(ANSWER));
    assert_eq!((late.outcome, late.state.status), (Outcome::Stale, Status::Unknown));
    assert_eq!(check(lost, at(35), probed(ANSWER)).state.status, Status::Online);
}

#[test]
fn a_router_that_will_not_probe_makes_nobody_offline() {
    let offline = check(Presence::unknown(at(0)), at(10), arp(ArpState::Failed)).state;
    let unclear = check(offline, at(20), probed(ProbeSeen::Refused)).state;
    assert_eq!((unclear.status, unclear.since), (Status::Unknown, at(20)));
    let again = check(unclear, at(30), arp(ArpState::Failed)).state;
    assert_eq!((again.status, again.since), (Status::Offline, at(10)), "it was offline all the time");
}

#[test]
fn a_failure_that_began_before_an_answered_check_changes_nothing() {
    let seen = check(Presence::unknown(at(0)), at(30), arp(ArpState::Reachable)).state;
    assert!(seen.outlives_failure(at(20)) && !seen.outlives_failure(at(40)));
    assert!(!Presence::unknown(at(30)).outlives_failure(at(20)), "nothing was ever answered");
}

#[test]
fn an_older_check_that_arrives_late_changes_nothing() {
    let online = check(Presence::unknown(at(0)), at(20), probed(ANSWER)).state;
    let late = check(online.clone(), at(10), arp(ArpState::Failed));
    assert_eq!((late.outcome, late.state), (Outcome::Stale, online));
}

#[test]
fn a_clock_that_was_days_ahead_does_not_hold_a_line_for_days() {
    let days = 5 * 24 * 3_600;
    let ahead = check(Presence::unknown(at(0)), at(days), probed(ANSWER)).state;
    let silent = check(ahead.clone(), at(60), probed(ProbeSeen::Silent)).state;
    assert_eq!(silent.status, Status::Online, "once may be chance");
    let offline = check(silent, at(120), probed(ProbeSeen::Silent)).state;
    assert_eq!((offline.status, offline.since), (Status::Offline, at(120)));
    assert!(!ahead.outlives_failure(at(60)));
    let blind = Observation::Blind { at: at(days + 1) };
    let lost = judge(ahead, blind, false, &mut |at| SessionId::new(at, [0; 10])).state;
    assert_eq!(check(lost, at(60), probed(ANSWER)).state.status, Status::Online);
}

#[test]
fn a_lease_is_told_when_its_address_is_another_one_and_when_it_and_its_device_are_gone() {
    let bound = |last| Some(LeaseSeen::Bound { address: [10, 0, 0, last].into() });
    let there = |last| Seen { lease: bound(last), ..arp(ArpState::Reachable) };
    let silent = |last| Seen { lease: bound(last), ..probed(ProbeSeen::Silent) };
    let missing = || Seen { lease: Some(LeaseSeen::Missing), ..Seen::default() };
    let forgotten = || Seen { lease: Some(LeaseSeen::Missing), ..arp(ArpState::Reachable) };
    let refused = || Seen { lease: Some(LeaseSeen::Refused), ..arp(ArpState::Reachable) };
    let holds = |last| Some(LeaseChange::Holds([10, 0, 0, last].into()));
    let ended = Some(LeaseChange::Ended);
    for (name, polls) in [
        ("another address", vec![(there(7), holds(7)), (there(7), None), (there(8), holds(8))]),
        ("its device is off", vec![(there(7), holds(7)), (silent(7), None), (silent(7), None)]),
        ("gone", vec![(there(7), holds(7)), (missing(), None), (missing(), ended), (missing(), None)]),
        (
            "off, then gone",
            vec![(silent(7), holds(7)), (silent(7), None), (missing(), ended), (missing(), None)],
        ),
        ("a router that restarted", vec![(there(7), holds(7)), (forgotten(), None), (there(7), holds(7))]),
        ("refused", vec![(there(7), holds(7)), (refused(), None), (refused(), None)]),
        ("refused, then gone", vec![(refused(), None), (missing(), None), (missing(), ended)]),
    ] {
        let mut state = Presence::unknown(at(0));
        for (poll, (seen, lease)) in (1..).zip(polls) {
            let judged = judge_check(&mut state, at(10 * poll), seen);
            assert_eq!(judged.lease, lease, "{name}, poll {poll}");
            assert!(lease.is_none() || judged.outcome == Outcome::Applied, "{name}: others see it");
        }
    }
}
