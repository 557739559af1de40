//! Another tenant's handle finds nothing, with any method.

use super::devices::at_address;
use super::presence::row;
use super::routers::sweep_run;
use super::snmp::login;
use super::town::{Must, Town, all, at, plan_data, pppoe, up};
use crate::StoreError::{Dangling, NotFound};
use crate::model::{ApiKey, BulkAct, JobDone, Parcel, StatusCounts};
use crate::port::{
    CustomerSort, DeviceFilter, DeviceSort, HookReport, Reference, RouterSort, ServiceFilter, ServiceSort,
    SessionFilter, TenantStore, Token,
};
use imsys_domain::access::Role;
use imsys_domain::customer::CustomerData;
use imsys_domain::device::{Device, Finding, PollFinding, PollReport, SnmpLogin};
use imsys_domain::presence::{Observation, Sweep};
use imsys_domain::router::{Listening, RouterFacts};
use imsys_domain::trend::Range;
use imsys_domain::usage::CounterTable;
use imsys_domain::{ApiKeyId, BulkId, CustomerId, DeviceId, PersonId, PlanId, RouterId, ServiceId, TenantId};
use std::collections::HashSet;

/// One of everything, of our tenant.
pub(super) struct Household {
    pub(super) router: RouterId,
    device: DeviceId,
    snmp: SnmpLogin,
    pub(super) customer: CustomerId,
    plan: PlanId,
    service: ServiceId,
    bulk: BulkId,
    pub(super) person: PersonId,
    key: ApiKeyId,
    mark: i64,
}

pub(super) async fn settle(town: &Town) -> Household {
    let router = town.router("tower").await;
    let device = town.device(at_address("Roof", 20, Some(router))).await;
    town.report(&device, &[(3, Finding::Down)]).await;
    let snmp = login(town, "Radios", vec![]);
    town.ours.create_snmp_login(snmp.clone()).await.must();
    let (customer, plan) = (town.customer("Ana").await, town.plan("Home").await);
    let data = imsys_domain::service::ServiceData {
        customer: Some(customer),
        plan: Some(plan),
        ..pppoe(router, "ana")
    };
    let service = town.create(data).await.id;
    let (bulk, other) = (BulkId(town.fresh()), town.service(router, "zed").await.id);
    town.ours.bulk(bulk, vec![other], BulkAct::Plan(Some(plan))).await.must();
    let profiles = vec![("10M".to_owned(), Some(plan))];
    town.ours.import(Parcel { profiles, ..town.parcel(vec![], vec![]) }).await.must();
    town.up(router, "ana", "*F0", 10).await;
    town.down(router, "ana", "*F0", 70).await;
    town.up(router, "ana", "*F1", 80).await;
    town.up(router, "eve", "*F2", 80).await;
    town.ours.router_found(router, at(85), RouterFacts::default()).await.must();
    town.ours.router_lost(router, at(86), "no answer").await.must();
    let counts = town.store.count_services().await.must();
    town.store
        .note_counts(counts.into_iter().map(|(id, counts)| (id, at(87), counts)).collect())
        .await
        .must();
    let mark = town.ours.mark_due(router, "SWEEP_PPP", at(1), false).await.must().number;
    town.ours.note_done(router, JobDone { run: sweep_run(at(2)), mark: None }).await.must();
    town.ours.note_tenant_run(sweep_run(at(2))).await.must();
    let draft = crate::port::PersonDraft {
        id: PersonId(town.fresh()),
        email: "bob@example.org".into(),
        name: "Bob".into(),
        role: Role::Admin,
        created: at(0),
        invite: Token { hash: [1; 32], expires: at(60) },
    };
    let person = draft.id;
    town.ours.invite(draft).await.must();
    let key = ApiKeyId(town.fresh());
    let (name, prefix) = ("billing".into(), "imsys_ab".into());
    let new = ApiKey {
        id: key,
        name,
        role: Role::Admin,
        prefix,
        hash: [2; 32],
        created: at(0),
        expires: None,
        last_used: None,
    };
    town.ours.create_api_key(new).await.must();
    Household { router, device: device.id, snmp, customer, plan, service, bulk, person, key, mark }
}

