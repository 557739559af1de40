//! Asking a router about its static lines: its ARP table in one print, matched here; the counters of its
//! simple queues; then probes where the table proves nothing.

use super::connection::Trouble;
use futures_util::{StreamExt, stream};
use imsys_domain::mac::Mac;
use imsys_domain::presence::{ArpSeen, ArpState, ProbeSeen, QueueSeen, Seen};
use imsys_domain::{ServiceId, Timestamp};
use imsys_store::model::StaticLine;
use routeros::client::{Client, Command, Error};
use routeros::menu::{Arp, ArpStatus, IpAddress, PingRow, SimpleQueue};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How long a print of a whole table may take.
const PRINT: Duration = super::tenure::PRINT;
/// How long one probe may take: two questions, a second apart.
const PROBE: Duration = Duration::from_secs(6);
/// Probes at the same time; the connection has room for eight commands.
const IN_FLIGHT: usize = 6;
/// A suspiciously empty table is read again after this long.
const REREAD_AFTER: Duration = Duration::from_secs(1);
/// With fewer lines known from the check before, nothing is suspicious.
const FEW: usize = 4;

/// What came of asking about lines.
pub(crate) struct Asked {
    /// What was seen of each line that was asked about.
    pub(crate) seen: Vec<(ServiceId, Seen)>,
    /// Lines whose probe did not begin in time: to be asked about next.
    pub(crate) left: usize,
}

/// What is asked.
pub(crate) struct Question {
    /// About these lines.
    pub(crate) lines: Vec<StaticLine>,
    /// A line that was checked since then is not probed again.
    pub(crate) probed_since: Timestamp,
    /// No probe begins after this much time.
    pub(crate) within: Duration,
}

/// Asks the router; those first that were checked the longest ago.
pub(super) async fn ask(client: &Client, question: Question) -> Result<Asked, Trouble> {
    let until = Instant::now() + question.within;
    let lines = question.lines;
    let tables = Tables::read(client, &lines).await?;
    let mut seen = Vec::with_capacity(lines.len());
    let mut wanting = Vec::new();
    for line in lines {
        let found = tables.look_up(&line);
        if !found.needs_probe() {
            seen.push((line.id, found));
        } else if line.checked.as_ref().is_none_or(|checked| checked.at < question.probed_since) {
            wanting.push((line, found));
        }
    }
    if wanting.is_empty() {
        return Ok(Asked { seen, left: 0 });
    }
    wanting.sort_by_key(|(line, _)| line.checked.as_ref().map(|checked| checked.at));
    let networks = client.print::<IpAddress>(Command::new("/ip/address/print"), PRINT).await;
    let prober = Prober { client, networks: forgive(networks)?, plain: AtomicBool::new(false) };
    let asked = wanting.len();
    let probes = stream::iter(wanting.into_iter().take_while(|_| Instant::now() < until))
        .map(async |(line, found)| {
            let probe = prober.probe(&line, &found).await?;
            Ok::<_, Trouble>((line.id, Seen { probe: Some(probe), ..found }))
        })
        .buffer_unordered(IN_FLIGHT)
        .collect::<Vec<_>>()
        .await;
    let left = asked - probes.len();
    for probed in probes {
        seen.push(probed?);
    }
    Ok(Asked { seen, left })
}

/// A refusal of something that only helps counts as an empty answer; a broken connection does not.
fn forgive<T>(rows: Result<Vec<T>, Error>) -> Result<Vec<T>, Trouble> {
    match rows {
        Err(Error::Trap(_)) => Ok(Vec::new()),
        rows => rows.map_err(Trouble::Command),
    }
}

/// What the router's tables say, by address.
struct Tables {
    arp: HashMap<Ipv4Addr, Vec<Arp>>,
    bytes: HashMap<Ipv4Addr, u64>,
}

impl Tables {
    async fn read(client: &Client, lines: &[StaticLine]) -> Result<Self, Trouble> {
        let only = match lines {
            [line] => Some(line.address),
            _ => None,
        };
        let (arp, queues) = tokio::join!(
            print_arp(client, only),
            client.print::<SimpleQueue>(Command::new("/queue/simple/print"), PRINT),
        );
        let (mut arp, queues) = (by_address(arp?), forgive(queues)?);
        if is_suspicious(lines, &arp) {
            tokio::time::sleep(REREAD_AFTER).await;
            arp = by_address(print_arp(client, only).await?);
        }
        let bytes = queues.into_iter().filter(|queue| !queue.disabled).filter_map(|queue| {
            let amount = queue.bytes?;
            Some((single(&queue.target)?, amount.up.saturating_add(amount.down)))
        });
        Ok(Self { arp, bytes: bytes.collect() })
    }

    fn look_up(&self, line: &StaticLine) -> Seen {
        let row = self.arp.get(&line.address).into_iter().flatten().filter(|row| is_of(row, line));
        let arp = row.map(read_row).min_by_key(|row| (row.ignored, rank(row.state)));
        let before = line.checked.as_ref().and_then(|checked| checked.seen.queue);
        let queue = self.bytes.get(&line.address).map(|bytes| QueueSeen::after(before, *bytes));
        let wrong_mac = arp.as_ref().filter(|row| shows_somebody(row)).and_then(|row| row.mac);
        let wrong_mac = wrong_mac.filter(|shown| line.mac.is_some_and(|registered| registered != *shown));
        Seen { arp, queue, probe: None, wrong_mac }
    }
}

