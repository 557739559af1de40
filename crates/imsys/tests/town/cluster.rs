//! Several processes over one Redis: who owns which router, and what happens when one is gone,
//! stopped, or cut off from Redis.

use crate::redis_server::Redis;
use crate::support::{Client, Known, Provider, eventually, is_timed, router_with};
use imsys_sim::router::{Cause, Router, StaticCustomer};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Longer than a lease.
const LEASE_AND_MORE: Duration = Duration::from_secs(18);

/// For how long Redis or a process is away.
fn away() -> Duration {
    if is_timed() { Duration::from_secs(60) } else { LEASE_AND_MORE }
}

/// One process of `imsys serve`; killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success(), "kill {name}");
    }

    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _gone_already = self.0.wait();
    }
}

fn imsys(data: &Path, queue: &str) -> Command {
    let mut imsys = Command::new(env!("CARGO_BIN_EXE_imsys"));
    imsys
        .current_dir(data)
        .env("IMSYS_DATA__DIR", data)
        .env("IMSYS_HTTP__LISTEN", "127.0.0.1:0")
        .env("IMSYS_NETWORK__ALLOW_LOOPBACK", "true")
        .env("IMSYS_QUEUE__URL", queue)
        .env("IMSYS_LOG__LEVEL", "warn")
        .stdin(Stdio::null());
    imsys
}

/// Starts one and waits for what it says when it is ready.
fn start(data: &Path, redis: &Redis, role: &str) -> (Process, String) {
    started(imsys(data, &redis.url()).args(["serve", "--role", role]))
}

fn started(serve: &mut Command) -> (Process, String) {
    let mut process = Process(serve.stdout(Stdio::piped()).spawn().unwrap());
    let stdout = BufReader::new(process.0.stdout.take().unwrap());
    let ready = stdout.lines().map_while(Result::ok).find(|line| line.starts_with("ready"));
    (process, ready.expect("it gets ready"))
}

/// One process that does everything, with an admin; what it logs goes into `log` as JSON.
pub(crate) fn alone(data: &Path, log: &Path) -> (Process, Provider) {
    let mut serve = imsys(data, "local");
    let log = std::fs::File::create(log).unwrap();
    let (process, ready) = started(serve.arg("serve").env("IMSYS_LOG__FORMAT", "json").stderr(log));
    (process, admin(data, "local", &ready))
}

/// The admin of a new tenant, at the server that said that it is `ready`.
fn admin(data: &Path, queue: &str, ready: &str) -> Provider {
    let admin = |words: &[&str]| -> Value {
        let output = imsys(data, queue).arg("admin").args(words).arg("--json").output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)))
    };
    let tenant = admin(&["tenant", "create", "--name", "Lake"])["tenantId"].as_str().unwrap().to_owned();
    let key = admin(&["api-key", "create", "--tenant", &tenant, "--role", "admin"]);
    let bearer = format!("Bearer {}", key["key"].as_str().unwrap());
    let at = ready.strip_prefix("ready http://").unwrap().parse().unwrap();
    Provider { tenant: tenant.parse().unwrap(), client: Client::new(at).with("authorization", &bearer) }
}

/// An installation in several processes, with an admin at the web one.
pub(crate) struct TestCluster {
    folder: TempDir,
    redis: Redis,
    _web: Process,
    _scheduler: Process,
    pub(crate) provider: Provider,
}

pub(crate) async fn cluster() -> Option<TestCluster> {
    let redis = Redis::start().await?;
    let folder = tempfile::tempdir().unwrap();
    let (web, ready) = start(folder.path(), &redis, "web");
    let (scheduler, _) = start(folder.path(), &redis, "scheduler");
    let provider = admin(folder.path(), &redis.url(), &ready);
    Some(TestCluster { folder, redis, _web: web, _scheduler: scheduler, provider })
}

impl TestCluster {
    pub(crate) fn worker(&self) -> Process {
        start(self.folder.path(), &self.redis, "worker").0
    }

    /// The process that holds each router's lease, by its name.
    pub(crate) async fn holders(&self, routers: &[Known]) -> Vec<String> {
        let mut holders = Vec::new();
        for router in routers {
            let key = format!("bull:imsys:lease:{}", router.id);
            holders.push(self.redis.value(&key).await);
        }
        holders
    }
}

