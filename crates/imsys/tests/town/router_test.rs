//! "Test" names the exact problem, and nothing on the router changes.

use crate::support::{
    GUARD, Instance, Known, Provider, instance, office_with, router_at, router_with, row_id,
};
use imsys_sim::router::{LoginForm, Router};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

/// Ten times what is promised.
const LATEST: Duration = Duration::from_secs(150);

async fn test(provider: &Provider, router: &Known) -> Value {
    let started = Instant::now();
    let answer = provider.client.post(&router.path("/test"), &json!({})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(started.elapsed() < LATEST, "{:?}", started.elapsed());
    answer.json()
}

/// The codes of the problems of one severity.
fn codes(tested: &Value, severity: &str) -> Vec<String> {
    let problems = tested["problems"].as_array().unwrap().iter();
    let of_it = problems.filter(|problem| problem["severity"] == severity);
    for problem in of_it.clone() {
        assert!(
            !problem["message"].as_str().unwrap().is_empty() && !problem["fix"].as_str().unwrap().is_empty()
        );
    }
    of_it.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

/// The router has exactly this error.
async fn fails_with(provider: &Provider, router: &Known, code: &str) -> Value {
    let tested = test(provider, router).await;
    assert_eq!(
        (tested["ok"].as_bool(), codes(&tested, "error")),
        (Some(false), vec![code.to_owned()]),
        "{tested}"
    );
    tested
}

async fn provider() -> (Instance, Provider) {
    let instance = instance().await;
    let provider = instance.provider().await;
    (instance, provider)
}

#[tokio::test]
async fn every_version_is_fine_and_lacks_only_the_hooks() {
    let (_office, provider) = provider().await;
    for (number, version) in ["6.49", "7.12", "7.16", "7.18", "7.23", "7.24"].into_iter().enumerate() {
        let router = router_at(&format!("127.3.1.{}", number + 1), version).await;
        let known = provider.add(&router).await;
        let tested = test(&provider, &known).await;
        assert_eq!(
            (tested["ok"].as_bool(), codes(&tested, "error")),
            (Some(true), vec![]),
            "{version}: {tested}"
        );
        assert_eq!(codes(&tested, "warning"), ["no-hooks", "api-open"], "{version}: {tested}");
        assert!(tested["version"].as_str().unwrap().starts_with(version), "{tested}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_from_missing_policies() {
    let (_office, provider) = provider().await;
    let router = router_at("127.3.0.1", "7.18").await;
    let wrong = provider.add_with(router.address(), "api", "wrong").await;
    fails_with(&provider, &wrong, "wrong-password").await;
    for (group, policy) in [("no-read", "api,test"), ("no-api", "read,test")] {
        router.add("user/group", &[("name", group), ("policy", policy)]).unwrap();
        router.add("user", &[("name", group), ("group", group), ("password", "x")]).unwrap();
    }
    let login_as = async |username: &str| {
        let body = json!({ "username": username, "password": "x" });
        assert_eq!(provider.client.patch(&wrong.path(""), &body).await.status, 200);
    };
    login_as("no-read").await;
    fails_with(&provider, &wrong, "missing-policy").await;
    // The router gives a user without the policy the same words as one with a wrong password.
    login_as("no-api").await;
    let tested = fails_with(&provider, &wrong, "wrong-password").await;
    assert!(tested["problems"][0]["fix"].as_str().unwrap().contains("policy api"), "{tested}");
}

#[tokio::test]
async fn nobody_guesses_a_password_through_an_entry_of_his_own() {
    let (instance, owner) = provider().await;
    let router = router_at("127.3.0.40", "7.18").await;
    let known = owner.watch(&router).await;
    let stranger = instance.provider().await;
    let entry = stranger.add_with(router.address(), "api", "guess 0").await;
    stranger.until_router(&entry, |router| router["state"] == "down").await;
    let mut guesses = 1;
    loop {
        let body = json!({ "password": format!("guess {guesses}") });
        assert_eq!(stranger.client.patch(&entry.path(""), &body).await.status, 200);
        let tested = test(&stranger, &entry).await;
        if codes(&tested, "error") == ["too-many-logins"] {
            break;
        }
        assert_eq!(codes(&tested, "error"), ["wrong-password"], "{tested}");
        guesses += 1;
        assert!(guesses <= 30, "he guesses for ever");
    }
    let body = json!({ "password": "secret" });
    assert_eq!(stranger.client.patch(&entry.path(""), &body).await.status, 200);
    fails_with(&stranger, &entry, "too-many-logins").await;
    // The owner is not kept away from what is his.
    router.reset();
    assert_eq!(codes(&test(&owner, &known).await, "error"), [""; 0]);
}

#[tokio::test]
async fn a_router_may_be_known_by_a_host_name() {
    let (instance, provider) = provider().await;
    let router = router_at("127.0.0.1", "7.18").await;
    let add = async |provider: &Provider, address: &str| {
        let body = json!({ "name": format!("router {address}"), "address": address, "port": router.address().port(),
            "username": "api", "password": "secret" });
        provider.client.post("/api/v1/routers", &body).await
    };
    assert_eq!(add(&provider, "10.0.0.256").await.status, 422);
    let added = add(&provider, "LocalHost.").await;
    assert_eq!(added.json()["address"], "localhost", "{added:?}");
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let known = Known { id, token: added.json()["webhookToken"].as_str().unwrap().to_owned() };
    provider.until_router(&known, |router| router["state"] == "up").await;
    // It speaks with its token, and never for its address alone.
    let hook = format!("/api/v1/webhooks/ppp?user=ana&status=up&router={}", known.id);
    assert_eq!(instance.stranger().get(&hook).await.status, 401);
    assert_eq!(instance.stranger().get(&format!("{hook}&token={}", known.token)).await.status, 204);

    let body = json!({ "address": "nowhere.invalid", "password": "secret" });
    assert_eq!(provider.client.patch(&known.path(""), &body).await.status, 200);
    fails_with(&provider, &known, "name-unresolved").await;
}

#[tokio::test]
async fn a_name_that_leads_to_this_server_is_refused_at_each_connect() {
    let instance = office_with(|config| config.network.allow_loopback = false).await;
    let provider = instance.provider().await;
    let body = json!({ "name": "trick", "address": "localhost", "username": "api", "password": "secret" });
    let added = provider.client.post("/api/v1/routers", &body).await;
    assert_eq!(added.status, 201, "{added:?}");
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let known = Known { id, token: String::new() };
    let refused =
        |router: &Value| router["reason"].as_str().is_some_and(|why| why.contains("is this server"));
    provider.until_router(&known, refused).await;
}

#[tokio::test]
async fn a_group_that_may_not_write_is_a_warning() {
    let (_office, provider) = provider().await;
    let router = router_at("127.3.0.2", "7.18").await;
    router.add("user/group", &[("name", "look"), ("policy", "read,api")]).unwrap();
    router.add("user", &[("name", "look"), ("group", "look"), ("password", "x")]).unwrap();
    let known = provider.add_with(router.address(), "look", "x").await;
    let tested = test(&provider, &known).await;
    assert_eq!((tested["ok"].as_bool(), codes(&tested, "error")), (Some(true), vec![]), "{tested}");
    assert!(codes(&tested, "warning").contains(&"missing-policy".into()), "{tested}");
}

#[tokio::test]
async fn an_address_at_which_nothing_answers_is_unreachable() {
    let (_office, provider) = provider().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.3.0.15:0".parse().unwrap()).unwrap();
    let at = socket.local_addr().unwrap();
    // Once its queue is full the system answers nobody who wants to connect.
    let full = socket.listen(1).unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) = timeout(Duration::from_millis(500), TcpStream::connect(at)).await {
        waiting.push(stream);
    }
    let known = provider.add_with(at, "api", "secret").await;
    fails_with(&provider, &known, "unreachable").await;
    drop((full, waiting));
}

#[tokio::test]
async fn an_address_list_that_leaves_us_out_and_a_service_that_is_off_are_told_apart() {
    let (_office, provider) = provider().await;
    let service = |router: &Router, values: &[(&str, &str)]| {
        let ids = router.ids("ip/service");
        let api = ids
            .into_iter()
            .find(|id| router.get("ip/service", &row_id(*id), "name").as_deref() == Some("api"));
        router.set("ip/service", api, values).unwrap();
    };
    let closed = router_at("127.3.0.3", "7.18").await;
    service(&closed, &[("address", "10.0.0.0/8")]);
    let known = provider.add(&closed).await;
    fails_with(&provider, &known, "address-restriction").await;
    service(&closed, &[("address", "10.0.0.0/8,127.0.0.0/8")]);
    let tested = test(&provider, &known).await;
    assert_eq!(
        (tested["ok"].as_bool(), codes(&tested, "warning")),
        (Some(true), vec!["no-hooks".into()]),
        "{tested}"
    );
    let off = router_at("127.3.0.4", "7.18").await;
    service(&off, &[("disabled", "yes")]);
    let known = provider.add(&off).await;
    fails_with(&provider, &known, "service-off").await;
    service(&off, &[("disabled", "no")]);
    assert_eq!(test(&provider, &known).await["ok"], true);
}

#[tokio::test]
async fn a_router_that_hangs_is_named_whether_it_was_connected_or_not() {
    let (_office, provider) = provider().await;
    let (fresh, known) = (router_at("127.3.0.5", "7.18").await, router_at("127.3.0.6", "7.18").await);
    fresh.hang(GUARD);
    let router = provider.add(&fresh).await;
    fails_with(&provider, &router, "hangs").await;
    let router = provider.watch(&known).await;
    known.hang(GUARD);
    fails_with(&provider, &router, "hangs").await;
}

#[tokio::test]
async fn device_mode_without_fetch_is_a_warning() {
    let (_office, provider) = provider().await;
    let router = router_with("127.3.0.7", "7.18", |config| config.fetch_allowed = false).await;
    let known = provider.add(&router).await;
    let tested = test(&provider, &known).await;
    assert_eq!(tested["ok"], true, "{tested}");
    assert!(codes(&tested, "warning").contains(&"device-mode-no-fetch".into()), "{tested}");
    assert_eq!(provider.router(&known).await["deviceModeFetch"], false);
}

#[tokio::test]
async fn the_login_of_old_is_refused_in_words() {
    let (_office, provider) = provider().await;
    let old = router_at("127.3.0.8", "6.42").await;
    let known = provider.add(&old).await;
    fails_with(&provider, &known, "old-login").await;
    let odd = router_with("127.3.0.9", "7.18", |config| config.login = Some(LoginForm::Challenge)).await;
    let known = provider.add(&odd).await;
    fails_with(&provider, &known, "old-login").await;
}

#[tokio::test]
async fn the_login_of_old_works_where_it_is_allowed_and_says_what_it_costs() {
    let (_office, provider) = provider().await;
    let old = router_at("127.3.0.11", "6.42").await;
    let known = provider.add(&old).await;
    fails_with(&provider, &known, "old-login").await;
    let allow = |allowed: bool| json!({ "legacyLogin": allowed });
    let patched = provider.client.patch(&known.path(""), &allow(true)).await;
    assert_eq!((patched.status, &patched.json()["legacyLogin"]), (200, &json!(true)));
    let tested = test(&provider, &known).await;
    assert_eq!(tested["ok"], true, "{tested}");
    assert!(tested["version"].as_str().unwrap().starts_with("6.42"), "{tested}");
    assert!(codes(&tested, "warning").contains(&"legacy-login".into()), "{tested}");
    provider.client.patch(&known.path(""), &allow(false)).await;
    fails_with(&provider, &known, "old-login").await;
}

#[tokio::test]
async fn a_test_does_not_wait_for_the_back_off() {
    let (_office, provider) = provider().await;
    let router = router_at("127.3.0.10", "7.18").await;
    let known = provider.add_with(router.address(), "late", "secret").await;
    // A refused login is tried again after a minute.
    provider.until_router(&known, |router| router["state"] == "down").await;
    assert_eq!(provider.router(&known).await["reason"], "wrong user name or password");
    router.add("user", &[("name", "late"), ("group", "full"), ("password", "secret")]).unwrap();
    let started = Instant::now();
    assert_eq!(test(&provider, &known).await["ok"], true);
    assert!(started.elapsed() < Duration::from_secs(50), "{:?}", started.elapsed());
    assert_eq!(provider.router(&known).await["state"], "up");
}

#[tokio::test]
async fn a_connection_that_died_unnoticed_does_not_fail_the_test() {
    let (_office, provider) = provider().await;
    let router = router_at("127.3.0.11", "7.18").await;
    let known = provider.watch(&router).await;
    for _ in 0..5 {
        router.reset();
        let tested = test(&provider, &known).await;
        assert_eq!(tested["ok"], true, "{tested}");
    }
}
