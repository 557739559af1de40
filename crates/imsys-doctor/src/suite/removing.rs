//! Removing devices.

use super::bench::{Bench, NEVER_ASKED, UP, id};
use super::{Host, World};
use std::sync::Arc;

pub(super) async fn a_removed_device_is_gone_and_no_other(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    for number in 0..2 {
        bench.put(number, Host::Ping).await;
        bench.add(number).await;
    }
    bench.world.look().await;
    assert_eq!(bench.doctor.remove(id(0)).await, Ok(()));
    assert_eq!(bench.health(id(0)).await, None);
    assert_eq!(bench.condition(id(1)).await, UP);
}

pub(super) async fn what_is_not_there_is_removed_already(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.add(0).await;
    assert_eq!(bench.doctor.remove(id(0)).await, Ok(()));
    assert_eq!(bench.doctor.remove(id(0)).await, Ok(()));
    assert_eq!(bench.doctor.remove(id(9)).await, Ok(()));
}

pub(super) async fn a_device_that_comes_back_begins_unknown(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    bench.doctor.remove(device).await.expect("it is removed");
    bench.add(0).await;
    assert_eq!(bench.condition(device).await, NEVER_ASKED);
}
