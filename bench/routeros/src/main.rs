//! Rows of `/ip/arp/print` decoded per CPU-second, side by side and from the same bytes: the
//! `routeros` crate, npm's `node-routeros`, and loops that read, find the ends of sentences and
//! decode nothing.
//!
//! `bench-routeros` alone starts a server on loopback, gives every client its turn in every round,
//! and writes `bench/results/routeros.md`. A client is a process of its own, so that its CPU time is
//! its own; it prints rows and CPU seconds.

mod clients;
mod report;
mod server;

use std::{env, net::SocketAddr, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};

/// What one turn of a client measured.
pub struct Turn {
    /// Rows that arrived.
    pub rows: f64,
    /// User and system time, in seconds.
    pub cpu: f64,
}

const ROUNDS: usize = 7;
const SECONDS: &str = "1.5";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => compare(),
        ["serve"] => {
            println!("{}", server::start()?);
            std::io::stdin().read_line(&mut String::new())?;
            Ok(())
        }
        ["ours", address, seconds] => clients::ours(address.parse()?, seconds.parse()?),
        ["receive", address, seconds] => clients::receive(address.parse()?, seconds.parse()?),
        ["bare", address, seconds] => clients::bare(address.parse()?, seconds.parse()?),
        _ => bail!("usage: bench-routeros [serve | (ours | receive | bare) ADDRESS SECONDS]"),
    }
}

fn compare() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    ensure!(folder.join("node_modules").exists(), "run `npm ci` in bench/routeros first");
    let server = server::start()?;
    let mut turns = [const { vec![] }; 4];
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let own = |name: &str| -> Result<Command> {
            let mut command = Command::new(env::current_exe()?);
            command.arg(name);
            Ok(command)
        };
        let mut node = Command::new("node");
        node.arg(folder.join("client.js"));
        for (turns, client) in turns.iter_mut().zip([own("ours")?, node, own("receive")?, own("bare")?]) {
            turns.push(turn(client, server)?);
        }
    }
    let report = report::write(&turns, server::REPLY_BYTES.get().copied().unwrap_or_default());
    print!("{report}");
    std::fs::write(folder.join("../results/routeros.md"), report)?;
    Ok(())
}

/// Runs one client to its end.
fn turn(mut client: Command, server: SocketAddr) -> Result<Turn> {
    let output = client.arg(server.to_string()).arg(SECONDS).output().context("starting a client")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let (rows, cpu) = text.trim().split_once(' ').context("a client printed no figures")?;
    Ok(Turn { rows: rows.parse()?, cpu: cpu.parse()? })
}
