//! One static customer as his router knows him.

use tokio::time::Instant;

use super::phase::{Habits, Phase};
use super::{ArpRow, ArpShown, ArpStatus, StaticCustomer, StaticId, StaticTruth};
use crate::table::Id;
use crate::version::Version;

/// A customer and what the router keeps of him.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) customer: StaticCustomer,
    pub(super) phase: Phase,
    /// Counts what was planned for him; what was planned before is void.
    pub(super) plan: u32,
    pub(super) arp: Option<Id>,
    pub(super) queue: Option<Id>,
    pub(super) lease: Option<Id>,
    /// When his lease ends.
    pub(super) lease_until: Instant,
    /// The MAC address in his permanent row.
    pub(super) bound: String,
    /// Milliseconds since 1970.
    pub(super) changed: i64,
}

impl Host {
    pub(super) fn new(customer: StaticCustomer, now: Instant, changed: i64) -> Self {
        let bound = customer.mac.clone();
        Self {
            customer,
            phase: Phase::Absent,
            plan: 0,
            arp: None,
            queue: None,
            lease: None,
            lease_until: now,
            bound,
            changed,
        }
    }

    pub(super) fn habits(&self) -> Habits {
        Habits { alive: self.customer.alive, talking: self.customer.talking }
    }

    /// Whether an IP packet from the router reaches him: a permanent row may name another device.
    pub(super) fn hears_ip(&self) -> bool {
        self.customer.alive && (self.customer.arp != ArpRow::Permanent || self.bound == self.customer.mac)
    }

    /// Bytes per second that his queue counts now, up and down.
    pub(super) fn rate(&self) -> (u64, u64) {
        let (up, down) = self.customer.traffic;
        let active = self.customer.alive && self.customer.talking;
        if active { (up, down + self.customer.noise) } else { (0, self.customer.noise) }
    }

    /// His row in `/ip/arp` as this version shows it; `None` when there is none.
    pub(super) fn shown(&self, version: Version) -> Option<ArpShown> {
        match &self.customer.arp {
            ArpRow::Absent => None,
            ArpRow::Shown(shown) => Some(shown.clone()),
            ArpRow::Permanent => {
                Some(ArpShown { dynamic: false, ..ArpShown::learnt(ArpStatus::Permanent, &self.bound) })
            }
            ArpRow::Dhcp => self.lease.map(|_| ArpShown {
                dhcp: true,
                ..ArpShown::learnt(ArpStatus::Permanent, &self.customer.mac)
            }),
            ArpRow::Learnt => self.phase.status().map(|status| learnt(status, &self.customer.mac, version)),
        }
    }

    pub(super) fn truth(&self, id: StaticId) -> StaticTruth {
        let StaticCustomer { address, mac, interface, vrf, queue, alive, arp, .. } = self.customer.clone();
        let by_dhcp = arp == ArpRow::Dhcp;
        StaticTruth { id, address, mac, interface, vrf, queue, by_dhcp, online: alive, changed: self.changed }
    }
}

/// Version 6 shows the MAC address of an entry that failed, and none of one that never resolved; version 7
/// was recorded with a zero one and with an old one.
fn learnt(status: ArpStatus, mac: &str, version: Version) -> ArpShown {
    let shown = ArpShown::learnt(status, mac);
    match status {
        _ if version.major >= 7 => shown,
        ArpStatus::Failed => ArpShown { mac: Some(mac.to_owned()), ..shown },
        ArpStatus::Incomplete => ArpShown { mac: None, ..shown },
        _ => shown,
    }
}
