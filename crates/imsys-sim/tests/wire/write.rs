use imsys_sim::router::{Cause, DialError, LifeEvent};

use crate::client::{Client, router, until};

#[tokio::test]
async fn add_set_and_remove_answer_as_recorded() {
    let router = router("7.23").await;
    let mut client = Client::login(&router).await;
    let added = client.ask(&["/ip/address/add", "=address=192.168.1.1/24", "=interface=ether1"]).await;
    assert_eq!(added, [["!done", "=ret=*1"]]);
    let row = &client.rows(&["/ip/address/print"]).await[0];
    assert_eq!((row.get("network"), row.get("actual-interface")), (Some("192.168.1.0"), Some("ether1")));
    assert_eq!(client.ask(&["/ip/address/set", "=.id=*1", "=comment=x"]).await, [["!done"]]);
    assert_eq!(client.ask(&["/ip/address/remove", "=.id=*1"]).await, [["!done"]]);
    assert_eq!(client.trap(&["/ip/address/remove", "=.id=*1"]).await, "no such item");
}

#[tokio::test]
async fn bad_values_are_trapped_in_the_routers_words() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    let bad = client.ask(&["/ip/address/add", "=address=192.168.88.1", "=interface=asdf"]).await;
    let trap = ["!trap", "=category=1", "=message=input does not match any value of interface"];
    assert_eq!(bad, [&trap[..], &["!done"]]);
    for (words, message) in [
        (&["/ppp/secret/add", "=name=a", "=nonsense=1"][..], "unknown parameter nonsense"),
        (&["/ppp/secret/add", "=name=a", "=profile=nowhere"], "input does not match any value of profile"),
        (
            &["/ppp/secret/add", "=name=a", "=remote-address=rubbish"],
            "invalid value for argument remote-address",
        ),
        (&["/ppp/secret/add", "=comment=x"], "missing value(s) of argument(s) name"),
        (&["/user/group/add", "=name=g", "=policy=read,!dude"], "input does not match any value of policy"),
        (&["/ppp/secret/set", "=comment=x"], "missing or invalid resource identifier"),
        (&["/ppp/secret/set", "=.id=*77", "=comment=x"], "no such item"),
        (&["/ppp/secret/remove", "=.id=nobody"], "no such item"),
    ] {
        assert_eq!(client.trap(words).await, message);
    }
}

#[tokio::test]
async fn what_is_there_already_is_not_added_again() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    for (words, message) in [
        (&["/ppp/secret/add", "=name=a"][..], "item with such name already exists"),
        (
            &["/ip/address/add", "=address=10.0.0.1/24", "=interface=ether1"],
            "failure: already have such address",
        ),
        (
            &["/ip/firewall/address-list/add", "=list=imsys-suspended", "=address=10.0.0.9"],
            "failure: cannot add already have such entry",
        ),
    ] {
        assert_eq!(client.ask(words).await[0][0], "!done");
        assert_eq!(client.trap(words).await, message);
    }
    client.ask(&["/ppp/secret/add", "=name=b"]).await;
    let renamed = client.trap(&["/ppp/secret/set", "=.id=b", "=name=a"]).await;
    assert_eq!(renamed, "item with such name already exists");
}

#[tokio::test]
async fn rows_are_named_by_id_by_name_or_several_at_once() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    for name in ["a", "b", "c"] {
        client.ask(&["/ppp/secret/add", &format!("=name={name}")]).await;
    }
    client.ask(&["/ppp/secret/disable", "=numbers=a,*2"]).await;
    let disabled = client.rows(&["/ppp/secret/print", "?disabled=yes"]).await;
    assert_eq!(disabled.len(), 2);
    client.ask(&["/ppp/secret/enable", "=.id=a"]).await;
    client.ask(&["/ppp/secret/comment", "=numbers=c", "=comment=x"]).await;
    client.ask(&["/ppp/secret/unset", "=numbers=c", "=value-name=comment"]).await;
    assert_eq!(client.rows(&["/ppp/secret/print", "?comment"]).await.len(), 0);
    client.ask(&["/ppp/secret/remove", "=.id=*1,*2"]).await;
    assert_eq!(client.rows(&["/ppp/secret/print"]).await.len(), 1);
}

#[tokio::test]
async fn the_only_row_of_a_menu_is_set_without_an_id() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    assert_eq!(client.ask(&["/system/identity/set", "=name=north"]).await, [["!done"]]);
    assert_eq!(client.ask(&["/system/identity/print"]).await, [&["!re", "=name=north"][..], &["!done"]]);
}

#[tokio::test]
async fn the_order_of_firewall_rules_can_be_chosen() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    let add = ["/ip/firewall/filter/add", "=chain=forward"];
    let nowhere = client.trap(&[&add[..], &["=comment=x", "=place-before=0"]].concat()).await;
    assert_eq!(nowhere, "no such item");
    client.ask(&[&add[..], &["=comment=b"]].concat()).await;
    client.ask(&[&add[..], &["=comment=a", "=place-before=0"]].concat()).await;
    client.ask(&[&add[..], &["=comment=c"]].concat()).await;
    client.ask(&["/ip/firewall/filter/move", "=.id=*3", "=destination=*2"]).await;
    let rules = client.rows(&["/ip/firewall/filter/print", "=.proplist=comment"]).await;
    let comments: Vec<_> = rows_of(&rules, "comment");
    assert_eq!(comments, ["c", "a", "b"]);
}

