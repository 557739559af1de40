//! The journal: batches of points, appended and synced before they are answered.
//!
//! A file is a head of eight bytes and frames: length and CRC-32 of what follows, four bytes each, then sixteen
//! bytes a point: series, second, value. All numbers are little-endian. A power cut can tear only the frame that was not answered,
//! which is the last one: there the file is cut when it is read again.

use super::codec::Point;
use super::error::{Result, SeriesError};
use super::memory::SeriesId;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

const HEAD: &[u8; 8] = b"imsjrnl1";
const FRAME_HEAD: usize = 8;
const POINT: usize = 16;
/// The most points in a frame.
pub(super) const MOST: usize = 100_000;

/// The journal that is written to.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// The end of the last whole frame.
    length: u64,
    /// Whether what is behind `length` could not be removed: then nothing may follow it.
    torn: bool,
}

impl Journal {
    /// A new and empty one. Its name is durable before anything is in it.
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let make = || {
            let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            file.write_all(HEAD)?;
            file.sync_all()?;
            sync_folder_of(&path)?;
            Ok(file)
        };
        let file = make().map_err(SeriesError::at(&path))?;
        Ok(Self { path, file, length: HEAD.len() as u64, torn: false })
    }

    /// How long it would be with so many points more.
    pub(super) const fn length_with(&self, points: usize) -> u64 {
        self.length + (FRAME_HEAD + POINT * points) as u64
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes and syncs the points, at most [`MOST`]. When it fails, they are not in it.
    pub(super) fn append(&mut self, points: &[(SeriesId, Point)]) -> Result<()> {
        if points.is_empty() {
            return Ok(());
        }
        self.mend().map_err(SeriesError::at(&self.path))?;
        let frame = frame(points);
        self.torn = true;
        let written = self.file.write_all(&frame).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            let _tried_again_by_the_next = self.mend();
            return Err(SeriesError::at(&self.path)(error));
        }
        self.torn = false;
        self.length += frame.len() as u64;
        Ok(())
    }

    /// Removes what a failed write has left.
    fn mend(&mut self) -> std::io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
            std::io::Seek::seek(&mut self.file, std::io::SeekFrom::Start(self.length))?;
            self.torn = false;
        }
        Ok(())
    }
}

fn frame(points: &[(SeriesId, Point)]) -> Vec<u8> {
    let mut frame = vec![0; FRAME_HEAD];
    frame.reserve(POINT * points.len());
    for (SeriesId(series), point) in points {
        frame.extend(series.to_le_bytes());
        frame.extend(point.at.to_le_bytes());
        frame.extend(point.value.to_le_bytes());
    }
    let (head, body) = frame.split_at_mut(FRAME_HEAD);
    head[..4].copy_from_slice(&(body.len() as u32).to_le_bytes());
    head[4..].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
    frame
}

/// Reads a journal to its last whole frame, and says how many bytes follow that.
pub(super) fn replay(path: &Path, mut each: impl FnMut(SeriesId, Point)) -> Result<u64> {
    let mut read = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut from = BufReader::with_capacity(1 << 16, file);
        let mut head = [0; HEAD.len()];
        if !is_filled(&mut from, &mut head)? || head != *HEAD {
            return Ok(length);
        }
        let mut whole = HEAD.len() as u64;
        while let Some(body) = next_frame(&mut from)? {
            body.chunks_exact(POINT).filter_map(point).for_each(|(series, point)| each(series, point));
            whole += (FRAME_HEAD + body.len()) as u64;
        }
        Ok(length - whole)
    };
    read().map_err(SeriesError::at(path))
}

/// The next body; `None` where no whole frame follows.
fn next_frame(from: &mut impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let (mut length, mut crc) = ([0; 4], [0; 4]);
    if !is_filled(from, &mut length)? || !is_filled(from, &mut crc)? {
        return Ok(None);
    }
    let length = u32::from_le_bytes(length) as usize;
    // A file that was made longer but not filled has zeros here.
    if length == 0 || length > POINT * MOST || !length.is_multiple_of(POINT) {
        return Ok(None);
    }
    let mut body = vec![0; length];
    let is_whole = is_filled(from, &mut body)? && crc32fast::hash(&body) == u32::from_le_bytes(crc);
    Ok(is_whole.then_some(body))
}

fn point(bytes: &[u8]) -> Option<(SeriesId, Point)> {
    let (series, rest) = bytes.split_first_chunk()?;
    let (at, rest) = rest.split_first_chunk()?;
    let value = f64::from_le_bytes(*rest.first_chunk()?);
    let series = SeriesId(u32::from_le_bytes(*series));
    value.is_finite().then_some((series, Point { at: u32::from_le_bytes(*at), value }))
}

/// Fills the buffer; `false` when the file ends before.
fn is_filled(from: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a name durable.
pub(super) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
