//! The commands; the only place that prints.
//!
//! * `serve.rs`: everything in one process. `check.rs`: builds the same and stops.
//! * `import.rs`: the file of an export into a new store. `restore.rs`: a backup back in its place.

mod admin;
mod check;
mod demo;
mod import;
mod profile;
mod restore;
mod serve;
mod sim;

use crate::config::{self, Config};
use crate::routes::openapi;
use clap::{Args, Parser, Subcommand};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// The back office of an Internet provider on MikroTik routers.
#[derive(Parser)]
#[command(name = "imsys", version, about)]
pub struct Cli {
    /// The settings; `imsys.toml` in this folder when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server: everything in one process, or one part of several.
    Serve(serve::Args),
    /// Runs a simulated town behind real protocols, to look at or to check.
    Demo(demo::Args),
    /// Runs simulated routers alone, for tests of other programs.
    Sim(sim::Args),
    /// Checks settings, data folder, keys and audit logs, and stops.
    Check,
    /// Shows the settings in force, without secrets.
    Config,
    /// Prints the OpenAPI description of the HTTP API.
    Openapi,
    /// Copies the database into a new file, also while the server runs. The key is not in it.
    Backup {
        /// The file to create.
        file: PathBuf,
    },
    /// Replaces the database by a backup. The server must be stopped; the old database is kept.
    Restore {
        /// A file of `imsys backup`.
        file: PathBuf,
    },
    /// Writes all data into a new file, one JSON record a line, also while the server runs. Secrets stay
    /// sealed, and the key is not in it.
    Export {
        /// The file to create.
        file: PathBuf,
    },
    /// Reads a file of `imsys export` into an empty data folder. The key must be there first.
    Import {
        /// A file of `imsys export`.
        file: PathBuf,
    },
    /// Tries profiles of SNMP devices.
    #[command(subcommand)]
    Profile(profile::Command),
    /// Manages tenants, keys and people, also while the server runs.
    #[command(subcommand)]
    Admin(admin::Command),
}

/// How a result is printed.
#[derive(Args)]
struct Output {
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Does what was asked.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Command::Openapi) {
        print(openapi::text().trim_end());
        return Ok(());
    }
    match cli.command {
        Command::Demo(args) => return demo::run(args),
        Command::Sim(args) => return sim::run(args),
        Command::Profile(command) => return profile::run(command),
        _ => {}
    }
    let config = config::load(cli.config.as_deref(), std::env::vars())?;
    match cli.command {
        Command::Serve(args) => serve::run(config, args),
        Command::Check => check::run(config),
        Command::Config => {
            print(config.shown().trim_end());
            Ok(())
        }
        Command::Backup { file } => admin::backup(config, file),
        Command::Restore { file } => restore::run(&config, &file),
        Command::Export { file } => admin::export(config, file),
        Command::Import { file } => import::run(&config, &file),
        Command::Admin(command) => admin::run(config, command),
        Command::Openapi | Command::Demo(_) | Command::Sim(_) | Command::Profile(_) => Ok(()),
    }
}

/// Runs `work` on a runtime of its own.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Writes a line to standard output. A reader who has left after the first line, as programs do, ends nothing.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _left = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Starts the log as the settings say.
fn start_log(config: &Config) -> anyhow::Result<()> {
    use tracing_subscriber::EnvFilter;
    // It complains of each device that is silent, which is no error here, unless the settings ask for it.
    let level = &config.log.level;
    let quiet = if level.contains("async_snmp") { level.clone() } else { format!("{level},async_snmp=off") };
    let filter =
        EnvFilter::builder().parse(quiet).map_err(|error| anyhow::anyhow!("`log.level`: {error}"))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log.format {
        config::Format::Text => log.init(),
        config::Format::Json => log.json().init(),
    }
    Ok(())
}
