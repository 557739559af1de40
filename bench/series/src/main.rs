//! What the series store costs: many series for a few rounds, and fewer for days.
//!
//! Each device has ten series, polled each five minutes with a second of jitter: signal, noise floor, quality and
//! CPU in whole numbers, a temperature with one digit, latency with three, rates in whole bits, and memory and
//! distance, which hardly change.

use anyhow::{Context, Result};
use imsys_doctor::builtin::series::{Options, Range, Sample, Series, SeriesKey};
use imsys_domain::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const START: u32 = 1_700_006_400;
const STEP: u32 = 300;
const CLASSES: [&str; 10] = [
    "signal",
    "noise",
    "quality",
    "cpu",
    "temperature",
    "latency",
    "rate_in",
    "rate_out",
    "memory",
    "distance",
];
/// Many series, and rounds that are enough for points to be carried into chunks several times.
const MANY: (u32, u32) = (500_000, 26);
/// Days of points.
const LONG: (u32, u32) = (2_000, 9 * 288);
const BATCH: usize = 1_000;
const GRAPHS: u32 = 500;

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let numbers: Vec<u32> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [series, rounds] = numbers[..] else {
        println!("# Series: CPU, bytes, and graphs\n");
        println!("{}\n", about());
        println!(
            "| series | rounds | points/s of CPU | share of a core for 500,000 | bytes a point | written a point | memory MiB | waiting points |"
        );
        println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
        measure(folder.path(), MANY.0, MANY.1)?;
        let long = measure(folder.path(), LONG.0, LONG.1)?;
        return graphs(&long, LONG.0, LONG.1);
    };
    let store = measure(folder.path(), series, rounds)?;
    graphs(&store, series, rounds)
}

fn about() -> &'static str {
    "Ten series a device, each with a point every five minutes, appended in synced batches of 1,000. CPU is user and \
     system time without making the samples; the share is that of one core when 500,000 series are polled each five \
     minutes. Bytes on disk are those of the database after everything is carried into chunks, summaries and catalog \
     included; bytes written are all that the process wrote, journal included."
}

/// Appends, and prints a row.
fn measure(folder: &Path, series: u32, rounds: u32) -> Result<Series> {
    let file = folder.join(format!("{series}.db"));
    let store = Series::open(&file, Options::default())?;
    let mut figures = Figures::new(series);
    let (mut spent, written) = (Duration::ZERO, written()?);
    for round in 0..rounds {
        for batch in figures.round(round).chunks(BATCH) {
            let before = cpu()?;
            store.append(batch, at(START + round * STEP + STEP))?;
            spent += cpu()? - before;
        }
    }
    let (memory, waiting) = (resident()?, store.stats().waiting_points);
    let before = cpu()?;
    store.retain(at(START + rounds * STEP))?;
    spent += cpu()? - before;
    let points = f64::from(series) * f64::from(rounds);
    let written = (self::written()? - written) as f64;
    let bytes = std::fs::metadata(&file)?.len() as f64;
    println!(
        "| {series} | {rounds} | {:.0} | {:.2} % | {:.2} | {:.1} | {memory} | {waiting} |",
        points / spent.as_secs_f64(),
        100.0 * spent.as_secs_f64() / points * 500_000.0 / f64::from(STEP),
        bytes / points,
        written / points,
    );
    Ok(store)
}

/// Reads the last seven days of random series.
fn graphs(store: &Series, series: u32, rounds: u32) -> Result<()> {
    let end = START + rounds * STEP;
    for (name, wanted) in [("every point", 10_000), ("1,000 points", 1_000), ("100 points", 100)] {
        let (mut times, mut values) = (Vec::new(), 0);
        let before = cpu()?;
        for n in 0..GRAPHS {
            let key = key((n.wrapping_mul(2_654_435_761)) % series);
            let begin = Instant::now();
            values = match store.range(&key, at(end - 7 * 86_400), at(end), wanted)? {
                Range::Points(points) => points.len(),
                Range::Summaries { summaries, .. } => summaries.len(),
            };
            times.push(begin.elapsed());
        }
        let spent = (cpu()? - before) / GRAPHS;
        times.sort_unstable();
        let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!(
            "- Seven days, {name}: {values} values, median {median:.1?}, p99 {late:.1?}, CPU {spent:.1?}."
        );
    }
    Ok(())
}

/// Made-up devices.
struct Figures {
    keys: Vec<SeriesKey>,
    random: u64,
}

fn key(series: u32) -> SeriesKey {
    let mut device = [0; 16];
    device[..4].copy_from_slice(&(series / 10).to_be_bytes());
    let class = CLASSES[series as usize % 10];
    SeriesKey { tenant: [1; 16], device, class: class.into(), index: "".into() }
}

impl Figures {
    fn new(series: u32) -> Self {
        let (classes, empty): (Vec<Arc<str>>, Arc<str>) =
            (CLASSES.iter().map(|class| (*class).into()).collect(), "".into());
        let shared =
            |n: u32| SeriesKey { class: classes[n as usize % 10].clone(), index: empty.clone(), ..key(n) };
        Self { keys: (0..series).map(shared).collect(), random: 1 }
    }

    fn below(&mut self, bound: u64) -> f64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.random >> 33) % bound) as f64
    }

    /// What all series are at once.
    fn round(&mut self, round: u32) -> Vec<Sample> {
        (0..self.keys.len()).map(|n| self.sample(n, round)).collect()
    }

    fn sample(&mut self, n: usize, round: u32) -> Sample {
        let hour = f64::from(round / 12 % 24);
        let value = match n % 10 {
            0 => -65.0 + self.below(4),
            1 => -96.0 + self.below(2),
            2 => 95.0 + self.below(5),
            3 => 10.0 + hour + self.below(15),
            4 => (400.0 + 5.0 * hour + self.below(8)) / 10.0,
            5 => (8_000.0 + self.below(1_500)) / 1000.0,
            6 => 2_000_000.0 * (1.0 + hour) + self.below(1_000_000),
            7 => 200_000.0 * (1.0 + hour) + self.below(100_000),
            8 => 61.0 + (self.below(20) / 19.0).floor(),
            _ => 4_200.0,
        };
        let phase = (n as u32 / 10).wrapping_mul(2_654_435_761) % STEP;
        let jitter = u32::from(self.below(10) == 0.0);
        let at = at((START + round * STEP + phase + jitter).min(START + round * STEP + STEP));
        Sample { key: self.keys[n].clone(), at, value }
    }
}

fn at(second: u32) -> Timestamp {
    Timestamp(i64::from(second) * 1000)
}

/// User and system time of this process.
fn cpu() -> Result<Duration> {
    let words = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(Duration::from_nanos(words.split(' ').next().context("a number")?.parse()?))
}

fn resident() -> Result<u64> {
    field("/proc/self/status", "VmRSS:").map(|kib| kib / 1024)
}

/// Bytes that were given to the disk.
fn written() -> Result<u64> {
    field("/proc/self/io", "write_bytes:")
}

fn field(file: &str, name: &str) -> Result<u64> {
    let text = std::fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).context("the field")?;
    Ok(line.split_whitespace().next().context("a number")?.parse()?)
}
