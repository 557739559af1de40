//! Devices over the API: forms, what may be added, and who may see it.

use crate::support::{Client, Instance, house_with, instance, until};
use imsys_domain::access::Role;
use imsys_domain::device::{Finding, Report};
use imsys_store::Actor;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/devices";

async fn created(client: &mut Client, body: Value) -> Value {
    let answer = client.post(PATH, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn item(device: &Value) -> String {
    format!("{PATH}/{}", device["id"].as_str().unwrap())
}

/// A router that nobody is sent to: a device behind it stays unknown.
async fn router(client: &mut Client) -> String {
    let body = json!({ "name": "r1", "address": "127.9.9.9", "username": "api", "password": "geheim" });
    let answer = client.post("/api/v1/routers", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn on_loopback() -> Instance {
    house_with(|config| config.network.allow_loopback = true).await
}

fn wrong_fields(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().unwrap().iter();
    errors.map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_address_of_a_device_is_needed() {
    let instance = on_loopback().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Technician).await;
    let router = router(&mut client).await;
    let direct = created(&mut client, json!({ "address": "127.0.0.2" })).await;
    let expected = json!({
        "name": "127.0.0.2", "address": "127.0.0.2", "routerId": null, "reach": "direct", "mode": "ping",
        "watched": false, "status": "unknown", "reason": "never-asked", "latencyMs": null, "lossPct": null,
        "checkedAt": null, "archived": false, "archivedAt": null,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&direct[name], value, "{name}");
    }
    let behind = json!({ "address": "192.168.1.20", "routerId": router, "name": "Roof", "watched": true });
    let behind = created(&mut client, behind).await;
    assert_eq!((&behind["reach"], &behind["routerId"]), (&json!("router"), &json!(router)));
    let moved =
        client.patch(&item(&behind), json!({ "routerId": null, "address": "127.0.0.3" })).await.json();
    assert_eq!(
        (&moved["reach"], &moved["name"], &moved["watched"]),
        (&json!("direct"), &json!("Roof"), &json!(true))
    );
    let list = client.get(&format!("{PATH}?q=roof&sort=-since")).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &behind["id"]));
    let stale = client.clone().with("if-match", "\"1\"").patch(&item(&behind), json!({ "name": "x" })).await;
    assert_eq!((stale.status, stale.code().as_str()), (409, "stale"));
    assert_eq!(client.get(&format!("{}/outages", item(&behind))).await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_address_of_a_device_is_refused_with_its_field() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let before = [
        "127.0.0.2",
        "::1",
        "169.254.169.254",
        "224.0.0.1",
        "0.0.0.0",
        "100.100.100.200",
        "roof",
        "",
        "10.0.0.0/8",
    ];
    for address in before {
        let answer = client.post(PATH, json!({ "address": address })).await;
        assert_eq!((answer.status, wrong_fields(&answer.json())), (422, vec!["address".into()]), "{address}");
    }
    let reach = client.post(PATH, json!({ "address": "192.0.2.9", "reach": "router" })).await;
    assert_eq!((reach.status, wrong_fields(&reach.json())), (422, vec!["reach".into()]));
    let nowhere = json!({ "address": "192.168.1.20", "routerId": uuid::Uuid::nil() });
    let nowhere = client.post(PATH, nowhere).await;
    assert_eq!((nowhere.status, wrong_fields(&nowhere.json())), (422, vec!["routerId".into()]));
    assert_eq!(client.post(PATH, json!({ "address": "192.0.2.9", "snmp": {} })).await.status, 422);
    assert_eq!(client.get(PATH).await.json()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_added_once_behind_each_router() {
    let instance = on_loopback().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = router(&mut client).await;
    let body = json!({ "address": "127.0.0.4" });
    let first = created(&mut client, body.clone()).await;
    assert_eq!(client.post(PATH, body.clone()).await.status, 409);
    let mapped = client.post(PATH, json!({ "address": "::ffff:127.0.0.4" })).await;
    assert_eq!(mapped.status, 409, "it is the same address");
    created(&mut client, json!({ "address": "10.0.0.4", "routerId": router })).await;
    assert_eq!(client.delete(&item(&first)).await.status, 204);
    assert_eq!(client.patch(&item(&first), json!({ "name": "x" })).await.code(), "archived");
    created(&mut client, body).await;
    let back = client.post(&format!("{}/restore", item(&first)), json!({})).await;
    assert_eq!(back.status, 409, "its place is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn technicians_add_devices_and_nobody_elses_are_seen() {
    let instance = on_loopback().await;
    let (lake, hill) = (instance.tenant("Lake").await, instance.tenant("Hill").await);
    let mut technician = instance.program(lake, Role::Technician).await;
    let device = created(&mut technician, json!({ "address": "127.0.0.5" })).await;
    let mut support = instance.program(lake, Role::Support).await;
    assert_eq!(support.get(&item(&device)).await.status, 200);
    assert_eq!(support.patch(&item(&device), json!({ "name": "x" })).await.status, 403);
    let mut stranger = instance.program(hill, Role::Admin).await;
    for path in [item(&device), format!("{}/outages", item(&device))] {
        assert_eq!(stranger.get(&path).await.status, 404);
    }
    assert_eq!(stranger.patch(&item(&device), json!({ "name": "x" })).await.status, 404);
    assert_eq!(stranger.delete(&item(&device)).await.status, 404);
    let theirs = router(&mut technician).await;
    let spy = stranger.post(PATH, json!({ "address": "192.168.1.1", "routerId": theirs })).await;
    assert_eq!((spy.status, wrong_fields(&spy.json())), (422, vec!["routerId".into()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_report_says_is_shown() {
    let instance = house_with(|config| {
        config.network.allow_loopback = true;
        config.doctor.interval_seconds = 3600;
    });
    let instance = instance.await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = router(&mut client).await;
    let device = created(&mut client, json!({ "address": "192.168.1.20", "routerId": router })).await;
    let path = item(&device);
    // Nobody reaches its router. That is told once, and then there is an hour.
    until(async || {
        let shown = client.clone().get(&path).await.json();
        (shown["reason"] == "router-away").then_some(())
    })
    .await;
    let store = instance.app.store.tenant(tenant, Actor::system(instance.now()));
    let id = device["id"].as_str().unwrap().parse().unwrap();
    let place = store.device(id).await.unwrap().data.place();
    let found = |finding| vec![Report { device: id, place, at: instance.now(), finding }];
    store.device_reports(found(Finding::Down)).await.unwrap();
    instance.pass(90);
    store.device_reports(found(Finding::Up { latency_us: Some(1_250), loss: 33 })).await.unwrap();
    let shown = client.get(&path).await.json();
    let figures = (&shown["status"], &shown["latencyMs"], &shown["lossPct"], &shown["reason"]);
    assert_eq!(figures, (&json!("up"), &json!(1.25), &json!(33), &Value::Null));
    let outages = client.get(&format!("{path}/outages")).await.json();
    assert_eq!((&outages[0]["reason"], &outages[0]["seconds"]), (&json!("no-answer"), &json!(90)));
}
