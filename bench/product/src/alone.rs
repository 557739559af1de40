//! The parts of a check, each done alone in this process: what a part of the whole costs.

use crate::process;
use anyhow::{Context, Result};
use imsys_domain::Timestamp;
use imsys_domain::presence::{ArpSeen, ArpState, Presence, QueueSeen, Seen, judge_check};
use routeros::client::{Client, ClientOptions, Command, LoginForm};
use routeros::connect::connect;
use routeros::menu::{Arp, DeviceMode, Identity, Resource, SimpleQueue};
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// As in a check.
const ARP: &str = "address,mac-address,interface,vrf,status,complete,dhcp,DHCP,dynamic,disabled,invalid";
const QUEUE: &str = "target,bytes,disabled";
/// Times that each line is judged.
const JUDGED: usize = 10;

/// CPU microseconds for each router.
pub struct Alone {
    /// Connecting, logging in, and what a router says of itself.
    pub connect: f64,
    /// Asking for both tables, and reading them into rows.
    pub decode: f64,
    /// Judging what the rows say.
    pub judge: f64,
}

/// Does the parts with these routers, one after the other.
pub fn measure(routers: &[SocketAddr], customers: usize) -> Result<Alone> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let each = routers.len() as f64;
    let (clients, connect) = used(|| {
        runtime.block_on(async {
            let mut clients = Vec::new();
            for at in routers {
                clients.push(open(*at).await?);
            }
            anyhow::Ok(clients)
        })
    })?;
    let (rows, decode) = used(|| {
        runtime.block_on(async {
            let mut rows = 0;
            for client in &clients {
                let (arp, queues) = tokio::join!(
                    client.print::<Arp>(Command::new("/ip/arp/print").attr(".proplist", ARP), DEADLINE),
                    client.print::<SimpleQueue>(
                        Command::new("/queue/simple/print").attr(".proplist", QUEUE),
                        DEADLINE
                    ),
                );
                rows += arp?.len().min(queues?.len());
            }
            anyhow::Ok(rows)
        })
    })?;
    anyhow::ensure!(rows == routers.len() * customers, "{rows} rows");
    let (_, judge) = used(|| {
        for round in 0..JUDGED {
            judge_all(routers.len() * customers, round as i64);
        }
        Ok(())
    })?;
    let micros = |seconds: f64| seconds / each * 1e6;
    Ok(Alone { connect: micros(connect), decode: micros(decode), judge: micros(judge) / JUDGED as f64 })
}

fn used<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let before = process::cpu(std::process::id())?;
    let done = work()?;
    Ok((done, process::cpu(std::process::id())? - before))
}

async fn open(at: SocketAddr) -> Result<Client> {
    let client = Client::new(connect(at, None, DEADLINE).await?, ClientOptions::default());
    client.login("api", "secret", LoginForm::Modern).await?;
    let (identity, resource, _mode) = tokio::join!(
        client.print::<Identity>(Command::new("/system/identity/print"), DEADLINE),
        client.print::<Resource>(Command::new("/system/resource/print"), DEADLINE),
        client.print::<DeviceMode>(Command::new("/system/device-mode/print"), DEADLINE),
    );
    identity?.first().zip(resource?.first()).context("the router says who it is")?;
    Ok(client)
}

fn judge_all(lines: usize, round: i64) {
    let (before, at) = (Timestamp(round * 1_000), Timestamp(round * 1_000 + 500));
    for line in 0..lines {
        let reachable = line % 10 < 6;
        let state = if reachable { ArpState::Reachable } else { ArpState::Stale };
        let arp = Some(ArpSeen { interface: "ether2".into(), mac: None, state, ignored: false });
        let queue = Some(QueueSeen { bytes: line as u64, moved: Some(true) });
        let seen = Seen { arp, queue, ..Seen::default() };
        let mut presence = Presence::unknown(before);
        black_box(judge_check(&mut presence, at, black_box(seen)));
        black_box(presence);
    }
}