/// A router with one customer who is online, and with his service.
async fn with_customer(cluster: &TestCluster, address: &str, user: &str) -> (Router, Known, String) {
    let router = router_with(address, "7.18", |_| {}).await;
    router.add("ppp/secret", &[("name", user), ("service", "pppoe")]).unwrap();
    router.dial(user, "02:00:00:00:00:07").unwrap();
    let known = cluster.provider.add(&router).await;
    let service = cluster.provider.serve(&known, user).await;
    (router, known, service)
}

pub(crate) fn hang_up(router: &Router) {
    for session in router.sessions() {
        router.hang_up(session.id, Cause::PeerRequest);
    }
}

async fn routers(cluster: &TestCluster, net: u8, count: u8) -> Vec<(Router, Known, String)> {
    let mut all = Vec::new();
    for number in 1..=count {
        all.push(with_customer(cluster, &format!("127.3.{net}.{number}"), "ana").await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_the_routers_and_people_reach_each_of_them_from_the_web() {
    let Some(cluster) = cluster().await else { return };
    let first = cluster.worker();
    let all = routers(&cluster, 1, 6).await;
    for (_, known, service) in &all {
        cluster.provider.until_status(service, "online").await;
        cluster.provider.until_router(known, |router| router["listening"] == true).await;
    }
    let _second = cluster.worker();
    let knowns: Vec<_> = all.iter().map(|(_, known, _)| known.clone()).collect();
    let shares = async || {
        let mut holders = cluster.holders(&knowns).await;
        holders.sort();
        holders.chunk_by(|a, b| a == b).map(<[String]>::len).collect::<Vec<_>>()
    };
    eventually(|| async { shares().await == [3, 3] }).await;
    for (router, known, service) in &all {
        let tested = cluster.provider.client.post(&known.path("/test"), &Value::Null).await.json();
        assert_eq!(
            (tested["ok"].as_bool(), tested["version"].as_str()),
            (Some(true), Some("7.18 (stable)")),
            "{tested}"
        );
        let swept = cluster.provider.client.post(&known.path("/sweep"), &Value::Null).await;
        assert_eq!(swept.status, 202, "{swept:?}");
        let checked = cluster
            .provider
            .client
            .post(&format!("/api/v1/services/{service}/live-check"), &Value::Null)
            .await;
        assert_eq!(checked.status, 200, "{checked:?}");
        assert_eq!(router.peak_talkers(), 1, "one owner at a time");
        router.add("ppp/secret", &[("name", "bob"), ("service", "pppoe")]).unwrap();
        let imported = cluster.provider.client.post(&known.path("/import"), &Value::Null).await.json();
        assert_eq!(imported["created"], 1, "{imported}");
    }
    first.signal("-TERM");
    eventually(|| async { shares().await == [6] }).await;
    for (_, known, service) in &all {
        cluster.provider.until_router(known, |router| router["listening"] == true).await;
        assert_eq!(cluster.provider.status(service).await, "online");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_customer_is_proposed_imported_and_checked_from_the_web() {
    let Some(cluster) = cluster().await else { return };
    let _worker = cluster.worker();
    let router = router_with("127.3.5.1", "7.18", |_| {}).await;
    router.add_static(StaticCustomer::new(Ipv4Addr::new(10, 20, 0, 7), "02:00:5E:00:53:07", "ether2"));
    let known = cluster.provider.watch(&router).await;
    let told = cluster.provider.client.get(&known.path("/proposals")).await.json();
    assert_eq!(told["items"][0]["address"], "10.20.0.7", "{told}");
    let sheet = format!("address,interface,router\n10.20.0.7,ether2,{}\n", known.id);
    let path = b"/api/v1/services/import";
    let answer = cluster.provider.client.send("POST", path, "text/csv", sheet.as_bytes()).await.json();
    assert_eq!(answer["created"], 1, "{answer}");
    cluster.provider.until_all(&known, "online", "offline").await;
    let list = cluster.provider.client.get("/api/v1/services?kind=static").await.json();
    let service = list["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/services/{service}/live-check");
    let checked = cluster.provider.client.post(&path, &Value::Null).await.json();
    assert_eq!((&checked["status"], &checked["source"]), (&json!("online"), &json!("arp")), "{checked}");
    assert_eq!((router.peak_sessions(), router.peak_talkers()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_measures_is_kept_by_the_scheduler_and_seen_from_the_web() {
    let Some(cluster) = cluster().await else { return };
    let _worker = cluster.worker();
    let (_router, known, ana) = with_customer(&cluster, "127.4.0.31", "ana").await;
    cluster.provider.until_status(&ana, "online").await;
    let usage = format!("/api/v1/services/{ana}/usage");
    eventually(|| async {
        let run = json!({ "kind": "READ_USAGE" });
        assert_eq!(cluster.provider.client.post(&known.path("/run"), &run).await.status, 202);
        let usage = cluster.provider.client.get(&usage).await.json();
        usage["total"]["down"].as_f64().is_some_and(|bytes| bytes > 0.0)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_served_another_one_takes_over_and_nobody_is_offline() {
    let Some(cluster) = cluster().await else { return };
    let mut first = cluster.worker();
    let all = routers(&cluster, 2, 2).await;
    for (_, known, service) in &all {
        cluster.provider.until_status(service, "online").await;
        cluster.provider.until_router(known, |router| router["listening"] == true).await;
    }
    first.kill();
    let _second = cluster.worker();
    let taken = async || {
        for (_, _, service) in &all {
            assert_ne!(cluster.provider.status(service).await, "offline");
        }
        all.iter().all(|(router, ..)| router.conversations().iter().filter(|one| one.open).count() == 1)
            && all.iter().all(|(router, ..)| router.conversations().len() == 2)
    };
    eventually(taken).await;
    for (router, _, service) in &all {
        hang_up(router);
        cluster.provider.until_status(service, "offline").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_asks_for_while_a_killed_worker_still_has_the_routers_is_done_and_never_given_up() {
    let Some(cluster) = cluster().await else { return };
    let mut first = cluster.worker();
    let mut all = Vec::new();
    for number in 1..=4 {
        let router = router_with(&format!("127.3.7.{number}"), "7.18", |_| {}).await;
        router.add_static(StaticCustomer::new(Ipv4Addr::new(10, 20, 0, 7), "02:00:5E:00:53:07", "ether2"));
        let known = cluster.provider.watch(&router).await;
        let body = json!({ "kind": "static", "address": "10.20.0.7", "routerId": known.id });
        let service = cluster.provider.client.post("/api/v1/services", &body).await.json();
        all.push((router, known, service["id"].as_str().unwrap().to_owned()));
    }
    for (_, _, service) in &all {
        cluster.provider.until_status(service, "online").await;
    }
    let _second = cluster.worker();
    let confirmed = async |service: &str| cluster.provider.service(service).await["confirmedAt"].clone();
    let before = futures_util::future::join_all(all.iter().map(|(_, _, service)| confirmed(service))).await;
    first.kill();
    for (_, known, _) in &all {
        assert_eq!(cluster.provider.client.post(&known.path("/check"), &Value::Null).await.status, 202);
    }
    for ((_, _, service), before) in all.iter().zip(before) {
        eventually(|| async { confirmed(service).await != before }).await;
        assert_eq!(cluster.provider.status(service).await, "online");
    }
    let failed = cluster.provider.client.get("/api/v1/jobs?state=failed").await.json();
    assert_eq!(failed["items"], json!([]), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_told_to_end_finishes_what_it_asks_a_router() {
    let Some(cluster) = cluster().await else { return };
    let mut first = cluster.worker();
    let router = router_with("127.3.8.1", "7.18", |_| {}).await;
    router.add_static(StaticCustomer::new(Ipv4Addr::new(10, 20, 0, 7), "02:00:5E:00:53:07", "ether2"));
    let known = cluster.provider.watch(&router).await;
    let body = json!({ "kind": "static", "address": "10.20.0.7", "routerId": known.id });
    let service = cluster.provider.client.post("/api/v1/services", &body).await.json();
    let service = service["id"].as_str().unwrap();
    cluster.provider.until_status(service, "online").await;
    let active =
        async || cluster.provider.client.get("/api/v1/jobs?state=active").await.json()["items"][0].clone();
    eventually(|| async { active().await.is_null() }).await;
    router.conditions(|now| now.latency = Duration::from_secs(4));
    let before = cluster.provider.service(service).await["confirmedAt"].clone();
    assert_eq!(cluster.provider.client.post(&known.path("/check"), &Value::Null).await.status, 202);
    eventually(|| async { !active().await.is_null() }).await;
    first.signal("-TERM");
    let ended = tokio::task::spawn_blocking(move || first.0.wait().unwrap()).await.unwrap();
    assert!(ended.success(), "{ended}");
    assert_ne!(cluster.provider.service(service).await["confirmedAt"], before, "nobody else has asked");
    assert_eq!(cluster.provider.status(service).await, "online");
}

#[tokio::test]
async fn a_redis_that_may_lose_jobs_is_told_of_in_words() {
    let settings = ["--appendonly", "no", "--maxmemory-policy", "allkeys-lru"];
    let Some(redis) = Redis::start_with(&settings).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut serve = imsys(folder.path(), &redis.url());
    let child = serve.args(["serve", "--role", "scheduler"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut process = Process(child);
    let mut said = BufReader::new(process.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    for word in ["noeviction", "appendonly"] {
        assert!(said.any(|line| line.contains(word)), "it says nothing of {word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_token_was_superseded_is_started_anew() {
    let Some(cluster) = cluster().await else { return };
    let _worker = cluster.worker();
    let (router, known, service) = with_customer(&cluster, "127.3.6.1", "ana").await;
    cluster.provider.until_status(&service, "online").await;
    // As by a process that was late.
    let store = imsys::wire::open_store(&cluster.folder.path().join("imsys.db"), true).unwrap();
    store.next_fencing_token(known.router_id()).await.unwrap();
    hang_up(&router);
    cluster.provider.until_status(&service, "offline").await;
    assert_eq!(router.peak_talkers(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_stopped_and_woken_says_nothing_more_to_routers_that_others_serve() {
    let Some(cluster) = cluster().await else { return };
    let stopped = cluster.worker();
    let all = routers(&cluster, 3, 100).await;
    for (_, known, service) in &all {
        cluster.provider.until_status(service, "online").await;
        cluster.provider.until_router(known, |router| router["listening"] == true).await;
    }
    let gone = Instant::now();
    stopped.signal("-STOP");
    let _other = cluster.worker();
    eventually(|| async { all.iter().all(|(router, ..)| router.conversations().len() == 2) }).await;
    let taken = gone.elapsed();
    eprintln!("another one has its routers after {:.1} s", taken.as_secs_f64());
    assert!(!is_timed() || taken < Duration::from_secs(20), "within twenty seconds");
    for (_, known, _) in &all {
        cluster.provider.until_router(known, |router| router["listening"] == true).await;
    }
    tokio::time::sleep(away().saturating_sub(gone.elapsed())).await;
    let old: Vec<_> = all.iter().map(|(router, ..)| router.conversations().remove(0)).collect();
    stopped.signal("-CONT");
    let closed = async || all.iter().all(|(router, ..)| !router.conversations().remove(0).open);
    eventually(closed).await;
    for ((router, known, service), old) in all.iter().zip(old) {
        assert_eq!(router.conversations().remove(0).heard, old.heard, "not a byte more");
        assert_eq!(router.peak_talkers(), 1, "never two processes' commands at once");
        cluster
            .provider
            .until_router(known, |router| router["state"] == "up" && router["listening"] == true)
            .await;
        assert_eq!(cluster.provider.status(service).await, "online");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_webhooks_are_taken_and_afterwards_the_work_goes_on() {
    let Some(mut cluster) = cluster().await else { return };
    let _worker = cluster.worker();
    let (router, known, service) = with_customer(&cluster, "127.3.4.1", "ana").await;
    cluster.provider.until_status(&service, "online").await;
    cluster.redis.stop();
    let hook = cluster.provider.client.clone().with("X-IMSys-Token", &known.token);
    let down = "/api/v1/webhooks/ppp?user=ana&status=down&session=*1";
    let up = "/api/v1/webhooks/ppp?user=ana&status=up&session=*2";
    for path in [down, up] {
        assert_eq!(hook.get(path).await.status, 204);
    }
    assert_eq!(cluster.provider.client.get("/api/v1/overview").await.status, 200);
    let refused = cluster.provider.client.post(&known.path("/test"), &Value::Null).await.json();
    assert_eq!(refused["problems"][0]["code"], "no-worker", "{refused}");
    tokio::time::sleep(away()).await;
    assert!(router.conversations().iter().all(|one| !one.open), "without a lease nobody speaks to a router");
    assert_eq!(cluster.provider.status(&service).await, "online", "nobody behind it is called offline");
    cluster.redis.start_again().await;
    let back = Instant::now();
    eventually(|| async { router.conversations().iter().any(|one| one.open) }).await;
    let resumed = back.elapsed();
    cluster.provider.until_router(&known, |router| router["listening"] == true).await;
    eprintln!("the work goes on {:.1} s after Redis is back", resumed.as_secs_f64());
    assert!(!is_timed() || resumed < Duration::from_secs(5), "within five seconds");
    hang_up(&router);
    cluster.provider.until_status(&service, "offline").await;
    assert_eq!(router.peak_talkers(), 1);
}
