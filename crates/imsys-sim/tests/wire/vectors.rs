//! The simulator against conversations that other people recorded. The recordings stay where they are.

use serde_json::Value;

use crate::client::{Client, router, router_with};
use imsys_sim::router::{Cause, TagPlace};

/// A recorded file, or `None` with one line said when the folder is not here.
pub(crate) fn recorded(name: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/data/routeros/{name}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::read(path) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(_) if std::env::var_os("CI").is_some_and(|value| value == "true") => {
            panic!("../shared/data is not here")
        }
        Err(_) => {
            println!("skipped: ../shared/data is not here");
            None
        }
    }
}

fn transcript<'a>(vectors: &'a Value, name: &str) -> Vec<(String, Vec<String>)> {
    let all = vectors["transcripts"].as_array().unwrap();
    let found: &'a Value =
        all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no transcript {name}"));
    let words = |line: &Value| {
        line["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    found["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["dir"].as_str().unwrap().to_owned(), words(line)))
        .collect()
}

/// Plays the client's side and compares the router's.
async fn play(client: &mut Client, lines: &[(String, Vec<String>)]) {
    for (direction, words) in lines {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if direction == "C" {
            client.send(&words).await;
        } else {
            assert_eq!(client.read().await.unwrap(), words);
        }
    }
}

#[tokio::test]
async fn recorded_logins_are_answered_alike() {
    let Some(vectors) = recorded("vectors.json") else { return };
    for (name, version, password) in [
        ("login post-6.43 ok", "7.18", "xxx"),
        ("login post-6.43 bad", "7.12", "other"),
        ("too many logins on one connection", "6.49", "good"),
    ] {
        let router = router_with(version, |config| {
            config.user = "admin".into();
            config.password = password.into();
        })
        .await;
        play(&mut Client::connect(router.address()).await, &transcript(&vectors, name)).await;
    }
}

#[tokio::test]
async fn recorded_endings_and_empty_prints_are_answered_alike() {
    let Some(vectors) = recorded("vectors.json") else { return };
    for (name, version) in
        [("quit", "6.49"), ("quit", "7.18"), ("add returns id in ret", "7.23"), ("wrong value", "7.18")]
    {
        let router = router(version).await;
        let mut lines = transcript(&vectors, name);
        if name == "add returns id in ret" {
            for octet in 1..3 {
                router
                    .add("ip/address", &[("address", &format!("10.0.{octet}.1/24")), ("interface", "ether2")])
                    .unwrap();
            }
        }
        lines.retain(|(_, words)| !words.is_empty());
        play(&mut Client::login(&router).await, &lines).await;
    }
    for (name, version) in [("print nothing, <=7.17", "7.12"), ("print nothing, >=7.18", "7.18")] {
        let router = router(version).await;
        let mut lines = transcript(&vectors, name);
        // The recording asks for routes, which no simulated router has; addresses are as empty.
        lines[0].1[0] = "/ip/address/print".into();
        play(&mut Client::login(&router).await, &lines).await;
    }
}

#[tokio::test]
async fn recorded_listens_end_alike_with_tags_first_and_last() {
    let Some(vectors) = recorded("vectors.json") else { return };
    for (name, place) in [
        ("listen then cancel (tag first, .dead=true)", TagPlace::First),
        (
            "listen then cancel (same on 7.23.1: .dead=true, trap cat 2, done(cancel), done(listen))",
            TagPlace::Last,
        ),
    ] {
        let router = router_with("7.23", |config| config.tags = place).await;
        let mut client = Client::login(&router).await;
        let lines = transcript(&vectors, name);
        let cancel = lines.iter().position(|(_, words)| words[0] == "/cancel").unwrap();
        play(&mut client, &lines[..1]).await;
        play(&mut client, &lines[cancel..]).await;
    }
}

#[tokio::test]
async fn recorded_query_cases_select_the_recorded_number_of_rows() {
    let Some(vectors) = recorded("vectors.json") else { return };
    let router = router("7.23").await;
    let mut client = Client::login(&router).await;
    for id in ["*2", "*3", "*4"] {
        router.vanish("interface", u32::from_str_radix(&id[1..], 16).unwrap());
    }
    router.appear("interface", &[("name", b"lo"), ("type", b"loopback"), ("actual-mtu", b"65536")]);
    for case in vectors["query_words"]["cases"].as_array().unwrap() {
        let Some(expected) = case["rows"].as_u64() else { continue };
        let mut words = vec!["/interface/print"];
        words.extend(case["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()));
        assert_eq!(client.rows(&words).await.len() as u64, expected, "{case}");
    }
}

#[tokio::test]
async fn every_trap_text_used_here_was_recorded() {
    let Some(vectors) = recorded("vectors.json") else { return };
    let known: Vec<&str> = vectors["trap_messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trap| trap["message"].as_str().unwrap())
        .collect();
    let router = router("7.18").await;
    router.add("user/group", &[("name", "blind"), ("policy", "api")]).unwrap();
    router.add("user", &[("name", "blind"), ("group", "blind"), ("password", "p")]).unwrap();
    let mut client = Client::login(&router).await;
    client.ask(&["/ip/address/add", "=address=10.0.0.1/24", "=interface=ether1"]).await;
    client.ask(&["/ip/firewall/address-list/add", "=list=l", "=address=10.0.0.1"]).await;
    client.ask(&["/ppp/secret/add", "=name=a"]).await;
    let commands: [&[&str]; 9] = [
        &["/ppp/secret/frobnicate"],
        &["frobnicate"],
        &["/ppp/secret/remove", "=.id=*99"],
        &["/ppp/secret/remove"],
        &["/ip/address/add", "=address=10.0.0.1/24", "=interface=ether1"],
        &["/ip/firewall/address-list/add", "=list=l", "=address=10.0.0.1"],
        &["/ppp/secret/add", "=name=a"],
        &["/system/health/print"],
        &["/interface/set", "=.id=ether2", "=name=ether1"],
    ];
    for words in commands {
        let said = client.trap(words).await;
        assert!(known.iter().any(|text| text.starts_with(&said)), "{said}");
    }
    let said = Client::login_as(&router, "blind", "p").await.trap(&["/system/identity/print"]).await;
    assert!(known.contains(&&*said), "{said}");
}

#[tokio::test]
async fn the_session_table_has_the_shape_of_the_recorded_one() {
    let Some(fixtures) = recorded("fixtures.json") else { return };
    let fixtures = fixtures["fixtures"].as_array().unwrap();
    let row = |ros: &str| {
        let found = fixtures.iter().find(|one| one["menu"] == "/ppp/active/print" && one["ros"] == ros);
        found.unwrap()["rows"][0].as_object().unwrap()
    };
    for (version, ros) in [("7.18", "7.x"), ("6.49", "6/7")] {
        let router = router(version).await;
        router.add("ppp/secret", &[("name", "a")]).unwrap();
        let session = router.dial("a", "D0:D0:4B:36:7C:C1").unwrap();
        let mut client = Client::login(&router).await;
        let shown = &client.rows(&["/ppp/active/print"]).await[0];
        let mut names: Vec<&str> = shown
            .0
            .iter()
            .filter_map(|word| word.strip_prefix('=')?.split_once('='))
            .map(|(name, _)| name)
            .collect();
        let mut recorded: Vec<&str> = row(ros).keys().map(String::as_str).collect();
        names.sort_unstable();
        recorded.sort_unstable();
        assert_eq!(names, recorded, "{version}");
        router.hang_up(session.id, Cause::PeerRequest);
    }
}
