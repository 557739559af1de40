//! Devices over real UDP: agents that behave, and agents that do not.

#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

mod helper;
mod profiles;
mod quirks;
mod turns;
mod v3;
