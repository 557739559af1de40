//! A backup back in the place of a database that nobody has open: it is copied beside its place, checked there as a
//! store, and moved into it.

use super::feed;
use crate::port::Result;
use rusqlite::Connection;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What SQLite has beside a database: nothing is whole without them.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];
/// Where a SQLite file keeps the number of its schema.
const SCHEMA: usize = 60;

/// Copies a backup to `copy`, for its owner alone; `false` when it is no backup.
pub fn copy(backup: &Path, copy: &Path) -> io::Result<bool> {
    let mut from = File::open(backup)?;
    let mut head = [0; 100];
    let read = from.read_exact(&mut head);
    let is_ours =
        read.is_ok() && head.starts_with(b"SQLite format 3\0") && head[SCHEMA..SCHEMA + 4] != [0; 4];
    if !is_ours {
        return Ok(false);
    }
    remove(copy);
    let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(copy)?;
    io::copy(&mut File::open(backup)?, &mut to)?;
    to.sync_all().map(|()| true)
}

/// Gives the change feed of a copy another name: who remembers places of the database that it replaces finds none of them.
pub fn begin_feed_anew(copy: &Path) -> Result<()> {
    let conn = Connection::open(copy)?;
    feed::begin_anew(&conn)
}

/// Removes a database, and what is beside it.
pub fn remove(database: &Path) {
    for file in files(database) {
        let _was_not_there = std::fs::remove_file(file);
    }
}

/// Moves the copy to its place; the database that was there before, if any, is `aside` from then on. Whether there
/// was one.
pub fn put(copy: &Path, place: &Path, aside: &Path) -> io::Result<bool> {
    let was_there = place.exists();
    for (from, to) in files(place).zip(files(aside)).filter(|_| was_there) {
        match std::fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    std::fs::rename(copy, place)?;
    if let Some(folder) = place.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(was_there)
}

/// The database and what is beside it.
fn files(database: &Path) -> impl Iterator<Item = PathBuf> {
    BESIDE.into_iter().map(|beside| {
        let mut name = database.as_os_str().to_owned();
        name.push(beside);
        name.into()
    })
}
