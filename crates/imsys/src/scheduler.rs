//! Clock -> queue: a table of (every, job). It does no work itself.

use crate::app::App;
use crate::routers::jobs::{CHECK_STATIC_USERS, SWEEP_PPP, remind, schedule_in};
use crate::stop::Stop;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_store::model::Settings;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Routers that may be asked at the same moment, when they are seen for the first time.
const AT_ONCE: usize = 100;
/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often settings are read anew.
const SETTINGS_EVERY_MS: i64 = 30_000;
/// How often old history is dropped.
const PRUNE_EVERY_MS: i64 = 24 * 3_600_000;
/// How often old marks are looked for, and how old they are.
const MARKS_EVERY_MS: i64 = 60_000;

/// The seconds between two rounds, from a tenant's settings.
type Interval = fn(&Settings) -> u32;

/// What every router is asked, and how often.
const ROUNDS: [(&str, Interval); 2] = [
    (SWEEP_PPP, |settings| settings.sweep_seconds),
    (CHECK_STATIC_USERS, |settings| settings.static_check_seconds),
];

/// The kinds of jobs that the clock asks for.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    ROUNDS.into_iter().map(|(kind, _)| kind)
}

/// When the clock asks next for a kind of job at a router that is connected and not paused; `None` for a
/// kind that it never asks for.
pub(crate) fn next_turn(
    kind: &str,
    settings: &Settings,
    router: RouterId,
    now: Timestamp,
) -> Option<Timestamp> {
    let (_, every) = ROUNDS.into_iter().find(|(known, _)| *known == kind)?;
    let slots = Slots::new(every(settings), router);
    Some(slots.begin(slots.number(now) + 1))
}

/// Puts every router's jobs on the queue when they are due, until told to stop.
pub async fn run(app: App, mut stop: Stop) {
    let mut table = Table::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => return,
            _ = ticks.tick() => match app.baton.is_here() {
                true => tokio::select! {
                    // Marks outlive a tick that is cut short.
                    () = stop.wait() => return,
                    () = tick(&app, &mut table) => {}
                },
                // Another process is the scheduler; what it has asked for is not known here.
                false => table = Table::default(),
            },
        }
    }
}

#[derive(Default)]
struct Table {
    settings: HashMap<TenantId, Settings>,
    settings_at: Option<Timestamp>,
    pruned_at: Option<Timestamp>,
    /// Takes long after the setting was changed; ends with the table.
    pruning: JoinSet<()>,
    reminded_at: Option<Timestamp>,
    /// The last slots of each router, in the order of [`ROUNDS`].
    last: HashMap<RouterId, [i64; ROUNDS.len()]>,
}

async fn tick(app: &App, table: &mut Table) {
    let now = app.now();
    if table.settings_at.is_none_or(|at| now.since(at) >= SETTINGS_EVERY_MS) {
        match app.store.all_settings().await {
            Ok(all) => {
                table.settings = all.into_iter().collect();
                table.settings_at = Some(now);
            }
            Err(error) => tracing::error!(%error, "the tenants' settings could not be read"),
        }
    }
    let connected = match app.broker.connected().await {
        Ok(connected) => connected,
        Err(error) => return tracing::error!(%error, "the connected routers could not be read"),
    };
    let newcomers = connected.iter().filter(|(_, router)| !table.last.contains_key(router)).count();
    for (tenant, router) in connected.iter().copied() {
        let settings = table.settings.get(&tenant).cloned().unwrap_or_default();
        let slots = ROUNDS.map(|(_, every)| Slots::new(every(&settings), router).number(now));
        // The clock neither wakes a router nor shortens its back-off. What a router was not asked while it
        // was away it is asked once: the broker sweeps what it connects, and a check follows here.
        let last = table.last.insert(router, slots);
        let mut due = Vec::new();
        for (index, (kind, every)) in ROUNDS.into_iter().enumerate() {
            match last {
                None if kind != SWEEP_PPP => {
                    due.push((kind, Slots::new(every(&settings), router).wait_among(newcomers)));
                }
                Some(last) if last[index] < slots[index] => due.push((kind, Duration::ZERO)),
                _ => {}
            }
        }
        if !due.is_empty() && !is_paused(app, router).await {
            for (kind, delay) in due {
                schedule_in(app, tenant, router, kind, delay).await;
            }
        }
    }
    let connected: HashSet<_> = connected.into_iter().map(|(_, id)| id).collect();
    table.last.retain(|id, _| connected.contains(id));
    if table.reminded_at.is_none_or(|at| now.since(at) >= MARKS_EVERY_MS) {
        table.reminded_at = Some(now);
        remind_all(app, now).await;
    }
    if table.pruned_at.is_none_or(|at| now.since(at) >= PRUNE_EVERY_MS) {
        table.pruned_at = Some(now);
        let store = Arc::clone(&app.store);
        table.pruning.spawn(async move {
            if let Err(error) = store.prune(now).await {
                tracing::error!(%error, "old history could not be dropped");
            }
        });
    }
}

