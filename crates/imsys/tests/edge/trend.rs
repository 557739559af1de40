//! How many services were online over time, and how often a router was away.

use crate::support::{Client, Instance, instance, until};
use imsys_domain::access::Role;
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::{RouterId, ServiceId, TenantId};
use imsys_store::model::StatusCounts;
use imsys_store::{Actor, TenantStore};
use serde_json::{Value, json};
use std::sync::Arc;

fn store(instance: &Instance, tenant: TenantId) -> Arc<dyn TenantStore> {
    instance.app.store.tenant(tenant, Actor::system(instance.now()))
}

/// A router that nobody serves.
async fn router(instance: &Instance, tenant: TenantId) -> RouterId {
    let (id, now) = (RouterId::new(instance.now(), imsys::token::random()), instance.now());
    let config = RouterConfig {
        name: "tower".into(),
        address: [10, 0, 0, 1].into(),
        port: 8728,
        tls: None,
        legacy_login: false,
        routed: Vec::new(),
        username: "api".into(),
        password: "sealed".into(),
        paused: false,
    };
    let new = Router {
        id,
        tenant,
        rev: 1,
        edition: 1,
        config,
        token: imsys::token::digest("token"),
        state: RouterState::New,
        since: now,
        reason: None,
        listening: Listening::Off,
        swept: None,
        facts: RouterFacts::default(),
        created: now,
        archived: None,
    };
    store(instance, tenant).create_router(new).await.unwrap();
    id
}

async fn get(client: &Client, path: &str) -> Value {
    let answer = client.clone().get(path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn points(client: &Client, range: &str) -> Vec<Value> {
    let trend = get(client, &format!("/api/v1/overview/trend?range={range}")).await;
    trend["points"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_trend_shows_what_was_counted_and_nothing_where_nobody_counted() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let client = instance.program(tenant, Role::ReadOnly).await;
    let now = instance.now();
    let counts = |online| StatusCounts { online, offline: 7, unknown: 2, suspended: 1 };
    for (minutes, online) in [(120, 40), (115, 20), (20, 50)] {
        let noted = vec![(tenant, now.minus_seconds(minutes * 60), counts(online))];
        instance.app.store.note_counts(noted).await.unwrap();
    }
    let day = get(&client, "/api/v1/overview/trend").await;
    assert_eq!((&day["range"], &day["intervalSeconds"]), (&json!("day"), &json!(300)));
    assert_eq!(day["to"], "2025-06-15T15:06:40Z");
    assert_eq!(day["from"], "2025-06-14T15:06:40Z");
    let point = |at: &str, online, lowest| json!({ "at": at, "online": online, "offline": 7, "unknown": 2, "lowestOnline": lowest });
    let expected = [
        point("2025-06-15T13:05:00Z", 40, 40),
        point("2025-06-15T13:10:00Z", 20, 20),
        point("2025-06-15T14:45:00Z", 50, 50),
    ];
    assert_eq!(points(&client, "day").await, expected);
    let hours = [point("2025-06-15T13:00:00Z", 30, 20), point("2025-06-15T14:00:00Z", 50, 50)];
    assert_eq!(points(&client, "month").await, hours);
    assert_eq!(client.clone().get("/api/v1/overview/trend?range=year").await.status, 400);
    let other = instance.tenant("Hill").await;
    assert_eq!(points(&instance.program(other, Role::Admin).await, "month").await, [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_counts_services_and_a_time_without_it_is_a_gap() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let client = instance.program(tenant, Role::ReadOnly).await;
    let data = ServiceData {
        router: router(&instance, tenant).await,
        access: Access::Pppoe { username: "ana".into() },
        customer: None,
        plan: None,
        suspended: false,
        mode: EnforcementMode::Observe,
    };
    let id = ServiceId::new(instance.now(), imsys::token::random());
    store(&instance, tenant).create_service(id, instance.now(), data).await.unwrap();
    // Time passes, and the server looks at it once a second.
    let counted = async |more_than: usize| {
        until(async || {
            instance.pass(20);
            Some(points(&client, "day").await).filter(|points| points.len() > more_than)
        })
        .await
    };
    let first = counted(0).await;
    assert_eq!((&first[0]["online"], &first[0]["unknown"]), (&json!(0), &json!(1)));
    instance.pass(3 * 3600);
    let later = counted(first.len()).await;
    assert_eq!(later[..first.len()], first, "nothing is put between");
    let at = |point: &Value| point["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let gap = at(&later[first.len()]).duration_since(at(&first[first.len() - 1]));
    assert!(gap.as_hours() >= 2, "{later:?}");
    assert!(later.iter().all(|point| at(point).as_second() % 300 == 0));
}

#[tokio::test]
async fn a_router_shows_how_often_it_was_away() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let client = instance.program(tenant, Role::ReadOnly).await;
    let (id, now) = (router(&instance, tenant).await, instance.now());
    let store = store(&instance, tenant);
    let ago = |minutes: i64| now.minus_seconds(minutes * 60);
    let found = async |minutes| store.router_found(id, ago(minutes), RouterFacts::default()).await.unwrap();
    let lost = async |minutes, why| store.router_lost(id, ago(minutes), why).await.unwrap();
    let never = json!({ "times": 0, "seconds": 0 });
    let away = get(&client, &format!("/api/v1/routers/{id}")).await["away"].clone();
    assert_eq!(away, json!({ "day": never, "month": never }));
    found(3 * 24 * 60).await;
    lost(2 * 24 * 60 + 12, "timed out").await;
    found(2 * 24 * 60).await;
    lost(10, "refused").await;
    let path = format!("/api/v1/routers/{id}");
    let expected = json!({ "day": { "times": 1, "seconds": 600 }, "month": { "times": 2, "seconds": 1320 } });
    assert_eq!(get(&client, &path).await["away"], expected);
    assert_eq!(get(&client, "/api/v1/routers").await["items"][0]["away"], expected);
    let absences = get(&client, &format!("{path}/absences")).await;
    let times: Vec<_> = absences.as_array().unwrap().iter().map(|a| (&a["reason"], &a["seconds"])).collect();
    assert_eq!(times, [(&json!("refused"), &json!(600)), (&json!("timed out"), &json!(720))]);
    assert_eq!((&absences[0]["to"], &absences[1]["to"]), (&Value::Null, &json!("2025-06-13T15:06:40Z")));
}
