//! Presence: what witnesses say reaches the judge through the store, and browsers when it is stored.

mod hook;
pub mod http;
pub(crate) mod jobs;
pub(crate) mod trend;
