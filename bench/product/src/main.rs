//! The product under load: `bench-product (hostile | ingest | kills | list | statics | probes) IMSYS`, where IMSYS is the release
//! binary. Each prints a page of Markdown to be kept in `bench/results`.
//!
//! The server's process, its connections and the kills are those of the product's own test
//! (`crates/imsys/tests/crash`).

mod alone;
mod bare;
mod express;
mod fleet;
mod floor;
mod generator;
mod hostile;
mod ingest;
#[path = "../../../crates/imsys/tests/crash/kills.rs"]
mod kills;
mod lists;
mod probes;
mod process;
mod provider;
mod redis;
#[path = "../../../crates/imsys/tests/crash/server.rs"]
mod server;
mod statics;
mod town;

use anyhow::{Result, bail};
use std::path::Path;
use std::time::Duration;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let page = match arguments[..] {
        ["bare"] => return bare::serve(),
        ["routers", routers, customers, look, latency] => {
            return fleet::serve(routers.parse()?, customers.parse()?, look, latency.parse()?);
        }
        ["ingest", binary] => ingest::compare(Path::new(binary))?,
        ["kills", binary] => kill(Path::new(binary)),
        ["hostile", binary] => hostile::measure(Path::new(binary))?,
        ["list", binary] => lists::measure(Path::new(binary))?,
        ["statics", binary] => statics::compare(Path::new(binary))?,
        ["probes", binary] => probes::measure(Path::new(binary))?,
        _ => bail!("usage: bench-product (hostile | ingest | kills | list | statics | probes) IMSYS"),
    };
    print!("{page}");
    Ok(())
}

fn kill(binary: &Path) -> String {
    let most = Duration::from_millis(400);
    let straight = kills::run(binary, 60, most, kills::Way::Straight);
    let hasty = kills::run(binary, 5, most, kills::Way::Hasty);
    let line = |name: &str, report: &kills::Report| {
        format!("| {name} | {} | {} | {} |\n", report.kills, report.acknowledged, report.lost)
    };
    let ready = Spread::of(straight.restarts.iter().map(|time| time.as_secs_f64() * 1e3).collect());
    format!(
        "# Kills: no acknowledged event is lost\n\n\
         `imsys serve` (release, SQLite) is killed with SIGKILL at a random moment of up to {} ms of webhooks from 16 \
         connections, and started again over the same data. Every event that was answered with 204 is then looked for in the \
         database, those of all earlier rounds too.\n\n\
         | server | kills | acknowledged | lost |\n|---|---:|---:|---:|\n{}{}\n\
         - Lost: {} (target: 0). The mutant must lose some, or the harness would see nothing.\n\
         - Restart, from the start of the process to the first 200 of `/readyz`: median {:.0} ms, p99 {:.0} ms, longest \
         {:.0} ms (target: p99 under 250 ms).\n",
        most.as_millis(),
        line("`imsys serve`", &straight),
        line("mutant: answers 204, then passes on", &hasty),
        straight.lost,
        ready.median,
        ready.p99,
        ready.most,
    )
}

/// What is told of many figures.
struct Spread {
    median: f64,
    p99: f64,
    most: f64,
}

impl Spread {
    /// Of at least one figure.
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |part: f64| figures[((figures.len() as f64 * part).ceil() as usize).max(1) - 1];
        Self { median: at(0.5), p99: at(0.99), most: at(1.0) }
    }
}
