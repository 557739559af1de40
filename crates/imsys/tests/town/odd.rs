//! One odd value in a router's table costs that field, never the row, the table or the connection.

use crate::statics::watched;
use crate::support::{instance, router_at};
use imsys_sim::router::{ArpRow, StaticCustomer};
use serde_json::json;
use std::net::Ipv4Addr;

#[tokio::test]
async fn odd_fields_of_a_session_are_counted_and_its_user_is_imported_and_online() {
    let router = router_at("127.8.8.1", "6.49").await;
    for name in ["ana", "bo"] {
        router.add("ppp/secret", &[("name", name)]).unwrap();
    }
    router.dial("bo", "02:00:00:00:00:0B").unwrap();
    let odd = [
        ("name", "ana"),
        ("caller-id", "02:00:00:00:00:0A"),
        ("address", "100.64.0.2/32"),
        ("uptime", "1y2w3d"),
        ("radius", ""),
    ];
    router.appear("ppp/active", &odd.map(|(name, value)| (name, value.as_bytes())));
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let imported = provider.client.post(&known.path("/import"), &json!({})).await.json();
    assert_eq!(imported["created"], 2, "{imported}");
    provider.until_all(&known, "online", "offline").await;
    for field in ["address", "radius"] {
        let counter = format!("imsys_odd_fields_total{{menu=\"/ppp/active\",field=\"{field}\"}}");
        assert!(instance.metric(&counter).await > 0, "{field}");
    }
    assert_eq!(provider.router(&known).await["state"], "up");
}

#[tokio::test]
async fn an_odd_field_of_one_lease_costs_nobody_their_status() {
    let (instance, provider, router, known) = watched("127.8.8.2", "7.18").await;
    let device = |last: u8| {
        let (address, mac) = (Ipv4Addr::new(10, 20, 0, last), format!("02:00:5E:00:53:{last:02X}"));
        StaticCustomer { arp: ArpRow::Dhcp, ..StaticCustomer::new(address, &mac, "ether2") }
    };
    for last in [7, 8] {
        router.add_static(device(last));
    }
    let leases = router.ids("ip/dhcp-server/lease");
    router.turn("ip/dhcp-server/lease", leases[0], &[("last-seen", b"a while")]);
    for last in [7, 8] {
        let mac = format!("02:00:5E:00:53:{last:02X}");
        let body = json!({ "kind": "dhcp", "mac": mac, "routerId": known.id });
        assert_eq!(provider.client.post("/api/v1/services", &body).await.status, 201);
    }
    provider.until_all(&known, "online", "offline").await;
    let counter = "imsys_odd_fields_total{menu=\"/ip/dhcp-server/lease\",field=\"last-seen\"}";
    assert!(instance.metric(counter).await > 0);
}

#[tokio::test]
async fn what_a_router_calls_itself_is_cut_and_shown_escaped() {
    let router = router_at("127.8.8.3", "7.18").await;
    let name = format!("hill\u{202E}\u{7}{}", "x".repeat(1_000_000));
    router.set("system/identity", None, &[("name", &name)]).unwrap();
    let comment = "c".repeat(1_000_000);
    router.add("ppp/secret", &[("name", "ana"), ("comment", &comment)]).unwrap();
    router.add("ppp/secret", &[("name", &name)]).unwrap();
    router.add("ppp/profile", &[("name", &name)]).unwrap();
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    let shown = provider.router(&known).await;
    let identity = shown["identity"].as_str().unwrap();
    assert!(identity.starts_with("hill\\u{202e}\\u{7}xxx"), "{identity:.99}");
    assert_eq!(identity.matches('x').count(), 255 - "hill??".len());
    let test = provider.client.post(&known.path("/test"), &json!({})).await;
    let import = provider.client.post(&known.path("/import?dryRun=true"), &json!({})).await;
    let profiles = provider.client.get(&known.path("/profiles")).await;
    let list = provider.client.get("/api/v1/routers").await;
    for answer in [test, import, profiles, list] {
        assert_eq!(answer.status, 200, "{:.300}", answer.text);
        assert!(answer.text.len() < 10_000, "{} bytes: {:.300}", answer.text.len(), answer.text);
    }
}
