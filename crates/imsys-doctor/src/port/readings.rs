//! What was read from a device.

use crate::Class;
use imsys_domain::Timestamp;

/// All that was read from a device last. Texts of the device are safe to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    /// Values with their units.
    pub values: Vec<Reading>,
    /// Its ports.
    pub ports: Vec<PortReading>,
    /// How many values there were that have no [`Class`], or were beyond a bound.
    pub left_out: usize,
}

/// One value. (`class`, `index`) is unique within a device and stays the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it is about; it names the unit.
    pub class: Class,
    /// Which one of that class.
    pub index: String,
    /// What to call it on screen.
    pub name: String,
    /// The value, in the unit of the class.
    pub value: f64,
    /// When it was read, where that is known.
    pub at: Option<Timestamp>,
}

/// One port.
#[derive(Clone, Debug, PartialEq)]
pub struct PortReading {
    /// Its `ifIndex`.
    pub index: u64,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub alias: String,
    /// Whether it has a link.
    pub is_up: bool,
    /// Whether it is switched on.
    pub is_enabled: bool,
    /// Its speed, in bit/s.
    pub speed: Option<u64>,
    /// Traffic into it, in bit/s; `None` before it was read twice.
    pub bits_in: Option<f64>,
    /// Traffic out of it, in bit/s.
    pub bits_out: Option<f64>,
    /// Broken packets that came in, per second.
    pub errors_in: Option<f64>,
    /// Its MAC address, `aa:bb:cc:dd:ee:ff`.
    pub mac: Option<String>,
    /// When it was read, where that is known.
    pub at: Option<Timestamp>,
}
