//! The disk is asked to keep a batch before it is answered, counted beneath the store.

use crate::{DAY_0, at, key, open, sample};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const BATCHES: u32 = 100;
/// The file of the child's store.
const FILE: &str = "IMSYS_TEST_COUNTED";
/// The file whose length is the count: see `count_sync.c` of the store's tests.
const COUNT: &str = "IMSYS_COUNT_SYNC";

fn counted() -> u64 {
    let file = std::env::var_os(COUNT).expect("the child is told where the count is");
    std::fs::metadata(file).map_or(0, |count| count.len())
}

/// The child: appends, and says at how many batches the disk was not asked.
#[test]
fn the_child() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let store = open(Path::new(&file));
    let forgotten = (0..BATCHES).filter(|n| {
        let before = counted();
        store.append(&[sample(&key(1, "cpu"), DAY_0 + n, 1.0)], at(DAY_0 + n)).expect("it appends");
        counted() == before
    });
    writeln!(std::io::stdout(), "forgotten {}", forgotten.count()).expect("somebody listens");
}

/// The library that counts; `None` where there is no C compiler.
fn library() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../imsys-store/tests/durable/count_sync.c");
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libcount_sync_series.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
    built.is_ok_and(|status| status.success()).then_some(library)
}

#[test]
fn every_answer_was_kept_by_the_disk_first() {
    let Some(library) = library() else {
        assert!(std::env::var_os("CI").is_none(), "CI needs a C compiler (`cc`) for this test");
        println!("skipped: there is no C compiler (`cc`) here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let mut child = Command::new(std::env::current_exe().expect("a test knows where it is"));
    child.args(["sync::the_child", "--exact", "--nocapture"]).env(FILE, folder.path().join("series.db"));
    let output = child.env("LD_PRELOAD", library).env(COUNT, folder.path().join("count")).output();
    let output = output.expect("the child starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("forgotten 0"), "the child said: {said}");
}
