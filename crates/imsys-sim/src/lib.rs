//! The fake world: RouterOS routers, SNMP agents and a town of customers, for tests, the demo and `imsys sim`.
//!
//! It shares nothing with the product but the wire: the routers here are judged by recorded
//! conversations and by clients that other people wrote.
//!
//! - [`town`]: routers with customers who come and go, faults on plan or demand, the truth about all of it
//! - [`router`]: one router: a TCP server that speaks the binary API, its tables, its scripts, its faults
//! - [`model`]: the town's PPP life in virtual time, without sockets; exact truth at any moment
//! - [`device`]: radios and switches, whose figures move with the time of day
//! - [`snmp`]: SNMP agents that replay recordings of real devices
//! - [`librenms`]: a LibreNMS with its API, its state and its quirks
//! - [`dice`]: seeded randomness that never changes
//!
//! Time is tokio's, so that a test can pause it.
//!
//! Start with [`Town::start`](town::Town::start), with [`Router::start`](router::Router::start) where one
//! router will do, or with [`model::World::new`] where time must fly. [`sim`] is `imsys sim`.

mod api;
mod clock;
pub mod device;
pub mod dice;
mod gauge;
pub mod hooks;
mod http;
pub mod librenms;
pub mod model;
mod policy;
pub mod router;
mod script;
pub mod sim;
pub mod snmp;
mod table;
pub mod town;
pub mod trap;
pub mod version;

pub use script::ScriptError as PasteError;
