//! Who might be a customer of a router without logging in: what its tables show and nobody registered. Everything
//! named here was chosen by strangers.

use crate::mac::Mac;
use crate::presence::{ArpState, Status};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::net::Ipv4Addr;

/// Most proposals at a time.
pub const MOST: usize = 2_000;
/// Most characters of a name.
const NAME_MOST: usize = 100;

/// A row of the ARP table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArpFact {
    /// The address.
    pub address: Ipv4Addr,
    /// The device, when one answered or is written there.
    pub mac: Option<Mac>,
    /// Where it is.
    pub interface: String,
    /// The routing table; `None` is `main`.
    pub vrf: Option<String>,
    /// What the row says.
    pub state: ArpState,
    /// The administrator's note.
    pub comment: String,
}

/// A DHCP lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseFact {
    /// The address in use, else the reserved one.
    pub address: Ipv4Addr,
    /// The device.
    pub mac: Option<Mac>,
    /// Whether it is in use now.
    pub bound: bool,
    /// Whether it is no reservation: the address may be another's tomorrow.
    pub dynamic: bool,
    /// What the device calls itself.
    pub host_name: String,
    /// The administrator's note.
    pub comment: String,
}

/// A simple queue for one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFact {
    /// The address.
    pub address: Ipv4Addr,
    /// The queue's name.
    pub name: String,
    /// The administrator's note.
    pub comment: String,
}

/// What a router's tables show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its ARP table.
    pub arp: Vec<ArpFact>,
    /// Its DHCP leases.
    pub leases: Vec<LeaseFact>,
    /// Its simple queues.
    pub queues: Vec<QueueFact>,
}

/// What is not proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Registered static lines: routing table (`None` is `main`) and address.
    pub registered: HashSet<(Option<String>, Ipv4Addr)>,
    /// Devices of registered lines by DHCP.
    pub devices: HashSet<Mac>,
    /// Addresses of the router itself and of PPP sessions.
    pub others: HashSet<Ipv4Addr>,
}

/// Which table showed an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Table {
    /// `/ip/arp`.
    Arp,
    /// `/ip/dhcp-server/lease`.
    Lease,
    /// `/queue/simple`.
    Queue,
}

/// An address that may be a customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The address.
    pub address: Ipv4Addr,
    /// The routing table; `None` is `main`, or not known.
    pub vrf: Option<String>,
    /// The device.
    pub mac: Option<Mac>,
    /// Where it is.
    pub interface: Option<String>,
    /// What somebody called it: bounded, hidden characters written out.
    pub name: Option<String>,
    /// Which tables show it.
    pub seen_in: Vec<Table>,
    /// What they say of it, without a probe.
    pub status: Status,
    /// The address comes from a lease that is no reservation.
    pub dynamic_lease: bool,
}

/// The proposals by address, at most [`MOST`]; and how many more there are.
pub fn propose(shown: Shown, known: &Known) -> (Vec<Proposal>, usize) {
    let mut found = BTreeMap::new();
    take_arp(&mut found, shown.arp);
    take_leases(&mut found, shown.leases);
    take_queues(&mut found, shown.queues);
    let is_new = |((address, vrf), draft): &(Key, Draft)| {
        is_customers(*address) && !known.has(*address, vrf, draft.mac)
    };
    let mut new: Vec<Proposal> = found.into_iter().filter(is_new).map(finish).collect();
    let left = new.len().saturating_sub(MOST);
    new.truncate(MOST);
    (new, left)
}

type Key = (Ipv4Addr, Option<String>);

#[derive(Default)]
struct Draft {
    mac: Option<Mac>,
    interface: Option<String>,
    /// By how much a name is worth: an administrator's note before what a device calls itself.
    names: BTreeMap<u8, String>,
    seen_in: Vec<Table>,
    status: Option<Status>,
    dynamic_lease: bool,
}

