//! Simulated routers with static customers, in processes of their own so that their CPU time is not ours.

use anyhow::{Context, Result, ensure};
use imsys_sim::router::{ArpRow, ArpShown, ArpStatus, Router, RouterConfig, StaticCustomer};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A process has so many routers at most: each takes two of the 20,000 files that it may open.
const EACH: usize = 5_000;

/// How the customers' rows look.
#[derive(Clone, Copy)]
pub enum Look {
    /// Six in ten are reachable, the rest stale; everybody has a queue whose bytes move.
    Everyday,
    /// All are stale and have no queue: only a probe can tell.
    Silent,
}

/// The routers, spread over processes that end with this value.
pub struct Fleet {
    processes: Vec<Process>,
    /// Where each listens: user `api`, password `secret`.
    pub addresses: Vec<SocketAddr>,
}

struct Process {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The most that any router ever saw at once.
pub struct Peaks {
    pub sessions: usize,
    pub commands: usize,
}

impl Fleet {
    /// `latency` is from a command to its answer, in milliseconds.
    pub fn start(routers: usize, customers: usize, look: Look, latency: u64) -> Result<Self> {
        let mut fleet = Self { processes: Vec::new(), addresses: Vec::new() };
        while fleet.addresses.len() < routers {
            let count = EACH.min(routers - fleet.addresses.len());
            let mut process = Process::start(count, customers, look, latency)?;
            for _ in 0..count {
                fleet.addresses.push(process.line()?.parse()?);
            }
            fleet.processes.push(process);
        }
        Ok(fleet)
    }

    /// Forgets what was the most so far.
    pub fn restart_peaks(&mut self) -> Result<()> {
        for process in &mut self.processes {
            writeln!(process.ask, "restart")?;
            process.line()?;
        }
        Ok(())
    }

    pub fn peaks(&mut self) -> Result<Peaks> {
        let mut peaks = Peaks { sessions: 0, commands: 0 };
        for process in &mut self.processes {
            writeln!(process.ask, "peaks")?;
            let line = process.line()?;
            let (sessions, commands) = line.split_once(' ').context("two figures")?;
            peaks.sessions = peaks.sessions.max(sessions.parse()?);
            peaks.commands = peaks.commands.max(commands.parse()?);
        }
        Ok(peaks)
    }
}

impl Process {
    fn start(routers: usize, customers: usize, look: Look, latency: u64) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let look = match look {
            Look::Everyday => "everyday",
            Look::Silent => "silent",
        };
        command.args(["routers", &routers.to_string(), &customers.to_string(), look, &latency.to_string()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (ask, answers) = (child.stdin.take(), child.stdout.take());
        let (ask, answers) = (ask.context("stdin is piped")?, answers.context("stdout is piped")?);
        Ok(Self { child, ask, answers: BufReader::new(answers) })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.answers.read_line(&mut line)? > 0, "the routers ended");
        Ok(line.trim().to_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The address of a router's customer.
pub fn address(customer: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 20, 0, 1)) + customer as u32)
}

/// The child: prints where each router listens, then the peaks whenever it is asked, and forgets them when it
/// is told to.
pub fn serve(routers: usize, customers: usize, look: &str, latency: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let routers = runtime.block_on(async {
        let mut all = Vec::new();
        for number in 0..routers {
            let router =
                Router::start(RouterConfig { seed: number as u64, ..RouterConfig::default() }).await?;
            router.conditions(|now| now.latency = Duration::from_millis(latency));
            for customer in 0..customers {
                router.add_static(resident(customer, look == "silent"));
            }
            println!("{}", router.address());
            all.push(router);
        }
        anyhow::Ok(all)
    })?;
    for line in std::io::stdin().lines() {
        match line?.as_str() {
            "restart" => {
                routers.iter().for_each(|router| router.restart_peaks());
                println!("restarted");
            }
            "peaks" => {
                let most = |of: fn(&Router) -> usize| routers.iter().map(of).max().unwrap_or_default();
                println!("{} {}", most(Router::peak_sessions), most(Router::peak_commands));
            }
            other => anyhow::bail!("neither the peaks nor a restart of them: {other}"),
        }
    }
    Ok(())
}

fn resident(customer: usize, silent: bool) -> StaticCustomer {
    let mac = format!("02:00:5E:00:{:02X}:{:02X}", customer / 256, customer % 256);
    let reachable = !silent && customer % 10 < 6;
    let status = if reachable { ArpStatus::Reachable } else { ArpStatus::Stale };
    StaticCustomer {
        arp: ArpRow::Shown(ArpShown::learnt(status, &mac)),
        queue: (!silent).then(|| format!("customer-{customer}")),
        ..StaticCustomer::new(address(customer), &mac, "ether2")
    }
}
