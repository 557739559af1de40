//! A router that says what a test wants, over the real protocol, and what was recorded of real ones.

use routeros::client::{Client, ClientOptions};
use routeros::codec::{Decoder, Limits, encode_sentence};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// A row: names and values as on the wire.
pub(super) type Row = Vec<(String, String)>;

/// What the router does with a command.
#[derive(Clone)]
pub(super) enum Reply {
    Rows(Vec<Row>),
    /// These rows, after a second in which nothing else is answered.
    Slow(Vec<Row>),
    Trap(&'static str),
    /// It never answers.
    Hang,
    /// It says why and hangs up.
    Fatal,
    /// It hangs up.
    Close,
}

impl Reply {
    /// Rows have the fields that are asked for, and no others.
    fn with_only(mut self, words: &[String]) -> Self {
        let asked = words.iter().find_map(|word| word.strip_prefix("=.proplist="));
        if let (Some(asked), Self::Rows(rows) | Self::Slow(rows)) = (asked, &mut self) {
            for row in rows {
                row.retain(|(name, _)| asked.split(',').any(|field| field == name));
            }
        }
        self
    }
}

/// Commands that were heard: the words without the tag.
pub(super) type Heard = Arc<Mutex<Vec<Vec<String>>>>;

/// A client of a router that answers each command by `answer`.
pub(super) fn router(answer: impl FnMut(&[String]) -> Reply + Send + 'static) -> (Client, Heard) {
    let (ours, theirs) = duplex(4096);
    let heard = Heard::default();
    tokio::spawn(serve(theirs, Arc::clone(&heard), answer));
    let options = ClientOptions { keep_alive: None, ..ClientOptions::default() };
    (Client::new(ours, options), heard)
}

async fn serve(mut stream: DuplexStream, heard: Heard, mut answer: impl FnMut(&[String]) -> Reply) {
    let mut decoder = Decoder::new(Limits::default());
    loop {
        while let Some(sentence) = decoder.next().unwrap() {
            let mut words: Vec<String> =
                sentence.words().map(|word| String::from_utf8_lossy(word).into()).collect();
            let tag = words.iter().position(|word| word.starts_with(".tag=")).map(|at| words.remove(at));
            if words[0] == "/cancel" {
                if stream.write_all(&cancelled(&words, &tag.unwrap_or_default())).await.is_err() {
                    return;
                }
                continue;
            }
            let reply = answer(&words).with_only(&words);
            heard.lock().unwrap().push(words);
            if matches!(reply, Reply::Slow(_)) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let Some(wire) = write(&reply, &tag.unwrap_or_default()) else { return };
            if stream.write_all(&wire).await.is_err() || matches!(reply, Reply::Fatal) {
                return;
            }
        }
        if stream.read_buf(decoder.read_buffer()).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

/// Both commands end, as RouterOS does it.
fn cancelled(words: &[String], tag: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    let other = words[1].replace("=tag=", ".tag=");
    for sentence in [
        vec!["!trap", "=category=2", "=message=interrupted", &other],
        vec!["!done", tag],
        vec!["!done", &other],
    ] {
        encode_sentence(sentence.iter().filter(|word| !word.is_empty()), &mut wire).unwrap();
    }
    wire
}

/// `None`: nothing more is said.
fn write(reply: &Reply, tag: &str) -> Option<Vec<u8>> {
    let mut wire = Vec::new();
    let mut say = |words: Vec<String>| {
        encode_sentence(words.iter().filter(|word| !word.is_empty()), &mut wire).unwrap();
    };
    let done = vec!["!done".to_owned(), tag.to_owned()];
    match reply {
        Reply::Rows(rows) | Reply::Slow(rows) => {
            for row in rows {
                let attributes = row.iter().map(|(name, value)| format!("={name}={value}"));
                say(["!re".to_owned()].into_iter().chain(attributes).chain([tag.to_owned()]).collect());
            }
            say(done);
        }
        Reply::Trap(message) => {
            say(vec!["!trap".into(), format!("=message={message}"), tag.into()]);
            say(done);
        }
        Reply::Fatal => say(vec!["!fatal".into(), "session terminated".into()]),
        Reply::Hang => {}
        Reply::Close => return None,
    }
    Some(wire)
}

/// How often a command was heard.
pub(super) fn count(heard: &Heard, path: &str) -> usize {
    heard.lock().unwrap().iter().filter(|words| words.first().is_some_and(|word| word == path)).count()
}

/// A row that no recording has, in the words of the manual.
pub(super) fn by_hand(cells: &[(&str, &str)]) -> Row {
    cells.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Row number `n` that was recorded of `menu` on `version`, or on one that begins so; `None`, with a line
/// that says so, where the recordings are not beside the repository.
pub(super) fn recorded(menu: &str, version: &str, n: usize) -> Option<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/routeros/fixtures.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/data is not here");
        return None;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let of_menu = || all["fixtures"].as_array().unwrap().iter().filter(|fixture| fixture["menu"] == menu);
    let begins = |fixture: &&Value| fixture["ros"].as_str().is_some_and(|ros| ros.starts_with(version));
    let fixture = of_menu().find(|fixture| fixture["ros"] == version).or_else(|| of_menu().find(begins));
    let fixture = fixture.unwrap();
    Some(spell(&fixture["rows"][n]))
}

/// A recording may hold what a program made of the words, or the letters of a terminal.
fn spell(row: &Value) -> Row {
    let mut cells = Row::new();
    for (name, value) in row.as_object().unwrap() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match name.as_str() {
            "flags" => {
                for (letter, flag) in
                    [('D', "dynamic"), ('C', "complete"), ('X', "disabled"), ('I', "invalid")]
                {
                    cells.push((flag.to_owned(), text.contains(letter).to_string()));
                }
            }
            "note" => {}
            // Where the recording was made unreadable on purpose.
            "address" if text == "A" => {}
            _ => cells.push((name.clone(), text)),
        }
    }
    cells
}
