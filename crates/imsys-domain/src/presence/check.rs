//! Static lines and those by DHCP: the customer does not log in, so his router is asked. What one check of
//! one line saw becomes a status here. The order of the evidence: bytes of his simple queue moved; his row in
//! the ARP table; a probe from the router. By DHCP the lease tells at which address; that it still runs
//! proves nothing.

use super::{EndCause, Event, EventKind, Outcome, Presence, Source, Status};
use crate::Timestamp;
use crate::mac::Mac;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Silences in a row after which a line is offline: a single probe may be lost on the radio.
const SILENT_POLLS: u8 = 2;
/// Two silences count as two when they are at least this far apart.
const APART_MS: i64 = 3_000;
/// Evidence that is newer than a check's begin by this much was not written while the check ran, but by a clock
/// that was ahead and has been set right since.
const CLOCK_WAS_WRONG_MS: i64 = 600_000;

/// What an ARP row says, in either version's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArpState {
    /// Answered a moment ago (version 7).
    Reachable,
    /// About to be asked (version 7).
    Delay,
    /// Being asked (version 7).
    Probe,
    /// Answered once (version 7).
    Stale,
    /// Not learnt but written: always there, says nothing.
    Permanent,
    /// Asked, no answer yet; also a row without a MAC address.
    Incomplete,
    /// Asked, no answer (version 7).
    Failed,
    /// Learnt and complete; version 6 says no more.
    Complete,
    /// Learnt, without a word about its state: says nothing. So are rows of version 7 without a `status`,
    /// whose `complete` covers stale entries, and those of an early version 6 without a `complete`.
    Mute,
}

/// A line's row in the ARP table, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArpSeen {
    /// The interface it is on; most lines of a router share it.
    pub interface: Arc<str>,
    /// The MAC address it shows; never the zero one.
    pub mac: Option<Mac>,
    /// What it says.
    pub state: ArpState,
    /// It is switched off or cannot work: only told, not accepted.
    pub ignored: bool,
}

/// The counters of the line's simple queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSeen {
    /// Bytes that the customer sent since the counters were reset. What he was sent proves nothing:
    /// strangers send to whoever is off, too.
    pub bytes: u64,
    /// Whether they moved since the check before; `None` when there was none, or they were reset.
    pub moved: Option<bool>,
}

impl QueueSeen {
    /// The counters now, given those of the check before.
    pub fn after(before: Option<Self>, bytes: u64) -> Self {
        let moved = before.filter(|before| before.bytes <= bytes).map(|before| before.bytes < bytes);
        Self { bytes, moved }
    }
}

/// The DHCP server's entry for a service's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeaseSeen {
    /// It holds an address.
    Bound {
        /// This one.
        address: Ipv4Addr,
    },
    /// It holds none.
    Missing,
    /// The router would not show the table.
    Refused,
}

/// What came of a probe from the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeSeen {
    /// It was answered.
    Answered {
        /// After this many microseconds.
        micros: u32,
    },
    /// It was not.
    Silent,
    /// The router would not probe, or did not say what came of it.
    Refused,
}

/// Between the router and a line's device stands something that answers with a MAC address of its own, such as
/// a radio in station-pseudobridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// What the router sees instead of the device.
    pub mac: Mac,
    /// It answers at the addresses of several leases, which no customer's device does.
    pub shared: bool,
}

/// The findings of one check about one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its row, when there is one.
    pub arp: Option<ArpSeen>,
    /// Its queue's counters, when it has one.
    pub queue: Option<QueueSeen>,
    /// Its device's lease, of a line by DHCP.
    pub lease: Option<LeaseSeen>,
    /// A probe, when one was needed.
    pub probe: Option<ProbeSeen>,
    /// Milliseconds from the begin of the check to the probe.
    pub probed_after: u32,
    /// The MAC address in the row or in the probe's answer, when another one is registered.
    pub wrong_mac: Option<Mac>,
    /// The same of a line by DHCP whose device holds the address: then it proves nothing against the service.
    pub bridge: Option<Bridge>,
}

/// The last check of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// When the router was asked.
    pub at: Timestamp,
    /// What it said.
    pub seen: Seen,
    /// Checks in a row that found nobody and count, this one included.
    pub silent: u8,
    /// When the last of them asked.
    pub silent_at: Option<Timestamp>,
}

