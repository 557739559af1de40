//! Live events as browsers get them: the stream over Server-Sent Events, and the counts of the overview.

pub mod http;
mod overview;
mod told;

pub(crate) use overview::run as count;
