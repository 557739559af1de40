//! The question to a router: what it has counted.

use crate::routers::session::{RouterRead, Trouble, lease};
use imsys_domain::Timestamp;
use imsys_domain::usage::{Counter, CounterOwner, CounterSource, CounterTable};
use routeros::client::{Client, Command, Error};
use routeros::menu::{FastTrackRule, PppoeInterface, SimpleQueue};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;

/// How long each table may take.
const PRINT: Duration = lease::PRINT;

/// The counters of PPPoE interfaces and simple queues, and whether there is FastTrack.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadCounters {}

/// What it shows.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counters {
    /// User, row, bytes from and to him.
    users: Vec<(String, String, u64, u64)>,
    /// Address, row, bytes from and to it.
    addresses: Vec<(IpAddr, String, u64, u64)>,
    fasttrack: bool,
}

impl Counters {
    pub(crate) fn table(self, at: Timestamp) -> CounterTable {
        let interfaces = self.users.into_iter().map(|(user, row, up, down)| {
            (CounterOwner::User(user), Counter { source: CounterSource::Interface, row, up, down })
        });
        let queues = self.addresses.into_iter().map(|(address, row, up, down)| {
            (CounterOwner::Address(address), Counter { source: CounterSource::Queue, row, up, down })
        });
        CounterTable { at, counters: interfaces.chain(queues).collect(), fasttrack: self.fasttrack }
    }
}

impl RouterRead for ReadCounters {
    type Answer = Counters;
    const NAME: &'static str = "counters";

    async fn run(self, client: &Client) -> Result<Counters, Trouble> {
        let interfaces = Command::new("/interface/print").query("type", "pppoe-in");
        let rules = Command::new("/ip/firewall/filter/print").query("action", "fasttrack-connection");
        let (interfaces, queues, rules) = tokio::join!(
            client.print::<PppoeInterface>(interfaces, PRINT),
            client.print::<SimpleQueue>(Command::new("/queue/simple/print"), PRINT),
            client.print::<FastTrackRule>(rules, PRINT),
        );
        let interfaces = shown(interfaces)?;
        let queues = shown(queues)?;
        Ok(Counters {
            users: interfaces.iter().flatten().filter_map(of_interface).collect(),
            addresses: queues.iter().flatten().filter_map(of_queue).collect(),
            // A router that does not say may have it.
            fasttrack: shown(rules)?.is_none_or(|rules| rules.iter().any(|rule| !rule.disabled)),
        })
    }
}

/// A table's rows; none where the router refuses it.
fn shown<T>(rows: Result<routeros::client::Table<T>, Error>) -> Result<Option<Vec<T>>, Trouble> {
    match rows {
        Ok(rows) => Ok(Some(rows.into_iter().collect())),
        Err(Error::Trap(_)) => Ok(None),
        Err(Error::Closed(reason)) => Err(Trouble::Lost(reason)),
        Err(error) => Err(Trouble::Command(error)),
    }
}

/// A session's interface is called `<pppoe-USER>`, that of a second one of the user `<pppoe-USER-1>`. What it receives
/// comes from the customer.
fn of_interface(row: &PppoeInterface) -> Option<(String, String, u64, u64)> {
    let name = row.name.to_string();
    let user = name.strip_prefix("<pppoe-")?.strip_suffix('>')?;
    Some((user.to_owned(), row.id.as_ref()?.as_str().to_owned(), row.rx_byte?, row.tx_byte?))
}

/// A queue for one address.
fn of_queue(row: &SimpleQueue) -> Option<(IpAddr, String, u64, u64)> {
    let address = crate::static_check::lines::single(&row.target)?;
    let bytes = row.bytes?;
    Some((address.into(), row.id.as_ref()?.as_str().to_owned(), bytes.up, bytes.down))
}

#[cfg(test)]
mod tests {
    use super::*;
    use routeros::value::{Id, UpDown};

    #[test]
    fn what_an_interface_receives_comes_from_the_customer() {
        let row = |name: &str| PppoeInterface {
            id: Some(Id::from("*F0")),
            name: name.into(),
            rx_byte: Some(7),
            tx_byte: Some(70),
        };
        assert_eq!(of_interface(&row("<pppoe-ana>")), Some(("ana".into(), "*F0".into(), 7, 70)));
        assert_eq!(of_interface(&row("pppoe-in1")), None);
        assert_eq!(of_interface(&PppoeInterface { rx_byte: None, ..row("<pppoe-ana>") }), None);
    }

    #[test]
    fn a_queue_counts_for_a_single_address() {
        let row = |target: &str| SimpleQueue {
            id: Some(Id::from("*A")),
            target: target.into(),
            bytes: Some(UpDown { up: 7, down: 70 }),
            ..SimpleQueue::default()
        };
        assert_eq!(of_queue(&row("10.0.0.9/32")), Some(([10, 0, 0, 9].into(), "*A".into(), 7, 70)));
        assert_eq!(of_queue(&row("10.0.0.0/24")), None);
        assert_eq!(of_queue(&row("<pppoe-ana>")), None);
    }
}
