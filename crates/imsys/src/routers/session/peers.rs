//! Routers that another process owns: what is said between processes, and borrowing a connection.

use super::Trouble;
use super::lend;
use super::odd::OddFields;
use super::problem::{Problem, explain};
use crate::token;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::cluster::Cluster;
use routeros::client::{Budget, Client, ClientOptions, LoginForm};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

/// Bytes of a borrowed connection in one message.
const CHUNK: usize = 32 * 1024;
/// Messages of one borrowed connection that may wait.
const WAITING: usize = 256;
/// Questions about users that may be on their way to other processes.
const ASKS: usize = 64;
/// How often an owner is looked for while there is none.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How often somebody who waits for an owner's work makes sure that it still is the owner.
const MAKE_SURE: Duration = Duration::from_secs(2);

/// What processes say to each other.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PeerMessage {
    /// To an owner: ask the router about this user soon.
    Ask { router: RouterId, user: String },
    /// To an owner: do the router's work, by marks in the store and by the name of a job, then answer with `Done`.
    Work { tenant: TenantId, router: RouterId, name: String, call: Call },
    /// To an owner: read the router's whole table, then answer with `Done`.
    Sweep { router: RouterId, call: Call },
    /// To an owner: ask the router about this user now, then answer with `Done`.
    Look { router: RouterId, user: String, call: Call },
    /// To an owner: lend the router's connection, then answer with `Done`; bytes follow.
    Lend { router: RouterId, call: Call },
    /// The answer to a call.
    Done { number: u64, refused: Option<Refusal> },
    /// Some bytes of a borrowed connection, in either direction; none of them: it has ended.
    Bytes { number: u64, bytes: Vec<u8> },
    /// To all: a router was added, changed or removed.
    Changed { router: RouterId },
    /// To all: something that browsers watch.
    Live { from: String, tenant: TenantId, topic: String, id: String, rev: i64, fields: String },
}

/// Who calls, and the number that he gave it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    from: String,
    number: u64,
}

/// A [`Trouble`] that went from one process to another.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Refusal {
    Busy,
    Gone,
    Deadline,
    Problem(Problem),
    Failed(String),
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Busy => Self::Busy,
            Trouble::Gone => Self::Gone,
            Trouble::Deadline => Self::Deadline,
            Trouble::Failed(reason) => Self::Failed(reason),
            other => Self::Problem(explain(&other)),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Busy => Self::Busy,
            Refusal::Gone => Self::Gone,
            Refusal::Deadline => Self::Deadline,
            Refusal::Problem(problem) => Self::Told(problem),
            Refusal::Failed(reason) => Self::Failed(reason),
        }
    }
}

/// The way to owners in other processes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Peers(Arc<Inner>);

struct Inner {
    cluster: Cluster,
    odd: OddFields,
    budget: Budget,
    calls: Mutex<HashMap<u64, oneshot::Sender<Result<(), Trouble>>>>,
    /// Held while leases are acquired: two sessions of one router would supersede each other.
    acquiring: tokio::sync::Mutex<()>,
    /// Questions about users that are on their way.
    asks: Arc<Semaphore>,
    /// Connections that were borrowed or lent, by number: where their bytes go.
    streams: Mutex<HashMap<u64, mpsc::Sender<Vec<u8>>>>,
}

/// Takes the call off the list, whatever becomes of who waits.
struct Listed<'a> {
    inner: &'a Inner,
    number: u64,
}

/// Takes a stream off the list when it is over, however it ends.
struct Streaming {
    peers: Peers,
    number: u64,
}

impl Streaming {
    fn new(peers: &Peers, number: u64, bytes: mpsc::Sender<Vec<u8>>) -> Self {
        lock(&peers.0.streams).insert(number, bytes);
        Self { peers: peers.clone(), number }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        lock(&self.peers.0.streams).remove(&self.number);
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        lock(&self.inner.calls).remove(&self.number);
    }
}

impl Peers {
    pub(crate) fn new(cluster: Cluster, odd: OddFields, budget: Budget) -> Self {
        Self(Arc::new(Inner {
            cluster,
            odd,
            budget,
            calls: Mutex::default(),
            acquiring: tokio::sync::Mutex::default(),
            asks: Arc::new(Semaphore::new(ASKS)),
            streams: Mutex::default(),
        }))
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.0.cluster
    }

    /// Waits until nobody else in this process acquires leases.
    pub(crate) async fn acquiring(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.acquiring.lock().await
    }

    /// Says something to the owner of a router; whether it has one that hears.
    pub(crate) async fn tell_owner(&self, router: RouterId, word: &PeerMessage) -> Result<bool, Trouble> {
        match self.owner(router).await? {
            Some(owner) => self.tell(&owner, word).await,
            None => Ok(false),
        }
    }

