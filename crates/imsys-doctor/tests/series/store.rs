//! What the store promises, one by one.

use crate::{DAY, DAY_0, at, key, open, sample, small};
use imsys_doctor::builtin::series::codec::Point;
use imsys_doctor::builtin::series::{
    Appended, Options, Range, Refusal, Sample, Series, SeriesError, SeriesKey, copy, look_on,
};
use std::path::PathBuf;
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("series.db");
    (folder, file)
}

fn seconds(store: &Series, key: &SeriesKey) -> Vec<u32> {
    match store.range(key, at(DAY_0), at(DAY_0 + 34 * DAY), 10_000).expect("it answers") {
        Range::Points(points) => points.iter().map(|point| point.at).collect(),
        Range::Summaries { summaries, .. } => summaries.iter().map(|summary| summary.at).collect(),
    }
}

/// A day of points, five minutes apart, from `start`.
fn day(key: &SeriesKey, start: u32) -> Vec<Sample> {
    (0..288).map(|n| sample(key, start + n * 300, f64::from(n % 7))).collect()
}

#[test]
fn a_second_opener_is_refused_in_words_until_the_first_is_gone() {
    let (_folder, file) = folder();
    let store = open(&file);
    let refused = Series::open(&file, small()).err().expect("it is in use");
    assert!(matches!(refused, SeriesError::InUse(_)));
    assert!(refused.to_string().ends_with("is in use: only one process can own a series store"));
    drop(store);
    open(&file);
}

#[test]
fn a_batch_that_comes_again_changes_nothing() {
    let (_folder, file) = folder();
    let store = open(&file);
    let first = [sample(&key(1, "cpu"), DAY_0, 1.0), sample(&key(1, "cpu"), DAY_0 + 1, 2.0)];
    let again = [sample(&key(1, "cpu"), DAY_0, 9.0), sample(&key(1, "cpu"), DAY_0 + 1, 9.0)];
    for batch in [&first, &again] {
        assert_eq!(store.append(batch, at(DAY_0)).unwrap(), Appended { accepted: 2, refused: vec![] });
    }
    let points = vec![Point { at: DAY_0, value: 1.0 }, Point { at: DAY_0 + 1, value: 2.0 }];
    assert_eq!(store.range(&key(1, "cpu"), at(DAY_0), at(DAY_0 + 9), 9).unwrap(), Range::Points(points));
}

#[test]
fn another_process_sees_what_the_owner_sees_wherever_the_points_are() {
    let (_folder, file) = folder();
    let keys = [key(1, "cpu"), key(2, "ping"), key(3, "never")];
    std::fs::File::create(&file).unwrap();
    let nothing = look_on(&file, &keys, at(DAY_0), at(DAY_0 + DAY), 9).unwrap();
    assert_eq!(nothing, vec![Range::Points(vec![]); 3], "its owner has not begun yet");
    let store = open(&file);
    for round in 0..20 {
        let start = DAY_0 + round * DAY / 4;
        for key in &keys[..2] {
            store.append(&day(key, start), at(start + DAY)).unwrap();
        }
        for (from, to, wanted) in [(start, start + DAY, 500), (DAY_0, start + DAY, 100), (start, start, 9)] {
            let own: Vec<_> =
                keys.iter().map(|key| store.range(key, at(from), at(to), wanted).unwrap()).collect();
            assert_eq!(look_on(&file, &keys, at(from), at(to), wanted).unwrap(), own, "{from} {to} {wanted}");
        }
    }
    store.retain(at(DAY_0 + 8 * DAY)).unwrap();
    let own: Vec<_> =
        keys.iter().map(|key| store.range(key, at(DAY_0), at(DAY_0 + 9 * DAY), 50).unwrap()).collect();
    assert_eq!(look_on(&file, &keys, at(DAY_0), at(DAY_0 + 9 * DAY), 50).unwrap(), own);
}

#[test]
fn a_copy_beside_the_owner_has_what_is_only_in_the_journals() {
    let (folder, file) = folder();
    let store = open(&file);
    let key = key(1, "cpu");
    for round in 0..8 {
        let start = DAY_0 + round * DAY;
        store.append(&day(&key, start), at(start + DAY)).unwrap();
    }
    assert!(store.stats().waiting_points > 0, "some are only in the journals");
    let place = folder.path().join("copy.db");
    copy(&file, &place).unwrap();
    assert!(matches!(copy(&file, &place), Err(SeriesError::Exists(_))));
    let copied = open(&place);
    assert_eq!(copied.stats().waiting_points, 0);
    assert_eq!(seconds(&copied, &key), seconds(&store, &key));
}

#[test]
fn the_newest_point_is_found_in_the_journal_and_in_chunks() {
    let (folder, file) = folder();
    let store = open(&file);
    let key = key(1, "cpu");
    assert_eq!(store.latest(&key, at(DAY_0)).unwrap(), None);
    store.append(&day(&key, DAY_0), at(DAY_0 + DAY)).unwrap();
    let newest = Point { at: DAY_0 + DAY - 300, value: f64::from(287 % 7) };
    assert_eq!(store.latest(&key, at(DAY_0)).unwrap(), Some(newest));
    store.backup(&folder.path().join("copy.db")).unwrap();
    assert_eq!(store.stats().waiting_points, 0, "a backup carries all into chunks");
    for (since, found) in [(DAY_0, Some(newest)), (newest.at, Some(newest)), (newest.at + 1, None)] {
        assert_eq!(store.latest(&key, at(since)).unwrap(), found);
    }
}

