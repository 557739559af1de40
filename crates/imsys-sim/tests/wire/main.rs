//! Simulated routers over the wire: raw sentences in and out.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a helper that fails ends its test, and one that skips says so"
)]

mod client;
mod faults;
mod hooks;
mod listen;
mod login;
mod menus;
mod paste;
mod ping;
mod print;
mod sink;
mod statics;
mod vectors;
mod write;
