//! Clock -> queue, by the kinds of jobs. It does no work itself.

use super::{KINDS, rounds};
use crate::app::App;
use crate::complaints::complain;
use crate::jobs::slots::{Slot, Slots};
use crate::jobs::{JobKind, Scope, remind, schedule_in, schedule_upkeep};
use crate::presence::jobs::SWEEP_PPP;
use crate::stop::Stop;
use imsys_domain::aging::Reading;
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, TenantId, Timestamp};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often settings are read anew.
const SETTINGS_EVERY_MS: i64 = 30_000;
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
    /// These three by the clock that nobody sets.
    settings_at: Option<i64>,
    reminded_at: Option<i64>,
    began_at: Option<i64>,
    /// The last slots of each router, in the order of [`rounds`].
    last: HashMap<RouterId, Vec<Slot>>,
    /// The last slots of what is done to tenants and to the installation.
    upkeep: HashMap<(&'static str, Option<TenantId>), Slot>,
}

/// A router's slot of each kind.
fn slots(settings: &Settings, router: RouterId, now: Timestamp) -> Vec<Slot> {
    rounds().map(|(_, every)| of_router(every.seconds, settings, router).slot(now)).collect()
}

fn of_router(seconds: fn(&Settings) -> u32, settings: &Settings, router: RouterId) -> Slots {
    Slots::new(seconds(settings), router.0.as_bytes())
}

fn are_out_of_step(slots: &[Slot], last: Option<&Vec<Slot>>) -> bool {
    last.is_none_or(|last| slots.iter().zip(last).any(|(slot, last)| slot.is_out_of_step(last)))
}

/// What a router is asked now, given its last slots, and how long it waits when so many are out of step.
///
/// The clock neither wakes a router nor shortens its back-off. What a router was not asked while it was away
/// it is asked once: the broker sweeps what it connects, and a check follows here.
fn due(
    settings: &Settings,
    router: RouterId,
    slots: &[Slot],
    last: Option<&Vec<Slot>>,
    out_of_step: usize,
) -> Vec<(&'static JobKind, Duration)> {
    let mut due = Vec::new();
    for (place, ((kind, every), slot)) in rounds().zip(slots).enumerate() {
        let wait = || of_router(every.seconds, settings, router).wait_among(out_of_step);
        match last.and_then(|last| last.get(place)) {
            None if kind.name == SWEEP_PPP.name => {}
            None => due.push((kind, wait())),
            Some(last) if slot.begin <= last.begin => {}
            Some(last) if slot.is_out_of_step(last) => due.push((kind, wait())),
            Some(_) => due.push((kind, Duration::ZERO)),
        }
    }
    due
}

/// What is done to tenants and to the installation and begins a slot now.
fn due_upkeep(
    table: &mut Table,
    Reading { wall: now, steady }: Reading,
    may_delete: bool,
) -> Vec<(&'static JobKind, Option<TenantId>)> {
    let (standard, began) = (Settings::default(), *table.began_at.get_or_insert(steady));
    let mut due = Vec::new();
    for kind in &KINDS {
        let Some(every) = kind.every else { continue };
        if (every.deletes && !may_delete) || i128::from(steady - began) < every.after.as_millis() as i128 {
            continue;
        }
        let whose: Vec<_> = match kind.scope {
            Scope::Router(_) => continue,
            Scope::Tenant(_) => table.settings.iter().map(|(id, settings)| (Some(*id), settings)).collect(),
            Scope::Installation(_) => vec![(None, &standard)],
        };
        for (tenant, settings) in whose {
            let id = tenant.map_or([0; 16], |tenant| tenant.0.into_bytes());
            let slot = Slots::new((every.seconds)(settings), &id).slot(now);
            if table.upkeep.insert((kind.name, tenant), slot).is_none_or(|last| last.begin != slot.begin) {
                due.push((kind, tenant));
            }
        }
    }
    let living = |(_, tenant): &(&str, Option<TenantId>)| {
        tenant.is_none_or(|tenant| table.settings.contains_key(&tenant))
    };
    table.upkeep.retain(|key, _| living(key));
    due
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
        let last = table.last.insert(router, slots.clone());
        let due = due(settings, router, &slots, last.as_ref(), out_of_step);
        if !due.is_empty() && !is_paused(app, router).await {
            for (kind, delay) in due {
                schedule_in(app, tenant, router, kind, delay).await;
            }
        }
    }
    let connected: HashSet<_> = connected.into_iter().map(|(_, id)| id).collect();
    table.last.retain(|id, _| connected.contains(id));
    for (kind, tenant) in due_upkeep(table, Reading { wall: now, steady }, may_delete) {
        schedule_upkeep(app, kind, tenant).await;
    }
    if table.reminded_at.is_none_or(|at| steady - at >= MARKS_EVERY_MS) {
        table.reminded_at = Some(steady);
        remind_all(app, now).await;
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
    use crate::static_check::jobs::CHECK_STATIC_USERS;

    fn routers() -> impl Iterator<Item = RouterId> {
        (0..100u8).map(|n| RouterId::new(Timestamp(0), [n.wrapping_mul(37); 10]))
    }

    fn is_check((kind, _): &(&'static JobKind, Duration)) -> bool {
        kind.name == CHECK_STATIC_USERS.name
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
                waits.extend(due.into_iter().filter(is_check).map(|(_, wait)| wait));
            }
            assert!(waits.len() > 30, "{waits:?}");
        }
        // In step nobody waits, and nobody is asked twice in one slot.
        let router = routers().next().unwrap();
        let last = slots(&of(300), router, before);
        assert!(due(&of(300), router, &last, Some(&last), 10_000).is_empty());
        let next = slots(&of(300), router, Timestamp(before.millis() + 300_000));
        let due = due(&of(300), router, &next, Some(&last), 10_000);
        assert!(due.iter().filter(|one| is_check(one)).all(|(_, wait)| wait.is_zero()));
        assert_eq!(due.len(), super::super::rounds().count());
    }
}
