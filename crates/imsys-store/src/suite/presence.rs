//! Who is online: states, sessions, timelines, counters.

use super::town::{Must, Town, all, at, down, fixed, only, pppoe, up};
use crate::model::{HookCounts, ServiceChange, StatusCounts};
use crate::port::{Applied, HookReport, ServiceFilter, ServiceSort, SessionFilter};
use imsys_domain::presence::{
    EndCause, Endpoint, HookKey, Observation, Outcome, Row, RowKey, Source, Status, Sweep,
};
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, Timestamp};
use std::collections::HashSet;

const DAY: i64 = 86_400;

/// What became of an observation about a known user.
#[track_caller]
fn known(applied: Applied) -> (Outcome, Option<ServiceChange>) {
    match applied {
        Applied::Known { outcome, change, .. } => (outcome, change),
        Applied::UnknownUser => panic!("the user is registered"),
    }
}

pub(super) async fn an_observation_changes_state_session_and_timeline_as_one(town: Town) {
    let router = town.router("tower").await;
    let service = town.service(router, "ana").await;
    let endpoint = Endpoint { mac: Some("aa:bb:cc:00:11:22".into()), address: Some("10.9.0.1".into()) };
    let key = Some(HookKey("*F0".into()));
    let told = Observation::HookUp { at: at(10), key: key.clone(), endpoint };
    let (outcome, change) = known(town.ours.apply_presence(router, "ana", told.clone()).await.must());
    let change = change.expect("it became online");
    assert_eq!((outcome, change.before, change.status), (Outcome::Applied, Status::Unknown, Status::Online));
    let state = town.ours.presence(service.id).await.must();
    assert_eq!(change, ServiceChange::new(service.id, change.rev, change.before, &state));
    let now = town.ours.service(service.id).await.must();
    assert_eq!((now.status, now.since, now.confirmed), (Status::Online, at(10), Some(at(10))));
    assert_eq!((now.source, now.edition, now.rev), (Some(Source::Webhook), 1, change.rev));
    assert!(now.rev > service.rev);
    assert_eq!(town.ours.users_with_session(router).await.must(), HashSet::from(["ana".into()]));

    assert_eq!(known(town.ours.apply_presence(router, "ana", told).await.must()), (Outcome::Duplicate, None));
    assert_eq!(town.ours.service(service.id).await.must(), now, "a double changes nothing");
    let (outcome, _) = known(town.down(router, "ana", "*F0", 70).await);
    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(known(town.down(router, "ana", "*F0", 71).await), (Outcome::Stale, None));

    let session =
        only(town.ours.sessions(SessionFilter::default(), all(())).await).pop().expect("there was one");
    assert_eq!((session.service, session.router, session.username.as_str()), (service.id, router, "ana"));
    assert_eq!((session.started, session.ended, session.cause), (at(10), Some(at(70)), Some(EndCause::User)));
    assert_eq!(session.endpoint.mac.as_deref(), Some("AA:BB:CC:00:11:22"), "in the one spelling");
    assert_eq!(session.by, Source::Webhook);
    let said = town.ours.timeline(service.id, at(0), at(99)).await.must();
    let said: Vec<_> = said.iter().map(|e| (e.at, e.status, e.source)).collect();
    assert_eq!(said, [(at(10), Status::Online, Source::Webhook), (at(70), Status::Offline, Source::Webhook)]);
}

