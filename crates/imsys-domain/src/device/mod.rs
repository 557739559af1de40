//! Devices: what is watched by ping and SNMP, and how it is doing.
//!
//! * [`Device`] and [`DeviceData`]: one of them, and what people set about it.
//! * [`judge`]: what a [`Report`] does to it. Nothing else makes a device up, down or unknown.
//! * [`attempts`]: with which logins a device is asked by SNMP. [`judge_poll`]: what a [`PollReport`] does to it.
//! * [`refusal`]: which addresses are watched.

mod judge;
mod snmp;

pub use judge::{Finding, Judgement, OutageChange, Report, judge};
pub use snmp::{
    Attempt, Figure, Figures, NoSnmp, PollFinding, PollReport, PortFacts, Snmp, SnmpAccess, SnmpIdentity,
    SnmpLogin, SnmpLoginData, SnmpState, SnmpVersion, TRY_AGAIN_MS, attempts, judge_poll,
};

use crate::hindrance::Hindrance;
use crate::reach::{NoTarget, may_connect};
use crate::{DeviceId, RouterId, TenantId, Timestamp, edition, search};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// From where a device is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From this server.
    Direct,
    /// By its router, over the router's API.
    Router,
}

/// How a device is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It answers.
    Up,
    /// It was asked and does not answer.
    Down,
    /// It could not be asked, or was not asked yet.
    Unknown,
}

/// Why a device is not up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Down: it does not answer to ping.
    NoAnswer,
    /// Unknown: nobody has asked it yet.
    NeverAsked,
    /// Unknown: its router cannot be asked.
    RouterAway,
    /// Unknown: this process may not send ICMP, or the API user may not ping.
    NoPermission,
    /// Unknown: the request could not be sent, as there is no route to it.
    NotSent,
    /// Unknown: the kernel dropped packets for us, and the answer may have been among them.
    PacketsDropped,
    /// Unknown: so many devices fell silent together that our own connection is the likely cause.
    OwnUplink,
}

/// What people set about a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceData {
    /// As people call it.
    pub name: String,
    /// Its address, in canonical form.
    pub address: IpAddr,
    /// The router that it is behind.
    pub router: Option<RouterId>,
    /// From where it is asked; `Router` only where there is one.
    pub reach: Reach,
    /// It is asked more often.
    pub watched: bool,
    /// Its own login for SNMP.
    pub snmp: Option<SnmpAccess>,
}

/// Where a device is asked: what a [`Report`] is about. A report about another place than the device's counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// By which router; `None` is from this server.
    pub through: Option<RouterId>,
    /// At which address.
    pub address: IpAddr,
}

impl DeviceData {
    /// Where it is asked.
    pub fn place(&self) -> Place {
        let through = self.router.filter(|_| self.reach == Reach::Router);
        Place { through, address: self.address }
    }

    /// What it is found by.
    pub fn search_text(&self) -> String {
        search::text([self.name.as_str(), &self.address.to_string()])
    }
}

/// Why a device at this place is not watched, if it is not. From here the same addresses are refused as those of routers;
/// a router may ask any single device, but not itself (where loopback is allowed, that is not known: a simulated router has
/// its devices there). The server's own addresses are for the caller, who knows them.
pub fn refusal(place: Place, allow_loopback: bool) -> Option<NoTarget> {
    let address = place.address.to_canonical();
    if place.through.is_none() {
        return may_connect(address, allow_loopback).err();
    }
    let is_device = match address {
        IpAddr::V4(ip) => !(ip.is_unspecified() || ip.is_multicast() || ip.is_broadcast()),
        // A link-local one means nothing without an interface.
        IpAddr::V6(ip) => !(ip.is_unspecified() || ip.is_multicast() || ip.is_unicast_link_local()),
    };
    if address.is_loopback() && !allow_loopback {
        return Some(NoTarget::Loopback);
    }
    (!is_device).then_some(NoTarget::NoDevice)
}

/// How a device is doing, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether it answers.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// Why it is not up; nothing where it is.
    pub reason: Option<Reason>,
    /// The median round trip time of the latest round, in microseconds; `None` without an answer.
    pub latency_us: Option<u32>,
    /// How much of the latest round was lost, in percent; `None` where nothing is known.
    pub loss: Option<u8>,
    /// When the latest report was made.
    pub checked: Option<Timestamp>,
}

impl Health {
    /// Of a device that nobody has asked yet.
    pub const fn never_asked(at: Timestamp) -> Self {
        let (status, reason) = (Status::Unknown, Some(Reason::NeverAsked));
        Self { status, since: at, reason, latency_us: None, loss: None, checked: None }
    }
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Counts every change.
    pub rev: i64,
    /// Counts the changes by people; the ETag.
    pub edition: i64,
    /// What people set.
    pub data: DeviceData,
    /// How it is doing.
    pub health: Health,
    /// What is known by SNMP.
    pub snmp: Snmp,
    /// When it was added.
    pub created: Timestamp,
    /// Removed since when.
    pub archived: Option<Timestamp>,
}

