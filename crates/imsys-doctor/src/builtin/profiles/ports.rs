//! The ports of a device, by IF-MIB.

use std::collections::BTreeSet;

use super::Walked;
use super::schema::{PortCounters, Profile};
use crate::builtin::snmp::{Oid, Value};

/// A port and its counters.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// ifIndex.
    pub index: u32,
    /// ifDescr.
    pub description: String,
    /// ifName, or ifDescr where there is none.
    pub name: String,
    /// What the operator calls it (ifAlias); empty for no name.
    pub alias: String,
    /// ifType, as IANA numbers it; 6 is Ethernet, 71 is Wi-Fi.
    pub kind: Option<u32>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// Speed in bit/s.
    pub speed: Option<f64>,
    /// MAC address, `aa:bb:cc:dd:ee:ff`.
    pub mac: Option<String>,
    /// What the operator wants.
    pub wanted: Option<Link>,
    /// What it is.
    pub link: Option<Link>,
    /// Octets received.
    pub octets_in: Option<Counter>,
    /// Octets sent.
    pub octets_out: Option<Counter>,
    /// Unicast packets received.
    pub packets_in: Option<Counter>,
    /// Unicast packets sent.
    pub packets_out: Option<Counter>,
    /// Packets received with errors.
    pub errors_in: Option<Counter>,
    /// Packets that could not be sent because of errors.
    pub errors_out: Option<Counter>,
}

/// A counter and where it wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Wraps at 2^32.
    Bits32(u32),
    /// Wraps at 2^64.
    Bits64(u64),
}

/// ifAdminStatus and ifOperStatus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Passes packets.
    Up,
    /// Does not.
    Down,
    /// Passes test packets only.
    Testing,
    /// Not known to the agent.
    Unknown,
    /// Waits for something outside, such as a call.
    Dormant,
    /// A part of the device is not there.
    NotPresent,
    /// A port below it is down.
    LowerLayerDown,
}

impl Counter {
    /// Its value.
    pub fn value(self) -> u64 {
        match self {
            Self::Bits32(value) => u64::from(value),
            Self::Bits64(value) => value,
        }
    }
}

impl Link {
    fn from_number(number: f64) -> Option<Self> {
        let all = [
            Self::Up,
            Self::Down,
            Self::Testing,
            Self::Unknown,
            Self::Dormant,
            Self::NotPresent,
            Self::LowerLayerDown,
        ];
        (1..).zip(all).find(|(code, _)| f64::from(*code) == number).map(|(_, link)| link)
    }
}

const IF_ENTRY: [u32; 9] = [1, 3, 6, 1, 2, 1, 2, 2, 1];
const IF_X_ENTRY: [u32; 10] = [1, 3, 6, 1, 2, 1, 31, 1, 1, 1];
/// sysUpTime, which says whether counters began anew.
pub(super) const SYS_UP_TIME: [u32; 9] = [1, 3, 6, 1, 2, 1, 1, 3, 0];

/// Columns of ifTable (RFC 2863).
const IF_COLUMNS: [u32; 13] = [2, 3, 4, 5, 6, 7, 8, 10, 11, 14, 16, 17, 20];
/// Columns of ifXTable: ifName, the 64-bit counters, ifHighSpeed, ifAlias.
const IF_X_COLUMNS: [u32; 7] = [1, 6, 7, 10, 11, 15, 18];

/// The objects that [`ports`] and the rates need.
pub(super) fn objects() -> impl Iterator<Item = Oid> {
    let columns = IF_COLUMNS.iter().map(|column| join(&IF_ENTRY, &[*column]));
    let more = IF_X_COLUMNS.iter().map(|column| join(&IF_X_ENTRY, &[*column]));
    std::iter::once(Oid::from(&SYS_UP_TIME[..])).chain(columns).chain(more)
}

/// The ports of a device with `profile`, in the order of their indexes. Counters that the profile names
/// come first, then the 64-bit counters of IF-MIB, then its 32-bit counters.
pub fn ports(profile: &Profile, walked: &Walked) -> Vec<Port> {
    let mut found: Vec<Port> =
        indexes(walked).into_iter().map(|index| port(&Row { walked, index })).collect();
    for counters in &profile.ports {
        for port in found.iter_mut().filter(|port| port.description == counters.description) {
            overlay(port, counters, walked);
        }
    }
    found
}

