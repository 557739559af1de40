//! The whole store: moving it elsewhere, and deleting a tenant out of it.

use super::Start;
use super::strangers::settle;
use super::town::{Must, Town, all, at, by_dhcp, fixed};
use crate::model::{JobDone, Link, LinkKind, Login, Membership, Person, Run, RunOutcome};
use crate::page::Ask;
use crate::port::{
    Actor, Reference, Result, ServiceFilter, ServiceSort, SessionFilter, Store, StoreError, Taken,
};
use crate::record::{Record, Records};
use imsys_domain::PersonId;
use imsys_domain::access::Role;
use imsys_domain::customer::CustomerData;
use imsys_domain::presence::{ArpSeen, ArpState, LeaseSeen, Seen};
use imsys_domain::service::ServiceData;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Everything in a store.
async fn everything(store: &dyn Store) -> Vec<Record> {
    let found = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let found = Arc::clone(&found);
        move |record| {
            found.lock().unwrap_or_else(PoisonError::into_inner).push(record);
            Ok(())
        }
    };
    store.export(Box::new(sink)).await.must();
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut found)
}

fn given(records: Vec<Result<Record>>) -> Records {
    Box::new(records.into_iter())
}

/// One of everything in both tenants, archived things too; and somebody who is in both. The ids of who is
/// in ours alone.
async fn fill(town: &Town) -> Vec<PersonId> {
    let home = settle(town).await;
    let line =
        ServiceData { customer: Some(home.customer), ..fixed(home.router, [10, 0, 0, 9], Some("blue")) };
    let line = town.create(line).await.id;
    let row = ArpSeen { interface: "ether2".into(), mac: None, state: ArpState::Reachable, ignored: false };
    let seen = Seen { arp: Some(row), ..Seen::default() };
    let device = town.create(by_dhcp(home.router, 9)).await.id;
    let bound = LeaseSeen::Bound { address: [10, 0, 0, 10].into() };
    let leased = Seen { lease: Some(bound), ..seen.clone() };
    town.ours.apply_checks(home.router, at(90), vec![(line, seen), (device, leased)], None).await.must();
    let run =
        Run { kind: "SWEEP_PPP".into(), at: at(95), took_ms: 12, outcome: RunOutcome::Failed, error: None };
    town.ours.note_done(home.router, JobDone { run, mark: None }).await.must();
    let pruned =
        Run { kind: "PRUNE_HISTORY".into(), at: at(96), took_ms: 3, outcome: RunOutcome::Done, error: None };
    town.ours.note_tenant_run(pruned).await.must();
    let gone = town.router("gone").await;
    town.service(gone, "zoe").await;
    town.up(gone, "zoe", "*A", 10).await;
    town.ours.archive_router(gone).await.must();
    let left = town.customer("Čapek").await;
    town.ours.archive_customer(left).await.must();
    let person = |name: &str, platform| Person {
        id: PersonId(town.fresh()),
        email: format!("{name}@example.org"),
        name: name.into(),
        password: Some("$argon2id$".into()),
        platform,
        created: at(0),
    };
    let (alone, both, chief) = (person("alone", false), person("both", false), person("chief", true));
    for (person, hash) in [(&alone, [11; 32]), (&both, [12; 32]), (&chief, [13; 32])] {
        let membership = Membership {
            tenant: town.tenant,
            person: person.id,
            role: Role::Admin,
            since: at(0),
            entered: None,
        };
        town.store.create_person(person.clone(), Some(membership)).await.must();
        let (tenant, created) = (Some(town.tenant), at(1));
        let address = Some([192, 0, 2, 7].into());
        let login =
            Login { hash, person: person.id, tenant, created, seen: created, agent: "Fox".into(), address };
        town.store.put_login(login).await.must();
    }
    let reset =
        Link { hash: [14; 32], kind: LinkKind::Reset, person: Some(alone.id), tenant: None, expires: at(99) };
    town.store.put_link(reset).await.must();
    join_theirs(town, &both).await;
    vec![home.person, alone.id]
}

/// The other tenant has a member of ours, somebody invited, a customer and lines of its log.
async fn join_theirs(town: &Town, person: &Person) {
    let draft = crate::port::PersonDraft {
        id: PersonId(town.fresh()),
        email: "carol@example.org".into(),
        name: "Carol".into(),
        role: Role::Support,
        created: at(0),
        invite: crate::port::Token { hash: [15; 32], expires: at(99) },
    };
    town.theirs.invite(draft).await.must();
    town.theirs.join(person.id, Role::Support).await.must();
    town.theirs
        .create_customer(super::town::customer(imsys_domain::CustomerId(town.fresh()), "Their"))
        .await
        .must();
}

