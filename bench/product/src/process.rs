//! What the kernel says of a process.

use anyhow::{Context, Result};
use std::fs::read_to_string;

/// The kernel's ticks of CPU time per second, the same on every Linux.
const TICKS: f64 = 100.0;

/// User and system time of a process and its threads so far, in seconds.
pub fn cpu(pid: u32) -> Result<f64> {
    let stat = read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything; user and system time are the 12th and 13th after it.
    let (_, after) = stat.rsplit_once(')').context("no name")?;
    let ticks: Vec<f64> =
        after.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS)
}

/// Resident memory in MiB: now, and the most there ever was.
pub fn memory(pid: u32) -> Result<(f64, f64)> {
    let status = read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| -> Result<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}
