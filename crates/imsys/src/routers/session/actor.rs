//! A router's session: holds its one connection, or tries to, and does what is asked of it.

use super::connection::{OpenConnection, Opened, Target, Trouble, locate};
use super::inbox::{Message, Parts};
use super::lease::RouterLease;
use super::watch::Watch;
use crate::complaints::complain;
use crate::stop::Stop;
use futures_util::FutureExt;
use imsys_domain::Timestamp;
use imsys_domain::router::{Listening, Router};
use imsys_store::{StoreError, TenantStore};
use routeros::client::{Client, CloseReason};
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Attempts after which a router counts as lost: the first and two quick retries.
const QUICK: u32 = 3;
/// The longest pause between two attempts.
const SLOWEST: Duration = Duration::from_secs(60);
/// The longest pause until the router has been away for some minutes.
const SLOW: Duration = Duration::from_secs(15);
/// Attempts after which it has.
const AWAY: u32 = 20;
/// A connection that lasts for less is as bad as none: the next attempt waits for longer.
const SHORT: Duration = Duration::from_secs(10);
/// The pause after a fault of this program.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// One router's session: an actor with an inbox.
pub(crate) struct RouterSession {
    parts: Parts,
    router: Router,
    target: Result<Target, Trouble>,
    lease: RouterLease,
    failures: u32,
    /// When the last connection broke, or the first attempt failed.
    lost: Option<Timestamp>,
    /// The loss that is stored, its customers' too: its reason.
    told: Option<String>,
    waiting: VecDeque<Message>,
    /// The open connection, so that it can be closed in order.
    client: Option<Client>,
    /// The same for everybody, once it is logged in.
    open: OpenConnection,
}

impl RouterSession {
    pub(crate) fn new(
        parts: Parts,
        router: &Router,
        target: Result<Target, Trouble>,
        lease: RouterLease,
        open: OpenConnection,
    ) -> Self {
        let (router, waiting) = (router.clone(), VecDeque::new());
        Self {
            parts,
            router,
            target,
            lease,
            failures: 0,
            lost: None,
            told: None,
            waiting,
            client: None,
            open,
        }
    }

    fn store(&self) -> Arc<dyn TenantStore> {
        self.lease.store(&*self.parts.store, self.router.tenant, self.parts.clock.now())
    }

    /// Lives until stopped, or until its right to act ends. Dropping the inbox ends it too. A fault of this
    /// program ends one connection, and not the service of the router.
    pub(crate) async fn serve(mut self, mut inbox: mpsc::Receiver<Message>, mut stop: Stop) {
        loop {
            let run = AssertUnwindSafe(self.run(&mut inbox, &mut stop)).catch_unwind().await;
            if run.is_ok() {
                return;
            }
            tracing::error!(router.id = %self.router.id, "a fault: the router is connected anew");
            self.leave().await;
            tokio::select! {
                () = stop.wait() => return,
                () = self.lease.ended() => return,
                () = tokio::time::sleep(AFTER_FAULT) => {}
            }
        }
    }

    async fn run(&mut self, inbox: &mut mpsc::Receiver<Message>, stop: &mut Stop) {
        let lease = self.lease.clone();
        tokio::select! {
            biased;
            () = lease.ended() => {}
            () = stop.wait() => {}
            () = self.live(inbox) => {}
        }
        let trouble = Trouble::Gone;
        self.waiting.drain(..).for_each(|message| message.refuse(&trouble));
        if !lease.holds() {
            tracing::warn!(router.id = %self.router.id, "the lease has run out: the router is let go without a word");
            self.open.set(None);
            return;
        }
        self.leave().await;
        let _stored_or_logged = self.store().set_listening(self.router.id, Listening::Off).await;
    }

    async fn live(&mut self, inbox: &mut mpsc::Receiver<Message>) {
        if let Err(error) = self.store().set_listening(self.router.id, Listening::Off).await {
            complain("a router's state could not be stored", Some(self.router.id), &error);
        }
        loop {
            let trouble = match self.attempt().await {
                Ok(opened) => self.hold(opened, inbox).await,
                Err(trouble) => trouble,
            };
            if trouble == Trouble::Gone {
                return;
            }
            self.failed(&trouble, inbox).await;
            if !self.pause(&trouble, inbox).await {
                return;
            }
        }
    }

    async fn attempt(&mut self) -> Result<Opened, Trouble> {
        let target = self.target.as_ref().map_err(Clone::clone)?;
        let Router { id, tenant, .. } = self.router;
        let mut opened = Err(Trouble::Gone);
        for address in locate(target).await? {
            let attempt = self.parts.logins.begin(tenant, id, address, target)?;
            let (odd, now) = (self.parts.odd.of(id), || self.parts.clock.now());
            let connector = &self.parts.connector;
            opened = connector.open(target, address, &self.lease, odd, now, &mut self.client).await;
            attempt.ended(&opened);
            if !matches!(opened, Err(Trouble::Connect(_))) {
                break;
            }
        }
        opened
    }

