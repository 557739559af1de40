//! The crate through its public interface: golden bytes, recorded conversations and tables, and a client
//! against a scripted router.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod client;
mod codec;
mod fields;
mod limits;
mod login;
mod odd;
mod places;
mod recorded;
mod router;
mod rows;
mod script;
mod tables;
mod tls;
mod transcripts;
mod values;
