//! `imsys restore`: a backup back in the place of the database.

use super::{block_on, print};
use crate::config::Config;
use crate::secrets::Secrets;
use crate::wire::{self, DATABASE};
use anyhow::Context;
use imsys_store::Store;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What SQLite has beside a database: nothing is whole without them.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];
/// Where a SQLite file keeps the number of its schema.
const SCHEMA: usize = 60;

pub(super) fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    let folder = &config.data.dir;
    let _lock = wire::claim(folder)?;
    let copy = folder.join("imsys.db.restoring");
    let checked = take(file, &copy).and_then(|()| check(config, &copy));
    if let Err(error) = checked {
        remove(&copy);
        return Err(error.context(file.display().to_string()));
    }
    let place = folder.join(DATABASE);
    let kept = keep(&place)?;
    std::fs::rename(&copy, &place)?;
    File::open(folder)?.sync_all()?;
    print(&format!("restored {} from {}", place.display(), file.display()));
    if let Some(kept) = kept {
        print(&format!("the database of before is {}: delete it when you do not need it", kept.display()));
    }
    Ok(())
}

/// The database and what is beside it.
fn files(database: &Path) -> impl Iterator<Item = PathBuf> {
    BESIDE.into_iter().map(|beside| {
        let mut name = database.as_os_str().to_owned();
        name.push(beside);
        name.into()
    })
}

fn remove(database: &Path) {
    for file in files(database) {
        let _was_not_there = std::fs::remove_file(file);
    }
}

/// Copies the backup beside its place, for its owner alone.
fn take(file: &Path, copy: &Path) -> anyhow::Result<()> {
    let mut from = File::open(file)?;
    let mut head = [0; 100];
    let read = from.read_exact(&mut head);
    let is_ours =
        read.is_ok() && head.starts_with(b"SQLite format 3\0") && head[SCHEMA..SCHEMA + 4] != [0; 4];
    anyhow::ensure!(is_ours, "this is no file of `imsys backup`");
    remove(copy);
    let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(copy)?;
    std::io::copy(&mut File::open(file)?, &mut to)?;
    Ok(to.sync_all()?)
}

/// Opens the copy as a start would: its schema, its pages, its keys.
fn check(config: &Config, copy: &Path) -> anyhow::Result<()> {
    block_on(async {
        let store = wire::open_store(copy)?;
        store.check().await.context("it is damaged")?;
        Secrets::load(&config.secrets, &config.data.dir, &store.sealed().await?)?;
        Ok(())
    })
}

/// Moves the database of now aside, when there is one.
fn keep(place: &Path) -> anyhow::Result<Option<PathBuf>> {
    if !place.exists() {
        return Ok(None);
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let aside = place.with_extension(format!("db.before-{seconds}"));
    for (from, to) in files(place).zip(files(&aside)) {
        match std::fs::rename(from, to) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(Some(aside))
}
