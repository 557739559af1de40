//! What is archived says so, is looked at and restored, and is changed by nobody.

use crate::support::{Client, instance};
use imsys::history;
use imsys_doctor::builtin::series::Sample;
use imsys_domain::access::Role;
use serde_json::{Value, json};

async fn made(client: &mut Client, path: &str, body: Value) -> String {
    let answer = client.post(path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("{path}/{}", answer.json()["id"].as_str().unwrap())
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn gone(client: &mut Client, path: &str) {
    let answer = client.delete(path).await;
    assert_eq!(answer.status, 204, "{path}: {}", answer.text);
    let shown = client.get(path).await.json();
    assert_eq!((&shown["archived"], shown["archivedAt"].is_string()), (&json!(true), true), "{path}");
    let changed = client.patch(path, json!({})).await;
    assert_eq!((changed.status, changed.code().as_str()), (409, "archived"), "{path}");
    assert_eq!(client.delete(path).await.code(), "archived", "{path}");
}

async fn back(client: &mut Client, path: &str) {
    let answer = client.post(&format!("{path}/restore"), json!({})).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    let shown = client.get(path).await.json();
    assert_eq!((&shown["archived"], &shown["archivedAt"]), (&json!(false), &Value::Null), "{path}");
    assert_eq!(client.post(&format!("{path}/restore"), json!({})).await.status, 409, "{path}");
}

async fn listed(client: &mut Client, path: &str, archived: bool) -> Vec<String> {
    let list = client.get(&format!("{path}?archived={archived}")).await.json();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| format!("{path}/{}", item["id"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_archived_says_so_and_comes_back() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = made(&mut client, "/api/v1/routers", router).await;
    let customer = made(&mut client, "/api/v1/customers", json!({ "name": "Ana" })).await;
    let price = json!({ "minor": 2500, "currency": "KES" });
    let plan = json!({ "name": "Home", "price": price, "period": "month" });
    let plan = made(&mut client, "/api/v1/plans", plan).await;
    let service = json!({ "kind": "pppoe", "username": "ana", "routerId": id(&router),
        "customerId": id(&customer), "planId": id(&plan) });
    let service = made(&mut client, "/api/v1/services", service).await;
    gone(&mut client, &service).await;
    assert_eq!(client.get(&format!("{service}/diagnosis")).await.code(), "archived");
    assert_eq!(client.post(&format!("{service}/live-check"), json!({})).await.code(), "archived");
    // What is archived at one moment with its router comes back with it.
    instance.pass(60);
    for path in [&customer, &plan, &router] {
        gone(&mut client, path).await;
        let list = path.rsplit_once('/').unwrap().0;
        assert_eq!(listed(&mut client, list, false).await, Vec::<String>::new());
        assert_eq!(listed(&mut client, list, true).await, std::slice::from_ref(path));
    }
    let early = client.post(&format!("{service}/restore"), json!({})).await;
    assert_eq!(early.status, 409);
    assert!(early.text.contains("restore the router first"), "{}", early.text);
    back(&mut client, &router).await;
    back(&mut client, &service).await;
    for path in [&customer, &plan] {
        assert_eq!(client.get(path).await.json()["archived"], false, "they come back with the service");
    }
    gone(&mut client, &service).await;
    gone(&mut client, &customer).await;
    back(&mut client, &customer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_router_takes_the_webhooks_that_it_was_set_up_for() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let added = client.post("/api/v1/routers", router).await.json();
    let path = format!("/api/v1/routers/{}", added["id"].as_str().unwrap());
    let service = json!({ "kind": "pppoe", "username": "ana", "routerId": added["id"] });
    let service = made(&mut client, "/api/v1/services", service).await;
    let hook =
        format!("/api/v1/webhooks/ppp?user=ana&status=up&token={}", added["webhookToken"].as_str().unwrap());
    gone(&mut client, &path).await;
    assert_eq!(instance.stranger().get(&hook).await.status, 401);
    let unknown = client.get(&format!("{path}/unknown-users")).await;
    assert_eq!(unknown.code(), "archived");
    back(&mut client, &path).await;
    assert_eq!(client.get(&service).await.json()["archived"], false, "it went with its router");
    assert_eq!(instance.stranger().get(&hook).await.status, 204);
    assert_eq!(client.get(&service).await.json()["status"], "online");
    gone(&mut client, &service).await;
    assert_eq!(instance.stranger().get(&hook).await.status, 204);
    let unknown = client.get(&format!("{path}/unknown-users")).await.json();
    assert_eq!(unknown["items"][0]["archivedServiceId"], id(&service), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_customers_history_takes_what_his_services_carried() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = made(&mut client, "/api/v1/routers", router).await;
    let mut services = Vec::new();
    for name in ["ana", "bea"] {
        let customer = made(&mut client, "/api/v1/customers", json!({ "name": name })).await;
        let service = json!({ "kind": "pppoe", "username": name, "routerId": id(&router), "customerId": id(&customer) });
        services.push((customer, made(&mut client, "/api/v1/services", service).await));
    }
    let now = instance.now();
    let carried = |service: &str| {
        let key = history::key(tenant, id(service).parse().unwrap(), "bytes", "down");
        Sample { key, at: now, value: 5_000.0 }
    };
    let samples: Vec<_> = services.iter().map(|(_, service)| carried(service)).collect();
    instance.app.history.append(samples.into(), now).await.unwrap();
    let erased = client.post(&format!("{}/erase-history", services[0].0), json!({})).await;
    assert_eq!(erased.status, 200, "{}", erased.text);
    for ((_, service), left) in services.iter().zip([0.0, 5_000.0]) {
        let usage = client.get(&format!("{service}/usage")).await.json();
        assert_eq!(usage["total"]["down"], json!(left), "{usage}");
    }
}
