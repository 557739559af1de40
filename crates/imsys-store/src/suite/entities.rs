//! Customers, plans and services.

use super::town::{Must, Town, all, at, customer, fixed, only, plan, plan_data, pppoe};
use crate::page::Ask;
use crate::port::{
    Applied, CustomerSort, Reference, ServiceFilter, ServiceSort, SessionFilter, StoreError, Taken,
};
use imsys_domain::customer::CustomerData;
use imsys_domain::hindrance::Hindrance;
use imsys_domain::money::Money;
use imsys_domain::plan::PlanData;
use imsys_domain::presence::{EndCause, Status};
use imsys_domain::router::RouterConfig;
use imsys_domain::service::{EnforcementMode, ServiceData};
use imsys_domain::tenant::Settings;
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId};

pub(super) async fn a_customer_is_kept_as_given_and_changed_only_by_who_read_it_last(town: Town) {
    let mut given = customer(CustomerId(town.fresh()), "Ana Ćosić \"x\"");
    given.data.email = Some("ana@example.org".into());
    given.data.notes = Some("line 1\nline 2".into());
    town.ours.create_customer(given.clone()).await.must();
    assert_eq!(town.ours.customer(given.id).await.must(), given);

    let data = CustomerData { phone: Some("+254 1".into()), email: None, ..given.data.clone() };
    let changed = town.ours.update_customer(given.id, Some(1), data.clone()).await.must();
    assert_eq!((changed.edition, &changed.data), (2, &data));
    assert_eq!(
        town.ours.update_customer(given.id, Some(1), given.data.clone()).await,
        Err(StoreError::Stale)
    );
    assert_eq!(town.ours.customer(given.id).await.must(), changed, "a refused change left something");
    assert_eq!(town.ours.update_customer(given.id, None, given.data).await.must().edition, 3);
    let nobody = CustomerId(town.fresh());
    assert_eq!(town.ours.update_customer(nobody, None, data).await, Err(StoreError::NotFound));
    assert_eq!(only(town.ours.customers(false, all(CustomerSort::Name)).await).len(), 1);
}

pub(super) async fn a_customer_with_a_service_is_not_archived(town: Town) {
    let (router, ana) = (town.router("tower").await, town.customer("Ana").await);
    let data = ServiceData { customer: Some(ana), ..pppoe(router, "ana") };
    let service = town.create(data.clone()).await;
    assert_eq!(town.ours.archive_customer(ana).await, Err(StoreError::InUse(Hindrance::CustomerHasServices)));
    town.ours.archive_service(service.id).await.must();
    town.ours.archive_customer(ana).await.must();
    assert_eq!(town.ours.customer(ana).await.must().archived, Some(at(0)));
    assert!(only(town.ours.customers(false, all(CustomerSort::Name)).await).is_empty());
    let again = town.ours.create_service(ServiceId(town.fresh()), at(0), data).await;
    assert_eq!(again, Err(StoreError::Dangling(Reference::Customer)));
}

pub(super) async fn a_customers_new_name_is_his_services_new_name(town: Town) {
    let (router, ana) = (town.router("tower").await, town.customer("Ana").await);
    let data = ServiceData { customer: Some(ana), ..pppoe(router, "line-1") };
    let service = town.create(data).await;
    let bob = CustomerData { name: "Bořek".into(), ..CustomerData::default() };
    town.ours.update_customer(ana, None, bob).await.must();
    let found = async |q: &str| {
        let ask = Ask { q: Some(q.into()), ..all(ServiceSort::Customer) };
        only(town.ours.services(ServiceFilter::default(), ask).await)
    };
    assert_eq!(found("ana").await, []);
    let now = found("borek").await.pop().expect("the service is found by the new name");
    assert_eq!((now.id, now.customer_name.as_deref()), (service.id, Some("Bořek")));
    assert!(now.rev > service.rev, "others must hear of the new name");
}

pub(super) async fn a_plan_has_its_name_alone_while_it_is_sold(town: Town) {
    let (home, office) = (town.plan("Home").await, town.plan("Office").await);
    let another = |name: &str| plan(PlanId(town.fresh()), name);
    assert_eq!(town.ours.create_plan(another("Home")).await, Err(StoreError::Exists(Taken::PlanName)));
    let taken = town.ours.update_plan(office, None, plan_data("Home")).await;
    assert_eq!(taken, Err(StoreError::Exists(Taken::PlanName)));
    assert_eq!(town.ours.plan(office).await.must().data.name, "Office");
    town.theirs.create_plan(another("Home")).await.must();
    town.ours.archive_plan(home).await.must();
    town.ours.create_plan(another("Home")).await.must();
    let names = only(town.ours.plans(false, all(())).await).into_iter().map(|p| p.data.name);
    assert_eq!(names.collect::<Vec<_>>(), ["Home", "Office"]);
}

