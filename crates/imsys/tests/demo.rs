//! The demo checks itself, and notices when presence is broken.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

use imsys::demo::{DemoOptions, Report, run};
use imsys::stop;
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
    assert_eq!(json["services"]["wrong"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_notices_that_one_event_in_ten_is_hidden() {
    let report = check(25, true).await;
    let json = serde_json::to_value(&report).unwrap();
    assert!(!report.is_fine(), "{json:#}");
    assert!(json["services"]["wrong"].as_u64() > Some(0), "{json:#}");
}