#[test]
fn an_odd_value_costs_one_point() {
    let (_folder, file) = folder();
    let store = open(&file);
    let key = key(1, "cpu");
    let long = SeriesKey { index: "x".repeat(65).into(), ..key.clone() };
    let batch = [
        sample(&key, DAY_0, f64::NAN),
        sample(&key, DAY_0 + 1, f64::NEG_INFINITY),
        sample(&key, DAY_0 + 2, 1e301),
        sample(&key, DAY_0 + 3, 7.0),
        sample(&key, DAY_0 + 7200, 7.0),
        sample(&long, DAY_0, 7.0),
    ];
    let answer = store.append(&batch, at(DAY_0)).unwrap();
    assert_eq!(answer.accepted, 1);
    let value = Refusal::Value;
    let refused = [(0, value), (1, value), (2, value), (4, Refusal::Ahead), (5, Refusal::KeyTooLong)];
    assert_eq!(answer.refused, refused);
    assert_eq!(seconds(&store, &key), [DAY_0 + 3]);
    assert_eq!(store.stats().series, 1, "what is refused makes no series");
}

#[test]
fn more_series_than_allowed_are_refused_and_the_others_go_on() {
    let (_folder, file) = folder();
    let store = Series::open(&file, Options { most_series: 2, ..small() }).unwrap();
    let batch = [1, 2, 3].map(|device| sample(&key(device, "cpu"), DAY_0, 1.0));
    for _ in 0..2 {
        let answer = store.append(&batch, at(DAY_0)).unwrap();
        assert_eq!(answer, Appended { accepted: 2, refused: vec![(2, Refusal::TooManySeries)] });
    }
}

#[test]
fn a_batch_has_a_bound() {
    let (_folder, file) = folder();
    let batch = vec![sample(&key(1, "cpu"), DAY_0, 1.0); 100_001];
    let refused = open(&file).append(&batch, at(DAY_0));
    assert!(matches!(refused, Err(SeriesError::BatchTooLong { samples: 100_001, most: 100_000 })));
}

#[test]
fn a_journal_at_its_bound_is_carried_into_chunks() {
    let (folder, file) = folder();
    let options = Options { journal_bytes: 10_000, points_in_memory: 1_000_000, ..Options::default() };
    let store = Series::open(&file, options).unwrap();
    for n in 0..30 {
        store.append(&day(&key(1, "cpu"), DAY_0 + n * DAY), at(DAY_0 + (n + 1) * DAY)).unwrap();
        let journals = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
        let journals = journals.filter(|entry| entry.file_name().to_string_lossy().contains("points"));
        let bytes: u64 = journals.map(|entry| entry.metadata().unwrap().len()).sum();
        assert!(bytes <= 20_000, "{bytes}");
    }
    assert_eq!(seconds(&store, &key(1, "cpu")).len(), 30 * 288);
}

#[test]
fn a_full_journal_refuses_what_comes_and_keeps_what_came() {
    let (_folder, file) = folder();
    let store = Series::open(&file, Options { journal_bytes: 10_000, ..small() }).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("ALTER TABLE chunks RENAME TO gone").unwrap();
    let append = |second: u32| store.append(&[sample(&key(1, "cpu"), second, 1.0)], at(second));
    let full = (0..1_000).find_map(|n| append(DAY_0 + n).err().map(|error| (n, error)));
    let (accepted, error) = full.expect("the journal has a bound");
    assert!(matches!(error, SeriesError::JournalFull(_)), "{error}");
    assert!(append(DAY_0 + accepted).is_err(), "it stays full");
    other.execute_batch("ALTER TABLE gone RENAME TO chunks").unwrap();
    append(DAY_0 + accepted).unwrap();
    assert_eq!(seconds(&store, &key(1, "cpu")), (DAY_0..=DAY_0 + accepted).collect::<Vec<_>>());
}

#[test]
fn a_long_graph_is_summed_up_and_a_short_one_is_not() {
    let (_folder, file) = folder();
    let store = open(&file);
    let key = key(1, "cpu");
    for n in 0..10 {
        store.append(&day(&key, DAY_0 + n * DAY), at(DAY_0 + (n + 1) * DAY)).unwrap();
    }
    let end = DAY_0 + 10 * DAY;
    let Range::Points(points) = store.range(&key, at(end - DAY), at(end), 288).unwrap() else {
        panic!("plain points")
    };
    assert_eq!((points.len(), points[0].at, points[1].value), (288, end - DAY, 1.0));
    let Range::Summaries { step, summaries } = store.range(&key, at(DAY_0), at(end), 120).unwrap() else {
        panic!("summaries")
    };
    assert_eq!((step, summaries.len()), (7200, 120));
    assert!(summaries.iter().all(|s| (s.count, s.min, s.max) == (24, 0.0, 6.0)));
}

