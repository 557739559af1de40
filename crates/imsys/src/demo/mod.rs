//! `imsys demo`: a simulated town behind the real protocols, served by the real product.
//!
//! * `town`: the routers and customers, and the faults; `past`: the offices with the `month` behind them and its
//!   `trend`; `plant`: their routers get their scripts, as an administrator would paste them.
//! * `check`: compares what the API says with what the simulator knows, every second.
//! * `client`: a small HTTP client.

mod check;
mod client;
mod month;
mod past;
mod plant;
mod town;
mod trend;

use crate::config::Config;
use crate::routers::session::Sabotage;
use crate::{app::App, clock::Clock};
use crate::{stop, wire};
use anyhow::Context;
use imsys_domain::TenantId;
use imsys_sim::town::Town;
use std::net::SocketAddr;
use std::ops::Range;
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

/// What people need to know of a running demo.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Signs in whoever opens it.
    pub link: String,
    /// Where the data is.
    pub folder: PathBuf,
}

/// Runs the demo until `stop`, or for as long as the check lasts; `ready` is called once.
pub async fn run(
    options: DemoOptions,
    ready: impl FnOnce(&Ready) + Send,
    mut stop: stop::Stop,
) -> anyhow::Result<Option<Report>> {
    let temporary = tempfile::tempdir().context("a temporary folder")?;
    let folder = options.data.clone().unwrap_or_else(|| temporary.path().to_owned());
    let listener =
        TcpListener::bind(options.listen).await.with_context(|| format!("--listen {}", options.listen))?;
    let mut config = Config::default();
    config.data.dir = folder.clone();
    config.network.allow_loopback = true;
    config.network.server_address = "127.0.0.1".into();
    let config = config.bound(listener.local_addr()?);
    let sabotage = options.break_presence.then(|| Sabotage::every(10));
    let instance = wire::open_demo(config, Clock::system(), sabotage).await?;
    let town = Town::start(town::config(options.seed)).await.context("the simulated routers")?;
    let offices = plant::settle(&instance.app, &town, options.seed).await?;
    let app = instance.app.clone();
    let (stopper, inner) = stop::channel();
    let server = tokio::spawn(wire::run(instance, listener, inner));
    let outcome = tokio::select! {
        outcome = live(&app, &town, &options, offices, |link| ready(&Ready { link, folder })) => outcome,
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
    offices: Vec<(TenantId, Range<usize>)>,
    ready: impl FnOnce(String) + Send,
) -> anyhow::Result<Option<Report>> {
    let offices = plant::plant(app, town, offices).await?;
    ready(plant::sign_in_link(app, &offices).await?);
    match options.check {
        Some(time) => Ok(Some(check::check(app, town, &offices, time).await?)),
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::presence::EndCause;
    use imsys_store::Actor;
    use imsys_store::page::Ask;
    use imsys_store::port::SessionFilter;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_month_is_behind_the_town_and_its_audit_log_is_in_the_order_of_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = folder.path().into();
        let instance = wire::open(config, Clock::system()).await.unwrap();
        let town = Town::start(town::config(3)).await.unwrap();
        let offices = plant::settle(&instance.app, &town, 3).await.unwrap();
        assert_eq!(plant::settle(&instance.app, &town, 3).await.unwrap(), offices, "what is there stays");
        let now = instance.app.now();
        for (tenant, routers) in offices {
            let store = instance.app.store.tenant(tenant, Actor::system(now));
            let ask = Ask { limit: 1000, descending: true, ..Ask::first(()) };
            let page = store.sessions(SessionFilter::default(), ask).await.unwrap();
            let wanted = 240 * routers.len() as u64;
            assert!(page.total > wanted, "{} sessions", page.total);
            let ended = |cause| page.items.iter().filter(|session| session.cause == Some(cause)).count();
            assert!(ended(EndCause::User) > 0, "somebody left");
            assert!(page.items.iter().any(|session| session.ended.is_none()), "somebody is there");
            let audit = store.audit(Ask::first(())).await.unwrap();
            assert!(audit.items.is_sorted_by_key(|entry| std::cmp::Reverse(entry.at)));
        }
        town.stop().await;
    }
}
