//! Builds everything, top to bottom: the only place that knows all parts. [`open`] constructs, [`run`]
//! starts what was constructed.

use crate::admin_socket;
use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::Config;
use crate::dialer::SystemTcp;
use crate::history::History;
use crate::hook_limit::Limit;
use crate::http::server::{self, Timeouts};
use crate::jobs::{ROUTERS, UPKEEP};
use crate::leader::LeaderLease;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::monitoring::watch::{self, PingThrough};
use crate::routers::cluster::{self, Part};
use crate::routers::onboarding::{Examine, ReadProfiles, ReadSecrets};
use crate::routers::session::{Broker, Needs, Reads, Sabotage};
use crate::secrets::{KEY_FILE, SecretError, Secrets};
use crate::static_check::addresses::ReadAddresses;
use crate::static_check::lines::Question;
use crate::stop::{self, Stop};
use crate::tls::{Tls, TlsError};
use crate::usage::ReadCounters;
use crate::work::scheduler;
use crate::work::worker::{RouterWork, Upkeep};
use crate::{events, files, routes};
use imsys_doctor::builtin::series::{Options, SeriesError};
use imsys_queue::{BullQueue, Handler, Limits, LocalQueue};
pub(crate) use imsys_store::sqlite::restore;
use imsys_store::{Store, StoreError, sqlite};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The database's name in the data folder.
pub(crate) const DATABASE: &str = "imsys.db";
/// The name, in the data folder, of the file with what devices were measured at.
pub(crate) const SERIES: &str = "series.db";
/// So many points of a simulated town's history are held in memory.
const DEMO_POINTS: usize = 1_000_000;
/// A router that is worked on for longer is slow, and makes room for another.
const SLOW_AFTER: Duration = Duration::from_secs(2);
/// Slow routers that may have made room at the same time.
const SLOW: usize = 936;
/// How long the work at one router may take.
const WORK: Duration = Duration::from_secs(60);
/// How long work at no router may take: deleting what is old takes the longest.
const UPKEEP_TIME: Duration = Duration::from_secs(3600);
/// Jobs at no router that run at the same time: a long one does not keep a short one waiting.
const UPKEEP_AT_ONCE: usize = 4;
/// How long running jobs may take to end when the process is to stop.
const DRAIN: Duration = Duration::from_secs(10);

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
    /// What this process is to do needs others to do the rest, and there is no way to them.
    #[error("`--role` needs a queue that processes share: set queue.url to the address of a Redis")]
    Alone,
    /// The history of devices cannot be used.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// Redis cannot be used.
    #[error("queue.url: {0}")]
    Queue(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Secrets(#[from] SecretError),
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// What a process does of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    All,
    /// The API, the dashboard and the webhooks.
    Web,
    /// The work at routers.
    Worker,
    /// Putting on the queue what the clock asks for.
    Scheduler,
}

impl Role {
    fn serves_web(self) -> bool {
        matches!(self, Self::All | Self::Web)
    }

    fn part(self) -> Part {
        Part {
            works: matches!(self, Self::All | Self::Worker),
            schedules: matches!(self, Self::All | Self::Scheduler),
        }
    }
}

/// An IMSys that was built and not started.
pub struct Instance {
    /// What handlers and jobs reach.
    pub app: App,
    /// `secret.key` was made just now.
    pub made_key: bool,
    /// What it is to do.
    pub role: Role,
    /// What an operator should mend, in words: it works without, but not safely.
    pub warnings: Vec<String>,
    /// Keeps others out of the data folder.
    _lock: File,
}

/// Builds everything over the data folder, which is made when it is not there.
pub async fn open(config: Config, clock: Clock) -> Result<Instance, WireError> {
    build(config, clock, Role::All, None).await
}

/// The same for a process that does a part of the whole.
pub async fn open_as(config: Config, clock: Clock, role: Role) -> Result<Instance, WireError> {
    if role != Role::All && !config.queue.is_shared() {
        return Err(WireError::Alone);
    }
    build(config, clock, role, None).await
}

/// The same for a simulated town, where events may be dropped to see that it is noticed.
pub async fn open_demo(
    config: Config,
    clock: Clock,
    sabotage: Option<Sabotage>,
) -> Result<Instance, WireError> {
    build(config, clock, Role::All, Some(Demo { sabotage })).await
}

struct Demo {
    sabotage: Option<Sabotage>,
}

async fn build(
    mut config: Config,
    clock: Clock,
    role: Role,
    demo: Option<Demo>,
) -> Result<Instance, WireError> {
    let folder = &config.data.dir;
    let lock = enter(folder, config.queue.is_shared())?;
    let file = folder.join(DATABASE);
    let store = open_store(&file, config.queue.is_shared())?;
    let (secrets, made_key) = Secrets::load(&config.secrets, folder, &store.sealed().await?)?;
    let shared = config.queue.is_shared().then(|| redis(&config)).transpose()?;
    let tls = if role.serves_web() { Tls::load(&config.http.tls)? } else { None };
    let series = folder.join(SERIES);
    make_private(&series)?;
    let mut warnings = loose(&[folder, &file, &series, &folder.join(KEY_FILE)]);
    let mut options = Options { keep: config.doctor.keep.tiers(), ..Options::default() };
    if demo.is_some() {
        // The month that is written before the start is carried into chunks after it.
        options.points_in_memory = DEMO_POINTS;
    }
    let history = History::new(series, options, Arc::clone(&store));
    if !config.queue.is_shared() {
        history.own()?;
    }
    warnings.extend(fit(&mut config.http.max_connections, open_files()));
    if let Some(queue) = &shared {
        warnings.extend(queue.check().await);
    }
    let (live, metrics) = (Live::new(store.feed().await?), Arc::<Metrics>::default());
    let app = App::new(Parts {
        broker: Broker::new(Needs {
            store: Arc::clone(&store),
            secrets: secrets.clone(),
            dialer: Arc::new(SystemTcp),
            allow_loopback: config.network.allow_loopback,
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
            cluster: shared.as_ref().map(BullQueue::cluster),
            reads: reads(),
            sabotage: demo.as_ref().and_then(|demo| demo.sabotage.clone()),
        }),
        leader: if shared.is_some() { LeaderLease::shared() } else { LeaderLease::default() },
        queue: match shared {
            Some(queue) => Arc::new(queue),
            None => Arc::new(LocalQueue::default()),
        },
        aging: Arc::default(),
        history: Arc::new(history),
        webhook_tokens: Arc::default(),
        hook_limit: Arc::new(Limit::new(config.http.webhook_burst, config.http.webhook_rate)),
        passwords: Arc::default(),
        store,
        secrets,
        clock,
        live,
        metrics,
        tls,
        demo: demo.is_some(),
        config: Arc::new(config),
    });
    Ok(Instance { app, made_key, role, warnings, _lock: lock })
}

/// What processes read of routers for each other.
fn reads() -> Reads {
    Reads::default()
        .with::<Examine>()
        .with::<ReadProfiles>()
        .with::<ReadSecrets>()
        .with::<ReadAddresses>()
        .with::<Question>()
        .with::<PingThrough>()
        .with::<ReadCounters>()
}

/// How many files this process may open, when it has allowed itself as many as the system does; `None`: no
/// limit, or one that nobody tells.
fn open_files() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    if raised.is_ok() { limit.maximum } else { limit.current }
}

