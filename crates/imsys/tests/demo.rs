//! The demo checks itself, and notices when presence is broken.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

use imsys::demo::{DemoOptions, Report, run};
use imsys::stop;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::sync::Mutex;

/// A demo needs the machine for itself: what is late there counts as wrong.
static TURN: Mutex<()> = Mutex::const_new(());

async fn check(seconds: u64, break_presence: bool) -> Report {
    let _turn = TURN.lock().await;
    let options = DemoOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: None,
        seed: 7,
        check: Some(Duration::from_secs(seconds)),
        break_presence,
    };
    let (_stopper, stop) = stop::channel();
    run(options, |_| {}, stop).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_minute_in_the_town_shows_nothing_wrong() {
    let report = check(25, false).await;
    let json = serde_json::to_value(&report).unwrap();
    assert!(report.is_fine(), "{json:#}");
    assert_eq!((&json["services"]["wrong"], &json["devices"]["wrong"]), (&json!(0), &json!(0)));
    assert!(
        json["devices"]["up"].as_u64() > Some(30) && json["devices"]["down"].as_u64() > Some(0),
        "{json:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_notices_that_one_event_in_ten_is_hidden() {
    let report = check(25, true).await;
    let json = serde_json::to_value(&report).unwrap();
    assert!(!report.is_fine(), "{json:#}");
    assert!(json["services"]["wrong"].as_u64() > Some(0), "{json:#}");
}

/// The demo as a program; ends with this value.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test]
async fn a_program_that_reads_the_first_line_and_no_more_does_not_end_the_demo() {
    let _turn = TURN.lock().await;
    let mut demo = Command::new(env!("CARGO_BIN_EXE_imsys"));
    demo.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut demo = Program(demo.spawn().unwrap());
    let mut first = String::new();
    BufReader::with_capacity(1, demo.0.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let at = first.strip_prefix("ready http://").unwrap().split('/').next().unwrap();
    let mut answer = String::new();
    let mut server = TcpStream::connect(at).unwrap();
    server.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    server.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(demo.0.try_wait().unwrap().is_none(), "it runs on");
}
