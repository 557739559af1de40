//! BullMQ's workers under guard.
//!
//! One of its workers takes up to 200 jobs at a time; a tender keeps each one alive and puts another
//! in its place after any trouble, because a lost connection is sought again at growing intervals.
//! The one that was replaced ends what it has begun.
//!
//! The stage is the one way to stop: a job that was not begun is given back from `Drain` on, one that
//! runs is cut off at `Cut`, and when whoever sets the stage is gone, that is `Cut` too.

use super::translate;
use crate::attempt::{Counted, Slow, attempt, guarded};
use crate::job::{Limits, MOST_ATTEMPTS};
use crate::port::{Handler, Shutdown};
use bullmq::types::RemoveOnFinish;
use bullmq::worker::WorkerEvent;
use bullmq::{Error, Job, Worker, WorkerOptions};
use futures_util::FutureExt;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Jobs at a time of one of BullMQ's workers.
const MOST_PER_WORKER: usize = 200;
/// A job whose worker has not said for so long that it lives is given to another.
const LOCK: Duration = Duration::from_secs(15);
/// How often such jobs are looked for.
const STALLED_EVERY: Duration = Duration::from_secs(5);
/// The longest sleep on an empty queue; what is given back rings no bell.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// The wait after a failure to fetch, and between two workers in one place.
const RETRY: Duration = Duration::from_secs(1);
/// A worker that has not connected by then is started anew.
const START: Duration = Duration::from_secs(2);
/// What Redis may take for the last words of a job, and of a worker.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Events of a worker that come within this time are read together.
const EARSHOT: Duration = Duration::from_millis(20);
/// How long a worker without jobs may take to leave.
const LEAVE: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Work,
    Drain,
    Cut,
}

/// What all jobs of one [`run`] share.
struct WorkerPool {
    handler: Arc<dyn Handler>,
    deadline: Duration,
    /// One per job at a time that is not slow, also over those of workers that were replaced.
    permits: Semaphore,
    slow: Arc<Slow>,
    /// Jobs that were begun and have not ended.
    running: watch::Sender<usize>,
    given_back: AtomicUsize,
}

/// Runs jobs until `shutdown`; how many were cut off.
pub(super) async fn run(
    options: WorkerOptions,
    queue: String,
    limits: Limits,
    handler: Arc<dyn Handler>,
    shutdown: Shutdown,
) -> usize {
    let most = u32::try_from(limits.concurrency.max(1)).unwrap_or(u32::MAX);
    let pool = Arc::new(WorkerPool {
        handler,
        deadline: limits.deadline,
        permits: Semaphore::new(most as usize),
        slow: Slow::new(&limits),
        running: watch::Sender::new(0),
        given_back: AtomicUsize::new(0),
    });
    let stage = watch::Sender::new(Stage::Work);
    let mut supervisors = JoinSet::new();
    for place in 0..(most as usize + limits.slow).div_ceil(MOST_PER_WORKER) {
        let share = Share { place, quick: most as usize };
        let options = on_our_terms(options.clone());
        supervisors.spawn(supervise(options, queue.clone(), share, Arc::clone(&pool), stage.subscribe()));
    }
    shutdown.await;
    stage.send_replace(Stage::Drain);
    let mut running = pool.running.subscribe();
    let drained = async { drop(running.wait_for(|running| *running == 0).await) };
    let _late = timeout(limits.drain, drained).await;
    stage.send_replace(Stage::Cut);
    let _redis_is_away =
        timeout(LAST_WORDS, async { while supervisors.join_next().await.is_some() {} }).await;
    pool.given_back.load(Ordering::Relaxed)
}

/// What one of several workers takes of all places.
#[derive(Clone, Copy)]
struct Share {
    /// Which worker.
    place: usize,
    /// Places for jobs that are not slow.
    quick: usize,
}

impl Share {
    /// Jobs at a time while so many have made room. A worker takes at least one.
    fn of(self, slow: usize) -> usize {
        let before = self.place * MOST_PER_WORKER;
        (self.quick + slow).saturating_sub(before).clamp(1, MOST_PER_WORKER)
    }

    /// Whether the workers before this one do not suffice.
    fn is_needed(self, slow: usize) -> bool {
        self.quick + slow > self.place * MOST_PER_WORKER
    }
}

fn on_our_terms(options: WorkerOptions) -> WorkerOptions {
    options
        .lock_duration(LOCK)
        .stalled_interval(STALLED_EVERY)
        .max_stalled_count(MOST_ATTEMPTS)
        .drain_delay(LONGEST_SLEEP)
        .run_retry_delay(RETRY)
        .remove_on_complete(RemoveOnFinish::Bool(true))
        .remove_on_fail(RemoveOnFinish::Count(translate::KEPT))
}

/// Keeps one worker at work, from when it is first needed: each one asks Redis for jobs again and again.
async fn supervise(
    options: WorkerOptions,
    queue: String,
    share: Share,
    pool: Arc<WorkerPool>,
    mut stage: watch::Receiver<Stage>,
) {
    let mut slow = pool.slow.gone.subscribe();
    tokio::select! {
        _needed = slow.wait_for(|slow| share.is_needed(*slow)) => {}
        () = after(&mut stage, Stage::Work) => return,
    }
    while *stage.borrow() == Stage::Work {
        let (workers, seen) = (Arc::clone(&pool), stage.clone());
        let work = move |job: Job, _| do_job(Arc::clone(&workers), seen.clone(), job);
        let mut slow = pool.slow.gone.subscribe();
        let options = options.clone().concurrency(share.of(*slow.borrow_and_update()));
        let trouble = match timeout(START, Worker::with_options(&queue, work, options)).await {
            Ok(Ok(worker)) => match serve(worker, share, slow, &mut stage).await {
                Some(trouble) => trouble,
                None => return,
            },
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("Redis did not answer within {} s", START.as_secs()),
        };
        tracing::warn!(queue, error = trouble, "a worker is started anew");
        let _stopped = timeout(RETRY, after(&mut stage, Stage::Work)).await;
    }
}