pub(super) async fn a_plan_is_changed_only_by_who_read_it_last(town: Town) {
    let (router, home) = (town.router("tower").await, town.plan("Home").await);
    assert_eq!(town.ours.plan(home).await.must(), plan(home, "Home"));
    let service = town.create(ServiceData { plan: Some(home), ..pppoe(router, "ana") }).await;
    assert_eq!(town.ours.update_plan(home, Some(1), plan_data("Fast")).await.must().edition, 2);
    assert_eq!(town.ours.update_plan(home, Some(1), plan_data("Slow")).await, Err(StoreError::Stale));
    assert_eq!(town.ours.service(service.id).await.must().plan_name.as_deref(), Some("Fast"));
    assert_eq!(town.ours.archive_plan(home).await, Err(StoreError::InUse(Hindrance::PlanHasServices)));
    town.ours.update_service(service.id, None, pppoe(router, "ana")).await.must();
    town.ours.archive_plan(home).await.must();
}

pub(super) async fn a_service_refers_to_what_exists_in_its_tenant(town: Town) {
    let router = town.router("tower").await;
    let nothing = town.fresh();
    let (foreign_customer, foreign_plan) = (CustomerId(town.fresh()), PlanId(town.fresh()));
    town.theirs.create_customer(customer(foreign_customer, "Eve")).await.must();
    town.theirs.create_plan(plan(foreign_plan, "Eve")).await.must();
    let line = pppoe(router, "ana");
    let wrong = [
        (Reference::Router, ServiceData { router: RouterId(nothing), ..line.clone() }),
        (Reference::Customer, ServiceData { customer: Some(CustomerId(nothing)), ..line.clone() }),
        (Reference::Customer, ServiceData { customer: Some(foreign_customer), ..line.clone() }),
        (Reference::Plan, ServiceData { plan: Some(PlanId(nothing)), ..line.clone() }),
        (Reference::Plan, ServiceData { plan: Some(foreign_plan), ..line.clone() }),
    ];
    let service = town.service(router, "bob").await;
    for (reference, data) in wrong {
        let made = town.ours.create_service(ServiceId(town.fresh()), at(0), data.clone()).await;
        assert_eq!(made, Err(StoreError::Dangling(reference)));
        assert_eq!(
            town.ours.update_service(service.id, None, data).await,
            Err(StoreError::Dangling(reference))
        );
    }
    let stranger = town.theirs.create_service(ServiceId(town.fresh()), at(0), line).await;
    assert_eq!(stranger, Err(StoreError::Dangling(Reference::Router)));
    assert_eq!(town.ours.service(service.id).await.must(), service);
}

pub(super) async fn a_service_has_its_key_alone_on_its_router_while_it_lives(town: Town) {
    let (one, two) = (town.router("one").await, town.router("two").await);
    let ana = town.service(one, "ana").await;
    let address = town.create(fixed(one, [10, 1, 0, 2], None)).await;
    town.service(two, "ana").await;
    town.service(one, "Ana").await;
    town.create(fixed(one, [10, 1, 0, 2], Some("blue"))).await;
    for taken in [pppoe(one, "ana"), fixed(one, [10, 1, 0, 2], Some("main"))] {
        let made = town.ours.create_service(ServiceId(town.fresh()), at(0), taken.clone()).await;
        assert_eq!(made, Err(StoreError::Exists(Taken::ServicePlace)));
        let bob = town.service(one, "bob").await;
        let moved = town.ours.update_service(bob.id, None, taken).await;
        assert_eq!(moved, Err(StoreError::Exists(Taken::ServicePlace)));
        assert_eq!(town.ours.service(bob.id).await.must(), bob);
        town.ours.archive_service(bob.id).await.must();
    }
    for old in [ana, address] {
        town.ours.archive_service(old.id).await.must();
        let again = town.create(old.data.clone()).await;
        assert_ne!(again.id, old.id);
    }
}