/// A time in which a device was down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Its begin.
    pub began: Timestamp,
    /// When it was no longer known to be down; `None` while it is.
    pub ended: Option<Timestamp>,
    /// Why it was called down.
    pub reason: Reason,
}

impl Device {
    /// One that was just added.
    pub fn new(id: DeviceId, tenant: TenantId, data: DeviceData, created: Timestamp) -> Self {
        let (health, snmp) = (Health::never_asked(created), Snmp::untried(created));
        Self { id, tenant, rev: 1, edition: 1, data, health, snmp, created, archived: None }
    }

    /// People set something else. What was known of another place does not count any more.
    pub fn configure(&mut self, at: Timestamp, data: DeviceData) -> Option<OutageChange> {
        let moved = self.data.place() != data.place();
        if self.data.address != data.address || self.data.snmp != data.snmp {
            self.snmp = Snmp::untried(at);
        }
        self.data = data;
        if moved { self.forget(at) } else { None }
    }

    /// Nobody asks it any more: an outage ends.
    pub fn archive(&mut self, at: Timestamp) -> Option<OutageChange> {
        self.archived = Some(at);
        self.forget(at)
    }

    /// Brings it back as one that nobody has asked.
    pub fn restore(&mut self, at: Timestamp, router_archived: bool) -> Result<(), Hindrance> {
        edition::archived(self.archived)?;
        if router_archived {
            return Err(Hindrance::RouterArchived);
        }
        (self.archived, self.health, self.snmp) = (None, Health::never_asked(at), Snmp::untried(at));
        Ok(())
    }

    fn forget(&mut self, at: Timestamp) -> Option<OutageChange> {
        let was_down = self.health.status == Status::Down;
        self.health = Health::never_asked(at);
        was_down.then_some(OutageChange::Ended(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn place(address: &str, through: Option<RouterId>) -> Place {
        Place { through, address: address.parse().unwrap() }
    }

    fn device() -> Device {
        let data = DeviceData {
            name: "Roof".into(),
            address: [192, 168, 1, 20].into(),
            router: Some(RouterId(Uuid::nil())),
            reach: Reach::Router,
            watched: false,
            snmp: None,
        };
        Device::new(DeviceId(Uuid::nil()), TenantId(Uuid::nil()), data, Timestamp(1))
    }

    #[test]
    fn from_here_the_addresses_of_routers_are_watched() {
        for (address, why) in [
            ("127.0.0.2", NoTarget::Loopback),
            ("::ffff:127.0.0.1", NoTarget::Loopback),
            ("169.254.169.254", NoTarget::NoDevice),
            ("100.100.100.200", NoTarget::Metadata),
            ("224.0.0.1", NoTarget::NoDevice),
        ] {
            assert_eq!(refusal(place(address, None), false), Some(why), "{address}");
        }
        for address in ["192.168.1.20", "10.0.0.1", "203.0.113.7", "2001:db8::1"] {
            assert_eq!(refusal(place(address, None), false), None, "{address}");
        }
        assert_eq!(refusal(place("127.0.0.2", None), true), None);
    }

    #[test]
    fn a_router_asks_any_single_device_but_itself() {
        let router = Some(RouterId(Uuid::nil()));
        for address in ["192.168.1.20", "169.254.10.1", "100.100.100.200", "fd00::1"] {
            assert_eq!(refusal(place(address, router), false), None, "{address}");
        }
        for address in ["0.0.0.0", "224.0.0.1", "255.255.255.255", "ff02::1", "fe80::1"] {
            assert_eq!(refusal(place(address, router), true), Some(NoTarget::NoDevice), "{address}");
        }
        assert_eq!(refusal(place("127.0.0.1", router), false), Some(NoTarget::Loopback));
        assert_eq!(
            refusal(place("127.0.0.1", router), true),
            None,
            "a simulated router has its devices there"
        );
    }

    #[test]
    fn a_device_is_found_by_its_name_and_address() {
        let text = device().data.search_text();
        assert!(search::finds("roof 192.168.1", &text), "{text}");
    }

    #[test]
    fn what_was_known_of_another_place_does_not_count() {
        let mut device = device();
        let down = Health { status: Status::Down, reason: Some(Reason::NoAnswer), ..device.health };
        device.health = down;
        let renamed = DeviceData { name: "Mast".into(), ..device.data.clone() };
        assert_eq!(device.configure(Timestamp(5), renamed.clone()), None);
        assert_eq!(device.health, down);
        let direct = DeviceData { reach: Reach::Direct, ..renamed };
        assert_eq!(device.configure(Timestamp(6), direct), Some(OutageChange::Ended(Timestamp(6))));
        assert_eq!(device.health, Health::never_asked(Timestamp(6)));
    }

    #[test]
    fn a_device_comes_back_while_its_router_is_there() {
        let mut device = device();
        assert_eq!(device.restore(Timestamp(9), false), Err(Hindrance::NotArchived));
        assert_eq!(device.archive(Timestamp(7)), None);
        assert_eq!(device.restore(Timestamp(9), true), Err(Hindrance::RouterArchived));
        assert_eq!(device.restore(Timestamp(9), false), Ok(()));
        assert_eq!((device.archived, device.health), (None, Health::never_asked(Timestamp(9))));
    }
}
