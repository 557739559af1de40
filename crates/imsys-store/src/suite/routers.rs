//! Routers, their tokens, their state and their marks.

use super::town::{Must, Town, all, at, only, pppoe};
use crate::model::Holder;
use crate::model::{JobDone, PendingWork, RouterHealth, Run, RunOutcome, Sealed};
use crate::page::Ask;
use crate::port::{Reference, RouterSort, SessionFilter, StoreError, Taken};
use imsys_domain::presence::{Endpoint, Observation, Status};
use imsys_domain::router::{Listening, RouterConfig, RouterFacts, RouterState};
use imsys_domain::{RouterId, TenantId, Timestamp};

pub(super) async fn a_router_is_kept_as_given_and_changed_only_by_who_read_it_last(town: Town) {
    let mut given = town.new_router("tower");
    given.config.address = "fd00::1".parse().expect("this is an address");
    given.config.tls = Some("ab".repeat(32));
    given.config.paused = true;
    town.ours.create_router(given.clone()).await.must();
    assert_eq!(town.ours.router(given.id).await.must(), given);

    let config = RouterConfig {
        name: "hill".into(),
        port: 8729,
        paused: false,
        legacy_login: true,
        routed: Vec::new(),
        ..given.config.clone()
    };
    let changed = town.ours.update_router(given.id, Some(1), config.clone()).await.must();
    assert_eq!((&changed.config, changed.edition, changed.rev > given.rev), (&config, 2, true));
    assert_eq!(town.ours.update_router(given.id, Some(1), given.config).await, Err(StoreError::Stale));
    assert_eq!(town.ours.router(given.id).await.must(), changed);
    let nothing = RouterId(town.fresh());
    assert_eq!(town.ours.update_router(nothing, None, config).await, Err(StoreError::NotFound));
}

pub(super) async fn what_a_router_told_is_true_where_it_was_told_and_nowhere_else(town: Town) {
    let given = town.router("tower").await;
    let facts = RouterFacts {
        version: Some("7.15".into()),
        address: Some("192.0.2.7".parse().expect("this is an address")),
        ..RouterFacts::default()
    };
    let found = town.ours.router_found(given, at(1), facts.clone()).await.must();
    let there = "192.0.2.7".parse().expect("this is an address");
    assert!(town.store.is_shared(there, TenantId(town.fresh())).await.must(), "they are not alone there");
    assert!(!town.store.is_shared(there, town.tenant).await.must(), "we are");
    let renamed = RouterConfig { name: "hill".into(), password: "v1.new".into(), ..found.config.clone() };
    let renamed = town.ours.update_router(given, None, renamed).await.must();
    assert_eq!(renamed.facts, facts);
    let named = RouterConfig { address: "a.example.net".parse().expect("this is a name"), ..renamed.config };
    let moved = town.ours.update_router(given, None, named.clone()).await.must();
    assert_eq!((&moved.config, &moved.facts), (&named, &RouterFacts::default()));
    assert!(
        !town.store.is_shared(there, TenantId(town.fresh())).await.must(),
        "an entry alone proves nothing"
    );
}

pub(super) async fn an_address_and_port_belong_to_one_router(town: Town) {
    let first = town.new_router("one");
    town.ours.create_router(first.clone()).await.must();
    let second = town.router("two").await;
    let mut twin = town.new_router("twin");
    twin.config = first.config.clone();
    assert_eq!(town.ours.create_router(twin.clone()).await, Err(StoreError::Exists(Taken::RouterPlace)));
    let moved = town.ours.update_router(second, None, first.config.clone()).await;
    assert_eq!(moved, Err(StoreError::Exists(Taken::RouterPlace)));
    town.theirs.create_router(twin.clone()).await.must();
    town.ours.archive_router(first.id).await.must();
    town.ours.update_router(second, None, first.config).await.must();
}

