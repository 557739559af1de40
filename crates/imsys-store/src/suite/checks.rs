//! What the store promises about lines that do not log in.

use super::routers::sweep_run;
use super::town::{Must, Town, all, at, by_dhcp, fixed, only};
use crate::StoreError::{Exists, NotFound};
use crate::model::{CheckStored, JobDone, PendingWork, Run, Service, SessionRecord, StaticLine};
use crate::page::Ask;
use crate::port::{ServiceFilter, ServiceSort, SessionFilter, Taken};
use imsys_domain::customer::CustomerData;
use imsys_domain::presence::{
    ArpSeen, ArpState, Checked, EndCause, LeaseChange, LeaseSeen, ProbeSeen, Seen, Source, Status,
};
use imsys_domain::service::ServiceData;
use imsys_domain::{RouterId, ServiceId, Timestamp};

fn arp(state: ArpState) -> Seen {
    let mac = "aa:bb:cc:00:11:22".parse().ok();
    let arp = Some(ArpSeen { interface: "ether2".into(), mac, state, ignored: false });
    Seen { arp, ..Seen::default() }
}

async fn statuses(town: &Town, router: RouterId) -> Vec<(ServiceId, Status)> {
    let filter = ServiceFilter { router: Some(router), ..ServiceFilter::default() };
    let services: Vec<Service> = only(town.ours.services(filter, all(ServiceSort::Username)).await);
    services.into_iter().map(|service| (service.id, service.status)).collect()
}

pub(super) async fn a_check_decides_and_its_evidence_is_kept(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    let changes = town
        .ours
        .apply_checks(router, at(10), vec![(line, arp(ArpState::Reachable))], None)
        .await
        .must()
        .changes;
    let told: Vec<_> = changes.iter().map(|change| (change.id, change.before, change.status)).collect();
    assert_eq!(told, [(line, Status::Unknown, Status::Online)]);
    let shown = town.ours.service(line).await.must();
    assert_eq!((shown.status, shown.since, shown.confirmed), (Status::Online, at(10), Some(at(10))));
    assert_eq!((shown.source, shown.rev), (Some(Source::Arp), changes[0].rev));
    // Nothing changes, and yet the newest evidence is what is kept.
    let silent = Seen { probe: Some(ProbeSeen::Silent), ..arp(ArpState::Stale) };
    assert_eq!(
        town.ours.apply_checks(router, at(20), vec![(line, silent.clone())], None).await.must().changes,
        []
    );
    let lines = town.ours.static_lines(router).await.must().lines;
    let checked = Some(Checked { at: at(20), seen: silent.clone(), silent: 1, silent_at: Some(at(20)) });
    assert_eq!(lines.iter().map(|line| &line.checked).collect::<Vec<_>>(), [&checked]);
    let changes = town.ours.apply_checks(router, at(30), vec![(line, silent)], None).await.must().changes;
    assert_eq!(changes.iter().map(|change| change.status).collect::<Vec<_>>(), [Status::Offline]);
    let timeline = town.ours.timeline(line, at(0), at(60)).await.must();
    assert_eq!(
        timeline.iter().map(|event| (event.at, event.status, event.source)).collect::<Vec<_>>(),
        [(at(10), Status::Online, Source::Arp), (at(30), Status::Offline, Source::Probe)]
    );
}

