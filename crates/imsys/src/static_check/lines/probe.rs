//! Asking a line itself, from its router: by ARP where the interface is known, else by an ordinary ping.

use super::tables::{At, is_wrong, row_now, stranger_at};
use super::{Dialect, PRINT, forgive, is_main};
use crate::routers::session::Trouble;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{ArpState, ProbeSeen, Seen};
use imsys_store::model::StaticLine;
use routeros::client::{Client, Command, Error, Table, Trap, TrapKind};
use routeros::menu::{IpAddress, PingRow};
use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Questions before a line counts as silent. The second is a command of its own: `count=2` would wait for its
/// turn, a second, even where the first is answered at once.
const QUESTIONS: usize = 2;
/// How long one question may take: a second, and its wait for a place among the commands in flight.
const PROBE: Duration = crate::routers::session::lease::PRINT;

pub(super) struct Prober<'a> {
    client: &'a Client,
    dialect: Dialect,
    began: Instant,
    networks: Table<IpAddress>,
    /// The router knows no `arp-ping`: an ordinary one is all there is.
    plain: AtomicBool,
    /// The user may not ping at all.
    barred: AtomicBool,
    /// Interfaces on which it takes no `arp-ping`.
    deaf: Mutex<HashSet<String>>,
}

/// What the line said.
struct Answers {
    rows: Vec<PingRow>,
    by_arp: bool,
}

impl Answers {
    /// The router did not ask.
    const NONE: Self = Self { rows: Vec::new(), by_arp: false };

    /// Who answered. Only by ARP a row's host is a MAC address: an ordinary ping names the address.
    fn devices(&self) -> Vec<Mac> {
        let answered = self.rows.iter().filter(|row| self.by_arp && is_answer(row));
        answered.filter_map(|row| row.host.parse().ok()).collect()
    }
}

/// What came of one command.
enum Told {
    Rows(Vec<PingRow>),
    Refused(Option<Trap>),
}

impl<'a> Prober<'a> {
    /// `began` is when the check began.
    pub(super) async fn new(client: &'a Client, dialect: Dialect, began: Instant) -> Result<Self, Trouble> {
        let networks = client.print::<IpAddress>(Command::new("/ip/address/print"), PRINT).await;
        Ok(Self {
            client,
            dialect,
            began,
            networks: forgive(networks)?,
            plain: AtomicBool::new(false),
            barred: AtomicBool::new(false),
            deaf: Mutex::default(),
        })
    }

    /// Probes a line, which is at `address`, and of which the tables said `found`.
    pub(super) async fn probe(
        &self,
        line: &StaticLine,
        address: Ipv4Addr,
        found: Seen,
    ) -> Result<Seen, Trouble> {
        let probed_after = u32::try_from(self.began.elapsed().as_millis()).unwrap_or(u32::MAX);
        let asked = self.ask(line, address, &found).await?;
        let probe = read_probe(&asked.rows);
        if probe == ProbeSeen::Silent && !asked.by_arp {
            return self.silent(line, address, found, probed_after).await;
        }
        let at = At { line, address, lease: found.lease };
        // An ordinary ping does not tell who answered; the router's table does now.
        if at.wants_device()
            && !asked.by_arp
            && matches!(probe, ProbeSeen::Answered { .. })
            && let Some(stranger) = told(stranger_at(self.client, &at, self.dialect).await)?.flatten()
        {
            let (probe, wrong_mac) = (Some(ProbeSeen::Silent), Some(stranger));
            return Ok(Seen { probe, probed_after, wrong_mac, ..found });
        }
        let shown = asked.devices();
        // Without a lease the device is what is asked for, not the address: another one that has it now is not
        // this customer.
        let only_others =
            at.wants_device() && !shown.is_empty() && shown.iter().all(|mac| is_wrong(line, *mac));
        let probe = if only_others { ProbeSeen::Silent } else { probe };
        let mut seen = Seen { probe: Some(probe), probed_after, ..found };
        if !shown.is_empty() {
            seen.note_other(shown.into_iter().find(|mac| is_wrong(line, *mac)));
        }
        Ok(seen)
    }

    /// Many devices answer no ping. But to send one the router had to learn who is there, so its table
    /// may tell now.
    async fn silent(
        &self,
        line: &StaticLine,
        address: Ipv4Addr,
        found: Seen,
        probed_after: u32,
    ) -> Result<Seen, Trouble> {
        let at = At { line, address, lease: found.lease };
        let Some(row) = told(row_now(self.client, &at, self.dialect).await)? else {
            return Ok(Seen { probe: Some(ProbeSeen::Refused), probed_after, ..found });
        };
        let tells =
            row.filter(|row| !row.ignored && matches!(row.state, ArpState::Reachable | ArpState::Complete));
        Ok(match tells {
            Some(row) => {
                let other = row.mac.filter(|mac| is_wrong(line, *mac));
                let mut seen = Seen { arp: Some(row), queue: None, ..found };
                seen.note_other(other);
                seen
            }
            None => Seen { probe: Some(ProbeSeen::Silent), probed_after, ..found },
        })
    }

