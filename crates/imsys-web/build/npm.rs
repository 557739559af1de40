//! Node and npm: is Node new enough, are the packages of the lock file there, and the build itself.

use std::path::Path;
use std::process::Command;

use crate::files;

/// What vite asks for.
const OLDEST_NODE: (u32, u32) = (20, 19);

pub(crate) fn check_node() -> Result<(), String> {
    let version = run(Command::new("node").arg("--version"))?;
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= OLDEST_NODE => Ok(()),
        _ => Err(format!(
            "Node {}.{} or later is needed, {} is here",
            OLDEST_NODE.0,
            OLDEST_NODE.1,
            version.trim()
        )),
    }
}

/// `npm ci`, unless the packages there were installed from this very lock file.
pub(crate) fn install(work: &Path) -> Result<(), String> {
    let lock = files::read(&work.join("package-lock.json"))?;
    let stamp = work.join("node_modules/.imsys-lock");
    if files::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(work).args(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    files::write(&stamp, &lock)
}

pub(crate) fn build(work: &Path, dist: &Path) -> Result<(), String> {
    run(npm(work).args(["run", "build", "--", "--emptyOutDir", "--outDir"]).arg(dist)).map(drop)
}

fn npm(work: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(work);
    command
}

/// What the command prints; when it fails, the end of what it complained about.
fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    Err(format!("{name} failed: {}", lines[lines.len().saturating_sub(6)..].join(" | ")))
}