pub(super) async fn a_check_that_changes_nothing_confirms_everywhere(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    let other = town.create(fixed(router, [10, 0, 0, 8], None)).await.id;
    let both = |seen: Seen| vec![(line, seen.clone()), (other, seen)];
    let first =
        town.ours.apply_checks(router, at(10), both(arp(ArpState::Reachable)), None).await.must().changes;
    assert_eq!(first.len(), 2);
    let answered = Seen { probe: Some(ProbeSeen::Answered { micros: 900 }), ..arp(ArpState::Stale) };
    let answered = Seen { wrong_mac: "02:00:00:00:00:99".parse().ok(), ..answered };
    assert_eq!(
        town.ours.apply_checks(router, at(20), vec![(line, answered.clone())], None).await.must().changes,
        []
    );
    let shown = |service: Service| {
        (service.status, service.since, service.confirmed, service.source, service.wrong_mac.is_some())
    };
    let newest = (Status::Online, at(10), Some(at(20)), Some(Source::Arp), true);
    let older = (Status::Online, at(10), Some(at(10)), Some(Source::Arp), false);
    assert_eq!(shown(town.ours.service(line).await.must()), newest);
    assert_eq!(shown(town.ours.service(other).await.must()), older, "it was not asked about");
    let listed: Vec<Service> =
        only(town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await);
    assert_eq!(listed.into_iter().map(shown).collect::<Vec<_>>(), [newest, older]);
    let presence = town.ours.presence(line).await.must();
    assert_eq!(
        (presence.confirmed, presence.checked.map(|checked| checked.seen)),
        (Some(at(20)), Some(answered))
    );
}

pub(super) async fn what_was_seen_outlives_an_edit_and_ends_with_a_move(town: Town) {
    let (tower, hill) = (town.router("tower").await, town.router("hill").await);
    let line = town.create(fixed(tower, [10, 0, 0, 7], None)).await;
    let seen = |state| vec![(line.id, arp(state))];
    town.ours.apply_checks(tower, at(10), seen(ArpState::Reachable), None).await.must();
    town.ours.apply_checks(tower, at(20), seen(ArpState::Reachable), None).await.must();
    let suspended = ServiceData { suspended: true, ..line.data.clone() };
    town.ours.update_service(line.id, None, suspended.clone()).await.must();
    assert_eq!(town.ours.service(line.id).await.must().confirmed, Some(at(20)), "an edit is no evidence");
    let lines = town.ours.static_lines(tower).await.must().lines;
    assert_eq!(lines[0].checked.as_ref().map(|checked| checked.at), Some(at(20)));
    // A second line appears, and the first is asked for on another router from now on.
    let other = town.create(fixed(tower, [10, 0, 0, 8], None)).await.id;
    let ids = |lines: Vec<StaticLine>| lines.into_iter().map(|line| line.id).collect::<Vec<_>>();
    assert_eq!(ids(town.ours.static_lines(tower).await.must().lines), [line.id, other]);
    town.ours.update_service(line.id, None, ServiceData { router: hill, ..suspended }).await.must();
    assert_eq!(ids(town.ours.static_lines(tower).await.must().lines), [other]);
    assert_eq!(ids(town.ours.static_lines(hill).await.must().lines), [line.id]);
    let moved = town.ours.service(line.id).await.must();
    assert_eq!((moved.status, moved.confirmed), (Status::Unknown, None));
    assert_eq!(town.ours.presence(line.id).await.must().checked, None);
    let changes = town.ours.apply_checks(hill, at(30), seen(ArpState::Reachable), None).await.must().changes;
    assert_eq!(changes.iter().map(|change| change.rev).collect::<Vec<_>>(), [moved.rev + 1]);
}

pub(super) async fn what_changes_while_the_router_is_asked_counts(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let gone = town.create(fixed(router, [10, 0, 0, 8], None)).await.id;
    let seen = |state| vec![(line.id, arp(state)), (gone, arp(state))];
    town.ours.apply_checks(router, at(10), seen(ArpState::Reachable), None).await.must();
    // Twice, as what is kept is read in another way after the first check.
    for (poll, suspended) in [(20, true), (30, false)] {
        assert!(!town.ours.static_lines(router).await.must().lines.is_empty());
        let other = town.ours_at(at(poll - 5));
        other.archive_service(gone).await.ok();
        let edited = ServiceData { suspended, ..line.data.clone() };
        other.update_service(line.id, None, edited).await.must();
        let failed = other.checks_failed(router, at(poll - 5)).await.must();
        assert_eq!(failed.len(), 1, "the line that is left");
        let changes =
            town.ours.apply_checks(router, at(poll), seen(ArpState::Reachable), None).await.must().changes;
        let back: Vec<_> = changes.iter().map(|change| (change.id, change.status)).collect();
        assert_eq!(back, [(line.id, Status::Online)]);
        assert!(changes[0].rev > failed[0].rev);
        assert_eq!(town.ours.service(line.id).await.must().rev, changes[0].rev);
    }
}

