//! Counts of services over time, and when routers were away.

use super::town::{Must, Town, at};
use crate::model::{Absence, StatusCounts};
use crate::port::StoreError;
use imsys_domain::router::RouterFacts;
use imsys_domain::trend::{Away, Range, Tally};
use imsys_domain::{RouterId, TenantId, Timestamp};
use std::collections::HashMap;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn online(online: u64) -> StatusCounts {
    StatusCounts { online, offline: 2, unknown: 1, suspended: 0 }
}

async fn note(town: &Town, second: i64, counts: StatusCounts) {
    town.store.note_counts(vec![(town.tenant, at(second), counts)]).await.must();
}

fn begins(tallies: &[Tally]) -> Vec<Timestamp> {
    tallies.iter().map(|tally| tally.begin).collect()
}

pub(super) async fn an_interval_is_counted_once_and_hours_add_up(town: Town) {
    note(&town, 1, online(10)).await;
    note(&town, 2 * MINUTE, online(99)).await;
    note(&town, 5 * MINUTE, online(4)).await;
    // Nobody counted at 10 minutes.
    note(&town, 15 * MINUTE + 7, online(8)).await;
    let tally = |minute: i64, online| Tally {
        begin: at(minute * MINUTE),
        counts: 1,
        online,
        offline: 2,
        unknown: 1,
        lowest: online,
    };
    let day = town.ours.trend(Range::Day, at(HOUR)).await.must();
    assert_eq!(day, [tally(0, 10), tally(5, 4), tally(15, 8)]);
    let month = town.ours.trend(Range::Month, at(HOUR)).await.must();
    let sums = Tally { counts: 3, online: 22, offline: 6, unknown: 3, lowest: 4, ..tally(0, 0) };
    assert_eq!(month, [sums]);
    let until = |seconds| town.ours.trend(Range::Day, at(seconds));
    assert_eq!(begins(&until(5 * MINUTE).await.must()), [at(0), at(5 * MINUTE)]);
    assert_eq!(begins(&until(DAY + 1).await.must()), [at(5 * MINUTE), at(15 * MINUTE)]);
}

pub(super) async fn a_tenant_sees_only_its_own_counts(town: Town) {
    assert_eq!(town.store.count_services().await.must(), []);
    let router = town.router("tower").await;
    for user in ["ana", "bob", "eve"] {
        town.service(router, user).await;
    }
    town.up(router, "ana", "*F0", 5).await;
    town.up(router, "bob", "*F1", 5).await;
    town.down(router, "bob", "*F1", 70).await;
    let gone = town.service(router, "gone").await;
    town.ours.archive_service(gone.id).await.must();
    let elsewhere = town.district("elsewhere").await;
    let other = elsewhere.router("hill").await;
    elsewhere.service(other, "ana").await;
    let counted: HashMap<_, _> = town.store.count_services().await.must().into_iter().collect();
    assert_eq!(counted.len(), 2);
    assert_eq!(counted[&town.tenant], town.ours.status_counts(None).await.must());
    assert_eq!(counted[&town.tenant], StatusCounts { online: 1, offline: 1, unknown: 1, suspended: 0 });
    town.store.note_counts(counted.iter().map(|(id, counts)| (*id, at(80), *counts)).collect()).await.must();
    let shown = town.ours.trend(Range::Day, at(90)).await.must();
    assert_eq!(shown.iter().map(Tally::means).collect::<Vec<_>>(), [[1, 1, 1]]);
    let theirs = elsewhere.ours.trend(Range::Month, at(90)).await.must();
    assert_eq!(theirs.iter().map(Tally::means).collect::<Vec<_>>(), [[0, 0, 1]]);
    assert_eq!(town.theirs.trend(Range::Day, at(90)).await.must(), []);
}

pub(super) async fn counts_of_a_tenant_that_is_gone_are_left_out(town: Town) {
    let gone = town.district("gone").await;
    town.store.delete_tenant(gone.tenant, at(9)).await.must();
    let nobody = TenantId(town.fresh());
    let counts = [gone.tenant, nobody, town.tenant].map(|tenant| (tenant, at(5), online(3)));
    town.store.note_counts(counts.into()).await.must();
    assert_eq!(gone.ours.trend(Range::Day, at(9)).await.must(), []);
    assert_eq!(town.ours.trend(Range::Day, at(9)).await.must().len(), 1);
}

