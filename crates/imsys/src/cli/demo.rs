//! `imsys demo`.

use super::serve::asked_to_end;
use super::{block_on, print, start_log};
use crate::config::Config;
use crate::demo::{self, DemoOptions, Ready, Report};
use crate::stop;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How the demo runs.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address of the dashboard.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder of its data; a temporary one, deleted at the end, unless given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Another town.
    #[arg(long, default_value_t = 1, hide = true)]
    seed: u64,
    /// Run this many seconds, compare what the API says with what the simulator knows, print one JSON
    /// object, and exit with 0 when nothing is wrong.
    #[arg(long, value_name = "SECONDS", hide = true, value_parser = long_enough)]
    check: Option<u64>,
    /// `presence` drops every tenth event, so that the check can be seen to fail.
    #[arg(long, value_name = "WHAT", requires = "check", hide = true, value_parser = ["presence"])]
    r#break: Option<String>,
}

pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let mut config = Config::default();
    // Its routers and devices fail on purpose, which would fill the terminal.
    config.log.level = "error".into();
    start_log(&config)?;
    let (checking, keeps) = (args.check.is_some(), args.data.is_some());
    let listen = match checking {
        true => SocketAddr::new(args.listen.ip(), 0),
        false => args.listen,
    };
    let options = DemoOptions {
        listen,
        data: args.data,
        seed: args.seed,
        check: args.check.map(Duration::from_secs),
        break_presence: args.r#break.is_some(),
    };
    let report = block_on(async {
        let (stopper, stop) = stop::channel();
        tokio::spawn(async move {
            asked_to_end().await;
            stopper.stop();
        });
        let ready = |ready: &Ready| {
            if !checking {
                print(&greeting(ready, keeps));
            }
        };
        demo::run(options, ready, stop).await
    })?;
    report.map_or(Ok(()), conclude)
}

/// The seconds of a check: in less a reboot does not come and go, and a check that finds nothing proves nothing.
fn long_enough(text: &str) -> Result<u64, String> {
    const LEAST: u64 = 20;
    let seconds: u64 = text.parse().map_err(|_| "expected a number of seconds, such as 60".to_owned())?;
    if seconds < LEAST {
        return Err(format!("{seconds} seconds are too short to see a router reboot: give at least {LEAST}"));
    }
    Ok(seconds)
}

/// The first line is for programs.
fn greeting(Ready { link, folder }: &Ready, keeps: bool) -> String {
    let fate = if keeps { "kept for the next run" } else { "deleted at the end; --data DIR keeps it" };
    format!(
        "ready {link}\n\n  Open that link: it signs you in. Everything is simulated.\n  \
         Data: {} ({fate})\n  Stop: Ctrl-C",
        folder.display(),
    )
}

fn conclude(report: Report) -> anyhow::Result<()> {
    print(&serde_json::to_string(&report)?);
    anyhow::ensure!(
        report.is_fine(),
        "something is wrong: see `problems`, or the run was too short for its faults"
    );
    Ok(())
}
