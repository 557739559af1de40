//! How much a service carried, from the counters of its router.
//!
//! Totals are lower bounds: what a counter had counted since the last look when it was reset is lost. They are shown and never
//! charged.

use crate::{ServiceId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// No line of an access network carries more: a larger increase is an odd counter. In bytes per second.
const MOST: u64 = 12_500_000_000;
/// Tables that follow each other sooner tell nothing: history knows seconds.
const LEAST_MS: i64 = 2_000;

/// What a counter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CounterSource {
    /// A simple queue. FastTrack passes it by.
    Queue,
    /// The interface of a PPPoE session; goes before a queue.
    Interface,
}

/// Whose bytes a counter counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CounterOwner {
    /// A PPP user.
    User(String),
    /// Who has this address.
    Address(IpAddr),
}

/// A counter as the router showed it. `up` is from the customer, `down` to him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// Where it counts.
    pub source: CounterSource,
    /// The id of its row: a new session has another one.
    pub row: String,
    /// Bytes from the customer.
    pub up: u64,
    /// Bytes to the customer.
    pub down: u64,
}

/// The counters of a router at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterTable {
    /// When they were read.
    pub at: Timestamp,
    /// Whose they are, and what they show.
    pub counters: Vec<(CounterOwner, Counter)>,
    /// A rule lets packets pass the queues by.
    pub fasttrack: bool,
}

/// What is remembered of a router from one table to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// When it was read.
    pub at: Timestamp,
    /// A rule lets packets pass the queues by.
    pub fasttrack: bool,
    /// The counters of each service.
    pub counters: BTreeMap<ServiceId, Vec<Counter>>,
}

/// A service of the router, as far as its counters are found by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its id.
    pub id: ServiceId,
    /// What its counters are known by: its user, or the address that it has.
    pub owner: Option<CounterOwner>,
    /// When it was added.
    pub created: Timestamp,
}

/// What a service carried between two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Bytes from the customer.
    pub up: u64,
    /// Bytes to the customer.
    pub down: u64,
    /// In this time.
    pub ms: i64,
}

/// What each service carried since the table before, and what is to be remembered. A service says nothing at the first
/// table, or where its counters are gone.
pub fn used(
    before: Option<&Baseline>,
    table: &CounterTable,
    services: &[Counted],
) -> (Baseline, Vec<(ServiceId, Used)>) {
    if let Some(before) = before.filter(|before| (0..LEAST_MS).contains(&table.at.since(before.at))) {
        return (before.clone(), Vec::new());
    }
    let mut by_owner: HashMap<&CounterOwner, Vec<&Counter>> = HashMap::new();
    for (owner, counter) in &table.counters {
        by_owner.entry(owner).or_default().push(counter);
    }
    let mut baseline = Baseline { at: table.at, fasttrack: table.fasttrack, counters: BTreeMap::new() };
    let mut all = Vec::new();
    for service in services {
        let Some(counters) = service.owner.as_ref().and_then(|owner| by_owner.get(owner)) else { continue };
        let counters = best(counters);
        all.extend(
            before.and_then(|before| Some((service.id, since(before, table.at, service, &counters)?))),
        );
        baseline.counters.insert(service.id, counters);
    }
    (baseline, all)
}

/// The counters of the best source.
fn best(counters: &[&Counter]) -> Vec<Counter> {
    let source = counters.iter().map(|counter| counter.source).max();
    counters
        .iter()
        .filter(|counter| Some(counter.source) == source)
        .map(|counter| (*counter).clone())
        .collect()
}

