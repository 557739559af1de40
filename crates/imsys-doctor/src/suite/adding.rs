//! Adding devices.

use super::bench::{Bench, NEVER_ASKED, SILENT, UP, id};
use super::{Host, World};
use crate::port::{Ability, Added, NewDevice};
use std::sync::Arc;

pub(super) async fn a_device_is_unknown_until_it_was_asked(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    assert_eq!(bench.doctor.add(&bench.device(0)).await, Ok(Added::New));
    let health = bench.health(id(0)).await.expect("it is there");
    assert_eq!((health.condition, health.latency_us, health.checked), (NEVER_ASKED, None, None));
}

pub(super) async fn a_device_that_does_not_answer_is_added_all_the_same(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let device = bench.add(0).await;
    bench.world.look().await;
    assert_eq!(bench.condition(device).await, SILENT);
}

pub(super) async fn a_device_that_is_added_three_times_at_once_is_one(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.device(0);
    let add = || bench.doctor.add(&device);
    let (first, second, third) = tokio::join!(add(), add(), add());
    let mut added = [first, second, third].map(|added| added.expect("it is added"));
    added.sort_by_key(|added| *added != Added::New);
    assert_eq!(added, [Added::New, Added::Unchanged, Added::Unchanged]);
    // Were there another one behind it, it would come to light.
    bench.doctor.remove(id(0)).await.expect("it is removed");
    assert_eq!(bench.health(id(0)).await, None);
    assert_eq!(bench.doctor.add(&device).await, Ok(Added::New));
}

pub(super) async fn adding_it_again_changes_nothing(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = NewDevice { place: Some("Tower A".into()), ..bench.device(0) };
    assert_eq!(bench.doctor.add(&device).await, Ok(Added::New));
    bench.world.look().await;
    assert_eq!(bench.doctor.add(&device).await, Ok(Added::Unchanged));
    assert_eq!(bench.condition(device.id).await, UP);
}

pub(super) async fn adding_it_again_changes_what_differs(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(1, Host::Ping).await;
    let device = bench.device(0);
    bench.add(0).await;
    bench.world.look().await;
    assert_eq!(bench.condition(device.id).await, SILENT);
    let moved = NewDevice { address: bench.device(1).address, ..device.clone() };
    assert_eq!(bench.doctor.add(&moved).await, Ok(Added::Changed));
    bench.world.look().await;
    assert_eq!(bench.condition(device.id).await, UP);
    let renamed = NewDevice { name: "Mast".into(), place: Some("Hill".into()), ..moved };
    assert_eq!(bench.doctor.add(&renamed).await, Ok(Added::Changed));
    assert_eq!(bench.doctor.add(&renamed).await, Ok(Added::Unchanged));
}

pub(super) async fn two_devices_at_one_address_are_two(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let one = bench.device(0);
    let other = NewDevice { id: id(1), ..one.clone() };
    for device in [&one, &other] {
        assert_eq!(bench.doctor.add(device).await, Ok(Added::New));
        bench.world.look().await;
    }
    bench.doctor.remove(one.id).await.expect("it is removed");
    assert_eq!(bench.health(one.id).await, None);
    let left = bench.condition(other.id).await;
    assert!(left == UP || !bench.doctor.abilities().can(Ability::SameAddress), "{left:?}");
}

pub(super) async fn a_doctor_that_starts_anew_knows_its_devices(world: Arc<dyn World>) {
    let mut bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    bench.doctor = bench.world.restarted();
    assert_eq!(bench.condition(device).await, UP);
    assert_eq!(bench.doctor.add(&bench.device(0)).await, Ok(Added::Unchanged));
}
