//! The binary API as a router serves it.

mod command;
mod connection;
mod execute;
pub(crate) mod listen;
pub(crate) mod listener;
mod login;
mod outlet;
mod print;
mod reply;
