//! The workers. Of the queue `routers`: does what is due at a router, or lets the process do it that owns the router. Of
//! the queue `upkeep`: does what the job is called.

use super::{at_routers, kind};
use crate::app::App;
use crate::complaints::complain;
use crate::jobs::{AtTenant, RouterTask, Scope, StepOutcome, When, add, priority, remind};
use crate::live::Topic;
use crate::routers::cluster::{self, ForOwner, Worker};
use crate::routers::session::{Trouble, problem::explain};
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_queue::{Failure, Handler, Job};
use imsys_store::model::{JobDone, Run, RunOutcome};
use imsys_store::{Actor, StoreError};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// After so long a job begins nothing more: with it, and a sweep or a check, it ends within its deadline.
const BUDGET: Duration = Duration::from_secs(8);
/// How long work that another process waits for may take: as long as its job.
const FOR_ANOTHER: Duration = Duration::from_secs(60);
/// A router between two owners is tried again after this long.
const BETWEEN_OWNERS: Duration = Duration::from_secs(3);

/// A job's data.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant_id: TenantId,
    router_id: RouterId,
}

/// Does what is due at a router.
#[derive(Clone)]
pub struct RouterWork(pub App);

/// What came of looking for work once.
enum WorkOutcome {
    /// There was some, and it is done; there may be more.
    All,
    /// There is more than there was time for; whether a person waits for any of it.
    Part { urgent: bool },
    /// There is none left.
    Nothing,
}

#[async_trait]
impl Handler for RouterWork {
    async fn run(&self, job: Job) -> Result<(), Failure> {
        let Data { tenant_id, router_id } = Data::deserialize(&job.data)?;
        match cluster::find_worker(&self.0, tenant_id, router_id, &job.name).await {
            Ok(Worker::Here) => self.work(tenant_id, router_id, &job.name).await,
            Ok(Worker::Elsewhere) => Ok(()),
            Ok(Worker::Nobody) => self.later(tenant_id, router_id, &job.name).await,
            Err(_) if self.is_gone(tenant_id, router_id).await => Ok(()),
            Err(trouble) => Err(trouble.into()),
        }
    }
}

#[async_trait]
impl ForOwner for RouterWork {
    async fn for_another(&self, tenant: TenantId, router: RouterId, name: &str) -> Result<(), Trouble> {
        match tokio::time::timeout(FOR_ANOTHER, self.work(tenant, router, name)).await {
            Ok(done) => done.map_err(|failure| match failure.downcast::<Trouble>() {
                Ok(trouble) => *trouble,
                Err(failure) => Trouble::Failed(failure.to_string()),
            }),
            Err(_) => Err(Trouble::Deadline),
        }
    }
}

impl RouterWork {
    /// Nobody can become the owner of a router that was removed since, and nothing is left to do there.
    async fn is_gone(&self, tenant: TenantId, router: RouterId) -> bool {
        let store = self.0.store.tenant(tenant, Actor::system(self.0.now()));
        matches!(store.router(router).await, Err(StoreError::NotFound | StoreError::Archived))
    }

    /// Puts the job on the queue again for when the router has an owner, without counting an attempt.
    async fn later(&self, tenant: TenantId, router: RouterId, name: &str) -> Result<(), Failure> {
        let due = match self.0.store.tenant(tenant, Actor::system(self.0.now())).due(router).await {
            // It was removed since: nothing is left to do.
            Err(StoreError::NotFound) => return Ok(()),
            due => due?,
        };
        let priority = priority(due.iter().any(|mark| mark.urgent));
        let when = When { priority, delay: BETWEEN_OWNERS };
        Ok(add(&self.0, tenant, router, name, when).await?)
    }

    /// Does what is due, and what it is called for. Two do not work on one router: the second one leaves
    /// word with the first.
    async fn work(&self, tenant: TenantId, router: RouterId, name: &str) -> Result<(), Failure> {
        let Some(mut job_run) = self.0.broker.job_run(router, name) else { return Ok(()) };
        let mut wanted = vec![name.to_owned()];
        let mut all = true;
        let until = Instant::now() + BUDGET;
        loop {
            match self.work_once(tenant, router, &wanted, all, until).await? {
                // A person may have asked for something meanwhile: his wake-up may have made room for another.
                // What this job itself has left for later is not begun now.
                WorkOutcome::All => {
                    wanted.clear();
                    all = false;
                }
                WorkOutcome::Nothing => {
                    wanted = job_run.wanted_again();
                    all = true;
                    if wanted.is_empty() {
                        return Ok(());
                    }
                }
                WorkOutcome::Part { urgent } => {
                    remind(&self.0, tenant, router, urgent).await;
                    return Ok(());
                }
            }
        }
    }

