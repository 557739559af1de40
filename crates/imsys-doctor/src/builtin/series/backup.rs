//! A copy while the store is in use.

use super::error::{Result, SeriesError};
use super::journal::sync_folder_of;
use super::store::{beside, journal_path, journals};
use super::{Series, database};
use std::fs::{File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

impl Series {
    /// Writes a copy of everything that was appended before the call into a new file, which can be opened as a
    /// store. The file appears under its name when it is whole and durable.
    pub fn backup(&self, to: &Path) -> Result<()> {
        let part = begin(to)?;
        self.flush_all()?;
        chunks(&self.path, &part)?;
        publish(&part, to)
    }
}

/// The same of a store that another process owns: what is in its journals goes with it.
pub fn copy(path: &Path, to: &Path) -> Result<()> {
    let part = begin(to)?;
    // The journals before the chunks: what is carried on meanwhile is in both, and counts once.
    for (generation, journal) in journals(path)? {
        match std::fs::copy(&journal, journal_path(&part, generation)) {
            // Its points have just been carried on.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            done => _ = done.map_err(SeriesError::at(&journal))?,
        }
    }
    chunks(path, &part)?;
    let store = Series::open(&part, super::Options::default())?;
    store.flush_all()?;
    drop(store);
    publish(&part, to)?;
    remove_beside(&part)
}

/// Where a copy is made. What one that failed has left goes.
fn begin(to: &Path) -> Result<PathBuf> {
    if to.exists() {
        return Err(SeriesError::Exists(to.to_owned()));
    }
    let part = to.with_added_extension("part");
    remove(&part)?;
    remove_beside(&part)?;
    Ok(part)
}

fn chunks(path: &Path, part: &Path) -> Result<()> {
    let reader = database::open_reader(path)?;
    reader.execute_batch("PRAGMA query_only = OFF")?;
    let name = part.to_str().ok_or_else(|| SeriesError::at(part)(ErrorKind::InvalidFilename.into()))?;
    reader.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

fn publish(part: &Path, to: &Path) -> Result<()> {
    let publish = || {
        let file = File::open(part)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.sync_all()?;
        std::fs::rename(part, to)?;
        sync_folder_of(to)
    };
    publish().map_err(SeriesError::at(to))
}

/// Removes what a store has beside its file.
fn remove_beside(path: &Path) -> Result<()> {
    beside(path)?.iter().try_for_each(|file| remove(file))
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(SeriesError::at(file)(error)),
        _ => Ok(()),
    }
}
