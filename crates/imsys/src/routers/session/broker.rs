//! The broker: one session for each router, one connection for each session. Everybody who wants something of a router
//! asks here; where another process owns it, the broker asks there.

use super::Sabotage;
use super::actor::RouterSession;
use super::connection::{Connector, OpenConnection, Target, Trouble};
use super::credentials::{Credentials, fingerprint};
use super::inbox::{Lane, Message, Parts};
use super::lease::RouterLease;
use super::logins::Logins;
use super::odd::OddFields;
use super::peers::{PeerNotice, PeerRead, Peers};
use super::read::{Reads, RouterRead};
use crate::clock::Clock;
use crate::dialer::Dialer;
use crate::metrics::Metrics;
use crate::secrets::Secrets;
use crate::stop;
use imsys_domain::router::Router;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_queue::cluster::Cluster;
use imsys_store::{Store, StoreError, TenantStore};
use routeros::client::{Budget, Client, LoginForm};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle as Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Requests that may wait for one router.
const WAITING: usize = 256;
/// Bytes of memory for the replies of all routers together.
const REPLIES: usize = 128 << 20;
/// How long a request of another process may take.
const FOR_OTHERS: Duration = Duration::from_secs(50);
/// How long a session may take to say goodbye to its router.
const GOODBYE: Duration = Duration::from_secs(3);

/// The door to every router; cheap to clone.
#[derive(Clone)]
pub struct Broker {
    parts: Parts,
    secrets: Secrets,
    allow_loopback: bool,
    sessions: Arc<Mutex<HashMap<RouterId, Handle>>>,
    peers: Option<Peers>,
    reads: Reads,
    running: RunningJobs,
    rounds: Rounds,
    runtime: Runtime,
}

/// What a broker is made of.
pub struct Needs {
    /// Where facts are kept.
    pub store: Arc<dyn Store>,
    /// Opens the routers' passwords.
    pub secrets: Secrets,
    /// How routers are reached.
    pub dialer: Arc<dyn Dialer>,
    /// Routers may be on this machine.
    pub allow_loopback: bool,
    /// The time.
    pub clock: Clock,
    /// What moved.
    pub metrics: Arc<Metrics>,
    /// The processes that share the routers, where there are others.
    pub cluster: Option<Cluster>,
    /// What may be read of routers for those processes.
    pub reads: Reads,
    /// Events to drop: in the demo's own test alone.
    pub sabotage: Option<Sabotage>,
}

/// When the last check of all static lines of a router began, where that was here.
type Rounds = Arc<Mutex<HashMap<RouterId, Timestamp>>>;

/// Routers that a job is at work on, and the names of those that came meanwhile.
type RunningJobs = Arc<Mutex<HashMap<RouterId, Vec<String>>>>;

/// One job's job_run at a router; it ends when this is dropped.
pub(crate) struct JobRun {
    running: RunningJobs,
    router: RouterId,
    /// The next one may have begun.
    over: bool,
}

impl JobRun {
    /// The names of the jobs that came meanwhile; asking takes note of them. Without any the job_run is over.
    pub(crate) fn wanted_again(&mut self) -> Vec<String> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let names = running.get_mut(&self.router).map(std::mem::take).unwrap_or_default();
        if names.is_empty() {
            running.remove(&self.router);
            self.over = true;
        }
        names
    }
}

impl Drop for JobRun {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.router);
    }
}

struct Handle {
    tenant: TenantId,
    inbox: mpsc::Sender<Message>,
    stopper: stop::Stopper,
    task: JoinHandle<()>,
    lease: RouterLease,
    /// The session's connection.
    open: OpenConnection,
}

impl Broker {
    /// A broker that serves no router yet. Must be called in the Tokio runtime in which the routers' sessions are
    /// to live, whoever asks for them.
    pub fn new(needs: Needs) -> Self {
        let Needs { store, secrets, dialer, allow_loopback, clock, metrics, cluster, reads, sabotage } =
            needs;
        let connector = Connector { dialer, budget: Budget::new(REPLIES) };
        let odd = OddFields::new(Arc::clone(&metrics));
        Self {
            peers: cluster.map(Peers::new),
            reads,
            parts: Parts { store, clock, odd, logins: Logins::default(), connector, metrics, sabotage },
            secrets,
            allow_loopback,
            sessions: Arc::default(),
            running: Arc::default(),
            rounds: Arc::default(),
            runtime: Runtime::current(),
        }
    }

    pub(crate) fn peers(&self) -> Option<&Peers> {
        self.peers.as_ref()
    }

