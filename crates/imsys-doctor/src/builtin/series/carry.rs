//! From journal to journal: freezing one, and carrying its points into chunks in slices.

use super::chunks::Chunks;
use super::error::{Result, SeriesError};
use super::journal::Journal;
use super::store::{Writer, journal_path};
use super::{Series, flush};

/// The points of a transaction when nothing else is to be done.
const SLICE: usize = 20_000;
/// So many more points than now come are carried on by an append: a transaction of few points writes more pages
/// than they fill.
const MORE: usize = 5_000;

impl Series {
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

    /// Carries more points on than now come, so that the frozen ones are gone before the active ones are too many.
    pub(super) fn make_room(&self, writer: &mut Writer, samples: usize) -> Result<()> {
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
        self.carry(writer, 2 * samples + MORE)?;
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
}