    /// Notes at the router's owner that a user should be asked about. Never waits; what there is too much of
    /// is told by the next sweep.
    pub(crate) fn ask(&self, router: RouterId, user: &str) {
        let Ok(permit) = Arc::clone(&self.0.asks).try_acquire_owned() else { return };
        let (peers, word) = (self.clone(), PeerMessage::Ask { router, user: user.to_owned() });
        tokio::spawn(async move {
            let _told_by_the_next_sweep = peers.tell_owner(router, &word).await;
            drop(permit);
        });
    }

    pub(crate) async fn tell_all(&self, word: &PeerMessage) -> Result<(), Trouble> {
        self.0.cluster.tell_all(&encode(word)?).await.map_err(unheard)
    }

    async fn tell(&self, member: &str, word: &PeerMessage) -> Result<bool, Trouble> {
        self.0.cluster.tell(member, &encode(word)?).await.map_err(unheard)
    }

    /// Lets the owner read the router's whole table.
    pub(crate) async fn sweep(&self, router: RouterId, within: Duration) -> Result<(), Trouble> {
        let end = Instant::now() + within;
        self.call(end, router, |call| PeerMessage::Sweep { router, call }).await.map(|_| ())
    }

    /// Lets the owner ask the router about this user now.
    pub(crate) async fn look(&self, router: RouterId, user: &str, within: Duration) -> Result<(), Trouble> {
        let end = Instant::now() + within;
        let look = |call| PeerMessage::Look { router, user: user.to_owned(), call };
        self.call(end, router, look).await.map(|_| ())
    }

    /// Lets the router's owner do its work; `false` when it has none that hears.
    pub(crate) async fn work(
        &self,
        router: RouterId,
        word: impl FnOnce(Call) -> PeerMessage,
    ) -> Result<bool, Trouble> {
        // What this process holds without being the owner it may take anew.
        let other = |owner: &String| owner != self.0.cluster.member();
        let Some(owner) = self.owner(router).await?.filter(other) else { return Ok(false) };
        let call = Call { from: self.0.cluster.member().to_owned(), number: fresh_number() };
        let (tell, mut told) = oneshot::channel();
        lock(&self.0.calls).insert(call.number, tell);
        let _listed = Listed { inner: &self.0, number: call.number };
        if !self.tell(&owner, &word(call)).await? {
            return Ok(false);
        }
        // The job's own deadline ends the wait; a former owner will not answer.
        loop {
            match timeout(MAKE_SURE, &mut told).await {
                Ok(done) => return done.unwrap_or(Err(Trouble::Gone)).map(|()| true),
                Err(_) if self.owner(router).await?.as_ref() == Some(&owner) => {}
                Err(_) => return Err(Trouble::Gone),
            }
        }
    }

    /// Which process is the router's owner.
    async fn owner(&self, router: RouterId) -> Result<Option<String>, Trouble> {
        let holders = self.0.cluster.holders(&[router.to_string()]).await.map_err(unheard)?;
        Ok(holders.into_iter().next().flatten())
    }

    /// Borrows the router's connection.
    pub(crate) async fn borrow(&self, router: RouterId, within: Duration) -> Result<Client, Trouble> {
        let end = Instant::now() + within;
        let (ours, theirs) = tokio::io::duplex(CHUNK);
        let (bytes, answers) = mpsc::channel(WAITING);
        let number = fresh_number();
        let streaming = Streaming::new(self, number, bytes);
        let call = Call { from: self.0.cluster.member().to_owned(), number };
        let owner = self.call_as(end, router, call, |call| PeerMessage::Lend { router, call }).await?;
        tokio::spawn(async move { streaming.peers.carry(&owner, number, theirs, answers).await });
        let options = ClientOptions {
            keep_alive: None,
            budget: Some(self.0.budget.clone()),
            ..ClientOptions::default()
        };
        let client = Client::watched(ours, options, self.0.odd.of(router));
        // The owner is logged in already; this opens the wider limits of afterwards.
        client.login("", "", LoginForm::Modern).await.map_err(Trouble::Login)?;
        Ok(client)
    }

    /// Carries bytes between a stream of ours and another process until one of them ends.
    async fn carry(
        &self,
        other: &str,
        number: u64,
        stream: DuplexStream,
        mut answers: mpsc::Receiver<Vec<u8>>,
    ) {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut buffer = vec![0; CHUNK];
        loop {
            tokio::select! {
                read = reader.read(&mut buffer) => {
                    let bytes = buffer.get(..read.unwrap_or(0)).unwrap_or_default().to_vec();
                    let over = bytes.is_empty();
                    if !matches!(self.tell(other, &PeerMessage::Bytes { number, bytes }).await, Ok(true)) || over {
                        break;
                    }
                }
                bytes = answers.recv() => match bytes {
                    Some(bytes) if !bytes.is_empty() && writer.write_all(&bytes).await.is_ok() => {}
                    _ => break,
                },
            }
        }
    }

