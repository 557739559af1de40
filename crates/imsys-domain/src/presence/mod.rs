//! Who is online, and how we know.
//!
//! Three witnesses speak of a PPPoE customer: the webhook of the router's PPP profile, the rows of
//! `/ppp/active/listen`, and whole prints of `/ppp/active`. Each report becomes an [`Observation`];
//! [`judge`] alone turns it into a new [`Presence`]. Truths it holds:
//!
//! * a webhook is a hint, the router's table is the truth;
//! * unknown is not offline;
//! * a session is (router, user, our id) with two aliases, [`HookKey`] and [`RowKey`], joined here;
//! * the newest evidence of the right session wins, in any order of arrival.

mod check;
mod judge;
mod keyless;
mod rows;
mod sweep;

pub use check::{ArpSeen, ArpState, Checked, LeaseSeen, ProbeSeen, QueueSeen, Seen, judge_check};
pub use judge::judge;
pub use sweep::{SweepDoubt, doubt};

use crate::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// What we say of a customer's line.
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
    /// The broker: the router cannot be reached, or says nothing about the line.
    Router,
    /// A static line's row in the ARP table.
    Arp,
    /// A probe of a static line from its router.
    Probe,
    /// The counters of a static line's simple queue.
    Queue,
    /// The DHCP server's table: the line's device has no lease.
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
pub struct Line {
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
    pub line: Line,
    /// When it began: arrival of the webhook, or print time minus uptime.
    pub started: Timestamp,
    /// When the evidence that opened it arrived. A print that began earlier cannot deny it.
    pub seen: Timestamp,
    /// Which witness opened it.
    pub by: Source,
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
            ended: Vec::new(),
            offline_before: None,
            checked: None,
        }
    }
}

/// A row of `/ppp/active`, read at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the table.
    pub key: RowKey,
    /// Caller and address.
    pub line: Line,
    /// How long the session has lasted, in milliseconds.
    pub uptime: i64,
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
        line: Line,
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
        /// had to agree, the begin of the first, or of the listen that would have told their end.
        denies: Timestamp,
    },
    /// The router or the way to it is gone.
    Blind {
        /// Since when.
        at: Timestamp,
    },
}

/// What became of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something that others may see changed.
    Applied,
    /// It said again what was known.
    Duplicate,
    /// It spoke of a session that is over, or is not known: recorded, nothing more.
    Stale,
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

/// What the judge decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether anything changed.
    pub outcome: Outcome,
    /// The state to store.
    pub state: Presence,
    /// What to write about sessions, in order.
    pub changes: Vec<SessionChange>,
    /// Whether the router should be asked about this user soon (`/ppp/active/print ?name=`).
    pub ask: bool,
}
