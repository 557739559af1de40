//! Live events over the socket.

use crate::support::{Client, Instance, instance};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Method, Response};
use imsys_domain::access::Role;
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::{RouterId, TenantId};
use imsys_store::{Actor, TenantStore};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// An open stream.
pub(crate) struct Stream {
    response: Response<Incoming>,
    rest: String,
    /// The id of the last event.
    last: String,
    _connection: JoinSet<()>,
}

impl Stream {
    pub(crate) async fn open(client: &Client, path: &str) -> Self {
        Self::after(client, path, "").await
    }

    /// Comes back, having seen the event with that id last.
    async fn after(client: &Client, path: &str, last: &str) -> Self {
        let client = client.clone().with("last-event-id", last);
        let (response, connection) = client.open(Method::GET, path, None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: String::new(), last: String::new(), _connection: connection }
    }

    /// The next event; `None` when the server ends the stream.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.rest = rest;
                let Some((name, data)) = event.split_once('\n') else { continue };
                let Some((id, data)) = data.split_once('\n') else { continue };
                self.last = id.strip_prefix("id: ").unwrap().to_owned();
                let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
                return Some((name.strip_prefix("event: ").unwrap().to_owned(), data));
            }
            let frame = tokio::time::timeout(Duration::from_secs(30), self.response.body_mut().frame());
            let frame = frame.await.expect("the stream says nothing")?;
            self.rest.push_str(std::str::from_utf8(&frame.ok()?.into_data().unwrap()).unwrap());
        }
    }

    /// Reads on until the overview counts services like this.
    async fn told(&mut self, services: &Value) {
        loop {
            let (name, data) = self.next().await.expect("the stream goes on");
            if name == "overview" && data["items"][0]["services"] == *services {
                return;
            }
        }
    }
}

/// A tenant with a router on which `ana` has a service.
struct Lake {
    id: TenantId,
    store: Arc<dyn TenantStore>,
    router: RouterId,
    ana: String,
}

impl Lake {
    async fn make(instance: &Instance, name: &str) -> Self {
        let id = instance.tenant(name).await;
        let mut admin = instance.member(id, Role::Admin).await;
        let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
        let router = admin.post("/api/v1/routers", router).await.json()["id"].as_str().unwrap().to_owned();
        let service = json!({ "kind": "pppoe", "username": "ana", "routerId": router });
        let ana = admin.post("/api/v1/services", service).await.json()["id"].as_str().unwrap().to_owned();
        let store = instance.app.store.tenant(id, Actor::system(instance.app.now()));
        Self { id, store, router: router.parse().unwrap(), ana }
    }

    /// She comes, or goes, so many seconds later.
    async fn ana(&self, instance: &Instance, up: bool, later: i64) {
        let (at, key) = (instance.app.now().plus_seconds(later), Some(HookKey("*1".into())));
        let endpoint = Endpoint::default();
        let told =
            if up { Observation::HookUp { at, key, endpoint } } else { Observation::HookDown { at, key } };
        self.store.apply_presence(self.router, "ana", told).await.unwrap();
    }
}

