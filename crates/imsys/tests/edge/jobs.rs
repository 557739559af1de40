//! What runs, waits, failed and why; retry, run now, pause.

use crate::live::Stream;
use crate::support::{Client, Instance, house_with, instance, until};
use imsys::jobs::{ROUTERS, UPKEEP};
use imsys_domain::access::Role;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_queue::NewJob;
use imsys_sim::router::{Router, RouterConfig};
use imsys_store::Actor;
use imsys_store::model::{JobDone, Run, RunOutcome};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

const SWEEP_PPP: &str = "SWEEP_PPP";
/// More than the interval of the clock's jobs.
const A_ROUND: i64 = 301;

async fn items(client: &Client, path: &str) -> Vec<Value> {
    let answer = client.clone().get(path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["items"].as_array().unwrap().clone()
}

/// A router at this address, added over the API.
async fn add_router(client: &Client, at: SocketAddr) -> String {
    let body = json!({ "name": format!("router {at}"), "address": at.ip().to_string(), "port": at.port(),
        "username": "api", "password": "secret" });
    let answer = client.clone().post("/api/v1/routers", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// An address at which nothing listens.
fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 9], 9))
}

async fn loopback_house() -> Instance {
    house_with(|config| config.network.allow_loopback = true).await
}

async fn put(instance: &Instance, job: NewJob) {
    instance.app.queue.add(ROUTERS, job).await.unwrap();
}

/// A job that fails at once, because its data names no router that there can be.
fn hopeless(tenant: TenantId, name: &str) -> NewJob {
    let data = json!({ "tenantId": tenant, "routerId": "the one on the hill" });
    NewJob { attempts: 1, ..NewJob::new(name, data) }
}

async fn failed(client: &Client, name: &str) -> Value {
    until(|| async {
        let failed = items(client, "/api/v1/jobs?state=failed").await;
        failed.into_iter().find(|job| job["name"] == name)
    })
    .await
}

