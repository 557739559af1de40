//! What the router's tables say of a line: its ARP row, the counters of its queue.

use super::leases::Leases;
use super::prints::{ByAddress, addresses, print_arp, print_queues};
use super::{Dialect, Question, forgive, is_main};
use crate::routers::session::Trouble;
use imsys_domain::Timestamp;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{ArpSeen, ArpState, Checked, LeaseSeen, QueueSeen, Seen};
use imsys_domain::propose::ArpFact;
use imsys_domain::text::cut;
use imsys_store::model::StaticLine;
use routeros::client::{Client, Table};
use routeros::menu::{Arp, ArpStatus, SimpleQueue};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

/// A suspicious table is read again after this long.
const REREAD_AFTER: Duration = Duration::from_secs(2);
/// With fewer lines that were there at the check before, nothing is suspicious.
const FEW: usize = 5;
/// Counters that moved since a check of longer ago say nothing about now.
const MOVED_WITHIN_SECONDS: i64 = 900;

/// What the router's tables say of each of these lines, in their order; lines by DHCP are put where their
/// leases say. All are read; those that tell who is there twice, where they would take too many offline at once.
pub(super) async fn read(
    client: &Client,
    question: &Question,
    lines: &mut [StaticLine],
) -> Result<Vec<Seen>, Trouble> {
    let only = addresses(lines);
    let by_dhcp: Vec<usize> = (0..lines.len()).filter(|place| lines[*place].address.is_none()).collect();
    let (there, queues) =
        tokio::join!(print_there(client, &only, !by_dhcp.is_empty()), print_queues(client, &only),);
    let queues = forgive(queues)?;
    let (arp, leases) = there?;
    let mut tables = Tables { arp, leases, queues, question };
    let seen = tables.look_up(lines, &by_dhcp);
    if !is_suspicious(lines, &seen) {
        return Ok(seen);
    }
    tokio::time::sleep(REREAD_AFTER).await;
    (tables.arp, tables.leases) = print_there(client, &only, !by_dhcp.is_empty()).await?;
    Ok(tables.look_up(lines, &by_dhcp))
}

/// The tables that tell who is there.
async fn print_there(
    client: &Client,
    only: &[Ipv4Addr],
    by_dhcp: bool,
) -> Result<(ByAddress<Arp>, Option<Leases>), Trouble> {
    let leases = async {
        match by_dhcp {
            true => Leases::read(client).await.map(Some),
            false => Ok(None),
        }
    };
    tokio::try_join!(print_arp(client, only), leases)
}

/// What they say.
struct Tables<'a> {
    arp: ByAddress<Arp>,
    leases: Option<Leases>,
    queues: Table<SimpleQueue>,
    question: &'a Question,
}

