//! The broker: one home a router, one connection a home. Everybody who wants something of a router
//! asks here.

use super::Credentials;
use super::connection::{Target, Trouble};
use super::home::{Home, Message};
use super::lines::{self, Asked, Question};
use crate::app::Clock;
use crate::http::live::Live;
use crate::metrics::Metrics;
use crate::presence::Sabotage;
use crate::secrets::Secrets;
use crate::stop;
use imsys_domain::{RouterId, TenantId};
use imsys_store::Store;
use imsys_store::model::Router;
use routeros::client::Client;
use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Requests that may wait for one router.
const WAITING: usize = 256;
/// How long a home may take to say goodbye to its router.
const GOODBYE: Duration = Duration::from_secs(3);

/// What a home needs of the rest.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) live: Live,
    pub(super) metrics: Arc<Metrics>,
    pub(super) sabotage: Option<Sabotage>,
}

/// The door to every router; cheap to clone.
#[derive(Clone)]
pub struct Broker {
    parts: Parts,
    secrets: Secrets,
    homes: Arc<Mutex<HashMap<RouterId, Handle>>>,
}

struct Handle {
    tenant: TenantId,
    inbox: mpsc::Sender<Message>,
    stopper: stop::Stopper,
    task: JoinHandle<()>,
    /// The home has a connection.
    open: Arc<AtomicBool>,
}

impl Broker {
    /// A broker that serves no router yet.
    pub fn new(
        store: Arc<dyn Store>,
        secrets: Secrets,
        clock: Clock,
        live: Live,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self { parts: Parts { store, clock, live, metrics, sabotage: None }, secrets, homes: Arc::default() }
    }

    /// Drops events from now on; for the demo's own test.
    pub fn sabotage(&mut self, sabotage: Sabotage) {
        self.parts.sabotage = Some(sabotage);
    }

    /// What of some events is dropped: nothing, but in the demo's own test.
    pub(crate) fn saboteur(&self) -> Option<&Sabotage> {
        self.parts.sabotage.as_ref()
    }

    fn homes(&self) -> MutexGuard<'_, HashMap<RouterId, Handle>> {
        self.homes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves a router from now on, or serves it anew after its settings changed.
    pub async fn serve(&self, router: &Router) {
        self.dismiss(router.id).await;
        let target = self.target(router);
        let (inbox, messages) = mpsc::channel(WAITING);
        let (stopper, stop) = stop::channel();
        let open = Arc::<AtomicBool>::default();
        let home = Home::new(self.parts.clone(), router, target, Arc::clone(&open));
        let task = tokio::spawn(home.run(messages, stop));
        self.homes().insert(router.id, Handle { tenant: router.tenant, inbox, stopper, task, open });
    }

    /// Stops serving a router: cancels what runs, says goodbye, closes.
    pub async fn dismiss(&self, id: RouterId) {
        let handle = self.homes().remove(&id);
        if let Some(handle) = handle {
            end(handle).await;
        }
    }

    /// Stops serving every router.
    pub async fn close(&self) {
        let handles: Vec<_> = self.homes().drain().map(|(_, handle)| handle).collect();
        futures_util::future::join_all(handles.into_iter().map(end)).await;
    }

    /// The routers that are connected, with their tenants.
    pub fn connected(&self) -> Vec<(TenantId, RouterId)> {
        let homes = self.homes();
        let open = homes.iter().filter(|(_, handle)| handle.open.load(Ordering::Relaxed));
        open.map(|(id, handle)| (handle.tenant, *id)).collect()
    }

    /// Notes that the router should be asked about a user soon. Never waits, and leaves half of the
    /// room to people; what does not fit is told by the next sweep, as is everything of a router that is
    /// not connected.
    pub fn ask(&self, id: RouterId, user: &str) {
        let has_room =
            |handle: &&Handle| handle.open.load(Ordering::Relaxed) && handle.inbox.capacity() > WAITING / 2;
        if let Some(handle) = self.homes().get(&id).filter(has_room) {
            let _full_or_gone = handle.inbox.try_send(Message::Ask(user.to_owned()));
        }
    }

    /// Reads the router's table now and returns when what it says is stored.
    pub async fn sweep(&self, id: RouterId, within: Duration) -> Result<(), Trouble> {
        self.request(id, within, Message::Sweep).await
    }

    /// Uses the router's one connection: `work` runs beside whatever else it does.
    pub async fn with<T, F>(
        &self,
        id: RouterId,
        within: Duration,
        work: impl FnOnce(Client) -> F + Send + 'static,
    ) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        self.request(id, within, move |tell| {
            Message::Use(Box::new(move |client| {
                tokio::spawn(async move {
                    let done = match client {
                        Ok(client) => work(client).await,
                        Err(trouble) => Err(trouble),
                    };
                    let _gone = tell.send(done);
                });
            }))
        })
        .await
    }

    /// Asks the router about static lines.
    pub(crate) async fn ask_lines(&self, id: RouterId, question: Question) -> Result<Asked, Trouble> {
        // A print, a second one of a suspicious table, and the last probe come on top.
        let within = question.within + Duration::from_secs(30);
        self.with(id, within, |client| async move { lines::ask(&client, question).await }).await
    }

    async fn request<T>(
        &self,
        id: RouterId,
        within: Duration,
        message: impl FnOnce(oneshot::Sender<Result<T, Trouble>>) -> Message,
    ) -> Result<T, Trouble> {
        let (tell, told) = oneshot::channel();
        let inbox = self.homes().get(&id).map(|handle| handle.inbox.clone()).ok_or(Trouble::Gone)?;
        inbox.try_send(message(tell)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Trouble::Busy,
            mpsc::error::TrySendError::Closed(_) => Trouble::Gone,
        })?;
        match tokio::time::timeout(within, told).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Trouble::Gone),
            Err(_) => Err(Trouble::Deadline),
        }
    }

    fn target(&self, router: &Router) -> Result<Target, Trouble> {
        let config = &router.config;
        let opened = Credentials::open(&self.secrets, router);
        let password = opened.map_err(|error| Trouble::Settings(error.to_string()))?.password;
        let tls = config.tls.as_deref().map(super::fingerprint).transpose().map_err(Trouble::Settings)?;
        Ok(Target {
            address: SocketAddr::new(config.address, config.port),
            tls,
            username: config.username.clone(),
            password,
        })
    }
}

async fn end(handle: Handle) {
    handle.stopper.stop();
    let abort = handle.task.abort_handle();
    if tokio::time::timeout(GOODBYE, handle.task).await.is_err() {
        abort.abort();
    }
}
