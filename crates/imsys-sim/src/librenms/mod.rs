//! A fake LibreNMS: its API (v0) over HTTP on loopback, with the state behind it and its quirks.
//!
//! It answers as the recordings of LibreNMS 26.7.0 do. What is asked and polled are the [`Host`]s that a test puts into its
//! network; nothing is measured before [`FakeNms::poll`].
//!
//! - [`FakeNms`]: a running one, and what a test does to it
//! - [`Host`]: a device in its network: whether it answers, and what there is to read from it
//! - [`Faults`]: what goes wrong on the way
//! - `routes`: which request is for whom; `reply`: the forms of its answers
//! - `add`, `change`, `parents`, `devices`, `sensors`, `ports`, `graphs`: the routes
//! - `state`, `row`, `poll`: what it knows
//!
//! Quirks that are kept: refusals are status 500; adds at once make several rows; a new device has status 0; lists and single
//! devices have two shapes; many routes answer 200 for devices that are not there; PATCH takes fields that there are not.

mod add;
mod change;
mod devices;
mod faults;
mod graphs;
mod host;
mod parents;
mod poll;
mod ports;
mod reply;
mod routes;
mod row;
mod sensors;
mod server;
mod state;

pub use faults::Faults;
pub use host::Host;
pub use server::FakeNms;

/// The token of a user who may do everything.
pub const ADMIN_TOKEN: &str = "fake-admin-token";
/// The token of a user who may read.
pub const READER_TOKEN: &str = "fake-reader-token";
