//! What a router's tables show of customers whom nobody registered.

use crate::support::{instance, router_at};
use imsys_sim::router::{ArpRow, StaticCustomer};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

fn customer(last: u8) -> StaticCustomer {
    let mac = format!("02:00:5E:00:53:{last:02X}");
    StaticCustomer::new(Ipv4Addr::new(10, 20, 0, last), &mac, "ether2")
}

#[tokio::test]
async fn what_three_tables_show_is_proposed_and_becomes_services_by_a_sheet() {
    for (address, version) in [("127.8.2.1", "7.18"), ("127.8.2.2", "6.49")] {
        let instance = instance().await;
        let provider = instance.provider().await;
        let router = router_at(address, version).await;
        let known = provider.watch(&router).await;
        router.add("ip/address", &[("address", "10.20.0.1/24"), ("interface", "ether2")]).unwrap();
        router.add_static(StaticCustomer { queue: Some("Ana 20M".into()), ..customer(7) });
        router.add_static(StaticCustomer { arp: ArpRow::Dhcp, ..customer(8) });
        router.add_static(customer(9));
        let there = json!({ "kind": "static", "address": "10.20.0.9", "routerId": known.id });
        assert_eq!(provider.client.post("/api/v1/services", &there).await.status, 201);
        let hostile = "\u{202E}<script>alert(1)</script>";
        router.add("queue/simple", &[("name", hostile), ("target", "10.20.0.20/32")]).unwrap();

        let told = provider.client.get(&known.path("/proposals")).await.json();
        let items = told["items"].as_array().unwrap();
        let of = |address: &str| items.iter().find(|item| item["address"] == address).cloned();
        assert_eq!((items.len(), &told["more"], &told["missing"]), (3, &json!(0), &json!([])), "{told}");
        let ana = of("10.20.0.7").unwrap();
        let expected = json!({
            "address": "10.20.0.7", "mac": "02:00:5E:00:53:07", "interface": "ether2", "vrf": null,
            "name": "Ana 20M", "seenIn": ["arp", "queue"], "status": "online", "dynamicLease": false,
            "archivedServiceId": null,
        });
        assert_eq!(ana, expected, "{version}");
        let leased = of("10.20.0.8").unwrap();
        assert_eq!((&leased["seenIn"], &leased["dynamicLease"]), (&json!(["arp", "lease"]), &json!(true)));
        let queued = of("10.20.0.20").unwrap();
        assert_eq!((&queued["mac"], &queued["status"]), (&Value::Null, &json!("unknown")));
        assert_eq!(queued["name"], "\\u{202e}<script>alert(1)</script>", "what it hides is shown");

        let sheet = format!(
            "address,mac,interface,router,customer\n10.20.0.7,{},ether2,{},Ana\n",
            ana["mac"].as_str().unwrap(),
            known.id
        );
        let path = b"/api/v1/services/import?customers=create";
        let answer = provider.client.send("POST", path, "text/csv", sheet.as_bytes()).await;
        assert_eq!(answer.json()["created"], 1, "{answer:?}");
        let told = provider.client.get(&known.path("/proposals")).await.json();
        assert_eq!(told["items"].as_array().unwrap().len(), 2, "who is registered is proposed no more");
        assert!(router.peak_sessions() <= 1 && router.peak_commands() <= 8, "over the one connection");
    }
}

#[tokio::test]
async fn a_router_that_is_gone_proposes_nobody_and_says_why() {
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.dark("127.8.2.3").await;
    let answer = provider.client.get(&known.path("/proposals")).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (502, Some("router-unreachable")));
}