pub(super) async fn a_check_and_its_job_are_noted_as_one(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    let run = Run { kind: "CHECK_STATIC_USERS".into(), ..sweep_run(at(11)) };
    let mark = town.ours.mark_due(router, &run.kind, at(9), false).await.must().number;
    let newer = town.ours.mark_due(router, &run.kind, at(10), false).await.must().number;
    let check = async |mark| {
        let done = Some(JobDone { run: run.clone(), mark: Some(mark) });
        let seen = vec![(line, arp(ArpState::Reachable))];
        town.ours.apply_checks(router, at(10), seen, done).await
    };
    let stored = check(mark).await.must();
    assert_eq!((stored.changes.len(), stored.due), (1, true));
    let due = town.ours.due(router).await.must();
    assert_eq!(
        due,
        [PendingWork { kind: run.kind.clone(), number: newer, urgent: false }],
        "it was asked for again"
    );
    assert_eq!(town.ours.runs().await.must(), [(router, run.clone())]);
    assert_eq!(check(newer).await.must(), CheckStored::default());
    assert_eq!(town.ours.due(router).await.must(), []);
    assert_eq!(check(newer).await.must(), CheckStored::default(), "as a job that was run twice");
    town.ours.mark_due(router, "SWEEP_PPP", at(12), false).await.must();
    assert!(check(newer).await.must().due, "there is other work");
    town.ours.archive_router(router).await.must();
    assert_eq!(check(newer).await, Err(NotFound));
}

pub(super) async fn a_failure_keeps_what_was_confirmed_last(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    let seen = || vec![(line, arp(ArpState::Failed))];
    town.ours.apply_checks(router, at(10), seen(), None).await.must();
    town.ours.apply_checks(router, at(30), seen(), None).await.must();
    assert_eq!(town.ours.checks_failed(router, at(20)).await.must(), [], "the check at 30 knows better");
    let changes = town.ours.checks_failed(router, at(40)).await.must();
    assert_eq!(changes.iter().map(|change| change.status).collect::<Vec<_>>(), [Status::Unknown]);
    assert_eq!(town.ours.service(line).await.must().confirmed, Some(at(30)));
    let changes = town.ours.apply_checks(router, at(50), seen(), None).await.must().changes;
    assert_eq!(
        changes.iter().map(|change| (change.status, change.since)).collect::<Vec<_>>(),
        [(Status::Offline, at(10))]
    );
}

pub(super) async fn equal_addresses_behind_two_routers_are_two_lines(town: Town) {
    let (hill, lake) = (town.router("hill").await, town.router("lake").await);
    let on_hill = town.create(fixed(hill, [10, 0, 0, 7], None)).await.id;
    let in_blue = town.create(fixed(hill, [10, 0, 0, 7], Some("blue"))).await.id;
    let on_lake = town.create(fixed(lake, [10, 0, 0, 7], None)).await.id;
    let seen = vec![(on_hill, arp(ArpState::Reachable)), (on_lake, arp(ArpState::Reachable))];
    town.ours.apply_checks(hill, at(10), seen, None).await.must();
    let mut shown = statuses(&town, hill).await;
    shown.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(shown, [(on_hill, Status::Online), (in_blue, Status::Unknown)]);
    assert_eq!(statuses(&town, lake).await, [(on_lake, Status::Unknown)], "another router spoke");
}