    /// Serves over an open connection until it breaks; why it broke.
    async fn hold(&mut self, opened: Opened, inbox: &mut mpsc::Receiver<Message>) -> Trouble {
        let Opened { client, facts } = opened;
        let now = self.parts.clock.now();
        let found = self.store().router_found(self.router.id, now, facts.clone()).await;
        match found {
            Ok(router) => self.router = router,
            // It was removed while we connected.
            Err(StoreError::NotFound | StoreError::Archived) => return Trouble::Gone,
            Err(error) => complain("a router could not be stored", Some(self.router.id), &error),
        }
        tracing::info!(router.id = %self.router.id, "connected");
        self.told = None;
        let connected = Instant::now();
        self.open.set(Some(client.clone()));
        let waiting = std::mem::take(&mut self.waiting);
        let watch = Watch::new(self.parts.clone(), self.lease.clone(), &self.router, client, facts.booted);
        let (trouble, read) = watch.run(waiting, inbox).await;
        self.leave().await;
        let _stored_or_next_time = self.store().set_listening(self.router.id, Listening::Off).await;
        if read {
            self.lost = None;
            self.failures = match trouble {
                // A router that sends what nobody can read will do so again.
                Trouble::Lost(CloseReason::Decode(_)) => self.failures,
                _ if connected.elapsed() >= SHORT => 0,
                _ => self.failures.saturating_add(1),
            };
        }
        trouble
    }

    /// Says goodbye to the router, where there is a connection.
    async fn leave(&mut self) {
        self.open.set(None);
        if let Some(client) = self.client.take() {
            client.close().await;
        }
    }

    /// Notes a failure. After quick retries, or at once when the router refuses us, the router is
    /// lost and its customers unknown. A connection that broke is opened anew before that counts, unless
    /// several did one after the other; one
    /// that fell silent has failed for long already, and one that sent what nobody can read would again.
    async fn failed(&mut self, trouble: &Trouble, inbox: &mut mpsc::Receiver<Message>) {
        let first = self.lost.is_none();
        let lost = *self.lost.get_or_insert_with(|| self.parts.clock.now());
        let has_failed =
            |reason: &CloseReason| matches!(reason, CloseReason::KeepAlive | CloseReason::Decode(_));
        let broke = matches!(trouble, Trouble::Lost(reason) if !has_failed(reason));
        if broke && first && self.failures < QUICK {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        while let Ok(message) = inbox.try_recv() {
            self.waiting.push_back(message);
        }
        self.waiting.drain(..).for_each(|message| message.refuse(trouble));
        let reason = trouble.reason();
        // That an attempt was not made says nothing new of the router.
        let is_news = match (&self.told, trouble) {
            (Some(_), Trouble::TooOften) => false,
            (told, _) => told.as_ref() != Some(&reason),
        };
        if (self.failures >= QUICK || trouble.is_refusal()) && is_news {
            self.give_up(lost, &reason).await;
        }
    }

    async fn give_up(&mut self, lost: Timestamp, reason: &str) {
        tracing::warn!(router.id = %self.router.id, reason, "the router is lost; its customers are unknown");
        let done = self.store().router_lost(self.router.id, lost, reason).await;
        match done {
            Ok(_) => self.told = Some(reason.to_owned()),
            Err(error) => complain("the loss of a router could not be stored", Some(self.router.id), &error),
        }
        if let Ok(router) = self.store().router(self.router.id).await {
            self.router = router;
        }
    }

    /// Waits before the next attempt. Somebody's request ends the wait and resets the back-off.
    /// `false`: nobody can ask any more.
    async fn pause(&mut self, trouble: &Trouble, inbox: &mut mpsc::Receiver<Message>) -> bool {
        let until = Instant::now() + pause_after(self.failures, trouble, self.router.id.0.as_bytes()[15]);
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(until) => return true,
                message = inbox.recv() => match message {
                    None => return false,
                    Some(Message::Ask(_)) => {}
                    Some(message) => {
                        self.failures = self.failures.min(QUICK + 1);
                        self.waiting.push_back(message);
                        return true;
                    }
                },
            }
        }
    }
}

/// 0, 1, 2 seconds while it may be nothing, then doubling, in the end a minute; up to an eighth more by
/// `salt`, so that many routers do not come back in step. A refused login waits the longest: each
/// attempt writes into the router's log.
fn pause_after(failures: u32, trouble: &Trouble, salt: u8) -> Duration {
    let base = match failures {
        _ if trouble.is_refusal() => SLOWEST,
        0 => Duration::ZERO,
        n if n > AWAY => SLOWEST,
        n => Duration::from_secs(1 << (n - 1).min(6)).min(SLOW),
    };
    base + base / 8 * u32::from(salt) / 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use routeros::connect::ConnectError;

    #[test]
    fn two_quick_retries_come_within_fifteen_seconds_and_the_pause_ends_at_a_minute() {
        let refused = Trouble::Connect(ConnectError::Refused);
        let pauses: Vec<_> = (0..12).map(|n| pause_after(n, &refused, 0).as_secs()).collect();
        assert_eq!(pauses, [0, 1, 2, 4, 8, 15, 15, 15, 15, 15, 15, 15]);
        assert_eq!(pause_after(AWAY + 1, &refused, 0).as_secs(), 60);
        let quick: Duration = (0..QUICK).map(|n| pause_after(n, &refused, 255)).sum();
        assert!(quick < Duration::from_secs(15));
    }
}
