//! Asking a router about its lines that do not log in: its ARP table in one print, matched here; the counters
//! of its simple queues; then probes where the table proves nothing.
//!
//! * `leases`: where the lines by DHCP are.
//! * `prints`: the tables, whole or of few addresses.
//! * `tables`: what the prints say of a line.
//! * `probe`: asking the line itself, from the router.
//! * `proof`: every row of the table of evidence as a test, with recorded rows.

mod leases;
mod prints;
mod probe;
#[cfg(test)]
mod proof;
mod tables;

use crate::routers::session::{Broker, Lane, RouterRead, Trouble};
use futures_util::{StreamExt, stream};
use imsys_domain::presence::Seen;
use imsys_domain::{RouterId, ServiceId, Timestamp};
use imsys_store::model::StaticLine;
use probe::Prober;
use routeros::client::{Client, Error, Table};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::time::Duration;
pub(super) use tables::arp_fact;
pub(crate) use tables::single;
use tokio::time::Instant;

/// How long a print of a whole table may take.
const PRINT: Duration = crate::routers::session::lease::PRINT;
/// Probes at the same time: as many as the connection has places for what nobody waits for.
const IN_FLIGHT: usize = 6;

/// What came of asking about lines.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// What was seen of each line that was asked about.
    pub(crate) seen: Vec<(ServiceId, Seen)>,
    /// Lines whose probe did not begin in time: to be asked about next.
    pub(crate) left: usize,
    /// Lines that were silent once: to be asked about again in a moment.
    pub(crate) doubtful: usize,
}

/// Asks a router over its one connection, wherever that is.
pub(crate) async fn ask_router(
    broker: &Broker,
    router: RouterId,
    lane: Lane,
    question: Question,
) -> Result<Asked, Trouble> {
    // A print, a second one of a suspicious table, and the last probe come on top.
    let within = question.within + Duration::from_secs(30);
    broker.read(router, within, lane, question).await
}

/// What is asked.
#[derive(Serialize, Deserialize)]
pub(crate) struct Question {
    /// About these lines.
    pub(crate) lines: Vec<StaticLine>,
    /// The addresses of all static lines of the router, those too that are not asked about.
    pub(crate) taken: Vec<Ipv4Addr>,
    /// Now.
    pub(crate) at: Timestamp,
    /// A line that was checked since then is not probed again, unless it was silent once.
    pub(crate) probed_since: Timestamp,
    /// No probe begins after this much time.
    pub(crate) within: Duration,
    /// How the router speaks.
    pub(crate) dialect: Dialect,
}

impl RouterRead for Question {
    type Answer = Asked;
    const NAME: &'static str = "static-lines";

    async fn run(self, client: &Client) -> Result<Asked, Trouble> {
        ask(client, self).await
    }
}

impl Question {
    /// Whether a line that only a probe can tell about is to be probed.
    fn wants(&self, line: &StaticLine) -> bool {
        line.checked.as_ref().is_none_or(|checked| {
            let again = checked.is_doubtful() && checked.counts_again(self.at);
            again || checked.at < self.probed_since
        })
    }
}

/// How versions of RouterOS differ here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Dialect {
    /// ARP rows have no `status`, and `complete` is all they say; no VRFs but routing tables.
    Six,
    /// ARP rows have a `status`; `complete` proves nothing.
    Seven,
}

impl Dialect {
    /// Of a version such as `6.49.10 (long-term)`; what is not known counts as the one that proves less.
    pub(crate) fn of(version: Option<&str>) -> Self {
        match version {
            Some(version) if version.starts_with("6.") => Self::Six,
            _ => Self::Seven,
        }
    }
}

/// Asks the router; those first that were checked the longest ago.
pub(super) async fn ask(client: &Client, mut question: Question) -> Result<Asked, Trouble> {
    let began = Instant::now();
    let mut lines = std::mem::take(&mut question.lines);
    let found = tables::read(client, &question, &mut lines).await?;
    let (mut seen, mut wanting) = (Vec::with_capacity(lines.len()), Vec::new());
    let mut doubtful = 0;
    for (line, found) in lines.into_iter().zip(found) {
        match line.address.filter(|_| found.needs_probe()) {
            Some(address) if question.wants(&line) => wanting.push((line, address, found)),
            Some(_) => doubtful += usize::from(is_doubtful(&line)),
            None => {
                doubtful += usize::from(found.is_silent() && is_first(&line, question.at));
                seen.push((line.id, found));
            }
        }
    }
    wanting.sort_by_key(|(line, ..)| line.checked.as_ref().map(|checked| checked.at));
    let probed = probe_all(client, &question, began, wanting).await?;
    doubtful += probed.doubtful;
    seen.extend(probed.seen);
    Ok(Asked { seen, left: probed.left, doubtful })
}

async fn probe_all(
    client: &Client,
    question: &Question,
    began: Instant,
    wanting: Vec<(StaticLine, Ipv4Addr, Seen)>,
) -> Result<Asked, Trouble> {
    let asked = wanting.len();
    if asked == 0 {
        return Ok(Asked { seen: Vec::new(), left: 0, doubtful: 0 });
    }
    let until = began + question.within;
    let prober = Prober::new(client, question.dialect, began).await?;
    let probes = stream::iter(wanting.into_iter().take_while(|_| Instant::now() < until))
        .map(async |(line, address, found)| {
            let found = prober.probe(&line, address, found).await?;
            let first = found.is_silent() && is_first(&line, question.at);
            Ok::<_, Trouble>((line.id, found, first))
        })
        .buffer_unordered(IN_FLIGHT)
        .collect::<Vec<_>>()
        .await;
    let left = asked - probes.len();
    let (mut seen, mut doubtful) = (Vec::with_capacity(probes.len()), 0);
    for probed in probes {
        let (id, found, first) = probed?;
        doubtful += usize::from(first);
        seen.push((id, found));
    }
    Ok(Asked { seen, left, doubtful })
}

/// Whether a silence that is met at `at` is the first that counts, so that it is looked at again.
fn is_first(line: &StaticLine, at: Timestamp) -> bool {
    line.checked.as_ref().is_none_or(|checked| checked.silent == 0)
        || is_doubtful(line) && line.checked.as_ref().is_some_and(|checked| !checked.counts_again(at))
}

fn is_doubtful(line: &StaticLine) -> bool {
    line.checked.as_ref().is_some_and(imsys_domain::presence::Checked::is_doubtful)
}

/// Whether a row with this `vrf` is in the main routing table; version 6 says nothing.
fn is_main(vrf: &str) -> bool {
    matches!(vrf, "" | "main")
}

/// A refusal of something that only helps counts as an empty answer; a broken connection does not.
fn forgive<T>(rows: Result<Table<T>, Error>) -> Result<Table<T>, Trouble> {
    match rows {
        Err(Error::Trap(_)) => Ok(Table::default()),
        rows => rows.map_err(Trouble::Command),
    }
}
