//! Graphs.

use super::bench::{Bench, id, query};
use super::{Host, World};
use crate::port::{Ability, DoctorError, Graph, GraphName, Picture};
use std::sync::Arc;

pub(super) async fn a_graph_that_is_listed_is_given(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    let entries = bench.doctor.graphs(device).await.expect("they are listed");
    assert!(!entries.is_empty(), "a device that is pinged has a graph of it");
    for entry in entries {
        assert!(!entry.title.is_empty() && !entry.title.chars().any(char::is_control), "{entry:?}");
        let abilities = bench.doctor.abilities();
        match bench.doctor.graph(device, &query(&entry.name)).await.expect("it has data") {
            Graph::Picture { kind, bytes } => {
                assert!(abilities.can(Ability::Pictures));
                assert_eq!(kind, Picture::Png);
                assert!(bytes.starts_with(b"\x89PNG"));
            }
            Graph::Lines(lines) => {
                assert!(abilities.can(Ability::Numbers));
                assert!(lines.iter().any(|line| !line.points.is_empty()), "{entry:?}");
            }
        }
    }
}

pub(super) async fn a_graph_without_data_says_so(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    let device = bench.add(0).await;
    let entries = bench.doctor.graphs(device).await.expect("they are listed");
    for entry in entries {
        let graph = bench.doctor.graph(device, &query(&entry.name)).await;
        assert_eq!(graph, Err(DoctorError::NoData), "{entry:?}");
    }
}

pub(super) async fn a_graph_that_is_not_listed_is_none(world: Arc<dyn World>) {
    let bench = Bench::of(world);
    bench.put(0, Host::Ping).await;
    let device = bench.add(0).await;
    bench.world.look().await;
    for name in ["device_nosuch", "", "../../devices", "device_x?y=z"] {
        let graph = bench.doctor.graph(device, &query(&GraphName(name.into()))).await;
        assert_eq!(graph, Err(DoctorError::NoSuchGraph), "{name}");
    }
    let entries = bench.doctor.graphs(device).await.expect("they are listed");
    let stranger = bench.doctor.graph(id(9), &query(&entries[0].name)).await;
    assert_eq!(stranger, Err(DoctorError::NoSuchDevice));
}