    /// Does what is due, of `all` kinds or of those alone that the clock asks for, and what has one of these names; it
    /// begins nothing after `until`.
    async fn work_once(
        &self,
        tenant: TenantId,
        router: RouterId,
        names: &[String],
        all: bool,
        until: Instant,
    ) -> Result<WorkOutcome, Failure> {
        // From the begin: a former owner writes nothing.
        let store = self.0.broker.store(tenant, router);
        let due = match store.due(router).await {
            // It was removed since: nothing is left to do.
            Err(StoreError::NotFound) => return Ok(WorkOutcome::Nothing),
            due => due?,
        };
        let (mut shown, mut more) = (None, false);
        let is_named = |kind: &str| names.iter().any(|name| name == kind);
        let mark = |kind: &str| due.iter().find(|mark| mark.kind == kind);
        // First what a person waits for, then what the job is called, for programs that set no mark, then all
        // that is marked.
        let mut steps: Vec<_> = at_routers()
            .filter(|(kind, _)| all || kind.every.is_some())
            .map(|(kind, run)| (kind.name, run))
            .filter(|(kind, _)| is_named(kind) || mark(kind).is_some())
            .collect();
        steps.sort_by_key(|(kind, _)| (!mark(kind).is_some_and(|mark| mark.urgent), !is_named(kind)));
        for (place, (kind, step)) in steps.iter().copied().enumerate() {
            if Instant::now() >= until {
                let left = steps.get(place..).unwrap_or_default();
                for (kind, _) in left.iter().filter(|(kind, _)| mark(kind).is_none()) {
                    store.mark_due(router, kind, self.0.now(), false).await?;
                }
                let urgent = left.iter().any(|(kind, _)| mark(kind).is_some_and(|mark| mark.urgent));
                return Ok(WorkOutcome::Part { urgent });
            }
            let mark = mark(kind).map(|mark| mark.number);
            shown.get_or_insert_with(|| Shown::new(&self.0, tenant, router));
            let began = self.0.now();
            let done = |trouble: Option<Trouble>| {
                let error = trouble.as_ref().map(reason);
                JobDone { run: run(kind, began, self.0.now(), error), mark }
            };
            let came = step(&self.0, RouterTask { tenant, router, done: &done }).await?;
            // A router that cannot be reached is swept and checked when it is connected again.
            more = match came {
                StepOutcome::Noted(more) => more,
                // It was not asked: the mark stays, and the queue tries again.
                StepOutcome::Ended(Some(trouble)) if trouble.is_ours() => return Err(trouble.into()),
                StepOutcome::Ended(trouble) => {
                    store.note_done(router, done(trouble)).await?;
                    true
                }
            };
        }
        Ok(if more { WorkOutcome::All } else { WorkOutcome::Nothing })
    }
}

/// Does what a job on the queue `upkeep` is called.
pub struct Upkeep(pub App);

/// The data of such a job.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpkeepData {
    tenant_id: Option<TenantId>,
}

#[async_trait]
impl Handler for Upkeep {
    async fn run(&self, job: Job) -> Result<(), Failure> {
        let UpkeepData { tenant_id } = UpkeepData::deserialize(&job.data)?;
        match (kind(&job.name).map(|kind| &kind.scope), tenant_id) {
            (Some(Scope::Installation(run)), _) => run(&self.0).await,
            (Some(Scope::Tenant(run)), Some(tenant)) => self.for_tenant(tenant, &job.name, *run).await,
            (Some(Scope::Tenant(_)), None) => Err("its data name no tenantId".into()),
            (Some(Scope::Router(_)) | None, _) => Err("no job of this queue has this name".into()),
        }
    }
}

impl Upkeep {
    /// Does a tenant's job and keeps how it went. That this cannot be kept is no failure of the job.
    async fn for_tenant(&self, tenant: TenantId, kind: &str, work: AtTenant) -> Result<(), Failure> {
        let began = self.0.now();
        let came = work(&self.0, tenant).await;
        let at = self.0.now();
        let run = run(kind, began, at, came.as_ref().err().map(ToString::to_string));
        if let Err(error) = self.0.store.tenant(tenant, Actor::system(at)).note_tenant_run(run).await {
            complain("how a job went could not be kept", None, &error);
        }
        came
    }
}

/// Why the router did not let it, and what mends that.
fn reason(trouble: &Trouble) -> String {
    let problem = explain(trouble);
    format!("{} {}", problem.message, problem.fix)
}

fn run(kind: &str, began: Timestamp, at: Timestamp, error: Option<String>) -> Run {
    let outcome = if error.is_none() { RunOutcome::Done } else { RunOutcome::Failed };
    Run { kind: kind.into(), at, took_ms: at.since(began), outcome, error }
}

/// Tells browsers that a router's job has begun, and when this is dropped, that it is over, however it
/// ended.
struct Shown<'a> {
    app: &'a App,
    tenant: TenantId,
    router: RouterId,
}

impl<'a> Shown<'a> {
    fn new(app: &'a App, tenant: TenantId, router: RouterId) -> Self {
        let shown = Self { app, tenant, router };
        shown.tell(true);
        shown
    }

    fn tell(&self, running: bool) {
        let Self { app, tenant, router } = self;
        let rev = app.now().millis();
        app.live.tell(*tenant, Topic::Job, router, rev, || json!({ "running": running }));
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.tell(false);
    }
}