    async fn ask(&self, line: &StaticLine, address: Ipv4Addr, found: &Seen) -> Result<Answers, Trouble> {
        if let Some(interface) = self.interface(line, address, found).filter(|name| self.hears(name)) {
            let command = self.ping(line, address).attr("interface", &interface).attr("arp-ping", "yes");
            match self.run(command).await? {
                Told::Rows(rows) => return Ok(Answers { rows, by_arp: true }),
                Told::Refused(Some(trap)) => self.remember(interface, &trap),
                Told::Refused(None) => return Ok(Answers::NONE),
            }
        }
        match self.run(self.ping(line, address)).await? {
            Told::Rows(rows) => Ok(Answers { rows, by_arp: false }),
            Told::Refused(trap) => {
                let barred = trap.is_some_and(|trap| trap.kind() == TrapKind::NotPermitted);
                self.barred.fetch_or(barred, Ordering::Relaxed);
                Ok(Answers::NONE)
            }
        }
    }

    /// What a refused `arp-ping` means for the lines that follow.
    fn remember(&self, interface: String, trap: &Trap) {
        match trap.kind() {
            TrapKind::NotPermitted => self.barred.store(true, Ordering::Relaxed),
            // Only this interface is not what it was.
            TrapKind::BadValue if trap.message.contains("interface") => {
                self.deaf().insert(interface);
            }
            _ => self.plain.store(true, Ordering::Relaxed),
        }
    }

    fn hears(&self, interface: &str) -> bool {
        !self.plain.load(Ordering::Relaxed) && !self.deaf().contains(interface)
    }

    fn deaf(&self) -> MutexGuard<'_, HashSet<String>> {
        self.deaf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The service's interface; else its ARP row's; else the one whose network holds the address.
    fn interface(&self, line: &StaticLine, address: Ipv4Addr, found: &Seen) -> Option<String> {
        let row = || found.arp.as_ref().filter(|row| !row.ignored).map(|row| row.interface.to_string());
        let named = line.interface.clone().or_else(row).or_else(|| self.network(line, address));
        named.filter(|name| !name.is_empty())
    }

    /// The interface of the smallest network that holds the line's address in its routing table; none
    /// where two interfaces have as good a claim.
    fn network(&self, line: &StaticLine, address: Ipv4Addr) -> Option<String> {
        let same_vrf = |own: &&IpAddress| match &line.vrf {
            Some(wanted) => *own.vrf == **wanted,
            None => is_main(&own.vrf),
        };
        let holding = self.networks.iter().filter(|own| !own.disabled && !own.invalid).filter(same_vrf);
        let holding = holding.filter_map(|own| {
            let network = own.address.filter(|network| network.holds(address.into()))?;
            let name = if own.actual_interface.is_empty() { &own.interface } else { &own.actual_interface };
            Some((network.prefix, name.as_str()))
        });
        let holding: Vec<_> = holding.collect();
        let best = holding.iter().map(|(prefix, _)| *prefix).max()?;
        let mut names = holding.iter().filter(|(prefix, _)| *prefix == best).map(|(_, name)| *name);
        let name = names.next()?;
        names.all(|other| other == name).then(|| name.to_owned())
    }

    fn ping(&self, line: &StaticLine, address: Ipv4Addr) -> Command {
        let command = Command::new("/tool/ping").attr("address", address.to_string()).attr("count", "1");
        let table = match self.dialect {
            Dialect::Six => "routing-table",
            Dialect::Seven => "vrf",
        };
        match &line.vrf {
            Some(vrf) => command.attr(table, vrf),
            None => command,
        }
    }

    async fn run(&self, command: Command) -> Result<Told, Trouble> {
        if self.barred.load(Ordering::Relaxed) {
            return Ok(Told::Refused(None));
        }
        let mut all = Vec::new();
        for _ in 0..QUESTIONS {
            match self.client.print::<PingRow>(command.clone(), PROBE).await {
                Ok(rows) => all.extend(rows),
                Err(Error::Trap(traps)) => return Ok(Told::Refused(traps.iter().next().cloned())),
                Err(Error::Closed(reason)) => return Err(Trouble::Lost(reason)),
                Err(_) => return Ok(Told::Refused(None)),
            }
            if read_probe(&all) != ProbeSeen::Silent {
                break;
            }
        }
        Ok(Told::Rows(all))
    }
}

/// What a follow-up told; `None` where it was refused or came too late, which concerns this line alone.
fn told<T>(done: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
    match done {
        Err(Trouble::Command(Error::Closed(reason))) => Err(Trouble::Lost(reason)),
        done => Ok(done.ok()),
    }
}

/// Whether the row tells of an answer. An error of somebody on the way has a time too, and a `status`; the count
/// decides, where it is told.
fn is_answer(row: &PingRow) -> bool {
    row.status.is_empty() && row.received.map_or(row.time.is_some(), |received| received > 0)
}

/// The quickest answer. No row at all says nothing (and `all` of none is true).
fn read_probe(rows: &[PingRow]) -> ProbeSeen {
    let answers = rows.iter().filter(|row| is_answer(row));
    let quickest = answers.map(|row| row.time.unwrap_or_default()).min();
    // Then nobody was asked: the router does not know where the address is.
    let no_route = |row: &PingRow| row.status.contains("no route");
    match quickest {
        Some(time) => ProbeSeen::Answered { micros: u32::try_from(time.as_micros()).unwrap_or(u32::MAX) },
        None if rows.iter().all(no_route) => ProbeSeen::Refused,
        None => ProbeSeen::Silent,
    }
}
