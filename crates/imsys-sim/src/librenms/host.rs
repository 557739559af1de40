//! A device in the network of the fake.

use serde_json::{Map, Value};

/// A device: whether it answers, and what there is to read from it. [`Default`] is one that answers to nothing.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Answers to ping.
    pub answers_ping: bool,
    /// Answers to SNMP with this community.
    pub community: Option<String>,
    /// The fields of the device that discovery finds, as `os` and `sysDescr`.
    pub found: Map<String, Value>,
    /// Where it says that it stands; discovery puts it in the place of what was set, unless that was to stay.
    pub location: Option<String>,
    /// Its other addresses, which are known after it was polled.
    pub addresses: Vec<String>,
    /// Rows of `/wireless-sensors`, without `device_id`.
    pub wireless: Vec<Value>,
    /// Rows of sensors of `/health`, without `device_id`.
    pub health: Vec<Value>,
    /// Of `/health` what are no sensors: name, title, and how many there are of it.
    pub pools: Vec<(String, String, Vec<Value>)>,
    /// Rows of `/ports` with all columns.
    pub ports: Vec<Value>,
    /// Graphs beside those of every device, as name and title.
    pub graphs: Vec<(String, String)>,
}

impl Host {
    /// One that answers to ping alone.
    pub fn pingable() -> Self {
        Self { answers_ping: true, ..Self::default() }
    }

    /// One that answers to ping, and to SNMP v2c with this community.
    pub fn with_snmp(community: &str) -> Self {
        Self { answers_ping: true, community: Some(community.to_owned()), ..Self::default() }
    }
}