impl Draft {
    fn note(&mut self, table: Table, worth: u8, name: &str) {
        if !self.seen_in.contains(&table) {
            self.seen_in.push(table);
        }
        let name = text::shown(name.trim(), NAME_MOST);
        if !name.is_empty() {
            self.names.entry(worth).or_insert(name);
        }
    }
}

fn take_arp(found: &mut BTreeMap<Key, Draft>, rows: Vec<ArpFact>) {
    // Without a MAC address nobody has ever answered there: somebody scans.
    for row in rows.into_iter().filter(|row| row.mac.is_some()) {
        let draft = found.entry((row.address, row.vrf)).or_default();
        draft.mac = draft.mac.or(row.mac);
        draft.interface.get_or_insert(row.interface);
        draft.status = draft.status.or(status_of(row.state));
        draft.note(Table::Arp, 0, &row.comment);
    }
}

fn take_leases(found: &mut BTreeMap<Key, Draft>, rows: Vec<LeaseFact>) {
    for row in rows {
        let draft = of_address(found, row.address, |draft| row.mac.is_some() && draft.mac == row.mac);
        draft.mac = draft.mac.or(row.mac);
        draft.dynamic_lease |= row.dynamic;
        if !row.bound && draft.status.is_none() && !draft.seen_in.contains(&Table::Arp) {
            draft.status = Some(Status::Offline);
        }
        draft.note(Table::Lease, 1, &row.comment);
        draft.note(Table::Lease, 4, &row.host_name);
    }
}

fn take_queues(found: &mut BTreeMap<Key, Draft>, rows: Vec<QueueFact>) {
    for row in rows {
        let draft = of_address(found, row.address, |_| false);
        draft.note(Table::Queue, 2, &row.comment);
        draft.note(Table::Queue, 3, &row.name);
    }
}

/// The draft of an address where the routing table is not known: the one that is `like` it, else the one
/// of `main`, else the only one there is.
fn of_address(
    found: &mut BTreeMap<Key, Draft>,
    address: Ipv4Addr,
    like: impl Fn(&Draft) -> bool,
) -> &mut Draft {
    let there: Vec<_> = found.iter().filter(|((other, _), _)| *other == address).collect();
    let alike = there.iter().find(|(_, draft)| like(draft)).map(|((_, vrf), _)| vrf.clone());
    let main = there.iter().any(|((_, vrf), _)| vrf.is_none());
    let vrf = match (alike, there.as_slice()) {
        (Some(vrf), _) => vrf,
        (None, [((_, vrf), _)]) if !main => vrf.clone(),
        _ => None,
    };
    found.entry((address, vrf)).or_default()
}

fn finish(((address, vrf), draft): (Key, Draft)) -> Proposal {
    let Draft { mac, interface, names, seen_in, status, dynamic_lease } = draft;
    let name = names.into_values().next();
    let status = status.unwrap_or(Status::Unknown);
    let mac = mac.filter(|mac| mac.is_device());
    Proposal { address, vrf, mac, interface, name, seen_in, status, dynamic_lease }
}

/// What a row says by itself.
const fn status_of(state: ArpState) -> Option<Status> {
    match state {
        ArpState::Reachable | ArpState::Complete => Some(Status::Online),
        ArpState::Incomplete | ArpState::Failed => Some(Status::Offline),
        ArpState::Delay | ArpState::Probe | ArpState::Stale | ArpState::Permanent | ArpState::Mute => None,
    }
}

/// Whether somebody can live at the address.
const fn is_customers(address: Ipv4Addr) -> bool {
    !address.is_unspecified()
        && !address.is_loopback()
        && !address.is_multicast()
        && !address.is_broadcast()
        && !address.is_link_local()
}

impl Known {
    fn has(&self, address: Ipv4Addr, vrf: &Option<String>, mac: Option<Mac>) -> bool {
        self.registered.contains(&(vrf.clone(), address))
            || self.others.contains(&address)
            || mac.is_some_and(|mac| self.devices.contains(&mac))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: &str = "02:00:5E:00:53:01";

    fn address(last: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, 0, 0, last)
    }