async fn print_arp(client: &Client, only: Option<Ipv4Addr>) -> Result<Vec<Arp>, Trouble> {
    let command = Command::new("/ip/arp/print");
    let command = match only {
        Some(address) => command.query("address", address.to_string()),
        None => command,
    };
    client.print(command, PRINT).await.map_err(Trouble::Command)
}

fn by_address(rows: Vec<Arp>) -> HashMap<Ipv4Addr, Vec<Arp>> {
    let mut table = HashMap::<_, Vec<_>>::new();
    for row in rows {
        if let Some(IpAddr::V4(address)) = row.address {
            table.entry(address).or_default().push(row);
        }
    }
    table
}

/// Fewer than half of the rows that the check before has seen: some versions show part of a table while
/// they boot.
fn is_suspicious(lines: &[StaticLine], arp: &HashMap<Ipv4Addr, Vec<Arp>>) -> bool {
    let known = lines.iter().filter(|line| line.checked.as_ref().is_some_and(|c| c.seen.arp.is_some()));
    let (mut before, mut now) = (0, 0);
    for line in known {
        before += 1;
        now += usize::from(arp.contains_key(&line.address));
    }
    before >= FEW && now * 2 < before
}

/// The one address that a queue is for.
fn single(target: &str) -> Option<Ipv4Addr> {
    target.strip_suffix("/32").unwrap_or(target).parse().ok()
}

fn is_of(row: &Arp, line: &StaticLine) -> bool {
    let vrf = |name: &str| !matches!(name, "" | "main");
    let same_vrf = match &line.vrf {
        Some(wanted) => *row.vrf == **wanted,
        None => !vrf(&row.vrf),
    };
    same_vrf && line.interface.as_ref().is_none_or(|wanted| *row.interface == **wanted)
}

fn read_row(row: &Arp) -> ArpSeen {
    let mac = row.mac_address.filter(|mac| !mac.is_zero());
    ArpSeen {
        interface: row.interface.to_string(),
        mac: mac.and_then(|mac| mac.to_string().parse::<Mac>().ok()),
        state: state_of(row, mac.is_some()),
        ignored: row.disabled || row.invalid,
    }
}

/// What a row says. `complete` proves nothing on version 7, where it covers stale and permanent rows.
fn state_of(row: &Arp, has_mac: bool) -> ArpState {
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
        None => ArpState::Complete,
    }
}

/// Of several rows for an address the one that says most is looked at.
const fn rank(state: ArpState) -> u8 {
    match state {
        ArpState::Reachable => 0,
        ArpState::Complete => 1,
        ArpState::Delay | ArpState::Probe | ArpState::Stale => 2,
        ArpState::Permanent => 3,
        ArpState::Incomplete | ArpState::Failed => 4,
    }
}

/// The MAC address in the row belongs to somebody who answered.
const fn shows_somebody(row: &ArpSeen) -> bool {
    !row.ignored && !matches!(row.state, ArpState::Incomplete | ArpState::Failed)
}

struct Prober<'a> {
    client: &'a Client,
    networks: Vec<IpAddress>,
    /// The router knows no `arp-ping`: an ordinary one is all there is.
    plain: AtomicBool,
}

impl Prober<'_> {
    async fn probe(&self, line: &StaticLine, found: &Seen) -> Result<ProbeSeen, Trouble> {
        if let Some(interface) = self.interface(line, found).filter(|_| !self.plain.load(Ordering::Relaxed)) {
            let command = ping(line).attr("interface", interface).attr("arp-ping", "yes");
            match self.run(command).await? {
                Some(seen) => return Ok(seen),
                None => self.plain.store(true, Ordering::Relaxed),
            }
        }
        Ok(self.run(ping(line)).await?.unwrap_or(ProbeSeen::Refused))
    }

    /// The service's interface; else its ARP row's; else the one whose network holds the address.
    fn interface(&self, line: &StaticLine, found: &Seen) -> Option<String> {
        let row = || found.arp.as_ref().map(|row| row.interface.clone());
        let network = || {
            let own = self.networks.iter().filter(|own| !own.disabled && !own.invalid);
            let mut holding =
                own.filter(|own| own.address.is_some_and(|cidr| cidr.holds(line.address.into())));
            let own = holding.next()?;
            let name = if own.actual_interface.is_empty() { &own.interface } else { &own.actual_interface };
            Some(name.to_string())
        };
        let named = line.interface.clone().or_else(row).or_else(network);
        named.filter(|name| !name.is_empty())
    }

    /// `None`: the router refuses such a command.
    async fn run(&self, command: Command) -> Result<Option<ProbeSeen>, Trouble> {
        match self.client.print::<PingRow>(command, PROBE).await {
            Ok(rows) => Ok(Some(read_probe(&rows))),
            Err(Error::Trap(_)) => Ok(None),
            Err(Error::Closed(reason)) => Err(Trouble::Lost(reason)),
            Err(_) => Ok(Some(ProbeSeen::Refused)),
        }
    }
}

fn ping(line: &StaticLine) -> Command {
    let command = Command::new("/tool/ping").attr("address", line.address.to_string()).attr("count", "2");
    match &line.vrf {
        Some(vrf) => command.attr("vrf", vrf),
        None => command,
    }
}

/// The quickest answer. No row at all says nothing.
fn read_probe(rows: &[PingRow]) -> ProbeSeen {
    let quickest = rows.iter().filter_map(|row| row.time).min();
    match quickest {
        Some(time) => ProbeSeen::Answered { micros: u32::try_from(time.as_micros()).unwrap_or(u32::MAX) },
        None if rows.is_empty() => ProbeSeen::Refused,
        None => ProbeSeen::Silent,
    }
}
