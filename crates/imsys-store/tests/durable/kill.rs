//! A child that acknowledges writes on its standard output is killed, again and again.

use super::{child, open};
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::{CustomerId, RouterId, ServiceId, TenantId};
use imsys_store::model::{Change, Cursor, ServiceChange};
use imsys_store::page::Ask;
use imsys_store::port::{CustomerSort, SessionFilter, TenantStore};
use imsys_store::suite::{Dice, Must, Town, at};
use imsys_store::{Actor, Store};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

const KILLS: u32 = 5;
/// Tasks that write at once, each its own line.
const TASKS: u32 = 16;
/// The same in a storm, in which nothing but reports comes: then they are spooled.
const STORM: u32 = 96;
/// What the child is told: tenant, router, how many tasks, and the first number of its events.
const WHERE: &str = "IMSYS_TEST_WHERE";

/// Each event has a number, and the session that it begins has that number as its address.
fn up(number: u32) -> Observation {
    let endpoint = Endpoint { mac: None, address: Some(Ipv4Addr::from(number).to_string()) };
    Observation::HookUp { at: at(number.into()), key: key(number), endpoint }
}

fn down(number: u32) -> Observation {
    Observation::HookDown { at: at(i64::from(number) + 30), key: key(number) }
}

fn key(number: u32) -> Option<HookKey> {
    Some(HookKey(format!("*{number}")))
}

fn customer(number: u32) -> Customer {
    let mut random = [0; 10];
    random[2..6].copy_from_slice(&number.to_be_bytes());
    let data = CustomerData { name: number.to_string(), ..CustomerData::default() };
    Customer { id: CustomerId::new(at(0), random), edition: 1, data, created: at(0), archived: None }
}

/// Says on one line that something is stored.
fn acknowledge(what: &str, number: u32) {
    writeln!(std::io::stdout(), "ack {what} {number}").expect("somebody listens");
}

