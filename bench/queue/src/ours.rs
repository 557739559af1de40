//! Our side: the adapter as the product uses it. `client.js` does the same with BullMQ for Node.

use crate::{Sizes, process};
use anyhow::Result;
use imsys_queue::job::Limits;
use imsys_queue::{BullQueue, Job, NewJob, Queue};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinHandle, JoinSet};

/// The product's limits but for the number of jobs at a time.
const LIMITS: Limits = Limits {
    concurrency: 0,
    slow_after: Duration::from_secs(2),
    slow: 936,
    deadline: Duration::from_secs(60),
    drain: Duration::from_secs(5),
};

/// One turn: every kind of work is rehearsed, then measured, and its figures printed.
pub fn turn(port: u16, redis: u32, name: &str, sizes: Sizes) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let queue = BullQueue::open(&format!("redis://127.0.0.1:{port}"), "bull")?;
        let queue = queue.with_capacity(2 * sizes.jobs.max(sizes.warm));
        let (rehearsal, warm) =
            (Bench { queue: queue.clone(), name: format!("{name}-warm"), sizes }, sizes.warm);
        rehearsal.add_each(warm).await?;
        rehearsal.add_many(warm).await?;
        rehearsal.work(2 * warm).await?.stop().await?;

        let bench = Bench { queue, name: name.to_owned(), sizes };
        bench.queue.counts(name).await?;
        measured(redis, "each", bench.add_each(sizes.jobs)).await?;
        measured(redis, "work", bench.work(sizes.jobs)).await?.stop().await?;
        measured(redis, "many", bench.add_many(sizes.jobs)).await?;
        measured(redis, "work", bench.work(sizes.jobs)).await?.stop().await
    })
}

struct Bench {
    queue: BullQueue,
    name: String,
    sizes: Sizes,
}

impl Bench {
    /// One job to a call, several calls in flight.
    async fn add_each(&self, jobs: usize) -> Result<()> {
        let next = Arc::new(AtomicUsize::new(0));
        let mut producers = JoinSet::new();
        for _ in 0..self.sizes.in_flight {
            let (queue, name, next) = (self.queue.clone(), self.name.clone(), Arc::clone(&next));
            producers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= jobs {
                        return Ok(());
                    }
                    queue.add(&name, job(number)).await?;
                }
            });
        }
        producers.join_all().await.into_iter().collect()
    }

    /// Many jobs to a call, one call after the other.
    async fn add_many(&self, jobs: usize) -> Result<()> {
        for first in (0..jobs).step_by(self.sizes.per_call) {
            let few = (first..jobs).take(self.sizes.per_call).map(job).collect();
            self.queue.add_bulk(&self.name, few).await?;
        }
        Ok(())
    }

    /// Until nothing waits and nothing runs.
    async fn work(&self, jobs: usize) -> Result<Worker> {
        let (begun, done) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let last = Arc::clone(&begun);
        let handler = move |_: Job| {
            if done.fetch_add(1, Ordering::Relaxed) + 1 == jobs {
                last.notify_one();
            }
            std::future::ready(Ok(()))
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (queue, name) = (self.queue.clone(), self.name.clone());
        let limits = Limits { concurrency: self.sizes.concurrency, ..LIMITS };
        let running = tokio::spawn(async move {
            let shutdown = Box::pin(async move { drop(stopped.await) });
            queue.run_worker(&name, limits, Arc::new(handler), shutdown).await?;
            Ok(())
        });
        begun.notified().await;
        loop {
            let counts = self.queue.counts(&self.name).await?;
            if counts.waiting + counts.delayed + counts.active == 0 {
                return Ok(Worker { stop, running });
            }
        }
    }
}

/// A worker that has nothing left to do.
struct Worker {
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<()>>,
}

impl Worker {
    async fn stop(self) -> Result<()> {
        drop(self.stop);
        self.running.await?
    }
}

fn job(number: usize) -> NewJob {
    NewJob::new("SWEEP_PPP", json!({ "routerId": "0192f0c1-7e4a-7d30-9a54-5a3f0f6b2c11", "number": number }))
}

/// Prints wall time, CPU time of this process and of Redis, in seconds.
async fn measured<T>(redis: u32, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let (start, cpu, its) = (Instant::now(), own_cpu()?, process::cpu(redis)?);
    let done = work.await?;
    let (cpu, wall) = (own_cpu()? - cpu, start.elapsed());
    println!("{what} {} {} {}", wall.as_secs_f64(), cpu.as_secs_f64(), process::cpu(redis)? - its);
    Ok(done)
}

/// User and system time of this process so far.
fn own_cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.try_into()?))
}
