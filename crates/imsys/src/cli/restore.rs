//! `imsys restore`: a backup back in the place of the database.

use super::{block_on, print};
use crate::config::Config;
use crate::secrets::Secrets;
use crate::wire::{self, DATABASE, restore};
use anyhow::Context;
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