/// The child: writes and acknowledges for ever.
pub(crate) async fn write_until_killed(store: Arc<dyn Store>) {
    let told = std::env::var(WHERE).expect("the child is told where");
    let [tenant, router, tasks, first] = told.split(' ').collect::<Vec<_>>()[..] else {
        panic!("told {told}")
    };
    let tenant: TenantId = tenant.parse().expect("a tenant");
    let router: RouterId = router.parse().expect("a router");
    let (many, first): (u32, u32) = (tasks.parse().expect("a number"), first.parse().expect("a number"));
    let handle = store.tenant(tenant, Actor::system(at(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..many {
        tasks.spawn(write(Arc::clone(&handle), router, task, many, first + task));
    }
    tasks.join_all().await;
}

async fn write(store: Arc<dyn TenantStore>, router: RouterId, task: u32, many: u32, first: u32) {
    let user = format!("user-{task}");
    for number in (first..).step_by(many as usize) {
        store.apply_presence(router, &user, up(number)).await.must();
        acknowledge("up", number);
        store.apply_presence(router, &user, down(number)).await.must();
        acknowledge("down", number);
        if many < STORM {
            store.create_customer(customer(number)).await.must();
            acknowledge("customer", number);
        }
    }
}

/// Lets a child write until it has acknowledged `enough`, kills it, and reads what else it had said.
fn kill_after(enough: u64, file: &Path, place: &str) -> Vec<(String, u32)> {
    let mut child = child("write", file).env(WHERE, place).spawn().expect("the child starts");
    let mut said = BufReader::new(child.stdout.take().expect("its output is a pipe"));
    let (mut acknowledged, mut line) = (Vec::new(), String::new());
    while said.read_line(&mut line).expect("the pipe can be read") > 0 {
        let words = line.strip_suffix('\n').and_then(|line| line.split_once("ack ")).map(|(_, words)| words);
        if let Some((what, number)) = words.and_then(|words| words.split_once(' ')) {
            acknowledged.push((what.to_owned(), number.parse().expect("a number")));
        }
        if acknowledged.len() as u64 == enough {
            child.kill().expect("the child runs until it is killed");
        }
        line.clear();
    }
    child.wait().expect("the child is gone");
    assert!(acknowledged.len() as u64 >= enough, "the child stopped by itself");
    acknowledged
}

/// Follows the feed as who reacts to it does, from where it stood: every change of a service is told in the order of its
/// `rev`, and what was told last is what is stored. Where it stands then.
async fn follow(
    store: &dyn Store,
    tenant: TenantId,
    mut place: Cursor,
    told: &mut HashMap<ServiceId, ServiceChange>,
) -> Cursor {
    loop {
        let read =
            store.changes_after(place, 1000).await.must().expect("nothing is dropped in so short a time");
        let Some(last) = read.last() else { break };
        place = last.cursor;
        for change in read.into_iter().flat_map(|changed| changed.changes) {
            if let Change::Service(change) = change
                && let Some(before) = told.insert(change.id, change.clone())
            {
                assert!(before.rev < change.rev, "{before:?} was told before {change:?}");
            }
        }
    }
    let handle = store.tenant(tenant, Actor::system(at(0)));
    for (id, last) in told {
        let now = handle.service(*id).await.must();
        assert_eq!(
            (last.status, last.since, &last.endpoint),
            (now.status, now.since, &Some(now.endpoint)),
            "{id}"
        );
    }
    place
}

/// The address of every session, and whether it has ended.
async fn sessions(store: &dyn TenantStore) -> HashMap<String, bool> {
    let (mut found, mut ask) = (HashMap::new(), Ask { limit: 1000, ..Ask::first(()) });
    loop {
        let page = store.sessions(SessionFilter::default(), ask.clone()).await.must();
        let addressed = page.items.into_iter().filter_map(|s| Some((s.endpoint.address?, s.ended.is_some())));
        found.extend(addressed);
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            return found;
        }
    }
}

async fn customers(store: &dyn TenantStore) -> HashSet<String> {
    let (mut found, mut ask) = (HashSet::new(), Ask { limit: 1000, ..Ask::first(CustomerSort::Name) });
    loop {
        let page = store.customers(false, ask.clone()).await.must();
        found.extend(page.items.into_iter().map(|customer| customer.data.name));
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_at_any_point() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("killed.db");
    let town = Town::found(open(&file)).await;
    let (tenant, router) = (town.tenant, town.router("tower").await);
    for task in 0..STORM {
        town.service(router, &format!("user-{task}")).await;
    }
    drop(town);
    let mut dice = Dice::new(std::process::id().into());
    let (mut acknowledged, mut told, mut place) = (Vec::new(), HashMap::new(), Cursor(0));
    for kill in 0..2 * KILLS {
        let tasks = if kill % 2 == 0 { TASKS } else { STORM };
        let (first, enough) = (1 + kill * 1_000_000, 1 + dice.below(1_500 * u64::from(tasks / TASKS)));
        acknowledged.extend(kill_after(enough, &file, &format!("{tenant} {router} {tasks} {first}")));
        let store = open(&file);
        place = follow(&*store, tenant, place, &mut told).await;
        let store = store.tenant(tenant, Actor::system(at(0)));
        let (sessions, customers) = (sessions(store.as_ref()).await, customers(store.as_ref()).await);
        for (what, number) in &acknowledged {
            let session = sessions.get(&Ipv4Addr::from(*number).to_string());
            let kept = match what.as_str() {
                "up" => session.is_some(),
                "down" => session == Some(&true),
                _ => customers.contains(&number.to_string()),
            };
            assert!(kept, "{what} {number} was acknowledged and is gone after kill {kill}");
        }
        assert_eq!(store.audit_break().await.must(), None);
        drop(store);
        let check = rusqlite::Connection::open(&file)
            .and_then(|conn| conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
        assert_eq!(check, Ok("ok".into()));
    }
    assert_eq!(told.len(), STORM as usize, "everybody came");
    println!("{} acknowledged writes survived {} kills", acknowledged.len(), 2 * KILLS);
}
