//! Clock -> queue: a table of (every, job). It does no work itself.

use crate::app::App;
use crate::stop::Stop;
use imsys_domain::{RouterId, TenantId, Timestamp};
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
    sweep_seconds: HashMap<TenantId, u32>,
    settings_at: Option<Timestamp>,
    pruned_at: Option<Timestamp>,
    last: HashMap<RouterId, i64>,
}

async fn tick(app: &App, table: &mut Table) {
    let now = app.now();
    if table.settings_at.is_none_or(|at| now.since(at) >= SETTINGS_EVERY_MS) {
        match app.store.all_settings().await {
            Ok(all) => {
                table.sweep_seconds = all.into_iter().map(|(id, s)| (id, s.sweep_seconds)).collect();
                table.settings_at = Some(now);
            }
            Err(error) => tracing::error!(%error, "the tenants' settings could not be read"),
        }
    }
    let connected = app.broker.connected();
    for (tenant, router) in connected.iter().copied() {
        let every = table.sweep_seconds.get(&tenant).copied().unwrap_or(300);
        let slot = slot(now, every, router);
        // A router is swept when it is connected; the clock neither wakes it nor shortens its back-off.
        if table.last.insert(router, slot).is_some_and(|last| last < slot) {
            crate::routers::jobs::schedule_sweep(app, tenant, router).await;
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
