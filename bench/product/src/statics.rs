//! Rounds of checks of very many static customers: the product, and a slice of them by the usual program.

use crate::alone::{self, Alone};
use crate::fleet::{Fleet, Look};
use crate::provider::{Provider, Took};
use crate::redis;
use crate::server::Folder;
use crate::{Spread, process};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const CUSTOMERS: usize = 100;
/// Routers of which the usual program gets its slice, and the parts are measured alone.
const SLICE: usize = 500;
const ROUNDS: usize = 3;
const REST: Duration = Duration::from_secs(30);

/// How many routers; fewer where a trial wants it.
fn routers() -> Result<usize> {
    Ok(std::env::var("BENCH_ROUTERS").map_or(Ok(10_000), |count| count.parse())?)
}

/// The page.
pub fn compare(binary: &Path) -> Result<String> {
    let routers = routers()?;
    let slice = SLICE.min(routers);
    let mut fleet = Fleet::start(routers, CUSTOMERS, Look::Everyday, 0)?;
    eprintln!("{routers} routers stand");
    let provider = Provider::fill(binary, "statics", &fleet.addresses, CUSTOMERS)?;
    eprintln!("filled");
    // Until here the process counts that added the routers, and was killed.
    fleet.restart_peaks()?;
    let (server, first) = provider.first_round()?;
    eprintln!("first round: {:.1} s, {:.1} CPU s", first.wall, first.cpu);
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let took = provider.round(&server)?;
        eprintln!("round: {:.1} s, {:.1} CPU s", took.wall, took.cpu);
        rounds.push(took);
    }
    let rest = provider.rest(&server, REST)?;
    let (_, memory) = process::memory(server.pid())?;
    let peaks = fleet.peaks()?;
    drop(server);
    let alone = alone::measure(&fleet.addresses[..slice], CUSTOMERS)?;
    let usual = usual(&fleet.addresses[..slice])?;
    let found = Found { routers, slice, first, rounds, rest, memory, alone, usual };
    ensure!(peaks.commands <= 8, "{} commands at once on a router", peaks.commands);
    Ok(found.page(peaks.sessions))
}

/// CPU and wall seconds of the usual program for its slice.
struct Usual {
    connect: f64,
    cpu: f64,
    wall: f64,
    redis: f64,
}

struct Found {
    routers: usize,
    slice: usize,
    first: Took,
    rounds: Vec<Took>,
    rest: Took,
    memory: f64,
    alone: Alone,
    usual: Usual,
}

fn usual(routers: &[SocketAddr]) -> Result<Usual> {
    let folder = Folder::new("polling-redis");
    let (redis, port) = redis::start(folder.path(), &[])?;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("polling");
    ensure!(program.join("node_modules").exists(), "run `npm ci --prefix bench/product/polling` first");
    let mut node = Command::new("node");
    node.arg(program.join("poll.js")).args([port.to_string(), CUSTOMERS.to_string()]);
    let mut node = node.env("NODE_ENV", "production").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut list = node.stdin.take().context("stdin is piped")?;
    for router in routers {
        writeln!(list, "{router}")?;
    }
    drop(list);
    let output = node.wait_with_output()?;
    ensure!(output.status.success(), "the usual program failed");
    let lines = String::from_utf8(output.stdout)?;
    let lines: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let (connect, rounds) = lines.split_first().context("a line for connecting")?;
    let all = (routers.len() * CUSTOMERS) as u64;
    ensure!(rounds.iter().all(|round| round["found"] == all), "not everybody was found online: {rounds:?}");
    let of = |value: &Value, name: &str| value[name].as_f64().context("a figure");
    let figures = |name| rounds.iter().map(|round| of(round, name)).collect::<Result<Vec<_>>>();
    Ok(Usual {
        connect: of(connect, "cpu")?,
        cpu: Spread::of(figures("cpu")?).median,
        wall: Spread::of(figures("wall")?).median,
        redis: process::cpu(redis.pid())? / rounds.len() as f64,
    })
}

impl Found {
    fn page(&self, sessions: usize) -> String {
        let Self { routers, slice, first, rest, memory, alone, usual, .. } = self;
        let median = |of: fn(&Took) -> f64| Spread::of(self.rounds.iter().map(of).collect()).median;
        let (wall, cpu, writer) = (median(|t| t.wall), median(|t| t.cpu), median(|t| t.writer));
        let each = |seconds: f64, count: usize| seconds / count as f64 * 1e6;
        let (ours, theirs) = (each(cpu, *routers), each(usual.cpu + usual.redis, *slice));
        let others = ours - alone.decode - alone.judge - each(writer, *routers);
        format!(
            "# Static customers: {routers} routers with {CUSTOMERS} each, asked by one process\n\n\
             Simulated routers in processes of their own on the same two cores. A round is a check of every router, asked for \
             by one request: its ARP table and the counters of its queues, matched, judged and stored; six customers in ten are \
             reachable in the table, the queues of the others move. `imsys serve` with SQLite and the queue in its process; \
             median of {ROUNDS} rounds. CPU time is user and system time of our process.\n\n\
             | `imsys serve` | wall s | CPU s | routers/s | CPU µs per router |\n|---|---:|---:|---:|---:|\n\
             | first round: from the start of the process, with connecting, a first sweep and every customer's change \
             | {:.1} | {:.1} | {:.0} | {:.0} |\n\
             | a later round | {wall:.1} | {cpu:.1} | {:.0} | {ours:.0} |\n\n\
             - A round: {cpu:.1} CPU s (target: at most 60), {wall:.1} s (well inside 300).\n\
             - Of the {ours:.0} µs per router: asking and decoding {:.0}, judging {:.0} (each measured alone, with {slice} \
             routers), the store's writer {:.0}, all else {others:.0} (reading the lines from the store, matching, the queue). Connecting and logging in is {:.0} (alone).\n\
             - Holding the connections between rounds, with a keep-alive on each every five seconds: {:.2} CPU s a second.\n\
             - Peak memory: {memory:.0} MiB.\n\
             - Most connections that any router had at once, the first round included: {sessions}.\n\n\
             ## Beside node-routeros and BullMQ\n\n\
             {slice} of the routers on the same simulator, a job each, 50 at once, over connections that are kept; each \
             customer's status in a Redis hash. Median of 3 rounds.\n\n\
             | side | CPU µs per router | of it Redis | routers/s | connecting, CPU µs per router |\n|---|---:|---:|---:|---:|\n\
             | `imsys serve` | {ours:.0} | | {:.0} | {:.0} |\n\
             | node-routeros, BullMQ, Redis | {theirs:.0} | {:.0} | {:.0} | {:.0} |\n\n\
             - {:.1} × less CPU time for each router (target: at least 20).\n",
            first.wall,
            first.cpu,
            *routers as f64 / first.wall,
            each(first.cpu, *routers),
            *routers as f64 / wall,
            alone.decode,
            alone.judge,
            each(writer, *routers),
            alone.connect,
            rest.cpu / rest.wall,
            *routers as f64 / wall,
            alone.connect,
            each(usual.redis, *slice),
            *slice as f64 / usual.wall,
            each(usual.connect, *slice),
            theirs / ours,
        )
    }
}