impl Tables<'_> {
    /// `by_dhcp` are the places of the lines by DHCP, in order.
    fn look_up(&self, lines: &mut [StaticLine], by_dhcp: &[usize]) -> Vec<Seen> {
        let devices = match by_dhcp {
            [] => Devices::default(),
            _ => Devices::new(self.arp.rows(), self.question.dialect),
        };
        let settle = |place: &usize| {
            let line = lines.get_mut(*place)?;
            let row = line.mac.and_then(|mac| devices.row(mac)).and_then(|row| self.arp.rows().get(row));
            let lease = self.leases.as_ref().map(|leases| leases.settle(line, row));
            Some((*place, line.address, lease))
        };
        let settled: Vec<_> = by_dhcp.iter().filter_map(settle).collect();
        let leased = settled.iter().filter_map(|(_, address, _)| *address);
        let taken = self.question.taken.iter().copied();
        let sent = sent_by(&self.queues, &repeated(taken.chain(leased)));
        let mut leases = settled.iter().peekable();
        let look_up = |(place, line): (usize, &StaticLine)| {
            let lease = leases.next_if(|(own, ..)| *own == place).and_then(|(.., lease)| *lease);
            match line.address {
                Some(address) => self.of(&At { line, address, lease }, &sent),
                None => Seen { lease, ..Seen::default() },
            }
        };
        let mut seen: Vec<_> = lines.iter().enumerate().map(look_up).collect();
        if seen.iter().any(|seen| seen.bridge.is_some()) {
            let shared = self.bridges();
            for bridge in seen.iter_mut().filter_map(|seen| seen.bridge.as_mut()) {
                bridge.shared = shared.binary_search(&bridge.mac).is_ok();
            }
        }
        seen
    }

    /// What they say of a line; `sent` are the bytes that somebody at each address sent.
    fn of(&self, at: &At<'_>, sent: &ByAddress<(Ipv4Addr, u64)>) -> Seen {
        let At { line, address, lease } = *at;
        let arp = best(self.arp.at(address), at, self.question.dialect).map(|row| row.keep(line));
        let recent = |at: Timestamp| self.question.at.since(at) <= MOVED_WITHIN_SECONDS * 1000;
        let before = line.checked.as_ref().filter(|checked| recent(checked.at));
        // Another address has another queue.
        let same = |checked: &&Checked| {
            checked.seen.lease == lease && !matches!(lease, Some(LeaseSeen::Missing | LeaseSeen::Refused))
        };
        let before = before.filter(same);
        let before = before.and_then(|checked| checked.seen.queue);
        // Several queues of one address count the same bytes or others, so they are taken together.
        let sent = sent.at(address).map(|(_, bytes)| *bytes).reduce(u64::saturating_add);
        let queue = sent.map(|bytes| QueueSeen::after(before, bytes));
        let shown = arp.as_ref().filter(|row| shows_somebody(row)).and_then(|row| row.mac);
        let mut seen = Seen { arp, queue, lease, ..Seen::default() };
        seen.note_other(shown.filter(|shown| is_wrong(line, *shown)));
        seen
    }

    /// Who answers at the addresses of several leases, in order.
    fn bridges(&self) -> Vec<Mac> {
        let addresses = self.leases.iter().flat_map(Leases::addresses);
        let mut shown: Vec<_> = addresses
            .flat_map(|address| self.arp.at(address).map(move |row| (row, address)))
            .map(|(row, address)| (Reading::of(row, self.question.dialect), address))
            .filter(|(row, _)| row.shows_somebody())
            .filter_map(|(row, address)| Some((row.mac?, address)))
            .collect();
        shown.sort_unstable();
        shown.dedup();
        repeated(shown.into_iter().map(|(mac, _)| mac))
    }
}

/// Where in the ARP table each device is, the row that says most first.
#[derive(Default)]
struct Devices(Vec<(Mac, u8, usize)>);

impl Devices {
    fn new(rows: &[Arp], dialect: Dialect) -> Self {
        let read = |(place, row)| {
            let Reading { mac, state, ignored, .. } = Reading::of(row, dialect);
            mac.filter(|_| !ignored).map(|mac| (mac, rank(state), place))
        };
        let mut all: Vec<_> = rows.iter().enumerate().filter_map(read).collect();
        all.sort_unstable();
        Self(all)
    }

    fn row(&self, mac: Mac) -> Option<usize> {
        let first = self.0.get(self.0.partition_point(|(other, ..)| *other < mac));
        first.filter(|(own, ..)| *own == mac).map(|(.., place)| *place)
    }
}

/// A line, and where it is.
pub(super) struct At<'a> {
    pub(super) line: &'a StaticLine,
    pub(super) address: Ipv4Addr,
    /// What is known of its lease, by DHCP.
    pub(super) lease: Option<LeaseSeen>,
}

impl At<'_> {
    /// Whether only its own device is this customer: by DHCP, while no lease says that the address is its own.
    pub(super) const fn wants_device(&self) -> bool {
        !matches!(self.lease, None | Some(LeaseSeen::Bound { .. }))
    }
}

