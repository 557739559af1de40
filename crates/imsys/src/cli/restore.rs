//! `imsys restore`: a backup back in the place of the database, and of the history of devices.

use super::{block_on, print};
use crate::admin_socket::HISTORY;
use crate::config::Config;
use crate::secrets::Secrets;
use crate::wire::{self, DATABASE, SERIES, restore};
use anyhow::Context;
use imsys_doctor::builtin::series::{self, Options, Series};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    let folder = &config.data.dir;
    let _lock = wire::claim(folder)?;
    let copy = folder.join("imsys.db.restoring");
    let checked = take(file, &copy).and_then(|()| check(config, &copy));
    if let Err(error) = checked {
        restore::remove(&copy);
        return Err(error.context(file.display().to_string()));
    }
    let place = folder.join(DATABASE);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let aside = place.with_extension(format!("db.before-{seconds}"));
    let was_there = restore::put(&copy, &place, &aside)?;
    print(&format!("restored {} from {}", place.display(), file.display()));
    if was_there {
        print(&format!("the database of before is {}: delete it when you do not need it", aside.display()));
    }
    let history = file.with_added_extension(HISTORY);
    if !history.exists() {
        print(&format!("there is no {}: the history of devices stays as it is", history.display()));
        return Ok(());
    }
    restore_history(&history, &folder.join(SERIES), seconds).with_context(|| history.display().to_string())
}

/// Puts the history of devices back. The one of before is kept.
fn restore_history(file: &Path, place: &Path, seconds: u64) -> anyhow::Result<()> {
    let copy = place.with_extension("db.restoring");
    take(file, &copy)?;
    Series::open(&copy, Options::default()).context("it is damaged")?;
    let aside = place.with_extension(format!("db.before-{seconds}"));
    for old in series::beside(place)?.iter().filter(|old| old.exists()) {
        let ending = old.strip_prefix(place.parent().unwrap_or(place))?.to_string_lossy().into_owned();
        let ending = ending.trim_start_matches(SERIES);
        std::fs::rename(old, format!("{}{ending}", aside.display()))?;
    }
    series::beside(&copy)?.iter().for_each(|left| _ = std::fs::remove_file(left));
    restore::put(&copy, place, &aside)?;
    print(&format!("restored {} from {}", place.display(), file.display()));
    Ok(())
}

fn take(file: &Path, copy: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(restore::copy(file, copy)?, "this is no file of `imsys backup`");
    Ok(())
}

/// Opens the copy as a start would: its schema, its pages, its keys. Its change feed is another one from now on.
fn check(config: &Config, copy: &Path) -> anyhow::Result<()> {
    block_on(async {
        let store = wire::open_store(copy, false)?;
        store.check().await.context("it is damaged")?;
        Secrets::load(&config.secrets, &config.data.dir, &store.sealed().await?)?;
        anyhow::Ok(())
    })?;
    Ok(restore::begin_feed_anew(copy)?)
}
