//! Static customers: devices with a fixed address behind an interface, without a session.
//!
//! What is so of them is [`StaticCustomer::alive`]; what a router shows of it are an ARP entry that ages
//! with the clock, the counters of a simple queue, perhaps a lease, and answers to probes.

mod agenda;
mod host;
mod life;
mod phase;
mod probe;
mod rows;

use std::net::Ipv4Addr;

pub(crate) use agenda::{Statics, run};
pub use phase::ArpTimes;
pub(crate) use probe::{Answer, Target};

use super::{Router, RouterTruth};

/// A static customer's device and how his router sees it. Start from [`StaticCustomer::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticCustomer {
    /// His address. Several devices may have the same one, in several VRFs or by mistake.
    pub address: Ipv4Addr,
    /// His device's MAC address.
    pub mac: String,
    /// The interface he is behind; made if the router has none of that name.
    pub interface: String,
    /// The routing table of that interface.
    pub vrf: String,
    /// The device is on and connected: the truth that everything else hints at. It then answers ARP.
    pub alive: bool,
    /// It answers ICMP while it is alive.
    pub answers_ping: bool,
    /// It sends something all the time, so that its ARP entry is confirmed and its queue counts.
    pub talking: bool,
    /// How he appears in `/ip/arp`.
    pub arp: ArpRow,
    /// The name of his queue in `/queue/simple`; none when `None`.
    pub queue: Option<String>,
    /// Bytes per second that he sends and gets while he is alive and talking.
    pub traffic: (u64, u64),
    /// Bytes per second that strangers send to him, which his queue counts as got even when he is off.
    pub noise: u64,
}

impl StaticCustomer {
    /// A device that is alive, talks, answers everything, and has a learnt ARP entry and no queue.
    pub fn new(address: Ipv4Addr, mac: &str, interface: &str) -> Self {
        Self {
            address,
            mac: mac.to_owned(),
            interface: interface.to_owned(),
            vrf: "main".to_owned(),
            alive: true,
            answers_ping: true,
            talking: true,
            arp: ArpRow::Learnt,
            queue: None,
            traffic: (12_500, 125_000),
            noise: 0,
        }
    }
}

/// How a static customer appears in `/ip/arp`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ArpRow {
    /// Learnt and forgotten by the router, in the states of [`ArpTimes`].
    #[default]
    Learnt,
    /// Written by an administrator with the MAC address of that moment (`arp=reply-only`): always there.
    Permanent,
    /// Written by the interface's DHCP server for a lease of ten minutes, together with the lease
    /// (`add-arp=yes`). The router has such a server from the first of them on.
    Dhcp,
    /// Exactly this row, whatever happens.
    Shown(ArpShown),
    /// He has no row.
    Absent,
}

/// A row of `/ip/arp` as a test wants it. The default is a learnt, reachable one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArpShown {
    /// `status`; not shown by version 6.
    pub status: Option<ArpStatus>,
    /// `mac-address`; the key is missing when it is `None`.
    pub mac: Option<String>,
    /// `complete`.
    pub complete: bool,
    /// `dynamic`.
    pub dynamic: bool,
    /// `dhcp`, on version 6 `DHCP`.
    pub dhcp: bool,
    /// `disabled`.
    pub disabled: bool,
    /// `invalid`.
    pub invalid: bool,
    /// `published`.
    pub published: bool,
}

impl ArpShown {
    /// The MAC address of entries that never resolved, as recorded on version 7.
    pub const ZERO_MAC: &str = "00:00:00:00:00:00";

    /// A learnt row in a state, with the MAC address and the flag `complete` that were recorded with it.
    pub fn learnt(status: ArpStatus, mac: &str) -> Self {
        let failed = status == ArpStatus::Failed;
        let complete = !failed && status != ArpStatus::Incomplete;
        let mac = if failed { Self::ZERO_MAC } else { mac };
        Self { status: Some(status), mac: Some(mac.to_owned()), complete, ..Self::default() }
    }
}

