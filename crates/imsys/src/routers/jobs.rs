//! Jobs on the queue `routers`. A job means "this router has work"; what is to be done stands in the
//! store as marks, so that nothing is lost when jobs are merged.

use super::Trouble;
use super::examine::explain;
use super::lease_manager::{self, Worker};
use crate::app::App;
use crate::complaints::complain;
use crate::http::ApiError;
use crate::http::live::Topic;
use crate::static_check::{self, CheckError, Checked, Round};
use async_trait::async_trait;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_queue::{Failure, Handler, Job, NewJob, Priority, QueueError};
use imsys_store::model::{JobDone, Run, RunOutcome};
use imsys_store::{Actor, StoreError};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// The queue's name.
pub const QUEUE: &str = "routers";
/// Read the router's `/ppp/active`.
pub const SWEEP_PPP: &str = "SWEEP_PPP";
/// Ask the router about its static lines.
pub const CHECK_STATIC_USERS: &str = "CHECK_STATIC_USERS";
/// The same, about those that the check before had no time for or that were silent once.
const CHECK_STATIC_REST: &str = "CHECK_STATIC_REST";
/// Ask the router about those services alone that it was never asked about.
const CHECK_STATIC_NEW: &str = "CHECK_STATIC_NEW";
/// Only what is marked: its wake-up is gone, or has waited for long.
const OLD_MARKS: &str = "OLD_MARKS";
/// All of these, in the order of their weight.
const KINDS: [&str; 4] = [SWEEP_PPP, CHECK_STATIC_USERS, CHECK_STATIC_REST, CHECK_STATIC_NEW];
/// Services that are created within this time are asked about together.
const GATHERING: Duration = Duration::from_secs(2);
/// After so long a job begins nothing more: with it, and a sweep or a check, it ends within its deadline.
const BUDGET: Duration = Duration::from_secs(8);
/// How long one sweep may take, a second reading included.
const SWEEP: Duration = Duration::from_secs(50);
/// How long work that another process waits for may take: as long as its job.
const FOR_ANOTHER: Duration = Duration::from_secs(60);
/// A router between two owners is tried again after this long.
const BETWEEN_HOMES: Duration = Duration::from_secs(3);

/// A job's data.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant_id: TenantId,
    router_id: RouterId,
}

/// The clock asks for a job. What could not be put on the queue is logged; the next slot comes.
pub async fn schedule(app: &App, tenant: TenantId, router: RouterId, kind: &'static str) {
    schedule_in(app, tenant, router, kind, Duration::ZERO).await;
}

/// The same, after a while; it may come sooner, together with other work at the router.
pub async fn schedule_in(app: &App, tenant: TenantId, router: RouterId, kind: &'static str, delay: Duration) {
    if let Err(error) = wake(app, tenant, router, kind, When { priority: Priority::Clock, delay }).await {
        complain(
            "a job could not be put on the queue",
            Some(router),
            &format_args!("{kind}: {}", error.code()),
        );
    }
}

/// Services that do not log in are new at a router, or were changed: it is asked about them in a moment, together with
/// those that follow until then. The other services of the router are not asked about.
pub async fn schedule_new(app: &App, tenant: TenantId, router: RouterId) {
    schedule_in(app, tenant, router, CHECK_STATIC_NEW, GATHERING).await;
}

/// The clock wakes a router again whose marks have grown old, or of which some are left; `urgent` when a
/// person waits there. Where the first wake-up is still on its way nothing comes of this one.
pub async fn remind(app: &App, tenant: TenantId, router: RouterId, urgent: bool) {
    if let Err(error) = add(app, tenant, router, OLD_MARKS, When::at_once(priority(urgent))).await {
        complain("a job could not be put on the queue again", Some(router), &error.code());
    }
}

/// A person asks for a job: it runs before what the clock asked for.
pub async fn request(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    kind: &'static str,
) -> Result<(), ApiError> {
    wake(app, tenant, router, kind, When::at_once(Priority::Person)).await
}

/// A person asks for a job at every router that is connected and not paused: how many those are.
pub async fn request_all(app: &App, tenant: TenantId, kind: &'static str) -> Result<usize, ApiError> {
    let now = app.now();
    let routers = app.store.tenant(tenant, Actor::system(now)).mark_all_due(kind, now).await?;
    let when = When::at_once(Priority::Person);
    let jobs = routers.iter().map(|router| job(tenant, *router, kind, when)).collect();
    match app.queue.add_bulk(QUEUE, jobs).await {
        // Those that found no room are woken when their marks have grown old.
        Ok(()) | Err(QueueError::Full { .. }) => Ok(routers.len()),
        Err(error) => Err(error.into()),
    }
}

/// For whom a job is, and not before which time.
#[derive(Clone, Copy)]
struct When {
    priority: Priority,
    delay: Duration,
}

impl When {
    const fn at_once(priority: Priority) -> Self {
        Self { priority, delay: Duration::ZERO }
    }
}

/// Of a job at a router where a person waits (`urgent`) or nobody does.
const fn priority(urgent: bool) -> Priority {
    if urgent { Priority::Person } else { Priority::Clock }
}

/// Sets the mark, then adds the wake-up: in this order nothing is lost when jobs are merged. Of two that
/// are put aside behind a running job the last one stays: where a person waits it is his, whoever adds it.
async fn wake(app: &App, tenant: TenantId, router: RouterId, kind: &str, when: When) -> Result<(), ApiError> {
    let (now, urgent) = (app.now(), when.priority == Priority::Person);
    let marked = app.store.tenant(tenant, Actor::system(now)).mark_due(router, kind, now, urgent).await?;
    let when = if marked.urgent { When::at_once(Priority::Person) } else { when };
    add(app, tenant, router, kind, when).await
}

async fn add(app: &App, tenant: TenantId, router: RouterId, name: &str, when: When) -> Result<(), ApiError> {
    Ok(app.queue.add(QUEUE, job(tenant, router, name, when)).await?)
}

fn job(tenant: TenantId, router: RouterId, name: &str, When { priority, delay }: When) -> NewJob {
    let data = json!({ "tenantId": tenant, "routerId": router });
    NewJob { priority, delay, ..NewJob::new(name, data).dedupe(format!("router-{router}")) }
}

/// Does what is due at a router.
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
        match lease_manager::find_worker(&self.0, tenant_id, router_id, &job.name).await {
            Ok(Worker::Here) => self.work(tenant_id, router_id, &job.name).await,
            Ok(Worker::Elsewhere) => Ok(()),
            Ok(Worker::Nobody) => self.later(tenant_id, router_id, &job.name).await,
            Err(_) if self.is_gone(tenant_id, router_id).await => Ok(()),
            Err(trouble) => Err(trouble.into()),
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
        let when = When { priority, delay: BETWEEN_HOMES };
        add(&self.0, tenant, router, name, when).await.map_err(|error| error.detail().into())
    }

    /// Does what is due at a router that this process owns, for the job of another process.
    pub(super) async fn for_another(
        &self,
        tenant: TenantId,
        router: RouterId,
        name: &str,
    ) -> Result<(), Trouble> {
        match tokio::time::timeout(FOR_ANOTHER, self.work(tenant, router, name)).await {
            Ok(done) => done.map_err(|failure| match failure.downcast::<Trouble>() {
                Ok(trouble) => *trouble,
                Err(failure) => Trouble::Failed(failure.to_string()),
            }),
            Err(_) => Err(Trouble::Deadline),
        }
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