pub(super) async fn a_line_by_dhcp_is_checked_and_shows_the_address_that_it_was_given(town: Town) {
    let router = town.router("tower").await;
    let device = town.create(by_dhcp(router, 7)).await;
    let twin = town.ours.create_service(ServiceId(town.fresh()), at(0), by_dhcp(router, 7)).await;
    assert_eq!(twin, Err(Exists(Taken::ServicePlace)));
    let lines = town.ours.static_lines(router).await.must().lines;
    let mac = "02:00:5E:00:53:07".parse().ok();
    assert_eq!(lines.iter().map(|line| (line.address, line.mac)).collect::<Vec<_>>(), [(None, mac)]);
    let leased = |last| Some(LeaseSeen::Bound { address: [10, 0, 0, last].into() });
    let check = async |second, seen| {
        town.ours.apply_checks(router, at(second), vec![(device.id, seen)], None).await.must().changes
    };
    let there = Seen { lease: leased(9), ..arp(ArpState::Reachable) };
    let changes = check(10, there.clone()).await;
    assert_eq!(changes.iter().map(|change| change.status).collect::<Vec<_>>(), [Status::Online]);
    let address = async || town.ours.service(device.id).await.must().endpoint.address;
    assert_eq!(address().await.as_deref(), Some("10.0.0.9"));
    let moved = check(20, Seen { lease: leased(11), ..there }).await;
    let told: Vec<_> = moved.iter().map(|change| (change.before, change.status, change.lease)).collect();
    let holds = Some(LeaseChange::Holds([10, 0, 0, 11].into()));
    assert_eq!(told, [(Status::Online, Status::Online, holds)], "it is told though the status is the same");
    assert_eq!(town.ours.service(device.id).await.must().rev, moved[0].rev);
    assert_eq!(address().await.as_deref(), Some("10.0.0.11"));
    let found = async |q: &str| {
        let ask = Ask { q: Some(q.into()), ..all(ServiceSort::Username) };
        only(town.ours.services(ServiceFilter::default(), ask).await).len()
    };
    assert_eq!((found("10.0.0.11").await, found("10.0.0.9").await), (1, 0), "it is found by its address");
    let customer = town.customer("Ana").await;
    let data = ServiceData { customer: Some(customer), ..device.data.clone() };
    town.ours.update_service(device.id, None, data).await.must();
    town.ours
        .update_customer(customer, None, CustomerData { name: "Bea".into(), ..CustomerData::default() })
        .await
        .must();
    assert_eq!(found("bea 10.0.0.11").await, 1, "whatever else is written");
    let missing = Seen { lease: Some(LeaseSeen::Missing), ..Seen::default() };
    assert_eq!(check(30, missing.clone()).await, [], "once is not enough");
    let changes = check(40, missing).await;
    let gone: Vec<_> = changes.iter().map(|change| (change.status, change.source)).collect();
    assert_eq!(gone, [(Status::Offline, Some(Source::Lease))]);
    assert_eq!((address().await, found("10.0.0.11").await), (None, 1), "by the one that it had last");
    let timeline = town.ours.timeline(device.id, at(0), at(60)).await.must();
    assert_eq!(timeline.last().map(|event| event.source), Some(Source::Lease));
    assert_eq!(
        town.ours.checks_failed(router, at(50)).await.must().len(),
        1,
        "a failed check is about it, too"
    );
}

