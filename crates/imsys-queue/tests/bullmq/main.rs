//! The contract, on BullMQ's queues in a real Redis, and what only a queue over a network can do.

mod cluster;
mod node;
mod redis_server;

use imsys_queue::bullmq::PREFIX;
use imsys_queue::{BullQueue, Failure, Job, JobState, Limits, NewJob, Queue, QueueError};
use redis_server::Redis;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const LIMITS: Limits = Limits::at_most(1, Duration::from_secs(20), Duration::from_secs(5));

fn open(redis: &Redis) -> Arc<BullQueue> {
    Arc::new(BullQueue::open(&redis.url(), PREFIX).expect("the address is one"))
}

/// A worker that tells the names of the jobs it did; those named `fail` fail, those named `stubborn` the
/// first time.
fn work(
    queue: &Arc<BullQueue>,
    name: &'static str,
    limits: Limits,
) -> (mpsc::UnboundedReceiver<String>, JoinHandle<()>) {
    let (tell, done) = mpsc::unbounded_channel();
    let handler = move |job: Job| {
        let tell = tell.clone();
        async move {
            if job.name == "fail" || (job.name == "stubborn" && job.attempt == 1) {
                return Err("on purpose".into());
            }
            tell.send(job.name).map_err(Failure::from)
        }
    };
    let queue = Arc::clone(queue);
    let worker = async move {
        let _never =
            queue.run_worker(name, limits, Arc::new(handler), Box::pin(std::future::pending())).await;
    };
    (done, tokio::spawn(worker))
}

/// A worker that tells the names of the jobs it begins and never ends one. It is killed by
/// `shutdown_background`: nothing of it runs on, no lock is renewed, nothing is given back.
fn stuck(redis: &Redis, name: &'static str) -> (mpsc::UnboundedReceiver<String>, Runtime) {
    let (begin, begun) = mpsc::unbounded_channel();
    let (queue, runtime) = (open(redis), Runtime::new().expect("a runtime"));
    let handler = move |job: Job| {
        let _told = begin.send(job.name);
        std::future::pending()
    };
    runtime.spawn(async move {
        queue.run_worker(name, LIMITS, Arc::new(handler), Box::pin(std::future::pending())).await
    });
    (begun, runtime)
}

async fn told(done: &mut mpsc::UnboundedReceiver<String>) -> String {
    let name =
        tokio::time::timeout(Duration::from_secs(5), done.recv()).await.expect("a job ends within 5 s");
    name.expect("the worker runs")
}

/// Each clause is a test of its own.
mod clauses {
    use super::{BullQueue, PREFIX, Redis};
    use imsys_queue::{Queue, queue_contract};
    use std::sync::Arc;
    use tokio::sync::{Mutex, MutexGuard};

    /// They count on durations of some milliseconds: one has Redis and the machine at a time.
    static TURN: Mutex<()> = Mutex::const_new(());

