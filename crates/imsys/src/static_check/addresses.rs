//! Which addresses a router shows, in its ARP table, its DHCP leases and its simple queues.

use super::lines::{Dialect, arp_fact, single};
use crate::routers::session::{RouterRead, Trouble, lease};
use imsys_domain::propose::{LeaseFact, QueueFact, Shown, Table as ShownTable};
use routeros::client::{Client, Command, Error, Table};
use routeros::menu::{Arp, DhcpLease, IpAddress, LeaseStatus, SimpleQueue};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// How long each table may take.
const PRINT: Duration = lease::PRINT;

/// All that a router shows.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadAddresses {
    /// How it speaks.
    pub(crate) dialect: Dialect,
}

/// What it shows.
#[derive(Serialize, Deserialize)]
pub(crate) struct Addresses {
    pub(crate) shown: Shown,
    /// The router's own addresses.
    pub(crate) own: Vec<Ipv4Addr>,
    /// Tables that it refused to show.
    pub(crate) missing: Vec<ShownTable>,
}

impl RouterRead for ReadAddresses {
    type Answer = Addresses;
    const NAME: &'static str = "addresses";

    async fn run(self, client: &Client) -> Result<Addresses, Trouble> {
        read(client, self.dialect).await
    }
}

/// One print of each table. A table that is refused is told as missing; all of them are a refusal.
async fn read(client: &Client, dialect: Dialect) -> Result<Addresses, Trouble> {
    let (arp, leases, queues, own) = tokio::join!(
        client.print::<Arp>(Command::new("/ip/arp/print"), PRINT),
        client.print::<DhcpLease>(Command::new("/ip/dhcp-server/lease/print"), PRINT),
        client.print::<SimpleQueue>(Command::new("/queue/simple/print"), PRINT),
        client.print::<IpAddress>(Command::new("/ip/address/print"), PRINT),
    );
    let mut missing = Vec::new();
    if arp.is_err() && leases.is_err() && queues.is_err() {
        arp.map_err(Trouble::Command)?;
        return Err(Trouble::Deadline);
    }
    let arp = table(arp, ShownTable::Arp, &mut missing)?;
    let leases = table(leases, ShownTable::Lease, &mut missing)?;
    let queues = table(queues, ShownTable::Queue, &mut missing)?;
    let own = table(own, ShownTable::Arp, &mut Vec::new())?;
    let shown = Shown {
        arp: arp.iter().filter_map(|row| arp_fact(row, dialect)).collect(),
        leases: leases.iter().filter_map(lease_fact).collect(),
        queues: queues.iter().filter_map(queue_fact).collect(),
    };
    let own = own.into_iter().filter_map(|row| match row.address?.address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    });
    Ok(Addresses { shown, own: own.collect(), missing })
}

/// A table's rows; none, with its name noted, where the router refuses it.
fn table<T>(
    rows: Result<Table<T>, Error>,
    name: ShownTable,
    missing: &mut Vec<ShownTable>,
) -> Result<Table<T>, Trouble> {
    match rows {
        Err(Error::Trap(_)) => {
            missing.push(name);
            Ok(Table::default())
        }
        rows => rows.map_err(Trouble::Command),
    }
}

fn lease_fact(row: &DhcpLease) -> Option<LeaseFact> {
    if row.disabled || row.blocked {
        return None;
    }
    let address = match row.active_address {
        Some(IpAddr::V4(address)) => address,
        // Reserved, or the name of a pool.
        _ => row.address.parse().ok()?,
    };
    let mac = row.active_mac_address.or(row.mac_address).filter(|mac| !mac.is_zero());
    Some(LeaseFact {
        address,
        mac: mac.and_then(|mac| mac.to_string().parse().ok()),
        bound: row.status == Some(LeaseStatus::Bound),
        dynamic: row.dynamic,
        host_name: row.host_name.to_string(),
        comment: row.comment.to_string(),
    })
}

/// A queue that somebody made for one address; those that services make are for PPP sessions and leases.
fn queue_fact(row: &SimpleQueue) -> Option<QueueFact> {
    let address = single(&row.target).filter(|_| !row.dynamic)?;
    Some(QueueFact { address, name: row.name.to_string(), comment: row.comment.to_string() })
}