pub(super) async fn a_token_finds_its_router_until_there_is_another(town: Town) {
    let given = town.new_router("tower");
    town.ours.create_router(given.clone()).await.must();
    assert_eq!(town.store.router_by_token(given.token).await.must().id, given.id);
    assert_eq!(town.store.router_by_id(given.id).await.must().tenant, town.tenant);
    town.ours.set_router_token(given.id, [9; 32], "v1.sealed".into()).await.must();
    assert_eq!(town.store.router_by_token(given.token).await, Err(StoreError::NotFound));
    assert_eq!(town.store.router_by_token([9; 32]).await.must().id, given.id);
    assert_eq!(town.store.all_routers().await.must().len(), 1);
    town.ours.archive_router(given.id).await.must();
    assert_eq!(town.store.router_by_token([9; 32]).await, Err(StoreError::NotFound));
    assert_eq!(town.store.router_by_id(given.id).await, Err(StoreError::NotFound));
    assert_eq!(town.store.all_routers().await.must(), []);
}

pub(super) async fn a_router_is_found_and_lost(town: Town) {
    let router = town.router("tower").await;
    let (ana, bob) = (town.service(router, "ana").await, town.service(router, "bob").await);
    town.up(router, "ana", "*F0", 5).await;
    let facts = RouterFacts { identity: Some("Córe".into()), fetch: Some(true), ..RouterFacts::default() };
    let found = town.ours.router_found(router, at(10), facts.clone()).await.must();
    assert_eq!((found.state, found.since, &found.facts), (RouterState::Up, at(10), &facts));
    assert_eq!(town.ours.router_found(router, at(20), facts).await.must().since, at(10));
    town.ours.set_listening(router, Listening::On).await.must();
    assert_eq!(town.ours.router(router).await.must().listening, Listening::On);

    let changes = town.ours.router_lost(router, at(30), "timed out").await.must();
    let said: Vec<_> = changes.iter().map(|c| (c.id, c.before, c.status)).collect();
    assert_eq!(said, [(ana.id, Status::Online, Status::Unknown)], "{bob:?} was unknown before");
    let lost = town.ours.router(router).await.must();
    assert_eq!((lost.state, lost.since, lost.listening), (RouterState::Down, at(30), Listening::Off));
    assert_eq!(lost.reason.as_deref(), Some("timed out"));
    assert_eq!(town.ours.router_lost(router, at(40), "refused").await.must(), []);
    let still = town.ours.router(router).await.must();
    assert_eq!((still.since, still.reason.as_deref()), (at(30), Some("refused")));
    let by_identity = Ask { q: Some("core".into()), ..all(RouterSort::Name) };
    assert_eq!(only(town.ours.routers(false, by_identity).await).len(), 1);
}

pub(super) async fn a_removed_router_takes_its_services_along_and_leaves_its_history(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    let (ana, bob) = (town.service(router, "ana").await, town.service(other, "bob").await);
    town.up(router, "ana", "*F0", 5).await;
    town.up(router, "nobody", "*F1", 6).await;
    town.ours_at(at(50)).archive_router(router).await.must();
    assert_eq!(town.ours.router(router).await, Err(StoreError::Archived));
    assert_eq!(town.ours.router_or_archived(router).await.must().archived, Some(at(50)));
    assert_eq!(only(town.ours.routers(false, all(RouterSort::Name)).await).len(), 1);
    assert_eq!(town.ours.service(ana.id).await.must().archived, Some(at(50)));
    assert_eq!(town.ours.service(bob.id).await.must().archived, None);
    let sessions = only(town.ours.sessions(SessionFilter::default(), all(())).await);
    assert_eq!(sessions.iter().map(|s| s.ended).collect::<Vec<_>>(), [Some(at(50))]);
    assert_eq!(town.ours.unknown_users(None, 10).await.must(), []);
    assert_eq!(town.ours.archive_router(router).await, Err(StoreError::Archived));
    let late =
        town.ours.create_service(imsys_domain::ServiceId(town.fresh()), at(60), pppoe(router, "eve")).await;
    assert_eq!(late, Err(StoreError::Dangling(Reference::Router)));
}

