//! What runs, waits, failed and why: the queue and the last runs, as one tenant may see them.
//!
//! The queue knows no tenants; whose a job is stands in its data. A job whose data names no tenant is
//! nobody's.

use super::rounds;
use crate::app::App;
use crate::jobs::{JobError, ROUTERS, UPKEEP, slots};
use crate::presence::jobs::SWEEP_PPP;
use imsys_domain::router::{Router, RouterState};
use imsys_domain::tenant::Settings;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_queue::job::FAILED_KEPT;
use imsys_queue::{JobState, ListedJob};
use imsys_store::model::{Run, RunOutcome};
use imsys_store::page::Ask;
use imsys_store::port::RouterSort;
use imsys_store::{StoreError, TenantStore};
use serde_json::Value;
use std::collections::HashMap;
use std::str::FromStr;

/// All queues.
const QUEUES: [&str; 2] = [ROUTERS, UPKEEP];
/// Routers that are read at a time.
const PAGE: u32 = 1000;

/// A tenant's routers by id.
pub(super) type Routers = HashMap<RouterId, Router>;

pub(super) async fn routers(store: &dyn TenantStore) -> Result<Routers, StoreError> {
    let (mut routers, mut ask) = (Routers::new(), Ask { limit: PAGE, ..Ask::first(RouterSort::Name) });
    loop {
        let page = store.routers(false, ask.clone()).await?;
        routers.extend(page.items.into_iter().map(|router| (router.id, router)));
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => return Ok(routers),
        }
    }
}

/// The tenant's jobs in these states, in the order of the states.
pub(super) async fn jobs(
    app: &App,
    tenant: TenantId,
    states: &[JobState],
) -> Result<Vec<ListedJob>, JobError> {
    let mut ours = Vec::new();
    for state in states {
        for queue in QUEUES {
            let all = app.queue.jobs(queue, *state, usize::MAX).await?;
            ours.extend(all.into_iter().filter(|job| owner(job) == Some(tenant)));
        }
    }
    Ok(ours)
}

/// Lets a job that was given up run again; `false` when the tenant has no such job.
pub(super) async fn retry(app: &App, tenant: TenantId, id: &str) -> Result<bool, JobError> {
    for queue in QUEUES {
        let failed = app.queue.jobs(queue, JobState::Failed, FAILED_KEPT).await?;
        if failed.iter().any(|job| job.id == id && owner(job) == Some(tenant)) {
            return Ok(app.queue.retry(queue, id).await?);
        }
    }
    Ok(false)
}

fn owner(job: &ListedJob) -> Option<TenantId> {
    id(&job.data, "tenantId")
}

/// The router that a job is about; it may be anybody's or nobody's.
pub(super) fn router(job: &ListedJob) -> Option<RouterId> {
    id(&job.data, "routerId")
}

fn id<T: FromStr>(data: &Value, field: &str) -> Option<T> {
    data.get(field)?.as_str()?.parse().ok()
}

/// A kind of job at a router: how it went, and when it is the router's turn again.
pub(super) struct Standing<'a> {
    pub(super) router: &'a Router,
    pub(super) kind: String,
    pub(super) last: Option<Last>,
    pub(super) next: Option<Timestamp>,
}

/// How a kind of job went the last time.
pub(super) struct Last {
    pub(super) at: Timestamp,
    /// `None` for a sweep that no job asked for.
    pub(super) took_ms: Option<i64>,
    pub(super) outcome: RunOutcome,
    pub(super) error: Option<String>,
}

impl From<Run> for Last {
    fn from(Run { at, took_ms, outcome, error, .. }: Run) -> Self {
        Self { at, took_ms: Some(took_ms), outcome, error }
    }
}

/// Every kind of job at every router of these, by the router's name: those that the clock asks for, and
/// those that ran.
pub(super) fn standings<'a>(
    routers: &'a Routers,
    runs: Vec<(RouterId, Run)>,
    settings: &Settings,
    now: Timestamp,
) -> Vec<Standing<'a>> {
    let mut ran: HashMap<RouterId, Vec<Run>> = HashMap::new();
    for (id, run) in runs {
        ran.entry(id).or_default().push(run);
    }
    let mut routers: Vec<&Router> = routers.values().collect();
    routers.sort_by_key(|router| (&router.config.name, router.id));
    let mut standings = Vec::new();
    for router in routers {
        let ran = ran.remove(&router.id).unwrap_or_default();
        let mut kinds: Vec<String> = rounds().map(|(kind, _)| kind.name.to_owned()).collect();
        for run in &ran {
            if !kinds.contains(&run.kind) {
                kinds.push(run.kind.clone());
            }
        }
        for kind in kinds {
            let run = ran.iter().find(|run| run.kind == kind).cloned();
            let is_served = router.state == RouterState::Up && !router.config.paused;
            let every = rounds().find(|(known, _)| known.name == kind).filter(|_| is_served);
            let next = every.map(|(_, every)| slots::next_turn((every.seconds)(settings), router.id, now));
            standings.push(Standing { router, last: last(router, &kind, run), kind, next });
        }
    }
    standings
}

/// A router is also swept when it is connected, which is no job.
fn last(router: &Router, kind: &str, run: Option<Run>) -> Option<Last> {
    let swept = router.swept.filter(|_| kind == SWEEP_PPP.name);
    match (swept, run) {
        (Some(at), run) if run.as_ref().is_none_or(|run| run.at < at) => {
            Some(Last { at, took_ms: None, outcome: RunOutcome::Done, error: None })
        }
        (_, run) => run.map(Last::from),
    }
}
