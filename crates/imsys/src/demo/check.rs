//! Compares what the API says with what the simulator knows, every second.

use super::plant::{Office, SWEEP_SECONDS};
use crate::app::App;
use imsys_sim::town::Town;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::Instant;

/// How long a status may contradict the truth while the router is listened to.
const WRONG_MS: i64 = 2_000;
/// The same while it is not: one sweep interval, and the second reading of a doubted sweep.
const WRONG_UNHEARD_MS: i64 = SWEEP_SECONDS as i64 * 1_000 + 5_000;
/// How long a line may be unknown while its router answers.
const UNKNOWN_MS: i64 = 30_000;
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
struct Devices {
    up: u64,
    down: u64,
    unknown: u64,
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
        let lived =
            self.faults > 0 && self.webhooks.received > 0 && self.sweeps > 0 && self.services.online > 0;
        self.services.wrong == 0 && self.devices.wrong == 0 && self.problems.is_empty() && lived
    }
}

/// Since when a service has been shown wrongly, and what was shown.
type Doubts = HashMap<String, (i64, Shown)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Known(bool),
    Unknown,
}

/// Runs for `time`, looks every second, and reports.
pub(super) async fn check(
    app: &App,
    town: &Town,
    offices: &[Office],
    time: Duration,
) -> anyhow::Result<Report> {
    let end = Instant::now() + time;
    let (mut doubts, mut wrong) = (Doubts::new(), BTreeSet::new());
    let mut problems = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut lines = Lines::default();
    while Instant::now() < end {
        ticks.tick().await;
        lines = Lines::default();
        for office in offices {
            sample(app, town, office, &mut doubts, &mut lines, |service, text| {
                if wrong.insert(service) && problems.len() < TOLD {
                    problems.push(text);
                }
            })
            .await?;
        }
    }
    lines.wrong = wrong.len() as u64;
    let mut report = Report { services: lines, problems, faults: faults(town), ..Report::default() };
    for office in offices {
        for router in office.client.all("/api/v1/routers").await? {
            report.webhooks.received += router["hooks"]["received24h"].as_u64().unwrap_or(0);
            report.webhooks.refused += router["hooks"]["refused24h"].as_u64().unwrap_or(0);
        }
        report.sweeps = believed(&office.client.text("/metrics").await?);
    }
    Ok(report)
}

fn faults(town: &Town) -> u64 {
    town.fault_counts().total()
}

/// The believed sweeps among the metrics.
fn believed(metrics: &str) -> u64 {
    let line =
        metrics.lines().find_map(|line| line.strip_prefix("imsys_sweeps_total{outcome=\"believed\"} "));
    line.and_then(|count| count.parse().ok()).unwrap_or(0)
}

async fn sample(
    app: &App,
    town: &Town,
    office: &Office,
    doubts: &mut Doubts,
    lines: &mut Lines,
    mut tell: impl FnMut(String, String),
) -> anyhow::Result<()> {
    let heard = listening(office).await?;
    let services = office.client.all("/api/v1/services").await?;
    let now = app.now().millis();
    let truth = town.truth();
    let mut known = HashMap::new();
    for router in office.routers.clone().filter_map(|index| truth.get(index)) {
        for customer in &router.customers {
            known.insert((router.name.as_str(), customer.user.as_str()), (router.reach, customer));
        }
    }
    for service in services {
        let text = |field: &str| service[field].as_str().unwrap_or_default().to_owned();
        let shown = shown(&service, lines);
        let (id, router, user) = (text("id"), text("routerName"), text("username"));
        let Some((reach, customer)) = known.get(&(router.as_str(), user.as_str())) else {
            tell(id, format!("{user} on {router} is not of this town"));
            continue;
        };
        let online = !customer.sessions.is_empty();
        let (limit, since) = match shown {
            Shown::Known(status) if status == online => (i64::MAX, now),
            Shown::Known(_) if heard.contains(&router) && reach.answers && now - reach.since > UNKNOWN_MS => {
                (WRONG_MS, customer.changed.unwrap_or(0))
            }
            Shown::Known(_) => (WRONG_UNHEARD_MS, customer.changed.unwrap_or(0)),
            Shown::Unknown if reach.answers => (UNKNOWN_MS, reach.since),
            Shown::Unknown => (i64::MAX, now),
        };
        if limit == i64::MAX {
            doubts.remove(&id);
            continue;
        }
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
                    "{user} on {router}: shown {} for {lasted} ms, truth online={online}",
                    service["status"]
                ),
            );
        }
    }
    Ok(())
}

/// The names of the routers that are listened to.
async fn listening(office: &Office) -> anyhow::Result<BTreeSet<String>> {
    let routers = office.client.all("/api/v1/routers").await?;
    let heard = routers.into_iter().filter(|router| router["listening"] == true && router["state"] == "up");
    Ok(heard.filter_map(|router| router["name"].as_str().map(str::to_owned)).collect())
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
