//! The built-in doctor.
//!
//! * [`snmp`]: reading from SNMP agents.
//! * [`profiles`]: what to read from the devices of each OS family.

pub mod profiles;
pub mod snmp;
