//! A thousand probes through routers at a distance.

use crate::Spread;
use crate::fleet::{Fleet, Look};
use crate::provider::Provider;
use anyhow::{Result, ensure};
use std::path::Path;

/// Lines that only a probe can tell about.
const PROBES: usize = 1_000;
/// From a command to its answer.
const LATENCY_MS: u64 = 50;
/// Over how many routers they are spread.
const SPREADS: [usize; 3] = [100, 20, 1];
const ROUNDS: usize = 3;

/// The page.
pub fn measure(binary: &Path) -> Result<String> {
    let mut lines = String::new();
    for routers in SPREADS {
        let customers = PROBES / routers;
        let mut fleet = Fleet::start(routers, customers, Look::Silent, LATENCY_MS)?;
        let provider = Provider::fill(binary, "probes", &fleet.addresses, customers)?;
        let (server, first) = provider.first_round()?;
        let (mut wall, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let took = provider.round(&server)?;
            wall.push(took.wall);
            cpu.push(took.cpu);
        }
        let peaks = fleet.peaks()?;
        ensure!(peaks.sessions == 1 && peaks.commands <= 8, "one connection, eight commands");
        let (wall, cpu) = (Spread::of(wall).median, Spread::of(cpu).median);
        eprintln!("{routers} routers: {wall:.2} s");
        lines += &format!(
            "| {routers} | {customers} | {wall:.2} | {:.0} | {:.1} | {cpu:.2} |\n",
            PROBES as f64 / wall,
            first.wall
        );
    }
    Ok(format!(
        "# Probes: {PROBES} through routers {LATENCY_MS} ms away\n\n\
         Static customers of whom neither the ARP table nor a queue proves anything, so that their router pings each of them \
         over its one connection, with at most eight commands in flight. Every command is answered {LATENCY_MS} ms after it \
         was sent. Wall time of a round, from the first check that is asked for over HTTP until every customer's status is \
         stored; median of {ROUNDS} rounds.\n\n\
         | routers | customers each | seconds a round | probes/s | first round after the start, s | CPU s of `imsys serve` |\n\
         |---:|---:|---:|---:|---:|---:|\n{lines}"
    ))
}