impl Checked {
    /// Nobody was found, and nobody has looked again yet.
    pub const fn is_doubtful(&self) -> bool {
        self.silent > 0 && self.silent < SILENT_POLLS
    }

    /// Whether it counts beside the one before when nobody is found at `at`.
    pub fn counts_again(&self, at: Timestamp) -> bool {
        self.silent_at.is_none_or(|before| at.since(before).abs() >= APART_MS)
    }
}

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    Online(Source),
    Offline(Source),
    /// Nobody was found, which may be chance.
    Silent(Source),
    Unclear,
    NeedsProbe,
}

impl Seen {
    /// Whether a probe must decide.
    pub fn needs_probe(&self) -> bool {
        self.finding() == Finding::NeedsProbe
    }

    /// The address that the line's device holds by DHCP.
    pub const fn leased(&self) -> Option<Ipv4Addr> {
        match self.lease {
            Some(LeaseSeen::Bound { address }) => Some(address),
            _ => None,
        }
    }

    /// Notes that another MAC address than the registered one was seen. By DHCP the lease tells whose the address
    /// is, and who answers there stands in front of its device; everywhere else it is another device.
    pub fn note_other(&mut self, other: Option<Mac>) {
        match (other, self.leased()) {
            (None, _) => (self.wrong_mac, self.bridge) = (None, None),
            (Some(mac), Some(_)) => {
                let shared = self.bridge.is_some_and(|before| before.mac == mac && before.shared);
                self.bridge = Some(Bridge { mac, shared });
            }
            (Some(mac), None) => self.wrong_mac = Some(mac),
        }
    }

    /// Whether nobody was found, which may be chance.
    pub fn is_silent(&self) -> bool {
        matches!(self.finding(), Finding::Silent(_))
    }

    fn finding(&self) -> Finding {
        match self.probe {
            Some(ProbeSeen::Answered { .. }) => return Finding::Online(Source::Probe),
            Some(ProbeSeen::Silent) => return Finding::Silent(Source::Probe),
            Some(ProbeSeen::Refused) => return Finding::Unclear,
            None => {}
        }
        let moved = self.queue.and_then(|queue| queue.moved);
        if moved == Some(true) {
            return Finding::Online(Source::Queue);
        }
        match (self.arp.as_ref().filter(|row| !row.ignored).map(|row| row.state), self.lease) {
            (Some(ArpState::Reachable), _) => Finding::Online(Source::Arp),
            (Some(ArpState::Complete), _) if moved != Some(false) => Finding::Online(Source::Arp),
            (Some(ArpState::Incomplete | ArpState::Failed), _) => Finding::Offline(Source::Arp),
            // Nobody knows an address to probe.
            (None, Some(LeaseSeen::Missing)) => Finding::Silent(Source::Lease),
            (None, Some(LeaseSeen::Refused)) => Finding::Unclear,
            _ => Finding::NeedsProbe,
        }
    }
}

/// What a check of one service came to: everything that is written beside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckJudgement {
    /// Whether anything changed that others may see.
    pub outcome: Outcome,
    /// The status before.
    pub before: Status,
    /// What became of the address that DHCP gives the device. It may say again what is kept already.
    pub lease: Option<LeaseChange>,
    /// The entry in the record of events, where the status changed.
    pub event: Option<Event>,
}

/// Which address a device by DHCP holds from now on. What is kept of it is a session: who had an address, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeaseChange {
    /// This one.
    Holds(Ipv4Addr),
    /// None.
    Ended,
}

impl LeaseChange {
    /// The address that it holds.
    pub const fn address(self) -> Option<Ipv4Addr> {
        match self {
            Self::Holds(address) => Some(address),
            Self::Ended => None,
        }
    }

    /// Why it no longer holds another one.
    pub const fn cause(self) -> EndCause {
        match self {
            Self::Holds(_) => EndCause::Superseded,
            Self::Ended => EndCause::Expired,
        }
    }
}

