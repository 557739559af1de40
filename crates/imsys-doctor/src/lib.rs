//! How devices are doing.
//!
//! * [`builtin`]: what IMSys does itself.

pub mod builtin;
