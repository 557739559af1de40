//! Jobs added and worked off on one Redis, side by side: our adapter on BullMQ, and BullMQ for Node.
//!
//! `bench-queue` alone starts a Redis for each round, gives either side its turn, the other one first
//! in every second round, and prints a page of Markdown. A side is a process of its own, so that its
//! CPU time is its own; it prints what it measured.

mod ours;
#[expect(dead_code, reason = "the bench of the product asks for more")]
#[path = "../../product/src/process.rs"]
mod process;
#[path = "../../product/src/redis.rs"]
mod redis;
mod report;

use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::path::Path;
use std::process::Command;

/// As in the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What either side is asked to do.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// Jobs that are added one to a call, and as many again in calls of many.
    pub jobs: usize,
    /// The same for the rehearsal.
    pub warm: usize,
    /// Calls in flight that add one job.
    pub in_flight: usize,
    /// Jobs to a call that adds many.
    pub per_call: usize,
    /// Jobs that are worked on at a time.
    pub concurrency: usize,
}

const SIZES: Sizes = Sizes { jobs: 20_000, warm: 2_000, in_flight: 50, per_call: 250, concurrency: 50 };
const ROUNDS: usize = 5;

/// What one side measured of one kind of work.
pub struct Figures {
    /// Which: `each`, `many`, `work`.
    pub what: String,
    /// Seconds from the beginning to the end.
    pub wall: f64,
    /// User and system time of the side, in seconds.
    pub cpu: f64,
    /// User and system time of Redis, in seconds.
    pub redis: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => print!("{}", compare()?),
        ["ours", port, redis, name, ..] => ours::turn(port.parse()?, redis.parse()?, name, SIZES)?,
        _ => bail!("usage: bench-queue"),
    }
    Ok(())
}

fn compare() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    ensure!(folder.join("node_modules").exists(), "run `npm ci --prefix bench/queue` first");
    let mut ours = Command::new(env::current_exe()?);
    ours.arg("ours");
    let mut node = Command::new("node");
    node.arg(folder.join("client.js")).env("NODE_ENV", "production");
    let mut sides = [(ours, vec![]), (node, vec![])];
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let data = env::temp_dir().join(format!("bench-queue-{}-{round}", std::process::id()));
        std::fs::create_dir(&data)?;
        let done = in_turn(&data, &mut sides);
        std::fs::remove_dir_all(&data)?;
        done?;
        sides.reverse();
    }
    // An odd number of rounds has left them reversed.
    sides.reverse();
    let [(_, ours), (_, node)] = sides;
    Ok(report::page(&ours, &node, &version("node")?, &version("redis-server")?))
}

/// One round: both sides on a Redis whose log nobody rewrites meanwhile.
fn in_turn(data: &Path, sides: &mut [(Command, Vec<Figures>)]) -> Result<()> {
    let (redis, port) = redis::start(data, &["--auto-aof-rewrite-percentage", "0"])?;
    for (at, (side, figures)) in sides.iter_mut().enumerate() {
        figures.extend(turn(side, port, redis.pid(), &format!("bench-{at}"))?);
    }
    Ok(())
}

/// Runs one side to its end.
fn turn(side: &Command, port: u16, redis: u32, name: &str) -> Result<Vec<Figures>> {
    let Sizes { jobs, warm, in_flight, per_call, concurrency } = SIZES;
    let mut command = Command::new(side.get_program());
    command.args(side.get_args()).args([&port.to_string(), &redis.to_string(), name]);
    command.args([jobs, warm, in_flight, per_call, concurrency].map(|size| size.to_string()));
    let output = command.output().context("starting a side")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().map(|line| figures(line).with_context(|| format!("a side printed {line:?}"))).collect()
}

fn figures(line: &str) -> Option<Figures> {
    let (what, numbers) = line.split_once(' ')?;
    let numbers: Vec<f64> = numbers.split(' ').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [wall, cpu, redis] = numbers[..] else { return None };
    Some(Figures { what: what.to_owned(), wall, cpu, redis })
}

/// The first word of what a program says of its version that begins with a digit.
fn version(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output().with_context(|| program.to_owned())?;
    let text = String::from_utf8(output.stdout)?;
    let words = text.split_whitespace().map(|word| word.trim_start_matches("v=").trim_start_matches('v'));
    let version = words.into_iter().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    Ok(version.context("no version")?.to_owned())
}
