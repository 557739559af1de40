//! The fake world: RouterOS routers and a town of customers, for tests, the demo and `imsys sim`.
//!
//! It shares nothing with the product but the wire: the routers here are judged by recorded
//! conversations and by clients that other people wrote.
//!
//! - [`model`]: the town's PPP life in virtual time, without sockets; exact truth at any moment
//! - [`dice`]: seeded randomness that never changes

pub mod dice;
pub mod model;
