//! From ping to SNMP and back.

use super::bench::{Bench, UP, credentials, id};
use super::{Host, World};
use crate::Class;
use crate::port::{Ability, DoctorError, Readings, SnmpState};
use imsys_domain::DeviceId;
use std::sync::Arc;

/// A radio that was pinged and is read by SNMP now; `None` where the doctor rightly refuses.
async fn radio(bench: &Bench) -> Option<DeviceId> {
    bench.put(0, Host::Radio).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    let set = bench.doctor.set_snmp(device, Some(&credentials())).await;
    if !bench.doctor.abilities().can(Ability::Snmp) {
        assert_eq!(set, Err(DoctorError::Unable(Ability::Snmp)));
        return None;
    }
    set.expect("it is read by SNMP");
    bench.world.look().await;
    Some(device)
}

pub(super) async fn a_device_that_is_only_pinged_has_no_readings(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Radio).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    assert_eq!(bench.doctor.readings(device).await, Ok(Readings::default()));
}

pub(super) async fn a_device_with_snmp_has_readings_in_our_units(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let Some(device) = radio(&bench).await else { return };
    let health = bench.health(device).await.expect("it is there");
    assert_eq!((health.condition, health.snmp), (UP, Some(SnmpState::Answers)));
    let readings = bench.doctor.readings(device).await.expect("they are read");
    let signal = readings.values.iter().find(|reading| reading.class == Class::Signal);
    assert_eq!(signal.map(|reading| reading.value), Some(-70.0));
    // Said again, it stays as it is.
    assert_eq!(bench.doctor.set_snmp(device, Some(&credentials())).await, Ok(()));
}

pub(super) async fn silence_to_snmp_takes_nothing_down(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let Some(device) = radio(&bench).await else { return };
    bench.put(0, Host::Ping).await;
    bench.world.look().await;
    let health = bench.health(device).await.expect("it is there");
    assert_eq!((health.condition, health.snmp), (UP, Some(SnmpState::Silent)));
}

pub(super) async fn without_snmp_it_is_pinged_again(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let Some(device) = radio(&bench).await else { return };
    for _ in 0..2 {
        assert_eq!(bench.doctor.set_snmp(device, None).await, Ok(()));
    }
    bench.put(0, Host::Ping).await;
    bench.world.look().await;
    let health = bench.health(device).await.expect("it is there");
    assert_eq!((health.condition, health.snmp), (UP, None));
    assert_eq!(bench.doctor.readings(device).await, Ok(Readings::default()));
    let stranger = bench.doctor.set_snmp(id(9), Some(&credentials())).await;
    assert_eq!(stranger, Err(DoctorError::NoSuchDevice));
}
