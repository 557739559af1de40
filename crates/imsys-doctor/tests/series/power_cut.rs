//! What a power cut leaves of the journal.

use crate::{DAY_0, at, key, open, sample};
use imsys_doctor::builtin::series::Range;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

/// The journal of a store that was opened once.
fn journal(folder: &Path) -> PathBuf {
    folder.join("series.db.points-0")
}

/// Two batches of two points; how long the journal was after each.
fn two_batches(folder: &Path) -> [u64; 2] {
    let store = open(&folder.join("series.db"));
    [0, 1].map(|batch| {
        let second = DAY_0 + 600 * batch;
        let (one, other) = (sample(&key(1, "cpu"), second, 1.5), sample(&key(1, "cpu"), second + 300, 2.5));
        store.append(&[one, other], at(second)).expect("it appends");
        std::fs::metadata(journal(folder)).expect("there is a journal").len()
    })
}

fn seconds_after(folder: &Path) -> (Vec<u32>, u64) {
    let store = open(&folder.join("series.db"));
    let Range::Points(points) =
        store.range(&key(1, "cpu"), at(DAY_0), at(DAY_0 + 3600), 100).expect("it answers")
    else {
        panic!("plain points")
    };
    (points.iter().map(|point| point.at - DAY_0).collect(), store.stats().torn_bytes)
}

/// Opens copies of the folder after `harm` was done to their journal.
fn after(folder: &Path, harm: impl Fn(&Path)) -> (Vec<u32>, u64) {
    let copy = tempfile::tempdir().expect("there is a place for temporary files");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let entry = entry.expect("it can be read");
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("it can be copied");
    }
    harm(&journal(copy.path()));
    seconds_after(copy.path())
}

#[test]
fn a_journal_that_ends_anywhere_in_its_last_batch_keeps_those_before() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let [first, second] = two_batches(folder.path());
    for length in first..second {
        let cut = |journal: &Path| {
            OpenOptions::new().write(true).open(journal).unwrap().set_len(length).unwrap();
        };
        assert_eq!(after(folder.path(), cut), (vec![0, 300], length - first), "cut at {length}");
    }
    assert_eq!(after(folder.path(), |_| {}), (vec![0, 300, 600, 900], 0));
}

#[test]
fn a_last_batch_that_was_written_in_part_is_cut() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let [first, second] = two_batches(folder.path());
    for byte in first..second {
        let harm = |journal: &Path| {
            let mut bytes = std::fs::read(journal).unwrap();
            bytes[byte as usize] ^= 0x40;
            std::fs::write(journal, bytes).unwrap();
        };
        assert_eq!(after(folder.path(), harm), (vec![0, 300], second - first), "byte {byte}");
    }
    // Its length was durable, and none of its blocks.
    let zeros = |journal: &Path| {
        let mut bytes = std::fs::read(journal).unwrap();
        bytes[first as usize..].fill(0);
        std::fs::write(journal, bytes).unwrap();
    };
    assert_eq!(after(folder.path(), zeros), (vec![0, 300], second - first));
}

#[test]
fn a_journal_of_which_only_the_name_was_durable_is_empty() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    two_batches(folder.path());
    for length in 0..8 {
        let cut = |journal: &Path| {
            OpenOptions::new().write(true).open(journal).unwrap().set_len(length).unwrap();
        };
        assert_eq!(after(folder.path(), cut), (vec![], length));
    }
}

#[test]
fn what_is_appended_after_a_cut_is_not_behind_it() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let [first, _] = two_batches(folder.path());
    OpenOptions::new().write(true).open(journal(folder.path())).unwrap().set_len(first + 5).unwrap();
    let store = open(&folder.path().join("series.db"));
    store.append(&[sample(&key(1, "cpu"), DAY_0 + 1200, 1.0)], at(DAY_0 + 1200)).expect("it appends");
    drop(store);
    assert_eq!(seconds_after(folder.path()).0, [0, 300, 1200]);
}
