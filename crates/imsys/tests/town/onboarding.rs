//! Onboarding: what an administrator pastes, what it leaves alone, and the import of his secrets.

use crate::support::{eventually, instance, office_with, router_at, row_id};
use imsys_sim::router::Router;
use serde_json::{Value, json};

/// The administrator's own lines: quotes, dollars, backslashes, other alphabets, no line end.
const OWN: &str = ":log info \"hello $user, it's \\\"you\\\"\"\n/queue simple set [find name=\"q-$user\"] comment=\"a\\\\b é ж\"";
const PROFILES: [&str; 5] = ["default", "two words", "it's \"q\" $x", "élan\\b", "Home 10M,2M"];

/// What an administrator could change, and what must stay as it is.
const TABLES: [(&str, &[&str]); 10] = [
    ("system/identity", &["name"]),
    ("ppp/secret", &["name", "service", "password", "profile", "remote-address", "disabled", "comment"]),
    ("ppp/profile", &["name", "on-up", "on-down", "rate-limit", "address-list"]),
    ("ip/service", &["name", "port", "address", "available-from", "disabled"]),
    ("ip/firewall/filter", &["chain", "action", "src-address", "protocol", "dst-port", "comment"]),
    ("ip/firewall/address-list", &["list", "address", "comment"]),
    ("user", &["name", "group", "address", "comment", "disabled"]),
    ("user/group", &["name", "policy"]),
    ("queue/simple", &["name", "target", "comment"]),
    ("system/script", &["name", "source"]),
];

/// Every row of these tables, in words.
fn dump(router: &Router) -> Vec<String> {
    let rows = TABLES.iter().flat_map(|(path, columns)| {
        router.ids(path).into_iter().map(move |id| {
            let cells = columns.iter().map(|column| router.get(path, &row_id(id), column));
            format!("{path} {id}: {:?}", cells.collect::<Vec<_>>())
        })
    });
    rows.collect()
}

fn script_of(router: &Router, profile: &str, event: &str) -> String {
    router.get("ppp/profile", profile, event).unwrap()
}

/// A router with customers and an administrator who has scripts of his own.
async fn busy_router(address: &str, version: &str) -> Router {
    let router = router_at(address, version).await;
    for name in &PROFILES[1..] {
        router.add("ppp/profile", &[("name", name), ("on-up", OWN)]).unwrap();
    }
    let first = router.ids("ppp/profile")[0];
    router.set("ppp/profile", Some(first), &[("on-down", OWN)]).unwrap();
    let secret = |name: &str, comment: &str, profile: &str, disabled: &str| {
        let password = format!("pw-of-{}", name.len());
        let values = [
            ("name", name),
            ("comment", comment),
            ("profile", profile),
            ("disabled", disabled),
            ("password", &password),
        ];
        router.add("ppp/secret", &values).unwrap();
    };
    secret("ana", "Ana Álvarez", "default", "no");
    secret("bob", "=cmd|' /C calc'!A0", PROFILES[2], "no");
    secret("eve", "Eve", "default", "yes");
    secret("tunnel", "", "default", "no");
    let tunnel = *router.ids("ppp/secret").last().unwrap();
    router.set("ppp/secret", Some(tunnel), &[("service", "l2tp")]).unwrap();
    router
}

fn profiles_query() -> String {
    let encoded = |name: &str| name.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let profiles = PROFILES.map(|name| format!("&profiles={}", encoded(name)));
    format!("part=hooks{}", profiles.concat())
}

