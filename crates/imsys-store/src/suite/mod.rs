//! The clauses that every adapter must satisfy: plain async functions over a store with two tenants.
//!
//! * `town`: what the clauses start from, and short ways to make things.
//! * `archive`, `bulk`, `entities`, `imports`, `routers`, `devices`, `presence`, `checks`, `people`: what each aggregate promises.
//! * `feed`: what others are told of changes.
//! * `trend`: counts over time, and when routers were away.
//! * `lists`: pages and search, against a full listing and a plain search.
//! * `strangers`: another tenant's handle finds nothing, with any method.
//! * `commands` and `replica`: random commands, against a plain model in memory.
//! * `together`: many tasks on one service.
//! * `whole`: moving everything to an empty store, and deleting a tenant.
//!
//! An adapter's tests are one line: [`store_contract!`](crate::store_contract) with what makes an empty store. Each clause
//! is a test of its own name.

mod archive;
mod bulk;
mod checks;
mod commands;
mod devices;
mod dice;
mod entities;
mod feed;
mod imports;
mod lists;
mod people;
mod presence;
mod replica;
mod routers;
mod snmp;
mod strangers;
mod together;
mod town;
mod trend;
mod usage;
mod whole;

pub use dice::Dice;
pub use town::{Must, Town, at};

use crate::port::Store;
use std::pin::Pin;
use std::sync::Arc;

