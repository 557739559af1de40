use imsys_sim::router::TagPlace;

use crate::client::{Client, router, router_with};

#[tokio::test]
async fn an_empty_result_is_announced_from_7_18_on() {
    for (version, expected) in [("7.12", vec![vec!["!done"]]), ("7.18", vec![vec!["!empty"], vec!["!done"]])]
    {
        let router = router(version).await;
        let mut client = Client::login(&router).await;
        assert_eq!(client.ask(&["/ppp/secret/print", "=.proplist=.id", "?=comment=test"]).await, expected);
    }
}

#[tokio::test]
async fn proplist_selects_and_an_unset_property_gives_an_empty_row() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a"), ("password", "p")]).unwrap();
    router.add("ppp/secret", &[("name", "b"), ("comment", "Simulated customer 0001")]).unwrap();
    let mut client = Client::login(&router).await;
    let reply = client.ask(&["/ppp/secret/print", "=.proplist=comment"]).await;
    assert_eq!(reply, [&["!re"][..], &["!re", "=comment=Simulated customer 0001"], &["!done"]]);
    let reply = client.ask(&["/ppp/secret/print", "=.proplist=.id,name,disabled", "?name=b"]).await;
    assert_eq!(reply, [&["!re", "=.id=*2", "=name=b", "=disabled=false"][..], &["!done"]]);
}

#[tokio::test]
async fn count_only_and_get_answer_in_ret() {
    let router = router("7.18").await;
    router.add("ppp/secret", &[("name", "a"), ("profile", "default")]).unwrap();
    let mut client = Client::login(&router).await;
    assert_eq!(client.ask(&["/ppp/secret/print", "=count-only="]).await, [["!done", "=ret=1"]]);
    let got = client.ask(&["/ppp/secret/get", "=.id=a", "=value-name=profile"]).await;
    assert_eq!(got, [["!done", "=ret=default"]]);
    let got = client.ask(&["/system/identity/get", "=value-name=name"]).await;
    assert_eq!(got, [["!done", "=ret=sim"]]);
    assert_eq!(client.trap(&["/ppp/secret/get", "=.id=*99", "=value-name=name"]).await, "no such item");
}

#[tokio::test]
async fn tags_come_back_on_every_sentence_at_either_place() {
    for (place, row) in [
        (TagPlace::First, ["!re", ".tag=x7", "=name=sim"]),
        (TagPlace::Last, ["!re", "=name=sim", ".tag=x7"]),
    ] {
        let router = router_with("7.18", |config| config.tags = place).await;
        let mut client = Client::login(&router).await;
        let reply = client.ask(&["/system/identity/print", ".tag=x7"]).await;
        assert_eq!(reply, [&row[..], &["!done", ".tag=x7"]]);
        let reply = client.ask(&["/ppp/nonsense", ".tag=x7"]).await;
        assert!(reply.iter().all(|sentence| sentence.contains(&".tag=x7".to_owned())), "{reply:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_utf8_come_back_as_they_went_in() {
    let router = router("6.49").await;
    let mut client = Client::login(&router).await;
    let add: [&[u8]; 3] = [b"/ppp/secret/add", b"=name=caf\xe9", b"=comment=\x80 = \x00\r\n"];
    client.send_bytes(add).await;
    assert_eq!(client.read_bytes().await.unwrap(), [b"!done".to_vec(), b"=ret=*1".to_vec()]);
    client.send_bytes([&b"/ppp/secret/print"[..], b"=.proplist=name,comment", b"?name=caf\xe9"]).await;
    let row = client.read_bytes().await.unwrap();
    assert_eq!(row, [b"!re".to_vec(), b"=name=caf\xe9".to_vec(), b"=comment=\x80 = \x00\r\n".to_vec()]);
}

#[tokio::test]
async fn passwords_are_shown_only_to_groups_that_may_see_them() {
    let router = router("7.18").await;
    router.add("user/group", &[("name", "plain"), ("policy", "read,api")]).unwrap();
    router.add("user", &[("name", "plain"), ("group", "plain"), ("password", "p")]).unwrap();
    router.add("ppp/secret", &[("name", "a"), ("password", "hidden")]).unwrap();
    let print = ["/ppp/secret/print", "=.proplist=name,password"];
    let full = Client::login(&router).await.rows(&print).await;
    assert_eq!(full[0].get("password"), Some("hidden"));
    let plain = Client::login_as(&router, "plain", "p").await.rows(&print).await;
    assert_eq!((plain[0].get("name"), plain[0].get("password")), (Some("a"), None));
}

#[tokio::test]
async fn bad_queries_and_parameters_are_trapped() {
    let router = router("7.18").await;
    let mut client = Client::login(&router).await;
    assert_eq!(client.trap(&["/ppp/secret/print", "?#x"]).await, "invalid query");
    assert_eq!(client.trap(&["/ppp/secret/print", "=nonsense=1"]).await, "unknown parameter nonsense");
}

#[tokio::test]
async fn queries_join_several_tables_rows_as_documented() {
    let router = router("7.18").await;
    for (name, profile) in [("a", "default"), ("b", "default-encryption"), ("c", "default")] {
        router.add("ppp/secret", &[("name", name), ("profile", profile)]).unwrap();
    }
    let mut client = Client::login(&router).await;
    assert_eq!(client.rows(&secrets(&["?profile=default"])).await.len(), 2);
    assert_eq!(client.rows(&secrets(&["?name=a", "?name=b", "?#|"])).await.len(), 2);
    assert_eq!(client.rows(&secrets(&["?name=a", "?profile=default", "?#&!"])).await.len(), 2);
    assert_eq!(client.rows(&secrets(&["?.id=*3"])).await[0].get("name"), Some("c"));
    assert_eq!(client.rows(&secrets(&["?comment"])).await.len(), 0);
    assert_eq!(client.rows(&secrets(&["?-comment"])).await.len(), 3);
}

fn secrets<'a>(queries: &[&'a str]) -> Vec<&'a str> {
    [&["/ppp/secret/print", "=.proplist=name"], queries].concat()
}

#[tokio::test]
async fn twenty_thousand_rows_come_whole_and_in_order() {
    let router = router("7.18").await;
    for n in 0..20_000 {
        let name = format!("sim-{n:05}");
        router.appear("ppp/secret", &[("name", name.as_bytes())]);
    }
    let mut client = Client::login(&router).await;
    let rows = client.rows(&["/ppp/secret/print", "=.proplist=name,profile,disabled"]).await;
    assert_eq!(rows.len(), 20_000);
    assert_eq!(rows[19_999].get("name"), Some("sim-19999"));
}

#[tokio::test]
async fn a_long_print_is_interrupted_by_cancel() {
    let router = router("7.18").await;
    for n in 0..200_000 {
        let name = format!("sim-{n:06}");
        router.appear("ppp/secret", &[("name", name.as_bytes())]);
    }
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/secret/print", ".tag=1"]).await;
    assert_eq!(client.read().await.unwrap()[0], "!re");
    client.send(&["/cancel", "=tag=1", ".tag=2"]).await;
    let mut rows = 1;
    let trap = loop {
        let sentence = client.read().await.unwrap();
        if sentence[0] != "!re" {
            break sentence;
        }
        rows += 1;
    };
    assert!(rows < 200_000);
    assert_eq!(trap, ["!trap", "=category=2", "=message=interrupted", ".tag=1"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=2"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=1"]);
}
