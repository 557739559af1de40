//! `imsys sim`.

use super::serve::asked_to_end;
use super::{block_on, print};
use imsys_sim::sim::{SimOptions, cli_run};
use imsys_sim::version::Version;

/// Which routers.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How many.
    #[arg(long, default_value_t = 1)]
    routers: usize,
    /// Their RouterOS version.
    #[arg(long, default_value = "7.18")]
    ros: Version,
    /// The API port of the first; the others follow.
    #[arg(long, default_value_t = 18728)]
    first_port: u16,
    /// Where their hooks call, such as `http://127.0.0.1:8080/api/v1/webhooks/ppp`.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
}

pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let Args { routers, ros, first_port, webhook } = args;
    block_on(async move {
        let running = cli_run(SimOptions { routers, ros, first_port, webhook }).await?;
        for address in &running.addresses {
            print(&format!("router {address} user api password secret"));
        }
        asked_to_end().await;
        running.town.stop().await;
        Ok(())
    })
}
