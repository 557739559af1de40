//! Clock -> queue: a table of (every, job). It does no work itself.

use crate::app::App;
use crate::complaints::complain;
use crate::jobs::slots::{Interval, ROUNDS, Slot, Slots};
use crate::jobs::{SWEEP_PPP, remind, schedule_in};
use crate::presence::trend;
use crate::stop::Stop;
use imsys_domain::aging::Reading;
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, TenantId, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often settings are read anew.
const SETTINGS_EVERY_MS: i64 = 30_000;
/// How often old history is dropped.
const PRUNE_EVERY_MS: i64 = 24 * 3_600_000;
/// How long it is the scheduler before it counts services: routers are connected first.
const COUNT_AFTER_MS: i64 = 60_000;
/// How often old marks are looked for, and how old they are.
const MARKS_EVERY_MS: i64 = 60_000;

/// Puts every router's jobs on the queue when they are due, until told to stop.
pub async fn run(app: App, mut stop: Stop) {
    let mut table = Table::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => return,
            _ = ticks.tick() => match app.leader.is_here() {
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
    /// These four by the clock that nobody sets.
    settings_at: Option<i64>,
    pruned_at: Option<i64>,
    reminded_at: Option<i64>,
    began_at: Option<i64>,
    /// The interval in which services were counted last.
    counted: Option<Timestamp>,
    /// Counting and pruning: they may take long, and end with the table.
    aside: JoinSet<()>,
    /// The last slots of each router, in the order of [`ROUNDS`].
    last: HashMap<RouterId, RouterSlots>,
}

/// A router's slot of each kind.
type RouterSlots = [Slot; ROUNDS.len()];

fn slots(settings: &Settings, router: RouterId, now: Timestamp) -> RouterSlots {
    ROUNDS.map(|(_, every)| Slots::new(every(settings), router).slot(now))
}

fn are_out_of_step(slots: &RouterSlots, last: Option<&RouterSlots>) -> bool {
    last.is_none_or(|last| slots.iter().zip(last).any(|(slot, last)| slot.is_out_of_step(last)))
}

/// What a router is asked now, given its last slots, and how long it waits when so many are out of step.
///
/// The clock neither wakes a router nor shortens its back-off. What a router was not asked while it was away
/// it is asked once: the broker sweeps what it connects, and a check follows here.
fn due(
    settings: &Settings,
    router: RouterId,
    slots: &RouterSlots,
    last: Option<&RouterSlots>,
    out_of_step: usize,
) -> Vec<(&'static str, Duration)> {
    let wait = |every: Interval| Slots::new(every(settings), router).wait_among(out_of_step);
    let ask = |((kind, every), (place, slot)): ((&'static str, Interval), (usize, &Slot))| match last
        .map(|last| &last[place])
    {
        None => (kind != SWEEP_PPP).then(|| (kind, wait(every))),
        Some(last) if slot.begin <= last.begin => None,
        Some(last) if slot.is_out_of_step(last) => Some((kind, wait(every))),
        Some(_) => Some((kind, Duration::ZERO)),
    };
    ROUNDS.into_iter().zip(slots.iter().enumerate()).filter_map(ask).collect()
}

async fn tick(app: &App, table: &mut Table) {
    // Looked at in every tick, so that no jump is missed; the time is read after it, so that what is deleted
    // is judged by a trusted clock.
    let may_delete = app.aging.may_delete(app.clock.reading(), &*app.store, &app.metrics).await;
    let Reading { wall: now, steady } = app.clock.reading();
    if table.settings_at.is_none_or(|at| steady - at >= SETTINGS_EVERY_MS) {
        match app.store.all_settings().await {
            Ok(all) => {
                table.settings = all.into_iter().collect();
                table.settings_at = Some(steady);
            }
            Err(error) => complain("the tenants' settings could not be read", None, &error),
        }
    }
    let connected = match app.broker.connected().await {
        Ok(connected) => connected,
        Err(error) => return complain("the connected routers could not be read", None, &error),
    };
    let standard = Settings::default();
    let settings = |tenant: &TenantId| table.settings.get(tenant).unwrap_or(&standard);
    let now_at: Vec<_> = connected.iter().map(|(tenant, id)| slots(settings(tenant), *id, now)).collect();
    let strangers =
        connected.iter().zip(&now_at).filter(|((_, id), now)| are_out_of_step(now, table.last.get(id)));
    let out_of_step = strangers.count();
    for ((tenant, router), slots) in connected.iter().copied().zip(now_at) {
        let settings = table.settings.get(&tenant).unwrap_or(&standard);
        let last = table.last.insert(router, slots);
        let due = due(settings, router, &slots, last.as_ref(), out_of_step);
        if !due.is_empty() && !is_paused(app, router).await {
            for (kind, delay) in due {
                schedule_in(app, tenant, router, kind, delay).await;
            }
        }
    }
    let connected: HashSet<_> = connected.into_iter().map(|(_, id)| id).collect();
    table.last.retain(|id, _| connected.contains(id));
    let began_at = *table.began_at.get_or_insert(steady);
    if steady - began_at >= COUNT_AFTER_MS && table.counted != Some(trend::interval(now)) {
        table.counted = Some(trend::interval(now));
        while table.aside.try_join_next().is_some() {}
        let app = app.clone();
        table.aside.spawn(async move {
            if let Err(error) = trend::count(&app, now).await {
                complain("services could not be counted", None, &error);
            }
        });
    }
    if table.reminded_at.is_none_or(|at| steady - at >= MARKS_EVERY_MS) {
        table.reminded_at = Some(steady);
        remind_all(app, now).await;
    }
    if table.pruned_at.is_none_or(|at| steady - at >= PRUNE_EVERY_MS) && may_delete {
        table.pruned_at = Some(steady);
        let store = Arc::clone(&app.store);
        table.aside.spawn(async move {
            if let Err(error) = store.prune(now).await {
                complain("old history could not be dropped", None, &error);
            }
        });
    }
}

/// Asked when something is due, so that a pause is in force at once.
async fn is_paused(app: &App, router: RouterId) -> bool {
    match app.store.router_by_id(router).await {
        Ok(router) => router.config.paused,
        Err(error) => {
            complain("whether a router is paused could not be read", Some(router), &error);
            false
        }
    }
}

/// Marks outlive their wake-ups: the queue in this process ends with it, and Redis may lose what it has.
async fn remind_all(app: &App, now: Timestamp) {
    match app.store.old_marks(Timestamp(now.millis() - MARKS_EVERY_MS)).await {
        Ok(routers) => {
            for (tenant, router, urgent) in routers {
                remind(app, tenant, router, urgent).await;
            }
        }
        Err(error) => complain("old marks could not be read", None, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::CHECK_STATIC_USERS;

    fn routers() -> impl Iterator<Item = RouterId> {
        (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]))
    }

    #[test]
    fn another_interval_and_a_clock_that_jumps_make_no_storm() {
        let (before, now) = (Timestamp(1_750_000_000_000), Timestamp(1_750_000_000_500));
        let of = |seconds| Settings { static_check_seconds: seconds, ..Settings::default() };
        let later = Timestamp(now.millis() + 3_600_000);
        for (settings, now) in [(of(240), now), (of(300), later)] {
            let mut waits = HashSet::new();
            for router in routers() {
                let last = slots(&of(300), router, before);
                let slots = slots(&settings, router, now);
                assert_eq!(are_out_of_step(&slots, Some(&last)), slots != last);
                let due = due(&settings, router, &slots, Some(&last), 10_000);
                waits.extend(due.into_iter().filter(|(kind, _)| *kind == CHECK_STATIC_USERS));
            }
            assert!(waits.len() > 30, "{waits:?}");
        }
        // In step nobody waits, and nobody is asked twice in one slot.
        let router = routers().next().unwrap();
        let last = slots(&of(300), router, before);
        assert_eq!(due(&of(300), router, &last, Some(&last), 10_000), []);
        let next = slots(&of(300), router, Timestamp(before.millis() + 300_000));
        let due = due(&of(300), router, &next, Some(&last), 10_000);
        assert!(due.contains(&(CHECK_STATIC_USERS, Duration::ZERO)), "{due:?}");
    }
}