pub(super) async fn what_no_trend_shows_is_dropped(town: Town) {
    let router = town.router("tower").await;
    for hour in 0..40 * 24 {
        note(&town, hour * HOUR, online(1)).await;
    }
    for day in [1, 2, 39] {
        town.ours.router_found(router, at(day * DAY), RouterFacts::default()).await.must();
        town.ours.router_lost(router, at(day * DAY + 60), "no answer").await.must();
    }
    let now = at(40 * DAY);
    let shown = async || {
        let [day, month] = Range::ALL.map(|range| town.ours.trend(range, now));
        (day.await.must(), month.await.must(), town.ours.absences(router, 9).await.must())
    };
    let before = shown().await;
    assert_eq!((before.0.len(), before.1.len(), before.2.len()), (24, 720, 3));
    // 24 hours and 30 days are shown, two hours and two days are spare; one absence is over.
    let gone = (40 * 24 - 26) + (40 - 32) * 24 + 1;
    assert_eq!(town.prune(now).await, gone);
    let after = shown().await;
    assert_eq!((after.0, after.1), (before.0, before.1));
    assert_eq!(after.2, before.2[..2]);
    assert_eq!(town.prune(now).await, 0);
    // Counted by a clock that was ahead.
    note(&town, 900 * DAY, online(1)).await;
    assert_eq!(town.prune(now).await, 2);
    assert_eq!(shown().await.1.len(), 720);
}

async fn lose(town: &Town, router: RouterId, second: i64, reason: &str) {
    town.ours.router_lost(router, at(second), reason).await.must();
}

async fn find(town: &Town, router: RouterId, second: i64) {
    town.ours.router_found(router, at(second), RouterFacts::default()).await.must();
}

async fn away(town: &Town, from: i64, to: i64) -> HashMap<RouterId, Away> {
    town.ours.away(None, at(from), at(to)).await.must()
}

pub(super) async fn a_router_is_away_from_its_loss_until_it_is_found(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    find(&town, router, 10).await;
    find(&town, other, 10).await;
    assert_eq!(town.ours.absences(router, 9).await.must(), []);
    lose(&town, router, 100, "timed out").await;
    lose(&town, router, 110, "refused").await;
    find(&town, router, 160).await;
    find(&town, router, 170).await;
    lose(&town, router, 300, "closed").await;
    let first = Absence { began: at(100), ended: Some(at(160)), reason: "timed out".into() };
    let second = Absence { began: at(300), ended: None, reason: "closed".into() };
    assert_eq!(town.ours.absences(router, 9).await.must(), [second.clone(), first]);
    assert_eq!(town.ours.absences(router, 1).await.must(), [second]);
    assert_eq!(town.ours.absences(other, 9).await.must(), []);
    assert_eq!(town.ours.absences(RouterId(town.fresh()), 9).await, Err(StoreError::NotFound));
    let both = Away { times: 2, millis: 60_000 + 50_000 };
    assert_eq!(away(&town, 0, 350).await, HashMap::from([(router, both)]));
    assert_eq!(town.ours.away(Some(other), at(0), at(350)).await.must(), HashMap::new());
    town.ours_at(at(400)).archive_router(router).await.must();
    assert_eq!(away(&town, 0, 500).await, HashMap::new(), "it is not shown any more");
}

pub(super) async fn a_router_that_was_never_there_is_not_away(town: Town) {
    let router = town.router("tower").await;
    lose(&town, router, 5, "no route").await;
    lose(&town, router, 50, "no route").await;
    assert_eq!(town.ours.absences(router, 9).await.must(), []);
    assert_eq!(away(&town, 0, 99).await, HashMap::new());
}

pub(super) async fn absences_are_bounded_and_cut_to_what_is_asked(town: Town) {
    let router = town.router("flapping").await;
    for time in 0..1_010 {
        find(&town, router, time * 10).await;
        lose(&town, router, time * 10 + 4, "closed").await;
    }
    let kept = town.ours.absences(router, 5_000).await.must();
    assert_eq!((kept.len(), kept.last().map(|absence| absence.began)), (1_000, Some(at(104))));
    let times = |from, to| away(&town, from, to);
    assert_eq!(times(0, 100).await, HashMap::new());
    let one = |millis| HashMap::from([(router, Away { times: 1, millis })]);
    assert_eq!(times(106, 112).await, one(4_000), "from the begin of what is asked");
    assert_eq!(times(110, 115).await, one(1_000), "to its end");
    assert_eq!(times(110, 114).await, HashMap::new());
}