fn since(before: &Baseline, at: Timestamp, service: &Counted, counters: &[Counter]) -> Option<Used> {
    let ms = at.since(before.at);
    let known = before.counters.get(&service.id).map_or(&[][..], Vec::as_slice);
    // It was not looked for then.
    if ms <= 0 || known.is_empty() && service.created >= before.at {
        return None;
    }
    let (mut up, mut down) = (0u64, 0u64);
    for now in counters {
        let old = known.iter().find(|old| (old.source, &old.row) == (now.source, &now.row));
        // One that was not there began at nothing since then, and so did one that runs backwards.
        let has_run_on = |old: &&Counter| now.up >= old.up && now.down >= old.down;
        let (old_up, old_down) = old.filter(has_run_on).map_or((0, 0), |old| (old.up, old.down));
        up = up.saturating_add(now.up - old_up);
        down = down.saturating_add(now.down - old_down);
    }
    let most = MOST.saturating_mul(ms.unsigned_abs()) / 1000;
    (up <= most && down <= most).then_some(Used { up, down, ms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const MINUTE: i64 = 60_000;

    fn id(number: u128) -> ServiceId {
        ServiceId(Uuid::from_u128(number))
    }

    fn user(name: &str) -> CounterOwner {
        CounterOwner::User(name.into())
    }

    fn ana() -> Counted {
        Counted { id: id(1), owner: Some(user("ana")), created: Timestamp(0) }
    }

    fn counter(source: CounterSource, row: &str, up: u64, down: u64) -> Counter {
        Counter { source, row: row.into(), up, down }
    }

    fn session(row: &str, up: u64, down: u64) -> (CounterOwner, Counter) {
        (user("ana"), counter(CounterSource::Interface, row, up, down))
    }

    fn table(minute: i64, counters: Vec<(CounterOwner, Counter)>) -> CounterTable {
        CounterTable { at: Timestamp(minute * MINUTE), counters, fasttrack: false }
    }

    /// What ana carried, table by table.
    fn course(tables: &[CounterTable]) -> Vec<Option<(u64, u64)>> {
        let mut before = None;
        let step = |table: &CounterTable| {
            let (baseline, all) = used(before.as_ref(), table, &[ana()]);
            before = Some(baseline);
            all.first().map(|(_, used)| (used.up, used.down))
        };
        tables.iter().map(step).collect()
    }

    #[test]
    fn the_first_table_says_nothing_and_each_other_what_was_added() {
        let tables = [
            table(5, vec![session("*1", 100, 1_000)]),
            table(10, vec![session("*1", 150, 3_000)]),
            table(15, vec![session("*1", 150, 3_000)]),
        ];
        assert_eq!(course(&tables), [None, Some((50, 2_000)), Some((0, 0))]);
    }

    #[test]
    fn a_new_session_counts_from_nothing_and_so_does_a_counter_that_was_reset() {
        let tables = [
            table(5, vec![session("*1", 100, 1_000)]),
            table(10, vec![session("*2", 7, 70)]),
            table(15, vec![session("*2", 3, 30)]),
            table(20, vec![]),
            table(25, vec![session("*3", 5, 50)]),
        ];
        assert_eq!(course(&tables), [None, Some((7, 70)), Some((3, 30)), None, Some((5, 50))]);
    }

    #[test]
    fn two_sessions_of_a_user_are_added() {
        let tables = [
            table(5, vec![session("*1", 100, 0), session("*2", 10, 0)]),
            table(10, vec![session("*1", 120, 0), session("*2", 13, 0)]),
        ];
        assert_eq!(course(&tables), [None, Some((23, 0))]);
    }

    #[test]
    fn the_interface_goes_before_the_queue() {
        let queue = (user("ana"), counter(CounterSource::Queue, "*9", 5_000, 0));
        let tables = [
            table(5, vec![queue.clone(), session("*1", 100, 0)]),
            table(10, vec![queue, session("*1", 101, 0)]),
        ];
        assert_eq!(course(&tables), [None, Some((1, 0))]);
    }

    #[test]
    fn a_service_that_is_new_here_begins_with_what_its_counter_shows() {
        let late = Counted { created: Timestamp(7 * MINUTE), ..ana() };
        let (before, _) = used(None, &table(5, vec![session("*1", 100, 0)]), &[]);
        let (before, first) =
            used(Some(&before), &table(10, vec![session("*1", 200, 0)]), std::slice::from_ref(&late));
        assert_eq!(first, []);
        let (_, second) = used(Some(&before), &table(15, vec![session("*1", 250, 0)]), &[late]);
        assert_eq!(second, [(id(1), Used { up: 50, down: 0, ms: 5 * MINUTE })]);
    }

    #[test]
    fn tables_that_follow_at_once_are_left_out() {
        let soon =
            |ms, up| CounterTable { at: Timestamp(5 * MINUTE + ms), ..table(5, vec![session("*1", up, 0)]) };
        assert_eq!(course(&[soon(0, 100), soon(1_999, 200), soon(3_000, 300)]), [None, None, Some((200, 0))]);
    }

    #[test]
    fn an_odd_counter_and_a_clock_that_stands_say_nothing() {
        let tables = [
            table(5, vec![session("*1", 100, 0)]),
            table(10, vec![session("*1", u64::MAX, 0)]),
            table(10, vec![session("*1", u64::MAX, 0)]),
        ];
        assert_eq!(course(&tables), [None, None, None]);
    }

    #[test]
    fn a_static_customer_is_known_by_his_address() {
        let address: IpAddr = [10, 0, 0, 9].into();
        let line = Counted { id: id(2), owner: Some(CounterOwner::Address(address)), created: Timestamp(0) };
        let row = |up| (CounterOwner::Address(address), counter(CounterSource::Queue, "*A", up, 0));
        let (before, _) = used(None, &table(5, vec![row(1)]), &[line.clone(), ana()]);
        let (_, all) = used(Some(&before), &table(10, vec![row(8)]), &[line, ana()]);
        assert_eq!(all, [(id(2), Used { up: 7, down: 0, ms: 5 * MINUTE })]);
    }
}
