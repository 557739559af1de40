//! What was when, of routers.

use imsys_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A time in which a router that had been connected was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// When it was lost.
    pub began: Timestamp,
    /// When it was found again; `None`: not yet.
    pub ended: Option<Timestamp>,
    /// Why it was lost, for people.
    pub reason: String,
}