pub(super) async fn who_had_an_address_by_dhcp_is_kept_with_its_times(town: Town) {
    let router = town.router("tower").await;
    let (ana, ben) = (town.create(by_dhcp(router, 7)).await.id, town.create(by_dhcp(router, 8)).await.id);
    let seen = |lease| Seen { lease: Some(lease), ..arp(ArpState::Reachable) };
    let holds = |last| seen(LeaseSeen::Bound { address: [10, 0, 0, last].into() });
    let missing = || Seen { arp: None, ..seen(LeaseSeen::Missing) };
    let check = async |second, of, seen| {
        town.ours.apply_checks(router, at(second), vec![(of, seen)], None).await.must();
    };
    check(10, ana, holds(9)).await;
    check(20, ana, holds(9)).await;
    check(30, ana, holds(11)).await;
    check(40, ben, holds(9)).await;
    check(50, ben, missing()).await;
    check(60, ben, missing()).await;
    let found = async |q: &str, from: Option<i64>, to: Option<i64>| {
        let filter = SessionFilter { from: from.map(at), to: to.map(at), ..SessionFilter::default() };
        let ask = Ask { q: Some(q.into()), ..all(()) };
        let sessions = only(town.ours.sessions(filter, ask).await).into_iter();
        let of = |s: SessionRecord| (s.service, s.started, s.ended, s.cause);
        let mut sessions: Vec<_> = sessions.map(of).collect();
        sessions.sort_unstable_by_key(|(_, started, ..)| *started);
        sessions
    };
    let replaced = (ana, at(10), Some(at(30)), Some(EndCause::Superseded));
    let expired = (ben, at(40), Some(at(60)), Some(EndCause::Expired));
    let open = (ana, at(30), None, None);
    assert_eq!(found("10.0.0.9", None, None).await, [replaced, expired]);
    assert_eq!(found("10.0.0.9", Some(25), Some(26)).await, [replaced], "who had it at that moment");
    assert_eq!(found("10.0.0.9", Some(35), Some(36)).await, [], "nobody had it");
    assert_eq!(found("02:00:5e:00:53:07", None, None).await, [replaced, open], "by the device");
    // A router that restarts forgets leases: the device is there, and goes on with the address.
    check(70, ana, seen(LeaseSeen::Missing)).await;
    check(80, ana, holds(11)).await;
    assert_eq!(found("10.0.0.11", None, None).await, [open]);
    let services: Vec<Service> = only(
        town.ours
            .services(
                ServiceFilter::default(),
                Ask { q: Some("10.0.0.11".into()), ..all(ServiceSort::Username) },
            )
            .await,
    );
    assert_eq!(services.iter().map(|service| service.id).collect::<Vec<_>>(), [ana]);
    town.ours_at(at(90)).archive_service(ana).await.must();
    assert_eq!(found("10.0.0.11", None, None).await, [(ana, at(30), Some(at(90)), Some(EndCause::Blind))]);
    // They are pruned as sessions are.
    let later = Timestamp(at(90).millis() + 100 * 31 * 86_400_000);
    town.prune(later).await;
    assert_eq!(found("10.0.0.9", None, None).await, []);
}

pub(super) async fn a_failed_check_makes_static_lines_unknown_and_no_others(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    let ana = town.service(router, "ana").await.id;
    town.up(router, "ana", "*F0", 5).await;
    town.ours.apply_checks(router, at(10), vec![(line, arp(ArpState::Failed))], None).await.must();
    let changes = town.ours.checks_failed(router, at(20)).await.must();
    assert_eq!(changes.iter().map(|c| (c.id, c.status)).collect::<Vec<_>>(), [(line, Status::Unknown)]);
    assert_eq!(town.ours.service(ana).await.must().status, Status::Online);
    assert_eq!(town.ours.checks_failed(router, at(30)).await.must(), [], "it is unknown already");
    town.ours.apply_checks(router, at(40), vec![(line, arp(ArpState::Failed))], None).await.must();
    let shown = town.ours.service(line).await.must();
    assert_eq!((shown.status, shown.since), (Status::Offline, at(10)), "it was offline before, too");
    let lost = town.ours.router_lost(router, at(50), "no answer").await.must();
    assert_eq!(lost.len(), 2, "with the router gone nobody can say anything of anybody");
}

pub(super) async fn a_line_that_is_gone_or_elsewhere_is_left_out(town: Town) {
    let router = town.router("tower").await;
    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await.id;
    town.ours.archive_service(line).await.must();
    let nobody = ServiceId(town.fresh());
    let seen = vec![(line, arp(ArpState::Reachable)), (nobody, arp(ArpState::Reachable))];
    assert_eq!(town.ours.apply_checks(router, at(10), seen.clone(), None).await.must().changes, []);
    assert_eq!(town.ours.static_lines(router).await.must().lines, []);
    assert_eq!(town.theirs.static_lines(router).await, Err(NotFound));
    assert_eq!(town.theirs.apply_checks(router, at(10), seen, None).await, Err(NotFound));
    assert_eq!(town.theirs.checks_failed(router, at(10)).await, Err(NotFound));
}
