//! What can go wrong with a router, and how often it did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use super::Router;
use super::inner::{Ailments, Kill};
use super::ppp::LifeEvent;

/// Something that goes wrong with a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It restarts.
    Reboot,
    /// Its power is gone for so long, then it boots.
    PowerCut(Duration),
    /// It accepts and answers nothing for so long.
    Hang(Duration),
    /// It refuses new connections for so long.
    Refuse(Duration),
    /// All its connections break with RST.
    Reset,
    /// It says `!fatal` on all its connections.
    Fatal,
}

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
        let routers = self.reboots + self.power_cuts + self.hangs + self.refusals + self.breaks;
        routers + self.lost + self.doubled + self.delayed
    }
}

impl std::iter::Sum for FaultCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |one, two| Self {
            reboots: one.reboots + two.reboots,
            power_cuts: one.power_cuts + two.power_cuts,
            hangs: one.hangs + two.hangs,
            refusals: one.refusals + two.refusals,
            breaks: one.breaks + two.breaks,
            lost: one.lost + two.lost,
            doubled: one.doubled + two.doubled,
            delayed: one.delayed + two.delayed,
        })
    }
}

/// [`FaultCounts`] of the router itself, while they are counted.
#[derive(Debug, Default)]
pub(super) struct Strikes {
    reboots: AtomicU64,
    power_cuts: AtomicU64,
    hangs: AtomicU64,
    refusals: AtomicU64,
    breaks: AtomicU64,
}

impl Router {
    /// Makes something go wrong now.
    pub fn strike(&self, fault: Fault) {
        match fault {
            Fault::Reboot => self.reboot(),
            Fault::PowerCut(dark) => self.power_cut(dark),
            Fault::Hang(time) => self.hang(time),
            Fault::Refuse(time) => self.refuse(time),
            Fault::Reset => self.reset(),
            Fault::Fatal => self.fatal("shutting down", false),
        }
    }

    /// Restarts it: connections close, sessions vanish without a word, ids and uptime begin again.
    /// It answers after [`RouterConfig::boot_time`](super::RouterConfig::boot_time).
    pub fn reboot(&self) {
        self.tally(|strikes| &strikes.reboots);
        self.go_down();
        self.inner.kill(Kill::Close);
        self.boot();
    }

    /// Pulls the plug for `dark`, then it boots. Meanwhile its address swallows everything; connections
    /// hang until it is back and then break.
    pub fn power_cut(&self, dark: Duration) {
        self.tally(|strikes| &strikes.power_cuts);
        self.ailments().hung += 1;
        self.go_down();
        self.later(dark, |router| {
            router.ailments().hung -= 1;
            router.inner.refresh();
            router.inner.kill(Kill::Reset);
            router.boot();
        });
    }

    /// Connects and reads as ever, and answers nothing, for `time`.
    pub fn hang(&self, time: Duration) {
        self.tally(|strikes| &strikes.hangs);
        self.ailments().hung += 1;
        self.inner.refresh();
        self.later(time, |router| router.ailments().hung -= 1);
    }

    /// Refuses new connections for `time`; those that stand go on.
    pub fn refuse(&self, time: Duration) {
        self.tally(|strikes| &strikes.refusals);
        self.ailments().refusing += 1;
        self.inner.refresh();
        self.later(time, |router| router.ailments().refusing -= 1);
    }

    /// Breaks every connection with RST.
    pub fn reset(&self) {
        self.tally(|strikes| &strikes.breaks);
        self.inner.kill(Kill::Reset);
    }

    /// Says `!fatal` on every connection and closes it; the reason is a bare word or `=message=`.
    pub fn fatal(&self, reason: &str, as_attribute: bool) {
        self.tally(|strikes| &strikes.breaks);
        self.inner.kill(Kill::Fatal { reason: reason.to_owned(), as_attribute });
    }

    /// What has gone wrong so far, its webhooks included.
    pub fn fault_counts(&self) -> FaultCounts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (strikes, hooks) = (&self.inner.strikes, self.hook_counts());
        FaultCounts {
            reboots: read(&strikes.reboots),
            power_cuts: read(&strikes.power_cuts),
            hangs: read(&strikes.hangs),
            refusals: read(&strikes.refusals),
            breaks: read(&strikes.breaks),
            lost: hooks.lost,
            doubled: hooks.doubled,
            delayed: hooks.delayed,
        }
    }

    fn tally(&self, which: impl Fn(&Strikes) -> &AtomicU64) {
        which(&self.inner.strikes).fetch_add(1, Ordering::Relaxed);
    }

    fn go_down(&self) {
        self.ailments().off += 1;
        let mut state = self.inner.lock();
        state.crash();
        state.tell(LifeEvent::Crashed);
        drop(state);
        self.inner.refresh();
    }

    /// Answers after the time that booting takes, unless it went down again meanwhile.
    fn boot(&self) {
        self.later(self.config().boot_time, |router| {
            let still_off = {
                let mut ailments = router.ailments();
                ailments.off -= 1;
                ailments.off > 0
            };
            if still_off {
                return;
            }
            let mut state = router.inner.lock();
            state.boot(router.config());
            state.tell(LifeEvent::Booted);
        });
    }

    /// Does something after a time, unless the router is stopped before.
    fn later(&self, time: Duration, act: impl FnOnce(&Self) + Send + 'static) {
        let (inner, tasks) = (self.inner.clone(), Arc::downgrade(&self.tasks));
        let mut running = self.tasks();
        while running.try_join_next().is_some() {}
        running.spawn(async move {
            tokio::time::sleep(time).await;
            let Some(tasks) = tasks.upgrade() else { return };
            let router = Self { inner, tasks };
            act(&router);
            router.inner.refresh();
        });
    }

    fn ailments(&self) -> MutexGuard<'_, Ailments> {
        self.inner.ailments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
