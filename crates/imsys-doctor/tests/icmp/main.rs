//! The pinger on real sockets, in network namespaces of the tests' own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says why, and measurements are for reading")]

mod cost;
mod loopback;
mod namespace;
mod permission;
mod responder;
mod truth;