#[tokio::test]
async fn pasted_hooks_leave_the_administrators_lines_alone_and_the_undo_restores_them() {
    for (address, version) in [("127.2.0.1", "6.49"), ("127.2.0.2", "7.18")] {
        let router = busy_router(address, version).await;
        let instance = instance().await;
        let provider = instance.provider().await;
        let known = provider.watch(&router).await;
        let before = dump(&router);
        let hooks = provider.script(&known, &profiles_query()).await;
        router.paste(&hooks).unwrap();
        for (profile, event) in PROFILES.iter().flat_map(|profile| [(profile, "on-up"), (profile, "on-down")])
        {
            let script = script_of(&router, profile, event);
            assert_eq!(script.matches("# imsys begin").count(), 1, "{profile} {event}: {script}");
            assert!(script.contains(&known.token));
        }
        assert!(script_of(&router, "two words", "on-up").ends_with(OWN));
        let once = dump(&router);
        router.paste(&hooks).unwrap();
        assert_eq!(dump(&router), once);
        let shown = provider.client.get(&known.path("/profiles")).await.json();
        let shown = shown["items"].as_array().unwrap();
        let item = |name: &str| shown.iter().find(|item| item["name"] == name).unwrap();
        assert_eq!(item("two words")["hooked"], true);
        assert_eq!(item("Home 10M,2M")["hooked"], true);
        assert_eq!(item("two words")["hasOwnScript"], true);
        assert_eq!(item("two words")["hasOwnHook"], false);
        assert_eq!(item("default-encryption")["hooked"], false);
        router.paste(&provider.script(&known, &format!("{}&undo=true", profiles_query())).await).unwrap();
        assert_eq!(dump(&router), before);
    }
}

