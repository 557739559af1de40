//! The fake world: RouterOS routers and a town of customers, for tests, the demo and `imsys sim`.
//!
//! It shares nothing with the product but the wire: the routers here are judged by recorded
//! conversations and by clients that other people wrote.
//!
//! - [`router`]: one router: a TCP server that speaks the binary API, its tables, its scripts, its faults
//! - [`model`]: the town's PPP life in virtual time, without sockets; exact truth at any moment
//! - [`dice`]: seeded randomness that never changes; [`clock`]: tokio's time as milliseconds since 1970
//!
//! Start with [`Router::start`](router::Router::start), or with [`model::World::new`] where time must fly.

mod api;
pub mod clock;
pub mod dice;
pub mod hooks;
mod http;
pub mod model;
mod policy;
pub mod router;
mod script;
mod table;
pub mod trap;
pub mod version;

pub use script::ScriptError as PasteError;
