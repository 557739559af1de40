//! What really happens on the router: sessions open and close, the router reboots.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::{Params, RedialOrder};
use crate::dice::Dice;

/// The largest time between the two sessions of a redial, in either order.
const REDIAL_OVERLAP: i64 = 3_000;
const REDIAL_GAP: i64 = 800;
/// The numbers that RouterOS 7 starts counting at, as seen in recorded tables.
const FIRST_INTERFACE: u32 = 0xF0;
const FIRST_SESSION_ID: u32 = 0x8110_0000;

/// A session as it was, with everything any witness may be told of it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) user: u32,
    pub(super) opened: i64,
    /// When its row stands in the table.
    pub(super) shown: i64,
    /// `i64::MAX` while it is still open at the end of the world.
    pub(super) closed: i64,
    /// A crash closed it, so that no script ran.
    pub(super) silent: bool,
    pub(super) mac: Arc<str>,
    pub(super) address: Arc<str>,
    pub(super) interface: Arc<str>,
    pub(super) id: Arc<str>,
    pub(super) session_id: Arc<str>,
}

impl Session {
    pub(super) fn is_open_at(&self, now: i64) -> bool {
        self.opened <= now && now < self.closed
    }

    pub(super) fn is_shown_at(&self, now: i64) -> bool {
        self.shown <= now && now < self.closed
    }
}

/// A time without the router: from the crash until it answers again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outage {
    pub(super) from: i64,
    pub(super) until: i64,
}

/// Everything that happened, ordered by the time of opening.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) users: Vec<Arc<str>>,
    pub(super) sessions: Vec<Session>,
    pub(super) outages: Vec<Outage>,
    pub(super) redial_span: i64,
    pub(super) end: i64,
}

impl Life {
    pub(super) fn generate(params: &Params, dice: Dice) -> Self {
        let mut making = Making::new(params, dice);
        while let Some(Reverse((at, _, epoch, act))) = making.agenda.pop() {
            making.life.end = making.life.end.max(at);
            match act {
                Act::Crash => making.crash(at),
                _ if epoch != making.epoch => {}
                Act::Dial { user, twin } => making.dial(at, user, twin),
                Act::Hang { session } => making.life.sessions[session].closed = at,
            }
        }
        making.life
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Dial { user: u32, twin: bool },
    Hang { session: usize },
    Crash,
}

struct Making<'a> {
    params: &'a Params,
    dice: Dice,
    life: Life,
    /// (time, order of making, epoch, what): earliest first, equal times in the order of making.
    agenda: BinaryHeap<Reverse<(i64, u64, u32, Act)>>,
    made: u64,
    /// The number of crashes so far; what was planned before a crash never happens.
    epoch: u32,
    opened_since_boot: u32,
    macs: Vec<[Arc<str>; 2]>,
    homes: Vec<Arc<str>>,
}

impl<'a> Making<'a> {
    fn new(params: &'a Params, dice: Dice) -> Self {
        let users: Vec<Arc<str>> = (0..params.users).map(|n| name(n, params.foreign_names)).collect();
        let life = Life {
            users,
            sessions: Vec::with_capacity(params.sessions),
            outages: Vec::new(),
            redial_span: params.redial_span,
            end: 0,
        };
        let mut making = Self {
            params,
            dice,
            life,
            agenda: BinaryHeap::new(),
            made: 0,
            epoch: 0,
            opened_since_boot: 0,
            macs: (0..params.users).map(|n| [mac(n, 0), mac(n, 1)]).collect(),
            homes: (0..params.users).map(|n| address(n as u32)).collect(),
        };
        making.everyone_dials(0, params.mean_pause);
        making.plan_crashes();
        making
    }

    fn plan(&mut self, at: i64, act: Act) {
        self.made += 1;
        self.agenda.push(Reverse((at, self.made, self.epoch, act)));
    }

    fn everyone_dials(&mut self, from: i64, span: i64) {
        for user in 0..self.params.users as u32 {
            let at = from + self.dice.between(0, span);
            self.plan(at, Act::Dial { user, twin: false });
        }
    }

