//! The change feed: everything that others react to, once or more, in order.

use super::dice::Dice;
use super::presence::sweep;
use super::town::{Must, Town, at, customer, down, fixed, pppoe, up};
use crate::model::{Change, Changed, Cursor, JobDone, Run, RunOutcome, ServiceChange};
use crate::port::Applied;
use imsys_domain::presence::{ArpSeen, ArpState, Seen, Sweep};
use imsys_domain::router::{RouterFacts, RouterState};
use imsys_domain::service::ServiceData;
use imsys_domain::{CustomerId, ServiceId};
use std::collections::{BTreeMap, HashMap};

const DAY: i64 = 24 * 3600;

impl Town {
    /// What the feed has told of our tenant since.
    async fn told(&self, since: Cursor) -> Vec<Change> {
        let told = self.store.changes_after(since, 10_000).await.must().expect("it is kept");
        told.into_iter().filter(|changed| changed.tenant == self.tenant).flat_map(|c| c.changes).collect()
    }

    /// Where the feed stands.
    async fn head(&self) -> Cursor {
        self.store.feed().await.must().head
    }
}

/// Of services, which one and what it is now; of the rest, its kind.
fn brief(change: &Change) -> String {
    match change {
        Change::Service(ServiceChange { status, .. }) => format!("service {status:?}"),
        Change::Router(router) => format!("router {:?} {}", router.state, router.swept.is_some()),
        Change::Device(device) => format!("device {:?}", device.health.status),
        Change::UnknownUsers(_) => "unknown users".into(),
        Change::Job(_, run) => format!("job {} {:?}", run.kind, run.outcome),
        Change::Audit { action, .. } => action.clone(),
        Change::TenantDeleted => "deleted".into(),
    }
}

fn briefly(changes: &[Change]) -> Vec<String> {
    changes.iter().map(brief).collect()
}

fn swept(kind: &str) -> JobDone {
    let run = Run { kind: kind.into(), at: at(40), took_ms: 7, outcome: RunOutcome::Done, error: None };
    JobDone { run, mark: None }
}

pub(super) async fn everything_that_others_react_to_is_told_in_its_order(town: Town) {
    let before = town.head().await;
    let router = town.router("tower").await;
    town.service(router, "ana").await;
    let line = town.create(fixed(router, [10, 1, 0, 7], None)).await.id;
    town.ours.create_customer(customer(CustomerId(town.fresh()), "Bea")).await.must();
    let made = ["router.create", "service.create", "service.create", "customer.create"];
    assert_eq!(briefly(&town.told(before).await), made);

    let before = town.head().await;
    town.ours.router_found(router, at(1), RouterFacts::default()).await.must();
    town.up(router, "ana", "*1", 5).await;
    town.up(router, "ana", "*1", 6).await;
    town.up(router, "eve", "*9", 7).await;
    town.up(router, "eve", "*9", 8).await;
    town.ours.forget_unknown_user(router, "eve").await.must();
    let arp = ArpSeen { interface: "ether2".into(), mac: None, state: ArpState::Reachable, ignored: false };
    let seen = Seen { arp: Some(arp), ..Seen::default() };
    town.ours.apply_checks(router, at(10), vec![(line, seen)], Some(swept("CHECK"))).await.must();
    let nobody = Sweep::whole(at(60), None, HashMap::new());
    town.ours.apply_sweep(router, nobody.clone()).await.must();
    town.ours.apply_sweep(router, Sweep { began: at(90), ..nobody }).await.must();
    town.ours.note_done(router, swept("SWEEP")).await.must();
    town.ours.router_lost(router, at(99), "unreachable").await.must();
    let told = town.told(before).await;
    let expected = [
        "router Up false",
        "service Online",
        "unknown users",
        "unknown users",
        "service Online",
        "job CHECK Done",
        "service Offline",
        "router Up true",
        "router Up true",
        "job SWEEP Done",
        "router Down true",
        "service Unknown",
        "service Unknown",
    ];
    assert_eq!(briefly(&told), expected);
    let lost = town.ours.router(router).await.must();
    assert_eq!((lost.state, lost.reason.as_deref()), (RouterState::Down, Some("unreachable")));
    let Some(Change::Router(last)) = told.iter().rfind(|change| matches!(change, Change::Router(_))) else {
        panic!("the loss is told");
    };
    assert_eq!((last.rev, last.since, &last.reason), (lost.rev, lost.since, &lost.reason));
}

