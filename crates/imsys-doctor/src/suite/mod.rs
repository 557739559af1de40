//! The clauses that every adapter must satisfy: plain async functions over a [`World`] with a doctor in it.
//!
//! An adapter's tests are one line: [`doctor_contract!`](crate::doctor_contract) with what makes a world. Each clause is a test of
//! its own name. What a doctor says it cannot do it must refuse; what it can do it must do.
//!
//! * [`World`]: the network in which the doctor works, and what a clause does to it.
//! * `bench`: short ways to say things.
//! * `adding`, `health`, `removing`, `snmp`, `parents`, `graphs`, `away`: the clauses.

mod adding;
mod away;
mod bench;
mod graphs;
mod health;
mod parents;
mod removing;
mod snmp;

use crate::port::Doctor;
use async_trait::async_trait;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

/// The community of the agents of a world.
pub const COMMUNITY: &str = "suite";

/// What is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Nothing answers.
    Nothing,
    /// It answers to ping.
    Ping,
    /// It answers to ping, and to SNMP v2c with [`COMMUNITY`]: a radio that hears a signal of -70 dBm.
    Radio,
}

/// A network with a doctor in it.
#[async_trait]
pub trait World: Send + Sync {
    /// The doctor.
    fn doctor(&self) -> Arc<dyn Doctor>;

    /// A doctor that knows of this world what outlived the process of the first one.
    fn restarted(&self) -> Arc<dyn Doctor>;

    /// The addresses of the network; at least four, at which nothing answers at first.
    fn addresses(&self) -> Vec<IpAddr>;

    /// Puts something at an address.
    async fn put(&self, address: IpAddr, host: Host);

    /// Lets the doctor look at all devices, as often as it takes to be sure.
    async fn look(&self);

    /// Takes away what the doctor asks others for, or gives it back; `false` where it asks nobody.
    async fn set_away(&self, is_away: bool) -> bool;
}

/// Every clause once, by the name that says what it demands: the tests of an adapter, or the table of the suite.
///
/// `doctor_contract!([tokio::test], make)` makes a test of each, under that attribute. `make` gives a world without devices:
/// `async fn() -> impl World + 'static`.
#[macro_export]
macro_rules! doctor_contract {
    ([$($test:tt)+], $make:path) => { $crate::doctor_contract! { each tests ([$($test)+] $make) } };
    (tests ($test:tt $make:path) $($file:ident :: $clause:ident),+ $(,)?) => {
        $($crate::doctor_contract! { test $test $make, $clause })+
    };
    (test [$($test:tt)+] $make:path, $clause:ident) => {
        #[$($test)+]
        async fn $clause() {
            $crate::suite::run(stringify!($clause), std::sync::Arc::new($make().await)).await;
        }
    };
    (table () $($file:ident :: $clause:ident),+ $(,)?) => {
        &[$((stringify!($clause), |world| Box::pin($file::$clause(world)))),+]
    };
    (each $what:ident $with:tt) => { $crate::doctor_contract! { $what $with
        adding::a_device_is_unknown_until_it_was_asked,
        adding::a_device_that_does_not_answer_is_added_all_the_same,
        adding::a_device_that_is_added_three_times_at_once_is_one,
        adding::adding_it_again_changes_nothing,
        adding::adding_it_again_changes_what_differs,
        adding::two_devices_at_one_address_are_two,
        adding::a_doctor_that_starts_anew_knows_its_devices,
        health::a_device_that_answers_is_up_with_its_latency,
        health::a_device_that_falls_silent_is_down_until_it_answers,
        health::many_are_answered_in_their_order_and_a_stranger_by_nothing,
        removing::a_removed_device_is_gone_and_no_other,
        removing::what_is_not_there_is_removed_already,
        removing::a_device_that_comes_back_begins_unknown,
        snmp::a_device_that_is_only_pinged_has_no_readings,
        snmp::a_device_with_snmp_has_readings_in_our_units,
        snmp::silence_to_snmp_takes_nothing_down,
        snmp::without_snmp_it_is_pinged_again,
        parents::parents_are_replaced_as_a_whole,
        parents::a_parent_must_be_there_and_be_another,
        parents::a_removed_parent_is_none,
        graphs::a_graph_that_is_listed_is_given,
        graphs::a_graph_without_data_says_so,
        graphs::a_graph_that_is_not_listed_is_none,
        away::strangers_have_nothing,
        away::what_a_doctor_cannot_do_it_refuses_by_name,
        away::who_cannot_be_reached_is_worth_another_try,
    } };
}

type Clause = fn(Arc<dyn World>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

const CLAUSES: &[(&str, Clause)] = doctor_contract! { each table () };

/// Checks one clause in a world without devices.
///
/// # Panics
/// When it does not hold, or there is no such clause.
pub async fn run(clause: &str, world: Arc<dyn World>) {
    let (_, check) = CLAUSES.iter().find(|(name, _)| *name == clause).expect("there is such a clause");
    check(world).await;
}
