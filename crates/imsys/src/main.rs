//! The program: reads the command line, does it, says how it went.

use clap::Parser;
use imsys::cli::{self, Cli};
use imsys::config::ConfigError;
use std::process::ExitCode;

/// Requests are allocated by one thread and freed by another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("imsys: {error:#}");
            // As clap does for a wrong command line: nothing was started.
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}
