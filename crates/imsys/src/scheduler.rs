//! Clock -> queue: a table of (every, job). It does no work itself.

use crate::app::App;
use crate::routers::jobs::{CHECK_STATIC_USERS, SWEEP_PPP, schedule};
use crate::stop::Stop;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_store::model::Settings;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often settings are read anew.
const SETTINGS_EVERY_MS: i64 = 30_000;
/// How often old history is dropped.
const PRUNE_EVERY_MS: i64 = 24 * 3_600_000;

/// Puts every router's jobs on the queue when they are due, until told to stop.
pub async fn run(app: App, mut stop: Stop) {
    let mut table = Table::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => return,
            _ = ticks.tick() => tick(&app, &mut table).await,
        }
    }
}

#[derive(Default)]
struct Table {
    settings: HashMap<TenantId, Settings>,
    settings_at: Option<Timestamp>,
    pruned_at: Option<Timestamp>,
    /// The last slots of each router: of its sweeps, of its checks.
    last: HashMap<RouterId, [i64; 2]>,
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
    let connected = app.broker.connected();
    for (tenant, router) in connected.iter().copied() {
        let settings = table.settings.get(&tenant).cloned().unwrap_or_default();
        let slots =
            [settings.sweep_seconds, settings.static_check_seconds].map(|every| slot(now, every, router));
        // The clock neither wakes a router nor shortens its back-off. What a router was not asked while it
        // was away it is asked once: the broker sweeps what it connects, and a check follows here.
        let last = table.last.insert(router, slots);
        if last.is_some_and(|last| last[0] < slots[0]) {
            schedule(app, tenant, router, SWEEP_PPP).await;
        }
        if last.is_none_or(|last| last[1] < slots[1]) {
            schedule(app, tenant, router, CHECK_STATIC_USERS).await;
        }
    }
    let connected: HashSet<_> = connected.into_iter().map(|(_, id)| id).collect();
    table.last.retain(|id, _| connected.contains(id));
    if table.pruned_at.is_none_or(|at| now.since(at) >= PRUNE_EVERY_MS) {
        table.pruned_at = Some(now);
        if let Err(error) = app.store.prune(now).await {
            tracing::error!(%error, "old history could not be dropped");
        }
    }
}

/// The number of the interval that `now` is in, counted from a begin of the router's own, so that no
/// minute is a storm.
fn slot(now: Timestamp, every_seconds: u32, router: RouterId) -> i64 {
    let every = i64::from(every_seconds.max(1)) * 1000;
    let tail = router.0.as_bytes().last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    (now.millis() + i64::from(tail) % every).div_euclid(every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routers_take_turns_within_the_interval() {
        let routers = (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]));
        let turns: HashSet<i64> = routers
            .map(|router| {
                (0..300)
                    .find(|s| slot(Timestamp(s * 1000), 300, router) > slot(Timestamp(0), 300, router))
                    .unwrap_or(0)
            })
            .collect();
        assert!(turns.len() > 50, "{turns:?}");
    }
}
