//! What the store promises about bringing in many services at once.

use super::town::{Must, Town, all, at, customer, fixed, only, pppoe};
use crate::model::Parcel;
use crate::page::Ask;
use crate::port::{Reference, ServiceFilter, ServiceSort, StoreError, Taken};
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, CustomerId, ServiceId};
use std::collections::HashSet;

pub(super) async fn an_import_is_one_unit_and_one_line_in_the_log_with_its_rows(town: Town) {
    let router = town.router("tower").await;
    let ana = customer(CustomerId(town.fresh()), "Ana");
    let line = ServiceData { customer: Some(ana.id), ..fixed(router, [10, 0, 0, 7], None) };
    let dial = pppoe(router, "ana");
    let services = vec![(ServiceId(town.fresh()), line.clone()), (ServiceId(town.fresh()), dial.clone())];
    let before = town.ours.audit(Ask::first(())).await.must().total;
    let parcel = town.parcel(vec![ana.clone()], services.clone());
    let (id, router_name) = (parcel.id, Some("tower".to_owned()));
    town.ours.import(Parcel { router: router_name, ..parcel }).await.must();
    for (id, data) in services.clone() {
        let stored = town.ours.service(id).await.must();
        assert_eq!((stored.data, stored.created, stored.since), (data, at(5), at(5)));
    }
    assert_eq!(town.ours.customer(ana.id).await.must().data, ana.data);
    let log = town.ours.audit(Ask::first(())).await.must();
    assert_eq!(log.total - before, 1, "an import is one line");
    let line = &log.items[0];
    assert_eq!((line.action.as_str(), &line.object), ("services.import", &id.to_string()));
    assert!(
        line.detail.starts_with(r#"{"added":2,"customers":1,"router":"tower","rows":""#),
        "{}",
        line.detail
    );
    let rows = only(town.ours.bulk_rows(id, all(())).await);
    let said: Vec<_> = rows.iter().map(|row| (row.action.as_str(), row.object)).collect();
    let made = |at: usize| ("service.create", services[at].0.0);
    assert_eq!(said, [("customer.create", ana.id.0), made(0), made(1)]);
    assert_eq!(rows[2].detail, r#"{"service":"ana"}"#);
    assert_eq!(town.theirs.bulk_rows(id, all(())).await, Err(StoreError::NotFound));
    let found = |q: String| town.ours.audit(Ask { q: Some(q), ..all(()) });
    let of_one = only(found(services[0].0.to_string()).await);
    assert_eq!(
        of_one.iter().map(|line| line.seq).collect::<Vec<_>>(),
        [line.seq],
        "found by one of its things"
    );
}

pub(super) async fn an_import_with_one_fault_leaves_nothing(town: Town) {
    let (router, there) = (town.router("tower").await, town.router("hill").await);
    town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let ben = customer(CustomerId(town.fresh()), "Ben");
    let before = town.ours.audit(Ask::first(())).await.must().total;
    let one = |data| (ServiceId(town.fresh()), data);
    let good = || one(fixed(there, [10, 0, 0, 7], None));
    let bad = vec![good(), one(fixed(router, [10, 0, 0, 7], None))];
    let taken = town.ours.import(town.parcel(vec![ben.clone()], bad));
    assert_eq!(taken.await, Err(StoreError::Exists(Taken::ServicePlace)));
    let nobodys = ServiceData { customer: Some(CustomerId(town.fresh())), ..pppoe(router, "x") };
    let dangling = town.ours.import(town.parcel(vec![ben.clone()], vec![good(), one(nobodys)]));
    assert_eq!(dangling.await, Err(StoreError::Dangling(Reference::Customer)));
    let foreign = town.theirs.import(town.parcel(vec![], vec![good()]));
    assert_eq!(foreign.await, Err(StoreError::Dangling(Reference::Router)));
    assert_eq!(town.ours.customer(ben.id).await, Err(StoreError::NotFound));
    let filter = ServiceFilter::default();
    assert_eq!(only(town.ours.services(filter, all(ServiceSort::Username)).await).len(), 1);
    assert_eq!(town.ours.audit(Ask::first(())).await.must().total, before);
}

pub(super) async fn an_import_changes_services_that_nobody_changed_meanwhile(town: Town) {
    let router = town.router("tower").await;
    let old = town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let ana = customer(CustomerId(town.fresh()), "Ana");
    let data = ServiceData { customer: Some(ana.id), ..old.data.clone() };
    let bring = |edition| {
        let changed = vec![(old.id, edition, data.clone())];
        town.ours.import(Parcel { changed, ..town.parcel(vec![ana.clone()], vec![]) })
    };
    assert_eq!(bring(old.edition + 1).await, Err(StoreError::Stale));
    assert_eq!(town.ours.customer(ana.id).await, Err(StoreError::NotFound), "all of it or nothing");
    bring(old.edition).await.must();
    let stored = town.ours.service(old.id).await.must();
    assert_eq!((stored.customer_name.as_deref(), stored.edition), (Some("Ana"), old.edition + 1));
    let log = town.ours.audit(Ask::first(())).await.must();
    let line = log.items.first().map(|line| (line.action.as_str(), line.object.parse().ok()));
    let Some(("services.import", Some(act))) = line else { panic!("{line:?}") };
    let rows = only(town.ours.bulk_rows(act, all(())).await);
    let update = rows.iter().find(|row| row.action == "service.update").map(|row| row.detail.as_str());
    assert_eq!(update, Some(r#"{"customer":[null,"Ana"],"service":"10.0.0.7"}"#));
    town.ours.undo_bulk(act, BulkId(town.fresh())).await.must();
    assert_eq!(
        town.ours.service(old.id).await.must().data,
        old.data,
        "an import is undone as other acts are"
    );
    let ana = town.ours.customer(ana.id).await.must();
    assert!(ana.archived.is_some(), "who came with it and has no service leaves with it");
}

pub(super) async fn an_import_is_undone_as_one_and_that_too(town: Town) {
    let router = town.router("tower").await;
    let (ana, ben) = (customer(CustomerId(town.fresh()), "Ana"), customer(CustomerId(town.fresh()), "Ben"));
    let (home, office) = (town.plan("Home").await, town.plan("Office").await);
    let gone = town.create(ServiceData { plan: Some(home), ..pppoe(router, "gone") }).await;
    town.ours.archive_service(gone.id).await.must();
    let stored = town.ours.service(gone.id).await.must();
    let back = ServiceData { plan: Some(office), customer: Some(ben.id), ..gone.data.clone() };
    let (one, two) = (ServiceId(town.fresh()), ServiceId(town.fresh()));
    let services = vec![
        (one, ServiceData { customer: Some(ana.id), ..pppoe(router, "ana") }),
        (two, pppoe(router, "touched")),
    ];
    let restored = |edition| vec![(gone.id, edition, back.clone())];
    let parcel = town.parcel(vec![ana.clone(), ben.clone()], services.clone());
    let stale = Parcel { restored: restored(stored.edition + 1), ..parcel.clone() };
    assert_eq!(town.ours.import(stale).await, Err(StoreError::Stale));
    town.ours.import(Parcel { restored: restored(stored.edition), ..parcel.clone() }).await.must();
    let service = async |id| town.ours.service(id).await.must();
    assert_eq!((service(gone.id).await.data, service(gone.id).await.archived), (back.clone(), None));
    let detail = town.ours.audit(all(())).await.must().items.remove(0).detail;
    assert!(detail.contains(r#""restored":1"#), "{detail}");

    let touched = ServiceData { plan: Some(home), ..pppoe(router, "touched") };
    town.ours.update_service(two, None, touched).await.must();
    let undo = BulkId(town.fresh());
    let results = town.ours_at(at(9)).undo_bulk(parcel.id, undo).await.must();
    let left: Vec<_> =
        results.iter().filter(|result| result.left.is_some()).map(|result| result.id).collect();
    assert_eq!(left, [two], "what was changed since stays");
    assert_eq!((service(one).await.archived, service(two).await.archived), (Some(at(9)), None));
    assert_eq!((service(gone.id).await.data, service(gone.id).await.archived), (gone.data, Some(at(9))));
    for who in [ana.id, ben.id] {
        assert_eq!(town.ours.customer(who).await.must().archived, Some(at(9)));
    }
    town.ours.undo_bulk(undo, BulkId(town.fresh())).await.must();
    assert_eq!((service(gone.id).await.data, service(gone.id).await.archived), (back, None));
    assert_eq!(service(one).await.data, services[0].1);
    assert_eq!(town.ours.customer(ana.id).await.must().archived, None, "who is needed comes back");
}

pub(super) async fn names_and_places_are_found_exactly_and_only_ones_own(town: Town) {
    let router = town.router("tower").await;
    let (ana, twin) = (town.customer("Ana").await, town.customer("Ana").await);
    town.customer("ana").await;
    let gone = town.customer("Gone").await;
    town.ours.archive_customer(gone).await.must();
    let names = || vec!["Ana".to_owned(), "Gone".into(), "An".into()];
    let found: HashSet<_> = town.ours.customers_named(names()).await.must().into_iter().collect();
    assert_eq!(found, HashSet::from([("Ana".to_owned(), ana), ("Ana".to_owned(), twin)]));
    assert_eq!(town.theirs.customers_named(names()).await.must(), []);

    let line = town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let blue = fixed(router, [10, 0, 0, 7], Some("blue"));
    let places = || vec![(router, line.data.access.key()), (router, blue.access.key())];
    let found = town.ours.services_at(places()).await.must();
    assert_eq!(found.iter().map(|service| service.id).collect::<Vec<_>>(), [line.id]);
    assert_eq!(town.theirs.services_at(places()).await.must(), []);
    town.ours.archive_service(line.id).await.must();
    assert_eq!(town.ours.services_at(places()).await.must(), []);
}

pub(super) async fn what_profiles_stand_for_is_remembered_while_the_plan_is_sold(town: Town) {
    let (home, office) = (town.plan("Home").await, town.plan("Office").await);
    let say = |profiles| town.ours.import(Parcel { profiles, ..town.parcel(vec![], vec![]) });
    say(vec![("10M".to_owned(), Some(home)), ("20M".to_owned(), Some(office))]).await.must();
    let known = async || {
        let mut plans: Vec<_> = town.ours.profile_plans().await.must().into_iter().collect();
        plans.sort();
        plans
    };
    assert_eq!(known().await, [("10M".to_owned(), home), ("20M".to_owned(), office)]);
    say(vec![("10M".to_owned(), Some(office)), ("20M".to_owned(), None)]).await.must();
    assert_eq!(known().await, [("10M".to_owned(), office)]);
    let line = town.ours.audit(all(())).await.must().items.remove(0);
    let rows = only(town.ours.bulk_rows(line.object.parse().expect("an act"), all(())).await);
    assert_eq!(rows[0].detail, r#"{"plan":["Home","Office"],"profile":"10M"}"#);
    assert!(town.theirs.profile_plans().await.must().is_empty());
    let profiles = vec![("10M".to_owned(), Some(home))];
    let foreign = town.theirs.import(Parcel { profiles, ..town.parcel(vec![], vec![]) }).await;
    assert_eq!(foreign, Err(StoreError::Dangling(Reference::ProfilePlan)));
    town.ours.archive_plan(office).await.must();
    assert_eq!(known().await, []);
}
