//! The built-in doctor.

pub mod icmp;
