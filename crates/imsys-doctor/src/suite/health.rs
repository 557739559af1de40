//! How devices are doing.

use super::bench::{Bench, NEVER_ASKED, SILENT, UP, id};
use super::{Host, World};
use std::sync::Arc;

pub(super) async fn a_device_that_answers_is_up_with_its_latency(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    let health = bench.health(device).await.expect("it is there");
    assert_eq!((health.condition, health.snmp), (UP, None));
    let latency = health.latency_us.expect("it answered");
    assert!((1..5_000_000).contains(&latency), "{latency} microseconds");
}

pub(super) async fn a_device_that_falls_silent_is_down_until_it_answers(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    for (host, condition) in [(Host::Ping, UP), (Host::Nothing, SILENT), (Host::Ping, UP)] {
        bench.put(0, host).await;
        bench.world.look().await;
        let health = bench.health(device).await.expect("it is there");
        assert_eq!(health.condition, condition);
        assert_eq!(health.latency_us.is_some(), condition == UP);
    }
}

pub(super) async fn many_are_answered_in_their_order_and_a_stranger_by_nothing(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    bench.put(2, Host::Ping).await;
    for number in 0..3 {
        bench.add(number).await;
    }
    bench.world.look().await;
    bench.add(3).await;
    let asked = [3, 9, 1, 0, 2, 0].map(id);
    let found = bench.doctor.health(&asked).await.expect("the doctor answers");
    let conditions: Vec<_> = found.iter().map(|health| health.map(|health| health.condition)).collect();
    assert_eq!(conditions, [Some(NEVER_ASKED), None, Some(SILENT), Some(UP), Some(UP), Some(UP)]);
    assert_eq!(bench.doctor.health(&[]).await, Ok(Vec::new()));
}
