//! The Rust tests. One command builds all test binaries; then several of them run at the same time, because most
//! wait for simulated routers, servers and clocks for longer than they compute.

use crate::steps::{run, say, watched};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Test binaries that run at the same time.
const BINARIES: usize = 2;
/// Tests that run at the same time in each of them.
const TESTS: &str = "4";
/// The binaries that take the longest are started first.
const LONGEST: [&str; 2] = ["presence_property", "town"];
/// Where the output of each binary is kept.
const LOGS: &str = "target/test-logs";

/// A built test binary.
struct Binary {
    name: String,
    file: PathBuf,
    /// The folder of its package, in which `cargo test` would run it.
    folder: PathBuf,
}

/// Builds and runs them all, and the examples in the documentation. `cargo` makes a command of cargo with the
/// environment that the tests need. An error names the binaries that failed, after all were run.
pub(crate) fn run_all(cargo: impl Fn() -> Command + Sync) -> Result<()> {
    let mut binaries = build(cargo())?;
    ensure!(!binaries.is_empty(), "no test binaries");
    std::fs::create_dir_all(LOGS)?;
    binaries.sort_by_key(|binary| !LONGEST.contains(&binary.name.as_str()));
    let (waiting, failed) = (Mutex::new(VecDeque::from(binaries)), Mutex::new(Vec::new()));
    let next = || lock(&waiting).pop_front();
    std::thread::scope(|scope| {
        for _ in 0..BINARIES {
            scope.spawn(|| {
                while let Some(binary) = next() {
                    if let Err(error) = execute(&binary, cargo()) {
                        say(&format!("FAILED {}: {error:#}", binary.name));
                        lock(&failed).push(binary.name);
                    }
                }
            });
        }
    });
    run(cargo().args(["test", "--workspace", "--doc", "--quiet"]))?;
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    ensure!(failed.is_empty(), "these failed: {}", failed.join(", "));
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn build(mut cargo: Command) -> Result<Vec<Binary>> {
    cargo.args(["test", "--workspace", "--no-run", "--quiet", "--message-format=json-render-diagnostics"]);
    let output = cargo.stderr(Stdio::inherit()).output().context("cargo test --no-run")?;
    ensure!(output.status.success(), "the tests do not build");
    let messages = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut binaries = Vec::new();
    for message in messages {
        let message: Value = serde_json::from_slice(message).context("a message of cargo")?;
        if message["profile"]["test"] != true {
            continue;
        }
        let Some(file) = message["executable"].as_str() else { continue };
        let manifest = message["manifest_path"].as_str().context("a manifest")?;
        let folder = Path::new(manifest).parent().context("a folder")?.to_owned();
        let (target, kind) = (message["target"]["name"].as_str(), message["target"]["kind"][0].as_str());
        let (target, kind) = (target.context("a name")?, kind.context("a kind")?);
        let name = if kind == "test" { target.to_owned() } else { format!("{target} ({kind})") };
        binaries.push(Binary { name, file: file.into(), folder });
    }
    Ok(binaries)
}

/// Runs one binary with the environment of `cargo`, and shows what it printed when it is done.
fn execute(binary: &Binary, cargo: Command) -> Result<()> {
    let began = Instant::now();
    let file = binary.file.file_name().context("a name")?;
    let log = Path::new(LOGS).join(file).with_extension("txt");
    let output = File::create(&log)?;
    let mut command = Command::new(&binary.file);
    command.current_dir(&binary.folder).env("CARGO_MANIFEST_DIR", &binary.folder);
    command.env("RUST_TEST_THREADS", TESTS).stdout(output.try_clone()?).stderr(output);
    for (name, value) in cargo.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let status = watched(&mut command);
    let printed = std::fs::read_to_string(&log)?;
    say(&format!("── {}\n{}", binary.name, printed.trim()));
    say(&format!("{:8.1}  {}", began.elapsed().as_secs_f64(), binary.name));
    let status = status?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}