/// Everything that our handle shows, as text.
async fn view(town: &Town, home: &Household) -> String {
    let ours = &town.ours;
    let archived = ServiceFilter { archived: true, ..ServiceFilter::default() };
    let lists = (
        ours.routers(false, all(RouterSort::Name)).await.must(),
        ours.customers(false, all(CustomerSort::Name)).await.must(),
        ours.plans(false, all(())).await.must(),
        ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await.must(),
        ours.services(archived, all(ServiceSort::Username)).await.must(),
        ours.sessions(SessionFilter::default(), all(())).await.must(),
        ours.audit(all(())).await.must(),
        (
            ours.devices(DeviceFilter::default(), all(DeviceSort::Name)).await.must(),
            ours.outages(home.device, 9).await.must(),
            (ours.figures(home.device).await.must(), ours.snmp_logins().await.must()),
        ),
        (ours.members().await.must(), ours.invitations().await.must()),
        (ours.bulk_rows(home.bulk, all(())).await.must(), ours.profile_plans().await.must()),
        ours.api_keys().await.must(),
        ours.info().await.must(),
    );
    let presence = (
        ours.presence(home.service).await.must(),
        ours.recent_changes(100).await.must(),
        ours.unknown_users(None, 100).await.must(),
        ours.hook_counts(home.router, at(0)).await.must(),
        ours.due(home.router).await.must(),
        (ours.runs().await.must(), ours.tenant_runs().await.must()),
        (ours.trend(Range::Day, at(99)).await.must(), ours.absences(home.router, 9).await.must()),
        town.store.link([1; 32], at(1)).await.must(),
    );
    format!("{lists:#?}\n{presence:#?}")
}

pub(super) async fn another_tenants_handle_finds_nothing_and_changes_nothing(town: Town) {
    let home = settle(&town).await;
    let before = view(&town, &home).await;
    let theirs = town.theirs.as_ref();
    entities_are_closed(theirs, &home).await;
    devices_are_closed(theirs, &home).await;
    routers_are_closed(theirs, &home).await;
    presence_is_closed(theirs, &home).await;
    people_are_closed(theirs, &home).await;
    let after = view(&town, &home).await;
    let changed = before.lines().zip(after.lines()).find(|(before, after)| before != after);
    assert_eq!(changed, None, "they changed what is ours");
    assert_eq!(before.len(), after.len());
}

async fn entities_are_closed(theirs: &dyn TenantStore, home: &Household) {
    assert_eq!(theirs.customer(home.customer).await, Err(NotFound));
    assert_eq!(theirs.customers(false, all(CustomerSort::Name)).await.must().total, 0);
    let nobody = CustomerData { name: "Eve".into(), ..CustomerData::default() };
    assert_eq!(theirs.update_customer(home.customer, None, nobody).await, Err(NotFound));
    assert_eq!(theirs.archive_customer(home.customer).await, Err(NotFound));
    assert_eq!(theirs.restore_customer(home.customer).await, Err(NotFound));
    assert_eq!(theirs.erase_history(home.customer).await, Err(NotFound));
    assert_eq!(theirs.plan(home.plan).await, Err(NotFound));
    assert_eq!(theirs.plans(false, all(())).await.must().total, 0);
    assert_eq!(theirs.update_plan(home.plan, None, plan_data("Eve")).await, Err(NotFound));
    assert_eq!(theirs.archive_plan(home.plan).await, Err(NotFound));
    assert_eq!(theirs.restore_plan(home.plan).await, Err(NotFound));
    assert_eq!(theirs.service(home.service).await, Err(NotFound));
    for (router, customer, plan) in [
        (None, None, None),
        (Some(home.router), None, None),
        (None, Some(home.customer), None),
        (None, None, Some(home.plan)),
    ] {
        let filter = ServiceFilter { router, customer, plan, ..ServiceFilter::default() };
        assert_eq!(theirs.services(filter, all(ServiceSort::Username)).await.must().total, 0);
    }
    assert_eq!(theirs.update_service(home.service, None, pppoe(home.router, "eve")).await, Err(NotFound));
    assert_eq!(theirs.archive_service(home.service).await, Err(NotFound));
    assert_eq!(theirs.restore_service(home.service).await, Err(NotFound));
    for filter in [
        SessionFilter::default(),
        SessionFilter { service: Some(home.service), ..SessionFilter::default() },
        SessionFilter { router: Some(home.router), ..SessionFilter::default() },
    ] {
        assert_eq!(theirs.sessions(filter, all(())).await.must().total, 0);
    }
    assert_eq!(theirs.last_end(home.service).await, Ok(None));
    let done = theirs.bulk(home.bulk, vec![home.service], BulkAct::Archive).await.must();
    assert_eq!(done.into_iter().map(|one| one.left).collect::<Vec<_>>(), [Some(NotFound)]);
    assert_eq!(theirs.undo_bulk(home.bulk, home.bulk).await, Err(NotFound));
    assert_eq!(theirs.bulk_rows(home.bulk, all(())).await, Err(NotFound));
    assert!(theirs.profile_plans().await.must().is_empty());
    assert!(theirs.archived_places(home.router).await.must().is_empty());
}