/// The standing of a kind of job at a router.
async fn run(client: &Client, router: &str, kind: &str) -> Value {
    let runs = items(client, "/api/v1/jobs/runs").await;
    runs.into_iter().find(|run| run["routerId"] == router && run["kind"] == kind).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_sees_its_own_jobs_and_of_no_other_router_more_than_nothing() {
    let instance = loopback_house().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let (ours, theirs) =
        (instance.program(lake, Role::ReadOnly).await, instance.program(hill, Role::Technician).await);
    let our_router = add_router(&instance.program(lake, Role::Technician).await, nowhere()).await;
    let their_router = add_router(&theirs, nowhere()).await;
    for (tenant, router, minutes) in
        [(lake, &our_router, 2), (lake, &their_router, 1), (hill, &their_router, 3)]
    {
        let data = json!({ "tenantId": tenant, "routerId": router });
        put(&instance, NewJob::new(SWEEP_PPP, data).delay(Duration::from_secs(minutes * 60))).await;
    }
    put(&instance, NewJob::new("NOBODYS", json!("no tenant")).delay(Duration::from_secs(60))).await;

    let listed = items(&ours, "/api/v1/jobs?state=delayed").await;
    let said: Vec<_> = listed.iter().map(|job| &job["routerId"]).collect();
    assert_eq!(said, [&Value::Null, &json!(our_router)], "as they are due");
    assert_eq!(listed[1]["routerName"], format!("router {}", nowhere()));
    assert_eq!(listed[1]["priority"], "clock");
    assert!(listed[1]["dueAt"].is_string() && listed[1]["startedAt"].is_null(), "{listed:?}");
    let asked = |query: String| {
        let mut client = ours.clone();
        async move { client.get(&format!("/api/v1/jobs?{query}")).await }
    };
    let limited = asked("limit=1".into()).await.json();
    assert_eq!((limited["items"].as_array().unwrap().len(), &limited["total"]), (1, &json!(2)));
    assert_eq!(asked(format!("routerId={our_router}")).await.json()["total"], 1);
    assert_eq!(asked("state=active".into()).await.json()["total"], 0);
    for wrong in ["limit=0", "limit=1001", "state=lost", "routerId=7", "colour=red"] {
        assert_eq!(asked(wrong.into()).await.status, 400, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_says_why_and_runs_again_for_its_tenant_alone() {
    let instance = instance().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let mut ours = instance.program(lake, Role::Support).await;
    let mut theirs = instance.program(hill, Role::Admin).await;
    put(&instance, hopeless(lake, SWEEP_PPP)).await;
    let job = failed(&ours, SWEEP_PPP).await;
    assert_eq!((job["attempts"].as_u64(), job["state"].as_str()), (Some(1), Some("failed")));
    assert!(job["error"][0].as_str().unwrap().contains("UUID"), "{job}");
    assert!(job["endedAt"].is_string(), "{job}");

    let retry = format!("/api/v1/jobs/{}/retry", job["id"].as_str().unwrap());
    assert_eq!(theirs.post(&retry, json!({})).await.status, 404);
    assert_eq!(ours.post("/api/v1/jobs/no-such-job/retry", json!({})).await.status, 404);
    let again = ours.post(&retry, json!({})).await;
    assert_eq!(again.status, 202, "{again:?}");
    assert!(again.json()["requestId"].is_string());
    assert_eq!(ours.post(&retry, json!({})).await.status, 404, "it was given up once");
    let failed_again = failed(&ours, SWEEP_PPP).await;
    assert_ne!(failed_again["id"], job["id"]);
    assert_eq!(failed_again["attempts"], 1);
    assert_eq!(failed_again["priority"], "person");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_at_no_router_is_done_from_a_queue_of_its_own() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let mut client = instance.program(lake, Role::Technician).await;
    let router = add_router(&client, nowhere()).await;
    let service = json!({ "kind": "pppoe", "username": "ana", "routerId": router });
    assert_eq!(client.post("/api/v1/services", service).await.status, 201);
    let queue = &instance.app.queue;
    queue.add(UPKEEP, NewJob::new("COUNT_SERVICES", json!({}))).await.unwrap();
    until(|| async {
        let trend = client.clone().get("/api/v1/overview/trend").await.json();
        (trend["points"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;
    // What a program misnames is given up, in the words of the tenant that it names, and nobody else's.
    let wrong = NewJob { attempts: 1, ..NewJob::new(SWEEP_PPP, json!({ "tenantId": lake })) };
    queue.add(UPKEEP, wrong).await.unwrap();
    let job = failed(&client, SWEEP_PPP).await;
    assert_eq!(job["label"], "Full sync of PPPoE sessions");
    assert_eq!(job["error"][0], "no job of this queue has this name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_that_cannot_be_asked_leaves_its_reason() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let mut client = instance.program(lake, Role::Technician).await;
    let router = add_router(&client, nowhere()).await;
    let never = run(&client, &router, SWEEP_PPP).await;
    assert_eq!(
        (&never["lastAt"], &never["outcome"], &never["nextAt"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let mut stream = Stream::open(&client, "/api/v1/live?topics=job").await;
    assert_eq!(stream.next().await.unwrap().0, "hello");
    assert_eq!(client.post(&format!("/api/v1/routers/{router}/sweep"), json!({})).await.status, 202);
    loop {
        let (topic, event) = stream.next().await.unwrap();
        assert_eq!((topic.as_str(), &event["items"][0]["id"]), ("job", &json!(router)));
        if event["items"][0]["running"] == false {
            break;
        }
    }
    let swept = run(&client, &router, SWEEP_PPP).await;
    assert_eq!(swept["outcome"], "failed");
    assert!(swept["error"].as_str().unwrap().contains("Nothing listens"), "{swept}");
    assert!(
        swept["lastAt"].is_string() && swept["tookMs"].is_number() && swept["nextAt"].is_null(),
        "{swept}"
    );
    // The job itself is done.
    until(|| async { items(&client, "/api/v1/jobs").await.is_empty().then_some(()) }).await;
}

/// Names, labels and wholes of standings.
fn kinds(standings: &[Value]) -> Vec<[Option<&str>; 3]> {
    standings.iter().map(|one| ["kind", "label", "partOf"].map(|field| one[field].as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_router_has_every_kind_that_stands_alone_and_the_parts_that_ran() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let mut client = instance.program(lake, Role::Technician).await;
    let router = add_router(&client, nowhere()).await;
    let sweep = [Some(SWEEP_PPP), Some("Full sync of PPPoE sessions"), None];
    let check = [Some("CHECK_STATIC_USERS"), Some("Check static and DHCP customers"), None];
    let usage = [Some("READ_USAGE"), Some("Read usage counters"), None];
    assert_eq!(kinds(&items(&client, "/api/v1/jobs/runs").await), [sweep, check, usage]);
    let store = instance.app.store.tenant(lake, Actor::system(instance.now()));
    for kind in ["CHECK_STATIC_NEW", "OF_ANOTHER_VERSION"] {
        let run =
            Run { kind: kind.into(), at: instance.now(), took_ms: 7, outcome: RunOutcome::Done, error: None };
        store.note_done(router.parse().unwrap(), JobDone { run, mark: None }).await.unwrap();
    }
    let new =
        [Some("CHECK_STATIC_NEW"), Some("Check new static and DHCP customers"), Some("CHECK_STATIC_USERS")];
    assert_eq!(kinds(&items(&client, "/api/v1/jobs/runs").await), [sweep, check, new, usage]);

    let path = format!("/api/v1/routers/{router}/run");
    for wrong in ["CHECK_STATIC_NEW", "PRUNE_HISTORY", "OF_ANOTHER_VERSION"] {
        let answer = client.post(&path, json!({ "kind": wrong })).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("kind")), "{wrong}");
    }
    assert_eq!(client.post(&path, json!({ "kind": SWEEP_PPP })).await.status, 202);
    let swept = until(|| async {
        let swept = run(&client, &router, SWEEP_PPP).await;
        swept["lastAt"].is_string().then_some(swept)
    })
    .await;
    assert_eq!(swept["outcome"], "failed", "nothing listens there: {swept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_own_jobs_say_how_they_went_and_when_they_are_next() {
    let instance = instance().await;
    let lake = instance.tenant("Lake").await;
    let client = instance.program(lake, Role::ReadOnly).await;
    let job = NewJob::new("PRUNE_HISTORY", json!({ "tenantId": lake }));
    instance.app.queue.add(UPKEEP, job).await.unwrap();
    let ran = until(|| async {
        let standing = items(&client, "/api/v1/jobs/tenant-runs").await.remove(0);
        standing["lastAt"].is_string().then_some(standing)
    })
    .await;
    assert_eq!((&ran["kind"], &ran["label"]), (&json!("PRUNE_HISTORY"), &json!("Drop old history")));
    assert_eq!((&ran["outcome"], &ran["partOf"]), (&json!("done"), &Value::Null), "{ran}");
    assert!(ran["tookMs"].is_number() && ran["nextAt"].is_string(), "{ran}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_whose_wake_up_is_lost_is_done_after_a_minute() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let client = instance.program(lake, Role::Technician).await;
    let router = add_router(&client, nowhere()).await;
    let store = instance.app.store.tenant(lake, Actor::system(instance.now()));
    let id: RouterId = router.parse().unwrap();
    store.mark_due(id, SWEEP_PPP, instance.now(), false).await.unwrap();
    instance.pass(121);
    until(|| async { store.due(id).await.unwrap().is_empty().then_some(()) }).await;
    assert_eq!(run(&client, &router, SWEEP_PPP).await["outcome"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_router_that_was_removed_is_no_failure() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let mut client = instance.program(lake, Role::Technician).await;
    let router = add_router(&client, nowhere()).await;
    assert_eq!(client.delete(&format!("/api/v1/routers/{router}")).await.status, 204);
    put(&instance, NewJob::new(SWEEP_PPP, json!({ "tenantId": lake, "routerId": router }))).await;
    put(&instance, hopeless(lake, "AFTER")).await;
    failed(&client, "AFTER").await;
    let counts = instance.app.queue.counts(ROUTERS).await.unwrap();
    assert_eq!((counts.failed, counts.delayed), (1, 0), "{counts:?}");
}

/// A simulated router, on an address of its own.
async fn simulated(address: &str) -> Router {
    let listen = SocketAddr::new(address.parse().unwrap(), 0);
    Router::start(RouterConfig { listen, ..RouterConfig::default() }).await.unwrap()
}

/// When a kind of job ended the last time; `None` when it never ran or ran before `after`.
async fn ran_after(client: &Client, router: &str, kind: &str, after: Timestamp) -> Option<Value> {
    let run = run(client, router, kind).await;
    let at = run["lastAt"].as_str()?.to_owned();
    (at >= imsys::http::extract::Time(after).to_string()).then_some(run)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_router_is_asked_by_people_alone() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let mut client = instance.program(lake, Role::Admin).await;
    let (first, second) = (simulated("127.9.0.1").await, simulated("127.9.0.2").await);
    let (paused, other) =
        (add_router(&client, first.address()).await, add_router(&client, second.address()).await);
    for router in [&paused, &other] {
        until(|| ran_after(&client, router, "CHECK_STATIC_USERS", instance.now())).await;
        until(|| ran_after(&client, router, SWEEP_PPP, instance.now())).await;
    }
    let next = run(&client, &paused, SWEEP_PPP).await["nextAt"].clone();
    assert!(next.is_string());
    let path = format!("/api/v1/routers/{paused}");
    let answer = client.patch(&path, json!({ "paused": true })).await;
    assert_eq!((answer.status, &answer.json()["paused"]), (200, &json!(true)), "{answer:?}");
    assert_eq!(answer.json()["state"], "up", "the connection stays");
    let log = items(&client, "/api/v1/audit").await;
    assert_eq!(log[0]["action"], "router.update");
    assert_eq!(log[0]["detail"], r#"{"paused":[false,true]}"#);
    let before = run(&client, &paused, SWEEP_PPP).await;
    assert_eq!((&before["paused"], &before["nextAt"]), (&json!(true), &Value::Null));

    // Both routers' turns come at once; that the other one's came twice shows that this one's was let pass.
    for _ in 0..2 {
        instance.pass(A_ROUND);
        for kind in [SWEEP_PPP, "CHECK_STATIC_USERS"] {
            until(|| ran_after(&client, &other, kind, instance.now())).await;
        }
    }
    assert_eq!(run(&client, &paused, SWEEP_PPP).await["lastAt"], before["lastAt"]);
    for (verb, kind) in [("check", "CHECK_STATIC_USERS"), ("sweep", SWEEP_PPP)] {
        assert_eq!(client.post(&format!("{path}/{verb}"), json!({})).await.status, 202);
        let run = until(|| ran_after(&client, &paused, kind, instance.now())).await;
        assert_eq!(run["outcome"], "done", "{run}");
    }

    // Who asks all at once does not mean those that are paused.
    let checked = run(&client, &paused, "CHECK_STATIC_USERS").await;
    instance.pass(2);
    let answer = client.post("/api/v1/routers/check", json!({})).await;
    assert_eq!((answer.status, &answer.json()["routers"]), (202, &json!(1)), "{answer:?}");
    until(|| ran_after(&client, &other, "CHECK_STATIC_USERS", instance.now())).await;
    assert_eq!(run(&client, &paused, "CHECK_STATIC_USERS").await["lastAt"], checked["lastAt"]);

    assert_eq!(client.patch(&path, json!({ "paused": false })).await.json()["paused"], false);
    instance.pass(A_ROUND);
    until(|| ran_after(&client, &paused, SWEEP_PPP, instance.now())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_that_were_missed_are_made_up_for_by_one() {
    let instance = loopback_house().await;
    let lake = instance.tenant("Lake").await;
    let client = instance.program(lake, Role::Technician).await;
    let there = simulated("127.9.0.3").await;
    let router = add_router(&client, there.address()).await;
    let in_turn = async || {
        for kind in [SWEEP_PPP, "CHECK_STATIC_USERS"] {
            until(|| ran_after(&client, &router, kind, instance.now())).await;
        }
    };
    in_turn().await;
    let sweeps = || instance.app.metrics.sweeps.get("accepted");
    let before = sweeps();
    // As after a computer slept. That the next turn has come too shows that no other one was waiting before it.
    for (rounds, made) in [(10, 1), (1, 2)] {
        instance.pass(rounds * A_ROUND);
        in_turn().await;
        assert_eq!(sweeps() - before, made);
    }
}
