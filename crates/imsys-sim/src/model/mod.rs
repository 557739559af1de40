//! The town's PPP life in virtual time: no sockets, no tasks, no clock.
//!
//! A [`World`] is one router with its customers over as many sessions as asked for. It is generated
//! whole from a seed, then handed out as a time-ordered stream of what a witness would see (webhooks
//! as they *arrive*, rows that `listen` pushes, reboots), while [`World::truth`] and
//! [`World::active_at`] answer exactly for any moment. Times are milliseconds since the start.
//!
//! ```
//! use imsys_sim::model::{Params, What, World};
//! let mut world = World::new(7, Params { users: 5, sessions: 50, ..Params::default() });
//! while let Some(event) = world.next() {
//!     if let What::Hook(hook) = &event.what {
//!         let _ = (hook.up, &hook.user, world.truth(&hook.user, event.at).sessions.len());
//!     }
//! }
//! ```

mod delivery;
mod life;
mod truth;

use std::sync::Arc;

pub use truth::{Open, Table, Truth};

/// How the town lives and what goes wrong on the way. All durations are milliseconds, all shares 0.0-1.0.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Customers, named `sim-0000` and so on.
    pub users: usize,
    /// Sessions that are opened in all; the last of them stay open at the end.
    pub sessions: usize,
    /// Mean length of a session.
    pub mean_session: i64,
    /// Mean pause between two sessions of one customer.
    pub mean_pause: i64,
    /// Share of sessions that end in a redial at once, instead of a pause.
    pub redials: f64,
    /// Which script runs first at such a redial.
    pub redial_order: RedialOrder,
    /// Share of sessions beside which a second session of the same user is open for a while.
    pub twins: f64,
    /// Share of webhooks that never arrive.
    pub lost: f64,
    /// Share of webhooks that arrive a second time, up to `late_by` after the first.
    pub doubled: f64,
    /// Share of webhooks that are held up, and so arrive in another order.
    pub reordered: f64,
    /// The longest time that a webhook is held up. Keys repeat after a reboot: keep it below
    /// `boot_time` unless ambiguous worlds are wanted.
    pub late_by: i64,
    /// Reboots, spread over the whole time. Nothing fires, ids begin again.
    pub reboots: usize,
    /// From the crash until the router answers again.
    pub boot_time: i64,
    /// After a boot: the span over which customers dial again, and over which [`World::printed_at`] may
    /// answer with one row of many.
    pub redial_span: i64,
    /// Times at which the listen connection drops for some seconds while the router lives on.
    pub listen_gaps: usize,
    /// Webhooks carry interface key, caller-id and address (the five-line body); else only user and status.
    pub keys: bool,
    /// Each customer dials into a PPPoE server binding of their own, so that `$interface` is the same in all their
    /// sessions. Then redials should be [`RedialOrder::OldFirst`]: a binding holds one session at a time.
    pub bindings: bool,
    /// The longest time from on-up until the row stands in `/ppp/active`.
    pub row_late_by: i64,
    /// From then on listen is accepted and tells nothing.
    pub deaf_from: Option<i64>,
    /// One customer in so many has a name that is not ASCII; 0 is none.
    pub foreign_names: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            users: 100,
            sessions: 1_000,
            mean_session: 20 * 60_000,
            mean_pause: 3 * 60_000,
            redials: 0.4,
            redial_order: RedialOrder::Both,
            twins: 0.02,
            lost: 0.0,
            doubled: 0.0,
            reordered: 0.0,
            late_by: 5_000,
            reboots: 0,
            boot_time: 40_000,
            redial_span: 30_000,
            listen_gaps: 0,
            keys: true,
            bindings: false,
            row_late_by: 0,
            deaf_from: None,
            foreign_names: 0,
        }
    }
}

/// The order of the two scripts when a customer dials again while his old session still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedialOrder {
    /// on-down(old), then on-up(new).
    OldFirst,
    /// on-up(new), then on-down(old); both sessions stand in the table for some seconds.
    NewFirst,
    /// One or the other, at random.
    Both,
}

/// Something that a witness sees, at the moment it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Milliseconds since the start; never smaller than that of the event before.
    pub at: i64,
    /// What arrived.
    pub what: What,
}

/// The kinds of [`Event`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A webhook arrives at the server.
    Hook(Hook),
    /// `/ppp/active/listen` pushes a row.
    Listen(Listen),
    /// The listen connection breaks; changes until [`What::ListenBack`] are never pushed.
    ListenLost,
    /// The listen connection stands again; a witness prints the table now.
    ListenBack,
    /// The router restarts: sessions vanish silently, connections break.
    Reboot,
    /// The router answers again, with a young uptime and ids from the beginning.
    Booted,
}

/// A webhook as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// on-up or on-down.
    pub up: bool,
    /// `$user`.
    pub user: Arc<str>,
    /// What only the keyed form carries ([`Params::keys`]).
    pub key: Option<Key>,
    /// When the script ran. For messages of a failing test; no server can know it.
    pub fired_at: i64,
}

/// The identity of a session in a keyed webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `$interface`, such as `*F0`; the same in both events of one session.
    pub interface: Arc<str>,
    /// `$"caller-id"`.
    pub mac: Arc<str>,
    /// `$"remote-address"`.
    pub address: Arc<str>,
}

/// A row pushed by listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// A session began.
    Added(Row),
    /// `{.id, .dead=true}`: nothing else is known of it.
    Dead {
        /// The `.id` of the row that is gone.
        id: Arc<str>,
    },
}

/// A row of `/ppp/active`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `.id`, such as `*8`; begins again after a reboot.
    pub id: Arc<str>,
    /// `session-id` as on v7, such as `0x81100000`; begins again after a reboot.
    pub session_id: Arc<str>,
    /// `name`.
    pub name: Arc<str>,
    /// `caller-id`.
    pub caller_id: Arc<str>,
    /// `address`.
    pub address: Arc<str>,
    /// `uptime`, cut to whole seconds as the router prints it.
    pub uptime: i64,
}

/// How often each fault was dealt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FaultCounts {
    /// Webhooks that never arrive.
    pub lost: u64,
    /// Webhooks that arrive twice.
    pub doubled: u64,
    /// Webhooks held up.
    pub late: u64,
    /// Reboots.
    pub reboots: u64,
    /// Breaks of the listen connection.
    pub listen_gaps: u64,
}

/// One router and its customers, from the first session to the last.
#[derive(Debug)]
pub struct World {
    life: life::Life,
    events: std::vec::IntoIter<Event>,
    faults: FaultCounts,
    history: truth::History,
    dice: crate::dice::Dice,
}

impl World {
    /// The world of one `seed`; equal arguments give equal worlds.
    pub fn new(seed: u64, params: Params) -> Self {
        let dice = crate::dice::Dice::new(seed);
        let life = life::Life::generate(&params, dice.fork(1));
        let (events, faults) = delivery::deliver(&life, &params, dice.fork(2));
        let history = truth::History::of(&life);
        Self { life, events: events.into_iter(), faults, history, dice: dice.fork(3) }
    }

    /// What was done to the events of this world.
    pub fn fault_counts(&self) -> FaultCounts {
        self.faults
    }

    /// Every customer's name, in the order of their numbers.
    pub fn users(&self) -> &[Arc<str>] {
        &self.life.users
    }

    /// The moment of the last change on the router.
    pub fn end(&self) -> i64 {
        self.life.end
    }
}

impl Iterator for World {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.events.next()
    }
}
