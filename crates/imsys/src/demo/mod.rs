//! `imsys demo`: a simulated town behind the real protocols, served by the real product.
//!
//! * `town`: the routers and customers, and the faults; `past`: the offices with the `month` behind them and its
//!   `trend`, and a `contact` for each customer; `plant`: their routers get their scripts, as an administrator would paste them.
//! * `devices`: the devices behind the routers, with their outages; `measured`: their figures of the month.
//! * `check`: compares what the API says with what the simulator knows, every second.
//! * `client`: a small HTTP client.

mod check;
mod client;
mod contact;
mod devices;
mod measured;
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

/// Seconds between two looks at a device in the demo, by ping and by SNMP.
const DEVICE_SECONDS: u32 = 60;
/// The same at one that is watched, by ping.
const WATCHED_SECONDS: u32 = 10;

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
    (config.doctor.interval_seconds, config.doctor.watched_seconds) = (DEVICE_SECONDS, WATCHED_SECONDS);
    config.doctor.snmp_seconds = DEVICE_SECONDS;
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
    town.begin();
    match options.check {
        Some(time) => Ok(Some(check::check(app, town, &offices, time).await?)),
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history;
    use imsys_doctor::builtin::series::Range as SeriesRange;
    use imsys_domain::Timestamp;
    use imsys_domain::device::{Device, Outage};
    use imsys_domain::presence::EndCause;
    use imsys_store::page::Ask;
    use imsys_store::port::{DeviceFilter, DeviceSort, SessionFilter};
    use imsys_store::{Actor, TenantStore};

    /// Its loss in the history is total in its outages and at no other time.
    async fn agrees_with_its_outages(app: &App, store: &dyn TenantStore, device: &Device) {
        let outages = store.outages(device.id, 100).await.unwrap();
        assert!(!outages.is_empty(), "{}", device.data.name);
        let key = history::key(device.tenant, device.id, history::PING, "loss");
        let now = app.now();
        // A little more than the month, and not so much that summaries are given.
        let from = Timestamp(now.0 - month::MONTH - 86_400_000);
        let ranges = app.history.ranges(vec![key], from, now, 10_000).await.unwrap();
        let [SeriesRange::Points(points)] = &ranges[..] else { panic!("plain points are wanted") };
        for outage in &outages {
            let is_in = |at: i64| outage.began.0 <= at && outage.ended.is_none_or(|ended| at < ended.0);
            let shown =
                points.iter().any(|point| point.value == 100.0 && is_in(i64::from(point.at) * 1_000 + 999));
            assert!(shown, "{}: {outage:?} is in the graph", device.data.name);
        }
        assert!(points.len() > 1_200, "{}: {} points", device.data.name, points.len());
        for point in points {
            // Points have whole seconds.
            let at = i64::from(point.at) * 1_000;
            let is_near = |time: Timestamp| (at..at + 1_000).contains(&time.0);
            let is_in =
                |outage: &Outage| outage.began.0 <= at && outage.ended.is_none_or(|ended| at < ended.0);
            if outages.iter().any(|outage| is_near(outage.began) || outage.ended.is_some_and(is_near)) {
                continue;
            }
            let is_down = outages.iter().any(is_in);
            assert_eq!(point.value == 100.0, is_down, "{} at {at}: {point:?} {outages:?}", device.data.name);
        }
    }

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
            let devices =
                store.devices(DeviceFilter::default(), Ask { limit: 1000, ..Ask::first(DeviceSort::Name) });
            let devices = devices.await.unwrap().items;
            assert_eq!(devices.len(), 12 * routers.len());
            for device in devices {
                agrees_with_its_outages(&instance.app, &*store, &device).await;
            }
            let audit = store.audit(Ask::first(())).await.unwrap();
            assert!(audit.items.is_sorted_by_key(|entry| std::cmp::Reverse(entry.at)));
        }
        town.stop().await;
    }
}
