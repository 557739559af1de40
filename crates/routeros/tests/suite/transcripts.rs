//! Recorded conversations, with our client in the place of the recorded one.

use std::collections::HashMap;

use routeros::{
    AnyRow,
    client::{Change, Client, CloseReason, Command, Error, LoginForm, Reply, Trap, TrapKind},
    codec::{Decoder, Limits, encode_sentence},
    value::Text,
};
use serde_json::Value;

use crate::{
    recorded::{list, load, text, texts},
    router::{LATER, Router, town},
};

/// What stands for `<32 hex>` in the recordings.
const CHALLENGE: &str = "93b438ec9b80057c06dd9fe67d56aa9a";

#[test]
fn every_recorded_sentence_survives_the_codec() {
    let Some(vectors) = load("vectors.json") else { return };
    for transcript in list(&vectors, "transcripts") {
        for line in list(transcript, "lines") {
            let words = texts(line, "words");
            let mut wire = Vec::new();
            encode_sentence(&words, &mut wire).unwrap();
            let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
            decoder.feed(&wire);
            let read = decoder.next().unwrap().unwrap();
            assert!(read.words().eq(words.iter().map(|word| word.as_bytes())), "{line}");
            assert_eq!(read.kind().is_some(), line["dir"] == "S", "{line}");
            let tag = words.iter().find_map(|word| word.strip_prefix(".tag="));
            assert_eq!(read.tag(), tag.map(str::as_bytes), "{line}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_recorded_conversation_is_understood() {
    let Some(vectors) = load("vectors.json") else { return };
    for transcript in list(&vectors, "transcripts") {
        let name = text(transcript, "name");
        println!("{name}");
        let (client, mut router) = town();
        tokio::join!(play(&mut router, transcript), act(&client, name, transcript));
    }
}

/// The router's part: hears what the client must say and answers as recorded. Tags are the
/// client's own; they stand for the recorded ones in the order in which they appear.
async fn play(router: &mut Router, transcript: &Value) {
    let mut tags = HashMap::new();
    if text(transcript, "name") == "untagged cancel of tagged fetch" {
        let (_, tag) = router.hear_tagged().await;
        tags.insert(".tag=1".to_owned(), tag);
    }
    for line in list(transcript, "lines") {
        let words: Vec<String> = texts(line, "words").into_iter().map(fill_in).collect();
        if line["dir"] == "C" {
            hear(router, words, &mut tags).await;
        } else {
            let last = tags.get("last").cloned();
            let mut said: Vec<String> =
                words.iter().map(|word| tags.get(word).unwrap_or(word).clone()).collect();
            let tagged = said.iter().any(|word| word.starts_with(".tag="));
            if let (false, Some(tag)) = (tagged || said[0] == "!fatal", last) {
                said.push(tag);
            }
            router.say(&said).await;
        }
    }
}

fn fill_in(word: &str) -> String {
    word.replace("00<32 hex>", &routeros::challenge::response("xxx", CHALLENGE).unwrap())
        .replace("<32 hex>", CHALLENGE)
}

/// Compares a command without tags and remembers which tag is whose.
async fn hear(router: &mut Router, mut expected: Vec<String>, tags: &mut HashMap<String, String>) {
    let mut heard = router.hear().await;
    let own = take_tag(&mut heard);
    if let Some(own) = &own {
        tags.insert("last".into(), own.clone());
    }
    if let (Some(recorded), Some(own)) = (take_tag(&mut expected), own) {
        tags.insert(recorded, own);
    }
    if heard[0] == "/cancel" {
        let known = &tags[&format!(".{}", &expected[1][1..])];
        expected[1] = format!("={}", &known[1..]);
    }
    // `?=name=x` and `?name=x` mean the same.
    let expected: Vec<String> = expected.iter().map(|word| word.replacen("?=", "?", 1)).collect();
    assert_eq!(heard, expected);
}

fn take_tag(words: &mut Vec<String>) -> Option<String> {
    let position = words.iter().position(|word| word.starts_with(".tag="))?;
    Some(words.remove(position))
}

/// The operator's part: gives the recorded command and checks what comes of it.
async fn act(client: &Client, name: &str, transcript: &Value) {
    let command = || {
        let words = texts(&transcript["lines"][0], "words");
        words[1..].iter().fold(Command::new(words[0]), |command, word| {
            if let Some(query) = word.strip_prefix('?') {
                return command.query_word(query.trim_start_matches('='));
            }
            let Some((key, value)) = word[1..].split_once('=') else { panic!("{word}") };
            if word.starts_with('.') { command } else { command.attr(key, value) }
        })
    };
    let print = async || client.print::<AnyRow>(command(), LATER).await.map(|table| table.into_parts().0);
    let run = async || client.run(command(), LATER).await;
    let trap = |reply: Result<Reply, Error>| match reply {
        Err(Error::Trap(traps)) => Trap::clone(&traps),
        other => panic!("{name}: {other:?}"),
    };
    match name {
        "login post-6.43 ok" => client.login("admin", "xxx", LoginForm::Modern).await.unwrap(),
        "login pre-6.43 ok" => client.login("admin", "xxx", LoginForm::Challenge).await.unwrap(),
        "login pre-6.43 bad" => {
            assert_eq!(refused(client, "admin", "xxx", LoginForm::Challenge).await, TrapKind::BadLogin);
        }
        "login post-6.43 bad" => {
            let kind = refused(client, "userTest", "passTest", LoginForm::Modern).await;
            assert_eq!(kind, TrapKind::BadLogin);
        }
        "login radius timeout" => {
            assert_eq!(refused(client, "x", "y", LoginForm::Modern).await, TrapKind::LoginUnavailable);
        }
        "too many logins on one connection" => {
            for _ in 0..4 {
                assert_eq!(refused(client, "a", "bad", LoginForm::Modern).await, TrapKind::BadLogin);
            }
            let reason = CloseReason::Fatal("too many commands before login".into());
            assert_eq!(client.login("a", "bad", LoginForm::Modern).await, Err(Error::Closed(reason)));
        }
        "quit" => assert_eq!(client.close().await, CloseReason::Closed),
        "print nothing, <=7.17" | "print nothing, >=7.18" => assert_eq!(print().await, Ok(vec![])),
        "proplist of an unset property gives empty !re" => {
            assert_eq!(print().await, Ok(vec![AnyRow::default(); 7]));
        }
        "add returns id in ret" => assert_eq!(run().await.unwrap().ret, Some(Text::from("*3"))),
        "set/remove: bare done" => assert_eq!(run().await.unwrap().ret, None),
        "wrong value" => {
            let trap = trap(run().await);
            assert_eq!((trap.category, trap.kind()), (Some(1), TrapKind::BadValue));
        }
        "fetch progress is a stream of !re with .section" => {
            let rows = print().await.unwrap();
            let sections: Vec<_> = rows.iter().map(|row| row.get(".section").unwrap()).collect();
            assert_eq!(sections, ["0", "1", "12"]);
        }
        "oid proplist" => {
            let rows = print().await.unwrap();
            assert_eq!(rows[0].get("uptime.oid"), Some(".1.3.6.1.2.1.1.3.0"));
        }
        "untagged cancel of tagged fetch" => {
            let fetch = client.run(Command::new("/tool/fetch"), LATER / 2);
            assert_eq!(fetch.await, Err(Error::Deadline));
        }
        _ if name.starts_with("listen then cancel") => listen_to_its_end(client, transcript).await,
        _ => panic!("a new conversation: {name}"),
    }
}

async fn refused(client: &Client, name: &str, password: &str, form: LoginForm) -> TrapKind {
    match client.login(name, password, form).await {
        Err(Error::Trap(traps)) => traps.kind(),
        other => panic!("{other:?}"),
    }
}

/// Reads until the recorded death of the last row, then drops the listen.
async fn listen_to_its_end(client: &Client, transcript: &Value) {
    let path = texts(&transcript["lines"][0], "words")[0];
    let mut listen = client.listen::<AnyRow>(Command::new(path)).await.unwrap();
    loop {
        match listen.next().await.unwrap().unwrap() {
            Change::Row(row) => assert_eq!(row.get("interface"), Some("br-lan")),
            Change::Dead { id } => break assert!(id.is_some_and(|id| id.as_str().starts_with('*'))),
        }
    }
}

#[test]
fn every_recorded_trap_has_a_kind() {
    use TrapKind::{
        AlreadyExists, BadLogin, BadValue, Interrupted, LoginUnavailable, NoSuchCommand, NoSuchItem,
        NotPermitted, Other,
    };
    let kinds = [
        BadLogin,
        BadLogin,
        LoginUnavailable,
        NotPermitted,
        NotPermitted,
        NoSuchCommand,
        NoSuchCommand,
        NoSuchCommand,
        NoSuchItem,
        NoSuchItem,
        BadValue,
        BadValue,
        BadValue,
        AlreadyExists,
        AlreadyExists,
        AlreadyExists,
        AlreadyExists,
        Interrupted,
        Other,
    ];
    let Some(vectors) = load("vectors.json") else { return };
    let messages = list(&vectors, "trap_messages");
    assert_eq!(messages.len(), kinds.len());
    for (vector, kind) in messages.iter().zip(kinds) {
        let trap = Trap { category: None, message: text(vector, "message").into() };
        assert_eq!(trap.kind(), kind, "{vector}");
    }
}

#[test]
fn every_recorded_challenge_has_its_response() {
    let Some(vectors) = load("vectors.json") else { return };
    for vector in list(&vectors, "md5_challenge") {
        let response = routeros::challenge::response(text(vector, "password"), text(vector, "challenge"));
        assert_eq!(response.as_deref(), vector["response"].as_str(), "{vector}");
    }
    assert_eq!(routeros::challenge::response("", "abc"), None);
}

#[tokio::test(start_paused = true)]
async fn every_recorded_query_and_fatal_reason_is_carried() {
    let Some(vectors) = load("vectors.json") else { return };
    for case in list(&vectors["query_words"], "cases") {
        let words = texts(case, "words");
        let (client, mut router) = town();
        let command = words.iter().fold(Command::new("/x"), |command, word| command.query_word(&word[1..]));
        let (_cancelled, (heard, _)) = tokio::join!(client.run(command, LATER / 3600), router.hear_tagged());
        assert_eq!(heard[1..], words);
    }
    for reason in texts(&vectors, "fatal_reasons_bare_word") {
        let (client, mut router) = town();
        router.say(&["!fatal", reason]).await;
        assert_eq!(client.closed().await, CloseReason::Fatal(reason.into()));
    }
}