pub(super) async fn an_unknown_user_is_listed_and_nothing_is_guessed(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    town.service(router, "ana").await;
    town.create(fixed(router, [10, 1, 0, 2], None)).await;
    for user in ["Ana", "10.1.0.2", "ana "] {
        assert_eq!(town.up(router, user, "*F0", 10).await, Applied::UnknownUser);
    }
    assert_eq!(town.up(router, "Ana", "*F1", 20).await, Applied::UnknownUser);
    assert_eq!(town.up(other, "ana", "*F0", 30).await, Applied::UnknownUser);
    let listed = town.ours.unknown_users(Some(router), 10).await.must();
    let ana = listed.first().expect("the newest comes first");
    assert_eq!((ana.username.as_str(), ana.first, ana.last, ana.count), ("Ana", at(10), at(20), 2));
    assert_eq!((listed.len(), town.ours.unknown_users(None, 10).await.must().len()), (3, 4));
    assert_eq!(town.ours.unknown_users(None, 2).await.must().len(), 2);
    town.ours.forget_unknown_user(router, "Ana").await.must();
    town.ours.forget_unknown_user(router, "Ana").await.expect_err("it is off the list");
    assert_eq!(town.ours.unknown_users(Some(router), 10).await.must().len(), 2);
    let next = town.ours.unknown_users(Some(router), 10).await.must().swap_remove(0).username;
    town.service(router, &next).await;
    let left = town.ours.unknown_users(Some(router), 10).await.must();
    assert!(left.iter().all(|user| user.username != next), "who is registered is unknown no more");
    assert_eq!(town.ours.recent_changes(10).await.must(), []);
}

pub(super) async fn many_observations_are_judged_in_their_order(town: Town) {
    let router = town.router("tower").await;
    let ana = town.service(router, "ana").await;
    let bob = town.service(router, "bob").await;
    let batch = vec![
        ("ana".into(), up("*F0", 10)),
        ("bob".into(), up("*F1", 10)),
        ("eve".into(), up("*F2", 10)),
        ("ana".into(), down("*F0", 30)),
        ("ana".into(), up("*F3", 40)),
        ("bob".into(), down("*F1", 40)),
    ];
    let applied = town.ours.apply_presences(router, batch).await.must();
    let outcomes: Vec<_> = applied
        .iter()
        .map(|a| if let Applied::Known { outcome, .. } = a { Some(*outcome) } else { None })
        .collect();
    let yes = Some(Outcome::Applied);
    assert_eq!(outcomes, [yes, yes, None, yes, yes, yes]);
    assert_eq!(town.ours.service(ana.id).await.must().since, at(40));
    assert_eq!(town.ours.service(bob.id).await.must().status, Status::Offline);
    assert_eq!(town.ours.apply_presences(router, vec![]).await.must(), []);
}

pub(super) fn row(id: &str, uptime_seconds: i64) -> Row {
    let key = RowKey { id: id.into(), session: Some(format!("s{id}")) };
    Row { key, endpoint: Endpoint::default(), uptime: Some(uptime_seconds * 1000) }
}

pub(super) fn sweep(second: i64, rows: &[(&str, &str)], spared: &[&str]) -> Sweep {
    let rows = rows.iter().map(|(user, id)| ((*user).to_owned(), vec![row(id, 5)]));
    let spared = spared.iter().map(|user| (*user).to_owned()).collect();
    Sweep { spared, ..Sweep::whole(at(second), None, rows.collect()) }
}

async fn statuses(town: &Town, router: RouterId) -> Vec<(String, Status)> {
    let filter = ServiceFilter { router: Some(router), ..ServiceFilter::default() };
    let services = only(town.ours.services(filter, all(ServiceSort::Username)).await);
    services.into_iter().map(|s| (s.data.access.key(), s.status)).collect()
}