async fn devices_are_closed(theirs: &dyn TenantStore, home: &Household) {
    assert_eq!(theirs.device(home.device).await, Err(NotFound));
    assert_eq!(theirs.outages(home.device, 9).await, Err(NotFound));
    assert_eq!(theirs.archive_device(home.device).await, Err(NotFound));
    assert_eq!(theirs.restore_device(home.device).await, Err(NotFound));
    assert_eq!(theirs.update_device(home.device, None, at_address("eve", 9, None)).await, Err(NotFound));
    for filter in
        [DeviceFilter::default(), DeviceFilter { router: Some(home.router), ..DeviceFilter::default() }]
    {
        assert_eq!(theirs.devices(filter, all(DeviceSort::Name)).await.must().total, 0);
    }
    assert_eq!(theirs.figures(home.device).await, Err(NotFound));
    assert_eq!(theirs.snmp_login(home.snmp.id).await, Err(NotFound));
    assert_eq!(theirs.snmp_logins().await.must(), []);
    let data = home.snmp.data.clone();
    assert_eq!(theirs.update_snmp_login(home.snmp.id, None, data).await, Err(NotFound));
    assert_eq!(theirs.delete_snmp_login(home.snmp.id).await, Err(NotFound));
    let mut spy = home.snmp.clone();
    spy.data.routers = vec![home.router];
    assert_eq!(theirs.create_snmp_login(spy).await, Err(Dangling(Reference::Router)));
    let counters = CounterTable { at: at(999), counters: vec![], fasttrack: false };
    assert_eq!(theirs.note_counters(home.router, counters).await, Err(NotFound));
    let silent = PollReport {
        device: home.device,
        address: [192, 168, 1, 20].into(),
        at: at(999),
        finding: PollFinding::Silent,
    };
    assert_eq!(theirs.device_polls(vec![silent]).await.must(), []);
    let through = at_address("eve", 9, Some(home.router));
    let spy = Device::new(home.device, TenantId(home.device.0), through, at(0));
    assert_eq!(theirs.create_device(spy).await, Err(Dangling(Reference::Router)));
}

async fn routers_are_closed(theirs: &dyn TenantStore, home: &Household) {
    assert_eq!(theirs.router(home.router).await, Err(NotFound));
    assert_eq!(theirs.routers(false, all(RouterSort::Name)).await.must().total, 0);
    let config = imsys_domain::router::RouterConfig {
        name: "eve".into(),
        address: [10, 66, 0, 1].into(),
        port: 8728,
        tls: None,
        legacy_login: false,
        routed: Vec::new(),
        username: "api".into(),
        password: "v1".into(),
        paused: true,
    };
    assert_eq!(theirs.update_router(home.router, None, config).await, Err(NotFound));
    assert_eq!(theirs.set_router_token(home.router, [3; 32], String::new()).await, Err(NotFound));
    assert_eq!(theirs.archive_router(home.router).await, Err(NotFound));
    assert_eq!(theirs.router_or_archived(home.router).await, Err(NotFound));
    assert_eq!(theirs.restore_router(home.router, [3; 32]).await, Err(NotFound));
    assert_eq!(theirs.absences(home.router, 9).await, Err(NotFound));
    assert_eq!(theirs.away(None, at(0), at(99)).await.must().len(), 0);
    assert_eq!(theirs.away(Some(home.router), at(0), at(99)).await.must().len(), 0);
    assert_eq!(theirs.trend(Range::Day, at(99)).await.must(), []);
    assert_eq!(theirs.router_found(home.router, at(99), RouterFacts::default()).await, Err(NotFound));
    assert_eq!(theirs.set_listening(home.router, Listening::On).await, Ok(()), "there is nothing to set");
    assert_eq!(theirs.mark_due(home.router, "SWEEP_PPP", at(9), true).await, Err(NotFound));
    assert_eq!(theirs.due(home.router).await, Err(NotFound));
    let run = sweep_run(at(9));
    assert_eq!(
        theirs.note_done(home.router, JobDone { run, mark: Some(home.mark) }).await,
        Ok(()),
        "there is nothing to note"
    );
    assert_eq!(theirs.runs().await.must(), []);
    assert_eq!(theirs.tenant_runs().await.must(), []);
}

