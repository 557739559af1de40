//! The store: opening, appending, and carrying points on.

use super::chunks::Chunks;
use super::codec::Point;
use super::error::{Result, SeriesError};
use super::journal::{self, Journal};
use super::key::{Appended, Refusal, Sample, SeriesKey};
use super::memory::{Entry, Memory, SeriesId};
use super::options::Options;
use super::{database, flush};
use imsys_domain::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sums of so large values are finite still.
const LARGEST: f64 = 1e300;
/// So far ahead of ours may the clock of another doctor be, in seconds.
const AHEAD: i64 = 3600;
/// The points of a transaction when nothing else is to be done.
const SLICE: usize = 20_000;

/// A series store in one SQLite file, with its journals beside it. One process owns it.
///
/// All calls block on the disk and may be made by several threads: appends one after the other, ranges
/// meanwhile.
pub struct Series {
    pub(super) path: PathBuf,
    pub(super) options: Options,
    writer: Mutex<Writer>,
    reader: Mutex<Connection>,
    memory: Mutex<Memory>,
    pub(super) damaged: AtomicU64,
    torn: u64,
    /// Locked as long as it is open.
    _owner: File,
}

/// What appends and flushes need. It is locked before the memory.
pub(super) struct Writer {
    pub(super) conn: Connection,
    journal: Journal,
    /// The number of the active journal.
    generation: u64,
    /// The journals whose points are the frozen ones.
    frozen: Vec<PathBuf>,
    /// Whether the last flush failed, so that it is logged once.
    failing: bool,
}

/// Figures of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// How many series there are.
    pub series: usize,
    /// How many points are in memory and the journals, and in no chunk yet.
    pub waiting_points: usize,
    /// How often since the start a row could not be decoded and was left out.
    pub damaged_rows: u64,
    /// How many bytes behind the last whole frame of its journals were cut at the start.
    pub torn_bytes: u64,
}

impl Series {
    /// Opens the file, makes it when it is not there, and reads the journals that were left.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        options.check()?;
        let owner = own(path)?;
        let conn = database::open(path)?;
        let mut memory = database::load(&conn)?;
        let left = journals(path)?;
        let mut torn = 0;
        for (_, journal) in &left {
            torn += journal::replay(journal, |id, point| memory.replay(id, point))?;
        }
        let generation = left.last().map_or(0, |(generation, _)| generation + 1);
        let journal = Journal::create(journal_path(path, generation))?;
        let frozen = left.into_iter().map(|(_, path)| path).collect();
        Ok(Self {
            path: path.to_owned(),
            options,
            writer: Mutex::new(Writer { conn, journal, generation, frozen, failing: false }),
            reader: Mutex::new(database::open_reader(path)?),
            memory: Mutex::new(memory),
            damaged: AtomicU64::new(0),
            torn,
            _owner: owner,
        })
    }

    /// Keeps a batch: what is accepted is durable when this returns. A sample whose series and second are known
    /// changes nothing, so a batch may be sent again.
    ///
    /// An odd sample is refused by itself. An error means that nothing of the batch was kept, or that it is not
    /// known whether it was: send it again.
    pub fn append(&self, batch: &[Sample], now: Timestamp) -> Result<Appended> {
        if batch.len() > journal::MOST {
            return Err(SeriesError::BatchTooLong { samples: batch.len(), most: journal::MOST });
        }
        let mut writer = self.writer();
        self.make_room(&mut writer, batch.len())?;
        self.enlist(&mut writer, batch, now)?;
        let (mut points, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
        let memory = self.memory();
        for (n, sample) in batch.iter().enumerate() {
            match admit(&memory, sample, now) {
                Ok(point) => points.push(point),
                Err(refusal) => refused.push((n, refusal)),
            }
        }
        drop(memory);
        writer.journal.append(&points)?;
        let accepted = points.len();
        let mut memory = self.memory();
        points.into_iter().for_each(|(id, point)| memory.append(id, point));
        Ok(Appended { accepted, refused })
    }

    /// Figures for `/metrics`.
    pub fn stats(&self) -> Stats {
        let memory = self.memory();
        Stats {
            series: memory.series(),
            waiting_points: memory.active() + memory.frozen(),
            damaged_rows: self.damaged.load(Ordering::Relaxed),
            torn_bytes: self.torn,
        }
    }

    /// Carries everything that was appended before into chunks, letting appends in between.
    pub(super) fn flush_all(&self) -> Result<()> {
        let last = self.writer().generation;
        loop {
            let mut writer = self.writer();
            self.carry(&mut writer, SLICE)?;
            if self.memory().frozen() > 0 {
                continue;
            }
            if writer.generation > last || self.memory().active() == 0 {
                return Ok(());
            }
            self.freeze(&mut writer)?;
        }
    }

    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries more points on than now come, so that the frozen ones are gone before the active ones are too many.
    fn make_room(&self, writer: &mut Writer, samples: usize) -> Result<()> {
        let is_over = writer.journal.length_with(samples) > self.options.journal_bytes;
        let done = if is_over { self.make_room_at_once(writer) } else { self.go_on(writer, samples) };
        match done {
            Err(error) if is_over => return Err(SeriesError::JournalFull(Box::new(error))),
            Err(error) if !writer.failing => {
                tracing::error!(%error, "points of series stay in the journal");
                writer.failing = true;
            }
            Err(_) => {}
            Ok(()) => writer.failing = false,
        }
        Ok(())
    }

    fn go_on(&self, writer: &mut Writer, samples: usize) -> Result<()> {
        self.carry(writer, 2 * samples + SLICE / 4)?;
        let memory = self.memory();
        let is_due = memory.frozen() == 0 && memory.is_full(&self.options);
        drop(memory);
        if is_due { self.freeze(writer) } else { Ok(()) }
    }

    fn make_room_at_once(&self, writer: &mut Writer) -> Result<()> {
        while self.memory().frozen() > 0 {
            self.carry(writer, SLICE)?;
        }
        self.freeze(writer)
    }

    /// Carries some frozen points into chunks, in one transaction. After the last of them their journals go.
    fn carry(&self, writer: &mut Writer, budget: usize) -> Result<()> {
        let (slice, since) = {
            let memory = self.memory();
            (memory.slice(budget), memory.since)
        };
        if !slice.is_empty() {
            let mut marks = Vec::new();
            let unit = writer.conn.transaction()?;
            let chunks = Chunks { conn: &unit, damaged: &self.damaged };
            for waiting in &slice {
                let mark = flush::carry(&chunks, waiting, since[waiting.entry.tier as usize])?;
                marks.extend(mark.map(|mark| (waiting.id, mark)));
            }
            unit.commit()?;
            let mut memory = self.memory();
            marks.into_iter().for_each(|(id, mark)| memory.set_rolled(id, mark));
            slice.iter().for_each(|waiting| memory.flushed(waiting.id));
        }
        if self.memory().frozen() == 0 {
            while let Some(path) = writer.frozen.last() {
                std::fs::remove_file(path).map_err(SeriesError::at(path))?;
                writer.frozen.pop();
            }
        }
        Ok(())
    }

    /// Begins a new journal; the points of the one before become the frozen ones, of which there must be none.
    fn freeze(&self, writer: &mut Writer) -> Result<()> {
        let next = Journal::create(journal_path(&self.path, writer.generation + 1))?;
        writer.generation += 1;
        writer.frozen.push(writer.journal.path().to_owned());
        writer.journal = next;
        self.memory().freeze();
        Ok(())
    }

    /// Adds the series of which the batch has the first points, as far as there may be more.
    fn enlist(&self, writer: &mut Writer, batch: &[Sample], now: Timestamp) -> Result<()> {
        let (new, room) = {
            let memory = self.memory();
            let is_new = |sample: &&Sample| {
                memory.find(&sample.key).is_none() && sample.key.is_short() && point(sample, now).is_ok()
            };
            let new: BTreeSet<&SeriesKey> = batch.iter().filter(is_new).map(|sample| &sample.key).collect();
            (new, self.options.most_series.saturating_sub(memory.series()))
        };
        if new.is_empty() || room == 0 {
            return Ok(());
        }
        let mut added = Vec::new();
        let unit = writer.conn.transaction()?;
        for key in new.into_iter().take(room) {
            let tier = self.options.points_tier(&key.class);
            let Some(id) = database::add_series(&unit, key, tier)? else { break };
            added.push((key.clone(), id, Entry { tier, rolled: None }));
        }
        unit.commit()?;
        let mut memory = self.memory();
        added.into_iter().for_each(|(key, id, entry)| memory.learn(key, id, entry));
        Ok(())
    }
}