    /// Reboots are spread over the time that the asked number of sessions should take.
    fn plan_crashes(&mut self) {
        let p = self.params;
        let round = p.mean_session + (p.mean_pause as f64 * (1.0 - p.redials)) as i64;
        let whole = round * (p.sessions / p.users.max(1)) as i64;
        for n in 0..p.reboots as i64 {
            let slot = whole / p.reboots as i64;
            let at = slot * n + self.dice.between(slot / 4, slot.max(4));
            self.plan(at, Act::Crash);
        }
    }

    fn crash(&mut self, at: i64) {
        if self.life.outages.last().is_some_and(|o| at <= o.until) || !self.may_open() {
            return;
        }
        for session in &mut self.life.sessions {
            if session.closed == i64::MAX {
                session.closed = at;
                session.silent = true;
            }
        }
        let until = at + self.params.boot_time;
        self.life.outages.push(Outage { from: at, until });
        self.epoch += 1;
        self.opened_since_boot = 0;
        self.everyone_dials(until, self.params.redial_span);
    }

    fn may_open(&self) -> bool {
        self.life.sessions.len() < self.params.sessions
    }

    fn dial(&mut self, at: i64, user: u32, twin: bool) {
        if !self.may_open() {
            return;
        }
        let session = self.open(at, user, twin);
        let ends = at + self.dice.waiting(self.params.mean_session);
        if twin {
            return self.plan(ends, Act::Hang { session });
        }
        if self.dice.chance(self.params.twins) {
            let begins = self.dice.between(at, ends);
            self.plan(begins, Act::Dial { user, twin: true });
        }
        if self.dice.chance(self.params.redials) {
            self.plan_redial(ends, user, session);
        } else {
            self.plan(ends, Act::Hang { session });
            let again = ends + self.dice.waiting(self.params.mean_pause);
            self.plan(again, Act::Dial { user, twin: false });
        }
    }

    fn plan_redial(&mut self, at: i64, user: u32, session: usize) {
        let new_first = match self.params.redial_order {
            RedialOrder::OldFirst => false,
            RedialOrder::NewFirst => true,
            RedialOrder::Both => self.dice.chance(0.5),
        };
        let overlap = self.dice.between(1, REDIAL_OVERLAP);
        let gap = self.dice.between(0, REDIAL_GAP);
        let (hang, dial) = if new_first { (at + overlap, at) } else { (at, at + gap) };
        self.plan(hang, Act::Hang { session });
        self.plan(dial, Act::Dial { user, twin: false });
    }

    fn open(&mut self, at: i64, user: u32, twin: bool) -> usize {
        let number = self.opened_since_boot;
        self.opened_since_boot += 1;
        let index = self.life.sessions.len();
        let fixed = user.is_multiple_of(2) && !twin;
        let late =
            if self.params.row_late_by == 0 { 0 } else { self.dice.between(0, self.params.row_late_by) };
        let interface = if self.params.bindings { 2 * user + u32::from(twin) } else { number };
        self.life.sessions.push(Session {
            user,
            opened: at,
            shown: at + late,
            closed: i64::MAX,
            silent: false,
            mac: self.macs[user as usize][usize::from(twin)].clone(),
            address: if fixed {
                self.homes[user as usize].clone()
            } else {
                address((self.params.users + index) as u32)
            },
            interface: format!("*{:X}", FIRST_INTERFACE + interface).into(),
            id: format!("*{:X}", number + 1).into(),
            session_id: format!("0x{:08x}", FIRST_SESSION_ID + number).into(),
        });
        index
    }
}

fn name(n: usize, foreign: usize) -> Arc<str> {
    let first = if foreign > 0 && n.is_multiple_of(foreign) { "símón" } else { "sim" };
    format!("{first}-{n:04}").into()
}

/// A locally administered address: no vendor's, no customer's.
fn mac(user: usize, device: usize) -> Arc<str> {
    format!("02:5D:{device:02X}:{:02X}:{:02X}:{:02X}", user >> 16 & 255, user >> 8 & 255, user & 255).into()
}

/// Addresses out of 100.64.0.0/10, the carrier's shared space.
fn address(n: u32) -> Arc<str> {
    let n = n & 0x3F_FFFF;
    format!("100.{}.{}.{}", 64 + (n >> 16), n >> 8 & 255, n & 255).into()
}