pub(super) async fn a_sweep_writes_what_changes_and_confirms_the_rest(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    for user in ["ana", "bob", "eve"] {
        town.service(router, user).await;
    }
    let outsider = town.service(other, "ana").await;
    let line = town.create(fixed(router, [10, 1, 0, 2], None)).await;
    let first = sweep(10, &[("ana", "*1"), ("eve", "*3"), ("mallory", "*9")], &["eve"]);
    let applied = town.ours.apply_sweep(router, first).await.must();
    assert_eq!((applied.changes.len(), applied.unknown), (2, 1), "{applied:?}");
    let expected = [
        ("ip:main:10.1.0.2".to_owned(), Status::Unknown),
        ("ppp:ana".to_owned(), Status::Online),
        ("ppp:bob".to_owned(), Status::Offline),
        ("ppp:eve".to_owned(), Status::Unknown),
    ];
    assert_eq!(statuses(&town, router).await, expected);
    assert_eq!(town.ours.router(router).await.must().swept, Some(at(10)));
    assert_eq!(town.ours.service(outsider.id).await.must(), outsider);

    let before = town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await.must().items;
    let again =
        town.ours.apply_sweep(router, sweep(300, &[("ana", "*1")], &["ana", "bob", "eve"])).await.must();
    assert_eq!(again.changes, []);
    let same = Sweep { rows: [("ana".into(), vec![row("*1", 295)])].into(), ..sweep(300, &[], &["eve"]) };
    assert_eq!(town.ours.apply_sweep(router, same).await.must().changes, []);
    let after = town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await.must().items;
    for (old, new) in before.iter().zip(&after) {
        assert_eq!((old.status, old.since, old.rev), (new.status, new.since, new.rev), "nothing changed");
        let confirmed = new.data.router == router && new.status != Status::Unknown;
        assert_eq!(new.confirmed, if confirmed { Some(at(300)) } else { None }, "{new:?}");
    }
    assert_eq!(town.ours.service(line.id).await.must().confirmed, None);
    let gone = town.ours.apply_sweep(router, sweep(600, &[], &[])).await.must();
    assert_eq!(gone.changes.iter().filter(|c| c.before == Status::Online).count(), 1);
    assert_eq!(town.ours.unknown_users(None, 9).await.must().len(), 1);
}

pub(super) async fn webhooks_are_counted(town: Town) {
    let router = town.router("tower").await;
    town.service(router, "ana").await;
    assert_eq!(town.ours.hook_counts(router, at(0)).await.must(), HookCounts::default());
    town.up(router, "ana", "*F0", 10).await;
    town.up(router, "ana", "*F0", 8000).await;
    town.up(router, "nobody", "*F0", 8001).await;
    town.ours.count_hook(router, at(8002), HookReport::Refused).await.must();
    let seen = Observation::RowSeen { at: at(8010), row: row("*1", 0) };
    town.ours.apply_presence(router, "ana", seen).await.must();
    let counts = town.ours.hook_counts(router, at(0)).await.must();
    assert_eq!(counts, HookCounts { last: Some(at(8001)), received: 3, refused: 1 });
    let late = town.ours.hook_counts(router, at(7200)).await.must();
    assert_eq!(late, HookCounts { last: Some(at(8001)), received: 2, refused: 1 });
}

pub(super) async fn the_counts_agree_with_the_lists(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    for (number, place) in [router, router, router, other].into_iter().enumerate() {
        let user = format!("user-{number}");
        let data = pppoe(place, &user);
        town.create(imsys_domain::service::ServiceData { suspended: number % 2 == 0, ..data }).await;
        town.up(place, &user, "*F0", 10).await;
    }
    town.down(router, "user-1", "*F0", 60).await;
    town.service(router, "never").await;
    for (place, counts) in [
        (None, StatusCounts { online: 3, offline: 1, unknown: 1, suspended: 2 }),
        (Some(router), StatusCounts { online: 2, offline: 1, unknown: 1, suspended: 2 }),
        (Some(RouterId(town.fresh())), StatusCounts::default()),
    ] {
        assert_eq!(town.ours.status_counts(place).await.must(), counts);
        let listed = async |status, suspended| {
            let filter = ServiceFilter { router: place, status, suspended, ..ServiceFilter::default() };
            town.ours.services(filter, all(ServiceSort::Username)).await.must().total
        };
        let (online, offline) =
            (listed(Some(Status::Online), None).await, listed(Some(Status::Offline), None).await);
        let unknown = listed(Some(Status::Unknown), None).await;
        let suspended = listed(None, Some(true)).await;
        assert_eq!(StatusCounts { online, offline, unknown, suspended }, counts);
        assert_eq!(listed(None, Some(false)).await, online + offline + unknown - suspended);
    }
}

