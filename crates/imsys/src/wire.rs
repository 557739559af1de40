//! Builds everything, top to bottom: the only place that knows all parts. [`open`] constructs, [`run`]
//! starts what was constructed.

use crate::app::{App, Clock};
use crate::cli::desk;
use crate::config::Config;
use crate::http::server::{self, Patience};
use crate::routers::jobs::{QUEUE, RouterWork};
use crate::scheduler;
use crate::secrets::{SecretError, Secrets};
use crate::stop::Stop;
use imsys_queue::Limits;
use imsys_store::sqlite::SqliteStore;
use imsys_store::{Store, StoreError};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Routers that are worked on at the same time.
const ROUTERS: Limits =
    Limits { concurrency: 64, deadline: Duration::from_secs(60), drain: Duration::from_secs(5) };

/// Why nothing could be built.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The data folder, or a file in it, cannot be used.
    #[error("{file}: {why}")]
    Data {
        /// Which.
        file: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// Another process has the data folder.
    #[error("{0} is used by another IMSys: stop that one, or set data.dir")]
    Taken(PathBuf),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Secrets(#[from] SecretError),
}

/// An IMSys that was built and not started.
pub struct House {
    /// What handlers and jobs reach.
    pub app: App,
    /// The store, for what only this kind of store can do.
    pub store: SqliteStore,
    /// `secret.key` was made just now.
    pub made_key: bool,
    /// Keeps others out of the data folder.
    _lock: File,
}

/// Builds everything over the data folder, which is made when it is not there.
pub async fn open(config: Config, clock: Clock) -> Result<House, WireError> {
    let folder = &config.data.dir;
    let data = |why| WireError::Data { file: folder.clone(), why };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(data)?;
    let lock = lock(folder)?;
    let file = folder.join("imsys.db");
    // Made here, so that only its owner reads it, wherever the folder came from.
    private(&file).map_err(|why| WireError::Data { file: file.clone(), why })?;
    let store = SqliteStore::open(&file)?;
    let (secrets, made_key) = Secrets::load(&config.secrets, folder, &store.sealed().await?)?;
    let app = App::new(Arc::new(store.clone()), config, secrets, clock);
    Ok(House { app, store, made_key, _lock: lock })
}

fn lock(folder: &Path) -> Result<File, WireError> {
    let file = folder.join("imsys.lock");
    let lock = private(&file).map_err(|why| WireError::Data { file: file.clone(), why })?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(WireError::Taken(folder.into())),
        Err(TryLockError::Error(why)) => Err(WireError::Data { file, why }),
    }
}

/// Opens a file, and makes it for its owner alone when it is not there.
fn private(file: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(file)
}

/// Serves until told to stop, then ends everything in the order of the need for it.
pub async fn run(house: House, listener: TcpListener, stop: Stop) -> Result<(), WireError> {
    let House { app, store, _lock: lock, .. } = house;
    for router in app.store.all_routers().await? {
        app.broker.serve(&router).await;
    }
    let worker = {
        let (app, mut stop) = (app.clone(), stop.clone());
        let shutdown = Box::pin(async move { stop.wait().await });
        let queue = Arc::clone(&app.queue);
        async move { queue.run_worker(QUEUE, ROUTERS, Arc::new(RouterWork(app)), shutdown).await }
    };
    let (_, worked, (), ()) = tokio::join!(
        desk::serve(app.clone(), store, stop.clone()),
        worker,
        scheduler::run(app.clone(), stop.clone()),
        server::serve(listener, app.clone(), Patience::default(), stop),
    );
    if let Err(error) = worked {
        tracing::error!(%error, "the queue ended with an error");
    }
    app.broker.close().await;
    drop(lock);
    Ok(())
}