/// Lets connections take half of the files at most: routers, the database and `imsys admin` need some too. What
/// to do, when that is less than was set.
fn fit(connections: &mut u32, files: Option<u64>) -> Option<String> {
    let room = files.and_then(|files| u32::try_from(files / 2).ok()).filter(|room| room < connections)?;
    let wanted = std::mem::replace(connections, room);
    Some(format!(
        "http.max_connections = {wanted} is more than this process has room for: it takes {room}. Raise its limit of \
         open files to {} (LimitNOFILE= of systemd, `ulimit -n`)",
        u64::from(wanted) * 2
    ))
}

/// What to do about files and folders of these that other users of the machine may open.
fn loose(paths: &[&Path]) -> Vec<String> {
    let open = |path: &&Path| {
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
        let wanted = if path.is_dir() { "700" } else { "600" };
        let path = path.display();
        (mode & 0o077 != 0).then(|| {
            format!("other users of this machine may open {path} (its mode is {mode:o}): run `chmod {wanted} {path}`")
        })
    };
    paths.iter().filter_map(open).collect()
}

fn redis(config: &Config) -> Result<BullQueue, WireError> {
    BullQueue::open(&config.queue.url, &config.queue.prefix)
        .map_err(|error| WireError::Queue(error.to_string()))
}

/// Keeps everybody else out of the data folder, which is made when it is not there, for as long as the value
/// lives.
pub(crate) fn claim(folder: &Path) -> Result<File, WireError> {
    enter(folder, false)
}

fn enter(folder: &Path, shared: bool) -> Result<File, WireError> {
    let data = |why| WireError::Data { file: folder.into(), why };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(data)?;
    lock(folder, shared)
}