pub(super) async fn a_timeline_begins_with_what_was_before(town: Town) {
    let router = town.router("tower").await;
    let (ana, bob) = (town.service(router, "ana").await, town.service(router, "bob").await);
    for turn in 0..4 {
        let key = format!("*F{turn}");
        town.up(router, "ana", &key, turn * 100 + 10).await;
        town.up(router, "bob", &key, turn * 100 + 20).await;
        town.down(router, "ana", &key, turn * 100 + 60).await;
    }
    let line = async |from, to| {
        let events = town.ours.timeline(ana.id, at(from), at(to)).await.must();
        assert!(events.iter().all(|e| (e.service, e.router_name.as_str()) == (ana.id, "tower")));
        events.into_iter().map(|e| e.at).collect::<Vec<_>>()
    };
    assert_eq!(line(150, 350).await, [110, 160, 210, 260, 310].map(at), "from the last one before");
    assert_eq!(line(0, 50).await, [at(10)]);
    assert_eq!(line(900, 999).await, [at(360)]);
    let recent = town.ours.recent_changes(3).await.must();
    let recent: Vec<_> = recent.iter().map(|e| (e.at, e.service, e.status)).collect();
    let expected = [
        (at(360), ana.id, Status::Offline),
        (at(310), ana.id, Status::Online),
        (at(260), ana.id, Status::Offline),
    ];
    assert_eq!(recent, expected, "{:?} was online from the first", bob.id);
}

pub(super) async fn old_history_is_dropped_and_nothing_else(town: Town) {
    let router = town.router("tower").await;
    let ana = town.service(router, "ana").await;
    town.service(router, "bob").await;
    let settings = Settings { history_months: 2, ..Settings::default() };
    town.ours.set_settings("ours".into(), settings).await.must();
    town.up(router, "bob", "*B0", 5).await;
    for day in [0, 30, 100] {
        let key = format!("*F{day}");
        town.up(router, "ana", &key, day * DAY + 10).await;
        town.down(router, "ana", &key, day * DAY + 60).await;
    }
    let now = at(101 * DAY);
    for (other, _) in town.store.census().await.must().into_iter().filter(|(one, _)| one.id != town.tenant) {
        assert_eq!(town.store.prune_history(other.id, now).await, Ok(0), "of another tenant");
    }
    assert!(town.prune(now).await >= 4, "two sessions and their events");
    let sessions = only(town.ours.sessions(SessionFilter::default(), all(())).await);
    let kept: Vec<_> = sessions.iter().map(|s| (s.username.as_str(), s.started)).collect();
    assert_eq!(kept, [("bob", at(5)), ("ana", at(100 * DAY + 10))], "what is open stays");
    let line = town.ours.timeline(ana.id, Timestamp(0), now).await.must();
    assert_eq!(line.iter().map(|e| e.at).collect::<Vec<_>>(), [at(100 * DAY + 10), at(100 * DAY + 60)]);
    assert_eq!(town.prune(now).await, 0);
}

pub(super) async fn a_table_that_may_leave_rows_out_takes_nobody_offline(town: Town) {
    let router = town.router("tower").await;
    for user in ["ana", "bob", "eve"] {
        town.service(router, user).await;
    }
    town.ours.apply_sweep(router, sweep(10, &[("ana", "*1")], &["eve"])).await.must();
    let part = Sweep { complete: false, ..sweep(20, &[("bob", "*2")], &[]) };
    let applied = town.ours.apply_sweep(router, part).await.must();
    assert_eq!(applied.changes.len(), 1, "{applied:?}");
    let statuses = statuses(&town, router).await.into_iter().map(|(_, status)| status);
    assert_eq!(statuses.collect::<Vec<_>>(), [Status::Online, Status::Online, Status::Unknown]);
}
