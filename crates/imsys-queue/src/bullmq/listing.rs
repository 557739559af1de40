//! The jobs of a queue by state, as a list shows them.

use super::translate;
use crate::job::{FAILED_KEPT, JobState, ListedJob, Priority};
use bullmq::{Job, Queue};
use imsys_domain::Timestamp;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Jobs that Redis reads at a time: while it does, it does nothing else.
const PAGE: usize = 250;

/// At most `limit` jobs in `state`, in the order that the port promises.
pub(super) async fn jobs(queue: Queue, state: JobState, limit: usize) -> bullmq::Result<Vec<ListedJob>> {
    let mut jobs = match state {
        JobState::Active => read(&queue, &["active"], limit).await?,
        // BullMQ keeps those of people apart, and they run first.
        JobState::Waiting => read(&queue, &["waiting", "prioritized"], limit).await?,
        JobState::Delayed => read(&queue, &["delayed"], limit).await?,
        JobState::Failed => page(&queue, "failed", 0, -1).await?,
    };
    if state == JobState::Failed {
        jobs.sort_by_key(|job| Reverse((job.finished_on(), job.id().parse::<u64>().ok())));
        jobs.truncate(FAILED_KEPT);
    }
    jobs.truncate(limit);
    describe(&queue, state, jobs).await
}

/// The first `limit` of each kind, one after the other.
async fn read(queue: &Queue, kinds: &[&str], limit: usize) -> bullmq::Result<Vec<Job>> {
    let (mut jobs, mut seen) = (Vec::new(), HashSet::new());
    for kind in kinds {
        let mut from = 0;
        while jobs.len() < limit {
            let (first, last) = (index(from), index(from + PAGE - 1));
            let page = page(queue, kind, first, last).await?;
            let was_full = page.len() >= PAGE;
            // Between two pages a job may have moved up.
            jobs.extend(page.into_iter().filter(|job| seen.insert(job.id().to_owned())));
            if !was_full {
                break;
            }
            from += PAGE;
        }
    }
    Ok(jobs)
}

/// The jobs of one kind at these places. One that cannot be read at all (its hash is none, or is not text) costs
/// only itself: whose it is cannot be told either.
async fn page(queue: &Queue, kind: &str, first: i64, last: i64) -> bullmq::Result<Vec<Job>> {
    match queue.get_jobs(&[kind], first, last, true).await {
        Ok(jobs) => return Ok(jobs),
        Err(error) if is_connection(&error) => return Err(error),
        Err(_) => {}
    }
    let mut jobs = Vec::new();
    for id in queue.get_ranges(&[kind], first, last, true).await? {
        match queue.get_job(&id).await {
            Ok(job) => jobs.extend(job),
            Err(error) if is_connection(&error) => return Err(error),
            Err(error) => tracing::warn!(job.id = id, %error, "a job on the queue cannot be read"),
        }
    }
    Ok(jobs)
}

/// Whether Redis could not be asked.
fn is_connection(error: &bullmq::Error) -> bool {
    matches!(error, bullmq::Error::Redis(error) if error.is_io_error() || error.is_timeout() || error.is_connection_dropped())
}

fn index(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Adds what BullMQ keeps beside a job: its priority of now, when it is due, why it failed.
async fn describe(queue: &Queue, state: JobState, jobs: Vec<Job>) -> bullmq::Result<Vec<ListedJob>> {
    let due = match state {
        JobState::Delayed => all_due(queue).await?,
        _ => HashMap::new(),
    };
    let mut listed = Vec::with_capacity(jobs.len());
    for (job, priority) in jobs.iter().zip(priorities(queue, &jobs).await?) {
        let is_failed = state == JobState::Failed;
        let unreadable = if priority.is_none() { vec!["priority"] } else { Vec::new() };
        listed.push(ListedJob {
            id: job.id().to_owned(),
            name: job.name().to_owned(),
            data: job.data().clone(),
            state,
            attempts: job.attempts_made(),
            priority,
            added: timestamp(job.timestamp()),
            due: due.get(job.id()).copied().map(timestamp),
            began: job.processed_on().filter(|_| state == JobState::Active).map(timestamp),
            ended: job.finished_on().filter(|_| is_failed).map(timestamp),
            error: if job.attempts_made() > 0 || is_failed { why(queue, job).await? } else { Vec::new() },
            unreadable,
        });
    }
    Ok(listed)
}

fn timestamp(millis: u64) -> Timestamp {
    Timestamp(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// BullMQ's [`Job`] remembers the priority that it was added with. What another program wrote may be no priority.
async fn priorities(queue: &Queue, jobs: &[Job]) -> bullmq::Result<Vec<Option<Priority>>> {
    let mut priorities = Vec::with_capacity(jobs.len());
    for page in jobs.chunks(PAGE) {
        let mut asked = redis::pipe();
        for job in page {
            asked.hget(queue.keys().job_key(job.id()), "priority");
        }
        let told: Vec<Option<Vec<u8>>> = queue.connection().pipe(&asked).await?;
        priorities.extend(told.into_iter().map(|told| translate::priority_of(told.as_deref())));
    }
    Ok(priorities)
}

/// When each delayed job is due, in milliseconds of the epoch, by its id.
async fn all_due(queue: &Queue) -> bullmq::Result<HashMap<String, u64>> {
    let mut range = redis::cmd("ZRANGE");
    range.arg(queue.keys().delayed()).arg(0).arg(-1).arg("WITHSCORES");
    let scores: Vec<(String, f64)> = queue.connection().cmd(&mut range).await?;
    Ok(scores.into_iter().map(|(id, score)| (id, translate::due(score))).collect())
}

/// The lines that the last attempt left in the job's log, else BullMQ's one line.
async fn why(queue: &Queue, job: &Job) -> bullmq::Result<Vec<String>> {
    let (log, _) = queue.get_job_logs(job.id(), 0, -1, true).await?;
    let causes = translate::causes(job.attempts_made(), &log);
    let reason = Some(job.failed_reason()).filter(|reason| !reason.is_empty());
    Ok(if causes.is_empty() { reason.map(str::to_owned).into_iter().collect() } else { causes })
}
