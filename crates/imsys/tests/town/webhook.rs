//! Webhooks: who may speak, what is understood, and what it changes.

use crate::support::{
    Answer, Client, GUARD, Instance, Known, Provider, eventually, instance, office_with, router_at,
    router_with,
};
use imsys_domain::presence::{Endpoint, Observation};
use imsys_sim::router::{Cause, WebhookFaults};
use imsys_store::Actor;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

const HOOK: &str = "/api/v1/webhooks/ppp";

/// The five lines of a router with our script.
async fn report(client: &Client, router: &Known, body: &[u8]) -> Answer {
    client
        .clone()
        .with("X-IMSys-Token", &router.token)
        .send("POST", HOOK.as_bytes(), "text/plain", body)
        .await
}

async fn refused_24h(provider: &Provider, router: &Known) -> u64 {
    provider.router(router).await["hooks"]["refused24h"].as_u64().unwrap()
}

async fn stage(address: &str) -> (Instance, Provider, Known, String) {
    let instance = instance().await;
    let provider = instance.provider().await;
    let router = provider.dark(address).await;
    let ana = provider.serve(&router, "ana").await;
    (instance, provider, router, ana)
}

#[tokio::test]
async fn what_is_answered_204_is_in_the_file_and_in_the_api() {
    let (instance, provider, router, ana) = stage("127.1.0.1").await;
    let answer = report(&instance.stranger(), &router, b"up\nana\nAA:BB:CC:00:00:01\n10.0.0.2\n*F0").await;
    let service = provider.service(&ana).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!((service["isOnline"].as_bool(), service["source"].as_str()), (Some(true), Some("webhook")));
    let file = instance.folder.path().join("imsys.db");
    let reader = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT kind, alias, outcome, status FROM presence_events WHERE username = 'ana' AND source = 'webhook'";
    let event: [String; 4] =
        reader.query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).unwrap();
    assert_eq!(event, ["up", "*F0", "applied", "online"]);
    let sessions = provider.client.get(&format!("/api/v1/services/{ana}/sessions")).await.json();
    assert_eq!(sessions["items"][0]["address"], "10.0.0.2");
}

#[tokio::test]
async fn a_head_changes_nothing_and_is_answered_405() {
    let (instance, provider, router, ana) = stage("127.1.0.90").await;
    let client = instance.stranger().with("X-IMSys-Token", &router.token);
    let url = format!("{HOOK}?user=ana&status=up");
    let answer = client.send("HEAD", url.as_bytes(), "text/plain", b"").await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,POST")), "{answer:?}");
    assert_eq!(provider.status(&ana).await, "unknown");
}

#[tokio::test]
async fn a_hand_made_hook_that_spells_the_caller_otherwise_is_no_second_session() {
    let router = router_with("127.1.0.91", "7.18", |_| {}).await;
    router.add("ppp/secret", &[("name", "ana")]).unwrap();
    let session = router.dial("ana", "02:00:00:00:01:0A").unwrap();
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let ana = provider.serve(&known, "ana").await;
    provider.until_status(&ana, "online").await;
    let client = instance.stranger().with("X-IMSys-Token", &known.token);
    for mac in ["02-00-00-00-01-0a", "0200.0000.010a"] {
        let url = format!("{HOOK}?user=ana&status=up&mac={mac}&ip={}/32", session.address);
        assert_eq!(client.get(&url).await.status, 204);
    }
    let sessions = provider.client.get(&format!("/api/v1/services/{ana}/sessions")).await.json();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");
}

#[tokio::test]
async fn get_and_post_with_the_token_in_the_header_or_the_query_all_work() {
    let (instance, provider, router, ana) = stage("127.1.0.2").await;
    let (plain, token, id) = (instance.stranger(), &router.token, &router.id);
    let with_header = plain.clone().with("X-IMSys-Token", token);
    let with_empty_header = plain.clone().with("X-IMSys-Token", "");
    let url = |query: String| format!("{HOOK}?{query}");
    for (client, target, body) in [
        (&with_header, url("user=ana&status=up&session=*F1".into()), ""),
        (&with_header, url("user=ana&status=down&session=*F1&token=".into()), ""),
        (&plain, url(format!("user=ana&status=up&session=*F2&token={token}&router={id}")), ""),
        (&with_empty_header, url(format!("user=ana&status=down&session=*F2&token={token}")), ""),
        (&plain, url(format!("token={token}&router={id}")), "up\nana\nAA:BB:CC:00:00:01\n10.0.0.2\n*F3"),
        (&with_header, HOOK.into(), "down\r\nana\r\n\r\n\r\n*F3\r\n"),
    ] {
        let method = if body.is_empty() { "GET" } else { "POST" };
        let answer = client
            .send(method, target.as_bytes(), "application/x-www-form-urlencoded", body.as_bytes())
            .await;
        assert_eq!(answer.status, 204, "{target}: {answer:?}");
        let up = target.contains("status=up") || body.starts_with("up");
        assert_eq!(provider.service(&ana).await["isOnline"], up, "{target}");
    }
    let hooks = &provider.router(&router).await["hooks"];
    assert_eq!((hooks["received24h"].as_u64(), hooks["refused24h"].as_u64()), (Some(6), Some(0)));
    assert!(hooks["lastWebhookAt"].is_string());
}

