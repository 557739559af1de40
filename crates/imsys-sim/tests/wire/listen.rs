use imsys_sim::router::{Cause, Router};

use crate::client::{Client, Row, router};

async fn with_secret(version: &str) -> Router {
    let router = router(version).await;
    router.add("ppp/secret", &[("name", "sim-0001")]).unwrap();
    router
}

#[tokio::test]
async fn listen_pushes_sessions_that_begin_and_end() {
    let router = with_secret("7.18").await;
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/active/listen", ".tag=10"]).await;
    // The reply to a later command proves that the listen stands.
    client.send(&["/system/identity/print", ".tag=11"]).await;
    while client.read().await.unwrap()[0] != "!done" {}

    let session = router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    let up = Row(client.read().await.unwrap());
    assert_eq!((up.0[0].as_str(), up.get(".id"), up.get("name")), ("!re", Some("*1"), Some("sim-0001")));
    assert_eq!((up.get("caller-id"), up.get("uptime")), (Some("02:5D:00:00:00:01"), Some("0s")));
    assert_eq!(up.get("session-id"), Some("0x81100000"));
    assert!(router.hang_up(session.id, Cause::HungUp));
    assert_eq!(client.read().await.unwrap(), ["!re", "=.id=*1", "=.dead=true", ".tag=10"]);
}

#[tokio::test]
async fn cancelling_a_listen_answers_in_the_recorded_order() {
    let router = with_secret("7.18").await;
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/active/listen", ".tag=2"]).await;
    client.send(&["/cancel", "=tag=2", ".tag=3"]).await;
    assert_eq!(client.read().await.unwrap(), ["!trap", "=category=2", "=message=interrupted", ".tag=2"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=3"]);
    assert_eq!(client.read().await.unwrap(), ["!done", ".tag=2"]);
    router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    assert_eq!(client.ask(&["/cancel", "=tag=2"]).await, [["!done"]]);
}

#[tokio::test]
async fn cancel_without_a_tag_ends_all_listens() {
    let router = with_secret("7.12").await;
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/active/listen", ".tag=a"]).await;
    client.send(&["/ppp/secret/listen", ".tag=b"]).await;
    client.send(&["/system/identity/print", ".tag=c"]).await;
    while client.read().await.unwrap()[0] != "!done" {}
    client.send(&["/cancel"]).await;
    let mut words = Vec::new();
    for _ in 0..5 {
        words.push(client.read().await.unwrap()[0].clone());
    }
    assert_eq!(words, ["!trap", "!trap", "!done", "!done", "!done"]);
}

#[tokio::test]
async fn listen_takes_proplist_and_queries() {
    let router = with_secret("7.18").await;
    router.add("ppp/secret", &[("name", "sim-0002")]).unwrap();
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/active/listen", "=.proplist=.id,name", "?name=sim-0002", ".tag=1"]).await;
    client.send(&["/system/identity/print", ".tag=2"]).await;
    while client.read().await.unwrap()[0] != "!done" {}
    router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    router.dial("sim-0002", "02:5D:00:00:00:02").unwrap();
    assert_eq!(client.read().await.unwrap(), ["!re", "=.id=*2", "=name=sim-0002", ".tag=1"]);
}

#[tokio::test]
async fn changes_of_a_configured_table_are_pushed_whole() {
    let router = with_secret("7.18").await;
    let (mut watcher, mut writer) = (Client::login(&router).await, Client::login(&router).await);
    watcher.send(&["/ppp/secret/listen", "=.proplist=.id,comment", ".tag=1"]).await;
    watcher.send(&["/system/identity/print"]).await;
    while watcher.read().await.unwrap()[0] != "!done" {}
    writer.ask(&["/ppp/secret/set", "=.id=*1", "=comment=x"]).await;
    assert_eq!(watcher.read().await.unwrap(), ["!re", "=.id=*1", "=comment=x", ".tag=1"]);
    writer.ask(&["/ppp/secret/remove", "=.id=*1"]).await;
    assert_eq!(watcher.read().await.unwrap(), ["!re", "=.id=*1", "=.dead=true", ".tag=1"]);
}