pub(super) async fn a_service_is_changed_only_by_who_read_it_last(town: Town) {
    let router = town.router("tower").await;
    let (ana, home) = (town.customer("Ana").await, town.plan("Home").await);
    let made = town.create(fixed(router, [10, 1, 0, 2], Some("blue"))).await;
    assert_eq!((made.rev, made.edition, made.status, made.archived), (1, 1, Status::Unknown, None));
    assert_eq!(town.ours.service(made.id).await.must(), made);
    let mode = EnforcementMode::Manage;
    let data =
        ServiceData { customer: Some(ana), plan: Some(home), suspended: true, mode, ..made.data.clone() };
    let changed = town.ours.update_service(made.id, Some(1), data.clone()).await.must();
    assert_eq!((&changed.data, changed.edition, changed.rev > made.rev), (&data, 2, true));
    let names =
        (changed.router_name.as_str(), changed.customer_name.as_deref(), changed.plan_name.as_deref());
    assert_eq!(names, ("tower", Some("Ana"), Some("Home")));
    assert_eq!(town.ours.update_service(made.id, Some(1), made.data).await, Err(StoreError::Stale));
    assert_eq!(town.ours.service(made.id).await.must(), changed);
}

pub(super) async fn a_service_with_another_access_begins_unknown(town: Town) {
    let (one, two) = (town.router("one").await, town.router("two").await);
    let service = town.service(one, "ana").await;
    for (second, next) in [(10, pppoe(one, "ana-2")), (20, pppoe(two, "ana-2"))] {
        let before = town.ours.service(service.id).await.must().data;
        let imsys_domain::service::Access::Pppoe { username } = &before.access else { unreachable!() };
        town.up(before.router, username, "*F0", second).await;
        assert_eq!(town.ours.service(service.id).await.must().status, Status::Online);
        let now = town.ours_at(at(second + 5)).update_service(service.id, None, next).await.must();
        assert_eq!((now.status, now.since), (Status::Unknown, at(second + 5)));
        let last = town.ours.last_end(service.id).await.must();
        assert_eq!(last.map(|ended| (ended.at, ended.cause)), Some((at(second + 5), EndCause::Blind)));
        assert_eq!(town.ours.users_with_session(before.router).await.must().len(), 0);
    }
    town.up(two, "ana-2", "*F1", 40).await;
    let same = ServiceData { suspended: true, ..pppoe(two, "ana-2") };
    assert_eq!(town.ours.update_service(service.id, None, same).await.must().status, Status::Online);
}

pub(super) async fn an_archived_service_is_out_of_every_way(town: Town) {
    let router = town.router("tower").await;
    let service = town.service(router, "ana").await;
    town.up(router, "ana", "*F0", 10).await;
    town.ours_at(at(20)).archive_service(service.id).await.must();
    let kept = town.ours.service(service.id).await.must();
    assert!(kept.archived == Some(at(20)) && kept.rev > service.rev, "{kept:?}");
    let last = town.ours.last_end(service.id).await.must();
    assert_eq!(last.map(|ended| (ended.at, ended.cause)), Some((at(20), EndCause::Blind)));
    let listed = async |archived| {
        let filter = ServiceFilter { archived, ..ServiceFilter::default() };
        only(town.ours.services(filter, all(ServiceSort::Username)).await).len()
    };
    assert_eq!((listed(false).await, listed(true).await), (0, 1));
    assert_eq!(town.up(router, "ana", "*F1", 30).await, Applied::UnknownUser);
    assert_eq!(town.ours.status_counts(None).await.must(), Default::default());
    assert_eq!(only(town.ours.sessions(SessionFilter::default(), all(())).await).len(), 1);
}

pub(super) async fn a_customers_history_can_be_erased(town: Town) {
    let (router, ana) = (town.router("tower").await, town.customer("Ana").await);
    let hers = town.create(ServiceData { customer: Some(ana), ..pppoe(router, "ana") }).await;
    let other = town.service(router, "bob").await;
    for user in ["ana", "bob"] {
        town.up(router, user, "*F0", 10).await;
        town.down(router, user, "*F0", 20).await;
        town.up(router, user, "*F1", 30).await;
    }
    assert!(town.ours.erase_history(ana).await.must().records >= 2, "a session and its events");
    let sessions = only(town.ours.sessions(SessionFilter::default(), all(())).await);
    let left =
        |id| sessions.iter().filter(|s| s.service == id).map(|s| s.ended.is_some()).collect::<Vec<_>>();
    assert_eq!((left(hers.id), left(other.id)), (vec![false], vec![true, false]), "what is open stays");
    assert_eq!(town.ours.timeline(hers.id, at(0), at(99)).await.must(), []);
    assert_eq!(town.ours.timeline(other.id, at(0), at(99)).await.must().len(), 3);
    assert_eq!(town.ours.service(hers.id).await.must().status, Status::Online);
}