/// What an event says of its one item.
fn one(event: &Value, field: &str) -> Value {
    assert_eq!(event["items"].as_array().map(Vec::len), Some(1), "{event}");
    event["items"][0][field].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_opens_with_hello_and_tells_what_the_feed_says_of_its_tenant() {
    let instance = instance().await;
    let (lake, hill) = (Lake::make(&instance, "Lake").await, Lake::make(&instance, "Hill").await);
    let browser = instance.member(lake.id, Role::ReadOnly).await;
    let mut stream = Stream::open(&browser, "/api/v1/live?topics=service").await;
    let (name, hello) = stream.next().await.unwrap();
    assert_eq!(name, "hello");
    assert!(!hello["stream"].as_str().unwrap().is_empty());
    hill.ana(&instance, true, 5).await;
    lake.ana(&instance, true, 5).await;
    let (name, told) = stream.next().await.unwrap();
    assert_eq!((name.as_str(), one(&told, "id")), ("service", json!(lake.ana)));
    assert_eq!((one(&told, "status"), one(&told, "isOnline")), (json!("online"), json!(true)));
    assert!(told["seq"].as_i64() > hello["seq"].as_i64());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_is_told_what_he_missed_and_greeted_with_where_he_stood() {
    let mut instance = instance().await;
    let lake = Lake::make(&instance, "Lake").await;
    let browser = instance.member(lake.id, Role::ReadOnly).await;
    let path = "/api/v1/live?topics=service,router";
    let mut stream = Stream::open(&browser, path).await;
    let hello = stream.next().await.unwrap().1;
    lake.ana(&instance, true, 5).await;
    let seen = stream.next().await.unwrap().1;
    let id = stream.last.clone();
    drop(stream);
    lake.ana(&instance, false, 30).await;
    for again in ["while nobody watched", "after a restart"] {
        let mut stream = Stream::after(&browser, path, &id).await;
        let greeted = stream.next().await.unwrap().1;
        assert_eq!(greeted, json!({ "stream": hello["stream"], "seq": seen["seq"] }), "{again}");
        let told = stream.next().await.unwrap().1;
        // Unknown where the server has found out meanwhile that there is no such router.
        assert_eq!(one(&told, "id"), json!(lake.ana), "{again}");
        assert_ne!(one(&told, "status"), json!("online"), "{again}");
        drop(stream);
        instance = instance.restarted().await;
    }
    for strange in ["", "x", "f-1", "-", &format!("{}-999999", hello["stream"].as_str().unwrap())] {
        let greeted = Stream::after(&browser, path, strange).await.next().await.unwrap().1;
        assert!(greeted["seq"].as_i64() > seen["seq"].as_i64(), "{strange}: {greeted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counts_are_told_when_somebody_else_changes_them() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let browser = instance.member(tenant, Role::ReadOnly).await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = admin.post("/api/v1/routers", router).await.json()["id"].clone();
    let mut stream = Stream::open(&browser, "/api/v1/live?topics=overview").await;
    stream.next().await.unwrap();
    let service = json!({ "kind": "pppoe", "username": "ana", "routerId": router });
    let service = admin.post("/api/v1/services", service).await.json()["id"].clone();
    stream.told(&json!({ "online": 0, "offline": 0, "unknown": 1, "suspended": 0, "total": 1 })).await;
    let path = format!("/api/v1/services/{}", service.as_str().unwrap());
    assert_eq!(admin.patch(&path, json!({ "suspended": true })).await.status, 200);
    stream.told(&json!({ "online": 0, "offline": 0, "unknown": 1, "suspended": 1, "total": 1 })).await;
    assert_eq!(admin.delete(&path).await.status, 204);
    stream.told(&json!({ "online": 0, "offline": 0, "unknown": 0, "suspended": 0, "total": 0 })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_its_session_key_or_membership_does() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut admin = instance.member(tenant, Role::Admin).await;
    let mut browser = instance.member(tenant, Role::ReadOnly).await;
    let mut stream = Stream::open(&browser, "/api/v1/live").await;
    stream.next().await.unwrap();
    assert_eq!(browser.delete("/api/v1/session").await.status, 204);
    assert_eq!(stream.next().await, None);

    let mut browser = instance.member(tenant, Role::ReadOnly).await;
    let mut stream = Stream::open(&browser, "/api/v1/live").await;
    stream.next().await.unwrap();
    let id = browser.get("/api/v1/session").await.json()["user"]["id"].as_str().unwrap().to_owned();
    assert_eq!(admin.delete(&format!("/api/v1/members/{id}")).await.status, 204);
    assert_eq!(stream.next().await, None);

    let made = admin.post("/api/v1/api-keys", json!({ "name": "screen", "role": "read-only" })).await.json();
    let program = instance.stranger().with_key(made["key"].as_str().unwrap());
    let mut stream = Stream::open(&program, "/api/v1/live").await;
    stream.next().await.unwrap();
    assert_eq!(admin.delete(&format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_expires_takes_its_stream_with_it() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let browser = instance.member(tenant, Role::ReadOnly).await;
    let mut stream = Stream::open(&browser, "/api/v1/live").await;
    stream.next().await.unwrap();
    instance.pass(12 * 3600);
    instance.app.live.doubt();
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_topic_is_refused_by_name() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut browser = instance.member(tenant, Role::ReadOnly).await;
    let refused = browser.get("/api/v1/live?topics=service,weather").await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad-query"));
}
