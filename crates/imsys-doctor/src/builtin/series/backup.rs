//! A copy while the store is in use.

use super::error::{Result, SeriesError};
use super::journal::sync_folder_of;
use super::{Series, database};
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

impl Series {
    /// Writes a copy of everything that was appended before the call into a new file, which can be opened as a
    /// store. The file appears under its name when it is whole and durable.
    pub fn backup(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(SeriesError::Exists(to.to_owned()));
        }
        self.flush_all()?;
        let part = to.with_added_extension("part");
        remove(&part)?;
        let reader = database::open_reader(&self.path)?;
        reader.execute_batch("PRAGMA query_only = OFF")?;
        let name = part.to_str().ok_or_else(|| SeriesError::at(&part)(ErrorKind::InvalidFilename.into()))?;
        reader.execute("VACUUM INTO ?1", [name])?;
        let publish = || {
            File::open(&part)?.sync_all()?;
            std::fs::rename(&part, to)?;
            sync_folder_of(to)
        };
        publish().map_err(SeriesError::at(to))
    }
}

/// Removes what a backup that failed has left.
fn remove(part: &Path) -> Result<()> {
    match std::fs::remove_file(part) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(SeriesError::at(part)(error)),
        _ => Ok(()),
    }
}
