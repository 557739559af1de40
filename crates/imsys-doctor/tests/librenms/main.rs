//! The adapter for LibreNMS, against the fake of `imsys-sim`.

#![expect(clippy::print_stdout, reason = "a test that skips says so")]

mod check;
mod contract;
mod faults;
mod guards;
mod logs;
mod readings;
mod tls;
mod world;
