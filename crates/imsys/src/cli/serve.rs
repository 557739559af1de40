//! `imsys serve`.

use super::{block_on, print, start_log};
use crate::app::Clock;
use crate::config::Config;
use crate::tenants::links;
use crate::{stop, wire};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn run(config: Config) -> anyhow::Result<()> {
    start_log(&config)?;
    block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listen = config.http.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("`http.listen` = {listen}"))?;
    let config = config.bound(listener.local_addr()?);
    if config.http.insecure {
        tracing::warn!("http.insecure is set: passwords and sessions travel over plain HTTP");
    }
    let house = wire::open(config, Clock::system()).await?;
    let app = &house.app;
    if house.made_key {
        let key = app.config.data.dir.join("secret.key");
        print(&format!("made {}: keep a copy of it elsewhere, apart from the backups", key.display()));
    }
    if let Some(url) = links::first_run(app).await? {
        print(&format!("nobody is here yet; set yourself up (works once, for a week): {url}"));
    }
    print(&format!("ready {}", app.config.http.public_url));
    let (stopper, stop) = stop::channel();
    tokio::spawn(async move {
        asked_to_end().await;
        stopper.stop();
    });
    Ok(wire::run(house, listener, stop).await?)
}

/// Waits for Ctrl-C, or for what a service manager sends.
pub(super) async fn asked_to_end() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "only Ctrl-C ends this process");
            let _pressed = tokio::signal::ctrl_c().await;
        }
    }
}