fn rows_of<'a>(rows: &'a [crate::client::Row], name: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row.get(name)).collect()
}

#[tokio::test]
async fn removing_an_active_session_throws_the_customer_out() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a")]).unwrap();
    let mut events = router.events();
    router.dial("a", "02:5D:00:00:00:01").unwrap();
    let mut client = Client::login(&router).await;
    assert_eq!(client.rows(&["/interface/print", "?name=<pppoe-a>"]).await.len(), 1);
    assert_eq!(client.ask(&["/ppp/active/remove", "=.id=*1"]).await, [["!done"]]);
    assert_eq!(
        events.recv().await.unwrap(),
        LifeEvent::Closed { user: "a".into(), id: 1, cause: Cause::Kicked }
    );
    assert!(router.sessions().is_empty());
    assert_eq!(client.rows(&["/interface/print", "?name=<pppoe-a>"]).await.len(), 0);
    let secret = &client.rows(&["/ppp/secret/print"]).await[0];
    assert_eq!(secret.get("last-disconnect-reason"), Some("nas-request"));
}

#[tokio::test]
async fn a_disabled_secret_or_a_missing_one_does_not_dial_in() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a"), ("disabled", "yes")]).unwrap();
    assert_eq!(router.dial("a", "m").unwrap_err(), DialError::Disabled);
    assert_eq!(router.dial("b", "m").unwrap_err(), DialError::NoSuchUser);
    router.set("ppp/secret", Some(1), &[("disabled", "no"), ("remote-address", "10.1.2.3")]).unwrap();
    assert_eq!(router.dial("a", "m").unwrap().address, "10.1.2.3");
}

#[tokio::test]
async fn a_profile_with_an_address_list_marks_the_customers_address() {
    let router = router("7.18").await;
    router.add("ppp/profile", &[("name", "imsys-suspended"), ("address-list", "imsys-suspended")]).unwrap();
    router.add("ppp/secret", &[("name", "a"), ("profile", "imsys-suspended")]).unwrap();
    let session = router.dial("a", "02:5D:00:00:00:01").unwrap();
    let mut client = Client::login(&router).await;
    let print = ["/ip/firewall/address-list/print", "?list=imsys-suspended"];
    let rows = client.rows(&print).await;
    assert_eq!((rows[0].get("address"), rows[0].get("dynamic")), (Some(&*session.address), Some("true")));
    router.hang_up(session.id, Cause::PeerRequest);
    assert_eq!(client.rows(&print).await.len(), 0);
}

#[tokio::test]
async fn groups_without_a_policy_are_refused() {
    let router = router("7.18").await;
    router.add("user/group", &[("name", "reader"), ("policy", "read,api")]).unwrap();
    router.add("user/group", &[("name", "blind"), ("policy", "api,write")]).unwrap();
    for name in ["reader", "blind"] {
        router.add("user", &[("name", name), ("group", name), ("password", "p")]).unwrap();
    }
    let denied = "not enough permissions (9)";
    let mut reader = Client::login_as(&router, "reader", "p").await;
    assert_eq!(reader.rows(&["/system/identity/print"]).await.len(), 1);
    assert_eq!(reader.trap(&["/ppp/secret/add", "=name=a"]).await, denied);
    let mut blind = Client::login_as(&router, "blind", "p").await;
    assert_eq!(blind.trap(&["/system/identity/print"]).await, denied);
    assert_eq!(blind.ask(&["/ppp/secret/add", "=name=a"]).await, [["!done", "=ret=*1"]]);
    assert_eq!(blind.trap(&["/user/add", "=name=x", "=group=full"]).await, denied);
}

#[tokio::test]
async fn disabling_the_api_service_refuses_new_connections() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    client.ask(&["/ip/service/set", "=.id=api", "=disabled=yes"]).await;
    assert!(!router.reach().answers);
    until("the port is closed", || std::net::TcpStream::connect(router.address()).is_err()).await;
    client.ask(&["/ip/service/set", "=.id=api", "=disabled=no"]).await;
    until("the port is open", || std::net::TcpStream::connect(router.address()).is_ok()).await;
}

#[tokio::test]
async fn the_api_service_admits_only_its_addresses() {
    for (version, column) in [("7.18", "address"), ("7.24", "available-from")] {
        let router = router(version).await;
        router.set("ip/service", Some(6), &[("address", "10.255.0.1/32")]).unwrap();
        assert_eq!(router.get("ip/service", "api", column).as_deref(), Some("10.255.0.1/32"));
        assert!(Client::connect(router.address()).await.is_closed().await);
        router.set("ip/service", Some(6), &[("address", "10.255.0.1/32,127.0.0.0/8")]).unwrap();
        Client::login(&router).await;
    }
}

#[tokio::test]
async fn sessions_past_the_limit_are_closed_at_once_from_7_16_on() {
    let router = router("7.18").await;
    router.set("ip/service", Some(6), &[("max-sessions", "2")]).unwrap();
    let (_one, mut two) = (Client::login(&router).await, Client::login(&router).await);
    assert!(Client::connect(router.address()).await.is_closed().await);
    two.ask(&["/quit"]).await;
    assert!(two.is_closed().await);
    // The place is free as soon as the router has noticed that the other left.
    let mut next = Client::connect(router.address()).await;
    while next.try_login().await.is_none() {
        next = Client::connect(router.address()).await;
    }
    let old = self::router("7.12").await;
    assert!(old.set("ip/service", Some(6), &[("max-sessions", "2")]).is_err());
}