/// Every clause once, by the name that says what it demands: the tests of an adapter, or the table of the suite.
///
/// `store_contract!(make)` makes a test of each. `make()` gives what makes empty stores: `impl AsyncFn() -> Arc<dyn Store>`.
#[macro_export]
macro_rules! store_contract {
    (tests ($make:path) $($file:ident :: $clause:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $clause() {
            $crate::suite::run(stringify!($clause), $make()).await;
        }
    )+};
    (table () $($file:ident :: $clause:ident),+ $(,)?) => {
        &[$((stringify!($clause), |start| Box::pin($file::$clause(start.into())))),+]
    };
    (each $what:ident $with:tt) => { $crate::store_contract! { $what $with
        routers::what_is_wrong_with_routers_is_told_of_all_of_them,
        routers::every_router_that_can_be_asked_is_marked_at_once,
        entities::a_customer_is_kept_as_given_and_changed_only_by_who_read_it_last,
        entities::a_customer_with_a_service_is_not_archived,
        entities::a_customers_new_name_is_his_services_new_name,
        entities::a_plan_has_its_name_alone_while_it_is_sold,
        entities::a_plan_is_changed_only_by_who_read_it_last,
        entities::the_log_says_what_a_change_made_different,
        entities::a_service_refers_to_what_exists_in_its_tenant,
        entities::a_service_has_its_key_alone_on_its_router_while_it_lives,
        entities::a_service_is_changed_only_by_who_read_it_last,
        entities::a_service_with_another_access_begins_unknown,
        entities::an_archived_service_is_out_of_every_way,
        entities::a_customers_history_can_be_erased,
        entities::an_id_is_given_once,
        entities::every_change_has_its_line_in_the_log,
        archive::what_is_archived_is_listed_apart_and_changed_by_nobody,
        archive::a_service_comes_back_unknown_while_its_place_is_free,
        archive::a_customer_and_a_plan_come_back_with_their_service,
        archive::a_customer_comes_back_alone_and_a_plan_while_its_name_is_free,
        archive::a_router_comes_back_with_the_services_that_went_with_it,
        bulk::many_services_get_a_plan_at_once_with_one_line_in_the_log,
        bulk::services_move_to_another_router_where_their_places_are_free,
        bulk::an_undo_sets_back_what_nobody_changed_since,
        bulk::archived_together_they_come_back_together,
        imports::an_import_is_one_unit_and_one_line_in_the_log_with_its_rows,
        imports::what_profiles_stand_for_is_remembered_while_the_plan_is_sold,
        imports::an_import_with_one_fault_leaves_nothing,
        imports::an_import_changes_services_that_nobody_changed_meanwhile,
            imports::an_import_is_undone_as_one_and_that_too,
        imports::names_and_places_are_found_exactly_and_only_ones_own,
        routers::a_router_is_kept_as_given_and_changed_only_by_who_read_it_last,
        routers::what_a_router_told_is_true_where_it_was_told_and_nowhere_else,
        routers::an_address_and_port_belong_to_one_router,
        routers::a_token_finds_its_router_until_there_is_another,
        routers::a_router_is_found_and_lost,
        routers::a_removed_router_takes_its_services_along_and_leaves_its_history,
        routers::a_mark_is_cleared_only_by_who_saw_its_last_setting,
        routers::a_session_whose_token_is_superseded_writes_nothing,
        routers::the_last_run_of_each_kind_is_kept,
        routers::the_last_run_of_each_of_a_tenants_own_jobs_is_kept,
        routers::a_person_who_waits_is_known_until_his_work_is_done,
        routers::old_marks_are_those_that_were_set_and_not_cleared_since,
        routers::a_sealed_password_is_replaced_only_where_it_still_stands,
        devices::a_device_is_kept_as_given_and_changed_only_by_who_read_it_last,
        devices::an_address_behind_a_router_belongs_to_one_device,
        devices::devices_are_listed_by_status_router_and_words,
        devices::reports_make_a_device_up_and_down_and_keep_its_outages,
        devices::reports_about_another_place_or_of_long_ago_are_left_out,
        devices::a_device_with_another_address_begins_unknown,
        devices::an_archived_device_is_not_asked_and_comes_back_unknown,
        devices::a_removed_router_takes_its_devices_along_and_brings_them_back,
        devices::outages_are_bounded_and_dropped_with_old_history,
        usage::what_a_router_counts_is_told_by_the_next_look,
        usage::what_was_measured_waits_in_its_order_until_it_is_taken_over,
        usage::a_service_by_dhcp_is_counted_at_the_address_that_it_has,
        snmp::a_device_that_answers_snmp_is_told_once_and_keeps_what_it_said,
        snmp::a_device_at_another_address_or_with_another_login_begins_anew,
        snmp::a_login_is_kept_as_given_changed_by_who_read_it_last_and_deleted,
        snmp::sealed_logins_are_listed_and_replaced_where_they_still_stand,
        presence::an_observation_changes_state_session_and_timeline_as_one,
        presence::an_unknown_user_is_listed_and_nothing_is_guessed,
        feed::a_name_for_which_the_list_has_no_room_is_not_told_of,
        presence::many_observations_are_judged_in_their_order,
        presence::a_sweep_writes_what_changes_and_confirms_the_rest,
        presence::a_table_that_may_leave_rows_out_takes_nobody_offline,
        presence::webhooks_are_counted,
        presence::the_counts_agree_with_the_lists,
        presence::a_timeline_begins_with_what_was_before,
        presence::old_history_is_dropped_and_nothing_else,
        checks::a_check_decides_and_its_evidence_is_kept,
        checks::equal_addresses_behind_two_routers_are_two_lines,
        checks::a_line_by_dhcp_is_checked_and_shows_the_address_that_it_was_given,
        checks::who_had_an_address_by_dhcp_is_kept_with_its_times,
        checks::what_changes_while_the_router_is_asked_counts,
        checks::a_check_and_its_job_are_noted_as_one,
        checks::a_failed_check_makes_static_lines_unknown_and_no_others,
        checks::a_line_that_is_gone_or_elsewhere_is_left_out,
        checks::a_check_that_changes_nothing_confirms_everywhere,
        checks::what_was_seen_outlives_an_edit_and_ends_with_a_move,
        checks::a_failure_keeps_what_was_confirmed_last,
        feed::everything_that_others_react_to_is_told_in_its_order,
        feed::who_was_told_goes_on_from_there_and_hears_of_every_tenant,
        feed::a_hint_says_that_the_feed_has_grown,
        feed::a_storm_is_told_as_it_was_answered,
        feed::what_is_old_is_dropped_from_the_feed_and_who_stands_there_is_told_so,
        feed::of_an_erased_history_and_of_a_deleted_tenant_the_feed_tells_nothing_more,
        feed::a_router_of_another_tenant_is_not_told_of,
        trend::an_interval_is_counted_once_and_hours_add_up,
        trend::a_tenant_sees_only_its_own_counts,
        trend::counts_of_a_tenant_that_is_gone_are_left_out,
        trend::what_no_trend_shows_is_dropped,
        trend::a_router_is_away_from_its_loss_until_it_is_found,
        trend::a_router_that_was_never_there_is_not_away,
        trend::absences_are_bounded_and_cut_to_what_is_asked,
        people::a_tenant_has_its_short_name_alone,
        people::a_person_has_his_address_alone_and_joins_as_one_unit,
        people::a_login_lives_until_it_is_idle_or_old_or_ended,
        people::a_link_is_taken_by_exactly_one,
        people::the_last_admin_stays,
        people::whoever_leaves_is_signed_out_of_the_tenant,
        people::an_address_with_an_account_joins_only_when_its_owner_accepts,
        people::an_invitation_can_be_changed_and_taken_back,
        people::only_the_link_of_the_installation_makes_a_platform_admin,
        people::a_released_address_is_free_and_its_account_is_shut,
        people::a_new_password_ends_every_other_sign_in,
        people::where_a_person_was_last_is_remembered,
        people::a_key_opens_its_tenant_until_it_expires_or_is_revoked,
        people::settings_are_replaced_whole,
        lists::pages_add_up_to_the_list_in_every_order,
        lists::sessions_and_log_lines_come_in_pages_too,
        lists::search_finds_every_word_anywhere_without_case_and_accents,
        lists::services_and_customers_are_found_by_what_people_know,
        lists::sessions_are_found_by_name_address_and_mac,
        strangers::another_tenants_handle_finds_nothing_and_changes_nothing,
        commands::random_commands_end_as_in_memory,
        together::nothing_is_lost_when_many_write_at_once,
        whole::an_export_imported_elsewhere_is_the_same,
        whole::an_import_that_breaks_off_leaves_nothing,
        whole::an_import_goes_into_an_empty_store_only,
        whole::a_deleted_tenant_is_gone_with_all_its_traces_and_nothing_else_is,
    } };
    ($make:path) => { $crate::store_contract! { each tests ($make) } };
}

type Clause = fn(Start) -> Pin<Box<dyn Future<Output = ()>>>;

/// Where a clause starts.
struct Start {
    town: Town,
    /// Another store, which is empty.
    empty: Arc<dyn Store>,
}

impl From<Start> for Town {
    fn from(start: Start) -> Self {
        start.town
    }
}

const CLAUSES: &[(&str, Clause)] = store_contract! { each table () };

/// Checks one clause on empty stores from `make`.
///
/// # Panics
/// When it does not hold, or there is no such clause.
pub async fn run(clause: &str, make: impl AsyncFn() -> Arc<dyn Store>) {
    let (_, check) = CLAUSES.iter().find(|(name, _)| *name == clause).expect("there is such a clause");
    let (town, empty) = (Town::found(make().await).await, make().await);
    check(Start { town, empty }).await;
}
