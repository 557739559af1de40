//! Compares what the API says with what the simulator knows, every second.
//!
//! * `devices`: the rule for devices.

mod devices;

use super::plant::{Provider, STATIC_CHECK_SECONDS, SWEEP_SECONDS};
use crate::app::App;
use crate::http::extract::Time;
use devices::Devices;
use imsys_sim::router::Reach;
use imsys_sim::town::Town;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::Instant;

/// How long a status may contradict the truth while the router is listened to.
const WRONG_MS: i64 = 2_000;
/// The same while it is not: one sweep interval, and the second reading of a suspicious sweep.
const WRONG_UNHEARD_MS: i64 = SWEEP_SECONDS as i64 * 1_000 + 5_000;
/// How long a line may be unknown while its router answers.
const UNKNOWN_MS: i64 = 30_000;
/// How long a line that is asked for may contradict the truth: what moved its counters at one check was before it went
/// off, so the next check tells; its router may believe in it for some seconds more, or it waits for the probes of
/// others; and the first silence is looked at again, after five seconds and as many probes.
const WRONG_ASKED_MS: i64 = STATIC_CHECK_SECONDS as i64 * 2_000 + 20_000;
/// Problems that are told in words.
const TOLD: usize = 20;

/// What a check came to.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    services: Lines,
    devices: Devices,
    webhooks: Hooks,
    /// Believed prints of routers' tables.
    sweeps: u64,
    static_checks: u64,
    incidents: u64,
    /// What went wrong in the town on purpose.
    faults: u64,
    problems: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Lines {
    online: u64,
    offline: u64,
    unknown: u64,
    /// How many services were wrong at any sample.
    wrong: u64,
}

#[derive(Debug, Default, Serialize)]
struct Hooks {
    received: u64,
    refused: u64,
}

impl Report {
    /// Whether everything was as it should be, and the run had enough in it to say so.
    pub fn is_fine(&self) -> bool {
        let lived = self.faults > 0
            && self.webhooks.received > 0
            && self.sweeps > 0
            && self.static_checks > 0
            && self.services.online > 0
            && self.devices.have_lived();
        self.services.wrong == 0 && self.devices.none_is_wrong() && self.problems.is_empty() && lived
    }
}

/// Since when a service has been shown wrongly, and what was shown.
type Doubts = HashMap<String, (i64, Shown)>;

/// By name of the router: since when it has answered, and the first moment after that in which it was connected,
/// listened to and read, from which on it is judged as one that is heard.
type Heard = HashMap<String, (i64, i64)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Known(bool),
    Unknown,
}

/// Runs for `time`, looks every second, and reports.
pub(super) async fn check(
    app: &App,
    town: &Town,
    offices: &[Provider],
    time: Duration,
) -> anyhow::Result<Report> {
    let end = Instant::now() + time;
    let (mut doubts, mut heard, mut wrong) = (Doubts::new(), Heard::new(), BTreeSet::new());
    let mut problems = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let (mut lines, mut devices) = (Lines::default(), devices::Judge::new(app.now().millis()));
    while Instant::now() < end {
        ticks.tick().await;
        lines = Lines::default();
        devices.begin();
        for provider in offices {
            devices.sample(app, town, &provider.client).await?;
            listen_to(app, town, provider, &mut heard).await?;
            sample(app, town, provider, &heard, &mut doubts, &mut lines, |service, text| {
                if wrong.insert(service) && problems.len() < TOLD {
                    problems.push(text);
                }
            })
            .await?;
        }
    }
    lines.wrong = wrong.len() as u64;
    let (devices, more) = devices.conclude();
    problems.extend(more.into_iter().take(TOLD));
    let mut report = Report { services: lines, devices, problems, faults: faults(town), ..Report::default() };
    for provider in offices {
        for router in provider.client.all("/api/v1/routers").await? {
            report.webhooks.received += router["hooks"]["received24h"].as_u64().unwrap_or(0);
            report.webhooks.refused += router["hooks"]["refused24h"].as_u64().unwrap_or(0);
        }
        let metrics = provider.client.text("/metrics").await?;
        report.sweeps = counter(&metrics, "imsys_sweeps_total{outcome=\"accepted\"}");
        report.static_checks = counter(&metrics, "imsys_static_checks_total{outcome=\"answered\"}");
    }
    Ok(report)
}

fn faults(town: &Town) -> u64 {
    town.fault_counts().total()
}

