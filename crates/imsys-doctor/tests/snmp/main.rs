//! Devices over real UDP: agents that behave, and agents that do not.

mod helper;
mod profiles;
mod quirks;
mod turns;
mod v3;
