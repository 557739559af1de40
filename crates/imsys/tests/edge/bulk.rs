//! One act on many services: each is done or left with its reason, one line in the log stands for all, and it is undone.

use crate::support::{Client, Instance, instance};
use imsys_domain::access::Role;
use serde_json::{Value, json};

async fn made(client: &mut Client, path: &str, body: Value) -> Value {
    let answer = client.post(path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].clone()
}

struct Provider {
    client: Client,
    instance: Instance,
    router: Value,
    plan: Value,
}

async fn provider() -> Provider {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let mut client = instance.program(tenant, Role::Admin).await;
    let router = json!({ "name": "r1", "address": "10.9.9.9", "username": "api", "password": "geheim" });
    let router = made(&mut client, "/api/v1/routers", router).await;
    let price = json!({ "minor": 2500, "currency": "KES" });
    let plan = json!({ "name": "Home", "price": price, "period": "month" });
    let plan = made(&mut client, "/api/v1/plans", plan).await;
    Provider { client, instance, router, plan }
}

impl Provider {
    async fn service(&mut self, name: &str) -> Value {
        let service = json!({ "kind": "pppoe", "username": name, "routerId": self.router });
        made(&mut self.client, "/api/v1/services", service).await
    }

    async fn shown(&mut self, id: &Value) -> Value {
        self.client.get(&format!("/api/v1/services/{}", id.as_str().unwrap())).await.json()
    }

    async fn bulk(&mut self, body: Value) -> Value {
        let answer = self.client.post("/api/v1/services/bulk", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn undo(&mut self, done: &Value) -> Value {
        let path = format!("/api/v1/services/bulk/{}/undo", done["id"].as_str().unwrap());
        let answer = self.client.post(&path, json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_services_get_a_plan_move_and_are_archived_each_with_an_undo() {
    let mut provider = provider().await;
    let (ana, bob) = (provider.service("ana").await, provider.service("bob").await);
    let other = json!({ "name": "r2", "address": "10.9.9.8", "username": "api", "password": "geheim" });
    let other = made(&mut provider.client, "/api/v1/routers", other).await;
    let taken = json!({ "kind": "pppoe", "username": "bob", "routerId": other });
    made(&mut provider.client, "/api/v1/services", taken).await;
    let ids = json!([ana, bob, ana]);

    let set = provider.bulk(json!({ "ids": ids, "action": "plan", "planId": provider.plan })).await;
    assert_eq!((&set["changed"], &set["left"]), (&json!(2), &json!([])), "{set}");
    assert_eq!(provider.shown(&bob).await["planName"], "Home");

    let moved = provider.bulk(json!({ "ids": ids, "action": "move", "routerId": other })).await;
    assert_eq!((&moved["changed"], &moved["left"][0]["name"]), (&json!(1), &json!("bob")), "{moved}");
    assert_eq!(moved["left"][0]["code"], "exists");
    assert!(moved["left"][0]["reason"].as_str().unwrap().contains("this username"), "{moved}");
    assert_eq!(provider.shown(&ana).await["routerName"], "r2");

    let gone = provider.bulk(json!({ "ids": ids, "action": "archive" })).await;
    assert_eq!(provider.shown(&ana).await["archived"], true);
    let back = provider.undo(&gone).await;
    assert_eq!((&back["changed"], &provider.shown(&ana).await["archived"]), (&json!(2), &json!(false)));

    let home = provider.undo(&moved).await;
    assert_eq!(home["left"][0]["code"], "stale", "ana was archived and restored since: {home}");
    let none = provider.bulk(json!({ "ids": ids, "action": "plan", "planId": null })).await;
    assert_eq!(none["changed"], 2);
    let set = provider.undo(&none).await;
    assert_eq!((&set["changed"], &provider.shown(&ana).await["planName"]), (&json!(2), &json!("Home")));

    let log = provider.client.get("/api/v1/audit?q=services").await.json();
    let lines: Vec<_> =
        log["items"].as_array().unwrap().iter().filter_map(|line| line["action"].as_str()).collect();
    let expected = [
        "services.undo",
        "services.plan",
        "services.undo",
        "services.archive",
        "services.move",
        "services.plan",
    ];
    assert_eq!(lines, expected);
    let path = format!("/api/v1/audit/bulk/{}?limit=1", moved["id"].as_str().unwrap());
    let rows = provider.client.get(&path).await.json();
    assert_eq!(rows["items"][0]["detail"], r#"{"router":["r1","r2"],"service":"ana"}"#, "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_makes_no_sense_is_refused_whole() {
    let mut provider = provider().await;
    let ana = provider.service("ana").await;
    let many: Vec<_> = (0..1001).map(|_| ana.clone()).collect();
    for (body, field) in [
        (json!({ "ids": [], "action": "archive" }), "ids"),
        (json!({ "ids": many, "action": "archive" }), "ids"),
        (json!({ "ids": [ana], "action": "plan" }), "planId"),
        (json!({ "ids": [ana], "action": "move" }), "routerId"),
        (json!({ "ids": [ana], "action": "archive", "planId": null }), "planId"),
        (json!({ "ids": [ana], "action": "plan", "planId": provider.router }), "planId"),
        (json!({ "ids": [ana], "action": "move", "routerId": provider.plan }), "routerId"),
    ] {
        let refused = provider.client.post("/api/v1/services/bulk", body.clone()).await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!(field)), "{body}");
    }
    let nobody = json!({ "ids": [provider.plan], "action": "archive" });
    let left = provider.bulk(nobody).await;
    assert_eq!((&left["id"], &left["changed"]), (&Value::Null, &json!(0)), "{left}");
    assert_eq!((&left["left"][0]["id"], &left["left"][0]["code"]), (&Value::Null, &json!("not-found")));
    let support = provider.instance.tenant("Hill").await;
    let mut reader = provider.instance.program(support, Role::ReadOnly).await;
    let forbidden = reader.post("/api/v1/services/bulk", json!({ "ids": [ana], "action": "archive" })).await;
    assert_eq!(forbidden.status, 403);
}
