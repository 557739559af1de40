//! The built-in doctor.