/// Decides what a check that began at `at` makes of a service's state, in its place.
///
/// The first silence (of a probe, or a lease that is not there) leaves the status as it was, and so does a
/// second one that follows within three seconds; without an answer about the service it is unknown, never offline. What is older than the evidence
/// that the state rests on changes nothing.
pub fn judge_check(state: &mut Presence, at: Timestamp, seen: Seen) -> CheckJudgement {
    let (before, since, held) = (state.status, state.since, state.lease());
    if state.knows_better_than(at) {
        return CheckJudgement { outcome: Outcome::Stale, before, lease: None, event: None };
    }
    let finding = seen.finding();
    let (silent, silent_at) = silence(state.checked.as_ref(), at, &seen, finding);
    state.checked = Some(Checked { at, seen, silent, silent_at });
    match finding {
        Finding::Online(source) => state.rest_on(Status::Online, source, at),
        Finding::Offline(source) => state.rest_on(Status::Offline, source, at),
        Finding::Silent(source) if silent >= SILENT_POLLS => state.rest_on(Status::Offline, source, at),
        Finding::Silent(_) => {}
        Finding::Unclear | Finding::NeedsProbe => state.lose_sight(at),
    }
    let changed = (before, since) != (state.status, state.since);
    let lease = state.lease_change(held, changed);
    let outcome = if changed || lease.is_some() { Outcome::Applied } else { Outcome::Duplicate };
    let source = state.source.unwrap_or(Source::Arp);
    let status = (state.status != before).then_some(state.status);
    let event = Event { at, source, kind: EventKind::Check, alias: None, outcome, status };
    CheckJudgement { outcome, before, lease, event: changed.then_some(event) }
}

/// Silences in a row that count, and when the last of them was met.
fn silence(
    before: Option<&Checked>,
    at: Timestamp,
    seen: &Seen,
    finding: Finding,
) -> (u8, Option<Timestamp>) {
    if !matches!(finding, Finding::Silent(_)) {
        return (0, None);
    }
    let sent = Timestamp(at.millis().saturating_add(i64::from(seen.probed_after)));
    match before {
        Some(before) if !before.counts_again(sent) => (before.silent, before.silent_at),
        before => (before.map_or(0, |before| before.silent).saturating_add(1), Some(sent)),
    }
}

impl Presence {
    /// The address that the last check found leased to the line's device.
    pub fn leased(&self) -> Option<Ipv4Addr> {
        self.checked.as_ref().and_then(|checked| checked.seen.leased())
    }

    fn lease(&self) -> Option<LeaseSeen> {
        self.checked.as_ref().and_then(|checked| checked.seen.lease)
    }

    /// What a check means for the address that the device holds, given what the one before saw of its lease. A lease
    /// that is not there may be forgotten by a router that has restarted: it ends when its device is offline too.
    fn lease_change(&self, held: Option<LeaseSeen>, changed: bool) -> Option<LeaseChange> {
        let lease = self.lease();
        match lease? {
            LeaseSeen::Bound { address } if held != lease => Some(LeaseChange::Holds(address)),
            LeaseSeen::Missing if self.status == Status::Offline && (changed || held != lease) => {
                Some(LeaseChange::Ended)
            }
            LeaseSeen::Bound { .. } | LeaseSeen::Missing | LeaseSeen::Refused => None,
        }
    }

    /// Whether a check that began at `at` and came to nothing says nothing: a later one was answered.
    pub fn outlives_failure(&self, at: Timestamp) -> bool {
        self.checked
            .as_ref()
            .is_some_and(|checked| checked.at > at && checked.at.since(at) < CLOCK_WAS_WRONG_MS)
    }

    /// Whether there is evidence that is newer than a check that began at `at`.
    fn knows_better_than(&self, at: Timestamp) -> bool {
        let is_later = |other: Timestamp| other > at && other.since(at) < CLOCK_WAS_WRONG_MS;
        let confirmed = self.confirmed.is_some_and(is_later);
        let checked = self.checked.as_ref().is_some_and(|checked| is_later(checked.at));
        let lost =
            self.status == Status::Unknown && self.source == Some(Source::Router) && is_later(self.since);
        confirmed || checked || lost
    }

    fn rest_on(&mut self, status: Status, source: Source, at: Timestamp) {
        if self.status != status {
            self.since = match status {
                Status::Offline => self.offline_before.unwrap_or(at),
                _ => at,
            };
            self.status = status;
            self.source = Some(source);
            self.offline_before = None;
        }
        self.confirmed = Some(at);
    }
}