pub(super) async fn an_export_imported_elsewhere_is_the_same(Start { town, empty }: Start) {
    fill(&town).await;
    let records = everything(&*town.store).await;
    let count = records.len() as u64;
    assert_eq!(empty.import(given(records.iter().cloned().map(Ok).collect())).await, Ok(count));
    assert_eq!(everything(&*empty).await, records);
    let there = empty.tenant(town.tenant, Actor { name: "ada".into(), at: at(100) });
    let asked = |q: &str| Ask { q: Some(q.into()), ..all(ServiceSort::Customer) };
    for ask in [all(ServiceSort::Username), all(ServiceSort::Since), asked("ana"), asked("10.0.0.9")] {
        let here = town.ours.services(ServiceFilter::default(), ask.clone()).await.must();
        assert!(here.total > 0, "{ask:?}");
        assert_eq!(there.services(ServiceFilter::default(), ask).await, Ok(here));
    }
    let sessions = town.ours.sessions(SessionFilter::default(), all(())).await;
    assert_eq!(there.sessions(SessionFilter::default(), all(())).await, sessions);
    assert_eq!(there.status_counts(None).await, town.ours.status_counts(None).await);
    assert_eq!(there.recent_changes(50).await, town.ours.recent_changes(50).await);
    assert_eq!(there.audit(all(())).await, town.ours.audit(all(())).await);
    assert_eq!(there.audit_break().await, Ok(None));
    let bob = CustomerData { name: "Bořek".into(), ..CustomerData::default() };
    let customer = super::town::customer(imsys_domain::CustomerId(town.fresh()), "new");
    there.create_customer(customer.clone()).await.must();
    there.update_customer(customer.id, Some(1), bob).await.must();
    assert_eq!(there.audit_break().await, Ok(None), "the log goes on where it stood");
}

pub(super) async fn an_import_that_breaks_off_leaves_nothing(Start { town, empty }: Start) {
    fill(&town).await;
    let records = everything(&*town.store).await;
    let broken = StoreError::Failed("line 7".into());
    let mut off: Vec<_> = records.iter().cloned().map(Ok).collect();
    off.push(Err(broken.clone()));
    assert_eq!(empty.import(given(off)).await, Err(broken));
    assert_eq!(everything(&*empty).await, []);
    // Whatever others refer to is missing, in turn.
    for skipped in 0..records.len() {
        let needed = matches!(records[skipped], Record::Tenant(_) | Record::Router(_) | Record::Person(_));
        if needed {
            let rest = records.iter().enumerate().filter(|(n, _)| *n != skipped);
            let refused = empty.import(given(rest.map(|(_, record)| Ok(record.clone())).collect())).await;
            assert_eq!(refused, Err(StoreError::Dangling(Reference::Record)), "{:?}", records[skipped]);
        }
    }
    let twice = records.iter().chain(records.first()).cloned().map(Ok).collect();
    assert!(matches!(empty.import(given(twice)).await, Err(StoreError::Exists(_))));
    assert_eq!(everything(&*empty).await, []);
    assert!(empty.import(given(records.into_iter().map(Ok).collect())).await.is_ok());
}

pub(super) async fn an_import_goes_into_an_empty_store_only(Start { town, empty }: Start) {
    let before = everything(&*town.store).await;
    let refused = town.store.import(given(Vec::new())).await;
    assert_eq!(refused, Err(StoreError::Exists(Taken::Store)));
    assert_eq!(everything(&*town.store).await, before);
    // Before anybody set himself up there is a link for who will.
    let first = Link { hash: [1; 32], kind: LinkKind::First, person: None, tenant: None, expires: at(9) };
    empty.put_link(first).await.must();
    empty.import(given(before.iter().cloned().map(Ok).collect())).await.must();
    assert_eq!(everything(&*empty).await, before);
}

pub(super) async fn a_deleted_tenant_is_gone_with_all_its_traces_and_nothing_else_is(town: Town) {
    let alone = fill(&town).await;
    let before = everything(&*town.store).await;
    let routers: BTreeSet<_> = before.iter().filter_map(router_of_ours(&town)).collect();
    let served = town.store.delete_tenant(town.tenant, at(9)).await.must();
    assert_eq!(served.len(), 1, "the archived one was not served");
    let traces: Vec<String> = std::iter::once(town.tenant.to_string())
        .chain(routers.iter().cloned())
        .chain(alone.iter().map(ToString::to_string))
        .collect();
    let text = |record: &Record| serde_json::to_string(record).unwrap_or_default();
    let after = everything(&*town.store).await;
    for record in &after {
        let text = text(record);
        assert!(!traces.iter().any(|trace| text.contains(trace)), "a trace is left: {text}");
    }
    let spared = |record: &&Record| {
        let text = text(record);
        !matches!(record, Record::Login(_)) && !traces.iter().any(|trace| text.contains(trace))
    };
    let (kept, logins): (Vec<_>, Vec<_>) =
        after.iter().partition(|record| !matches!(record, Record::Login(_)));
    assert_eq!(kept, before.iter().filter(spared).collect::<Vec<_>>(), "something else is gone");
    assert_eq!(logins.len(), 2, "who is elsewhere too, or manages tenants, stays signed in");
    assert_eq!(town.store.tenant_info(town.tenant).await, Err(StoreError::NotFound));
    assert_eq!(town.store.delete_tenant(town.tenant, at(9)).await, Err(StoreError::NotFound));
    assert_eq!(
        town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await.must().total,
        0
    );
    assert_eq!(town.theirs.members().await.must().len(), 1);
}

fn router_of_ours(town: &Town) -> impl Fn(&Record) -> Option<String> {
    let tenant = town.tenant;
    move |record| match record {
        Record::Router(router) if router.tenant == tenant => Some(router.id.to_string()),
        _ => None,
    }
}
