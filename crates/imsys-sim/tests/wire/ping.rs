use std::net::Ipv4Addr;
use std::time::Duration;

use imsys_sim::router::{ArpRow, Router, StaticCustomer, StaticId};
use imsys_sim::trap::Trap;
use routeros::client::{ClientOptions, Command, Error, LoginForm, Table, TrapKind};
use routeros::menu::{Arp, ArpStatus, PingRow};
use tokio::time::Instant;

use crate::client::{Client, Row, router};
use crate::vectors::recorded;

const HOST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 10);
const MAC: &str = "02:5D:F0:00:00:01";
const ARP_PING: [&str; 5] =
    ["/tool/ping", "=address=192.0.2.10", "=interface=ether2", "=arp-ping=yes", "=count=2"];
/// Short enough for a test, long enough for an answer.
const QUICK: &str = "=interval=20ms";

async fn with_customer(version: &str, change: impl FnOnce(&mut StaticCustomer)) -> (Router, StaticId) {
    let router = router(version).await;
    let mut customer = StaticCustomer::new(HOST, MAC, "ether2");
    change(&mut customer);
    let id = router.add_static(customer);
    (router, id)
}

fn names(row: &Row) -> Vec<&str> {
    row.0.iter().filter_map(|word| word.strip_prefix('=')?.split_once('=')).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn an_answered_arp_ping_shows_the_mac_address_and_neither_size_nor_ttl() {
    let (router, _) = with_customer("7.18", |_| ()).await;
    let mut client = Client::login(&router).await;
    let rows = client.rows(&[&ARP_PING[..], &[QUICK]].concat()).await;
    assert_eq!(rows.len(), 2);
    let rtt = ["min-rtt", "avg-rtt", "max-rtt"];
    assert_eq!(names(&rows[0])[..6], ["seq", "host", "time", "sent", "received", "packet-loss"]);
    assert_eq!(names(&rows[0])[6..], rtt);
    assert_eq!((rows[1].get("seq"), rows[1].get("host")), (Some("1"), Some(MAC)));
    assert_eq!((rows[1].get("sent"), rows[1].get("received")), (Some("2"), Some("2")));
    assert_eq!(rows[1].get("packet-loss"), Some("0"));
}

#[tokio::test]
async fn a_plain_ping_has_the_recorded_fields_on_both_versions() {
    let Some(fixtures) = recorded("fixtures.json") else { return };
    for (version, path, ros) in [("7.18", "/tool/ping", "7.x"), ("6.49", "/ping", "6.x")] {
        let (router, _) = with_customer(version, |_| ()).await;
        let mut client = Client::login(&router).await;
        let row = &client.rows(&[path, "=address=192.0.2.10", "=count=1", QUICK]).await[0];
        let all = fixtures["fixtures"].as_array().unwrap();
        let found = all.iter().find(|one| one["menu"] == "/ping" && one["ros"] == ros).unwrap();
        let mut expected: Vec<&str> =
            found["rows"][0].as_object().unwrap().keys().map(String::as_str).collect();
        let mut shown = names(row);
        shown.sort_unstable();
        expected.sort_unstable();
        assert_eq!(shown, expected, "{version}");
        assert_eq!(
            (row.get("host"), row.get("size"), row.get("ttl")),
            (Some("192.0.2.10"), Some("56"), Some("64"))
        );
    }
}

#[tokio::test]
async fn a_silent_probe_is_a_timeout_and_takes_the_whole_interval() {
    let (router, _) = with_customer("7.18", |customer| customer.alive = false).await;
    let mut client = Client::login(&router).await;
    let start = Instant::now();
    let rows = client.rows(&[&ARP_PING[..], &["=interval=60ms"]].concat()).await;
    assert!(start.elapsed() >= Duration::from_millis(120), "{:?}", start.elapsed());
    assert_eq!(names(&rows[0]), ["seq", "host", "status", "sent", "received", "packet-loss"]);
    assert_eq!((rows[1].get("host"), rows[1].get("status")), (Some("192.0.2.10"), Some("timeout")));
    assert_eq!((rows[1].get("received"), rows[1].get("packet-loss")), (Some("0"), Some("100")));
}

#[tokio::test]
async fn whoever_drops_icmp_still_answers_arp() {
    let (router, _) = with_customer("7.18", |customer| customer.answers_ping = false).await;
    let mut client = Client::login(&router).await;
    let plain = client.rows(&["/tool/ping", "=address=192.0.2.10", "=count=1", QUICK]).await;
    assert_eq!(plain[0].get("status"), Some("timeout"));
    let arp = client.rows(&[&ARP_PING[..], &[QUICK]].concat()).await;
    assert_eq!(arp[1].get("received"), Some("2"));
}

#[tokio::test]
async fn another_device_behind_a_permanent_entry_answers_arp_with_its_own_mac_and_no_icmp() {
    let (router, id) = with_customer("7.18", |customer| customer.arp = ArpRow::Permanent).await;
    router.set_mac(id, "02:5D:F0:00:00:99");
    let mut client = Client::login(&router).await;
    let arp = client.rows(&[&ARP_PING[..], &[QUICK]].concat()).await;
    assert_eq!(arp[0].get("host"), Some("02:5D:F0:00:00:99"));
    let plain = client.rows(&["/tool/ping", "=address=192.0.2.10", "=count=1", QUICK]).await;
    assert_eq!(plain[0].get("status"), Some("timeout"));
    assert_eq!(client.rows(&["/ip/arp/print"]).await[0].get("mac-address"), Some(MAC));
}

#[tokio::test]
async fn the_same_address_in_two_routing_tables_is_two_customers() {
    let (router, _) = with_customer("7.18", |_| ()).await;
    router.add_static(StaticCustomer {
        vrf: "shop".into(),
        alive: false,
        ..StaticCustomer::new(HOST, "02:5D:F0:00:00:02", "vlan20")
    });
    let mut client = Client::login(&router).await;
    let ask = ["/tool/ping", "=address=192.0.2.10", "=count=1", QUICK];
    assert_eq!(client.rows(&ask).await[0].get("received"), Some("1"));
    let shop = client.rows(&[&ask[..], &["=vrf=shop"]].concat()).await;
    assert_eq!(shop[0].get("received"), Some("0"));
    let vlan = client.rows(&[&ask[..], &["=interface=vlan20", "=arp-ping=yes"]].concat()).await;
    assert_eq!(vlan[0].get("received"), Some("0"));
    let truth = router.truth();
    assert_eq!(truth.static_online(HOST, "ether2"), Some(true));
    assert_eq!(truth.static_online(HOST, "shop"), Some(false));
    assert_eq!(truth.static_online(HOST, "ether3"), None);
}

#[tokio::test]
async fn what_cannot_be_asked_is_trapped() {
    let (router, _) = with_customer("7.18", |_| ()).await;
    router.add("user/group", &[("name", "reader"), ("policy", "read,write,api")]).unwrap();
    router.add("user", &[("name", "reader"), ("group", "reader"), ("password", "p")]).unwrap();
    let denied = Client::login_as(&router, "reader", "p").await.trap(&ARP_PING).await;
    assert_eq!(denied, "not enough permissions (9)");
    let mut client = Client::login(&router).await;
    for (more, message) in [
        (&["=arp-ping=yes"][..], "interface needs to be specified for arp ping"),
        (&["=interface=nowhere"], "input does not match any value of interface"),
        (&["=vrf=nowhere"], "input does not match any value of vrf"),
        (&["=routing-table=main"], "unknown parameter routing-table"),
        (&["=interval=1ms"], "invalid value for argument interval"),
        (&["=count=some"], "invalid value for argument count"),
    ] {
        let words = [&["/tool/ping", "=address=192.0.2.10"], more].concat();
        assert_eq!(client.trap(&words).await, message);
    }
    assert_eq!(client.trap(&["/tool/ping"]).await, "missing value(s) of argument(s) address");
}

#[tokio::test]
async fn the_ping_at_the_root_is_gone_from_7_23_on() {
    let ask = ["/ping", "=address=127.0.0.1", "=count=1", QUICK];
    for version in ["6.49", "7.18"] {
        let router = router(version).await;
        assert_eq!(Client::login(&router).await.rows(&ask).await[0].get("received"), Some("1"));
        router.conditions(|now| now.no_tool_ping = true);
        let mut client = Client::login(&router).await;
        assert_eq!(client.trap(&["/tool/ping", "=address=127.0.0.1", "=count=1"]).await, "no such command");
        assert_eq!(client.rows(&ask).await.len(), 1);
    }
    for version in ["7.23", "7.24"] {
        let router = router(version).await;
        assert_eq!(Client::login(&router).await.trap(&ask).await, "no such command");
    }
}

#[tokio::test]
async fn arp_ping_can_be_refused_while_plain_ping_works() {
    let (router, _) = with_customer("7.18", |_| ()).await;
    router.conditions(|now| now.arp_ping_trap = Some(Trap::plain("failure: arp ping is not possible")));
    let mut client = Client::login(&router).await;
    assert_eq!(client.trap(&ARP_PING).await, "failure: arp ping is not possible");
    let plain = ["/tool/ping", "=address=192.0.2.10", "=interface=ether2", "=count=1", QUICK];
    assert_eq!(client.rows(&plain).await[0].get("received"), Some("1"));
}

#[tokio::test]
async fn probes_can_get_lost() {
    let (router, _) = with_customer("7.18", |_| ()).await;
    router.conditions(|now| now.ping_loss = 1.0);
    let mut client = Client::login(&router).await;
    let rows = client.rows(&[&ARP_PING[..], &[QUICK]].concat()).await;
    assert_eq!(rows[1].get("packet-loss"), Some("100"));
    assert_eq!(router.truth().static_online(HOST, "main"), Some(true));
}

#[tokio::test]
async fn other_commands_go_on_beside_a_ping_and_cancel_ends_it() {
    let (router, _) = with_customer("7.18", |customer| customer.alive = false).await;
    let mut client = Client::login(&router).await;
    client.send(&["/tool/ping", "=address=192.0.2.10", ".tag=1"]).await;
    client.send(&["/tool/ping", "=address=192.0.2.10", "=count=3", ".tag=2"]).await;
    client.send(&["/system/identity/print", ".tag=3"]).await;
    assert_eq!(client.read().await.unwrap(), ["!re", "=name=sim", ".tag=3"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=3"]);
    assert_eq!(router.peak_commands(), 3);
    client.send(&["/cancel", "=tag=1", ".tag=4"]).await;
    assert_eq!(client.read().await.unwrap(), ["!trap", "=category=2", "=message=interrupted", ".tag=1"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=4"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=1"]);
    client.send(&["/quit"]).await;
    while client.read_bytes().await.is_some() {}
}

#[tokio::test]
async fn ppp_customers_and_the_router_itself_answer_plain_pings() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a"), ("remote-address", "100.96.0.2")]).unwrap();
    router.add("ip/address", &[("address", "192.0.2.1/24"), ("interface", "ether2")]).unwrap();
    router.dial("a", "02:5D:00:00:00:01").unwrap();
    let mut client = Client::login(&router).await;
    for (address, received) in [("100.96.0.2", "1"), ("192.0.2.1", "1"), ("192.0.2.77", "0")] {
        let ask = ["/tool/ping", &format!("=address={address}"), "=count=1", QUICK];
        assert_eq!(client.rows(&ask).await[0].get("received"), Some(received), "{address}");
    }
}

#[tokio::test]
async fn the_client_of_the_product_reads_arp_entries_and_pings() {
    const LATER: Duration = Duration::from_secs(10);
    let (router, id) = with_customer("7.18", |_| ()).await;
    let stream = routeros::connect::connect(router.address(), None, LATER).await.unwrap();
    let client = routeros::client::Client::new(stream, ClientOptions::default());
    client.login("api", "secret", LoginForm::Modern).await.unwrap();
    let rows: Table<Arp> = client.print(Command::new("/ip/arp/print"), LATER).await.unwrap();
    assert_eq!((rows[0].address, rows[0].status.clone()), (Some(HOST.into()), Some(ArpStatus::Reachable)));
    assert_eq!((rows[0].complete, rows[0].dynamic, rows[0].dhcp), (Some(true), true, false));

    let ask = Command::new("/tool/ping").attr("address", "192.0.2.10").attr("interval", "20ms");
    let ask = ask.attr("interface", "ether2").attr("arp-ping", "yes").attr("count", "2");
    let rows: Table<PingRow> = client.print(ask.clone(), LATER).await.unwrap();
    assert_eq!((rows[1].sent, rows[1].received, rows[1].packet_loss), (Some(2), Some(2), Some(0)));
    assert_eq!(rows[1].host, MAC);
    assert!(rows[1].time.is_some());
    router.set_alive(id, false);
    let rows: Table<PingRow> = client.print(ask.clone(), LATER).await.unwrap();
    assert_eq!((rows[1].received, rows[1].time, &*rows[1].status), (Some(0), None, "timeout"));
    router.conditions(|now| now.no_tool_ping = true);
    let Err(Error::Trap(traps)) = client.print::<PingRow>(ask, LATER).await else { panic!("it has none") };
    assert_eq!(traps.kind(), TrapKind::NoSuchCommand);
    client.close().await;
}

#[tokio::test]
async fn peaks_count_what_stood_at_once() {
    let router = router("7.18").await;
    assert_eq!((router.peak_sessions(), router.peak_commands()), (0, 0));
    let (_one, mut two) = (Client::login(&router).await, Client::login(&router).await);
    for _ in 0..5 {
        two.ask(&["/system/identity/print"]).await;
    }
    assert_eq!((router.peak_sessions(), router.peak_commands()), (2, 1));
    router.conditions(|now| now.latency = Duration::from_millis(30));
    for tag in 0..4 {
        two.send(&["/system/identity/print", &format!(".tag={tag}")]).await;
    }
    for _ in 0..4 {
        two.reply().await;
    }
    assert_eq!(router.peak_commands(), 4);
    router.restart_peaks();
    assert_eq!(router.peak_sessions(), 2);
}
