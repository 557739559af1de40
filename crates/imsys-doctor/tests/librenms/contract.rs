//! The contract, on a LibreNMS of now and on an older one: each clause is a test of its own.

use crate::world::Network;
use imsys_sim::librenms::Faults;
use std::time::Duration;

/// Adds take a while, in which others would race.
async fn of_now() -> Network {
    Network::start(Faults { add_takes: Duration::from_millis(30), ..Faults::default() }).await
}

/// Before 26.6: the shape of the list for single devices too, and sensors one by one.
async fn older() -> Network {
    Network::start(Faults { is_old: true, ..Faults::default() }).await
}

mod on_26_7 {
    imsys_doctor::doctor_contract!([tokio::test(flavor = "multi_thread", worker_threads = 2)], super::of_now);
}

mod on_an_older_one {
    imsys_doctor::doctor_contract!([tokio::test], super::older);
}
