//! An agent of numbered rows and a device that asks it.

use std::time::Duration;

use imsys_doctor::builtin::snmp::{Credentials, Device, Oid, SnmpError, SnmpSocket, Varbind};
use imsys_sim::snmp::{Quirks, Recording, ReplayAgent};
use tokio::time::Instant;

/// Rows of the table at [`table`].
pub(crate) const ROWS: usize = 60;

/// A guard against hanging.
pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(120)
}

pub(crate) fn oid(text: &str) -> Oid {
    text.parse().expect("an object identifier")
}

pub(crate) fn table() -> Oid {
    oid("1.3.6.1.4.1.99.1")
}

/// sysDescr, a table, and an object behind it.
pub(crate) fn recording() -> Recording {
    let mut lines = vec!["1.3.6.1.2.1.1.1.0|4|a device".to_owned(), "1.3.6.1.4.1.99.2.0|2|1".to_owned()];
    lines.extend((1..=ROWS).map(|row| format!("1.3.6.1.4.1.99.1.{row}|66|{row}")));
    Recording::parse(&lines.join("\n"))
}

pub(crate) struct World {
    pub(crate) agent: ReplayAgent,
    pub(crate) device: Device,
}

impl World {
    /// An agent with `quirks` and a device that asks it by v2c.
    pub(crate) async fn with(quirks: Quirks) -> Self {
        Self::by(quirks, &Credentials::V2c("public".into())).await
    }

    pub(crate) async fn by(quirks: Quirks, credentials: &Credentials) -> Self {
        let agent = ReplayAgent::start(recording(), "public", quirks).await.expect("a free port");
        let socket = SnmpSocket::bind().await.expect("a socket");
        let peer = socket.agent(agent.address(), credentials).await.expect("usable credentials");
        Self { agent, device: Device::new(peer, true) }
    }

    pub(crate) async fn walk(&self) -> Result<Vec<Varbind>, SnmpError> {
        self.device.walk(&table(), deadline()).await
    }

    /// Walks the table, which must be whole, and counts the requests that it took.
    pub(crate) async fn requests_of_a_walk(&self) -> u64 {
        let before = self.agent.requests();
        assert_eq!(self.walk().await.expect("a whole walk").len(), ROWS);
        self.agent.requests() - before
    }
}