impl Default for ArpShown {
    fn default() -> Self {
        Self {
            status: Some(ArpStatus::Reachable),
            mac: None,
            complete: true,
            dynamic: true,
            dhcp: false,
            disabled: false,
            invalid: false,
            published: false,
        }
    }
}

/// `status` of an ARP entry (version 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArpStatus {
    /// Silent for a while, about to be asked.
    Delay,
    /// Asked, no answer.
    Failed,
    /// Asked for the first time.
    Incomplete,
    /// Written by somebody.
    Permanent,
    /// Being asked.
    Probe,
    /// Answered a moment ago.
    Reachable,
    /// Answered once.
    Stale,
}

impl ArpStatus {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Failed => "failed",
            Self::Incomplete => "incomplete",
            Self::Permanent => "permanent",
            Self::Probe => "probe",
            Self::Reachable => "reachable",
            Self::Stale => "stale",
        }
    }
}

/// A static customer of one router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaticId(u32);

/// What is so of one static customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticTruth {
    /// Who.
    pub id: StaticId,
    /// His address.
    pub address: Ipv4Addr,
    /// The MAC address of the device that he uses now.
    pub mac: String,
    /// The interface he is behind.
    pub interface: String,
    /// Its routing table.
    pub vrf: String,
    /// The name of his queue.
    pub queue: Option<String>,
    /// He gets his address from the router's DHCP server.
    pub by_dhcp: bool,
    /// His device is on and connected. The router itself may be off meanwhile.
    pub online: bool,
    /// When that last changed, or when he moved in (milliseconds since 1970).
    pub changed: i64,
}

impl RouterTruth {
    /// Whether a static customer is online, by his address and his interface or VRF; `None` when nobody
    /// has that address there. Where several have it, whether any of them is.
    pub fn static_online(&self, address: Ipv4Addr, place: &str) -> Option<bool> {
        let mut there = self
            .statics
            .iter()
            .filter(|one| one.address == address && (one.interface == place || one.vrf == place))
            .peekable();
        there.peek()?;
        Some(there.any(|one| one.online))
    }
}

/// Its static customers.
impl Router {
    /// A static customer moves in.
    pub fn add_static(&self, customer: StaticCustomer) -> StaticId {
        self.inner.lock().settle_static(customer)
    }

    /// He moves out: his device, ARP entry, queue and lease are gone. `false` when he was not there.
    pub fn remove_static(&self, id: StaticId) -> bool {
        self.inner.lock().evict_static(id)
    }

    /// His device is switched on or connected (`true`), or off or cut (`false`).
    pub fn set_alive(&self, id: StaticId, alive: bool) {
        self.inner.lock().with_static(id, |customer| customer.alive = alive);
    }

    /// His device begins or ceases to send of its own accord.
    pub fn set_talking(&self, id: StaticId, talking: bool) {
        self.inner.lock().with_static(id, |customer| customer.talking = talking);
    }

    /// His device begins or ceases to answer ICMP.
    pub fn set_answers_ping(&self, id: StaticId, answers: bool) {
        self.inner.lock().with_static(id, |customer| customer.answers_ping = answers);
    }

    /// Another device takes his place. A permanent ARP entry keeps the old MAC address.
    pub fn set_mac(&self, id: StaticId, mac: &str) {
        self.inner.lock().with_static(id, |customer| mac.clone_into(&mut customer.mac));
    }

    /// He appears otherwise in `/ip/arp`.
    pub fn set_arp(&self, id: StaticId, arp: ArpRow) {
        self.inner.lock().with_static(id, |customer| customer.arp = arp);
    }

    /// The number of his row in `/ip/arp`, for [`Router::get`] and [`Router::turn`]; `None` when he has none.
    pub fn arp_row(&self, id: StaticId) -> Option<u32> {
        self.inner.lock().static_row(id)
    }

    /// What is so of all its static customers, in the order in which they moved in.
    pub fn statics(&self) -> Vec<StaticTruth> {
        self.inner.lock().statics_truth()
    }
}
