//! The first minutes of an installation: no default password, one link.

use crate::support::{Answer, Client, instance};
use imsys::tenants::links;
use serde_json::{Value, json};

fn setup(token: &str, email: &str) -> Value {
    let name = email.split('@').next().unwrap();
    json!({ "token": token, "name": name, "email": email, "password": "a long sentence", "tenantName": "Lake ISP" })
}

/// The same into a tenant that is there already.
fn joining(token: &str, email: &str) -> Value {
    json!({ "token": token, "name": "Eve", "email": email, "password": "a long sentence" })
}

fn token(link: &str) -> &str {
    link.split_once("/setup#").unwrap().1
}

async fn look(client: &Client, token: &str) -> Answer {
    client.clone().with("x-imsys-link", token).get("/api/v1/setup").await
}

async fn kind(client: &mut Client, token: &str) -> Value {
    look(client, token).await.json()["kind"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_link_makes_one_tenant_and_one_person_once() {
    let instance = instance().await;
    let link = links::first_run(&instance.app).await.unwrap().unwrap();
    assert!(link.starts_with(&format!("http://{}/setup#", instance.at)), "{link}");
    let mut browser = instance.stranger();
    assert_eq!(kind(&mut browser, token(&link)).await, "first");
    let made = browser.post("/api/v1/setup", setup(token(&link), "ana@example.net")).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["user"]["platform"], true);
    assert_eq!(made.json()["role"], "admin");
    assert_eq!(browser.get("/api/v1/session").await.status, 200);
    let again = instance.stranger().post("/api/v1/setup", setup(token(&link), "ben@example.net")).await;
    assert_eq!((again.status, again.code().as_str()), (404, "link-expired"));
    assert_eq!(links::first_run(&instance.app).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_earlier_starts_end_with_the_first_set_up() {
    let instance = instance().await;
    let first = links::first_run(&instance.app).await.unwrap().unwrap();
    let second = links::first_run(&instance.app).await.unwrap().unwrap();
    let mut browser = instance.stranger();
    assert_eq!(browser.post("/api/v1/setup", setup(token(&first), "ana@example.net")).await.status, 201);
    assert_eq!(browser.post("/api/v1/setup", setup(token(&second), "eve@example.net")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_take_a_link_at_once_exactly_one_succeeds() {
    let instance = instance().await;
    let link = links::first_run(&instance.app).await.unwrap().unwrap();
    let tries = (0..8).map(|n| {
        let (mut client, body) = (instance.stranger(), setup(token(&link), &format!("p{n}@example.net")));
        async move { client.post("/api/v1/setup", body).await.status }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404, 404, 404, 404, 404, 404, 404]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_link_works_for_a_week_and_the_operators_until_it_is_used() {
    let instance = instance().await;
    let operators = links::first_run(&instance.app).await.unwrap().unwrap();
    let tenant = instance.tenant("Lake").await;
    let link = links::into_tenant(&instance.app, tenant, "a test").await.unwrap();
    instance.pass(7 * 86_400);
    let mut browser = instance.stranger();
    assert_eq!(look(&browser, token(&link)).await.code(), "link-expired");
    assert_eq!(browser.post("/api/v1/setup", joining(token(&link), "ana@example.net")).await.status, 404);
    instance.pass(5 * 365 * 86_400);
    assert_eq!(kind(&mut browser, token(&operators)).await, "first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_link_that_is_taken_first_makes_no_platform_admin_and_leaves_the_operators_link() {
    let instance = instance().await;
    let operators = links::first_run(&instance.app).await.unwrap().unwrap();
    let tenant = instance.tenant("Lake").await;
    let link = links::into_tenant(&instance.app, tenant, "a test").await.unwrap();
    let early = instance.stranger().post("/api/v1/setup", joining(token(&link), "eve@example.net")).await;
    assert_eq!((early.status, &early.json()["user"]["platform"]), (201, &json!(false)));
    assert!(links::first_run(&instance.app).await.unwrap().is_some(), "a restart still prints one");
    let operator =
        instance.stranger().post("/api/v1/setup", setup(token(&operators), "ana@example.net")).await;
    assert_eq!((operator.status, &operator.json()["user"]["platform"]), (201, &json!(true)));
    assert_eq!(links::first_run(&instance.app).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_refused_and_the_link_still_works() {
    let instance = instance().await;
    let link = links::first_run(&instance.app).await.unwrap().unwrap();
    let mut browser = instance.stranger();
    for weak in ["eleven char", "aaaaaaaaaaaaaa", "123456789012", "Password1234", "ana@example.net"] {
        let mut body = setup(token(&link), "ana@example.net");
        body["password"] = json!(weak);
        let refused = browser.post("/api/v1/setup", body).await;
        assert_eq!(
            (refused.status, &refused.json()["errors"][0]["field"]),
            (422, &json!("password")),
            "{weak}"
        );
    }
    assert_eq!(browser.post("/api/v1/setup", setup(token(&link), "ana@example.net")).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_said_of_all_fields_at_once_and_leaves_the_link_as_it_is() {
    let instance = instance().await;
    let link = links::first_run(&instance.app).await.unwrap().unwrap();
    let mut browser = instance.stranger();
    let empty = json!({ "token": token(&link), "name": " ", "email": "ana", "password": "short" });
    let refused = browser.post("/api/v1/setup", empty).await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "invalid"));
    let errors = refused.json()["errors"].clone();
    let fields: Vec<&str> = errors.as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "email", "password", "tenantName"]);
    assert_eq!(browser.post("/api/v1/setup", setup(token(&link), "ana@example.net")).await.status, 201);
}