/// More than a third of those who were there at the check before are gone: some versions show part of
/// a table while they boot.
fn is_suspicious(lines: &[StaticLine], seen: &[Seen]) -> bool {
    let (mut before, mut gone) = (0, 0);
    for (line, now) in lines.iter().zip(seen) {
        if line.checked.as_ref().is_some_and(|checked| shows_device(&checked.seen)) {
            before += 1;
            gone += usize::from(!shows_device(now));
        }
    }
    before >= FEW && gone * 3 > before
}

/// The line's row as it is now.
pub(super) async fn row_now(
    client: &Client,
    at: &At<'_>,
    dialect: Dialect,
) -> Result<Option<ArpSeen>, Trouble> {
    let table = print_arp(client, &[at.address]).await?;
    Ok(best(table.at(at.address), at, dialect).map(|row| row.keep(at.line)))
}

/// Who else has the address of a line by DHCP now, where its own device does not.
pub(super) async fn stranger_at(
    client: &Client,
    at: &At<'_>,
    dialect: Dialect,
) -> Result<Option<Mac>, Trouble> {
    let table = print_arp(client, &[at.address]).await?;
    let anybody = At { lease: None, ..*at };
    let shown =
        table.at(at.address).filter(|row| is_of(row, &anybody, dialect)).map(|row| Reading::of(row, dialect));
    let there: Vec<Mac> = shown.filter(Reading::shows_somebody).filter_map(|row| row.mac).collect();
    let own = there.iter().any(|mac| !is_wrong(at.line, *mac));
    Ok(there.into_iter().next().filter(|_| !own))
}

/// Of the rows for the line's address the one that says most.
fn best<'a>(rows: impl Iterator<Item = &'a Arp>, at: &At<'_>, dialect: Dialect) -> Option<Reading<'a>> {
    let own = rows.filter(|row| is_of(row, at, dialect)).map(|row| Reading::of(row, dialect));
    // By DHCP the device's own row says more than one of who stands in front of it.
    let other = |row: &Reading<'_>| at.lease.is_some() && row.mac.is_some_and(|mac| is_wrong(at.line, mac));
    own.min_by_key(|row| (row.ignored, other(row), rank(row.state)))
}

/// Whether this is not the device that is registered.
pub(super) fn is_wrong(line: &StaticLine, shown: Mac) -> bool {
    line.mac.is_some_and(|registered| registered != shown)
}

/// What comes more than once, such as addresses that several lines have in different routing tables; in order.
fn repeated<T: Ord + Copy>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    let twice = all.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    let mut repeated: Vec<_> = twice.collect();
    repeated.dedup();
    repeated
}

/// Bytes that each address sent. A queue that several lines may share is nobody's.
fn sent_by(queues: &[SimpleQueue], shared: &[Ipv4Addr]) -> ByAddress<(Ipv4Addr, u64)> {
    let told = |queue: &SimpleQueue| {
        let address = single(&queue.target).filter(|_| !queue.disabled)?;
        let own = shared.binary_search(&address).is_err();
        own.then_some((address, queue.bytes?.up))
    };
    ByAddress::new(queues.iter().filter_map(told).collect(), |(address, _)| Some(*address))
}

/// The one address that a queue is for.
pub(crate) fn single(target: &str) -> Option<Ipv4Addr> {
    target.strip_suffix("/32").unwrap_or(target).parse().ok()
}

/// Whether a row for the line's address is on its interface and in its routing table. By DHCP without a lease it
/// must also be of its device: whoever else has the address is not this customer.
fn is_of(row: &Arp, at: &At<'_>, dialect: Dialect) -> bool {
    let line = at.line;
    let same_vrf = match (&line.vrf, dialect) {
        (None, _) => is_main(&row.vrf),
        (Some(wanted), Dialect::Seven) => *row.vrf == **wanted,
        // Version 6 does not say which table a row belongs to: only the interface tells.
        (Some(_), Dialect::Six) => line.interface.is_some(),
    };
    let own = !at.wants_device() || device(row).is_none_or(|mac| !is_wrong(line, mac));
    own && same_vrf && line.interface.as_ref().is_none_or(|wanted| *row.interface == **wanted)
}

