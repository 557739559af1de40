//! What the store promises about bringing in many services at once.

use super::town::{Must, Town, all, at, customer, fixed, only, pppoe};
use crate::model::ServiceData;
use crate::page::Ask;
use crate::port::{ServiceFilter, ServiceSort, StoreError};
use imsys_domain::{CustomerId, ServiceId};
use std::collections::HashSet;

pub(super) async fn an_import_is_one_unit_with_a_line_in_the_log_for_each(town: Town) {
    let router = town.router("tower").await;
    let ana = customer(CustomerId(town.fresh()), "Ana");
    let line = ServiceData { customer: Some(ana.id), ..fixed(router, [10, 0, 0, 7], None) };
    let dial = pppoe(router, "ana");
    let services = vec![(ServiceId(town.fresh()), line.clone()), (ServiceId(town.fresh()), dial.clone())];
    let before = town.ours.audit(Ask::first(())).await.must().total;
    town.ours.import_services(at(5), vec![ana.clone()], services.clone(), vec![]).await.must();
    for (id, data) in services {
        let stored = town.ours.service(id).await.must();
        assert_eq!((stored.data, stored.created, stored.since), (data, at(5), at(5)));
    }
    assert_eq!(town.ours.customer(ana.id).await.must().data, ana.data);
    let log = town.ours.audit(Ask::first(())).await.must();
    assert_eq!(log.total - before, 3);
    let actions: HashSet<_> = log.items.iter().take(3).map(|line| line.action.as_str()).collect();
    assert_eq!(actions, HashSet::from(["customer.create", "service.create"]));
}

pub(super) async fn an_import_with_one_fault_leaves_nothing(town: Town) {
    let (router, there) = (town.router("tower").await, town.router("hill").await);
    town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let ben = customer(CustomerId(town.fresh()), "Ben");
    let before = town.ours.audit(Ask::first(())).await.must().total;
    let one = |data| (ServiceId(town.fresh()), data);
    let good = || one(fixed(there, [10, 0, 0, 7], None));
    let taken = town.ours.import_services(
        at(5),
        vec![ben.clone()],
        vec![good(), one(fixed(router, [10, 0, 0, 7], None))],
        vec![],
    );
    assert!(matches!(taken.await, Err(StoreError::Exists(_))));
    let nobodys = ServiceData { customer: Some(CustomerId(town.fresh())), ..pppoe(router, "x") };
    let dangling = town.ours.import_services(at(5), vec![ben.clone()], vec![good(), one(nobodys)], vec![]);
    assert_eq!(dangling.await, Err(StoreError::Dangling("customerId")));
    let foreign = town.theirs.import_services(at(5), vec![], vec![good()], vec![]);
    assert_eq!(foreign.await, Err(StoreError::Dangling("routerId")));
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
        town.ours.import_services(at(5), vec![ana.clone()], vec![], changed)
    };
    assert_eq!(bring(old.edition + 1).await, Err(StoreError::Stale));
    assert_eq!(town.ours.customer(ana.id).await, Err(StoreError::NotFound), "all of it or nothing");
    bring(old.edition).await.must();
    let stored = town.ours.service(old.id).await.must();
    assert_eq!((stored.customer_name.as_deref(), stored.edition), (Some("Ana"), old.edition + 1));
    let log = town.ours.audit(Ask::first(())).await.must();
    assert!(log.items.iter().any(|line| line.action == "service.update"), "{log:?}");
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
