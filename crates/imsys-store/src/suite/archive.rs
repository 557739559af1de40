//! What is archived: it can be looked at and restored, and nothing else.

use super::town::{Must, Town, all, at, only, plan_data, pppoe};
use crate::port::{Applied, CustomerSort, RouterSort, ServiceFilter, ServiceSort, StoreError, Taken};
use imsys_domain::customer::CustomerData;
use imsys_domain::hindrance::Hindrance;
use imsys_domain::presence::Status;
use imsys_domain::router::RouterState;
use imsys_domain::service::ServiceData;

pub(super) async fn what_is_archived_is_listed_apart_and_changed_by_nobody(town: Town) {
    let (router, ana, home) =
        (town.router("tower").await, town.customer("Ana").await, town.plan("Home").await);
    let service = town.service(router, "ana").await;
    town.ours_at(at(5)).archive_service(service.id).await.must();
    town.ours_at(at(6)).archive_customer(ana).await.must();
    town.ours_at(at(7)).archive_plan(home).await.must();
    town.ours_at(at(8)).archive_router(router).await.must();
    let customers = only(town.ours.customers(true, all(CustomerSort::Name)).await);
    assert_eq!(customers.iter().map(|c| (c.id, c.archived)).collect::<Vec<_>>(), [(ana, Some(at(6)))]);
    let plans = only(town.ours.plans(true, all(())).await);
    assert_eq!(plans.iter().map(|p| (p.id, p.archived)).collect::<Vec<_>>(), [(home, Some(at(7)))]);
    let routers = only(town.ours.routers(true, all(RouterSort::Name)).await);
    assert_eq!(routers.iter().map(|r| (r.id, r.archived)).collect::<Vec<_>>(), [(router, Some(at(8)))]);
    assert_eq!(only(town.ours.customers(false, all(CustomerSort::Name)).await), []);
    assert_eq!(only(town.ours.plans(false, all(())).await), []);
    assert_eq!(only(town.ours.routers(false, all(RouterSort::Name)).await), []);
    let config = routers[0].config.clone();
    let refused = [
        town.ours.update_service(service.id, None, service.data).await.map(|_| ()),
        town.ours.archive_service(service.id).await,
        town.ours.update_customer(ana, None, CustomerData::default()).await.map(|_| ()),
        town.ours.archive_customer(ana).await,
        town.ours.update_plan(home, None, plan_data("Home")).await.map(|_| ()),
        town.ours.archive_plan(home).await,
        town.ours.update_router(router, None, config).await.map(|_| ()),
        town.ours.archive_router(router).await,
    ];
    assert_eq!(refused, std::array::from_fn(|_| Err(StoreError::Archived)));
}

pub(super) async fn a_service_comes_back_unknown_while_its_place_is_free(town: Town) {
    let router = town.router("tower").await;
    let service = town.service(router, "ana").await;
    town.up(router, "ana", "*F0", 10).await;
    let living = town.ours.restore_service(service.id).await;
    assert_eq!(living, Err(StoreError::InUse(Hindrance::NotArchived)));
    town.ours_at(at(20)).archive_service(service.id).await.must();
    assert_eq!(town.up(router, "ana", "*F1", 30).await, Applied::UnknownUser);
    let other = town.service(router, "ana").await;
    let taken = town.ours.restore_service(service.id).await;
    assert_eq!(taken, Err(StoreError::Exists(Taken::ServicePlace)));
    let places = town.ours.archived_places(router).await.must();
    assert_eq!(places.into_iter().collect::<Vec<_>>(), [("ppp:ana".to_owned(), service.id)]);
    assert!(town.theirs.archived_places(router).await.must().is_empty());
    assert_eq!(town.ours.service(service.id).await.must().archived, Some(at(20)));
    town.ours.archive_service(other.id).await.must();
    town.up(router, "ana", "*F2", 35).await;
    let back = town.ours_at(at(40)).restore_service(service.id).await.must();
    assert_eq!((back.archived, back.status, back.since), (None, Status::Unknown, at(40)));
    assert_eq!((back.edition, back.data), (service.edition + 2, service.data));
    assert_eq!(town.ours.unknown_users(None, 10).await.must(), [], "the name is known again");
    town.up(router, "ana", "*F3", 50).await;
    assert_eq!(town.ours.service(service.id).await.must().status, Status::Online);
}

