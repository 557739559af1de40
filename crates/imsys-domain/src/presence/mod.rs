//! Who is online, and how we know.
//!
//! Three witnesses speak of a PPPoE customer: the webhook of the router's PPP profile, the rows of
//! `/ppp/active/listen`, and prints of `/ppp/active`. Each report becomes an [`Observation`];
//! [`judge`] alone turns it into a [`Judgement`]: the new [`Presence`] and everything else that is written.
//! [`judge_check`] does the same for services that do not log in, [`judge_loss`] for a router that is gone, [`forget`] for a service
//! that is not watched any more as it was.
//! [`ActiveView`] decides how far a print is accepted, and whether listen still hears. Truths held here:
//!
//! * a webhook is a hint, the router's table is the truth;
//! * unknown is not offline;
//! * a session is (router, user, our id) with two aliases, [`HookKey`] and [`RowKey`], joined here;
//! * the newest evidence of the right session wins, in any order of arrival.

mod check;
mod forget;
mod judge;
mod keyless;
mod loss;
mod repeats;
mod rows;
mod sweep;
mod view;

pub use check::{
    ArpSeen, ArpState, Bridge, CheckJudgement, Checked, LeaseChange, LeaseSeen, ProbeSeen, QueueSeen, Seen,
    judge_check,
};
pub use forget::{Forgotten, forget};
pub use judge::{judge, judge_stranger};
pub use loss::{Loss, judge_loss};
pub use repeats::Repeats;
pub use sweep::{Sweep, SweepSuspicion, suspicion};
pub use view::{ActiveView, Answer, FullSync};

use crate::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// What we say of a customer's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// At least one session is open.
    Online,
    /// The router says that there is no session.
    Offline,
    /// Nobody can say: the router or the way to it is gone, or it was never asked.
    Unknown,
}

/// Which witness the status rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The router's on-up/on-down script called.
    Webhook,
    /// A row of `/ppp/active/listen`.
    Listen,
    /// A print of `/ppp/active`.
    Sweep,
    /// The broker: the router cannot be reached, or says nothing about the service.
    Router,
    /// A static line's row in the ARP table.
    Arp,
    /// A probe of a static line from its router.
    Probe,
    /// The counters of a static line's simple queue.
    Queue,
    /// The DHCP server's table: the line's device has no lease, or since when it has an address.
    Lease,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndCause {
    /// The customer hung up, or his line did.
    User,
    /// We removed the active session.
    Kicked,
    /// The router restarted under it.
    Reboot,
    /// Another session took its place before its end was seen.
    Superseded,
    /// It ended while we could not see the router.
    Blind,
    /// The device holds no DHCP lease any more.
    Expired,
}

/// The hook's name of a session: `$interface` of on-up and on-down, an id such as `*F0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HookKey(pub String);

/// The table's name of a session: the row's `.id` and, where the version has it, its `session-id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RowKey {
    /// `.id`, reused after a reboot.
    pub id: String,
    /// `session-id` (absent before RouterOS 6.45 or so).
    pub session: Option<String>,
}

/// Who dialled and what he got; either may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `caller-id`: for PPPoE the customer's MAC.
    pub mac: Option<String>,
    /// The address handed to the customer.
    pub address: Option<String>,
}

/// A session that is open as far as we know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Our id.
    pub id: SessionId,
    /// The webhook's alias, once known.
    pub hook: Option<HookKey>,
    /// The table's alias, once known.
    pub row: Option<RowKey>,
    /// Caller and address.
    pub endpoint: Endpoint,
    /// When it began: arrival of the webhook, or print time minus uptime.
    pub started: Timestamp,
    /// When the evidence that opened it arrived. A print that began earlier cannot deny it.
    pub seen: Timestamp,
    /// Which witness opened it.
    pub by: Source,
    /// When its own `up` arrived.
    pub up: Option<Timestamp>,
    /// When an `up` arrived that can be its double no more: of the session that follows it, whose `down`
    /// or row is still on its way.
    pub next_up: Option<Timestamp>,
    /// When a listen first showed its row.
    pub listened: Option<Timestamp>,
}

/// A session that ended lately, kept so that late events about it change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedSession {
    /// The session, when we had seen it; `None` for a `down` whose `up` had not arrived yet.
    pub session: Option<OpenSession>,
    /// The webhook's alias.
    pub hook: Option<HookKey>,
    /// When it ended.
    pub at: Timestamp,
}

/// Everything the judge remembers about one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Online, offline or unknown.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// When evidence last agreed.
    pub confirmed: Option<Timestamp>,
    /// The witness of the last change.
    pub source: Option<Source>,
    /// Sessions that are open; two sessions of one user are two sessions.
    pub open: Vec<OpenSession>,
    /// How many more the router shows than are kept in `open`.
    pub beyond: u32,
    /// The last few that ended, newest last.
    pub ended: Vec<EndedSession>,
    /// Since when the line was offline when the router went out of sight.
    pub offline_before: Option<Timestamp>,
    /// The last check, of a line that does not log in.
    pub checked: Option<Checked>,
}

impl Presence {
    /// A line nobody has asked about yet.
    pub const fn unknown(since: Timestamp) -> Self {
        Self {
            status: Status::Unknown,
            since,
            confirmed: None,
            source: None,
            open: Vec::new(),
            beyond: 0,
            ended: Vec::new(),
            offline_before: None,
            checked: None,
        }
    }

    /// How many sessions are open.
    pub fn sessions(&self) -> u32 {
        u32::try_from(self.open.len()).unwrap_or(u32::MAX).saturating_add(self.beyond)
    }
}

