//! The series store through its public calls.

mod codec;
mod dice;
mod kill;
mod model;
mod power_cut;
mod store;
mod sync;

use imsys_doctor::builtin::series::{Options, Sample, Series, SeriesKey};
use imsys_domain::Timestamp;
use std::path::Path;

/// 2023-11-15, the start of a day.
const DAY_0: u32 = 1_700_006_400;
const DAY: u32 = 86_400;

fn at(second: u32) -> Timestamp {
    Timestamp(i64::from(second) * 1000)
}

fn key(device: u8, class: &str) -> SeriesKey {
    SeriesKey { tenant: [1; 16], device: [device; 16], class: class.into(), index: "".into() }
}

fn sample(key: &SeriesKey, second: u32, value: f64) -> Sample {
    Sample { key: key.clone(), at: at(second), value }
}

/// With memory for few points, so that much is carried into chunks.
fn small() -> Options {
    Options { points_in_memory: 200, ..Options::default() }
}

fn open(file: &Path) -> Series {
    Series::open(file, small()).expect("the store opens")
}
