use std::time::Duration;

use crate::client::{Client, router, router_with};

#[tokio::test]
async fn every_version_shows_itself_in_its_own_spelling() {
    for (version, packages, device_mode) in [
        ("6.42", 7, false),
        ("6.49", 7, false),
        ("7.12", 1, true),
        ("7.18", 1, true),
        ("7.23", 1, true),
        ("7.24", 1, true),
    ] {
        let router =
            router_with(version, |config| config.login = Some(imsys_sim::router::LoginForm::Plain)).await;
        let mut client = Client::login(&router).await;
        let resource = &client.rows(&["/system/resource/print"]).await[0];
        assert_eq!(resource.get("version"), Some(&*format!("{version} (stable)")));
        assert_eq!(resource.get("board-name"), Some("CCR2004-16G-2S+"));
        assert_eq!(client.rows(&["/system/package/print"]).await.len(), packages);
        let mode = client.ask(&["/system/device-mode/print"]).await;
        assert_eq!(mode[0][0] == "!re", device_mode, "{mode:?}");
        assert_eq!(client.rows(&["/interface/print", "?type=ether"]).await.len(), 4);
    }
}

#[tokio::test]
async fn unknown_menus_and_commands_are_told_apart() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    let menu = client.trap(&["/system/health/print"]).await;
    assert_eq!(menu, "no such command or directory (health), no such command prefix");
    assert_eq!(client.trap(&["/ppp/secret/frobnicate"]).await, "no such command");
    assert_eq!(client.trap(&["/interface/add", "=name=x"]).await, "no such command");
    assert_eq!(client.trap(&["/frobnicate"]).await, "no such command");
    assert_eq!(client.trap(&["frobnicate"]).await, "no such command prefix");
    assert_eq!(client.trap(&["/ip/print"]).await, "no such command");
    let six = self::router("6.49").await;
    let mut client = Client::login(&six).await;
    let wireguard = client.trap(&["/interface/wireguard/print"]).await;
    assert_eq!(wireguard, "no such command or directory (wireguard), no such command prefix");
}

#[tokio::test]
async fn arp_and_neighbours_keep_what_their_version_knows() {
    let arp = [
        ("address", &b"192.0.2.10"[..]),
        ("mac-address", b"00:00:5E:00:53:01"),
        ("interface", b"ether1"),
        ("status", b"reachable"),
        ("dynamic", b"true"),
    ];
    let hostile: &[u8] = b"<script>alert(1)</script>\0\0";
    for (version, status, dhcp) in [("6.49", None, "DHCP"), ("7.18", Some("reachable"), "dhcp")] {
        let router = router(version).await;
        router.appear("ip/arp", &arp);
        router.appear(
            "ip/neighbor",
            &[("identity", hostile), ("interface", b"ether3,bridge"), ("discovered-by", b"mndp,lldp")],
        );
        let mut client = Client::login(&router).await;
        let row = &client.rows(&["/ip/arp/print"]).await[0];
        assert_eq!(
            (row.get("status"), row.get(dhcp), row.get("complete")),
            (status, Some("false"), Some("true"))
        );
        let neighbour = &client.rows(&["/ip/neighbor/print"]).await[0];
        assert_eq!(neighbour.get("identity").unwrap().as_bytes(), hostile);
        assert_eq!(neighbour.get("discovered-by").is_some(), version == "7.18");
    }
}

#[tokio::test]
async fn an_arp_entry_can_evolve_in_time() {
    let router = router("7.18").await;
    let entry = router
        .appear("ip/arp", &[("address", b"192.0.2.10"), ("status", b"reachable"), ("dynamic", b"true")]);
    let mut client = Client::login(&router).await;
    for status in ["stale", "delay", "probe", "failed", "incomplete", "permanent"] {
        router.turn("ip/arp", entry, &[("status", status.as_bytes())]);
        assert_eq!(client.rows(&["/ip/arp/print"]).await[0].get("status"), Some(status));
    }
}

#[tokio::test(start_paused = true)]
async fn uptimes_and_counters_follow_the_clock() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a")]).unwrap();
    router.dial("a", "02:5D:00:00:00:01").unwrap();
    tokio::time::advance(Duration::from_secs(44 * 60 + 55)).await;
    assert_eq!(router.get("ppp/active", "*1", "uptime").as_deref(), Some("44m55s"));
    assert_eq!(router.get("system/resource", "", "uptime").as_deref(), Some("44m55s"));
    let before: u64 = router.get("interface", "<pppoe-a>", "tx-byte").unwrap().parse().unwrap();
    tokio::time::advance(Duration::from_secs(60)).await;
    assert!(before < router.get("interface", "<pppoe-a>", "tx-byte").unwrap().parse().unwrap());
}

#[tokio::test]
async fn the_oldest_version_spells_uptimes_like_a_clock_and_dates_with_month_names() {
    let router = router("6.42").await;
    router.add("ppp/secret", &[("name", "a")]).unwrap();
    router.dial("a", "02:5D:00:00:00:01").unwrap();
    assert_eq!(router.get("ppp/active", "*1", "uptime").as_deref(), Some("00:00:00"));
    assert_eq!(router.get("ppp/secret", "a", "last-logged-out").as_deref(), Some("jan/01/1970 00:00:00"));
    let seven = self::router("7.18").await;
    seven.add("ppp/secret", &[("name", "a")]).unwrap();
    assert_eq!(seven.get("ppp/secret", "a", "last-logged-out").as_deref(), Some("1970-01-01 00:00:00"));
}