pub(super) async fn a_customer_and_a_plan_come_back_with_their_service(town: Town) {
    let (router, ana, home) =
        (town.router("tower").await, town.customer("Ana").await, town.plan("Home").await);
    let data = ServiceData { customer: Some(ana), plan: Some(home), ..pppoe(router, "ana") };
    let service = town.create(data).await;
    town.ours.archive_service(service.id).await.must();
    town.ours.archive_customer(ana).await.must();
    town.ours.archive_plan(home).await.must();
    let another = town.plan("Home").await;
    let named = town.ours.restore_service(service.id).await;
    assert_eq!(named, Err(StoreError::InUse(Hindrance::PlanNameTaken)));
    assert_eq!(town.ours.customer(ana).await.must().archived, Some(at(0)), "all of it or nothing");
    town.ours.update_plan(another, None, plan_data("Home 2")).await.must();
    town.ours.restore_service(service.id).await.must();
    assert_eq!(town.ours.customer(ana).await.must().archived, None);
    assert_eq!(town.ours.plan(home).await.must().archived, None);
    let log = town.ours.audit(all(())).await.must().items;
    let said: Vec<_> = log.iter().take(3).rev().map(|line| line.action.as_str()).collect();
    assert_eq!(said, ["customer.restore", "plan.restore", "service.restore"]);
}

pub(super) async fn a_customer_comes_back_alone_and_a_plan_while_its_name_is_free(town: Town) {
    let (router, ana, home) =
        (town.router("tower").await, town.customer("Ana").await, town.plan("Home").await);
    let service = town.create(ServiceData { customer: Some(ana), ..pppoe(router, "ana") }).await;
    town.ours.archive_service(service.id).await.must();
    town.ours.archive_customer(ana).await.must();
    let back = town.ours.restore_customer(ana).await.must();
    assert_eq!((back.archived, back.edition), (None, 3));
    assert!(town.ours.service(service.id).await.must().archived.is_some());
    town.ours.archive_plan(home).await.must();
    let another = town.plan("Home").await;
    let taken = town.ours.restore_plan(home).await;
    assert_eq!(taken, Err(StoreError::Exists(Taken::PlanName)));
    town.ours.archive_plan(another).await.must();
    assert_eq!(town.ours.restore_plan(home).await.must().archived, None);
}

pub(super) async fn a_router_comes_back_with_the_services_that_went_with_it(town: Town) {
    let router = town.router("tower").await;
    let (ana, bob) = (town.service(router, "ana").await, town.service(router, "bob").await);
    town.ours_at(at(10)).archive_service(bob.id).await.must();
    town.ours_at(at(20)).archive_router(router).await.must();
    let early = town.ours.restore_service(ana.id).await;
    assert_eq!(early, Err(StoreError::InUse(Hindrance::RouterArchived)));
    let mut squatter = town.new_router("new tower");
    let config = town.ours.router_or_archived(router).await.must().config;
    (squatter.config.address, squatter.config.port) = (config.address, config.port);
    town.ours.create_router(squatter.clone()).await.must();
    let taken = town.ours.restore_router(router, [5; 32]).await;
    assert_eq!(taken, Err(StoreError::Exists(Taken::RouterPlace)));
    town.ours.archive_router(squatter.id).await.must();
    let back = town.ours_at(at(30)).restore_router(router, [5; 32]).await.must();
    assert_eq!((back.archived, back.state, back.since), (None, RouterState::New, at(30)));
    assert_eq!(town.store.router_by_token([5; 32]).await.must().id, router);
    let living = only(town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await);
    assert_eq!(living.iter().map(|s| s.id).collect::<Vec<_>>(), [ana.id], "bob was archived before");
    assert_eq!(town.ours.service(bob.id).await.must().archived, Some(at(10)));
}
