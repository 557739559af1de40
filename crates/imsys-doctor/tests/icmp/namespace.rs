//! A network namespace for a test: it has no way out, and is gone with the thread that it was made for.

use nix::sched::{CloneFlags, unshare};
use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;
use std::{fs, panic, thread};

/// Which sockets the namespace allows to its pinger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sockets {
    Datagram,
    Raw,
}

/// Runs `test` on a thread in a new network namespace with loopback. Prints why and does nothing where that is not
/// allowed.
pub(crate) fn in_namespace(sockets: Sockets, test: impl FnOnce() + Send + 'static) {
    let work = move || match enter(sockets) {
        Ok(()) => test(),
        Err(why) => println!("skipped: no network namespace for this test: {why}"),
    };
    if let Err(failure) = thread::spawn(work).join() {
        panic::resume_unwind(failure);
    }
}

fn enter(sockets: Sockets) -> Result<(), String> {
    unshare(CloneFlags::CLONE_NEWNET).map_err(|error| error.to_string())?;
    ip("link set lo up")?;
    let range = match sockets {
        Sockets::Datagram => "0 2147483647",
        Sockets::Raw => "1 0",
    };
    fs::write("/proc/sys/net/ipv4/ping_group_range", range).map_err(|error| error.to_string())
}

/// Runs `ip` in the namespace of this thread.
pub(crate) fn ip(arguments: &str) -> Result<(), String> {
    let output = Command::new("ip").args(arguments.split(' ')).output();
    let output = output.map_err(|error| format!("ip: {error}"))?;
    let error = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("ip {arguments}: {error}")) }
}

/// So many addresses, all of which the loopback device answers.
pub(crate) fn loopback_targets(count: u32) -> Vec<IpAddr> {
    (1..=count).map(|n| IpAddr::V4(Ipv4Addr::from_bits(0x7f01_0000 + n))).collect()
}