    fn arp(last: u8, vrf: Option<&str>, state: ArpState) -> ArpFact {
        let (mac, vrf) = (MAC.parse().ok(), vrf.map(str::to_owned));
        ArpFact {
            address: address(last),
            mac,
            interface: "ether2".into(),
            vrf,
            state,
            comment: String::new(),
        }
    }

    fn lease(last: u8, host: &str, comment: &str) -> LeaseFact {
        let mac = MAC.parse().ok();
        let (host_name, comment) = (host.into(), comment.into());
        LeaseFact { address: address(last), mac, bound: true, dynamic: true, host_name, comment }
    }

    fn queue(last: u8, name: &str) -> QueueFact {
        QueueFact { address: address(last), name: name.into(), comment: String::new() }
    }

    #[test]
    fn what_three_tables_show_of_an_address_is_one_proposal() {
        let shown = Shown {
            arp: vec![arp(2, None, ArpState::Reachable)],
            leases: vec![lease(2, "phone", "")],
            queues: vec![queue(2, "Ana 20M"), queue(3, "Ben")],
        };
        let (proposals, left) = propose(shown, &Known::default());
        let first = Proposal {
            address: address(2),
            vrf: None,
            mac: MAC.parse().ok(),
            interface: Some("ether2".into()),
            name: Some("Ana 20M".into()),
            seen_in: vec![Table::Arp, Table::Lease, Table::Queue],
            status: Status::Online,
            dynamic_lease: true,
        };
        assert_eq!((&proposals[0], proposals.len(), left), (&first, 2, 0));
        assert_eq!((proposals[1].name.as_deref(), proposals[1].status), (Some("Ben"), Status::Unknown));
    }

    #[test]
    fn who_is_registered_never_answered_or_is_no_customer_is_not_proposed() {
        let nobody = ArpFact { mac: None, ..arp(4, None, ArpState::Incomplete) };
        let multicast = ArpFact { address: Ipv4Addr::new(224, 0, 0, 1), ..arp(1, None, ArpState::Permanent) };
        let rows = vec![
            arp(2, None, ArpState::Stale),
            arp(2, Some("blue"), ArpState::Stale),
            arp(3, None, ArpState::Stale),
            ArpFact { mac: Some(Mac::from([2; 6])), ..arp(5, None, ArpState::Reachable) },
            nobody,
            multicast,
        ];
        let known = Known {
            registered: HashSet::from([(None, address(2))]),
            others: HashSet::from([address(3)]),
            devices: HashSet::from([Mac::from([2; 6])]),
        };
        let (proposals, _) = propose(Shown { arp: rows, ..Shown::default() }, &known);
        let places: Vec<_> = proposals.iter().map(|one| (one.address, one.vrf.as_deref())).collect();
        assert_eq!(places, [(address(2), Some("blue"))]);
    }

    #[test]
    fn names_are_bounded_and_show_what_they_hide() {
        let hostile = format!("\u{202E}<b>{}", "x".repeat(500));
        let shown = Shown { leases: vec![lease(2, &hostile, " ")], ..Shown::default() };
        let name = propose(shown, &Known::default()).0.remove(0).name.unwrap();
        assert!(name.starts_with("\\u{202e}<b>xxx"), "{name}");
        assert!(name.chars().count() < 120);
    }

    #[test]
    fn an_administrators_note_counts_more_than_what_a_device_calls_itself() {
        let shown = Shown {
            leases: vec![lease(2, "android-77", "Ana")],
            queues: vec![queue(2, "queue1")],
            ..Shown::default()
        };
        assert_eq!(propose(shown, &Known::default()).0[0].name.as_deref(), Some("Ana"));
    }

    #[test]
    fn more_than_fits_is_counted() {
        let rows =
            (0..3_000_u32).map(|n| QueueFact { address: Ipv4Addr::from(0x0A00_0000 + n), ..queue(0, "q") });
        let (proposals, left) =
            propose(Shown { queues: rows.collect(), ..Shown::default() }, &Known::default());
        assert_eq!((proposals.len(), left), (MOST, 1_000));
    }
}
