//! Live events over the socket.

use crate::support::{Client, instance};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Method, Response};
use imsys::live::Topic;
use imsys_domain::access::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinSet;

/// An open stream.
pub(crate) struct Stream {
    response: Response<Incoming>,
    rest: String,
    _connection: JoinSet<()>,
}

impl Stream {
    pub(crate) async fn open(client: &Client, path: &str) -> Self {
        let (response, connection) = client.open(Method::GET, path, None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: String::new(), _connection: connection }
    }

    /// The next event; `None` when the server ends the stream.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.rest = rest;
                let Some((name, data)) = event.split_once('\n') else { continue };
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

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_opens_with_hello_and_tells_what_was_published_to_its_tenant() {
    let instance = instance().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let browser = instance.member(lake, Role::ReadOnly).await;
    let mut stream = Stream::open(&browser, "/api/v1/live?topics=service").await;
    let (name, hello) = stream.next().await.unwrap();
    assert_eq!(name, "hello");
    assert!(!hello["stream"].as_str().unwrap().is_empty());
    let seq = hello["seq"].as_u64().unwrap();
    instance.app.live.publish(hill, Topic::Service, "theirs", 1, || json!({}));
    instance.app.live.publish(lake, Topic::Router, "unasked", 1, || json!({}));
    instance.app.live.publish(lake, Topic::Service, "ours", 7, || json!({ "status": "online" }));
    let expected = json!({ "seq": seq + 1, "items": [{ "id": "ours", "rev": 7, "status": "online" }] });
    assert_eq!(stream.next().await, Some(("service".into(), expected)));
    for rev in 8..=20 {
        instance.app.live.publish(lake, Topic::Service, "ours", rev, || json!({ "status": "offline" }));
    }
    let (_, last) = stream.next().await.unwrap();
    assert_eq!(
        (&last["seq"], &last["items"][0]["rev"]),
        (&json!(seq + 2), &json!(20)),
        "one write for many changes"
    );
    let again = Stream::open(&browser, "/api/v1/live").await.next().await.unwrap().1;
    assert_eq!(again["stream"], hello["stream"]);
    assert_ne!(again["seq"], last["seq"], "who comes back sees that he missed something");
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
