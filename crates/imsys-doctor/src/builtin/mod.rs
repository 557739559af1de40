//! The built-in doctor.

pub mod series;