#[tokio::test]
async fn a_profile_whose_own_script_calls_the_webhook_is_known_as_one_that_reports() {
    let router = busy_router("127.2.0.60", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let own = |status: &str| {
        format!(
            "{OWN}\n/tool fetch url=\"http://10.0.0.1/api/v1/webhooks/ppp?user=$user&status={status}\" keep-result=no"
        )
    };
    let first = router.ids("ppp/profile")[0];
    router.set("ppp/profile", Some(first), &[("on-up", &own("up")), ("on-down", &own("down"))]).unwrap();
    let shown = provider.client.get(&known.path("/profiles")).await.json();
    let told = |name: &str| {
        let item = shown["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap();
        (item["hooked"].clone(), item["hasOwnScript"].clone(), item["hasOwnHook"].clone())
    };
    assert_eq!(told("default"), (json!(false), json!(true), json!(true)));
    assert_eq!(told("two words"), (json!(false), json!(true), json!(false)));
    let tested = provider.client.post(&known.path("/test"), &json!({})).await.json();
    let codes: Vec<_> = tested["problems"].as_array().unwrap().iter().map(|p| p["code"].clone()).collect();
    assert!(codes.contains(&json!("hooks-silent")) && !codes.contains(&json!("no-hooks")), "{codes:?}");
}

#[tokio::test]
async fn lines_before_and_after_ours_stay_byte_for_byte_and_a_new_token_replaces_the_old() {
    let router = busy_router("127.2.0.3", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    router.paste(&provider.script(&known, "part=hooks").await).unwrap();
    let ours = script_of(&router, "default", "on-up");
    let around = |block: &str| format!("{OWN}\n{block}# imsys was here\n{OWN}");
    let id = router.ids("ppp/profile")[0];
    router.set("ppp/profile", Some(id), &[("on-up", &around(&ours))]).unwrap();
    router.paste(&provider.script(&known, "part=hooks").await).unwrap();
    assert_eq!(script_of(&router, "default", "on-up"), around(&ours));
    let fresh = provider.client.post(&known.path("/rotate-token"), &json!({})).await.json();
    router.paste(&provider.script(&known, "part=hooks").await).unwrap();
    let renewed = ours.replace(&known.token, fresh["webhookToken"].as_str().unwrap());
    assert_eq!(script_of(&router, "default", "on-up"), around(&renewed));
    router.paste(&provider.script(&known, "part=hooks&undo=true").await).unwrap();
    assert_eq!(script_of(&router, "default", "on-up"), around(""));
}

#[tokio::test]
async fn a_script_that_winbox_saved_with_its_line_ends_is_found_again() {
    let router = busy_router("127.2.0.4", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let hooks = provider.script(&known, "part=hooks").await;
    router.paste(&hooks).unwrap();
    let saved = script_of(&router, "default", "on-down").replace('\n', "\r\n");
    let id = router.ids("ppp/profile")[0];
    router.set("ppp/profile", Some(id), &[("on-down", &saved)]).unwrap();
    router.paste(&hooks).unwrap();
    let script = script_of(&router, "default", "on-down");
    assert_eq!(script.matches("# imsys begin").count(), 1, "{script}");
    router.paste(&provider.script(&known, "part=hooks&undo=true").await).unwrap();
    assert_eq!(script_of(&router, "default", "on-down"), OWN.replace('\n', "\r\n"));
}

#[tokio::test]
async fn user_group_and_firewall_are_made_once_and_taken_back() {
    for (address, version) in [("127.2.0.5", "6.49"), ("127.2.0.6", "7.24")] {
        let router = busy_router(address, version).await;
        let instance = instance().await;
        let provider = instance.provider().await;
        let known = provider.add_with(router.address(), "imsys", "p\"w $x\\d").await;
        let before = dump(&router);
        for _ in 0..2 {
            for part in ["user", "firewall"] {
                router.paste(&provider.script(&known, &format!("part={part}")).await).unwrap();
            }
        }
        assert_eq!(router.get("user", "imsys", "address").as_deref(), Some("127.0.0.1/32"));
        assert_eq!(dump(&router).len(), before.len() + 3);
        let tested = provider.client.post(&known.path("/test"), &json!({})).await.json();
        assert_eq!(tested["ok"], true, "{tested}");
        for part in ["firewall", "user"] {
            router.paste(&provider.script(&known, &format!("part={part}&undo=true")).await).unwrap();
        }
        assert_eq!(dump(&router), before);
    }
}

#[tokio::test]
async fn a_script_says_what_it_needs_until_somebody_has_told() {
    let instance = office_with(|config| config.network.server_address.clear()).await;
    let provider = instance.provider().await;
    let known = provider.dark("10.66.0.1").await;
    let script = async |part: &str| {
        provider.client.get(&known.path(&format!("/script?part={part}&profiles=default"))).await.text
    };
    let way = async || provider.client.get(&known.path("/way-back")).await.json();
    // The server knows itself by its loopback address alone, which would lead a router to itself.
    assert_eq!(way().await, json!({ "webhookUrl": null, "serverAddress": null }));
    for part in ["hooks", "firewall"] {
        let text = script(part).await;
        assert!(text.starts_with("# Set the ") && text.lines().count() == 1, "{text}");
    }
    let set = async |change: Value| provider.client.patch("/api/v1/settings", &change).await;
    for (field, value) in [
        ("webhookUrl", "10.255.0.1"),
        ("webhookUrl", "http://a/b"),
        ("serverAddress", "tower"),
        ("serverAddress", "224.0.0.1"),
        ("webhookUrl", "http://x:99999"),
    ] {
        let refused = set(json!({ field: value })).await;
        assert!(refused.status == 422 && refused.text.contains(field), "{refused:?}");
    }
    let told = json!({ "webhookUrl": "http://10.255.0.1:8080/", "serverAddress": "10.255.0.1" });
    assert_eq!(set(told).await.status, 200);
    assert_eq!(way().await, json!({ "webhookUrl": "http://10.255.0.1:8080", "serverAddress": "10.255.0.1" }));
    assert!(script("hooks").await.contains("http://10.255.0.1:8080/api/v1/webhooks/ppp"));
    assert!(script("firewall").await.contains("src-address=10.255.0.1"));
    assert!(script("user").await.contains("10.255.0.1/32"));
    assert_eq!(set(json!({ "webhookUrl": "", "serverAddress": "" })).await.status, 200);
    assert_eq!(way().await["webhookUrl"], Value::Null);
}

#[tokio::test]
async fn after_one_paste_and_an_import_a_customer_who_dials_in_is_shown_online() {
    let router = busy_router("127.2.0.7", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.add_with(router.address(), "imsys", "long enough").await;
    // The first attempt is over, which came before its user was there: a test would share its answer.
    provider.until_router(&known, |router| router["state"] == "down").await;
    router.paste(&provider.script(&known, "").await).unwrap();
    let tested = provider.client.post(&known.path("/test"), &json!({})).await.json();
    assert_eq!((&tested["ok"], &tested["identity"]), (&json!(true), &json!("sim")), "{tested}");
    assert!(
        tested["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == "hooks-silent"),
        "{tested}"
    );
    let imported = provider.client.post(&known.path("/import"), &json!({})).await.json();
    let ana = imported["rows"][0]["serviceId"].as_str().unwrap().to_owned();
    provider.until_status(&ana, "offline").await;
    router.dial("ana", "02:5D:00:00:00:01").unwrap();
    provider.until_status(&ana, "online").await;
    eventually(|| async { provider.router(&known).await["hooks"]["received24h"] == 1 }).await;
    assert_eq!(provider.service(&ana).await["isOnline"], true);
    let tested = provider.client.post(&known.path("/test"), &json!({})).await.json();
    assert!(
        !tested["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == "hooks-silent"),
        "{tested}"
    );
}

fn row<'a>(imported: &'a Value, username: &str) -> &'a Value {
    imported["rows"].as_array().unwrap().iter().find(|row| row["username"] == username).unwrap()
}

#[tokio::test]
async fn an_import_does_what_its_dry_run_said_once_and_leaves_the_router_alone() {
    let router = busy_router("127.2.0.8", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let before = dump(&router);
    let import = async |query: &str| {
        provider.client.post(&known.path(&format!("/import?{query}")), &json!({})).await.json()
    };
    let planned = import("dryRun=true&customers=create").await;
    assert_eq!((&planned["created"], &planned["skipped"]), (&json!(3), &json!(1)), "{planned}");
    assert_eq!(provider.statuses(&known).await.len(), 0);
    let done = import("customers=create").await;
    for username in ["ana", "bob", "eve", "tunnel"] {
        for field in ["action", "reason", "name", "profile", "disabled"] {
            assert_eq!(row(&done, username)[field], row(&planned, username)[field], "{username} {field}");
        }
    }
    let again = import("customers=create").await;
    assert_eq!((&again["created"], &again["updated"], &again["skipped"]), (&json!(0), &json!(0), &json!(4)));
    let service = provider.service(row(&done, "ana")["serviceId"].as_str().unwrap()).await;
    assert_eq!((&service["customerName"], &service["suspended"]), (&json!("Ana Álvarez"), &json!(false)));
    let eve = row(&done, "eve")["serviceId"].as_str().unwrap();
    assert_eq!(provider.service(eve).await["suspended"], true);
    let secret = router.ids("ppp/secret")[2];
    router.set("ppp/secret", Some(secret), &[("disabled", "no")]).unwrap();
    assert_eq!(import("").await["updated"], 1);
    assert_eq!(provider.service(eve).await["suspended"], false);
    router.set("ppp/secret", Some(secret), &[("disabled", "yes")]).unwrap();
    provider.client.post(&known.path("/test"), &json!({})).await;
    provider.client.post(&known.path("/sweep"), &json!({})).await;
    provider.until_all(&known, "offline", "online").await;
    assert_eq!(dump(&router), before);
}

#[tokio::test]
async fn profiles_become_plans_and_only_what_is_ticked_is_imported() {
    let router = busy_router("127.2.0.10", "7.18").await;
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let plan = json!({ "name": "Home", "price": { "minor": 100, "currency": "USD" }, "period": "month" });
    let plan = provider.client.post("/api/v1/plans", &plan).await.json()["id"].clone();
    let import = async |query: &str, body: Value| {
        provider.client.post(&known.path(&format!("/import?{query}")), &body).await
    };
    let asked = import("dryRun=true", Value::Null).await.json();
    let profile = row(&asked, "ana")["profile"].as_str().unwrap().to_owned();
    let of = |asked: &Value| {
        let profiles = asked["profiles"].as_array().unwrap();
        profiles.iter().find(|one| one["profile"] == profile.as_str()).unwrap().clone()
    };
    assert_eq!(of(&asked)["planId"], Value::Null, "{asked}");
    let nobodys = import("dryRun=true", json!({ "plans": { &profile: known.id } })).await;
    assert_eq!((nobodys.status, nobodys.json()["errors"][0]["field"].clone()), (422, json!("plans")));
    let choice = json!({ "plans": { &profile: plan }, "usernames": ["ana"] });
    let tried = import("dryRun=true", choice.clone()).await.json();
    assert_eq!((&row(&tried, "ana")["planName"], &tried["created"]), (&json!("Home"), &json!(1)), "{tried}");
    assert_eq!(row(&tried, "bob")["reason"], "not chosen");
    let again = import("dryRun=true", Value::Null).await.json();
    assert_eq!(of(&again)["planId"], Value::Null, "a dry run remembers nothing");
    let done = import("", choice).await.json();
    assert_eq!((&done["created"], &done["skipped"]), (&json!(1), &json!(3)), "{done}");
    let ana = provider.service(row(&done, "ana")["serviceId"].as_str().unwrap()).await;
    assert_eq!(ana["planName"], "Home");
    let later = import("dryRun=true", Value::Null).await.json();
    assert_eq!(of(&later)["planId"], plan, "it is remembered");
    let log = provider.client.get("/api/v1/audit?q=services.import").await.json();
    assert_eq!(log["total"], 1, "{log}");
    let path = format!("/api/v1/services/{}", ana["id"].as_str().unwrap());
    assert_eq!(provider.client.send("DELETE", path.as_bytes(), "", b"").await.status, 204);
    let back = import("dryRun=true", Value::Null).await.json();
    assert_eq!((&row(&back, "ana")["action"], &row(&back, "ana")["serviceId"]), (&json!("skip"), &ana["id"]));
}

#[tokio::test]
async fn no_password_is_told_by_the_api_exported_or_kept_as_it_is() {
    let router = busy_router("127.2.0.9", "7.18").await;
    router.add("user", &[("name", "keeper"), ("group", "full"), ("password", "Tr0ub4dor-API")]).unwrap();
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.add_with(router.address(), "keeper", "Tr0ub4dor-API").await;
    provider.until_router(&known, |router| router["state"] == "up").await;
    provider.client.post(&known.path("/import?customers=create"), &json!({})).await;
    for path in [
        "/api/v1/routers",
        "/api/v1/services",
        "/api/v1/customers",
        "/api/v1/services/export",
        "/api/v1/customers/export",
        "/api/v1/plans/export",
        "/api/v1/sessions/export",
        "/api/v1/audit",
        "/api/v1/overview",
    ] {
        let answer = provider.client.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!holds_secret(&known.token, answer.text.as_bytes()), "{path}");
    }
    let one = provider.client.get(&known.path("")).await;
    assert!(!holds_secret(&known.token, one.text.as_bytes()));
    let csv = provider.client.get("/api/v1/services/export").await.text;
    assert!(csv.contains("ana") && !csv.contains(",=cmd"), "{csv}");
    for file in ["imsys.db", "imsys.db-wal"] {
        if let Ok(bytes) = std::fs::read(instance.folder.path().join(file)) {
            assert!(!holds_secret(&known.token, &bytes), "{file}");
        }
    }
}

/// Whether any secret of these tests stands there as it is: of customers, of the API user, of webhooks.
fn holds_secret(token: &str, bytes: &[u8]) -> bool {
    let secrets = ["pw-of-3", "pw-of-6", "Tr0ub4dor-API", token];
    secrets.iter().any(|secret| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()))
}
