//! How much services carried.

use super::town::{Must, Town, at, by_dhcp, fixed};
use crate::port::{StoreError, UsageState};
use imsys_domain::presence::{LeaseSeen, Seen};
use imsys_domain::usage::{Counter, CounterOwner, CounterSource, CounterTable, Used};

fn counter(source: CounterSource, up: u64) -> Counter {
    Counter { source, row: "*1".into(), up, down: 10 * up }
}

fn table(second: i64, up: u64) -> CounterTable {
    let user = CounterOwner::User("ana".into());
    let address = CounterOwner::Address([10, 1, 0, 7].into());
    let counters =
        vec![(user, counter(CounterSource::Interface, up)), (address, counter(CounterSource::Queue, 2 * up))];
    CounterTable { at: at(second), counters, fasttrack: true }
}

pub(super) async fn what_a_router_counts_is_told_by_the_next_look(town: Town) {
    let router = town.router("tower").await;
    let ana = town.service(router, "ana").await;
    let line = town.create(fixed(router, [10, 1, 0, 7], None)).await.id;
    let bob = town.service(router, "bob").await;
    assert_eq!(town.ours.usage_state(ana.id).await.must(), None);
    assert_eq!(town.ours.note_counters(router, table(300, 100)).await.must(), []);
    let mut told = town.ours.note_counters(router, table(600, 150)).await.must();
    told.sort_unstable_by_key(|(_, used)| used.up);
    let used = |up| Used { up, down: 10 * up, ms: 300_000 };
    assert_eq!(told, [(ana.id, used(50)), (line, used(100))]);
    let state = |source| Some(UsageState { at: at(600), source, fasttrack: true });
    assert_eq!(town.ours.usage_state(ana.id).await.must(), state(Some(CounterSource::Interface)));
    assert_eq!(town.ours.usage_state(line).await.must(), state(Some(CounterSource::Queue)));
    assert_eq!(town.ours.usage_state(bob.id).await.must(), state(None));
    assert_eq!(town.theirs.note_counters(router, table(900, 200)).await, Err(StoreError::NotFound));
    assert_eq!(town.theirs.usage_state(ana.id).await, Err(StoreError::NotFound));
}

pub(super) async fn a_service_by_dhcp_is_counted_at_the_address_that_it_has(town: Town) {
    let router = town.router("tower").await;
    let device = town.create(by_dhcp(router, 9)).await.id;
    let bound = LeaseSeen::Bound { address: [10, 1, 0, 7].into() };
    let leased = Seen { lease: Some(bound), ..Seen::default() };
    town.ours.apply_checks(router, at(90), vec![(device, leased)], None).await.must();
    town.ours.note_counters(router, table(300, 100)).await.must();
    let told = town.ours.note_counters(router, table(600, 101)).await.must();
    assert_eq!(told, [(device, Used { up: 2, down: 20, ms: 300_000 })]);
}

pub(super) async fn what_was_measured_waits_in_its_order_until_it_is_taken_over(town: Town) {
    assert_eq!(town.store.handed_over(9).await.must(), []);
    for data in [b"a", b"b", b"c"] {
        town.store.hand_over(data.to_vec()).await.must();
    }
    let waiting = town.store.handed_over(2).await.must();
    assert_eq!(waiting.iter().map(|(_, data)| data.as_slice()).collect::<Vec<_>>(), [b"a", b"b"]);
    town.store.taken_over(waiting[1].0).await.must();
    town.store.hand_over(b"d".to_vec()).await.must();
    let left = town.store.handed_over(9).await.must();
    assert_eq!(left.iter().map(|(_, data)| data.as_slice()).collect::<Vec<_>>(), [b"c", b"d"]);
}
