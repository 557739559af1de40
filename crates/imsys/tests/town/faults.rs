//! Many routers, of which nearly half are ill: the others' customers do not notice.

use crate::support::{GUARD, Instance, Known, Provider, eventually, instance, is_timed};
use futures_util::{StreamExt, stream};
use imsys_domain::{RouterId, Timestamp};
use imsys_sim::router::{Fault, Router, RouterConfig, StaticCustomer, Wire};
use imsys_store::Actor;
use serde_json::json;
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::time::Instant;

/// Customers of each router.
const CUSTOMERS: u8 = 3;
/// From a router to us and back, over its tunnel.
const LATENCY: Duration = Duration::from_millis(30);
/// A round is ten times as quick as the clock's.
const ROUND: Duration = Duration::from_secs(30);
/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(86_400);
/// Rounds that are timed, before and after.
const ROUNDS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Well,
    /// Accepts, and answers nothing.
    Hangs,
    Refuses,
    /// One byte a second.
    Trickles,
    WrongPassword,
    Malformed,
}

impl Health {
    /// Of a hundred: 30 dead, 10 slow, 5 that refuse the login, one that sends malformed frames.
    fn of(number: usize) -> Self {
        // 37 has no divisor in common with 100: the ill ones stand among the others.
        match number * 37 % 100 {
            0..15 => Self::Hangs,
            15..30 => Self::Refuses,
            30..40 => Self::Trickles,
            40..45 => Self::WrongPassword,
            45 => Self::Malformed,
            _ => Self::Well,
        }
    }

    fn befall(self, router: &Router) {
        match self {
            Self::Well | Self::WrongPassword => {}
            Self::Hangs => router.strike(Fault::Hang(FOR_EVER)),
            Self::Refuses => {
                router.strike(Fault::Refuse(FOR_EVER));
                router.strike(Fault::Reset);
            }
            Self::Trickles => router.conditions(|now| now.wire = Wire::Trickle(Duration::from_secs(1))),
            // It logs in and tells its name before it goes wrong.
            Self::Malformed => router.conditions(|now| now.wire = Wire::Malformed { after: 7 }),
        }
    }
}

/// A router, what it is like, and what is known of it.
struct One {
    router: Router,
    health: Health,
    known: Known,
}