pub(super) async fn what_is_wrong_with_routers_is_told_of_all_of_them(town: Town) {
    assert_eq!(town.ours.router_health(9).await.must(), RouterHealth::default());
    let mut routers = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        routers.push(town.router(name).await);
    }
    town.ours.archive_router(routers[0]).await.must();
    town.ours.router_found(routers[1], at(5), RouterFacts::default()).await.must();
    for lost in [routers[4], routers[3]] {
        town.ours.router_lost(lost, at(6), "no answer").await.must();
    }
    for user in ["ana", "bob"] {
        town.service(routers[4], user).await;
    }
    let health = town.ours.router_health(9).await.must();
    let lost: Vec<_> =
        health.lost.iter().map(|(router, many)| (router.config.name.as_str(), *many)).collect();
    assert_eq!(lost, [("d", 0), ("e", 2)]);
    assert_eq!((health.up, health.down, health.new, health.heard), (1, 2, 1, false));
    town.up(routers[2], "ana", "*F0", 10).await;
    let health = town.ours.router_health(1).await.must();
    assert_eq!((health.down, health.lost.len(), health.heard), (2, 1, true));
    assert_eq!(town.theirs.router_health(9).await.must(), RouterHealth::default());
}

pub(super) async fn a_mark_is_cleared_only_by_who_saw_its_last_setting(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    let first = town.ours.mark_due(router, "SWEEP_PPP", at(1), false).await.must().number;
    let check = town.ours.mark_due(router, "CHECK_STATIC_USERS", at(2), false).await.must().number;
    town.ours.mark_due(other, "DISCOVER", at(0), false).await.must();
    let again = town.ours.mark_due(router, "SWEEP_PPP", at(3), false).await.must().number;
    assert_ne!(first, again);
    let due = town.ours.due(router).await.must();
    let mark = |kind: &str, number| PendingWork { kind: kind.into(), number, urgent: false };
    assert_eq!(due, [mark("SWEEP_PPP", again), mark("CHECK_STATIC_USERS", check)], "oldest first");
    town.ours.note_done(router, JobDone { run: sweep_run(at(4)), mark: Some(first) }).await.must();
    assert_eq!(town.ours.due(router).await.must().len(), 2, "it was set again since");
    town.ours.note_done(router, JobDone { run: sweep_run(at(5)), mark: Some(again) }).await.must();
    let checked = Run { kind: "CHECK_STATIC_USERS".into(), ..sweep_run(at(6)) };
    town.ours.note_done(router, JobDone { run: checked, mark: Some(check) }).await.must();
    assert_eq!(town.ours.due(router).await.must(), []);

    let anew = town.ours.mark_due(router, "SWEEP_PPP", at(9), false).await.must().number;
    for number in [first, again] {
        town.ours.note_done(router, JobDone { run: sweep_run(at(10)), mark: Some(number) }).await.must();
    }
    town.ours.note_done(router, JobDone { run: sweep_run(at(11)), mark: None }).await.must();
    let due = town.ours.due(router).await.must();
    assert_eq!(due, [mark("SWEEP_PPP", anew)], "a number is not used twice");
    assert_eq!(town.ours.due(other).await.must().len(), 1);
    let nothing = town.ours.mark_due(RouterId(town.fresh()), "SWEEP_PPP", at(1), false).await;
    assert_eq!(nothing, Err(StoreError::NotFound));
}

pub(super) async fn a_person_who_waits_is_known_until_his_work_is_done(town: Town) {
    let router = town.router("tower").await;
    let mark = async |kind, second, urgent| town.ours.mark_due(router, kind, at(second), urgent).await.must();
    assert!(!mark("SWEEP_PPP", 1, false).await.urgent);
    let asked = mark("CHECK_STATIC_USERS", 2, true).await;
    assert!(asked.urgent);
    assert!(mark("SWEEP_PPP", 3, false).await.urgent, "at the router, whatever is marked");
    let again = mark("CHECK_STATIC_USERS", 4, false).await;
    let urgent: Vec<_> = town.ours.due(router).await.must().into_iter().map(|mark| mark.urgent).collect();
    assert_eq!(urgent, [false, true], "the clock asked for the same since");
    assert_eq!(town.store.old_marks(at(9)).await.must(), [(town.tenant, router, true)]);
    let run = Run { kind: "CHECK_STATIC_USERS".into(), ..sweep_run(at(5)) };
    town.ours.note_done(router, JobDone { run, mark: Some(again.number) }).await.must();
    assert!(!mark("SWEEP_PPP", 6, false).await.urgent);
}

