//! Why the store could not do what was asked.

use std::io;
use std::path::{Path, PathBuf};

/// Shorthand for results of the store.
pub(super) type Result<T> = std::result::Result<T, SeriesError>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// Another process, or another part of this one, has the store open.
    #[error("{0} is in use: only one process can own a series store")]
    InUse(PathBuf),
    /// The file was written by a newer version.
    #[error("the series were written by a newer IMSys: install that version, or restore a backup")]
    Newer,
    /// The options contradict themselves.
    #[error("series settings: {0}")]
    Options(&'static str),
    /// More samples at once than one batch may have.
    #[error("a batch of {samples} samples, where {most} are allowed")]
    BatchTooLong {
        /// So many came.
        samples: usize,
        /// So many may come.
        most: usize,
    },
    /// The journal has reached its bound, because chunks cannot be written: nothing was appended.
    #[error("the journal of the series is full: {0}")]
    JournalFull(Box<Self>),
    /// There is a file where the backup was to be written.
    #[error("{0} exists")]
    Exists(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// SQLite could not do it.
    #[error("series store: {0}")]
    Database(#[from] rusqlite::Error),
}

impl SeriesError {
    /// Says which file an error is about.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |error| Self::File { path: path.to_owned(), error }
    }
}