/// Until the worker has trouble, which is told, or is to stop. Its drop makes it end what it has begun
/// and take no more.
async fn serve(
    worker: Worker,
    share: Share,
    mut slow: watch::Receiver<usize>,
    stage: &mut watch::Receiver<Stage>,
) -> Option<String> {
    let adapt = async {
        while slow.changed().await.is_ok() {
            worker.set_concurrency(share.of(*slow.borrow_and_update()));
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        biased;
        () = after(stage, Stage::Work) => {
            leave(&worker).await;
            None
        }
        trouble = first_trouble(&worker) => Some(trouble),
        () = adapt => None,
    }
}

/// Reads all events, because BullMQ keeps what nobody reads; many at a time, because there are two to a job.
async fn first_trouble(worker: &Worker) -> String {
    loop {
        let event = match tokio::task::unconstrained(worker.next_event()).now_or_never() {
            Some(event) => event,
            None => {
                sleep(EARSHOT).await;
                worker.next_event().await
            }
        };
        match event {
            Some(WorkerEvent::Error(error)) => return error,
            Some(WorkerEvent::Stalled { job_id }) => {
                tracing::warn!(job.id = job_id, "a worker is gone, its job is run again");
            }
            Some(_) => {}
            None => return "its events ended".to_owned(),
        }
    }
}

async fn leave(worker: &Worker) {
    worker.pause();
    while worker.active_count().await > 0 {
        sleep(Duration::from_millis(10)).await;
    }
    let patience = u64::try_from(LEAVE.as_millis()).unwrap_or(u64::MAX);
    if let Err(error) = worker.close(patience).await {
        tracing::warn!(error = error.to_string(), "a worker did not close well");
    }
}

async fn after(stage: &mut watch::Receiver<Stage>, passed: Stage) {
    let _passed_or_gone = stage.wait_for(|stage| *stage > passed).await;
}

/// What BullMQ's worker does with a job.
async fn do_job(pool: Arc<WorkerPool>, mut stage: watch::Receiver<Stage>, job: Job) -> Result<Value, Error> {
    let permit = tokio::select! {
        biased;
        () = after(&mut stage, Stage::Work) => return Err(given_back()),
        permit = pool.permits.acquire() => permit,
    };
    let _counted = Counted::new(&pool.running);
    let (handler, incoming) = (Arc::clone(&pool.handler), translate::incoming(&job));
    let (deadline, number) = (pool.deadline, incoming.attempt);
    let work = async {
        tokio::select! {
            biased;
            ended = attempt(handler.as_ref(), incoming, deadline) => Some(ended),
            () = after(&mut stage, Stage::Drain) => None,
        }
    };
    let permit = std::sync::Mutex::new(Some(permit));
    let make_room = || drop(permit.lock().unwrap_or_else(PoisonError::into_inner).take());
    // Under guard also while it is dropped, because BullMQ never ends a job whose function panics.
    let ended = guarded(pool.slow.watch(work, make_room)).await;
    drop(permit);
    match ended {
        Ok(Some(Ok(()))) => Ok(Value::Null),
        Ok(Some(Err(error))) => Err(failed(&job, number, &error).await),
        Ok(None) => {
            pool.given_back.fetch_add(1, Ordering::Relaxed);
            Err(given_back())
        }
        Err(panic) => Err(failed(&job, number, &[format!("panicked: {panic}")]).await),
    }
}

/// BullMQ's worker puts a job that "met a rate limit" back as if it had not been taken.
fn given_back() -> Error {
    Error::RateLimited { delay_ms: 0 }
}

async fn failed(job: &Job, attempt: u32, error: &[String]) -> Error {
    let log = async {
        for cause in error {
            job.log(&translate::log_line(attempt, cause)).await?;
        }
        bullmq::Result::Ok(())
    };
    if !matches!(timeout(LAST_WORDS, log).await, Ok(Ok(()))) {
        tracing::warn!(job.id = job.id(), "why a job failed could not be added to its log");
    }
    translate::failure(attempt, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_jobs_at_a_time_are_shared_among_several_workers() {
        let shares = |quick, slow| [0, 1, 2].map(|place| Share { place, quick }.of(slow));
        assert_eq!(shares(64, 0), [64, 1, 1]);
        assert_eq!(shares(64, 200), [200, 64, 1]);
        assert_eq!(shares(200, 250), [200, 200, 50]);
    }

    #[test]
    fn a_worker_starts_when_those_before_it_are_full() {
        let needed = |quick, slow| [0, 1, 2].map(|place| Share { place, quick }.is_needed(slow));
        assert_eq!(needed(64, 136), [true, false, false]);
        assert_eq!(needed(64, 137), [true, true, false]);
        assert_eq!(needed(1, 400), [true, true, true]);
    }
}