pub(super) async fn a_name_for_which_the_list_has_no_room_is_not_told_of(town: Town) {
    let router = town.router("tower").await;
    let names: Vec<_> = (0..5_001).map(|n| format!("stranger-{n}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "*1")).collect();
    town.ours.apply_sweep(router, sweep(10, &rows, &[])).await.must();
    let listed = town.ours.unknown_users(Some(router), 10_000).await.must();
    assert_eq!(listed.len(), 5_000);
    let before = town.head().await;
    assert_eq!(town.up(router, "one more", "*2", 20).await, Applied::UnknownUser);
    assert_eq!(town.told(before).await, [], "it was not added");
    town.ours.forget_unknown_user(router, &listed[0].username).await.must();
    let before = town.head().await;
    town.up(router, "one more", "*2", 30).await;
    assert_eq!(town.told(before).await, [Change::UnknownUsers(router)]);
}

pub(super) async fn who_was_told_goes_on_from_there_and_hears_of_every_tenant(town: Town) {
    let began = town.head().await;
    let ana = customer(CustomerId(town.fresh()), "Ana");
    for n in 0..10 {
        let to = if n % 2 == 0 { &town.ours } else { &town.theirs };
        to.create_customer(customer(CustomerId(town.fresh()), &n.to_string())).await.must();
    }
    let refused = town.ours.update_customer(ana.id, None, ana.data).await;
    assert!(refused.is_err(), "it was never stored");
    let all = town.store.changes_after(began, 100).await.must().expect("it is kept");
    assert_eq!(all.len(), 10, "what is refused is not told");
    assert!(all.is_sorted_by_key(|changed| changed.cursor));
    assert_eq!(all.iter().filter(|changed| changed.tenant == town.tenant).count(), 5);
    let mut pieces: Vec<Changed> = Vec::new();
    let mut place = began;
    while let Some(last) = {
        let piece = town.store.changes_after(place, 3).await.must().expect("it is kept");
        pieces.extend(piece.iter().cloned());
        piece.last().map(|changed| changed.cursor)
    } {
        place = last;
    }
    assert_eq!(pieces, all);
    assert_eq!(town.head().await, place);
    assert_eq!(town.store.changes_after(Cursor(place.0 + 1), 3).await, Ok(None), "nobody was told so much");
}

pub(super) async fn a_hint_says_that_the_feed_has_grown(town: Town) {
    let mut changed = town.store.changed();
    town.ours.create_customer(customer(CustomerId(town.fresh()), "Ana")).await.must();
    let hint = tokio::time::timeout(std::time::Duration::from_secs(60), changed.changed()).await;
    assert!(matches!(hint, Ok(Ok(()))), "{hint:?}");
    assert_eq!(*changed.borrow_and_update(), town.head().await);
}

/// Of each service what was told, in its order.
fn by_service(changes: impl IntoIterator<Item = ServiceChange>) -> BTreeMap<ServiceId, Vec<ServiceChange>> {
    let mut told = BTreeMap::<_, Vec<_>>::new();
    for change in changes {
        told.entry(change.id).or_default().push(change);
    }
    told
}

pub(super) async fn a_storm_is_told_as_it_was_answered(town: Town) {
    let (mut dice, began) = (Dice::new(7), town.head().await);
    let router = town.router("tower").await;
    let mut services = Vec::new();
    for user in 0..8 {
        services.push(town.service(router, &format!("user-{user}")).await.id);
    }
    let mut answered = Vec::new();
    for round in 0..40_i64 {
        let mut together = tokio::task::JoinSet::new();
        for n in 0..1 + dice.below(40) {
            let user = format!("user-{}", dice.below(8));
            let key = format!("*{}", dice.below(3));
            let told = if dice.once_in(2) {
                up(&key, 60 * round + n as i64)
            } else {
                down(&key, 60 * round + n as i64)
            };
            let ours = town.ours.clone();
            together.spawn(async move { ours.apply_presence(router, &user, told).await.must().change() });
        }
        answered.extend(together.join_all().await.into_iter().flatten());
    }
    let told = town.told(began).await.into_iter();
    let told = by_service(told.filter_map(|change| match change {
        Change::Service(change) => Some(change),
        _ => None,
    }));
    for (id, told) in &told {
        assert!(told.is_sorted_by(|a, b| a.rev < b.rev), "out of order: {told:?}");
        let now = town.ours.service(*id).await.must();
        let last = told.last().expect("something");
        assert_eq!((last.status, last.since, last.sessions), (now.status, now.since, now.sessions));
    }
    answered.sort_by_key(|change| (change.id, change.rev));
    assert_eq!(told, by_service(answered));
}

pub(super) async fn what_is_old_is_dropped_from_the_feed_and_who_stands_there_is_told_so(town: Town) {
    let began = town.head().await;
    let router = town.router("tower").await;
    town.service(router, "ana").await;
    town.up(router, "ana", "*1", 5).await;
    let old = town.head().await;
    town.store.prune_expired(at(DAY - 60)).await.must();
    assert!(town.store.changes_after(began, 10).await.must().is_some(), "less than a day");
    town.down(router, "ana", "*1", 2 * DAY).await;
    town.store.prune_expired(at(2 * DAY + 60)).await.must();
    assert_eq!(town.store.changes_after(began, 10).await, Ok(None));
    assert_eq!(briefly(&town.told(old).await), ["service Offline"], "who stood before it has missed nothing");
    town.store.prune_expired(at(9 * DAY)).await.must();
    let newest = town.head().await;
    assert!(newest > old, "no place is given twice");
    town.up(router, "ana", "*2", 9 * DAY).await;
    assert_eq!(briefly(&town.told(newest).await), ["service Online"]);
}

pub(super) async fn of_an_erased_history_and_of_a_deleted_tenant_the_feed_tells_nothing_more(town: Town) {
    let began = town.head().await;
    let router = town.router("tower").await;
    let (ana, bob) = (town.customer("Ana").await, town.service(router, "bob").await.id);
    let hers = pppoe(router, "ana");
    town.create(ServiceData { customer: Some(ana), ..hers }).await;
    for user in ["ana", "bob"] {
        town.up(router, user, "*1", 5).await;
    }
    let of_services = |told: Vec<Change>| -> Vec<ServiceId> {
        let ids = told.into_iter().filter_map(|change| match change {
            Change::Service(change) => Some(change.id),
            _ => None,
        });
        ids.collect()
    };
    assert_eq!(of_services(town.told(began).await).len(), 2);
    town.ours.erase_history(ana).await.must();
    assert_eq!(of_services(town.told(began).await), [bob]);
    let before = town.head().await;
    town.store.delete_tenant(town.tenant, at(9)).await.must();
    assert_eq!(town.told(before).await, [Change::TenantDeleted]);
}

pub(super) async fn a_router_of_another_tenant_is_not_told_of(town: Town) {
    let began = town.head().await;
    let router = town.router("tower").await;
    let before = town.head().await;
    assert!(town.theirs.router_lost(router, at(5), "no").await.is_err());
    assert!(town.theirs.apply_presence(router, "ana", up("*1", 5)).await.is_err());
    town.theirs.note_done(router, swept("SWEEP")).await.must();
    assert_eq!(town.store.changes_after(before, 10).await, Ok(Some(Vec::new())));
    assert!(town.head().await > began);
}