pub(super) async fn an_id_is_given_once(town: Town) {
    let router = town.router("tower").await;
    let service = town.service(router, "ana").await;
    let (ana, home) = (town.customer("Ana").await, town.plan("Home").await);
    for handle in [&town.ours, &town.theirs] {
        let taken = [
            handle.create_customer(customer(ana, "Eve")).await,
            handle.create_plan(plan(home, "Eve")).await,
            handle.create_router(imsys_domain::router::Router { id: router, ..town.new_router("eve") }).await,
        ];
        assert!(taken.iter().all(|made| matches!(made, Err(StoreError::Exists(_)))), "{taken:?}");
    }
    let again = town.ours.create_service(service.id, at(0), pppoe(router, "eve")).await;
    assert_eq!(again, Err(StoreError::Exists(Taken::ServiceId)));
    assert_eq!(town.ours.service(service.id).await.must(), service);
    assert_eq!(town.ours.customer(ana).await.must().data.name, "Ana");
    assert_eq!(town.ours.plan(home).await.must().data.name, "Home");
    assert_eq!(town.ours.router(router).await.must().config.name, "tower");
}

pub(super) async fn every_change_has_its_line_in_the_log(town: Town) {
    let (router, ana) = (town.router("tower").await, town.customer("Ana").await);
    let service = town.service(router, "ana").await;
    town.up(router, "ana", "*F0", 10).await;
    town.ours.update_customer(ana, Some(9), CustomerData::default()).await.expect_err("it is stale");
    town.ours_at(at(5)).archive_service(service.id).await.must();
    town.ours.note("router.script", "x", serde_json::json!({ "undo": true })).await.must();
    let lines = only(town.ours.audit(all(())).await);
    let said: Vec<_> = lines.iter().map(|l| (l.seq, l.action.as_str(), l.at, l.actor.as_str())).collect();
    let expected = [
        (5, "router.script", at(0), "ada"),
        (4, "service.archive", at(5), "ada"),
        (3, "service.create", at(0), "ada"),
        (2, "customer.create", at(0), "ada"),
        (1, "router.create", at(0), "ada"),
    ];
    assert_eq!(said, expected);
    assert_eq!(lines[1].object, service.id.to_string());
    assert_eq!(town.ours.audit_break().await.must(), None);
    assert!(only(town.theirs.audit(all(())).await).is_empty());
}

pub(super) async fn the_log_says_what_a_change_made_different(town: Town) {
    let (router, home) = (town.router("tower").await, town.plan("Home").await);
    let ana = town.customer("Ana").await;
    let service = town.service(router, "ana").await;
    let newest = async || {
        let log = town.ours.audit(Ask { limit: 1, ..Ask::first(()) }).await.must();
        log.items.into_iter().next().map(|line| line.detail).unwrap_or_default()
    };
    let price = Money { minor: 300_000, ..plan_data("Home").price };
    town.ours.update_plan(home, None, PlanData { price, ..plan_data("Home") }).await.must();
    let told = newest().await;
    assert!(
        told.starts_with(r#"{"price":[{"#) && told.contains("250000") && told.contains("300000"),
        "{told}"
    );
    let config = town.ours.router(router).await.must().config;
    town.ours.update_router(router, None, RouterConfig { paused: true, ..config.clone() }).await.must();
    assert_eq!(newest().await, r#"{"paused":[false,true]}"#);
    let password = RouterConfig { paused: true, password: "v1.key.nonce.new".into(), ..config };
    town.ours.update_router(router, None, password).await.must();
    assert_eq!(newest().await, r#"{"password":"changed"}"#, "and nothing of it");
    let phone = CustomerData { name: "Ana".into(), phone: Some("+254 1".into()), ..CustomerData::default() };
    town.ours.update_customer(ana, None, phone).await.must();
    let told = newest().await;
    assert!(
        told.contains("phone") && !told.contains("254"),
        "what cannot be erased holds nobody's data: {told}"
    );
    let with_plan = ServiceData { plan: Some(home), ..service.data };
    town.ours.update_service(service.id, None, with_plan).await.must();
    assert_eq!(newest().await, r#"{"plan":[null,"Home"],"service":"ana"}"#);
    let settings = Settings { sweep_seconds: 60, ..Settings::default() };
    town.ours.set_settings("Lake".into(), settings.clone()).await.must();
    town.ours.set_settings("Lake Net".into(), Settings { sweep_seconds: 90, ..settings }).await.must();
    assert_eq!(newest().await, r#"{"name":["Lake","Lake Net"],"sweepSeconds":[60,90]}"#);
}
