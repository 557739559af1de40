//! The store: what it consists of, and how it is opened.

use super::database;
use super::error::{Result, SeriesError};
use super::journal::{self, Journal};
use super::memory::Memory;
use super::options::Options;
use rusqlite::Connection;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// The last to be dropped.
    _owner: Owner,
}

/// What appends and flushes need. It is locked before the memory.
pub(super) struct Writer {
    pub(super) conn: Connection,
    pub(super) journal: Journal,
    /// The number of the active journal.
    pub(super) generation: u64,
    /// The journals whose points are the frozen ones.
    pub(super) frozen: Vec<PathBuf>,
    /// Whether points could not be carried on the last time, so that it is logged once.
    pub(super) failing: bool,
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
        let owner = Owner::become_of(path)?;
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

    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lock by which a store has one owner.
struct Owner(File);

impl Owner {
    fn become_of(path: &Path) -> Result<Self> {
        let lock = with_ending(path, ".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&lock);
        let file = file.map_err(SeriesError::at(&lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(SeriesError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(SeriesError::at(&lock)(error)),
        }
    }
}

impl Drop for Owner {
    /// Closing is not enough: a process that is being forked holds the file open until it runs its own program.
    fn drop(&mut self) {
        let _closed_in_any_case = self.0.unlock();
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

pub(super) fn journal_path(path: &Path, generation: u64) -> PathBuf {
    with_ending(&journal_prefix(path), &generation.to_string())
}

fn journal_prefix(path: &Path) -> PathBuf {
    with_ending(path, ".points-")
}

/// What a store may have beside its file: nothing is whole without them, and none may stay when the file is replaced.
pub fn beside(path: &Path) -> Result<Vec<PathBuf>> {
    let endings = ["-wal", "-shm", ".lock"].map(|ending| with_ending(path, ending));
    Ok(endings.into_iter().chain(journals(path)?.into_iter().map(|(_, journal)| journal)).collect())
}

/// The journals of a store and their generations, the oldest first.
pub(super) fn journals(path: &Path) -> Result<Vec<(u64, PathBuf)>> {
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
