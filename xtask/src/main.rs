//! The project's own commands. `cargo xtask test` is everything CI runs; `cargo xtask soak` is what takes
//! long; `cargo xtask openapi` writes the committed contract anew.
//!
//! * `steps`: running a step, timing it, counting what failed. `tools`: what must be on the machine.
//! * `test`, `soak`: the steps; `rust_tests`: several test binaries at a time. `licences`: what may be linked.

mod licences;
mod rust_tests;
mod soak;
mod steps;
mod test;
mod tools;

use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool> {
    std::env::set_current_dir(root())?;
    match std::env::args().nth(1).as_deref() {
        Some("test") => test::test(),
        Some("soak") => soak::soak(),
        Some("openapi") => test::write_openapi().map(|()| true),
        _ => bail!("cargo xtask test | soak | openapi"),
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