/// The point of a sample, and its series.
fn admit(
    memory: &Memory,
    sample: &Sample,
    now: Timestamp,
) -> std::result::Result<(SeriesId, Point), Refusal> {
    let point = point(sample, now)?;
    if !sample.key.is_short() {
        return Err(Refusal::KeyTooLong);
    }
    let (id, entry) = memory.find(&sample.key).ok_or(Refusal::TooManySeries)?;
    if point.at < memory.since(entry.tier) { Err(Refusal::TooOld) } else { Ok((id, point)) }
}

fn point(sample: &Sample, now: Timestamp) -> std::result::Result<Point, Refusal> {
    if sample.value.is_nan() || sample.value.abs() > LARGEST {
        return Err(Refusal::Value);
    }
    if sample.at > now.plus_seconds(AHEAD) {
        return Err(Refusal::Ahead);
    }
    let second = sample.at.millis().div_euclid(1000);
    let at = u32::try_from(second).map_err(|_| if second < 0 { Refusal::TooOld } else { Refusal::Ahead })?;
    // Minus zero becomes zero, which is shorter.
    Ok(Point { at, value: sample.value + 0.0 })
}

/// Becomes the owner, until the file is closed.
fn own(path: &Path) -> Result<File> {
    let lock = beside(path, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&lock);
    let file = file.map_err(SeriesError::at(&lock))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SeriesError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(SeriesError::at(&lock)(error)),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn journal_path(path: &Path, generation: u64) -> PathBuf {
    beside(&journal_prefix(path), &generation.to_string())
}

fn journal_prefix(path: &Path) -> PathBuf {
    beside(path, ".points-")
}

/// The journals of a store and their generations, the oldest first.
fn journals(path: &Path) -> Result<Vec<(u64, PathBuf)>> {
    let prefix = journal_prefix(path);
    let folder = journal::folder_of(path);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(SeriesError::at(folder))? {
        let name = entry.map_err(SeriesError::at(folder))?.file_name();
        let generation = name.to_str().zip(prefix.file_name().and_then(OsStr::to_str));
        let generation = generation.and_then(|(name, prefix)| name.strip_prefix(prefix)?.parse().ok());
        found.extend(generation.map(|generation| (generation, path.with_file_name(&name))));
    }
    found.sort_unstable();
    Ok(found)
}
