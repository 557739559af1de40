//! `imsys demo`: a simulated town behind the real protocols, served by the real product.
//!
//! * `town`: who lives there, and what goes wrong; `plant`: the office is set up over HTTP, as an
//!   administrator would do it, scripts pasted included.
//! * `check`: compares what the API says with what the simulator knows, every second.
//! * `client`: a small HTTP client.

mod check;
mod client;
mod plant;
mod town;

use crate::app::{App, Clock};
use crate::config::Config;
use crate::presence::Sabotage;
use crate::{stop, wire};
use anyhow::Context;
use imsys_sim::town::Town;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;

pub use check::Report;

/// What the demo is asked for.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Where the dashboard listens.
    pub listen: SocketAddr,
    /// Where its data is kept; a temporary folder unless given.
    pub data: Option<PathBuf>,
    /// The town's seed.
    pub seed: u64,
    /// Run this long, compare, report.
    pub check: Option<Duration>,
    /// Drop every tenth event, to see that the check notices.
    pub break_presence: bool,
}

/// Runs the demo until `stop`, or for as long as the check lasts. `ready` is told the sign-in link.
pub async fn run(
    options: DemoOptions,
    ready: impl FnOnce(&str) + Send,
    mut stop: stop::Stop,
) -> anyhow::Result<Option<Report>> {
    let temporary = tempfile::tempdir().context("a temporary folder")?;
    let folder = options.data.clone().unwrap_or_else(|| temporary.path().to_owned());
    let listener =
        TcpListener::bind(options.listen).await.with_context(|| format!("--listen {}", options.listen))?;
    let mut config = Config::default();
    config.data.dir = folder;
    config.network.allow_loopback = true;
    config.network.server_address = "127.0.0.1".into();
    let config = config.bound(listener.local_addr()?);
    let mut house = wire::open(config, Clock::system()).await?;
    house.app.parts_mut().demo = true;
    if options.break_presence {
        house.app.parts_mut().broker.sabotage(Sabotage::every(10));
    }
    let town = Town::start(town::config(options.seed)).await.context("the simulated routers")?;
    let app = house.app.clone();
    let (stopper, inner) = stop::channel();
    let server = tokio::spawn(wire::run(house, listener, inner));
    let outcome = tokio::select! {
        outcome = live(&app, &town, &options, ready) => outcome,
        () = stop.wait() => Ok(None),
    };
    stopper.stop();
    server.await.context("the server")??;
    town.stop().await;
    outcome
}

async fn live(
    app: &App,
    town: &Town,
    options: &DemoOptions,
    ready: impl FnOnce(&str) + Send,
) -> anyhow::Result<Option<Report>> {
    let offices = plant::plant(app, town).await?;
    ready(&plant::sign_in_link(app, &offices).await?);
    match options.check {
        Some(time) => Ok(Some(check::check(app, town, &offices, time).await?)),
        None => std::future::pending().await,
    }
}
