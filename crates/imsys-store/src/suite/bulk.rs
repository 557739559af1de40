//! Acts on many services at once, and their undo.

use super::town::{Must, Town, all, at, fixed, only, pppoe};
use crate::model::{BulkAct, BulkResult};
use crate::port::{Reference, Result, StoreError, Taken};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::presence::Status;
use imsys_domain::service::ServiceData;
use imsys_domain::{BulkId, PlanId, ServiceId};

fn left(results: Result<Vec<BulkResult>>) -> Vec<Option<StoreError>> {
    results.must().into_iter().map(|result| result.left).collect()
}

pub(super) async fn many_services_get_a_plan_at_once_with_one_line_in_the_log(town: Town) {
    let (router, home) = (town.router("tower").await, town.plan("Home").await);
    let old = town.plan("Old").await;
    let ana = town.create(ServiceData { plan: Some(old), ..pppoe(router, "ana") }).await;
    let bob = town.create(ServiceData { plan: Some(home), ..pppoe(router, "bob") }).await;
    let eve = town.create(fixed(router, [10, 0, 0, 7], None)).await;
    let gone = town.service(router, "gone").await;
    town.ours.archive_service(gone.id).await.must();
    let nobody = ServiceId(town.fresh());
    let before = town.ours.audit(all(())).await.must().total;
    let (act, ids) = (BulkId(town.fresh()), vec![ana.id, bob.id, gone.id, nobody, eve.id]);
    let results = town.ours.bulk(act, ids, BulkAct::Plan(Some(home))).await;
    let same = Some(StoreError::InUse(Hindrance::NothingToChange));
    let expected = [None, same, Some(StoreError::Archived), Some(StoreError::NotFound), None];
    assert_eq!(left(results), expected);
    for id in [ana.id, bob.id, eve.id] {
        assert_eq!(town.ours.service(id).await.must().plan_name.as_deref(), Some("Home"));
    }
    let log = town.ours.audit(all(())).await.must();
    assert_eq!(log.total - before, 1);
    let line = &log.items[0];
    assert_eq!((line.action.as_str(), &line.object), ("services.plan", &act.to_string()));
    assert!(line.detail.starts_with(r#"{"left":3,"plan":"Home","rows":""#), "{}", line.detail);
    assert!(line.detail.ends_with(r#""services":2}"#), "{}", line.detail);
    let rows = only(town.ours.bulk_rows(act, all(())).await);
    let said: Vec<_> = rows.iter().map(|row| row.detail.as_str()).collect();
    let (first, second) =
        (r#"{"plan":["Old","Home"],"service":"ana"}"#, r#"{"plan":[null,"Home"],"service":"10.0.0.7"}"#);
    assert_eq!(said, [first, second]);
    let again = town.ours.bulk(BulkId(town.fresh()), vec![ana.id], BulkAct::Plan(Some(home))).await;
    assert_eq!(left(again), [Some(StoreError::InUse(Hindrance::NothingToChange))]);
    assert_eq!(town.ours.audit(all(())).await.must().total, log.total, "nothing was done");
    let unknown = BulkAct::Plan(Some(PlanId(town.fresh())));
    let dangling = town.ours.bulk(BulkId(town.fresh()), vec![ana.id], unknown).await;
    assert_eq!(dangling.err(), Some(StoreError::Dangling(Reference::Plan)));
    let foreign = town.theirs.bulk(BulkId(town.fresh()), vec![ana.id], BulkAct::Archive).await;
    assert_eq!(left(foreign), [Some(StoreError::NotFound)]);
    assert_eq!(town.ours.audit_break().await.must(), None);
}

pub(super) async fn services_move_to_another_router_where_their_places_are_free(town: Town) {
    let (one, two) = (town.router("one").await, town.router("two").await);
    let (ana, bob) = (town.service(one, "ana").await, town.service(one, "bob").await);
    town.service(two, "bob").await;
    town.up(one, "ana", "*F0", 10).await;
    let act = BulkId(town.fresh());
    let moved = town.ours_at(at(20)).bulk(act, vec![ana.id, bob.id], BulkAct::Router(two)).await;
    assert_eq!(left(moved), [None, Some(StoreError::Exists(Taken::ServicePlace))]);
    let shown = town.ours.service(ana.id).await.must();
    assert_eq!((shown.data.router, shown.status, shown.since), (two, Status::Unknown, at(20)));
    assert_eq!(town.ours.service(bob.id).await.must(), bob, "what was left is as it was");
}

pub(super) async fn an_undo_sets_back_what_nobody_changed_since(town: Town) {
    let (router, home) = (town.router("tower").await, town.plan("Home").await);
    let (ana, bob) = (town.service(router, "ana").await, town.service(router, "bob").await);
    let ids = vec![ana.id, bob.id];
    let act = BulkId(town.fresh());
    town.ours.bulk(act, ids.clone(), BulkAct::Plan(Some(home))).await.must();
    let now = town.ours.service(bob.id).await.must().data;
    town.ours.update_service(bob.id, None, ServiceData { suspended: true, ..now }).await.must();
    let undo = BulkId(town.fresh());
    // The last that was done is undone first.
    let undone = town.ours.undo_bulk(act, undo).await.must();
    assert_eq!(undone.iter().map(|one| one.id).collect::<Vec<_>>(), [bob.id, ana.id]);
    assert_eq!(left(Ok(undone)), [Some(StoreError::Stale), None]);
    assert_eq!(town.ours.service(ana.id).await.must().data.plan, None);
    assert_eq!(town.ours.service(bob.id).await.must().data.plan, Some(home));
    let line = town.ours.audit(all(())).await.must().items.remove(0);
    assert_eq!((line.action.as_str(), line.object), ("services.undo", undo.to_string()));
    let twice = town.ours.undo_bulk(act, BulkId(town.fresh())).await;
    assert_eq!(left(twice), [Some(StoreError::Stale), Some(StoreError::Stale)]);
    assert_eq!(left(town.ours.undo_bulk(undo, BulkId(town.fresh())).await), [None], "an undo is undone too");
    assert_eq!(town.ours.service(ana.id).await.must().data.plan, Some(home));
    let nobodys = town.ours.undo_bulk(BulkId(town.fresh()), BulkId(town.fresh())).await;
    assert_eq!(nobodys.err(), Some(StoreError::NotFound));
    let foreign = town.theirs.undo_bulk(act, BulkId(town.fresh())).await;
    assert_eq!(foreign.err(), Some(StoreError::NotFound));
}

pub(super) async fn archived_together_they_come_back_together(town: Town) {
    let (router, ana) = (town.router("tower").await, town.customer("Ana").await);
    let one = town.create(ServiceData { customer: Some(ana), ..pppoe(router, "one") }).await;
    let two = town.service(router, "two").await;
    let act = BulkId(town.fresh());
    town.ours.bulk(act, vec![one.id, two.id], BulkAct::Archive).await.must();
    town.ours.archive_customer(ana).await.must();
    let taken = town.service(router, "two").await;
    let results = town.ours.undo_bulk(act, BulkId(town.fresh())).await;
    assert_eq!(left(results), [Some(StoreError::Exists(Taken::ServicePlace)), None]);
    assert_eq!(town.ours.service(one.id).await.must().archived, None);
    assert_eq!(town.ours.customer(ana).await.must().archived, None, "whose it is comes back with it");
    town.ours.archive_service(taken.id).await.must();
    let back = town.ours.bulk(BulkId(town.fresh()), vec![one.id, two.id], BulkAct::Restore).await;
    assert_eq!(left(back), [Some(StoreError::InUse(Hindrance::NotArchived)), None]);
    assert_eq!(town.ours.audit_break().await.must(), None);
}
