//! The form of answers: problems, headers, editions, strict input.

use crate::support::{Client, instance};
use hyper::Method;
use imsys_domain::access::Role;
use serde_json::{Value, json};

async fn admin() -> (crate::support::Instance, Client) {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let client = instance.program(tenant, Role::Admin).await;
    (instance, client)
}

fn plan(name: &str) -> Value {
    json!({ "name": name, "price": { "minor": 2500, "currency": "KES" }, "period": "month" })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_with_a_code() {
    let (instance, mut client) = admin().await;
    let put = client.ask(Method::PUT, "/api/v1/plans", None).await;
    assert_eq!((put.status, put.code().as_str()), (405, "method-not-allowed"));
    assert_eq!(client.get("/api/v1/nothing").await.code(), "not-found");
    assert_eq!(client.get("/api/v1/plans/no-id").await.code(), "not-found");
    assert_eq!(client.post("/somewhere", json!({})).await.code(), "not-found");
    assert_eq!(instance.stranger().get("/api/v1/plans").await.code(), "unauthorized");
    let problem = client.get("/api/v1/plans?colour=red").await;
    assert_eq!((problem.status, problem.code().as_str()), (400, "bad-query"));
    let body = problem.json();
    assert_eq!(
        (&body["type"], &body["title"], &body["status"]),
        (&json!("about:blank"), &json!("Bad Request"), &json!(400))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_read_strictly() {
    let (_house, mut client) = admin().await;
    let mut extra = plan("Home");
    extra["tenant"] = json!("mine");
    let refused = client.post("/api/v1/plans", extra).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!("tenant")));
    let mut text = client.clone().with("content-type", "text/plain");
    assert_eq!(text.ask(Method::POST, "/api/v1/plans", None).await.status, 415);
    let mut broken = client.clone().with("content-type", "application/json");
    assert_eq!(broken.ask(Method::POST, "/api/v1/plans", None).await.code(), "bad-json");
    // By one byte: of more, some would still be on their way when the server hangs up.
    let name = "x".repeat((1 << 20) + 1 - plan("").to_string().len());
    let huge = client.post("/api/v1/plans", plan(&name)).await;
    assert_eq!((huge.status, huge.code().as_str()), (413, "too-large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_bounded_and_their_pages_follow_each_other() {
    let (_house, mut client) = admin().await;
    for name in ["a", "b", "c"] {
        assert_eq!(client.post("/api/v1/plans", plan(name)).await.status, 201);
    }
    for query in ["limit=0", "limit=1001", "limit=many", "sort=colour", "cursor=x", "q=a&q=b"] {
        assert_eq!(client.get(&format!("/api/v1/plans?{query}")).await.status, 400, "{query}");
    }
    let first = client.get("/api/v1/plans?limit=2&sort=-name").await.json();
    let names = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|i| i["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((names(&first), &first["total"]), (vec![json!("c"), json!("b")], &json!(3)));
    let next = first["next"].as_str().unwrap();
    let second = client.get(&format!("/api/v1/plans?limit=2&sort=-name&cursor={next}")).await.json();
    assert_eq!((names(&second), &second["next"]), (vec![json!("a")], &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_from_an_old_edition_is_stale() {
    let (_house, mut client) = admin().await;
    let made = client.post("/api/v1/plans", plan("Home")).await;
    let path = format!("/api/v1/plans/{}", made.json()["id"].as_str().unwrap());
    let etag = client.get(&path).await.header("etag").unwrap().to_owned();
    let mut careful = client.clone().with("if-match", etag);
    assert_eq!(careful.patch(&path, json!({ "name": "Home 10" })).await.status, 200);
    let stale = careful.patch(&path, json!({ "name": "Home 20" })).await;
    assert_eq!((stale.status, stale.code().as_str()), (409, "stale"));
    assert_eq!(client.get(&path).await.json()["name"], "Home 10");
    let mut odd = client.clone().with("if-match", "edition three");
    assert_eq!(odd.patch(&path, json!({ "name": "x" })).await.code(), "bad-if-match");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let (_house, mut client) = admin().await;
    for path in [
        "/",
        "/t/lake",
        "/favicon.svg",
        "/docs",
        "/openapi.json",
        "/livez",
        "/api/v1/plans",
        "/api/v1/nothing",
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
    let policy = async |mut client: Client| {
        client.get("/").await.header("content-security-policy").unwrap().to_owned()
    };
    assert_ne!(policy(client.clone()).await, policy(client.clone()).await, "a nonce is used once");
    assert_eq!(client.get("/api/v1/plans").await.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_is_counted() {
    let (instance, mut client) = admin().await;
    client.get("/api/v1/nothing").await;
    assert_eq!(instance.stranger().get("/readyz").await.text, "ok\n");
    let text = instance.stranger().get("/metrics").await.text;
    assert!(text.contains("imsys_http_refusals_total{code=\"not-found\"} 1\n"), "{text}");
    assert!(text.contains("# TYPE imsys_open_connections gauge\nimsys_open_connections "), "{text}");
}