    /// What of some events is dropped: nothing, but in the demo's own test.
    pub(crate) fn saboteur(&self) -> Option<&Sabotage> {
        self.parts.sabotage.as_ref()
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<RouterId, Handle>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A router was added or its settings changed: it is served from now on, or anew.
    pub async fn serve(&self, router: &Router) {
        match &self.peers {
            Some(peers) => said(peers.tell_all(&PeerNotice::Changed { router: router.id }).await),
            None => self.start(router, RouterLease::for_good()).await,
        }
    }

    /// A router was removed: it is served no more.
    pub async fn dismiss(&self, id: RouterId) {
        match &self.peers {
            Some(peers) => said(peers.tell_all(&PeerNotice::Changed { router: id }).await),
            None => self.stop(id).await,
        }
    }

    /// Starts the router's session here, or starts it anew.
    pub(crate) async fn start(&self, router: &Router, lease: RouterLease) {
        self.stop(router.id).await;
        let target = self.target(router);
        let (inbox, messages) = mpsc::channel(WAITING);
        let (stopper, stop) = stop::channel();
        let open = OpenConnection::default();
        let session = RouterSession::new(self.parts.clone(), router, target, lease.clone(), open.clone());
        let task = self.runtime.spawn(session.serve(messages, stop));
        let handle = Handle { tenant: router.tenant, inbox, stopper, task, lease, open };
        self.sessions().insert(router.id, handle);
    }

    /// Ends the router's session here: cancels what runs, says goodbye, closes.
    pub(crate) async fn stop(&self, id: RouterId) {
        let handle = self.sessions().remove(&id);
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(handle) = handle {
            end(handle).await;
        }
    }

    /// Begins a job_run at a router; `None` when one is under way, which will do the job called `name` too.
    pub(crate) fn job_run(&self, router: RouterId, name: &str) -> Option<JobRun> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.entry(router) {
            Entry::Occupied(mut under_way) => {
                let names = under_way.get_mut();
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
                None
            }
            Entry::Vacant(free) => {
                free.insert(Vec::new());
                Some(JobRun { running: Arc::clone(&self.running), router, over: false })
            }
        }
    }