#[test]
fn what_is_too_old_goes_and_its_summaries_stay() {
    let (_folder, file) = folder();
    let store = open(&file);
    let key = key(1, "cpu");
    store.append(&day(&key, DAY_0), at(DAY_0 + DAY)).unwrap();
    assert_eq!(store.retain(at(DAY_0 + DAY)).unwrap(), 0);
    let later = DAY_0 + 9 * DAY;
    assert_eq!(store.retain(at(later)).unwrap(), 6, "six windows of four hours");
    let Range::Summaries { step, summaries } = store.range(&key, at(DAY_0), at(DAY_0 + DAY), 1000).unwrap()
    else {
        panic!("no plain points are left")
    };
    assert_eq!((step, summaries.len()), (1800, 48));
    let late = store.append(&[sample(&key, DAY_0 + 1, 1.0)], at(later)).unwrap();
    assert_eq!(late.refused, [(0, Refusal::TooOld)]);
    store.append(&[sample(&self::key(2, "cpu"), DAY_0 + 1, 1.0)], at(later)).unwrap();
    assert_eq!(store.stats().series, 1, "what is refused makes no series");
    for days in [40, 140, 1700] {
        store.retain(at(DAY_0 + days * DAY)).unwrap();
    }
    assert_eq!(seconds(&store, &key), [0; 0]);
}

#[test]
fn a_dropped_device_or_tenant_leaves_no_row() {
    let (_folder, file) = folder();
    let store = open(&file);
    let other = SeriesKey { tenant: [2; 16], ..key(1, "cpu") };
    for key in [&key(1, "cpu"), &key(1, "ping"), &key(2, "cpu"), &other] {
        for n in 0..3 {
            store.append(&day(key, DAY_0 + n * DAY), at(DAY_0 + (n + 1) * DAY)).unwrap();
        }
    }
    assert_eq!(store.drop_device([1; 16], [1; 16]).unwrap(), 2);
    assert_eq!(seconds(&store, &key(1, "cpu")), [0; 0]);
    assert_eq!(seconds(&store, &key(2, "cpu")).len(), 3 * 288);
    assert_eq!(store.drop_tenant([1; 16]).unwrap(), 1);
    assert_eq!(seconds(&store, &other).len(), 3 * 288);
    assert_eq!(store.drop_tenant([2; 16]).unwrap(), 1);
    store.append(&[sample(&key(1, "cpu"), DAY_0 + 3 * DAY, 1.0)], at(DAY_0 + 3 * DAY)).unwrap();
    drop(store);
    let rows = rusqlite::Connection::open(&file).unwrap();
    let rows: u32 = rows.query_row("SELECT count(*) FROM chunks", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0);
    assert_eq!(seconds(&open(&file), &key(1, "cpu")), [DAY_0 + 3 * DAY], "it begins anew");
}

#[test]
fn a_backup_has_everything_and_overwrites_nothing() {
    let (folder, file) = folder();
    let store = open(&file);
    store.append(&day(&key(1, "cpu"), DAY_0), at(DAY_0 + DAY)).unwrap();
    store.append(&[sample(&key(2, "cpu"), DAY_0, 1.0)], at(DAY_0 + DAY)).unwrap();
    let copy = folder.path().join("copy.db");
    store.backup(&copy).unwrap();
    assert!(matches!(store.backup(&copy), Err(SeriesError::Exists(_))));
    let copy = open(&copy);
    let all = |store: &Series| store.range(&key(1, "cpu"), at(DAY_0), at(DAY_0 + DAY), 300).unwrap();
    assert_eq!(all(&copy), all(&store));
    assert_eq!(seconds(&copy, &key(2, "cpu")).len(), 1);
}

#[test]
fn a_damaged_row_costs_its_hours_and_is_counted() {
    let (_folder, file) = folder();
    let store = open(&file);
    store.append(&day(&key(1, "cpu"), DAY_0), at(DAY_0 + DAY)).unwrap();
    store.retain(at(DAY_0 + DAY)).unwrap();
    drop(store);
    let harm = rusqlite::Connection::open(&file).unwrap();
    harm.execute("UPDATE chunks SET data = x'10FF' WHERE place = (SELECT min(place) FROM chunks)", [])
        .unwrap();
    drop(harm);
    let store = open(&file);
    let Range::Points(points) = store.range(&key(1, "cpu"), at(DAY_0), at(DAY_0 + DAY), 300).unwrap() else {
        panic!("plain points")
    };
    assert_eq!((points.len(), store.stats().damaged_rows), (240, 1));
    // The same hours can be written again.
    store.append(&day(&key(1, "cpu"), DAY_0), at(DAY_0 + DAY)).unwrap();
    assert_eq!(seconds(&store, &key(1, "cpu")).len(), 288);
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let (_folder, file) = folder();
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 2).unwrap();
    assert!(matches!(Series::open(&file, small()), Err(SeriesError::Newer)));
}