fn indexes(walked: &Walked) -> BTreeSet<u32> {
    let columns = [join(&IF_ENTRY, &[2]), join(&IF_ENTRY, &[8]), join(&IF_X_ENTRY, &[1])];
    let mut indexes = BTreeSet::new();
    for column in &columns {
        indexes
            .extend(walked.column(column).filter(|(index, _)| index.len() == 1).map(|(index, _)| index[0]));
    }
    indexes
}

fn overlay(port: &mut Port, counters: &PortCounters, walked: &Walked) {
    for (field, oid) in [
        (&mut port.octets_in, &counters.octets_in),
        (&mut port.octets_out, &counters.octets_out),
        (&mut port.packets_in, &counters.packets_in),
        (&mut port.packets_out, &counters.packets_out),
        (&mut port.errors_in, &counters.errors_in),
        (&mut port.errors_out, &counters.errors_out),
    ] {
        let value = walked.get(oid).or_else(|| walked.column(oid).next().map(|(_, value)| value));
        if let Some(Value::Counter64(value)) = value {
            *field = Some(Counter::Bits64(*value));
        }
    }
}

struct Row<'a> {
    walked: &'a Walked,
    index: u32,
}

impl Row<'_> {
    fn of_if(&self, column: u32) -> Option<&Value> {
        self.walked.get(&join(&IF_ENTRY, &[column, self.index]))
    }

    fn of_if_x(&self, column: u32) -> Option<&Value> {
        self.walked.get(&join(&IF_X_ENTRY, &[column, self.index]))
    }

    fn number(&self, column: u32) -> Option<f64> {
        self.of_if(column).and_then(Value::number)
    }

    fn whole(&self, column: u32) -> Option<u32> {
        self.number(column)
            .filter(|number| (0.0..=f64::from(u32::MAX)).contains(number))
            .map(|number| number as u32)
    }

    fn counter(&self, long: u32, short: u32) -> Option<Counter> {
        match (self.of_if_x(long), self.of_if(short)) {
            (Some(Value::Counter64(value)), _) => Some(Counter::Bits64(*value)),
            (_, Some(Value::Counter32(value) | Value::Gauge(value))) => Some(Counter::Bits32(*value)),
            _ => None,
        }
    }

    fn errors(&self, column: u32) -> Option<Counter> {
        match self.of_if(column) {
            Some(Value::Counter32(value) | Value::Gauge(value)) => Some(Counter::Bits32(*value)),
            _ => None,
        }
    }
}

fn port(row: &Row<'_>) -> Port {
    let text = |value: Option<&Value>| value.and_then(Value::text).unwrap_or_default();
    let description = text(row.of_if(2));
    let name = text(row.of_if_x(1));
    Port {
        index: row.index,
        name: if name.is_empty() { description.clone() } else { name },
        description,
        alias: text(row.of_if_x(18)),
        kind: row.whole(3),
        mtu: row.whole(4),
        speed: speed(row),
        mac: mac(row.of_if(6)),
        wanted: row.number(7).and_then(Link::from_number),
        link: row.number(8).and_then(Link::from_number),
        octets_in: row.counter(6, 10),
        octets_out: row.counter(10, 16),
        packets_in: row.counter(7, 11),
        packets_out: row.counter(11, 17),
        errors_in: row.errors(14),
        errors_out: row.errors(20),
    }
}

/// ifHighSpeed counts Mbit/s; a value of 10 Tbit/s and more is that of an agent that counts bit/s.
const MOST_MEGABITS: f64 = 10_000_000.0;

fn speed(row: &Row<'_>) -> Option<f64> {
    let high = row.of_if_x(15).and_then(Value::number).filter(|megabits| *megabits > 0.0);
    match high {
        Some(bits) if bits >= MOST_MEGABITS => Some(bits),
        Some(megabits) => Some(megabits * 1e6),
        None => row.number(5).filter(|bits| *bits > 0.0),
    }
}

fn mac(value: Option<&Value>) -> Option<String> {
    let Some(Value::Octets(octets)) = value else { return None };
    let octets: [u8; 6] = octets.as_slice().try_into().ok()?;
    Some(octets.map(|octet| format!("{octet:02x}")).join(":"))
}

fn join(entry: &[u32], index: &[u32]) -> Oid {
    Oid::from(entry).join(index)
}
