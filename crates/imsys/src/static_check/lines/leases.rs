//! Where lines by DHCP are: the lease tells the address, its server the interface. Without a lease a device
//! may still be in the ARP table: a router that restarts forgets the leases of its last minutes.

use super::{PRINT, is_main};
use crate::routers::session::Trouble;
use imsys_domain::mac::Mac;
use imsys_domain::presence::LeaseSeen;
use imsys_store::model::StaticLine;
use routeros::client::{Client, Command, Error, Table};
use routeros::menu::{Arp, DhcpLease, DhcpServer, IpAddress, LeaseStatus};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// What is asked of each table.
const LEASE: &str = "address,mac-address,active-address,active-mac-address,server,active-server,status,disabled,\
                     last-seen";
const SERVER: &str = "name,interface,relay,disabled";

/// The router's DHCP tables.
pub(super) struct Leases {
    /// By MAC address, the client first that was heard last; `None` where the router would not show them.
    held: Option<Vec<Held>>,
    servers: Table<DhcpServer>,
    networks: Table<IpAddress>,
}

/// A lease in use.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    mac: Mac,
    heard_ago: Duration,
    address: Ipv4Addr,
    server: String,
}

impl Held {
    fn of(row: DhcpLease) -> Option<Self> {
        if row.disabled || row.status != Some(LeaseStatus::Bound) {
            return None;
        }
        let reserved = || row.address.parse().ok();
        let address = match row.active_address {
            Some(IpAddr::V4(address)) => Some(address),
            Some(IpAddr::V6(_)) => None,
            None => reserved(),
        };
        let mac = row.active_mac_address.or(row.mac_address)?;
        let server = if row.active_server.is_empty() { &row.server } else { &row.active_server };
        Some(Self {
            mac: Mac::from(mac.0),
            heard_ago: row.last_seen.unwrap_or(Duration::MAX),
            address: address?,
            server: server.to_string(),
        })
    }
}

impl Leases {
    pub(super) async fn read(client: &Client) -> Result<Self, Trouble> {
        let (leases, servers, networks) = tokio::join!(
            client.print::<DhcpLease>(
                Command::new("/ip/dhcp-server/lease/print").attr(".proplist", LEASE),
                PRINT
            ),
            client
                .print::<DhcpServer>(Command::new("/ip/dhcp-server/print").attr(".proplist", SERVER), PRINT),
            client.print::<IpAddress>(Command::new("/ip/address/print"), PRINT),
        );
        let held = match leases {
            Err(Error::Trap(_)) => None,
            leases => {
                let leases = leases.map_err(Trouble::Command)?;
                let mut held: Vec<_> = leases.into_iter().filter_map(Held::of).collect();
                held.sort_unstable();
                Some(held)
            }
        };
        Ok(Self { held, servers: super::forgive(servers)?, networks: super::forgive(networks)? })
    }

    /// The addresses that are in use.
    pub(super) fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.held.iter().flatten().map(|one| one.address)
    }

    /// Puts a line where its device is now, and tells what is known of its lease; `row` is what the ARP table
    /// shows of the device.
    pub(super) fn settle(&self, line: &mut StaticLine, row: Option<&Arp>) -> LeaseSeen {
        (line.address, line.interface, line.vrf) = (None, None, None);
        let Some(mac) = line.mac else { return LeaseSeen::Missing };
        let lease = self.held.as_ref().map(|held| {
            let first = held.partition_point(|one| one.mac < mac);
            held.get(first).filter(|one| one.mac == mac)
        });
        if let Some(Some(Held { address, server, .. })) = lease {
            line.address = Some(*address);
            let server = self.servers.iter().find(|one| *one.name == **server && !one.disabled);
            line.vrf = server.and_then(|server| self.vrf(&server.interface, *address));
            // Nobody hears an ARP request through a relay.
            let direct = server.filter(|server| matches!(&*server.relay, "" | "0.0.0.0"));
            line.interface =
                direct.map(|server| server.interface.to_string()).filter(|name| !name.is_empty());
            return LeaseSeen::Bound { address: *address };
        }
        if let Some(row) = row
            && let Some(IpAddr::V4(address)) = row.address
        {
            line.address = Some(address);
            line.interface = Some(row.interface.to_string()).filter(|name| !name.is_empty());
            line.vrf = Some(row.vrf.to_string()).filter(|vrf| !is_main(vrf));
        }
        if lease.is_some() { LeaseSeen::Missing } else { LeaseSeen::Refused }
    }

    /// The routing table of the interface: as its network that holds the address says, else any of its; `None`
    /// is `main`.
    fn vrf(&self, interface: &str, address: Ipv4Addr) -> Option<String> {
        let own = self.networks.iter().filter(|own| {
            !own.disabled && (*own.interface == *interface || *own.actual_interface == *interface)
        });
        let holds = |own: &&IpAddress| own.address.is_some_and(|network| network.holds(address.into()));
        let own = own.max_by_key(holds)?;
        Some(own.vrf.to_string()).filter(|vrf| !is_main(vrf))
    }
}
