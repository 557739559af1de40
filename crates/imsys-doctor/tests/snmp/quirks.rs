//! What a walk does with agents that break the rules.

use std::time::Duration;

use imsys_doctor::builtin::snmp::{Credentials, OddReply, SnmpError, Value};
use imsys_sim::snmp::Quirks;
use tokio::time::Instant;

use crate::helper::{ROWS, World, deadline, oid, table};

#[tokio::test]
async fn a_walk_reads_the_whole_table_and_nothing_behind_it() {
    for credentials in [Credentials::V1("public".into()), Credentials::V2c("public".into())] {
        let found = World::by(Quirks::default(), &credentials).await.walk().await.unwrap();
        let values: Vec<Value> = found.iter().map(|varbind| varbind.value.clone()).collect();
        let wanted: Vec<Value> = (1..=ROWS as u32).map(Value::Gauge).collect();
        assert_eq!(values, wanted, "{credentials:?}");
        assert!(found.iter().all(|varbind| varbind.oid.below(&table()).is_some()));
    }
}

#[tokio::test]
async fn an_agent_that_refuses_bulk_is_asked_object_by_object_from_then_on() {
    let world = World::with(Quirks { refuses_bulk: true, ..Quirks::default() }).await;
    let rows = ROWS as u64;
    assert_eq!(world.requests_of_a_walk().await, rows + 1 + 4, "four refusals, then each row and the end");
    assert_eq!(world.requests_of_a_walk().await, rows + 1, "remembered");
}

#[tokio::test]
async fn an_agent_that_finds_large_answers_too_big_is_asked_for_less() {
    let world = World::with(Quirks { too_big_above_repetitions: Some(5), ..Quirks::default() }).await;
    assert_eq!(world.requests_of_a_walk().await, 13 + 2, "25 and 10 are refused, 5 works");
    assert_eq!(world.requests_of_a_walk().await, 13, "remembered");
}

#[tokio::test]
async fn an_agent_that_falls_silent_on_large_requests_is_asked_for_less() {
    let world = World::with(Quirks { silent_above_repetitions: Some(10), ..Quirks::default() }).await;
    // A request of 25 gets no answer, nor does its repetition; a GETNEXT shows that the agent lives.
    assert_eq!(world.requests_of_a_walk().await, 2 + 1 + 6);
    assert_eq!(world.requests_of_a_walk().await, 7, "remembered");
}

#[tokio::test]
async fn lost_requests_are_repeated() {
    let world = World::with(Quirks { drops_every: Some(3), ..Quirks::default() }).await;
    assert_eq!(world.walk().await.unwrap().len(), ROWS);
}

#[tokio::test]
async fn a_walk_that_does_not_move_forward_is_refused() {
    let world = World::with(Quirks { repeats_objects: true, ..Quirks::default() }).await;
    assert_eq!(world.walk().await, Err(SnmpError::OddReply(OddReply::NotIncreasing)));
}

#[tokio::test]
async fn a_slow_agent_costs_no_more_than_the_deadline() {
    let world = World::with(Quirks { delay: Duration::from_secs(60), ..Quirks::default() }).await;
    let soon = Instant::now() + Duration::from_millis(50);
    assert_eq!(world.device.walk(&table(), soon).await, Err(SnmpError::Timeout));
    assert_eq!(world.device.get(&[oid("1.3.6.1.2.1.1.1.0")], soon).await, Err(SnmpError::Timeout));
}

#[tokio::test]
async fn an_agent_that_does_not_know_the_community_is_silent() {
    let world = World::by(Quirks::default(), &Credentials::V2c("wrong".into())).await;
    let soon = Instant::now() + Duration::from_millis(200);
    assert_eq!(world.device.get(&[oid("1.3.6.1.2.1.1.1.0")], soon).await, Err(SnmpError::Timeout));
    assert_eq!(world.agent.requests(), 0);
}

#[tokio::test]
async fn objects_that_are_not_there_cost_nothing_else() {
    for credentials in [Credentials::V1("public".into()), Credentials::V2c("public".into())] {
        let world = World::by(Quirks::default(), &credentials).await;
        let names =
            ["1.3.6.1.2.1.1.9.0", "1.3.6.1.2.1.1.1.0", "1.3.6.1.4.1.98.0", "1.3.6.1.4.1.99.2.0"].map(oid);
        let found = world.device.get(&names, deadline()).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|varbind| (varbind.oid, varbind.value)).collect();
        let wanted =
            [(names[1].clone(), Value::Octets(b"a device".to_vec())), (names[3].clone(), Value::Integer(1))];
        assert_eq!(found, wanted, "{credentials:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_big_is_split() {
    let world = World::with(Quirks { too_big_above_names: Some(3), ..Quirks::default() }).await;
    let names: Vec<_> = (1..=8).map(|row| table().join(&[row])).collect();
    assert_eq!(world.device.get(&names, deadline()).await.unwrap().len(), 8);
}

#[tokio::test]
async fn a_device_has_what_is_below_a_subtree() {
    let world = World::with(Quirks::default()).await;
    assert_eq!(world.device.has(&table(), deadline()).await, Ok(true));
    assert_eq!(world.device.has(&oid("1.3.6.1.4.1.98"), deadline()).await, Ok(false));
    assert_eq!(world.device.has(&oid("1.3.6.1.4.1.99.3"), deadline()).await, Ok(false));
}
