//! The router's tables: read whole, or of few addresses alone.

use super::PRINT;
use crate::routers::session::Trouble;
use imsys_store::model::StaticLine;
use routeros::client::{Client, Command, Error, Hold, Table};
use routeros::menu::{Arp, SimpleQueue};
use std::net::{IpAddr, Ipv4Addr};

/// What is asked of ARP rows, and of queues: a router has better things to do than to tell the rest.
const ARP: &str = "address,mac-address,interface,vrf,status,complete,dhcp,DHCP,dynamic,disabled,invalid";
const QUEUE: &str = "target,bytes,disabled";
/// So many addresses are asked for one by one; of more the whole table is read.
const NAMED: usize = 32;

/// The addresses of these lines, where they are few and all known; else none, and the tables are read whole.
pub(super) fn addresses(lines: &[StaticLine]) -> Vec<Ipv4Addr> {
    let all: Option<Vec<_>> = lines.iter().take(NAMED + 1).map(|line| line.address).collect();
    all.filter(|all| all.len() <= NAMED).unwrap_or_default()
}

/// The rows of the table, or those for these addresses.
pub(super) async fn print_arp(client: &Client, only: &[Ipv4Addr]) -> Result<ByAddress<Arp>, Trouble> {
    let command = Command::new("/ip/arp/print").attr(".proplist", ARP);
    let command = any_of(command, "address", only.iter().map(Ipv4Addr::to_string));
    let (rows, hold) = client.print::<Arp>(command, PRINT).await.map_err(Trouble::Command)?.into_parts();
    let by_address = ByAddress::new(rows, |row| match row.address {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    });
    Ok(ByAddress { _hold: Some(hold), ..by_address })
}

/// All simple queues, or those of these addresses alone.
pub(super) async fn print_queues(client: &Client, only: &[Ipv4Addr]) -> Result<Table<SimpleQueue>, Error> {
    let command = Command::new("/queue/simple/print").attr(".proplist", QUEUE);
    let spelt = only.iter().flat_map(|address| [format!("{address}/32"), address.to_string()]);
    client.print(any_of(command, "target", spelt), PRINT).await
}

/// Only rows whose field is one of these, where there are any.
fn any_of(command: Command, field: &str, values: impl Iterator<Item = String>) -> Command {
    values.enumerate().fold(command, |command, (place, value)| {
        let command = command.query(field, value);
        if place == 0 { command } else { command.query_word("#|") }
    })
}

/// Rows that are found by their address: a sorted list is quicker than a hash map, and nobody outside can
/// make it slow.
pub(super) struct ByAddress<T> {
    rows: Vec<T>,
    order: Vec<(Ipv4Addr, u32)>,
    /// What the rows hold of the budget for replies.
    _hold: Option<Hold>,
}

impl<T> ByAddress<T> {
    /// Those of the rows that have an address.
    pub(super) fn new(rows: Vec<T>, address: impl Fn(&T) -> Option<Ipv4Addr>) -> Self {
        let mut order: Vec<_> =
            rows.iter().zip(0..).filter_map(|(row, place)| Some((address(row)?, place))).collect();
        order.sort_unstable();
        Self { rows, order, _hold: None }
    }

    pub(super) fn rows(&self) -> &[T] {
        &self.rows
    }

    pub(super) fn at(&self, address: Ipv4Addr) -> impl Iterator<Item = &T> {
        let Self { rows, order, .. } = self;
        let first = order.partition_point(|(other, _)| *other < address);
        let own = order[first..].iter().take_while(move |(other, _)| *other == address);
        own.map(|(_, place)| &rows[*place as usize])
    }
}
