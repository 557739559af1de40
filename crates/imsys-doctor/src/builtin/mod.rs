//! The built-in doctor.
//!
//! * [`snmp`]: reading from SNMP agents.

pub mod snmp;
