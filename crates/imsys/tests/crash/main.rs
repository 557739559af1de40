//! A server that is killed loses nothing that it acknowledged. `bench/product` runs the same with the
//! release binary, and more often.

mod kills;
mod server;

use kills::{Way, run};
use std::path::Path;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_imsys");
const MOST: Duration = Duration::from_millis(600);

#[test]
fn no_acknowledged_event_is_lost_when_the_server_is_killed() {
    let report = run(Path::new(BINARY), 5, MOST, Way::Straight);
    assert!(report.acknowledged > 0, "nothing was tried: {report:?}");
    assert_eq!(report.lost, 0, "{report:?}");
    assert_eq!(report.restarts.len(), report.kills);
}

#[test]
fn who_answers_before_the_commit_is_found_out() {
    let report = run(Path::new(BINARY), 5, MOST, Way::Hasty);
    assert!(report.lost > 0, "{report:?}");
}
