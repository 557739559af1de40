//! The parts of a router that its tasks share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::config::{LoginForm, RouterConfig, Wire};
use super::conversations::{Conversations, Said};
use super::faults::Strikes;
use super::state::State;
use crate::gauge::Gauge;
use crate::hooks::HookCounts;

/// How connections end that the router ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kill {
    Close,
    /// With RST.
    Reset,
    Fatal {
        reason: String,
        as_attribute: bool,
    },
}

/// Tells a client when and how it is ended.
pub(crate) type Kills = watch::Receiver<(u64, Kill)>;

/// Whether the API answers, and since when (milliseconds since 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// A client that connects now gets an answer.
    pub answers: bool,
    /// Since when that is so.
    pub since: i64,
}

/// Why a router does not answer; it answers when nothing is wrong. Each is counted, for several may overlap.
#[derive(Debug, Default)]
pub(super) struct Ailments {
    pub(super) off: u32,
    pub(super) hung: u32,
    pub(super) refusing: u32,
}

/// Shared by the handle, the listener, the clients and the hooks.
pub(crate) struct Inner {
    pub(crate) config: RouterConfig,
    address: SocketAddr,
    state: Mutex<State>,
    pub(super) ailments: Mutex<Ailments>,
    reach: Mutex<Reach>,
    listening: watch::Sender<bool>,
    hung: watch::Sender<bool>,
    kills: watch::Sender<(u64, Kill)>,
    pub(crate) hook_counts: HookCounts,
    pub(super) strikes: Strikes,
    /// Connections that stand.
    pub(crate) sessions: Arc<Gauge>,
    /// Commands that wait or run, on all connections.
    pub(crate) commands: Arc<Gauge>,
    /// Connections with a command that waits or runs.
    pub(crate) talkers: Arc<Gauge>,
    pub(crate) conversations: Conversations,
    pub(crate) said: Said,
    /// When the next command may be answered under a throttle.
    busy_until: Mutex<Option<Instant>>,
}

impl Inner {
    pub(super) fn new(config: RouterConfig, address: SocketAddr, state: State) -> Arc<Self> {
        let reach = Reach { answers: true, since: state.clock.now_ms() };
        Arc::new(Self {
            config,
            address,
            state: Mutex::new(state),
            ailments: Mutex::default(),
            reach: Mutex::new(reach),
            listening: watch::Sender::new(true),
            hung: watch::Sender::new(false),
            kills: watch::Sender::new((0, Kill::Close)),
            hook_counts: HookCounts::default(),
            strikes: Strikes::default(),
            sessions: Arc::default(),
            commands: Arc::default(),
            talkers: Arc::default(),
            conversations: Conversations::default(),
            said: Said::default(),
            busy_until: Mutex::new(None),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The router's memory. Never held across an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn listening(&self) -> watch::Receiver<bool> {
        self.listening.subscribe()
    }

    pub(crate) fn hung(&self) -> watch::Receiver<bool> {
        self.hung.subscribe()
    }

    pub(crate) fn kills(&self) -> Kills {
        self.kills.subscribe()
    }

    /// Ends every connection that stands now.
    pub(crate) fn kill(&self, how: Kill) {
        self.kills.send_modify(|(number, kill)| {
            *number += 1;
            *kill = how;
        });
    }

    pub(crate) fn wire(&self) -> Wire {
        self.lock().conditions.wire
    }

    /// Only the old way of logging in works.
    pub(crate) fn challenges(&self) -> bool {
        match self.config.login {
            Some(form) => form == LoginForm::Challenge,
            None => self.config.version.challenges(),
        }
    }

    /// Waits as long as this router takes to come to a command that was `heard` then.
    pub(crate) async fn delay(&self, heard: Instant) {
        let (latency, throttle) = {
            let mut state = self.lock();
            let jitter = state.conditions.jitter.as_millis() as i64;
            let drawn = state.dice.between(0, jitter).unsigned_abs();
            (state.conditions.latency + Duration::from_millis(drawn), state.conditions.throttle)
        };
        let now = Instant::now();
        let throttled = throttle.map(|throttle| {
            let mut busy = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
            let until = busy.map_or(now, |until| until.max(now)) + throttle.each;
            *busy = Some(until);
            (until - now).saturating_sub(throttle.each * throttle.burst)
        });
        let until = (heard + latency).max(now + throttled.unwrap_or_default());
        if until > now {
            tokio::time::sleep_until(until).await;
        }
    }

    pub(crate) fn reach(&self) -> Reach {
        *self.reach.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes listening and hanging agree with what is wrong and with `/ip/service`.
    pub(crate) fn refresh(&self) {
        let (enabled, now) = {
            let state = self.lock();
            (state.named_text("ip/service", b"api", "disabled") != b"true", state.clock.now_ms())
        };
        let ailments = self.ailments.lock().unwrap_or_else(PoisonError::into_inner);
        let (off, hung) = (ailments.off > 0, ailments.hung > 0);
        let listening = ailments.refusing == 0 && enabled && (!off || hung);
        self.listening.send_if_modified(|on| std::mem::replace(on, listening) != listening);
        self.hung.send_if_modified(|now| std::mem::replace(now, hung) != hung);
        let answers = listening && !hung && !off;
        let mut reach = self.reach.lock().unwrap_or_else(PoisonError::into_inner);
        if reach.answers != answers {
            *reach = Reach { answers, since: now };
        }
    }
}
