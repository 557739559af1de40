//! `imsys serve`.

use super::{block_on, print, start_log};
use crate::clock::Clock;
use crate::config::Config;
use crate::secrets::KEY_FILE;
use crate::stop;
use crate::tenants::links;
use crate::wire::{self, Role};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Which part of the whole.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The part that this process runs: everything unless given. Parts need queue.url = redis://…, the same data
    /// folder and the same key.
    #[arg(long, value_enum)]
    role: Option<Part>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Part {
    /// The API, the dashboard and the webhooks.
    Web,
    /// The connections to routers.
    Worker,
    /// Scheduled work; of several, one at a time.
    Scheduler,
}

impl From<Option<Part>> for Role {
    fn from(part: Option<Part>) -> Self {
        match part {
            None => Self::All,
            Some(Part::Web) => Self::Web,
            Some(Part::Worker) => Self::Worker,
            Some(Part::Scheduler) => Self::Scheduler,
        }
    }
}

pub(super) fn run(config: Config, args: Args) -> anyhow::Result<()> {
    start_log(&config)?;
    block_on(async move {
        match args.role.into() {
            role @ (Role::All | Role::Web) => serve(config, role).await,
            role => work(config, role).await,
        }
    })
}

/// A process without pages.
async fn work(config: Config, role: Role) -> anyhow::Result<()> {
    let listen = config.http.listen;
    let instance = wire::open_as(config.bound(listen), Clock::system(), role).await?;
    print("ready");
    Ok(wire::run(instance, None, until_asked()).await?)
}

/// Told to stop when the process is asked to end.
fn until_asked() -> stop::Stop {
    let (stopper, stop) = stop::channel();
    tokio::spawn(async move {
        asked_to_end().await;
        stopper.stop();
    });
    stop
}

async fn serve(config: Config, role: Role) -> anyhow::Result<()> {
    let listen = config.http.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("`http.listen` = {listen}"))?;
    let config = config.bound(listener.local_addr()?);
    if config.http.insecure {
        tracing::warn!("http.insecure is set: passwords and sessions travel over plain HTTP");
    }
    let instance = wire::open_as(config, Clock::system(), role).await?;
    let app = &instance.app;
    if instance.made_key {
        let key = app.config.data.dir.join(KEY_FILE);
        print(&format!("made {}: keep a copy of it elsewhere, apart from the backups", key.display()));
    }
    if let Some(url) = links::first_run(app).await? {
        print(&format!(
            "nobody manages this server yet; open this link to set up your account (it works once): {url}"
        ));
    }
    print(&format!("ready {}", app.config.http.public_url));
    Ok(wire::run(instance, listener, until_asked()).await?)
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
