//! Scripts that PPP events start: each runs, and the calls it makes go out over HTTP.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::http;
use crate::router::config::WebhookFaults;
use crate::router::inner::Inner;
use crate::script::{Fetch, Script, Value};

/// Calls that one router makes at the same time.
const AT_ONCE: usize = 32;
/// Scripts kept in their parsed form.
const KEPT: usize = 64;

/// A script that is to run.
#[derive(Debug)]
pub(crate) struct HookRun {
    /// The boot it belongs to; after a restart it is void.
    pub(crate) boot: u32,
    pub(crate) source: Box<[u8]>,
    pub(crate) variables: Vec<(&'static str, Box<[u8]>)>,
}

/// What became of webhooks so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Scripts that ran.
    pub scripts: u64,
    /// Scripts that stopped at an error nobody caught.
    pub failed: u64,
    /// Calls that were answered with 2xx.
    pub accepted: u64,
    /// Calls that were answered otherwise.
    pub refused: u64,
    /// Calls without an answer: no connection, or too late.
    pub unanswered: u64,
    /// Calls that were lost on purpose.
    pub lost: u64,
    /// Calls that were made twice on purpose.
    pub doubled: u64,
    /// Calls that were held up on purpose.
    pub delayed: u64,
}

/// [`Counted`], while it is counted.
#[derive(Debug, Default)]
pub(crate) struct HookCounts {
    scripts: AtomicU64,
    failed: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    unanswered: AtomicU64,
    lost: AtomicU64,
    doubled: AtomicU64,
    delayed: AtomicU64,
}

impl HookCounts {
    pub(crate) fn read(&self) -> Counted {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counted {
            scripts: read(&self.scripts),
            failed: read(&self.failed),
            accepted: read(&self.accepted),
            refused: read(&self.refused),
            unanswered: read(&self.unanswered),
            lost: read(&self.lost),
            doubled: read(&self.doubled),
            delayed: read(&self.delayed),
        }
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Runs scripts as they come.
pub(crate) async fn run(router: Arc<Inner>, mut queue: mpsc::Receiver<HookRun>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let parsed = Parsed::default();
    let mut calls = JoinSet::new();
    while let Some(hook) = queue.recv().await {
        while calls.try_join_next().is_some() {}
        let fetches = interpret(&router, &parsed, hook);
        if fetches.is_empty() {
            continue;
        }
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let router = router.clone();
        calls.spawn(async move {
            deliver_all(&router, fetches).await;
            drop(place);
        });
    }
}

/// Makes the calls of a script that was not started by an event.
pub(crate) fn start(router: &Arc<Inner>, fetches: Vec<Fetch>, tasks: &mut JoinSet<()>) {
    if !fetches.is_empty() {
        let router = router.clone();
        tasks.spawn(async move { deliver_all(&router, fetches).await });
    }
}

/// A script makes its calls one after the other.
async fn deliver_all(router: &Inner, fetches: Vec<Fetch>) {
    for fetch in fetches {
        deliver(router, &fetch).await;
    }
}

#[derive(Default)]
struct Parsed(Mutex<HashMap<Box<[u8]>, Arc<Script>>>);

/// Runs a script and gives the calls it wants to make.
fn interpret(router: &Inner, parsed: &Parsed, hook: HookRun) -> Vec<Fetch> {
    let mut state = router.lock();
    if hook.boot != state.boot {
        return Vec::new();
    }
    let script = {
        let mut kept = parsed.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() > KEPT {
            kept.clear();
        }
        let script =
            kept.entry(hook.source).or_insert_with_key(|source| Script::lenient(source, &state).into());
        script.clone()
    };
    let variables = hook.variables.into_iter().map(|(name, value)| (name.to_owned(), Value::text(value)));
    let (effects, result) = script.run(&mut state, variables.collect());
    count(&router.hook_counts.scripts);
    if let Err(error) = result {
        count(&router.hook_counts.failed);
        state.log("script,error", error.to_string());
    }
    effects.fetches
}

/// Makes a call, with the faults that were asked for.
async fn deliver(router: &Inner, fetch: &Fetch) {
    let counts = &router.hook_counts;
    let plan = Plan::draw(router);
    if plan.lost {
        return count(&counts.lost);
    }
    if let Some(delay) = plan.delay {
        count(&counts.delayed);
        tokio::time::sleep(delay).await;
    }
    call(router, fetch).await;
    if let Some(again) = plan.again {
        count(&counts.doubled);
        tokio::time::sleep(again).await;
        call(router, fetch).await;
    }
}

struct Plan {
    lost: bool,
    delay: Option<Duration>,
    again: Option<Duration>,
}

impl Plan {
    fn draw(router: &Inner) -> Self {
        let mut state = router.lock();
        let WebhookFaults { lost, doubled, delayed, delay } = state.conditions.webhooks;
        let dice = &mut state.dice;
        let some = |dice: &mut crate::dice::Dice| {
            Duration::from_millis(dice.between(0, delay.as_millis() as i64).unsigned_abs())
        };
        Self {
            lost: dice.chance(lost),
            delay: dice.chance(delayed).then(|| some(dice)),
            again: dice.chance(doubled).then(|| some(dice)),
        }
    }
}

async fn call(router: &Inner, fetch: &Fetch) {
    let counts = &router.hook_counts;
    let version = router.config.version;
    match http::call(fetch, router.address().ip(), version).await {
        Ok(200..=299) => count(&counts.accepted),
        Ok(status) => {
            tracing::debug!(status, "a webhook was refused");
            count(&counts.refused);
        }
        Err(error) => {
            tracing::debug!(%error, "a webhook got no answer");
            count(&counts.unanswered);
        }
    }
}
