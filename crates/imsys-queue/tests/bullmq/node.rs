//! Queues that are shared with BullMQ for Node, and watched with Bull Board.
//!
//! `IMSYS_TEST_NODE_BULLMQ` names a folder with the `node_modules` of `tests/interop/package.json`.

use super::redis_server::Redis;
use super::{LIMITS, open, stuck, work};
use imsys_queue::{JobState, NewJob, Queue};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Longer than a lock and two searches for lost ones.
const PATIENCE: Duration = Duration::from_secs(40);

/// A program in Node; it is killed when this is dropped.
struct Node {
    said: Lines<BufReader<ChildStdout>>,
    process: Child,
}

impl Node {
    fn start(redis: &Redis, verb: &str) -> Self {
        Self::start_with(redis, verb, "")
    }

    fn start_with(redis: &Redis, verb: &str, argument: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/other_side.cjs");
        let mut node = Command::new("node");
        node.args([script, verb, &redis.port().to_string(), argument]);
        node.stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = node.spawn().expect("node starts");
        let said = process.stdout.take().expect("its output is read");
        Self { said: BufReader::new(said).lines(), process }
    }

    /// The next line.
    async fn says(&mut self) -> String {
        let line = tokio::time::timeout(PATIENCE, self.said.next_line()).await.expect("it speaks in time");
        line.expect("its output can be read").expect("it runs")
    }

    async fn kill(mut self) {
        self.process.kill().await.expect("it ran");
    }
}

/// Redis, where BullMQ for Node is here too.
async fn redis() -> Option<Redis> {
    if std::env::var_os("IMSYS_TEST_NODE_BULLMQ").is_none() {
        skipped();
        return None;
    }
    Redis::start().await
}

#[expect(clippy::print_stdout, reason = "who runs the tests is to see what did not run")]
fn skipped() {
    println!("skipped: IMSYS_TEST_NODE_BULLMQ is not set");
}

#[tokio::test]
async fn node_adds_jobs_that_we_do_and_hears_how_they_end() {
    let Some(redis) = redis().await else { return };
    let queue = open(&redis);
    let mut watch = Node::start(&redis, "watch");
    assert_eq!(watch.says().await, "ready");
    let (mut done, _worker) = work(&queue, "custom", LIMITS);
    assert_eq!(Node::start(&redis, "add").says().await, "added");
    assert_eq!(done.recv().await.as_deref(), Some("CHECK_STATIC_USERS"));
    assert_eq!(watch.says().await, "completed 1");
    let fail = NewJob { attempts: 1, ..NewJob::new("fail", Value::Null) };
    queue.add("custom", fail).await.expect("there is room");
    assert_eq!(watch.says().await, "failed on purpose");
}

