//! What is behind what.

use super::World;
use super::bench::{Bench, id};
use crate::port::{Ability, DoctorError};
use std::sync::Arc;

/// A bench with three devices; `None` where the doctor rightly refuses.
async fn three(world: Arc<dyn World>) -> Option<Bench> {
    let bench = Bench::of(world);
    for number in 0..3 {
        bench.add(number).await;
    }
    if bench.doctor.abilities().can(Ability::Parents) {
        return Some(bench);
    }
    let refused = Err(DoctorError::Unable(Ability::Parents));
    assert_eq!(bench.doctor.set_parents(id(0), &[id(1)]).await, refused);
    None
}

pub(super) async fn parents_are_replaced_as_a_whole(world: Arc<dyn World>) {
    let Some(bench) = three(world).await else { return };
    assert_eq!(bench.doctor.parents(id(0)).await, Ok(Vec::new()));
    for parents in [&[1][..], &[2, 1], &[2], &[2, 2], &[], &[]] {
        let parents: Vec<_> = parents.iter().map(|number| id(*number)).collect();
        assert_eq!(bench.doctor.set_parents(id(0), &parents).await, Ok(()), "{parents:?}");
        let mut wanted = parents;
        wanted.sort_unstable();
        wanted.dedup();
        assert_eq!(bench.doctor.parents(id(0)).await, Ok(wanted));
    }
    assert_eq!(bench.doctor.parents(id(1)).await, Ok(Vec::new()));
}

pub(super) async fn a_parent_must_be_there_and_be_another(world: Arc<dyn World>) {
    let Some(bench) = three(world).await else { return };
    bench.doctor.set_parents(id(0), &[id(1)]).await.expect("they are set");
    let stranger = bench.doctor.set_parents(id(0), &[id(2), id(9)]).await;
    assert_eq!(stranger, Err(DoctorError::NoSuchParent(id(9))));
    let itself = bench.doctor.set_parents(id(0), &[id(2), id(0)]).await;
    assert_eq!(itself, Err(DoctorError::OwnParent));
    assert_eq!(bench.doctor.parents(id(0)).await, Ok(vec![id(1)]), "nothing was set by halves");
    let unknown = bench.doctor.set_parents(id(9), &[id(1)]).await;
    assert_eq!(unknown, Err(DoctorError::NoSuchDevice));
}

pub(super) async fn a_removed_parent_is_none(world: Arc<dyn World>) {
    let Some(bench) = three(world).await else { return };
    bench.doctor.set_parents(id(0), &[id(1), id(2)]).await.expect("they are set");
    bench.doctor.remove(id(1)).await.expect("it is removed");
    assert_eq!(bench.doctor.parents(id(0)).await, Ok(vec![id(2)]));
}
