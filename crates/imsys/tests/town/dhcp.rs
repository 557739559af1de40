//! Lines by DHCP: the lease tells where the device is, and then the router is asked as for static ones.

use crate::sheets::problems;
use crate::statics::{says, watched};
use crate::support::{Answer, Known, Provider, eventually, instance};
use imsys_sim::router::{ArpRow, Fault, StaticCustomer};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::Duration;

fn mac(last: u8) -> String {
    format!("02:00:5E:00:53:{last:02X}")
}

/// A device that got 10.20.0.`last` from its router.
fn device(last: u8) -> StaticCustomer {
    let address = Ipv4Addr::new(10, 20, 0, last);
    StaticCustomer { arp: ArpRow::Dhcp, ..StaticCustomer::new(address, &mac(last), "ether2") }
}

impl Provider {
    async fn by_mac(&self, router: &Known, last: u8) -> Answer {
        let body = json!({ "kind": "dhcp", "mac": mac(last), "routerId": router.id });
        self.client.post("/api/v1/services", &body).await
    }

    async fn lease(&self, router: &Known, last: u8) -> String {
        let answer = self.by_mac(router, last).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn change(&self, service: &str, change: Value) -> Answer {
        self.client.patch(&format!("/api/v1/services/{service}"), &change).await
    }
}

fn rows<'a>(diagnosis: &'a Value, witness: &str) -> Vec<&'a str> {
    let rows = diagnosis["evidence"].as_array().unwrap().iter().filter(|row| row["witness"] == witness);
    rows.map(|row| row["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_device_is_found_by_its_lease_and_two_silences_are_believed() {
    for (address, version) in [("127.8.3.1", "7.18"), ("127.8.3.2", "6.49")] {
        let (_office, provider, router, known) = watched(address, version).await;
        let alive = router.add_static(device(7));
        let service = provider.lease(&known, 7).await;
        provider.until_status(&service, "online").await;
        let listed = provider.client.get("/api/v1/services?kind=dhcp").await.json();
        let item = &listed["items"][0];
        assert_eq!((&item["address"], &item["mac"]), (&json!("10.20.0.7"), &json!(mac(7))), "{listed}");
        let told = provider.check(&service).await;
        assert_eq!(rows(&told, "lease"), ["the DHCP server gave 10.20.0.7 to this device"], "{told}");
        assert!(says(&told, "a probe was answered in"), "its row is written, and proves nothing: {told}");

        router.set_alive(alive, false);
        assert!(says(&provider.check(&service).await, "not answered"));
        eventually(|| async { provider.check(&service).await["status"] == "offline" }).await;
        assert_eq!(provider.service(&service).await["source"], "probe");

        router.set_alive(alive, true);
        let told = provider.check(&service).await;
        assert_eq!(told["status"], "online", "{told}");
        assert!(router.peak_sessions() <= 1 && router.peak_commands() <= 8, "over the one connection");
    }
}

#[tokio::test]
async fn a_device_without_a_lease_is_offline_after_the_second_look_and_may_come_back_elsewhere() {
    let (_office, provider, router, known) = watched("127.8.3.3", "7.18").await;
    let gone = router.add_static(device(7));
    let service = provider.lease(&known, 7).await;
    provider.until_status(&service, "online").await;
    assert!(router.remove_static(gone));
    let asked = provider.client.post(&known.path("/check"), &json!({})).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    // One request, two looks: nobody asks a second time, and the clock's next check is minutes away.
    provider.until_status(&service, "offline").await;
    let now = provider.service(&service).await;
    assert_eq!((&now["source"], &now["address"]), (&json!("lease"), &Value::Null), "{now}");
    let told = provider.check(&service).await;
    assert_eq!(rows(&told, "lease"), ["this device has no DHCP lease"], "{told}");

    let moved = StaticCustomer { mac: mac(7), interface: "vlan7".into(), ..device(9) };
    router.add_static(moved);
    assert_eq!(provider.check(&service).await["status"], "online");
    assert_eq!(provider.service(&service).await["address"], "10.20.0.9");
}

#[tokio::test]
async fn an_address_that_is_given_anew_is_told_live_and_kept_with_its_times() {
    let (_office, provider, router, known) = watched("127.8.3.10", "7.18").await;
    let first = router.add_static(device(7));
    let service = provider.lease(&known, 7).await;
    provider.until_status(&service, "online").await;
    let mut told = provider.client.listen("/api/v1/live?topics=service").await;
    // The same device holds another address, and is online all the time.
    let moved = StaticCustomer { mac: mac(7), ..device(9) };
    router.add_static(moved);
    assert!(router.remove_static(first));
    assert_eq!(provider.check(&service).await["status"], "online");
    told.until(r#""address":"10.20.0.9""#).await;
    let sessions = async |query: &str| {
        let listed = provider.client.get(&format!("/api/v1/sessions?{query}")).await.json();
        listed["items"].as_array().unwrap().clone()
    };
    let had = sessions("q=10.20.0.7").await;
    let [before] = had.as_slice() else { panic!("{had:?}") };
    assert_eq!((&before["serviceId"], &before["cause"]), (&json!(service), &json!("superseded")), "{before}");
    assert_eq!((&before["mac"], &before["source"]), (&json!(mac(7)), &json!("lease")), "{before}");
    let has = sessions("q=10.20.0.9").await;
    let [now] = has.as_slice() else { panic!("{has:?}") };
    assert_eq!((&now["endedAt"], &now["startedAt"]), (&Value::Null, &before["endedAt"]), "{now}");
    // Who had it at that moment: the old address until the new one was seen.
    let (from, to) = (before["startedAt"].as_str().unwrap(), before["endedAt"].as_str().unwrap());
    assert_eq!(sessions(&format!("q=10.20.0.7&from={from}&to={to}")).await.len(), 1);
    assert_eq!(sessions(&format!("q=10.20.0.9&to={to}")).await, [] as [Value; 0]);
    let csv = provider.client.get("/api/v1/sessions/export?q=10.20.0.7").await.text;
    let row = csv.lines().nth(1).unwrap_or_default();
    assert!(row.contains("10.20.0.7") && row.contains(&mac(7)) && row.contains("superseded"), "{csv}");
    let own = provider.client.get(&format!("/api/v1/services/{service}/sessions")).await.json();
    assert_eq!(own["total"], 2, "{own}");
}

#[tokio::test]
async fn devices_behind_a_radio_that_translates_mac_addresses_are_online_and_nobody_is_alarmed() {
    let (_office, provider, router, known) = watched("127.8.3.9", "7.18").await;
    let radio = "02:00:5E:00:53:FE";
    for (last, note) in [(7, "another device uses this address"), (8, "answers for several devices")] {
        router.add_static(device(last));
        for row in router.ids("ip/arp") {
            router.turn("ip/arp", row, &[("mac-address", radio.as_bytes()), ("status", b"reachable")]);
        }
        let service = provider.lease(&known, last).await;
        let told = provider.check(&service).await;
        assert_eq!(
            (&told["status"], &told["headline"]),
            (&json!("online"), &json!("The service is online."))
        );
        let shown = rows(&told, "arp").join("; ");
        assert!(shown.contains(&format!("behind a bridge: the router sees {radio}")), "{shown}");
        assert!(shown.contains(note), "{shown}");
        assert_eq!(provider.service(&service).await["wrongMac"], Value::Null);
    }
}

#[tokio::test]
async fn nobody_is_offline_because_the_router_hangs_or_breaks_off() {
    let (_office, provider, router, known) = watched("127.8.3.4", "7.18").await;
    router.add_static(device(7));
    let (on, off) = (provider.lease(&known, 7).await, provider.lease(&known, 8).await);
    let as_before = || {
        eventually(|| async {
            provider.status(&on).await == "online" && provider.status(&off).await == "offline"
        })
    };
    as_before().await;
    for faults in [
        vec![Fault::Hang(Duration::from_secs(45))],
        vec![Fault::Refuse(Duration::from_secs(25)), Fault::Reset],
    ] {
        for fault in faults {
            router.strike(fault);
        }
        let asked = provider.client.post(&known.path("/check"), &json!({})).await;
        assert_eq!(asked.status, 202, "{asked:?}");
        eventually(|| async {
            let (on, off) = (provider.status(&on).await, provider.status(&off).await);
            assert_ne!(on, "offline");
            (on.as_str(), off.as_str()) == ("unknown", "unknown")
        })
        .await;
        as_before().await;
    }
}

#[tokio::test]
async fn what_a_lease_tells_is_not_registered_and_a_device_is_one_service() {
    let instance = instance().await;
    let provider = instance.provider().await;
    let (hill, lake) = (provider.dark("127.8.3.5").await, provider.dark("127.8.3.6").await);
    let body = json!({
        "kind": "dhcp", "routerId": hill.id, "username": "ana", "address": "10.20.0.7", "interface": "ether2",
        "vrf": "blue",
    });
    let refused = provider.client.post("/api/v1/services", &body).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (422, Some("invalid")), "{refused:?}");
    let told = refused.json();
    let of = |field: &str| {
        let errors = told["errors"].as_array().unwrap().iter();
        errors
            .filter(|one| one["field"] == field)
            .map(|one| one["message"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("mac"), ["is required for a service by DHCP"]);
    assert_eq!(of("username"), ["belongs to PPPoE services"]);
    for field in ["address", "interface", "vrf"] {
        assert_eq!(of(field), ["does not belong to a service by DHCP: its lease tells"], "{field}");
    }
    for mac in ["02:00", "192.168.100.150", "254700123456", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"] {
        for kind in ["dhcp", "static"] {
            let mut body = json!({ "kind": kind, "mac": mac, "routerId": hill.id });
            if kind == "static" {
                body["address"] = "10.20.0.7".into();
            }
            let refused = provider.client.post("/api/v1/services", &body).await;
            let field = &refused.json()["errors"][0]["field"];
            assert_eq!((refused.status, field), (422, &json!("mac")), "{mac}: {refused:?}");
        }
    }

    provider.lease(&hill, 7).await;
    let twin = provider.by_mac(&hill, 7).await;
    assert_eq!(twin.status, 409, "{twin:?}");
    let words = twin.json()["detail"].as_str().unwrap().to_owned();
    assert!(words.contains("on this router has this username, address or MAC address"), "{words}");
    provider.lease(&lake, 7).await;
}

#[tokio::test]
async fn a_static_line_becomes_one_by_dhcp_and_back() {
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.dark("127.8.3.7").await;
    let body = json!({
        "kind": "static", "address": "10.20.0.7", "mac": mac(7), "interface": "ether2", "routerId": known.id,
    });
    let service =
        provider.client.post("/api/v1/services", &body).await.json()["id"].as_str().unwrap().to_owned();
    let by_dhcp = provider.change(&service, json!({ "kind": "dhcp" })).await;
    assert_eq!(by_dhcp.status, 200, "{by_dhcp:?}");
    let now = by_dhcp.json();
    assert_eq!((&now["kind"], &now["mac"]), (&json!("dhcp"), &json!(mac(7))));
    assert_eq!((&now["address"], &now["interface"]), (&Value::Null, &Value::Null), "no lease was seen");

    let refused = provider.change(&service, json!({ "kind": "static" })).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!("address")));
    let fixed = provider.change(&service, json!({ "kind": "static", "address": "10.20.0.8" })).await.json();
    assert_eq!((&fixed["kind"], &fixed["address"]), (&json!("static"), &json!("10.20.0.8")), "{fixed}");
    assert_eq!(fixed["mac"], mac(7), "the device stays registered");
    let username = provider.change(&service, json!({ "kind": "pppoe", "username": "ana" })).await.json();
    assert_eq!((&username["kind"], &username["mac"]), (&json!("pppoe"), &Value::Null));
}

#[tokio::test]
async fn devices_are_brought_in_from_a_file_and_a_bad_row_is_named() {
    let instance = instance().await;
    let provider = instance.provider().await;
    let known = provider.dark("127.8.3.8").await;
    provider.lease(&known, 7).await;
    let sheet = |bad: &str| {
        format!(
            "kind,mac,address,customer\ndhcp,02-00-5e-00-53-01,,Ana\nDHCP,{},10.20.0.9,Ben\n{bad}",
            mac(2)
        )
    };
    let bad = format!("dhcp,,,Cid\ndhcp,zz,,Dan\ndhcp,{},,Eve\ndhcp,{},,Fay\n", mac(7), mac(2));
    let tried = provider.bring("dryRun=true&customers=create", &sheet(&bad)).await.json();
    assert_eq!((&tried["created"], &tried["refused"]), (&json!(2), &json!(4)), "{tried}");
    let told = problems(&tried);
    for (row, says) in [
        (4, "`mac` is required for a service by DHCP."),
        (5, "`mac` write the MAC address as six pairs"),
        (6, "The MAC address 02:00:5E:00:53:07 is already registered on"),
        (7, "is in row 3 too"),
    ] {
        assert!(told.iter().any(|(at, told)| *at == row && told.contains(says)), "{row} {says}: {told:?}");
    }
    assert_eq!(provider.bring("customers=create", &sheet(&bad)).await.status, 422);
    assert_eq!(provider.count("/api/v1/services").await, 1, "all or nothing");

    let done = provider.bring("customers=create", &sheet("")).await;
    assert_eq!((done.status, &done.json()["created"]), (200, &json!(2)), "{done:?}");
    let ana = provider.service(done.json()["rows"][0]["serviceId"].as_str().unwrap()).await;
    assert_eq!((&ana["kind"], &ana["mac"]), (&json!("dhcp"), &json!(mac(1))), "{ana}");
    assert_eq!((&ana["customerName"], &ana["address"]), (&json!("Ana"), &Value::Null), "{ana}");
}

#[tokio::test]
async fn a_registered_device_is_proposed_no_more() {
    let (_office, provider, router, known) = watched("127.8.3.9", "7.18").await;
    router.add_static(device(7));
    router.add_static(device(8));
    let proposed = async || {
        let told = provider.client.get(&known.path("/proposals")).await.json();
        let items = told["items"].as_array().unwrap().clone();
        items.iter().map(|item| (item["mac"].clone(), item["dynamicLease"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(proposed().await, [7, 8].map(|last| (json!(mac(last)), json!(true))));
    provider.lease(&known, 7).await;
    assert_eq!(proposed().await, [(json!(mac(8)), json!(true))]);
}
