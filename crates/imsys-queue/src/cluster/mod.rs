//! Processes that share one Redis and a prefix: who is here, who holds what, and messages between them.
//!
//! * `lease`: what at most one process holds at a time, such as a router's session.
//! * `pubsub`: messages to one process, and to all; they may be lost, never doubled.
//!
//! All keys and channels begin with the prefix, so several installations may share a Redis. Nothing here is kept: what must not be lost stands in the store.

mod lease;
mod pubsub;

pub use lease::LEASE;
pub use pubsub::{Heard, Inbox};

use crate::bullmq::link::Link;
use std::fmt::Write as _;
use std::sync::Arc;

/// One process among those that share a Redis. Cheap to clone; every clone is the same member.
#[derive(Clone)]
pub struct Cluster {
    link: Arc<Link>,
    member: Arc<str>,
}

impl Cluster {
    pub(crate) fn new(link: Arc<Link>) -> Self {
        Self { link, member: fresh_name().into() }
    }

    /// The name of this process: random, new with each start.
    pub fn member(&self) -> &str {
        &self.member
    }
}

fn fresh_name() -> String {
    let mut random = [0; 12];
    getrandom::fill(&mut random).expect("the operating system has random numbers");
    random.iter().fold(String::new(), |mut name, byte| {
        let _never_fails = write!(name, "{byte:02x}");
        name
    })
}