/// Opens a database, for this process alone or as one of several, and makes it, so that only its owner reads it, when
/// it is not there.
pub fn open_store(file: &Path, shared: bool) -> Result<Arc<dyn Store>, WireError> {
    make_private(file)?;
    Ok(if shared { sqlite::open_shared(file)? } else { sqlite::open(file)? })
}

fn make_private(file: &Path) -> Result<File, WireError> {
    files::open(file).map_err(|why| WireError::Data { file: file.into(), why })
}

/// Keeps others out of the data folder, but for those that share its queue.
fn lock(folder: &Path, shared: bool) -> Result<File, WireError> {
    let file = folder.join("imsys.lock");
    let lock = make_private(&file)?;
    match if shared { lock.try_lock_shared() } else { lock.try_lock() } {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(WireError::Taken(folder.into())),
        Err(TryLockError::Error(why)) => Err(WireError::Data { file, why }),
    }
}

/// Serves, where its role has pages on `listener`, until told to stop; then ends everything in the order of the need for it.
pub async fn run(
    instance: Instance,
    listener: impl Into<Option<TcpListener>>,
    stop: Stop,
) -> Result<(), WireError> {
    let Instance { app, role, warnings, _lock: lock, .. } = instance;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if !app.config.queue.is_shared() {
        for router in app.store.all_routers().await? {
            app.broker.serve(&router).await;
        }
    }
    // Sessions are the last to end: a job that is ending needs its router.
    let (worked, leases_stop) = stop::channel();
    // Each on a thread that is free: none of them waits for another's work.
    let mut parts = JoinSet::new();
    parts.spawn(web(app.clone(), listener.into(), role, stop.clone()));
    parts.spawn(worker(app.clone(), role, stop.clone()));
    parts.spawn(schedule(app.clone(), role, stop));
    let work = async {
        parts.join_all().await;
        worked.stop();
    };
    let owned = Arc::new(RouterWork(app.clone()));
    tokio::join!(work, cluster::run(app.clone(), role.part(), owned, leases_stop));
    app.broker.close().await;
    drop(lock);
    Ok(())
}

async fn web(app: App, listener: Option<TcpListener>, role: Role, stop: Stop) {
    let Some(listener) = listener.filter(|_| role.serves_web()) else { return };
    let (site, counted) = (routes::site(&app), app.clone());
    let followed = app.live.clone().follow(Arc::clone(&app.store), stop.clone());
    tokio::join!(
        followed,
        admin_socket::serve(app.clone(), stop.clone()),
        server::serve(listener, app, site, Timeouts::default(), stop.clone()),
        events::count(counted, stop),
    );
}

async fn worker(app: App, role: Role, stop: Stop) {
    if !role.part().works {
        return;
    }
    let concurrency = app.config.queue.concurrency as usize;
    let routers = Limits { concurrency, slow_after: SLOW_AFTER, slow: SLOW, deadline: WORK, drain: DRAIN };
    let upkeep = Limits {
        concurrency: UPKEEP_AT_ONCE,
        slow_after: UPKEEP_TIME,
        slow: 0,
        deadline: UPKEEP_TIME,
        drain: DRAIN,
    };
    tokio::join!(
        work_on(&app, ROUTERS, routers, Arc::new(RouterWork(app.clone())), stop.clone()),
        work_on(&app, UPKEEP, upkeep, Arc::new(Upkeep(app.clone())), stop),
    );
}

async fn work_on(app: &App, queue: &str, limits: Limits, handler: Arc<dyn Handler>, mut stop: Stop) {
    let shutdown = Box::pin(async move { stop.wait().await });
    if let Err(error) = app.queue.run_worker(queue, limits, handler, shutdown).await {
        tracing::error!(%error, queue, "the queue ended with an error");
    }
}

async fn schedule(app: App, role: Role, stop: Stop) {
    if role.part().schedules {
        tokio::join!(scheduler::run(app.clone(), stop.clone()), watch::run(app, stop));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn connections_leave_half_of_the_files_to_the_rest() {
        let mut connections = 4096;
        assert_eq!((fit(&mut connections, Some(8192)), connections), (None, 4096));
        assert_eq!((fit(&mut connections, None), connections), (None, 4096));
        let said = fit(&mut connections, Some(1024)).unwrap();
        assert!(connections == 512 && said.contains("8192"), "{connections} {said}");
        open_files();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }

    #[test]
    fn files_and_folders_that_others_may_open_are_warned_of() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join(KEY_FILE);
        files::open(&key).unwrap();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(loose(&[folder.path(), &key]), Vec::<String>::new());
        std::fs::set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let said = loose(&[folder.path(), &key]);
        assert!(
            said.len() == 2 && said[0].contains("chmod 700") && said[1].contains("chmod 600"),
            "{said:?}"
        );
    }
}