#[tokio::test]
async fn node_does_jobs_that_we_add() {
    let Some(redis) = redis().await else { return };
    let job = NewJob::new("SWEEP_PPP", json!({ "routerId": "r1" })).dedupe("router-1");
    open(&redis).add("custom", job).await.expect("there is room");
    let mut node = Node::start(&redis, "work");
    let mut said = [node.says().await, node.says().await];
    said.sort();
    assert_eq!(said, [r#"did SWEEP_PPP {"routerId":"r1"}"#, "ready"]);
}

#[tokio::test]
async fn what_a_killed_worker_in_node_ran_is_run_by_ours() {
    let Some(redis) = redis().await else { return };
    let queue = open(&redis);
    let mut node = Node::start(&redis, "hang");
    assert_eq!(node.says().await, "ready");
    queue.add("custom", NewJob::new("SWEEP_PPP", Value::Null)).await.expect("there is room");
    assert_eq!(node.says().await, "began SWEEP_PPP");
    node.kill().await;
    let (mut done, _worker) = work(&queue, "custom", LIMITS);
    let again = tokio::time::timeout(PATIENCE, done.recv()).await;
    assert_eq!(again.expect("in time").as_deref(), Some("SWEEP_PPP"));
}

#[tokio::test]
async fn what_our_killed_worker_ran_is_run_by_one_in_node() {
    let Some(redis) = redis().await else { return };
    open(&redis).add("custom", NewJob::new("SWEEP_PPP", json!(1))).await.expect("there is room");
    let (mut begun, killed) = stuck(&redis, "custom");
    assert_eq!(begun.recv().await.as_deref(), Some("SWEEP_PPP"));
    killed.shutdown_background();
    let mut node = Node::start(&redis, "work");
    assert_eq!([node.says().await, node.says().await], ["ready", "did SWEEP_PPP 1"]);
}

/// The jobs that Bull Board lists under `status`, and whether it says that the queue is paused.
async fn board_lists(redis: &Redis, status: &str) -> (Vec<String>, bool) {
    let (mut board, mut jobs) = (Node::start_with(redis, "board-list", status), Vec::new());
    loop {
        match board.says().await.as_str() {
            "end paused" => return (jobs, true),
            "end running" => return (jobs, false),
            job => jobs.push(job.to_owned()),
        }
    }
}

#[tokio::test]
async fn bull_board_lists_our_jobs() {
    let Some(redis) = redis().await else { return };
    let queue = open(&redis);
    let sweep = || NewJob::new("SWEEP_PPP", json!({ "routerId": "r1" })).dedupe("router-1");
    queue.add("custom", sweep()).await.expect("there is room");
    queue.add("custom", NewJob::new("LATER", json!(2)).delay(Duration::from_secs(60))).await.expect("room");
    let waiting = r#"1 SWEEP_PPP {"routerId":"r1"} -"#.to_owned();
    assert_eq!(board_lists(&redis, "prioritized").await, (vec![waiting], false));
    assert_eq!(board_lists(&redis, "delayed").await, (vec!["2 LATER 2 -".to_owned()], false));
}

#[tokio::test]
async fn what_bull_board_retries_is_run_by_ours() {
    let Some(redis) = redis().await else { return };
    let queue = open(&redis);
    let mut watch = Node::start(&redis, "watch");
    assert_eq!(watch.says().await, "ready");
    let (mut done, _worker) = work(&queue, "custom", LIMITS);
    let stubborn = NewJob { attempts: 1, ..NewJob::new("stubborn", Value::Null).dedupe("router-1") };
    queue.add("custom", stubborn).await.expect("there is room");
    assert_eq!(watch.says().await, "failed on purpose");
    let (failed, _) = board_lists(&redis, "failed").await;
    assert_eq!(failed, ["1 stubborn null on purpose"]);
    assert_eq!(Node::start_with(&redis, "board-retry", "1").says().await, "204");
    assert_eq!(done.recv().await.as_deref(), Some("stubborn"));
    assert_eq!(watch.says().await, "completed 1");
    assert_eq!(board_lists(&redis, "failed").await.0, Vec::<String>::new());
}

#[tokio::test]
async fn while_bull_board_has_paused_the_queue_ours_takes_nothing() {
    let Some(redis) = redis().await else { return };
    let queue = open(&redis);
    let (mut done, _worker) = work(&queue, "custom", LIMITS);
    queue.add("custom", NewJob::new("before", Value::Null)).await.expect("there is room");
    assert_eq!(done.recv().await.as_deref(), Some("before"));
    assert_eq!(Node::start(&redis, "board-pause").says().await, "200");
    for job in [NewJob::new("meanwhile", Value::Null), NewJob::new("hurried", Value::Null).urgent()] {
        queue.add("custom", job).await.expect("there is room");
    }
    // Ours looks at the queue once a second.
    assert!(tokio::time::timeout(Duration::from_secs(3), done.recv()).await.is_err(), "it took a job");
    assert!(board_lists(&redis, "latest").await.1, "the board says that it is not paused");
    let listed = queue.jobs("custom", JobState::Waiting, 10).await.expect("the list is told");
    assert_eq!(listed.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(), ["hurried", "meanwhile"]);
    assert_eq!(Node::start(&redis, "board-resume").says().await, "200");
    let mut both = [done.recv().await, done.recv().await].map(Option::unwrap_or_default);
    both.sort();
    assert_eq!(both, ["hurried", "meanwhile"]);
}
