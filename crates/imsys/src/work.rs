//! The worker of the queue `routers`: does what is due at a router, or lets the process do it that owns the router.

use crate::app::App;
use crate::jobs::{
    CHECK_STATIC_NEW, CHECK_STATIC_REST, CHECK_STATIC_USERS, KINDS, SWEEP_PPP, When, add, priority, remind,
    schedule_in,
};
use crate::live::Topic;
use crate::routers::cluster::{self, ForOwner, Worker};
use crate::routers::session::{Trouble, problem::explain};
use crate::static_check::{self, CheckError, Checked, Round};
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
/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);
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

/// What came of doing a kind of work.
enum StepOutcome {
    /// It is noted already, and whether other work is marked.
    Noted(bool),
    /// It is done, or why the router did not let it.
    To(Option<Trouble>),
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
        add(&self.0, tenant, router, name, when).await.map_err(|error| error.detail().into())
    }

    /// Does what is due, and what it is called for. Two do not work on one router: the second one leaves
    /// word with the first.
    async fn work(&self, tenant: TenantId, router: RouterId, name: &str) -> Result<(), Failure> {
        let Some(mut job_run) = self.0.broker.job_run(router, name) else { return Ok(()) };
        let mut wanted = vec![name.to_owned()];
        let mut kinds = KINDS.as_slice();
        let until = Instant::now() + BUDGET;
        loop {
            match self.work_once(tenant, router, &wanted, kinds, until).await? {
                // A person may have asked for something meanwhile: his wake-up may have made room for another.
                // What this job itself has left for later is not begun now.
                WorkOutcome::All => {
                    wanted.clear();
                    kinds = &[SWEEP_PPP, CHECK_STATIC_USERS];
                }
                WorkOutcome::Nothing => {
                    wanted = job_run.wanted_again();
                    kinds = &KINDS;
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

    /// Does what is due of these kinds, and what has one of these names; it begins nothing after `until`.
    async fn work_once(
        &self,
        tenant: TenantId,
        router: RouterId,
        names: &[String],
        kinds: &[&'static str],
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
        let mut kinds: Vec<_> =
            kinds.iter().copied().filter(|kind| is_named(kind) || mark(kind).is_some()).collect();
        kinds.sort_by_key(|kind| (!mark(kind).is_some_and(|mark| mark.urgent), !is_named(kind)));
        for (place, kind) in kinds.iter().copied().enumerate() {
            if Instant::now() >= until {
                let left = kinds.get(place..).unwrap_or_default();
                for kind in left.iter().filter(|kind| mark(kind).is_none()) {
                    store.mark_due(router, kind, self.0.now(), false).await?;
                }
                let urgent = left.iter().any(|kind| mark(kind).is_some_and(|mark| mark.urgent));
                return Ok(WorkOutcome::Part { urgent });
            }
            let mark = mark(kind).map(|mark| mark.number);
            shown.get_or_insert_with(|| Shown::new(&self.0, tenant, router));
            let began = self.0.now();
            let done = |trouble| JobDone { run: run(kind, began, self.0.now(), trouble), mark };
            let came = match kind {
                SWEEP_PPP => StepOutcome::To(self.0.broker.sweep(router, SWEEP).await.err()),
                CHECK_STATIC_USERS => self.check(tenant, router, Round::Whole, &|| done(None)).await?,
                CHECK_STATIC_NEW => self.check(tenant, router, Round::New, &|| done(None)).await?,
                _ => self.check(tenant, router, Round::Rest, &|| done(None)).await?,
            };
            // A router that cannot be reached is swept and checked when it is connected again.
            more = match came {
                StepOutcome::Noted(more) => more,
                // It was not asked: the mark stays, and the queue tries again.
                StepOutcome::To(Some(trouble)) if trouble.is_ours() => return Err(trouble.into()),
                StepOutcome::To(trouble) => {
                    store.note_done(router, done(trouble)).await?;
                    true
                }
            };
        }
        Ok(if more { WorkOutcome::All } else { WorkOutcome::Nothing })
    }

    async fn check(
        &self,
        tenant: TenantId,
        router: RouterId,
        round: Round,
        done: &(dyn Fn() -> JobDone + Sync),
    ) -> Result<StepOutcome, StoreError> {
        match static_check::check(&self.0, tenant, router, round, done).await {
            Ok(Checked::NoLines) => Ok(StepOutcome::To(None)),
            Ok(Checked::Noted { again, due }) => {
                if let Some(delay) = again {
                    let kind = if round == Round::New { CHECK_STATIC_NEW } else { CHECK_STATIC_REST };
                    schedule_in(&self.0, tenant, router, kind, delay).await;
                }
                Ok(StepOutcome::Noted(due))
            }
            Err(CheckError::Router(trouble)) => Ok(StepOutcome::To(Some(trouble))),
            Err(CheckError::Store(error)) => Err(error),
        }
    }
}

fn run(kind: &str, began: Timestamp, at: Timestamp, trouble: Option<Trouble>) -> Run {
    let outcome = if trouble.is_none() { RunOutcome::Done } else { RunOutcome::Failed };
    let error = trouble.map(|trouble| {
        let problem = explain(&trouble);
        format!("{} {}", problem.message, problem.fix)
    });
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
        app.live.publish(*tenant, Topic::Job, router, rev, || json!({ "running": running }));
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.tell(false);
    }
}