async fn presence_is_closed(theirs: &dyn TenantStore, home: &Household) {
    let router = home.router;
    for user in ["ana", "eve", "new"] {
        for told in [up("*F9", 99), Observation::RowSeen { at: at(99), row: row("*1", 0) }] {
            assert_eq!(theirs.apply_presence(router, user, told.clone()).await, Err(NotFound));
            assert_eq!(theirs.apply_presences(router, vec![(user.into(), told)]).await, Err(NotFound));
        }
    }
    let rows = [("ana".to_owned(), vec![row("*1", 0)]), ("new".to_owned(), vec![row("*2", 0)])].into();
    let sweep = Sweep::whole(at(99), None, rows);
    let swept = theirs.apply_sweep(router, sweep).await;
    assert_eq!(swept, Err(NotFound));
    assert_eq!(theirs.users_with_session(router).await, Ok(HashSet::new()));
    assert_eq!(theirs.router_lost(router, at(99), "x").await, Err(NotFound));
    assert_eq!(theirs.presence(home.service).await, Err(NotFound));
    assert_eq!(theirs.count_hook(router, at(99), HookReport::Refused).await, Err(NotFound));
    assert_eq!(theirs.hook_counts(router, at(0)).await, Err(NotFound));
    assert_eq!(theirs.status_counts(Some(router)).await.must(), StatusCounts::default());
    assert_eq!(theirs.status_counts(None).await.must(), StatusCounts::default());
    assert_eq!(theirs.recent_changes(100).await.must(), []);
    assert_eq!(theirs.timeline(home.service, at(0), at(999)).await.must(), []);
    assert_eq!(theirs.unknown_users(Some(router), 100).await.must(), []);
    assert_eq!(theirs.unknown_users(None, 100).await.must(), []);
    assert_eq!(theirs.forget_unknown_user(router, "eve").await, Err(NotFound));
}

async fn people_are_closed(theirs: &dyn TenantStore, home: &Household) {
    assert_eq!(theirs.members().await.must(), []);
    assert_eq!(theirs.invitations().await.must(), []);
    assert_eq!(theirs.member(home.person).await, Err(NotFound));
    assert_eq!(theirs.invitation(home.person).await, Err(NotFound));
    let link = Token { hash: [9; 32], expires: at(60) };
    assert_eq!(theirs.renew_invitation(home.person, link).await, Err(NotFound));
    assert_eq!(theirs.set_role(home.person, Role::Admin).await, Err(NotFound));
    assert_eq!(theirs.remove_member(home.person).await, Err(NotFound));
    let link = Token { hash: [8; 32], expires: at(60) };
    assert_eq!(theirs.reset_member(home.person, link).await, Err(NotFound));
    assert_eq!(theirs.api_keys().await.must(), []);
    assert_eq!(theirs.api_key(home.key).await, Err(NotFound));
    assert_eq!(theirs.rename_api_key(home.key, "eve".into()).await, Err(NotFound));
    assert_eq!(theirs.delete_api_key(home.key).await, Err(NotFound));
    assert_eq!(theirs.audit(all(())).await.must().total, 0);
}