/// How many routers.
fn size() -> usize {
    std::env::var("IMSYS_FAULT_ROUTERS").map_or(100, |count| count.parse().expect("a number of routers"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nearly_half_of_the_routers_are_ill_and_the_others_do_not_notice() {
    let count = size();
    let instance = instance().await;
    let provider = instance.provider().await;
    let all = cluster(&provider, count).await;
    let well = |one: &&One| one.health == Health::Well;
    eventually(|| async {
        online(&provider).await == count_of(&all, |one| one.health != Health::WrongPassword)
    })
    .await;
    rounds(&instance, &provider, &all).await;
    let before = rounds(&instance, &provider, &all).await;

    for one in &all {
        one.health.befall(&one.router);
    }
    let customers_of_the_well = count_of(&all, |one| one.health == Health::Well);
    eventually(|| async { online(&provider).await == customers_of_the_well }).await;
    let after = rounds(&instance, &provider, &all).await;

    assert_eq!(online(&provider).await, customers_of_the_well);
    for one in &all {
        let (sessions, commands) = (one.router.peak_sessions(), one.router.peak_commands());
        assert!(sessions <= 1, "{:?}: {sessions} sessions at once", one.health);
        assert!(commands <= 8, "{:?}: {commands} commands at once", one.health);
    }
    for one in all.iter().filter(|one| !well(one)) {
        let state = provider.router(&one.known).await;
        assert_eq!(state["state"], "down", "{:?}: {state}", one.health);
    }
    let (before, after) = (p99(before), p99(after));
    eprintln!(
        "{count} routers: p99 of a healthy one's check {before} ms when all were well, {after} ms beside ill ones"
    );
    assert!(!is_timed() || after * 10 <= before * 12, "more than a fifth longer");
}

async fn cluster(provider: &Provider, count: usize) -> Vec<One> {
    // No more at once than one address may have connections.
    let made = stream::iter(0..count).map(|number| make(provider, number)).buffer_unordered(100);
    made.collect().await
}

async fn make(provider: &Provider, number: usize) -> One {
    let health = Health::of(number);
    let listen = SocketAddr::from(([127, 9, 0, 1], 0));
    let config = RouterConfig { listen, seed: number as u64, ..RouterConfig::default() };
    let router = Router::start(config).await.unwrap();
    router.conditions(|now| (now.latency, now.jitter) = (LATENCY, LATENCY / 3));
    let addresses = (1..=CUSTOMERS).map(|last| Ipv4Addr::new(10, 20, 0, last));
    for address in addresses.clone() {
        let mac = format!("02:00:5E:00:53:{:02X}", address.octets()[3]);
        router.add_static(StaticCustomer::new(address, &mac, "ether2"));
    }
    let password = if health == Health::WrongPassword { "wrong" } else { "secret" };
    let known = provider.add_with(router.address(), "api", password).await;
    for address in addresses {
        let service = json!({ "kind": "static", "address": address.to_string(), "routerId": known.id });
        let answer = provider.client.post("/api/v1/services", &service).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    One { router, health, known }
}

fn count_of(all: &[One], is: impl Fn(&&One) -> bool) -> u64 {
    all.iter().filter(is).count() as u64 * u64::from(CUSTOMERS)
}

/// How many customers are online; nobody is ever offline here.
async fn online(provider: &Provider) -> u64 {
    let overview = provider.client.get("/api/v1/overview").await.json();
    assert_eq!(overview["services"]["offline"], 0, "{overview}");
    overview["services"]["online"].as_u64().unwrap()
}

/// Asks for a check of every router, again and again; how many milliseconds went by from asking until each
/// healthy one was done.
async fn rounds(instance: &Instance, provider: &Provider, all: &[One]) -> Vec<i64> {
    let mut times = Vec::new();
    let pace = ROUND / u32::try_from(all.len().max(1_000)).unwrap();
    for _ in 0..ROUNDS {
        let mut round = Round { instance, provider, asked: HashMap::new(), took: HashMap::new() };
        for one in all {
            let answer = provider.client.post(&one.known.path("/check"), &json!({})).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            if one.health == Health::Well {
                round.asked.insert(one.known.router_id(), instance.app.now());
            }
            tokio::time::sleep(pace).await;
            // The clock asks too: a later run would hide the one that is timed.
            if round.asked.len().is_multiple_of(20) {
                round.look().await;
            }
        }
        let end = Instant::now() + GUARD;
        while round.took.len() < round.asked.len() {
            assert!(Instant::now() < end, "a healthy router was not checked");
            online(provider).await;
            round.look().await;
        }
        times.extend(round.took.into_values());
    }
    times
}

/// A round of checks under way.
struct Round<'a> {
    instance: &'a Instance,
    provider: &'a Provider,
    /// When each healthy router's check was asked for.
    asked: HashMap<RouterId, Timestamp>,
    /// Milliseconds until it was done.
    took: HashMap<RouterId, i64>,
}

impl Round<'_> {
    /// Notes which checks are done by now.
    async fn look(&mut self) {
        let store =
            self.instance.app.store.tenant(self.provider.tenant, Actor::system(self.instance.app.now()));
        for (router, run) in store.runs().await.unwrap() {
            let asked = self.asked.get(&router).filter(|asked| **asked <= run.at);
            if let Some(asked) = asked.filter(|_| run.kind == "CHECK_STATIC_USERS") {
                self.took.entry(router).or_insert(run.at.since(*asked));
            }
        }
    }
}

fn p99(mut times: Vec<i64>) -> i64 {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