/// A row as something to propose; `None` for what is switched off, answered for by the router or not IPv4.
pub(crate) fn arp_fact(row: &Arp, dialect: Dialect) -> Option<ArpFact> {
    let address = match row.address {
        Some(IpAddr::V4(address)) if !row.disabled && !row.invalid && !row.published => address,
        _ => return None,
    };
    let Reading { mac, state, .. } = Reading::of(row, dialect);
    let interface = cut(&row.interface).to_owned();
    let vrf = Some(cut(&row.vrf).to_owned()).filter(|vrf| !is_main(vrf));
    Some(ArpFact { address, mac, interface, vrf, state, comment: row.comment.to_string() })
}

/// The device that a row shows.
fn device(row: &Arp) -> Option<Mac> {
    row.mac_address.filter(|mac| !mac.is_zero()).map(|mac| Mac::from(mac.0))
}

/// A row, read.
struct Reading<'a> {
    row: &'a Arp,
    mac: Option<Mac>,
    state: ArpState,
    ignored: bool,
}

impl<'a> Reading<'a> {
    fn of(row: &'a Arp, dialect: Dialect) -> Self {
        let mac = device(row);
        Self { row, mac, state: state_of(row, mac.is_some(), dialect), ignored: row.disabled || row.invalid }
    }

    /// Whether somebody answered there, or the row was written for them.
    const fn shows_somebody(&self) -> bool {
        !self.ignored && !matches!(self.state, ArpState::Incomplete | ArpState::Failed)
    }

    /// As it is kept; the interface's name is seldom another one than at the check before.
    fn keep(self, line: &StaticLine) -> ArpSeen {
        let Self { row, mac, state, ignored } = self;
        let before = line.checked.as_ref().and_then(|checked| checked.seen.arp.as_ref());
        let same = before.map(|before| &before.interface).filter(|name| *row.interface == ***name);
        let interface = same.map_or_else(|| Arc::from(cut(&row.interface)), Arc::clone);
        ArpSeen { interface, mac, state, ignored }
    }
}

/// What a row says. `complete` proves nothing on version 7, where it covers stale and permanent rows.
fn state_of(row: &Arp, has_mac: bool, dialect: Dialect) -> ArpState {
    match row.status {
        Some(ArpStatus::Failed) => ArpState::Failed,
        Some(ArpStatus::Incomplete) => ArpState::Incomplete,
        Some(ArpStatus::Permanent) => ArpState::Permanent,
        _ if !row.dynamic => ArpState::Permanent,
        _ if !has_mac || row.complete == Some(false) => ArpState::Incomplete,
        Some(ArpStatus::Reachable) => ArpState::Reachable,
        Some(ArpStatus::Delay) => ArpState::Delay,
        Some(ArpStatus::Probe) => ArpState::Probe,
        // A word of a later version proves nothing either.
        Some(ArpStatus::Stale | ArpStatus::Other(_)) => ArpState::Stale,
        // The DHCP server writes it for as long as the lease runs, as version 7 says with `permanent`.
        None if row.dhcp => ArpState::Permanent,
        None if dialect == Dialect::Six && row.complete == Some(true) => ArpState::Complete,
        None => ArpState::Mute,
    }
}

/// Of several rows for an address the one that says most is looked at.
const fn rank(state: ArpState) -> u8 {
    match state {
        ArpState::Reachable => 0,
        ArpState::Complete => 1,
        ArpState::Delay | ArpState::Probe | ArpState::Stale | ArpState::Mute => 2,
        ArpState::Permanent => 3,
        ArpState::Incomplete | ArpState::Failed => 4,
    }
}

/// The tables show the line's device.
fn shows_device(seen: &Seen) -> bool {
    seen.arp.as_ref().is_some_and(shows_somebody) || matches!(seen.lease, Some(LeaseSeen::Bound { .. }))
}

/// The MAC address in the row belongs to somebody who answered, or for whom the row was written.
const fn shows_somebody(row: &ArpSeen) -> bool {
    !row.ignored && !matches!(row.state, ArpState::Incomplete | ArpState::Failed)
}
