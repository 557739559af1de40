//! Simulated SNMP agents that replay recordings of real devices over UDP.
//!
//! - [`Recording`]: an agent's whole answer, loaded from `OID|tag|value` lines (`.snmprec`)
//! - [`ReplayAgent`]: a UDP socket that answers v1 and v2c GET, GETNEXT and GETBULK from a recording
//! - [`Quirks`]: what real agents get wrong, on demand
//!
//! Start with [`ReplayAgent::start`].

mod agent;
mod answer;
mod ber;
mod message;
mod quirks;
mod recording;

pub use agent::ReplayAgent;
pub use quirks::Quirks;
pub use recording::Recording;
