//! What runs, waits, failed and why: the queue and the last runs, as one tenant may see them.
//!
//! The queue knows no tenants; whose a job is stands in its data. A job whose data names no tenant is
//! nobody's.

use super::{KINDS, at_routers};
use crate::app::App;
use crate::jobs::{JobError, JobKind, ROUTERS, Scope, UPKEEP, slots};
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

/// A kind of job: how it went, and when it is due again.
pub(super) struct Standing {
    pub(super) kind: &'static JobKind,
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

/// Every kind of job at every router of these, by the router's name and in the order of the kinds: those that stand
/// alone, and those parts that ran.
pub(super) fn standings<'a>(
    routers: &'a Routers,
    runs: Vec<(RouterId, Run)>,
    settings: &Settings,
    now: Timestamp,
) -> Vec<(&'a Router, Standing)> {
    let mut ran: HashMap<RouterId, Vec<Run>> = HashMap::new();
    for (id, run) in runs {
        ran.entry(id).or_default().push(run);
    }
    let mut routers: Vec<&Router> = routers.values().collect();
    routers.sort_by_key(|router| (&router.config.name, router.id));
    let mut standings = Vec::new();
    for router in routers {
        let mut ran = ran.remove(&router.id).unwrap_or_default();
        let is_served = router.state == RouterState::Up && !router.config.paused;
        for (kind, _) in at_routers() {
            let run = take(&mut ran, kind);
            if kind.part_of.is_some() && run.is_none() {
                continue;
            }
            let next = is_served.then(|| next(kind, router.id.0.as_bytes(), settings, now)).flatten();
            standings.push((router, Standing { kind, last: last(router, kind, run), next }));
        }
    }
    standings
}

/// Every kind of job that is done for a tenant, in the order of the kinds.
pub(super) fn tenant_standings(
    tenant: TenantId,
    mut ran: Vec<Run>,
    settings: &Settings,
    now: Timestamp,
) -> Vec<Standing> {
    let kinds = KINDS.iter().filter(|kind| matches!(kind.scope, Scope::Tenant(_)));
    kinds
        .map(|kind| Standing {
            kind,
            last: take(&mut ran, kind).map(Last::from),
            next: next(kind, tenant.0.as_bytes(), settings, now),
        })
        .collect()
}

fn take(ran: &mut Vec<Run>, kind: &JobKind) -> Option<Run> {
    let place = ran.iter().position(|run| run.kind == kind.name)?;
    Some(ran.swap_remove(place))
}

/// When the clock asks again for a kind, if it does, at the router or tenant with this id.
fn next(kind: &JobKind, id: &[u8], settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    kind.every.map(|every| slots::next_turn((every.seconds)(settings), id, now))
}

/// A router is also swept when it is connected, which is no job.
fn last(router: &Router, kind: &JobKind, run: Option<Run>) -> Option<Last> {
    let swept = router.swept.filter(|_| kind.name == SWEEP_PPP.name);
    match (swept, run) {
        (Some(at), run) if run.as_ref().is_none_or(|run| run.at < at) => {
            Some(Last { at, took_ms: None, outcome: RunOutcome::Done, error: None })
        }
        (_, run) => run.map(Last::from),
    }
}
