//! What the kernel says of a process.

use anyhow::{Context, Result};
use std::fs::{read_dir, read_to_string};

/// The kernel's ticks of CPU time per second, the same on every Linux.
const TICKS: f64 = 100.0;

/// User and system time of a process and its threads so far, in seconds.
pub fn cpu(pid: u32) -> Result<f64> {
    seconds(&read_to_string(format!("/proc/{pid}/stat"))?)
}

/// The same of the threads of that name alone.
pub fn cpu_of_threads(pid: u32, name: &str) -> Result<f64> {
    let mut sum = 0.0;
    for thread in read_dir(format!("/proc/{pid}/task"))? {
        let folder = thread?.path();
        if read_to_string(folder.join("comm"))?.trim() == name {
            sum += seconds(&read_to_string(folder.join("stat"))?)?;
        }
    }
    Ok(sum)
}

fn seconds(stat: &str) -> Result<f64> {
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
