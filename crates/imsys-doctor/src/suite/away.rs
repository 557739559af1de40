//! What is not there, cannot be done, or cannot be reached.

use super::bench::{Bench, NEVER_ASKED, UP, id, query};
use super::{Host, World};
use crate::port::{Abilities, Ability, DoctorError, GraphName, Retry};
use std::sync::Arc;

pub(super) async fn strangers_have_nothing(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Radio).await;
    bench.add(0).await;
    bench.world.look().await;
    let (doctor, stranger) = (&bench.doctor, id(9));
    assert_eq!(bench.health(stranger).await, None);
    assert_eq!(doctor.readings(stranger).await, Err(DoctorError::NoSuchDevice));
    assert_eq!(doctor.graphs(stranger).await, Err(DoctorError::NoSuchDevice));
    let name = GraphName("device_icmp_perf".into());
    assert_eq!(doctor.graph(stranger, &query(&name)).await, Err(DoctorError::NoSuchDevice));
    if doctor.abilities().can(Ability::Parents) {
        assert_eq!(doctor.parents(stranger).await, Err(DoctorError::NoSuchDevice));
    }
}

pub(super) async fn what_a_doctor_cannot_do_it_refuses_by_name(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let device = bench.add(0).await;
    let Abilities(able) = bench.doctor.abilities();
    let cannot: Vec<_> = bench.doctor.abilities().cannot().collect();
    assert_eq!(able.len() + cannot.len(), Ability::ALL.len(), "it says of each whether it can");
    for ability in cannot {
        let refused = Some(DoctorError::Unable(ability));
        match ability {
            Ability::Parents => {
                assert_eq!(bench.doctor.parents(device).await.err(), refused);
                assert_eq!(bench.doctor.set_parents(device, &[]).await.err(), refused);
            }
            Ability::Snmp => assert_eq!(bench.doctor.set_snmp(device, None).await.err(), refused),
            // These say how something is done, and nobody asks for them by themselves.
            Ability::Pictures | Ability::Numbers | Ability::SameAddress | Ability::ThroughRouter => {}
        }
    }
}

pub(super) async fn who_cannot_be_reached_is_worth_another_try(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    if !bench.world.set_away(true).await {
        return;
    }
    let errors = [
        bench.doctor.add(&bench.device(1)).await.err(),
        bench.doctor.remove(device).await.err(),
        bench.doctor.health(&[device]).await.err(),
        bench.doctor.readings(device).await.err(),
        bench.doctor.graphs(device).await.err(),
    ];
    for error in errors {
        assert_eq!(error.map(DoctorError::retry), Some(Retry::Later), "{error:?}");
    }
    assert!(bench.world.set_away(false).await);
    assert_eq!(bench.condition(device).await, UP);
    bench.add(1).await;
    assert_eq!(bench.condition(id(1)).await, NEVER_ASKED);
}