/// A row of `/ppp/active`, read at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the table.
    pub key: RowKey,
    /// Caller and address.
    pub endpoint: Endpoint,
    /// How long the session has lasted, in milliseconds; `None` where the router does not say so, or says it in a
    /// way that cannot be read.
    pub uptime: Option<i64>,
}

/// Nothing has been up for longer than this many milliseconds, twenty years: a router that says so says nothing.
pub const UPTIME_MOST: i64 = 20 * 365 * 86_400_000;

impl Row {
    /// When the session began, as the row says that was read then.
    fn started(&self, read: Timestamp) -> Option<Timestamp> {
        let uptime = self.uptime.filter(|uptime| (0..=UPTIME_MOST).contains(uptime))?;
        Some(Timestamp(read.millis().saturating_sub(uptime)))
    }
}

/// One report of one witness about one user of one router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// on-up ran.
    HookUp {
        /// Arrival.
        at: Timestamp,
        /// `$interface`, when the hook sends it.
        key: Option<HookKey>,
        /// `$"caller-id"` and `$"remote-address"`, when the hook sends them.
        endpoint: Endpoint,
    },
    /// on-down ran.
    HookDown {
        /// Arrival.
        at: Timestamp,
        /// `$interface`, when the hook sends it.
        key: Option<HookKey>,
    },
    /// A listen showed a new or changed row.
    RowSeen {
        /// Arrival.
        at: Timestamp,
        /// The row.
        row: Row,
    },
    /// A listen showed that a row is gone.
    RowGone {
        /// Arrival.
        at: Timestamp,
        /// The row's `.id`.
        id: String,
    },
    /// A print that would show every session of the user.
    Table {
        /// When the command was sent.
        began: Timestamp,
        /// The user's rows; none when he has no session.
        rows: Vec<Row>,
        /// When the router started, as far as its own uptime tells.
        booted: Option<Timestamp>,
        /// Sessions seen before this are over when no row shows them. It is `began`; when two prints
        /// had to agree, the begin of the first.
        denies: Timestamp,
        /// Sessions whose row a listen showed since then are not denied: it would have told their end.
        spares: Option<Timestamp>,
    },
    /// The router or the way to it is gone.
    Blind {
        /// Since when.
        at: Timestamp,
    },
}

/// What became of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Something that others may see changed.
    Applied,
    /// It said again what was known.
    Duplicate,
    /// It spoke of a session that is over, or is not known: recorded, nothing more.
    Stale,
}

/// What a witness reported, in the record of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// on-up ran.
    Up,
    /// on-down ran.
    Down,
    /// Listen showed a row.
    Seen,
    /// Listen showed that a row is gone.
    Gone,
    /// A print.
    Table,
    /// The router is gone.
    Blind,
    /// A check of a service that does not log in.
    Check,
}

/// An entry in the record of events: a report that changed something, or a webhook, whatever became of it, unless it
/// only repeats what was recorded ([`Repeats`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it arrived, or when the router was asked.
    pub at: Timestamp,
    /// Who reported it.
    pub source: Source,
    /// What was reported.
    pub kind: EventKind,
    /// The session's name in that report.
    pub alias: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The new status, where it changed.
    pub status: Option<Status>,
}

/// A change to the record of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// Write it: new, or with another alias, address or start, or open again.
    Put(OpenSession),
    /// It ended.
    End {
        /// Which.
        id: SessionId,
        /// When.
        at: Timestamp,
        /// Why.
        cause: EndCause,
    },
}

/// What the judge decided: everything that is written, and what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether anything changed.
    pub outcome: Outcome,
    /// The status before.
    pub before: Status,
    /// The state from now on.
    pub state: Presence,
    /// Whether the state must be stored: a report that only confirms is not worth a write.
    pub keeps: bool,
    /// What to write about sessions, in order.
    pub changes: Vec<SessionChange>,
    /// The entry in the record of events, if it makes one.
    pub event: Option<Event>,
    /// When the router should be asked about this user (`/ppp/active/print ?name=`), if it should.
    pub ask: Option<Timestamp>,
}

/// What follows from a report about a name that nobody registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The entry in the record of events: only webhooks make one.
    pub event: Option<Event>,
    /// Since when and by which witness the name is in use, if the report says that it is.
    pub listed: Option<(Timestamp, Source)>,
}

impl Observation {
    /// When it was made: its arrival, or when the router was asked.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::HookUp { at, .. }
            | Self::HookDown { at, .. }
            | Self::RowSeen { at, .. }
            | Self::RowGone { at, .. }
            | Self::Blind { at } => *at,
            Self::Table { began, .. } => *began,
        }
    }

    /// Whether it is a webhook, which is counted and recorded whatever becomes of it.
    pub const fn is_hook(&self) -> bool {
        matches!(self, Self::HookUp { .. } | Self::HookDown { .. })
    }

    /// Its entry in the record of events, as if it had changed nothing.
    fn event(&self) -> Event {
        let key = |key: &Option<HookKey>| key.as_ref().map(|key| key.0.clone());
        let (source, kind, alias) = match self {
            Self::HookUp { key: of, .. } => (Source::Webhook, EventKind::Up, key(of)),
            Self::HookDown { key: of, .. } => (Source::Webhook, EventKind::Down, key(of)),
            Self::RowSeen { row, .. } => (Source::Listen, EventKind::Seen, Some(row.key.id.clone())),
            Self::RowGone { id, .. } => (Source::Listen, EventKind::Gone, Some(id.clone())),
            Self::Table { .. } => (Source::Sweep, EventKind::Table, None),
            Self::Blind { .. } => (Source::Router, EventKind::Blind, None),
        };
        Event { at: self.at(), source, kind, alias, outcome: Outcome::Stale, status: None }
    }
}