    /// Lends a connection to who called, until he goes.
    pub(crate) async fn lend(&self, client: &Client, call: Call) {
        let (number, (bytes, said)) = (call.number, mpsc::channel(WAITING));
        let _streaming = Streaming::new(self, number, bytes);
        self.answer(&call, None).await;
        let (answer, mut answers) = mpsc::channel::<Vec<u8>>(WAITING);
        let send = async {
            while let Some(bytes) = answers.recv().await {
                for chunk in bytes.chunks(CHUNK) {
                    let word = PeerMessage::Bytes { number, bytes: chunk.to_vec() };
                    if !matches!(self.tell(&call.from, &word).await, Ok(true)) {
                        return;
                    }
                }
            }
        };
        let lent = async move { lend::lend(client, said, answer).await };
        let (lent, ()) = tokio::join!(lent, send);
        if let Err(error) = lent {
            tracing::warn!(%error, "a borrowed connection ended");
        }
        let _gone = self.tell(&call.from, &PeerMessage::Bytes { number, bytes: Vec::new() }).await;
    }

    /// Answers a call.
    pub(crate) async fn answer(&self, call: &Call, refused: Option<Refusal>) {
        let done = PeerMessage::Done { number: call.number, refused };
        if let Err(trouble) = self.tell(&call.from, &done).await {
            tracing::warn!(%trouble, "another process could not be answered");
        }
    }

    /// Takes what is meant for a call or a stream of this process.
    pub(crate) fn take_done(&self, number: u64, refused: Option<Refusal>) {
        if let Some(tell) = lock(&self.0.calls).remove(&number) {
            let _gone = tell.send(refused.map_or(Ok(()), |refusal| Err(refusal.into())));
        }
    }

    /// Something may have been missed: no stream goes on with a hole in it, and nobody waits for an answer that
    /// may have come.
    pub(crate) fn forget(&self) {
        lock(&self.0.streams).clear();
        lock(&self.0.calls).clear();
    }

    /// The same for bytes. A stream whose reader is too slow is ended rather than torn.
    pub(crate) fn take_bytes(&self, number: u64, bytes: Vec<u8>) {
        let mut streams = lock(&self.0.streams);
        let over = bytes.is_empty();
        let taken = streams.get(&number).is_some_and(|stream| stream.try_send(bytes).is_ok());
        if over || !taken {
            streams.remove(&number);
        }
    }

    async fn call(
        &self,
        end: Instant,
        router: RouterId,
        word: impl Fn(Call) -> PeerMessage,
    ) -> Result<String, Trouble> {
        let call = Call { from: self.0.cluster.member().to_owned(), number: fresh_number() };
        self.call_as(end, router, call, word).await
    }

    /// Calls the owner of a router and waits for its answer; the owner's name. While there is none, one is
    /// waited for: a lease of a process that died must run out first.
    async fn call_as(
        &self,
        end: Instant,
        router: RouterId,
        call: Call,
        word: impl Fn(Call) -> PeerMessage,
    ) -> Result<String, Trouble> {
        let (tell, told) = oneshot::channel();
        lock(&self.0.calls).insert(call.number, tell);
        let _listed = Listed { inner: &self.0, number: call.number };
        let owner = loop {
            if let Some(owner) = self.owner(router).await?
                && self.tell(&owner, &word(call.clone())).await?
            {
                break owner;
            }
            if Instant::now() + LOOK_AGAIN > end {
                return Err(Trouble::Unserved);
            }
            sleep(LOOK_AGAIN).await;
        };
        match timeout(end.saturating_duration_since(Instant::now()), told).await {
            Ok(Ok(done)) => done.map(|()| owner),
            Ok(Err(_)) => Err(Trouble::Gone),
            Err(_) => Err(Trouble::Deadline),
        }
    }
}

fn fresh_number() -> u64 {
    u64::from_le_bytes(token::random())
}

fn unheard(error: imsys_queue::QueueError) -> Trouble {
    tracing::warn!(%error, "other processes cannot be reached");
    Trouble::Unserved
}

pub(crate) fn encode(word: &PeerMessage) -> Result<Vec<u8>, Trouble> {
    postcard::to_allocvec(word).map_err(|error| Trouble::Settings(error.to_string()))
}

pub(crate) fn decode(bytes: &[u8]) -> Option<PeerMessage> {
    postcard::from_bytes(bytes).ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