pub(super) async fn a_session_whose_token_is_superseded_writes_nothing(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    town.service(router, "ana").await;
    let token = town.store.next_fencing_token(router).await.must();
    let first = town.store.fenced(town.tenant, token, at(1));
    first.router_found(router, at(1), RouterFacts::default()).await.must();
    assert_eq!(town.store.routers_up().await.must(), [(town.tenant, router)]);
    let tokens = town.store.fencing_tokens().await.must();
    assert_eq!(tokens.iter().map(|token| token.router).collect::<Vec<_>>(), [router, other]);
    let second = town.store.next_fencing_token(router).await.must();
    town.store.next_fencing_token(other).await.must();
    assert_eq!(first.set_listening(router, Listening::On).await, Err(StoreError::Fenced));
    assert_eq!(first.router_lost(router, at(2), "no answer").await, Err(StoreError::Fenced));
    let up = Observation::HookUp { at: at(2), key: None, endpoint: Endpoint::default() };
    assert_eq!(first.apply_presences(router, vec![("ana".into(), up)]).await, Err(StoreError::Fenced));
    let shown = town.ours.router(router).await.must();
    assert_eq!((shown.state, shown.listening), (RouterState::Up, Listening::Off));
    town.store.fenced(town.tenant, second, at(3)).set_listening(router, Listening::On).await.must();
    assert_eq!(town.ours.router(router).await.must().listening, Listening::On);
    town.ours.set_listening(router, Listening::Off).await.must();
    assert_eq!(town.store.next_fencing_token(RouterId(town.fresh())).await, Err(StoreError::NotFound));
}

/// A sweep that was done.
pub(super) async fn every_router_that_can_be_asked_is_marked_at_once(town: Town) {
    let (up, again, lost) = (town.router("up").await, town.router("again").await, town.router("lost").await);
    for router in [up, again, lost] {
        town.ours.router_found(router, at(1), RouterFacts::default()).await.must();
    }
    town.ours.router_lost(lost, at(2), "silent").await.must();
    let paused = town.router("paused").await;
    town.ours.router_found(paused, at(1), RouterFacts::default()).await.must();
    let config = town.ours.router(paused).await.must().config;
    town.ours.update_router(paused, None, RouterConfig { paused: true, ..config }).await.must();
    let old = town.ours.mark_due(again, "SWEEP_PPP", at(3), false).await.must().number;
    let mut asked = [up, again];
    asked.sort_unstable();
    assert_eq!(town.ours.mark_all_due("SWEEP_PPP", at(4)).await.must(), asked);
    let marks = town.ours.due(again).await.must();
    assert!(marks.len() == 1 && marks[0].number != old && marks[0].urgent, "as marked anew: {marks:?}");
    for (router, count) in [(up, 1), (lost, 0), (paused, 0)] {
        assert_eq!(town.ours.due(router).await.must().len(), count);
    }
    assert_eq!(town.theirs.mark_all_due("SWEEP_PPP", at(5)).await.must(), []);
    assert_eq!(town.ours.due(again).await.must(), marks, "not by another tenant");
}

pub(super) fn sweep_run(at: Timestamp) -> Run {
    Run { kind: "SWEEP_PPP".into(), at, took_ms: 120, outcome: RunOutcome::Done, error: None }
}

pub(super) async fn the_last_run_of_each_kind_is_kept(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    assert_eq!(town.ours.runs().await.must(), []);
    let error = Some("the router does not answer".to_owned());
    let failed = Run { took_ms: 14_000, outcome: RunOutcome::Failed, error, ..sweep_run(at(60)) };
    let check = Run { kind: "CHECK_STATIC_USERS".into(), ..sweep_run(at(30)) };
    for (id, run) in [
        (router, sweep_run(at(1))),
        (other, sweep_run(at(2))),
        (router, check.clone()),
        (router, failed.clone()),
    ] {
        town.ours.note_done(id, JobDone { run, mark: None }).await.must();
    }
    let expected = [(router, check), (router, failed.clone()), (other, sweep_run(at(2)))];
    assert_eq!(town.ours.runs().await.must(), expected);
    town.ours.note_done(router, JobDone { run: sweep_run(at(90)), mark: None }).await.must();
    assert_eq!(
        town.ours.runs().await.must()[1],
        (router, sweep_run(at(90))),
        "the reason goes with the failure"
    );
    town.ours.archive_router(router).await.must();
    assert_eq!(town.ours.runs().await.must(), [(other, sweep_run(at(2)))]);
    assert_eq!(
        town.ours.note_done(router, JobDone { run: failed, mark: None }).await,
        Ok(()),
        "it was removed meanwhile"
    );
    assert_eq!(town.ours.runs().await.must().len(), 1);
}

