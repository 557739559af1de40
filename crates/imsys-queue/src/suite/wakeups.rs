//! A job as a wake-up: what is due stands beside the queue, as IMSys keeps it in the store.
//!
//! A request sets a mark, then adds the wake-up. Whoever runs does what the job is named after, then
//! what is due, within a budget; clears a mark only if it was not set again meanwhile; and adds
//! another wake-up when something is left.

use super::bench::{LIMITS, QUEUE, Running, job};
use crate::job::{Job, Limits, NewJob};
use crate::port::{Failure, Handler, Queue};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;

const KINDS: [&str; 4] = ["SWEEP_PPP", "CHECK_STATIC_USERS", "DISCOVER", "RECONCILE"];
const ROUTERS: u64 = 10;
const REQUESTS: u64 = 1_000;
/// Kinds of work that one job does at most.
const BUDGET: usize = 2;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((mixed ^ (mixed >> 27)) >> 8) % bound
    }
}

/// What is due, what was done, and by the rules: one tick of `clock` per request and per run.
#[derive(Default)]
struct Ledger {
    clock: u64,
    /// (router, kind) -> when it was last requested, as long as it is due.
    due: BTreeMap<(u64, String), u64>,
    requested: BTreeMap<(u64, String), u64>,
    began: BTreeMap<(u64, String), u64>,
    busy: Vec<u64>,
}

impl Ledger {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn request(&mut self, router: u64, kind: &str) {
        let now = self.tick();
        self.due.insert((router, kind.to_owned()), now);
        self.requested.insert((router, kind.to_owned()), now);
    }

    fn first_due(&self, router: u64) -> Option<String> {
        self.due.keys().find(|(owner, _)| *owner == router).map(|(_, kind)| kind.clone())
    }

    fn unserved(&self) -> Vec<&(u64, String)> {
        self.requested
            .iter()
            .filter(|(key, at)| self.began.get(key).is_none_or(|b| b < at))
            .map(|(k, _)| k)
            .collect()
    }
}

struct World {
    queue: Arc<dyn Queue>,
    ledger: Mutex<Ledger>,
    idle: Notify,
}

impl World {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("nobody panics with the ledger in hand")
    }

    async fn wake(&self, router: u64, kind: &str) {
        let data = json!({ "router": router });
        let job = NewJob { name: kind.into(), data, ..job(0) }.dedupe(format!("router-{router}"));
        self.queue.add(QUEUE, job).await.expect("there is room");
    }

    async fn work(&self, router: u64, kind: String) {
        let key = (router, kind);
        let (mark, pause) = {
            let mut ledger = self.ledger();
            let now = ledger.tick();
            ledger.began.insert(key.clone(), now);
            (ledger.due.get(&key).copied(), now % 4)
        };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let mut ledger = self.ledger();
        if mark.is_some() && ledger.due.get(&key).copied() == mark {
            ledger.due.remove(&key);
        }
    }
}

#[async_trait]
impl Handler for World {
    async fn run(&self, job: Job) -> Result<(), Failure> {
        let router = job.data.get("router").and_then(Value::as_u64).ok_or("every wake-up names a router")?;
        if self.ledger().busy.contains(&router) {
            self.ledger().busy.push(u64::MAX);
        }
        self.ledger().busy.push(router);
        let mut kind = Some(job.name);
        for _ in 0..BUDGET {
            let Some(work) = kind else { break };
            self.work(router, work).await;
            kind = self.ledger().first_due(router);
        }
        self.ledger().busy.retain(|busy| *busy != router);
        let left = self.ledger().first_due(router);
        if let Some(kind) = left {
            self.wake(router, &kind).await;
        }
        self.idle.notify_one();
        Ok(())
    }
}

pub(super) async fn after_a_thousand_requests_every_kind_has_run_and_never_two_on_one_router(
    queue: Arc<dyn Queue>,
) {
    let world = Arc::new(World { queue: Arc::clone(&queue), ledger: Mutex::default(), idle: Notify::new() });
    let limits = Limits { concurrency: 4, ..LIMITS };
    let workers: Vec<_> =
        (0..3).map(|_| Running::start(&queue, QUEUE, limits, Arc::clone(&world) as _)).collect();
    let mut dice = Dice(7);
    for _ in 0..REQUESTS {
        let (router, kind) = (dice.below(ROUTERS), KINDS[dice.below(4) as usize]);
        world.ledger().request(router, kind);
        world.wake(router, kind).await;
        if dice.below(3) == 0 {
            tokio::time::sleep(Duration::from_millis(dice.below(3))).await;
        }
    }
    let served = async {
        while !world.ledger().due.is_empty() {
            world.idle.notified().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), served).await.is_ok();
    assert!(in_time, "requested and not run since: {:?}", world.ledger().unserved());
    for worker in workers {
        worker.stop().await;
    }
    let ledger = world.ledger();
    assert_eq!(ledger.unserved(), Vec::<&(u64, String)>::new(), "requested and not run since");
    assert!(!ledger.busy.contains(&u64::MAX), "two jobs ran on one router at once");
}
