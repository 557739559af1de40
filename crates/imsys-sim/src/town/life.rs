//! The customers of one router: when they dial, how they leave.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::config::Life;
use super::people::Customer;
use crate::dice::Dice;
use crate::model::RedialOrder;
use crate::router::{Cause, DialError, LifeEvent, Router};

/// The longest time that both sessions of a redial stand, and the longest between them.
const OVERLAP: Duration = Duration::from_millis(2_500);
const GAP: Duration = Duration::from_millis(800);
/// Devices that act before others get their turn.
const AT_ONCE: usize = 200;

/// Everyone who dials in at one router.
pub(super) struct Street {
    router: Router,
    life: Life,
    customers: Vec<Customer>,
    dice: Dice,
    agenda: BinaryHeap<Reverse<(Instant, u64, Act)>>,
    made: u64,
    /// The number of crashes so far; what was planned for sessions before is void.
    crashes: u32,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    /// A customer without a session dials.
    Dial { customer: usize },
    /// His second device dials.
    Join { customer: usize, crashes: u32 },
    /// His session ends, in the way that was drawn when it began.
    End { customer: usize, session: u32, crashes: u32, then: Then },
    /// A session that nobody counts on any more ends.
    Drop { session: u32, crashes: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Then {
    Pause,
    NewFirst,
    OldFirst,
}

impl Street {
    pub(super) fn new(router: Router, life: Life, customers: Vec<Customer>, dice: Dice) -> Self {
        Self { router, life, customers, dice, agenda: BinaryHeap::new(), made: 0, crashes: 0 }
    }

    /// Those who are online at the start dial at once, the others after a pause.
    pub(super) fn wake_up(&mut self) {
        for customer in 0..self.customers.len() {
            if self.dice.chance(self.life.online_at_start) {
                self.dial(customer);
            } else {
                let pause = self.pause();
                self.plan(pause, Act::Dial { customer });
            }
        }
    }

    /// Lives until the router is gone.
    pub(super) async fn live(mut self, mut events: mpsc::Receiver<LifeEvent>) {
        loop {
            let next = self.agenda.peek().map(|Reverse((at, ..))| *at);
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.notice(event),
                    None => return,
                },
                () = wait(next) => self.act().await,
            }
        }
    }

    /// Does everything that is due.
    async fn act(&mut self) {
        let now = Instant::now();
        let mut done = 0;
        while self.agenda.peek().is_some_and(|Reverse((at, ..))| *at <= now) {
            let Some(Reverse((_, _, act))) = self.agenda.pop() else { return };
            self.perform(act);
            done += 1;
            if done % AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    fn perform(&mut self, act: Act) {
        match act {
            Act::Dial { customer } if self.customers[customer].session.is_none() => self.dial(customer),
            Act::Dial { .. } => {}
            Act::Join { customer, crashes } if crashes == self.crashes => self.join(customer),
            Act::End { customer, session, crashes, then }
                if crashes == self.crashes && self.customers[customer].session == Some(session) =>
            {
                self.end(customer, session, then);
            }
            Act::Drop { session, crashes } if crashes == self.crashes => {
                self.router.hang_up(session, Cause::HungUp);
            }
            Act::Join { .. } | Act::End { .. } | Act::Drop { .. } => {}
        }
    }

    fn dial(&mut self, customer: usize) {
        let Customer { user, macs, .. } = &self.customers[customer];
        match self.router.dial(user, &macs[0]) {
            Ok(session) => self.settle_in(customer, session.id),
            // The event of the boot makes everyone dial again.
            Err(DialError::Down) => {}
            Err(DialError::Disabled | DialError::NoSuchUser) => {
                let retry = self.up_to(self.life.retry);
                self.plan(self.life.retry / 2 + retry / 2, Act::Dial { customer });
            }
        }
    }

    /// Draws how long the session lasts and how it ends.
    fn settle_in(&mut self, customer: usize, session: u32) {
        self.customers[customer].session = Some(session);
        let length = self.waiting(self.life.mean_session);
        let crashes = self.crashes;
        if self.dice.chance(self.life.twins) {
            let begins = self.up_to(length);
            self.plan(begins, Act::Join { customer, crashes });
        }
        let then = match (self.dice.chance(self.life.redials), self.life.redial_order) {
            (false, _) => Then::Pause,
            (true, RedialOrder::NewFirst) => Then::NewFirst,
            (true, RedialOrder::OldFirst) => Then::OldFirst,
            (true, RedialOrder::Both) if self.dice.chance(0.5) => Then::NewFirst,
            (true, RedialOrder::Both) => Then::OldFirst,
        };
        self.plan(length, Act::End { customer, session, crashes, then });
    }

    fn end(&mut self, customer: usize, session: u32, then: Then) {
        self.customers[customer].session = None;
        match then {
            Then::Pause => {
                self.router.hang_up(session, Cause::PeerRequest);
                let pause = self.pause();
                self.plan(pause, Act::Dial { customer });
            }
            Then::OldFirst => {
                self.router.hang_up(session, Cause::PeerRequest);
                let gap = self.up_to(GAP);
                self.plan(gap, Act::Dial { customer });
            }
            Then::NewFirst => {
                self.dial(customer);
                let overlap = self.up_to(OVERLAP);
                self.plan(overlap, Act::Drop { session, crashes: self.crashes });
            }
        }
    }

    fn join(&mut self, customer: usize) {
        let Customer { user, macs, .. } = &self.customers[customer];
        if let Ok(twin) = self.router.dial(user, &macs[1]) {
            let length = self.waiting(self.life.mean_session / 4);
            self.plan(length, Act::Drop { session: twin.id, crashes: self.crashes });
        }
    }

    /// What the devices see of their router.
    fn notice(&mut self, event: LifeEvent) {
        match event {
            LifeEvent::Closed { id, cause: Cause::Kicked, .. } => {
                let thrown_out = self.customers.iter().position(|customer| customer.session == Some(id));
                if let Some(customer) = thrown_out {
                    self.customers[customer].session = None;
                    let soon = self.up_to(self.life.redial_after_kick);
                    self.plan(soon, Act::Dial { customer });
                }
            }
            // These the devices did themselves.
            LifeEvent::Closed { .. } => {}
            LifeEvent::Crashed => {
                self.crashes += 1;
                self.agenda.clear();
                self.customers.iter_mut().for_each(|customer| customer.session = None);
            }
            LifeEvent::Booted => {
                for customer in 0..self.customers.len() {
                    let soon = self.up_to(self.life.redial_after_boot);
                    self.plan(soon, Act::Dial { customer });
                }
            }
        }
    }

    fn plan(&mut self, after: Duration, act: Act) {
        self.made += 1;
        self.agenda.push(Reverse((Instant::now() + after, self.made, act)));
    }

    fn pause(&mut self) -> Duration {
        self.waiting(self.life.mean_pause)
    }

    fn waiting(&mut self, mean: Duration) -> Duration {
        Duration::from_millis(self.dice.waiting(mean.as_millis() as i64).unsigned_abs())
    }

    fn up_to(&mut self, most: Duration) -> Duration {
        Duration::from_millis(self.dice.between(0, most.as_millis() as i64).unsigned_abs())
    }
}

async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}