    /// A check of all lines of the router begins.
    pub(crate) fn begin_round(&self, router: RouterId, at: Timestamp) {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).insert(router, at);
    }

    /// When the last one began, where that was here.
    pub(crate) fn round(&self, router: RouterId) -> Option<Timestamp> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(&router).copied()
    }

    /// The routers that this process owns, each with its lease.
    pub(crate) fn leases(&self) -> Vec<(RouterId, RouterLease)> {
        self.sessions().iter().map(|(id, handle)| (*id, handle.lease.clone())).collect()
    }

    /// Those whose session has ended by itself.
    pub(crate) fn ended(&self) -> Vec<RouterId> {
        let sessions = self.sessions();
        let ended = sessions.iter().filter(|(_, handle)| handle.task.is_finished() || !handle.lease.holds());
        ended.map(|(id, _)| *id).collect()
    }

    /// Whether this process owns the router and may act.
    pub fn is_owner(&self, id: RouterId) -> bool {
        self.sessions().get(&id).is_some_and(|handle| handle.lease.holds())
    }

    /// The store with the fencing token of the router's session, where that is here.
    pub fn store(&self, tenant: TenantId, id: RouterId) -> Arc<dyn TenantStore> {
        let lease =
            self.sessions().get(&id).map_or_else(RouterLease::for_good, |handle| handle.lease.clone());
        lease.store(&*self.parts.store, tenant, self.parts.clock.now())
    }

    /// Stops serving every router.
    pub async fn close(&self) {
        let handles: Vec<_> = self.sessions().drain().map(|(_, handle)| handle).collect();
        futures_util::future::join_all(handles.into_iter().map(end)).await;
    }

    /// The routers that are connected, with their tenants; among several processes those that were when
    /// their state was last stored.
    pub async fn connected(&self) -> Result<Vec<(TenantId, RouterId)>, StoreError> {
        if self.peers.is_some() {
            return self.parts.store.routers_up().await;
        }
        let sessions = self.sessions();
        let open = sessions.iter().filter(|(_, handle)| handle.open.is_open());
        Ok(open.map(|(id, handle)| (handle.tenant, *id)).collect())
    }

    /// Notes that the router should be asked about a user soon. Never waits, and leaves half of the
    /// room to people; what does not fit is told by the next sweep, as is everything of a router that is
    /// not connected.
    pub fn ask(&self, id: RouterId, user: &str) {
        let has_room = |handle: &&Handle| handle.open.is_open() && handle.inbox.capacity() > WAITING / 2;
        if let Some(handle) = self.sessions().get(&id) {
            if has_room(&handle) {
                let _full_or_gone = handle.inbox.try_send(Message::Ask(user.to_owned()));
            }
            return;
        }
        if let Some(peers) = &self.peers {
            peers.ask(id, user);
        }
    }

    /// Reads the router's table now and returns when what it says is stored.
    pub async fn sweep(&self, id: RouterId, within: Duration) -> Result<(), Trouble> {
        match &self.peers {
            Some(peers) if !self.is_owner(id) => peers.sweep(id, within).await,
            _ => self.request(id, within, Message::Sweep).await,
        }
    }

    /// Asks the router about this user now, beside whatever else it is asked, and returns when what it says is stored.
    pub async fn look(&self, id: RouterId, user: &str, within: Duration) -> Result<(), Trouble> {
        match &self.peers {
            Some(peers) if !self.is_owner(id) => peers.look(id, user, within).await,
            _ => self.look_here(id, user, within).await,
        }
    }

    /// Reads something of the router over its one connection, wherever that is, beside whatever else it is asked.
    pub async fn read<R: RouterRead>(
        &self,
        id: RouterId,
        within: Duration,
        lane: Lane,
        request: R,
    ) -> Result<R::Answer, Trouble> {
        if let Some(peers) = self.peers.as_ref().filter(|_| !self.is_owner(id)) {
            return peers.read(id, within, lane, request).await;
        }
        let read = async { request.run(&self.connection(id, within, lane).await?).await };
        timeout(within, read).await.unwrap_or(Err(Trouble::Deadline))
    }

    /// A read for another process.
    pub(crate) async fn read_for_another(&self, read: PeerRead) -> Result<Vec<u8>, Trouble> {
        let PeerRead { router, name, lane, within, request } = read;
        let within = within.min(FOR_OTHERS);
        let read = async {
            let client = self.connection(router, within, lane).await?;
            self.reads.run(&name, client, request).await
        };
        timeout(within, read).await.unwrap_or(Err(Trouble::Deadline))
    }

    /// The router's connection, where this process owns it. While there is one nothing is waited for; else the session
    /// hands it out as soon as it is connected.
    async fn connection(&self, id: RouterId, within: Duration, lane: Lane) -> Result<Client, Trouble> {
        let open = self.sessions().get(&id).and_then(|handle| handle.open.get());
        let client = match open {
            Some(client) => client,
            None => self.request(id, within, Message::Connect).await?,
        };
        Ok(match lane {
            Lane::Ordinary => client,
            Lane::Urgent => client.urgent(),
        })
    }

    /// A sweep for another process.
    pub(crate) async fn sweep_for_another(&self, id: RouterId) -> Result<(), Trouble> {
        self.request(id, FOR_OTHERS, Message::Sweep).await
    }

    /// A look for another process.
    pub(crate) async fn look_for_another(&self, id: RouterId, user: &str) -> Result<(), Trouble> {
        self.look_here(id, user, FOR_OTHERS).await
    }

    async fn look_here(&self, id: RouterId, user: &str, within: Duration) -> Result<(), Trouble> {
        self.request(id, within, |tell| Message::Look(user.to_owned(), tell)).await
    }

    async fn request<T>(
        &self,
        id: RouterId,
        within: Duration,
        message: impl FnOnce(oneshot::Sender<Result<T, Trouble>>) -> Message,
    ) -> Result<T, Trouble> {
        let (tell, told) = oneshot::channel();
        let inbox = self.sessions().get(&id).map(|handle| handle.inbox.clone()).ok_or(Trouble::Gone)?;
        inbox.try_send(message(tell)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Trouble::Busy,
            mpsc::error::TrySendError::Closed(_) => Trouble::Gone,
        })?;
        match timeout(within, told).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Trouble::Gone),
            Err(_) => Err(Trouble::Deadline),
        }
    }

    fn target(&self, router: &Router) -> Result<Target, Trouble> {
        let config = &router.config;
        let opened = Credentials::open(&self.secrets, router);
        let password = opened.map_err(|error| Trouble::Settings(error.to_string()))?.password;
        let tls = config.tls.as_deref().map(fingerprint).transpose().map_err(Trouble::Settings)?;
        Ok(Target {
            host: config.address.clone(),
            port: config.port,
            allow_loopback: self.allow_loopback,
            tls,
            login: if config.legacy_login { LoginForm::ModernOrChallenge } else { LoginForm::Modern },
            username: config.username.clone(),
            password,
        })
    }
}

/// What others do not hear now they find in the store by themselves.
fn said(told: Result<(), Trouble>) {
    if let Err(trouble) = told {
        tracing::warn!(%trouble, "the other processes could not be told of a router");
    }
}

async fn end(handle: Handle) {
    handle.stopper.stop();
    let abort = handle.task.abort_handle();
    if timeout(GOODBYE, handle.task).await.is_err() {
        abort.abort();
    }
}