/// A counter among the metrics.
fn counter(metrics: &str, name: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

/// What is so of one line.
#[derive(Clone, Copy)]
struct Truth {
    reach: Reach,
    online: bool,
    changed: i64,
    /// Does not log in: its router is asked.
    asked: bool,
}

/// What is so of the lines of an provider's routers, by router and by user, address or device.
fn truths(town: &Town, provider: &Provider) -> HashMap<(String, String), Truth> {
    let truth = town.truth();
    let mut known = HashMap::new();
    for router in provider.routers.clone().filter_map(|index| truth.get(index)) {
        let reach = router.reach;
        for customer in &router.customers {
            let (online, changed) = (!customer.sessions.is_empty(), customer.changed.unwrap_or(0));
            let place = (router.name.clone(), customer.user.clone());
            known.insert(place, Truth { reach, online, changed, asked: false });
        }
        for line in &router.statics {
            let truth = Truth { reach, online: line.online, changed: line.changed, asked: true };
            for name in [line.address.to_string(), line.mac.clone()] {
                known.insert((router.name.clone(), name), truth);
            }
        }
    }
    known
}

impl Truth {
    /// How long it may be shown so, in milliseconds, and since when; `None` for ever.
    fn allows(&self, shown: Shown, heard: Option<i64>) -> Option<(i64, i64)> {
        match shown {
            Shown::Known(status) if status == self.online => None,
            Shown::Known(_) if self.asked => Some((WRONG_ASKED_MS, self.changed.max(self.reach.since))),
            Shown::Known(_) => Some(match heard.filter(|_| self.reach.answers) {
                Some(from) => (WRONG_MS, self.changed.max(from)),
                None => (WRONG_UNHEARD_MS, self.changed),
            }),
            Shown::Unknown if self.reach.answers => Some((UNKNOWN_MS, self.reach.since)),
            Shown::Unknown => None,
        }
    }
}

async fn sample(
    app: &App,
    town: &Town,
    provider: &Provider,
    heard: &Heard,
    doubts: &mut Doubts,
    lines: &mut Lines,
    mut tell: impl FnMut(String, String),
) -> anyhow::Result<()> {
    let services = provider.client.all("/api/v1/services").await?;
    let now = app.now().millis();
    let known = truths(town, provider);
    for service in services {
        let text = |field: &str| service[field].as_str().unwrap_or_default().to_owned();
        let shown = shown(&service, lines);
        let (id, router) = (text("id"), text("routerName"));
        let name = match text("kind").as_str() {
            "static" => text("address"),
            "dhcp" => text("mac"),
            _ => text("username"),
        };
        let Some(truth) = known.get(&(router.clone(), name.clone())) else {
            tell(id, format!("{name} on {router} is not of this town"));
            continue;
        };
        let Some((limit, since)) = truth.allows(shown, heard.get(&router).map(|(_, from)| *from)) else {
            doubts.remove(&id);
            continue;
        };
        let first = match doubts.get(&id) {
            Some((first, before)) if *before == shown => *first,
            _ => now,
        };
        doubts.insert(id.clone(), (first, shown));
        let lasted = now - first.max(since);
        if lasted > limit {
            tell(
                id,
                format!(
                    "{name} on {router}: shown {} for {lasted} ms, truth online={}",
                    service["status"], truth.online
                ),
            );
        }
    }
    Ok(())
}

/// Notes which routers are heard: connected, listened to, and read since they answer.
async fn listen_to(app: &App, town: &Town, provider: &Provider, heard: &mut Heard) -> anyhow::Result<()> {
    let truth = town.truth();
    let answers: HashMap<&str, i64> = truth
        .iter()
        .filter(|router| router.reach.answers)
        .map(|router| (router.name.as_str(), router.reach.since))
        .collect();
    let now = app.now().millis();
    for router in provider.client.all("/api/v1/routers").await? {
        let name = router["name"].as_str().unwrap_or_default();
        let read = serde_json::from_value::<Option<Time>>(router["lastSweepAt"].clone())?;
        let is_heard = router["listening"] == true && router["state"] == "up";
        match answers
            .get(name)
            .filter(|since| is_heard && read.is_some_and(|read| read.0.millis() >= **since))
        {
            Some(since) if heard.get(name).is_some_and(|(known, _)| known == since) => {}
            Some(since) => {
                heard.insert(name.to_owned(), (*since, now));
            }
            None => {
                heard.remove(name);
            }
        }
    }
    Ok(())
}

fn shown(service: &Value, lines: &mut Lines) -> Shown {
    match service["isOnline"].as_bool() {
        Some(true) => {
            lines.online += 1;
            Shown::Known(true)
        }
        Some(false) => {
            lines.offline += 1;
            Shown::Known(false)
        }
        None => {
            lines.unknown += 1;
            Shown::Unknown
        }
    }
}
