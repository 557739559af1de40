//! Files that only their owner may read.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens a file, and makes it for its owner alone when it is not there.
pub(crate) fn open(file: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(file)
}

/// Makes a new file that only its owner reads.
pub(crate) fn create(file: &Path) -> Result<File, String> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.map_err(|error| format!("{}: {error}", file.display()))
}