pub(super) async fn the_last_run_of_each_of_a_tenants_own_jobs_is_kept(town: Town) {
    let run = |kind: &str, second| Run { kind: kind.into(), ..sweep_run(at(second)) };
    assert_eq!(town.ours.tenant_runs().await.must(), []);
    let failed =
        Run { outcome: RunOutcome::Failed, error: Some("the disk is full".into()), ..run("PRUNE", 9) };
    for run in [run("PRUNE", 1), run("BILL", 2), failed.clone()] {
        town.ours.note_tenant_run(run).await.must();
    }
    assert_eq!(town.ours.tenant_runs().await.must(), [run("BILL", 2), failed]);
    town.ours.note_tenant_run(run("PRUNE", 20)).await.must();
    let expected = [run("BILL", 2), run("PRUNE", 20)];
    assert_eq!(town.ours.tenant_runs().await.must(), expected, "the reason goes with the failure");
    town.theirs.note_tenant_run(run("PRUNE", 30)).await.must();
    assert_eq!(town.ours.tenant_runs().await.must(), expected, "another tenant has its own");
    town.store.delete_tenant(town.tenant, at(40)).await.must();
    assert_eq!(town.ours.note_tenant_run(run("PRUNE", 50)).await, Ok(()), "it was deleted meanwhile");
    assert_eq!(town.ours.tenant_runs().await.must(), []);
    assert_eq!(town.theirs.tenant_runs().await.must(), [run("PRUNE", 30)]);
}

pub(super) async fn old_marks_are_those_that_were_set_and_not_cleared_since(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    let sweep = town.ours.mark_due(router, "SWEEP_PPP", at(1), false).await.must().number;
    town.ours.mark_due(router, "CHECK_STATIC_USERS", at(2), false).await.must();
    town.ours.mark_due(other, "SWEEP_PPP", at(50), false).await.must();
    town.ours.mark_due(other, "SWEEP_PPP", at(99), false).await.must();
    let old = async |second| town.store.old_marks(at(second)).await.must();
    assert_eq!(old(1).await, []);
    assert_eq!(old(40).await, [(town.tenant, router, false)], "once a router");
    assert_eq!(
        old(60).await,
        [(town.tenant, router, false), (town.tenant, other, false)],
        "it waits since its first setting"
    );
    town.ours.note_done(router, JobDone { run: sweep_run(at(3)), mark: Some(sweep) }).await.must();
    assert_eq!(old(40).await, [(town.tenant, router, false)], "its check is still to be done");
    town.ours.archive_router(router).await.must();
    assert_eq!(old(40).await, []);
}

pub(super) async fn a_sealed_password_is_replaced_only_where_it_still_stands(town: Town) {
    let router = town.router("tower").await;
    let sealed = town.store.sealed().await.must();
    let value = "v1.key.nonce.text".to_owned();
    assert_eq!(
        sealed,
        [Sealed { tenant: town.tenant, holder: Holder::Router(router), value: value.clone() }]
    );
    let next = Sealed { value: "v1.new.nonce.text".into(), ..sealed[0].clone() };
    assert!(town.store.reseal(next.clone(), &value).await.must());
    assert!(!town.store.reseal(next.clone(), &value).await.must(), "something else stands there by now");
    assert_eq!(town.ours.router(router).await.must().config.password, next.value);
    town.ours.archive_router(router).await.must();
    assert_eq!(town.store.sealed().await.must(), [next], "archived rows hold secrets too");
}