#[tokio::test]
async fn strangers_and_those_who_claim_to_be_another_router_are_refused() {
    let (instance, provider, router, ana) = stage("127.1.0.3").await;
    let other = provider.dark("127.1.0.4").await;
    let up = "user=ana&status=up";
    let plain = instance.stranger();
    for (query, status) in [
        (up.to_owned(), 401),
        (format!("{up}&token="), 401),
        (format!("{up}&token=wrong"), 401),
        (format!("{up}&router={}", router.id), 401),
        (format!("{up}&router=nonsense"), 401),
        (format!("{up}&token={}&router={}", router.token, other.id), 400),
        (format!("{up}&token={}&router=nonsense", router.token), 400),
    ] {
        let answer = plain.get(&format!("{HOOK}?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    let two = plain.clone().with("X-IMSys-Token", &router.token);
    let answer = two.get(&format!("{HOOK}?{up}&token={}", other.token)).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(provider.status(&ana).await, "unknown");
    assert_eq!(instance.metric("imsys_webhooks_total{outcome=\"unauthorized\"}").await, 5);
    assert_eq!(instance.metric("imsys_webhooks_total{outcome=\"other-router\"}").await, 2);
    assert_eq!((refused_24h(&provider, &router).await, refused_24h(&provider, &other).await), (2, 0));
}

#[tokio::test]
async fn a_rotated_token_stops_at_once_and_so_does_the_token_of_a_removed_router() {
    let (instance, provider, router, _) = stage("127.1.0.5").await;
    let plain = instance.stranger();
    assert_eq!(report(&plain, &router, b"up\nana\n\n\n*1").await.status, 204);
    let fresh = provider.client.post(&router.path("/rotate-token"), &json!({})).await.json();
    assert_eq!(report(&plain, &router, b"up\nana\n\n\n*1").await.status, 401);
    let renewed = Known { token: fresh["webhookToken"].as_str().unwrap().into(), ..router.clone() };
    assert_eq!(report(&plain, &renewed, b"up\nana\n\n\n*1").await.status, 204);
    assert_eq!(provider.client.send("DELETE", router.path("").as_bytes(), "", b"").await.status, 204);
    assert_eq!(report(&plain, &renewed, b"up\nana\n\n\n*1").await.status, 401);
}

#[tokio::test]
async fn without_a_token_only_the_routers_own_address_counts_unless_two_tenants_share_it() {
    let instance =
        office_with(|config| config.http.trusted_proxies = vec!["127.1.1.9/32".parse().unwrap()]).await;
    let provider = instance.provider().await;
    let router = provider.dark("127.1.1.1").await;
    let ana = provider.serve(&router, "ana").await;
    let call = |client: Client, status: &'static str| {
        let target = format!("{HOOK}?user=ana&status={status}&router={}", router.id);
        async move { client.get(&target).await.status }
    };
    let from = |address: &str| instance.stranger().from(address);
    let forwarded = |address: &str| from(address).with("X-Forwarded-For", "127.1.1.1");
    assert_eq!(call(from("127.1.1.2"), "up").await, 401);
    assert_eq!(call(forwarded("127.1.1.2"), "up").await, 401);
    assert_eq!(provider.status(&ana).await, "unknown");
    assert_eq!(call(from("127.1.1.1"), "up").await, 204);
    assert_eq!(provider.status(&ana).await, "online");
    assert_eq!(call(forwarded("127.1.1.9"), "up").await, 204);
    assert_eq!(call(from("127.1.1.9"), "up").await, 401);
    let neighbour = instance.provider().await;
    neighbour.add_with("127.1.1.1:10".parse().unwrap(), "api", "secret").await;
    assert_eq!(call(from("127.1.1.1"), "up").await, 204, "an entry alone switches nothing off");
    let there = router_at("127.1.1.1", "7.18").await;
    neighbour.watch(&there).await;
    assert_eq!(call(from("127.1.1.1"), "up").await, 401);
}

#[tokio::test]
async fn what_could_be_two_things_is_refused_counted_and_changes_nothing() {
    let (instance, provider, router, ana) = stage("127.1.0.6").await;
    assert_eq!(report(&instance.stranger(), &router, b"up\nana\n\n\n*1").await.status, 204);
    let before = provider.service(&ana).await["rev"].clone();
    let client = instance.stranger().with("X-IMSys-Token", &router.token);
    let refused: [(&str, &[u8], &str); 16] = [
        ("user=ana&b&status=down", b"", "unknown-key"),
        ("user=ana&status=down&extra=1", b"", "unknown-key"),
        ("user=ana&status=down&user=ana", b"", "doubled-key"),
        ("user=x&status=up&status=down", b"", "doubled-key"),
        ("user=ana%00&status=down", b"", "bad-user"),
        ("user=ana%0d%0a&status=down", b"", "bad-user"),
        ("user=&status=down", b"", "bad-user"),
        ("status=down", b"", "bad-user"),
        ("user=ana&status=gone", b"", "bad-status"),
        ("user=ana", b"", "bad-status"),
        ("user=%zz&status=down", b"", "bad-encoding"),
        ("user=ana&status=down&session=%07", b"", "bad-value"),
        ("user=ana&status=down", b"down\nana\n\n\n*1", "bad-body"),
        ("", b"down\nana", "bad-body"),
        ("", b"down\nana\n\n\n*1\nmore", "bad-body"),
        ("", &[b'a'; 5000], "bad-body"),
    ];
    for (count, (query, body, reason)) in refused.into_iter().enumerate() {
        let counter = format!("imsys_webhooks_total{{outcome=\"{reason}\"}}");
        let earlier = instance.metric(&counter).await;
        let answer = client.send("POST", format!("{HOOK}?{query}").as_bytes(), "text/plain", body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("bad-webhook")), "{query}");
        assert_eq!(instance.metric(&counter).await, earlier + 1, "{query}");
        assert_eq!(refused_24h(&provider, &router).await, count as u64 + 1, "{query}");
    }
    let after = provider.service(&ana).await;
    assert_eq!((&after["rev"], after["isOnline"].as_bool()), (&before, Some(true)));
}

#[tokio::test]
async fn a_name_that_nobody_registered_is_listed_and_nobody_is_guessed() {
    let (instance, provider, router, ana) = stage("127.1.0.7").await;
    for name in ["Ana", "ana ", "an", "ana@isp"] {
        let body = format!("up\n{name}\n\n\n*1");
        assert_eq!(report(&instance.stranger(), &router, body.as_bytes()).await.status, 204);
    }
    let listed = provider.client.get(&router.path("/unknown-users")).await.json();
    let names = listed["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["Ana", "an", "ana ", "ana@isp"]);
    assert_eq!(provider.status(&ana).await, "unknown");
}

#[tokio::test]
async fn names_in_the_code_page_of_an_old_pc_and_with_odd_letters_are_understood() {
    let (instance, provider, router, _) = stage("127.1.0.8").await;
    let jose = provider.serve(&router, "José").await;
    let odd = provider.serve(&router, "a&b=c+d %").await;
    let plain = instance.stranger();
    assert_eq!(report(&plain, &router, b"up\nJos\xe9\n\n\n*1").await.status, 204);
    assert_eq!(provider.status(&jose).await, "online");
    let client = plain.clone().with("X-IMSys-Token", &router.token);
    for (query, online) in [("user=Jos%E9&status=down&session=*1", false), ("user=Jos%C3%A9&status=up", true)]
    {
        assert_eq!(client.get(&format!("{HOOK}?{query}")).await.status, 204, "{query}");
        assert_eq!(provider.service(&jose).await["isOnline"], online, "{query}");
    }
    assert_eq!(report(&plain, &router, b"up\na&b=c+d %\n\n\n*2").await.status, 204);
    assert_eq!(provider.status(&odd).await, "online");
    assert_eq!(
        client.get(&format!("{HOOK}?user=a%26b%3Dc+d%20%25&status=down&session=*2")).await.status,
        204
    );
    assert_eq!(provider.status(&odd).await, "offline");
}

#[tokio::test]
async fn a_late_down_of_the_old_session_leaves_a_redialled_customer_online() {
    let (instance, provider, router, ana) = stage("127.1.0.9").await;
    let plain = instance.stranger();
    for (body, online) in [
        ("up\nana\nAA:00\n10.0.0.2\n*A", true),
        ("up\nana\nAA:00\n10.0.0.3\n*B", true),
        ("down\nana\nAA:00\n10.0.0.2\n*A", true),
        ("down\nana\nAA:00\n10.0.0.2\n*A", true),
        ("up\nana\nAA:00\n10.0.0.2\n*A", true),
        ("down\nana\nAA:00\n10.0.0.3\n*B", false),
        ("up\nana\nAA:00\n10.0.0.3\n*B", false),
    ] {
        assert_eq!(report(&plain, &router, body.as_bytes()).await.status, 204);
        assert_eq!(provider.service(&ana).await["isOnline"], online, "after {body:?}");
    }
    let bob = provider.serve(&router, "bob").await;
    let keyless = plain.with("X-IMSys-Token", &router.token);
    for status in ["up", "up", "down"] {
        assert_eq!(keyless.get(&format!("{HOOK}?user=bob&status={status}")).await.status, 204);
        assert_eq!(provider.status(&bob).await, "online", "after {status}");
    }
}

#[tokio::test]
async fn reordered_and_doubled_hooks_of_a_router_that_is_watched_never_show_a_redialled_customer_offline_for_long()
 {
    let router = router_with("127.1.2.1", "7.18", |_| {}).await;
    router.add("ppp/secret", &[("name", "ana"), ("service", "pppoe")]).unwrap();
    let late = Duration::from_secs(2);
    router.conditions(|now| {
        now.webhooks = WebhookFaults { lost: 0.0, doubled: 0.5, delayed: 1.0, delay: late }
    });
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    router.paste(&provider.script(&known, "part=hooks").await).unwrap();
    let ana = provider.serve(&known, "ana").await;
    let mut session = router.dial("ana", "02:5D:00:00:00:01").unwrap();
    provider.until_status(&ana, "online").await;
    for _ in 0..4 {
        router.hang_up(session.id, Cause::PeerRequest);
        session = router.dial("ana", "02:5D:00:00:00:01").unwrap();
        provider.until_status(&ana, "online").await;
    }
    // Every late word has come by now or comes within this time; none of them is accepted.
    let end = Instant::now() + late * 3;
    let mut offline_since = None;
    while Instant::now() < end {
        match provider.status(&ana).await.as_str() {
            "online" => offline_since = None,
            _ => {
                let since: Instant = *offline_since.get_or_insert_with(Instant::now);
                assert!(since.elapsed() < Duration::from_secs(20), "shown offline");
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    provider.until_status(&ana, "online").await;
    assert!(router.hook_counts().accepted > 8, "{:?}", router.hook_counts());
}

#[tokio::test]
async fn when_the_stores_queue_is_full_a_hook_is_told_to_come_again() {
    let (instance, provider, router, ana) = stage("127.1.0.10").await;
    let blocker = Connection::open(instance.folder.path().join("imsys.db")).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let store = instance.app.store.tenant(provider.tenant, Actor::system(instance.app.now()));
    let (id, at) = (router.router_id(), instance.app.now());
    let mut waiting = tokio::task::JoinSet::new();
    let client = instance.stranger();
    let (end, mut answer) = (Instant::now() + GUARD, None);
    while answer.is_none() {
        assert!(Instant::now() < end, "the queue never filled");
        // More than wait at most: those that find no room are told at once, the others when the store is free.
        for _ in 0..10_000 {
            let store = store.clone();
            let up = Observation::HookUp { at, key: None, endpoint: Endpoint::default() };
            waiting.spawn(async move { store.apply_presence(id, "somebody", up).await });
        }
        // One that was let in waits too.
        let report = report(&client, &router, b"up\nana\n\n\n*1");
        answer = tokio::time::timeout(Duration::from_secs(1), report).await.ok();
    }
    let answer = answer.unwrap();
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(instance.metric("imsys_http_refusals_total{code=\"busy\"}").await, 1);
    blocker.execute_batch("ROLLBACK").unwrap();
    while let Some(_counted_or_busy) = waiting.join_next().await {}
    eventually(|| async { report(&instance.stranger(), &router, b"up\nana\n\n\n*1").await.status == 204 })
        .await;
    assert_eq!(provider.status(&ana).await, "online");
}

#[tokio::test]
async fn a_router_that_sends_too_many_is_told_when_to_come_again_and_others_are_heard() {
    let instance = office_with(|config| (config.http.webhook_burst, config.http.webhook_rate) = (3, 1)).await;
    let provider = instance.provider().await;
    let (loud, quiet) = (provider.dark("127.1.0.91").await, provider.dark("127.1.0.92").await);
    provider.serve(&loud, "ana").await;
    provider.serve(&quiet, "ben").await;
    let body = b"up\nana\n\n\n*1";
    let mut heard = 0;
    let refused = loop {
        let answer = report(&instance.stranger(), &loud, body).await;
        match answer.status {
            204 => heard += 1,
            _ => break answer,
        }
        assert!(heard < 1_000, "no limit is reached");
    };
    assert!(heard >= 3);
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")), "{refused:?}");
    assert_eq!(instance.app.metrics.webhooks.get("too-often"), 1);
    assert_eq!(report(&instance.stranger(), &quiet, b"up\nben\n\n\n*1").await.status, 204);
}
