//! What goes wrong in a town: by plan, at random, or on demand. All of it is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::config::{Fault, Planned};
use crate::dice::Dice;
use crate::router::Router;

/// How often each thing went wrong so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FaultCounts {
    /// Restarts.
    pub reboots: u64,
    /// Power cuts.
    pub power_cuts: u64,
    /// Times a router hung.
    pub hangs: u64,
    /// Times a router refused connections.
    pub refusals: u64,
    /// Times all connections of a router were broken, with RST or `!fatal`.
    pub breaks: u64,
    /// Webhooks that were lost on purpose.
    pub lost: u64,
    /// Webhooks that came twice on purpose.
    pub doubled: u64,
    /// Webhooks that were held up on purpose.
    pub delayed: u64,
}

impl FaultCounts {
    /// All of them together.
    pub fn total(&self) -> u64 {
        self.reboots
            + self.power_cuts
            + self.hangs
            + self.refusals
            + self.breaks
            + self.lost
            + self.doubled
            + self.delayed
    }
}

/// Counts what happens to routers.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    reboots: AtomicU64,
    power_cuts: AtomicU64,
    hangs: AtomicU64,
    refusals: AtomicU64,
    breaks: AtomicU64,
}

impl Troubles {
    pub(super) fn strike(&self, router: &Router, fault: Fault) {
        let counter = match fault {
            Fault::Reboot => {
                router.reboot();
                &self.reboots
            }
            Fault::PowerCut(dark) => {
                router.power_cut(dark);
                &self.power_cuts
            }
            Fault::Hang(time) => {
                router.hang(time);
                &self.hangs
            }
            Fault::Refuse(time) => {
                router.refuse(time);
                &self.refusals
            }
            Fault::Reset => {
                router.reset();
                &self.breaks
            }
            Fault::Fatal => {
                router.fatal("shutting down", false);
                &self.breaks
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted here, and what the routers counted of their webhooks.
    pub(super) fn counts(&self, routers: &[Router]) -> FaultCounts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let hooks = |field: fn(&crate::hooks::Counted) -> u64| {
            routers.iter().map(|router| field(&router.hook_counts())).sum()
        };
        FaultCounts {
            reboots: read(&self.reboots),
            power_cuts: read(&self.power_cuts),
            hangs: read(&self.hangs),
            refusals: read(&self.refusals),
            breaks: read(&self.breaks),
            lost: hooks(|counted| counted.lost),
            doubled: hooks(|counted| counted.doubled),
            delayed: hooks(|counted| counted.delayed),
        }
    }
}

/// Strikes as planned, then ends.
pub(super) async fn follow_plan(mut plan: Vec<Planned>, routers: Vec<Router>, troubles: Arc<Troubles>) {
    let start = Instant::now();
    plan.sort_by_key(|planned| planned.after);
    for planned in plan {
        sleep_until(start + planned.after).await;
        if let Some(router) = routers.get(planned.router) {
            troubles.strike(router, planned.fault);
        }
    }
}

/// Strikes at random for ever.
pub(super) async fn strike_at_random(
    mean: Duration,
    routers: Vec<Router>,
    troubles: Arc<Troubles>,
    mut dice: Dice,
) {
    loop {
        let wait = dice.waiting(mean.as_millis() as i64).unsigned_abs();
        sleep(Duration::from_millis(wait)).await;
        let router = dice.index(routers.len());
        let some = Duration::from_secs(dice.between(3, 20).unsigned_abs());
        let faults = [
            Fault::Reboot,
            Fault::PowerCut(some),
            Fault::Hang(some),
            Fault::Refuse(some),
            Fault::Reset,
            Fault::Fatal,
        ];
        let fault = faults[dice.index(faults.len())];
        if let Some(router) = routers.get(router) {
            troubles.strike(router, fault);
        }
    }
}