/// Asked when something is due, so that a pause is in force at once.
async fn is_paused(app: &App, router: RouterId) -> bool {
    match app.store.router_by_id(router).await {
        Ok(router) => router.config.paused,
        Err(error) => {
            tracing::warn!(router.id = %router, %error, "whether a router is paused could not be read");
            false
        }
    }
}

/// Marks outlive their wake-ups: the queue in this process ends with it, and Redis may lose what it has.
async fn remind_all(app: &App, now: Timestamp) {
    match app.store.old_marks(Timestamp(now.millis() - MARKS_EVERY_MS)).await {
        Ok(routers) => {
            for (tenant, router) in routers {
                remind(app, tenant, router).await;
            }
        }
        Err(error) => tracing::error!(%error, "old marks could not be read"),
    }
}

/// The intervals of a router's jobs, counted from a begin of its own, so that no minute is a storm.
struct Slots {
    every_ms: i64,
    ahead_ms: i64,
}

impl Slots {
    fn new(every_seconds: u32, router: RouterId) -> Self {
        let every_ms = i64::from(every_seconds.max(1)) * 1000;
        let tail = router.0.as_bytes().last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        Self { every_ms, ahead_ms: i64::from(tail) % every_ms }
    }

    /// The number of the interval that `now` is in.
    fn number(&self, now: Timestamp) -> i64 {
        (now.millis() + self.ahead_ms).div_euclid(self.every_ms)
    }

    /// How long the router waits when so many are seen for the first time: few are asked at once, many as if a
    /// fifth of an interval were theirs.
    fn wait_among(&self, newcomers: usize) -> Duration {
        let most = if newcomers > AT_ONCE { (self.every_ms / 5).max(1) } else { 1 };
        Duration::from_millis((self.ahead_ms % most).unsigned_abs())
    }

    /// When the interval with this number begins.
    fn begin(&self, number: i64) -> Timestamp {
        Timestamp(number * self.every_ms - self.ahead_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routers() -> impl Iterator<Item = RouterId> {
        (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]))
    }

    #[test]
    fn routers_take_turns_within_the_interval() {
        let turn = |router| {
            let slots = Slots::new(300, router);
            (0..300).find(|s| slots.number(Timestamp(s * 1000)) > slots.number(Timestamp(0))).unwrap_or(0)
        };
        let turns: HashSet<i64> = routers().map(turn).collect();
        assert!(turns.len() > 50, "{turns:?}");
    }

    #[test]
    fn many_that_are_new_are_asked_one_after_the_other() {
        let wait = |router, many| Slots::new(300, router).wait_among(many);
        assert!(routers().all(|router| wait(router, AT_ONCE).is_zero()));
        let waits: HashSet<Duration> = routers().map(|router| wait(router, 10_000)).collect();
        assert!(waits.len() > 50 && waits.iter().all(|wait| *wait < Duration::from_secs(60)), "{waits:?}");
        assert!(
            Slots::new(1, RouterId::new(Timestamp(0), [7; 10])).wait_among(10_000) < Duration::from_secs(1)
        );
    }

    #[test]
    fn the_next_turn_is_the_first_moment_of_the_next_slot() {
        let (settings, now) = (Settings::default(), Timestamp(1_750_000_000_123));
        for (router, (kind, every)) in routers().flat_map(|router| ROUNDS.map(|round| (router, round))) {
            let slots = Slots::new(every(&settings), router);
            let next = next_turn(kind, &settings, router, now).unwrap();
            assert_eq!(slots.number(next), slots.number(now) + 1);
            assert_eq!(slots.number(Timestamp(next.millis() - 1)), slots.number(now));
            assert!(next > now && next.since(now) <= i64::from(every(&settings)) * 1000);
        }
        assert_eq!(next_turn("DISCOVER", &settings, routers().next().unwrap(), now), None);
    }
}
