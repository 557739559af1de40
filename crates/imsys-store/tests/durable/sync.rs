//! How often the disk is asked to keep what was written, counted beneath SQLite.

use super::{child, open};
use imsys_store::Store;
use imsys_store::suite::Town;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const ALONE: i64 = 100;
const AT_ONCE: i64 = 256;
/// The file whose length is the count: see `count_sync.c`.
const COUNT: &str = "IMSYS_COUNT_SYNC";

fn counted() -> u64 {
    let file = std::env::var_os(COUNT).expect("the child is told where the count is");
    std::fs::metadata(file).map_or(0, |count| count.len())
}

/// The child: writes one after the other, then all at once, and says what each asked of the disk.
pub(crate) async fn write_and_count(store: Arc<dyn Store>) {
    let town = Town::found(store).await;
    let router = town.router("tower").await;
    town.service(router, "ana").await;
    let start = counted();
    for second in 0..ALONE {
        town.up(router, "ana", &format!("*{second}"), second).await;
    }
    let alone = counted();
    let mut tasks = tokio::task::JoinSet::new();
    for second in 0..AT_ONCE {
        let town = town.clone();
        tasks.spawn(async move { town.up(router, &format!("user-{second}"), "*F0", second).await });
    }
    tasks.join_all().await;
    let together = counted();
    writeln!(std::io::stdout(), "counted {} {}", alone - start, together - alone).expect("somebody listens");
}

/// The library that counts; `None` where there is no C compiler.
fn library() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/durable/count_sync.c");
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libcount_sync.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
    built.is_ok_and(|status| status.success()).then_some(library)
}

#[test]
fn every_answer_was_kept_by_the_disk_first_and_many_share_one_request() {
    let Some(library) = library() else {
        assert!(std::env::var_os("CI").is_none(), "CI needs a C compiler (`cc`) for this test");
        println!("skipped: there is no C compiler (`cc`) here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("counted.db");
    drop(open(&file));
    let mut child = child("count", &file);
    let output = child.env("LD_PRELOAD", library).env(COUNT, folder.path().join("count")).output();
    let output = output.expect("the child starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let counts = said.lines().find_map(|line| line.split_once("counted ")?.1.split_once(' '));
    let (alone, together) = counts.unwrap_or_else(|| panic!("the child said: {said}"));
    let (alone, together): (i64, i64) =
        (alone.parse().expect("a number"), together.parse().expect("a number"));
    assert!(alone >= ALONE, "{ALONE} answers, one after the other, asked the disk {alone} times only");
    assert!((1..AT_ONCE / 4).contains(&together), "{AT_ONCE} writes at once asked the disk {together} times");
    println!("{ALONE} writes alone: {alone} syncs; {AT_ONCE} at once: {together}");
}
