//! The objects of an SNMP agent, written down.

use std::fmt::{Display, Write};

use super::Device;
use crate::snmp::Recording;

/// Octets a device has carried.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) octets_in: f64,
    pub(crate) octets_out: f64,
}

/// Lines of a recording.
pub(super) struct Objects {
    lines: String,
    /// The time in milliseconds since 1970.
    pub(super) at: i64,
    uptime: u32,
}

/// A port as IF-MIB has it.
pub(super) struct Port<'a> {
    pub(super) index: u32,
    pub(super) name: &'a str,
    pub(super) alias: &'a str,
    /// ifType: 6 is Ethernet, 71 is Wi-Fi.
    pub(super) kind: u32,
    /// In Mbit/s.
    pub(super) speed: u32,
    pub(super) is_up: bool,
    pub(super) counted: Counted,
}

impl Objects {
    pub(super) fn new(device: &Device, at: i64, uptime: u32) -> Self {
        let mut objects = Self { lines: String::with_capacity(8_192), at, uptime };
        objects.ticks("1.3.6.1.2.1.1.3.0", uptime);
        objects.text("1.3.6.1.2.1.1.5.0", &device.name);
        objects
    }

    pub(super) fn recording(&self) -> Recording {
        Recording::parse(&self.lines)
    }

    /// sysDescr and sysObjectID.
    pub(super) fn system(&mut self, description: &str, object_id: &str) {
        self.text("1.3.6.1.2.1.1.1.0", description);
        self.put("1.3.6.1.2.1.1.2.0", "6", object_id);
    }

    fn put(&mut self, oid: impl Display, tag: &str, value: impl Display) {
        // Writing into a text cannot fail.
        let _written = writeln!(self.lines, "{oid}|{tag}|{value}");
    }

    pub(super) fn text(&mut self, oid: impl Display, value: impl Display) {
        self.put(oid, "4", value);
    }

    pub(super) fn number(&mut self, oid: impl Display, value: f64) {
        self.put(oid, "2", value.round() as i64);
    }

    pub(super) fn gauge(&mut self, oid: impl Display, value: f64) {
        self.put(oid, "66", value.max(0.0).round() as u64);
    }

    pub(super) fn ticks(&mut self, oid: impl Display, value: u32) {
        self.put(oid, "67", value);
    }

    pub(super) fn mac(&mut self, oid: impl Display, mac: [u8; 6]) {
        let [a, b, c, d, e, f] = mac;
        self.put(oid, "4x", format_args!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}"));
    }

    /// How long a station has been connected, in hundredths of a second: no longer than the device is up.
    pub(super) fn connected(&self, station: usize) -> u32 {
        self.uptime / (station as u32 % 7 + 1)
    }

    /// A row of ifTable and ifXTable.
    pub(super) fn port(&mut self, device: &Device, port: &Port<'_>) {
        let Port { index, name, alias, kind, speed, is_up, counted } = port;
        let link = if *is_up { 1.0 } else { 2.0 };
        let mut mac = device.mac();
        mac[3] = *index as u8;
        let (basic, more) = ("1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1");
        self.text(format_args!("{basic}.2.{index}"), name);
        self.number(format_args!("{basic}.3.{index}"), f64::from(*kind));
        self.number(format_args!("{basic}.4.{index}"), 1_500.0);
        self.gauge(format_args!("{basic}.5.{index}"), f64::from(*speed) * 1e6);
        self.mac(format_args!("{basic}.6.{index}"), mac);
        self.number(format_args!("{basic}.7.{index}"), 1.0);
        self.number(format_args!("{basic}.8.{index}"), link);
        for errors in [14, 20] {
            self.put(format_args!("{basic}.{errors}.{index}"), "65", 0);
        }
        self.text(format_args!("{more}.1.{index}"), name);
        for (octets, packets, carried) in [(6, 7, counted.octets_in), (10, 11, counted.octets_out)] {
            self.put(format_args!("{more}.{octets}.{index}"), "70", carried as u64);
            // Packets of 900 octets on average.
            self.put(format_args!("{more}.{packets}.{index}"), "70", (carried / 900.0) as u64);
        }
        self.gauge(format_args!("{more}.15.{index}"), f64::from(*speed));
        self.text(format_args!("{more}.18.{index}"), alias);
    }
}
