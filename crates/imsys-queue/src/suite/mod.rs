//! The clauses that every adapter must satisfy: plain async functions over a queue.
//!
//! They count on relative order and on durations of some milliseconds, so they run alike on paused
//! time and against a server. An adapter's tests are one line: [`queue_contract!`](crate::queue_contract) with what makes
//! a queue. Each clause is a test of its own name.
//!
//! * [`bench`](self): a worker under observation.
//! * `order`, `dedupe`, `failure`, `stopping`, `listing`: the clauses.
//! * `wakeups`: 1,000 random requests through marks beside the queue.

mod bench;
mod dedupe;
mod failure;
mod listing;
mod order;
mod stopping;
mod wakeups;

pub use bench::CAPACITY;

use crate::port::Queue;
use std::pin::Pin;
use std::sync::Arc;

/// Every clause once, by the name that says what it demands: the tests of an adapter, or the table of the suite.
///
/// `queue_contract!([tokio::test], make)` makes a test of each, under that attribute. `make` gives an empty queue in
/// which so many jobs may wait, and what must live as long; or nothing, where there can be no queue here:
/// `async fn(usize) -> Option<(Arc<dyn Queue>, impl Sized)>`.
#[macro_export]
macro_rules! queue_contract {
    ([$($test:tt)+], $make:path) => { $crate::queue_contract! { each tests ([$($test)+] $make) } };
    (tests ($test:tt $make:path) $($file:ident :: $clause:ident),+ $(,)?) => {
        $($crate::queue_contract! { test $test $make, $clause })+
    };
    (test [$($test:tt)+] $make:path, $clause:ident) => {
        #[$($test)+]
        async fn $clause() {
            if let Some((queue, _server)) = $make($crate::suite::CAPACITY).await {
                $crate::suite::run(stringify!($clause), queue).await;
            }
        }
    };
    (table () $($file:ident :: $clause:ident),+ $(,)?) => {
        &[$((stringify!($clause), |queue| Box::pin($file::$clause(queue)))),+]
    };
    (each $what:ident $with:tt) => { $crate::queue_contract! { $what $with
        order::a_job_arrives_as_it_was_added,
        order::a_person_goes_before_the_clock_and_else_the_first_before_the_second,
        order::a_delayed_job_waits_its_time_and_holds_up_nobody,
        order::a_worker_uses_its_concurrency_and_no_more,
        order::slow_jobs_make_room_up_to_their_bound,
        order::queues_do_not_mix,
        order::a_full_queue_refuses_in_words_and_takes_again_when_there_is_room,
        dedupe::while_one_is_active_the_last_that_was_added_comes_next,
        dedupe::the_one_put_aside_keeps_what_it_was_added_with,
        dedupe::while_one_waits_nothing_is_added,
        dedupe::a_person_hurries_the_one_that_waits,
        dedupe::a_person_waits_no_longer_than_for_the_new_job,
        dedupe::an_id_is_free_when_its_job_is_over,
        dedupe::an_id_is_held_between_two_attempts,
        failure::a_failing_job_is_tried_three_times_with_growing_waits_and_kept_with_its_causes,
        failure::a_panic_is_a_failure_and_others_go_on,
        failure::a_handler_that_never_returns_is_cut_off_and_others_go_on,
        failure::the_list_of_failures_is_bounded,
        stopping::a_worker_that_stops_finishes_what_it_began_and_begins_nothing,
        stopping::what_does_not_finish_in_time_is_run_by_the_next_worker,
        stopping::a_worker_that_is_dropped_gives_back_what_it_ran,
        stopping::the_counts_tell_the_states,
        listing::a_job_is_listed_in_the_state_it_is_in,
        listing::waiting_jobs_are_listed_in_the_order_in_which_they_will_run,
        listing::a_job_that_waits_for_its_next_attempt_says_why,
        listing::who_is_hurried_is_listed_as_a_persons,
        listing::a_job_that_was_given_up_runs_again_from_its_first_attempt,
        listing::what_fails_again_is_given_up_with_its_new_causes_alone,
        listing::only_what_was_given_up_can_be_retried,
        listing::a_retried_job_waits_for_the_one_that_has_its_id,
        listing::a_full_queue_keeps_what_was_given_up,
        wakeups::after_a_thousand_requests_every_kind_has_run_and_never_two_on_one_router,
    } };
}

type Clause = fn(Arc<dyn Queue>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

const CLAUSES: &[(&str, Clause)] = queue_contract! { each table () };

/// Checks one clause on an empty queue.
///
/// # Panics
/// When it does not hold, or there is no such clause.
pub async fn run(clause: &str, queue: Arc<dyn Queue>) {
    let (_, check) = CLAUSES.iter().find(|(name, _)| *name == clause).expect("there is such a clause");
    check(queue).await;
}
