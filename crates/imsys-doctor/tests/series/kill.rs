//! A child that acknowledges batches on its standard output is killed, again and again.

use crate::dice::Dice;
use crate::{DAY_0, at, key, open, sample};
use imsys_doctor::builtin::series::{Range, Series};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const KILLS: u32 = 5;
/// What the child is told: the file, and its first batch.
const FILE: &str = "IMSYS_TEST_FILE";
const FIRST: &str = "IMSYS_TEST_FIRST";
/// Each batch has a point of each device.
const DEVICES: u8 = 20;

fn value(batch: u32, device: u8) -> f64 {
    f64::from(batch) + f64::from(device) / 100.0
}

fn second(batch: u32) -> u32 {
    DAY_0 + batch * 300
}

/// The child: appends and acknowledges for ever.
#[test]
fn the_child() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let first = std::env::var(FIRST).expect("the child is told").parse().expect("a number");
    let store = open(Path::new(&file));
    for batch in first.. {
        let points = (1..=DEVICES).map(|n| sample(&key(n, "signal"), second(batch), value(batch, n)));
        store.append(&points.collect::<Vec<_>>(), at(second(batch))).expect("it appends");
        writeln!(std::io::stdout(), "ack {batch}").expect("somebody listens");
    }
}

/// Lets a child append until it has acknowledged `enough` batches, and kills it. The last one it acknowledged.
fn kill_after(enough: u32, file: &Path, first: u32) -> u32 {
    let mut child = Command::new(std::env::current_exe().expect("a test knows where it is"));
    child.args(["kill::the_child", "--exact", "--nocapture"]).env(FILE, file).env(FIRST, first.to_string());
    let mut child = child.stdout(Stdio::piped()).spawn().expect("the child starts");
    let mut acknowledged = 0;
    let mut last = first;
    for line in BufReader::new(child.stdout.take().expect("its output is a pipe")).lines() {
        let line = line.expect("the pipe can be read");
        let Some((_, batch)) = line.split_once("ack ") else { continue };
        last = batch.parse().expect("a number");
        acknowledged += 1;
        if acknowledged == enough {
            child.kill().expect("the child runs until it is killed");
        }
    }
    child.wait().expect("the child is gone");
    assert!(acknowledged >= enough, "the child stopped by itself");
    last
}

/// Every acknowledged batch is there once: plain, and in the counts of days. The next batch.
fn verify(store: &Series, last: u32) -> u32 {
    let end = at(second(last + 2));
    for device in 1..=DEVICES {
        let key = key(device, "signal");
        let Range::Points(points) = store.range(&key, at(DAY_0), end, 10_000).expect("it answers") else {
            panic!("plain points")
        };
        // The one that was being appended may be there as well.
        assert!((last + 1..=last + 2).contains(&(points.len() as u32)), "{} of {last}", points.len());
        for (batch, point) in (0..).zip(&points) {
            assert_eq!((point.at, point.value), (second(batch), value(batch, device)));
        }
        let Range::Summaries { summaries, .. } = store.range(&key, at(DAY_0), end, 1).expect("it answers")
        else {
            panic!("summaries")
        };
        let count: u32 = summaries.iter().map(|summary| summary.count).sum();
        assert_eq!(count as usize, points.len(), "summaries count each point once");
    }
    assert_eq!(store.stats().damaged_rows, 0);
    last + 1
}

#[test]
fn what_was_acknowledged_is_there_once_after_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("killed.db");
    let mut dice = Dice::new(std::process::id().into());
    let mut first = 0;
    for _ in 0..KILLS {
        let last = kill_after(1 + dice.below(250), &file, first);
        first = verify(&open(&file), last);
        let check = rusqlite::Connection::open(&file)
            .and_then(|conn| conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
        assert_eq!(check, Ok("ok".into()));
    }
    println!("{first} batches survived {KILLS} kills");
}
