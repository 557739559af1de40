//! The SNMP objects of each maker. Which they are stands in the profiles that read them.

mod af60;
mod airos;
mod epmp;
mod mimosa;
mod netonix;
mod routeros;

use super::objects::{Counted, Objects, Port};
use super::{Device, Figures, Kind};

/// Writes down all objects of a device's agent.
pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    match device.kind {
        Kind::RouterosAp => routeros::write(device, now, counted, to),
        Kind::AirosAp => airos::write(device, now, counted, to),
        Kind::Af60Backhaul => af60::write(device, now, counted, to),
        Kind::EpmpAp => epmp::write(device, now, counted, to),
        Kind::MimosaBackhaul => mimosa::write(device, now, counted, to),
        Kind::NetonixSwitch => netonix::write(device, now, counted, to),
        Kind::Camera | Kind::Ups => {}
    }
}

/// The two ports of a radio: the cable towards the router, and the air.
fn radio_ports(device: &Device, names: [&str; 2], counted: &Counted, to: &mut Objects) {
    let air = Counted { octets_in: counted.octets_out, octets_out: counted.octets_in };
    let [cable, radio] = names;
    let port = Port {
        index: 1,
        name: cable,
        alias: "uplink",
        kind: 6,
        speed: 1_000,
        is_up: true,
        counted: *counted,
    };
    to.port(device, &port);
    to.port(device, &Port { index: 2, name: radio, alias: "", kind: 71, speed: 300, counted: air, ..port });
}

/// `2.93.0.0.1.7`
fn dotted(mac: [u8; 6]) -> String {
    mac.map(|octet| octet.to_string()).join(".")
}
