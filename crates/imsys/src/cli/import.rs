//! `imsys import`: the file of an export into a new store.

use super::{block_on, print};
use crate::archive::{Reader, sealed_in};
use crate::config::Config;
use crate::http::refusals;
use crate::secrets::{Place, Secrets};
use crate::wire;
use anyhow::Context;
use imsys_store::StoreError;
use imsys_store::model::{Holder, Sealed};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// `imsys import`.
pub(super) fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    let folder = &config.data.dir;
    let _lock = wire::claim(folder)?;
    let name = || file.display().to_string();
    let sealed = sealed_in(file).with_context(name)?;
    let (secrets, _) = Secrets::load(&config.secrets, folder, &sealed)?;
    for Sealed { tenant, holder, value } in &sealed {
        let what = match holder {
            Holder::Router(id) => format!("the password of the router {id}"),
            Holder::Device(id) => format!("the SNMP login of the device {id}"),
            Holder::SnmpLogin(id) => format!("the SNMP login {id}"),
        };
        let opened = secrets.open(Place::of(*tenant, *holder), value);
        opened.with_context(|| format!("{}: {what}", name()))?;
    }
    let mut reader = Reader::open(file).with_context(name)?;
    let at = Arc::clone(&reader.number);
    let records = std::iter::from_fn(move || reader.next_record().map_err(StoreError::Failed).transpose());
    let imported = block_on(async {
        let store = wire::open_store(&folder.join(wire::DATABASE), false)?;
        Ok(store.import(Box::new(records)).await)
    })?;
    let count = imported.map_err(|error| match (error, at.load(Ordering::Relaxed)) {
        // It names its line itself, or was known before the first.
        (StoreError::Failed(why), _) => anyhow::anyhow!(why),
        (StoreError::Exists(taken), 0 | 1) => anyhow::anyhow!(refusals::taken(taken)),
        (StoreError::Exists(taken), line) => {
            anyhow::anyhow!("line {line}: already exists: {}", refusals::taken(taken))
        }
        (StoreError::Dangling(to), line) => {
            anyhow::anyhow!("line {line}: refers to something that does not exist: {}", refusals::field(to))
        }
        (error, line) => anyhow::anyhow!("line {line}: {error}"),
    });
    print(&format!("imported {} records", count.with_context(name)?));
    Ok(())
}
