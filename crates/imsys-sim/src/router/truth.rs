//! What is so of a router and everyone behind it.

use std::net::SocketAddr;

use super::{CustomerTruth, Reach, Router, StaticTruth};

/// What is so of one router at the moment of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouterTruth {
    /// `/system/identity`.
    pub name: String,
    /// Where its API listens.
    pub address: SocketAddr,
    /// Whether its API answers, and since when.
    pub reach: Reach,
    /// Everyone who has a secret, by name.
    pub customers: Vec<CustomerTruth>,
    /// Its static customers, in the order in which they moved in.
    pub statics: Vec<StaticTruth>,
}

impl Router {
    /// What is so of it and its customers.
    pub fn truth(&self) -> RouterTruth {
        RouterTruth {
            name: self.config().identity.clone(),
            address: self.address(),
            reach: self.reach(),
            customers: self.customers(),
            statics: self.statics(),
        }
    }
}
