//! What was acknowledged survives: `kill -9` at any point, and the disk is asked before the answer.
//!
//! The tests run this binary again as a child: [`the_child`] then plays the part it is told.

mod kill;
mod sync;

use imsys_store::{Store, sqlite};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Which part the child plays.
const PART: &str = "IMSYS_TEST_PART";
/// The file of the child's store.
const FILE: &str = "IMSYS_TEST_FILE";

/// This binary again, playing `part` on the store in `file`; its standard output is a pipe.
fn child(part: &str, file: &Path) -> Command {
    let mut child = Command::new(std::env::current_exe().expect("a test knows where it is"));
    child
        .args(["the_child", "--exact", "--nocapture"])
        .env(PART, part)
        .env(FILE, file)
        .stdout(Stdio::piped());
    child
}

fn open(file: &Path) -> Arc<dyn Store> {
    sqlite::open(file).expect("the store opens")
}

#[test]
fn the_child() {
    let Ok(part) = std::env::var(PART) else { return };
    let store = open(Path::new(&std::env::var_os(FILE).expect("the child is told its file")));
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    threads.expect("threads can be made").block_on(async {
        match part.as_str() {
            "write" => kill::write_until_killed(store).await,
            "count" => sync::write_and_count(store).await,
            other => panic!("there is no part {other}"),
        }
    });
}
