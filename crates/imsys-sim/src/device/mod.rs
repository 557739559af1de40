//! Devices of a provider's network: radios, switches, cameras, as figures that move with the time of day.
//!
//! - [`Device`]: one of them; [`Device::figures`] at any moment, a pure function of its seed and the time
//! - [`Kind`]: what it is; `makers` writes its SNMP objects as its maker does
//! - `wander`: values that drift about a mean

mod figures;
mod makers;
mod objects;
mod wander;

use std::net::Ipv4Addr;

pub use figures::Figures;
pub(crate) use objects::Counted;
use objects::Objects;

use crate::snmp::Recording;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// MikroTik RouterOS, a wireless access point.
    RouterosAp,
    /// Ubiquiti airOS, a wireless access point.
    AirosAp,
    /// Ubiquiti airFiber 60, one end of a backhaul.
    Af60Backhaul,
    /// Cambium ePMP, a wireless access point.
    EpmpAp,
    /// Mimosa, one end of a backhaul.
    MimosaBackhaul,
    /// A Netonix switch.
    NetonixSwitch,
    /// A camera, without SNMP.
    Camera,
    /// A power supply, without SNMP.
    Ups,
}

impl Kind {
    /// What people call one.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::RouterosAp | Self::AirosAp | Self::EpmpAp => "AP",
            Self::Af60Backhaul | Self::MimosaBackhaul => "Backhaul",
            Self::NetonixSwitch => "Switch",
            Self::Camera => "Camera",
            Self::Ups => "UPS",
        }
    }

    /// Whether it has an SNMP agent.
    pub fn has_agent(self) -> bool {
        !matches!(self, Self::Camera | Self::Ups)
    }

    /// ifIndex of the port towards the router.
    pub const fn uplink(self) -> u32 {
        1
    }
}

/// A device. Its figures depend on nothing but this and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// As people call it, plainly simulated.
    pub name: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// The number of its router in the town, from 0.
    pub router: usize,
    /// What it is.
    pub kind: Kind,
    /// People watch it closely.
    pub watched: bool,
    /// Those connected to a radio. An access point has customers, a backhaul its other end.
    pub stations: Vec<Station>,
    /// Where its day is: this moment (milliseconds since 1970) is two in the afternoon.
    pub(crate) afternoon: i64,
    pub(crate) seed: u64,
}

/// Somebody connected to a radio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// As the radio names it.
    pub name: String,
    /// Its MAC address.
    pub mac: [u8; 6],
}

impl Device {
    /// Its SNMP agent's objects at a time, up for so many hundredths of a second; empty where it has no agent.
    pub(crate) fn objects(&self, at: i64, uptime: u32, counted: &Counted) -> Recording {
        let now = self.figures(at);
        let mut objects = Objects::new(self, at, uptime);
        makers::write(self, &now, counted, &mut objects);
        objects.recording()
    }

    /// Its MAC address: locally administered, no vendor's.
    pub(crate) fn mac(&self) -> [u8; 6] {
        let [_, router, _, last] = self.address.octets();
        [0x02, 0x5D, 0xDE, 0, router, last]
    }
}
