//! One value of one device at one time.

use super::Class;
use crate::builtin::snmp::Oid;

/// One value. (`class`, `index`) names a series of the device: it stays the same from poll to poll.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is about.
    pub class: Class,
    /// Which one of that class: `rx.1`, `65536`; empty where there can be one only.
    pub index: String,
    /// What to call it on screen. An agent's text in it is safe to show.
    pub name: String,
    /// The value, in the unit of the class.
    pub value: f64,
    /// The name of the state, where `value` is one.
    pub state: Option<String>,
    /// The MAC address of the station that it is about, `aa:bb:cc:dd:ee:ff`.
    pub station: Option<String>,
    /// The object that it was read from; of several, the first.
    pub source: Oid,
}
