//! The built-in doctor.
//!
//! * [`icmp`]: our own pinger.
//! * [`snmp`]: reading from SNMP agents.
//! * [`profiles`]: what to read from the devices of each OS family.
//! * [`series`]: what was measured, over years.

pub mod icmp;
pub mod profiles;
pub mod series;
pub mod snmp;