    async fn empty(capacity: usize) -> Option<(Arc<dyn Queue>, (Redis, MutexGuard<'static, ()>))> {
        let turn = TURN.lock().await;
        let redis = Redis::start().await?;
        let queue = BullQueue::open(&redis.url(), PREFIX).expect("the address is one");
        Some((Arc::new(queue.with_capacity(capacity)), (redis, turn)))
    }

    queue_contract!([tokio::test(flavor = "multi_thread", worker_threads = 4)], empty);
}

#[tokio::test]
async fn a_redis_that_keeps_jobs_passes_the_check() {
    let Some(redis) = Redis::start().await else { return };
    assert_eq!(open(&redis).check().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_check_says_in_words_what_is_wrong_and_what_to_do() {
    let Some(mut redis) = Redis::start_with(&["--maxmemory-policy", "allkeys-lru"]).await else { return };
    let queue = open(&redis);
    let said = queue.check().await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("maxmemory-policy noeviction") && said[1].contains("appendonly yes"),
        "{said:?}"
    );
    redis.stop();
    let said = queue.check().await;
    assert!(said.len() == 1 && said[0].contains("start it"), "{said:?}");
}

#[tokio::test]
async fn an_address_or_a_prefix_that_cannot_be_one_is_refused_without_telling_the_password() {
    let refused = |url, prefix| BullQueue::open(url, prefix).err().map(|error| error.to_string());
    let said = refused("http://:secret@redis", PREFIX).expect("http is no Redis");
    assert!(!said.contains("secret"), "{said}");
    assert!(refused("redis://127.0.0.1", "a:b").is_some_and(|said| said.contains("`a:b`")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_redis_comes_back_calls_and_workers_go_on_within_five_seconds() {
    let Some(mut redis) = Redis::start().await else { return };
    let queue = open(&redis);
    let (mut done, worker) = work(&queue, "routers", LIMITS);
    queue.add("routers", NewJob::new("before", Value::Null)).await.expect("there is room");
    assert_eq!(told(&mut done).await, "before");
    queue
        .add("routers", NewJob::new("kept", Value::Null).delay(Duration::from_secs(8)))
        .await
        .expect("there is room");
    // Redis writes its append-only file to the disk once a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;

    redis.stop();
    let asked = Instant::now();
    let refused = queue.add("routers", NewJob::new("lost", Value::Null)).await;
    assert!(matches!(refused, Err(QueueError::Failed(_))), "{refused:?}");
    assert!(asked.elapsed() < Duration::from_secs(6), "the call took {:?}", asked.elapsed());
    // Long enough for the waits between attempts to connect to have grown.
    tokio::time::sleep(Duration::from_secs(10)).await;

    redis.start_again().await;
    queue.add("routers", NewJob::new("after", Value::Null)).await.expect("Redis is back");
    let mut both = [told(&mut done).await, told(&mut done).await];
    both.sort();
    assert_eq!(both, ["after", "kept"]);
    worker.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_jobs_at_a_time_than_one_worker_takes_run_on_several() {
    let Some(redis) = Redis::start().await else { return };
    let (queue, gate) = (open(&redis), Arc::new(tokio::sync::Barrier::new(301)));
    let handler = {
        let gate = Arc::clone(&gate);
        move |_: Job| {
            let gate = Arc::clone(&gate);
            async move {
                gate.wait().await;
                Ok::<(), Failure>(())
            }
        }
    };
    let jobs = (0..300).map(|number| NewJob::new("CHECK", json!(number))).collect();
    queue.add_bulk("routers", jobs).await.expect("there is room");
    let limits = Limits { concurrency: 300, ..LIMITS };
    let worker = queue.run_worker(
        "routers",
        limits,
        Arc::new(handler),
        Box::pin(async move {
            gate.wait().await;
        }),
    );
    let left = tokio::time::timeout(Duration::from_secs(20), worker).await.expect("300 run at once");
    assert_eq!(left.expect("Redis is here").waiting, 0);
}

#[tokio::test]
async fn what_a_killed_worker_ran_is_run_by_another_within_half_a_minute() {
    let Some(redis) = Redis::start().await else { return };
    let queue = open(&redis);
    let job = NewJob::new("SWEEP_PPP", Value::Null).dedupe("router-1");
    queue.add("routers", job).await.expect("there is room");
    let (mut begun, killed) = stuck(&redis, "routers");
    assert_eq!(begun.recv().await.as_deref(), Some("SWEEP_PPP"));
    killed.shutdown_background();
    let (mut done, _worker) = work(&queue, "routers", LIMITS);
    let again = tokio::time::timeout(Duration::from_secs(30), done.recv()).await;
    assert_eq!(again.expect("in time").as_deref(), Some("SWEEP_PPP"));
}

#[tokio::test]
async fn a_job_that_another_program_wrote_oddly_costs_only_what_is_odd_of_it() {
    let Some(redis) = Redis::start().await else { return };
    let queue = open(&redis);
    let client = redis::Client::open(redis.url()).expect("the address is one");
    let mut raw = client.get_multiplexed_async_connection().await.expect("Redis runs");
    let later = |n: u32| NewJob::new("SWEEP_PPP", json!({ "n": n })).delay(Duration::from_secs(60));
    for n in 1..=5 {
        queue.add("routers", later(n)).await.expect("there is room");
    }
    let key = |n: u32| format!("{PREFIX}:routers:{n}");
    for (n, priority) in [(1, "-1"), (2, "1.5"), (3, "high")] {
        let mut set = redis::cmd("HSET");
        let _: i64 = set.arg(key(n)).arg("priority").arg(priority).query_async(&mut raw).await.expect("set");
    }
    let mut set = redis::cmd("SET");
    let _: () = set.arg(key(4)).arg("no hash").query_async(&mut raw).await.expect("set");
    let jobs =
        queue.jobs("routers", JobState::Delayed, 10).await.expect("one odd job does not cost the list");
    let told: Vec<_> = jobs.iter().map(|job| (job.data["n"].clone(), job.unreadable.as_slice())).collect();
    let odd: &[&str] = &["priority"];
    assert_eq!(told, [(json!(1), odd), (json!(2), odd), (json!(3), odd), (json!(5), &[][..])]);
    assert_eq!(jobs[0].priority, None);
}
