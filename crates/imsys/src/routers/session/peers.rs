//! Routers that another process owns: what processes ask each other, and tell each other.

use super::Trouble;
use super::inbox::Lane;
use super::problem::{Problem, explain};
use super::read::{RouterRead, decode, encode};
use crate::token;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::cluster::Cluster;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep, timeout};

/// Bytes of one message. A table of 20,000 rows fits; Redis drops subscribers for whom much more waits.
const MESSAGE: usize = 4 << 20;
/// Reads that this process may await of others, and may do for others.
const READS: usize = 256;
/// Questions about users that may be on their way to other processes.
const ASKS: usize = 64;
/// How often an owner is looked for while there is none.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How often somebody who waits for an owner's work makes sure that it still is the owner.
const MAKE_SURE: Duration = Duration::from_secs(2);

/// What one process asks of another, the router's owner, and waits for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PeerRequest {
    /// Do the router's work, by marks in the store and by the name of a job.
    Work { tenant: TenantId, router: RouterId, name: String },
    /// Read the router's whole table.
    Sweep { router: RouterId },
    /// Ask the router about this user now.
    Look { router: RouterId, user: String },
    /// Read something of the router: a [`RouterRead`].
    Read(PeerRead),
}

/// A [`RouterRead`] on its way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PeerRead {
    pub(super) router: RouterId,
    pub(super) name: String,
    pub(super) lane: Lane,
    pub(super) within: Duration,
    pub(super) request: Vec<u8>,
}

/// What one process tells others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PeerNotice {
    /// To an owner: ask the router about this user soon.
    Ask { router: RouterId, user: String },
    /// To an owner: nobody waits for the answer to this request any more.
    Abandoned { number: u64 },
    /// To all: a router was added, changed or removed.
    Changed { router: RouterId },
}

/// Who asks, and the number of the request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Caller {
    from: String,
    number: u64,
}

/// What stands before a message, so that a request that this version does not know can be refused.
#[derive(Debug, Serialize, Deserialize)]
enum Head {
    Notice,
    Request(Caller),
    /// To the request with this number.
    Answer(u64),
}

/// A message of another process.
pub(crate) enum PeerMessage {
    Notice(PeerNotice),
    /// `None`: this version does not know it.
    Request(Caller, Option<PeerRequest>),
    /// Bytes of what was asked for, for whoever waits.
    Answer(u64, Answer),
    /// This version does not know it.
    Unknown,
}

impl PeerMessage {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        match postcard::take_from_bytes(bytes) {
            Ok((Head::Notice, rest)) => postcard::from_bytes(rest).map_or(Self::Unknown, Self::Notice),
            Ok((Head::Request(caller), rest)) => Self::Request(caller, postcard::from_bytes(rest).ok()),
            Ok((Head::Answer(number), rest)) => Self::Answer(number, decode_answer(rest)),
            Err(_) => Self::Unknown,
        }
    }
}

type Answer = Result<Vec<u8>, Trouble>;

fn decode_answer(bytes: &[u8]) -> Answer {
    decode::<Result<Vec<u8>, Refusal>>(bytes)?.map_err(Into::into)
}

/// A [`Trouble`] that went from one process to another.
#[derive(Debug, Serialize, Deserialize)]
enum Refusal {
    Busy,
    Gone,
    Deadline,
    TooLarge,
    /// What is wrong with the router, and whether the connection broke while it was asked.
    Problem(Problem, bool),
    Failed(String),
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Busy => Self::Busy,
            Trouble::Gone => Self::Gone,
            Trouble::Deadline => Self::Deadline,
            Trouble::TooLarge => Self::TooLarge,
            Trouble::Failed(reason) => Self::Failed(reason),
            other => Self::Problem(explain(&other), other.is_break()),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Busy => Self::Busy,
            Refusal::Gone => Self::Gone,
            Refusal::Deadline => Self::Deadline,
            Refusal::TooLarge => Self::TooLarge,
            Refusal::Problem(problem, broke) => Self::Told { problem, broke },
            Refusal::Failed(reason) => Self::Failed(reason),
        }
    }
}

/// The way to owners in other processes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Peers(Arc<Inner>);

struct Inner {
    cluster: Cluster,
    /// Requests that await an answer.
    requests: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
    /// Reads that await one.
    reading: Semaphore,
    /// Reads that are done for others; told when nobody waits any more.
    serving: Mutex<HashMap<u64, oneshot::Sender<()>>>,
    /// Held while leases are acquired: two sessions of one router would supersede each other.
    acquiring: tokio::sync::Mutex<()>,
    /// Questions about users that are on their way.
    asks: Arc<Semaphore>,
}

/// A request that awaits its answer; it is taken off the list, whatever becomes of who waits.
struct Pending<'a> {
    peers: &'a Peers,
    number: u64,
    told: oneshot::Receiver<Answer>,
    /// The owner that has it, until it has answered.
    at: Option<String>,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        lock(&self.peers.0.requests).remove(&self.number);
        if let Some(owner) = self.at.take() {
            let (peers, notice) = (self.peers.clone(), PeerNotice::Abandoned { number: self.number });
            // Without a runtime the process is ending.
            let Ok(runtime) = Handle::try_current() else { return };
            runtime.spawn(async move {
                let _ends_by_its_deadline = peers.tell(&owner, &notice).await;
            });
        }
    }
}

/// A read that is done for another process.
pub(crate) struct Serving {
    peers: Peers,
    number: u64,
    abandoned: oneshot::Receiver<()>,
}

impl Serving {
    /// Waits until nobody waits for it any more.
    pub(crate) async fn abandoned(&mut self) {
        if (&mut self.abandoned).await.is_err() {
            // Another one has its number: that cannot be by chance.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        lock(&self.peers.0.serving).remove(&self.number);
    }
}

impl Peers {
    pub(crate) fn new(cluster: Cluster) -> Self {
        Self(Arc::new(Inner {
            cluster,
            requests: Mutex::default(),
            reading: Semaphore::new(READS),
            serving: Mutex::default(),
            acquiring: tokio::sync::Mutex::default(),
            asks: Arc::new(Semaphore::new(ASKS)),
        }))
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.0.cluster
    }

    /// Waits until nobody else in this process acquires leases.
    pub(crate) async fn acquiring(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.acquiring.lock().await
    }

    /// Notes at the router's owner that a user should be asked about. Never waits; what there is too much of
    /// is told by the next sweep.
    pub(crate) fn ask(&self, router: RouterId, user: &str) {
        let Ok(permit) = Arc::clone(&self.0.asks).try_acquire_owned() else { return };
        let (peers, notice) = (self.clone(), PeerNotice::Ask { router, user: user.to_owned() });
        tokio::spawn(async move {
            if let Ok(Some(owner)) = peers.owner(router).await {
                let _told_by_the_next_sweep = peers.tell(&owner, &notice).await;
            }
            drop(permit);
        });
    }

    pub(crate) async fn tell_all(&self, notice: &PeerNotice) -> Result<(), Trouble> {
        let bytes = message(&Head::Notice, notice)?;
        self.0.cluster.tell_all(&bytes).await.map_err(unheard)
    }

    async fn tell(&self, member: &str, notice: &PeerNotice) -> Result<bool, Trouble> {
        self.send(member, &message(&Head::Notice, notice)?).await
    }

    async fn send(&self, member: &str, bytes: &[u8]) -> Result<bool, Trouble> {
        self.0.cluster.tell(member, bytes).await.map_err(unheard)
    }

    /// Lets the owner read the router's whole table.
    pub(crate) async fn sweep(&self, router: RouterId, within: Duration) -> Result<(), Trouble> {
        self.request(router, within, &PeerRequest::Sweep { router }).await.map(drop)
    }

    /// Lets the owner ask the router about this user now.
    pub(crate) async fn look(&self, router: RouterId, user: &str, within: Duration) -> Result<(), Trouble> {
        let user = user.to_owned();
        self.request(router, within, &PeerRequest::Look { router, user }).await.map(drop)
    }

    /// Lets the owner read something of the router.
    pub(crate) async fn read<R: RouterRead>(
        &self,
        router: RouterId,
        within: Duration,
        lane: Lane,
        request: R,
    ) -> Result<R::Answer, Trouble> {
        let _place = self.0.reading.try_acquire().map_err(|_| Trouble::Busy)?;
        let (name, request) = (R::NAME.to_owned(), encode(&request)?);
        let read = PeerRead { router, name, lane, within, request };
        decode(&self.request(router, within, &PeerRequest::Read(read)).await?)
    }

    /// Lets the router's owner do its work; `false` when it has none that hears.
    pub(crate) async fn work(
        &self,
        tenant: TenantId,
        router: RouterId,
        name: String,
    ) -> Result<bool, Trouble> {
        // What this process holds without being the owner it may take anew.
        let other = |owner: &String| owner != self.0.cluster.member();
        let Some(owner) = self.owner(router).await?.filter(other) else { return Ok(false) };
        let (mut pending, head) = self.pending();
        if !self.send(&owner, &message(&head, &PeerRequest::Work { tenant, router, name })?).await? {
            return Ok(false);
        }
        // The job's own deadline ends the wait; a former owner will not answer.
        loop {
            match timeout(MAKE_SURE, &mut pending.told).await {
                Ok(done) => return done.unwrap_or(Err(Trouble::Gone)).map(|_| true),
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

    /// Asks the owner of a router and waits for its answer. While there is none, one is waited for: a lease of a
    /// process that died must run out first.
    async fn request(&self, router: RouterId, within: Duration, request: &PeerRequest) -> Answer {
        let end = Instant::now() + within;
        let (mut pending, head) = self.pending();
        let bytes = message(&head, request)?;
        loop {
            if let Some(owner) = self.owner(router).await?
                && self.send(&owner, &bytes).await?
            {
                pending.at = Some(owner);
                break;
            }
            if Instant::now() + LOOK_AGAIN > end {
                return Err(Trouble::Unserved);
            }
            sleep(LOOK_AGAIN).await;
        }
        let answer = timeout(end.saturating_duration_since(Instant::now()), &mut pending.told).await;
        let answer = answer.map_err(|_| Trouble::Deadline)?;
        pending.at = None;
        answer.unwrap_or(Err(Trouble::Gone))
    }

    fn pending(&self) -> (Pending<'_>, Head) {
        let (number, (tell, told)) = (u64::from_le_bytes(token::random()), oneshot::channel());
        lock(&self.0.requests).insert(number, tell);
        let head = Head::Request(Caller { from: self.0.cluster.member().to_owned(), number });
        (Pending { peers: self, number, told, at: None }, head)
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, caller: &Caller, answer: Answer) {
        let (head, answer) = (Head::Answer(caller.number), answer.map_err(Refusal::from));
        let bytes = message(&head, &answer).or_else(|trouble| message(&head, &refused(trouble)));
        let done = async { self.send(&caller.from, &bytes?).await };
        if let Err(trouble) = done.await {
            tracing::warn!(%trouble, "another process could not be answered");
        }
    }

    /// Takes what is meant for a request of this process.
    pub(crate) fn take_answer(&self, number: u64, answer: Answer) {
        if let Some(tell) = lock(&self.0.requests).remove(&number) {
            let _gone = tell.send(answer);
        }
    }

    /// Begins a read for another process.
    pub(crate) fn serve(&self, caller: &Caller) -> Result<Serving, Trouble> {
        let (tell, abandoned) = oneshot::channel();
        let mut serving = lock(&self.0.serving);
        if serving.len() >= READS {
            return Err(Trouble::Busy);
        }
        serving.insert(caller.number, tell);
        Ok(Serving { peers: self.clone(), number: caller.number, abandoned })
    }

    /// Nobody waits any more for what is read for another process.
    pub(crate) fn abandon(&self, number: u64) {
        if let Some(tell) = lock(&self.0.serving).remove(&number) {
            let _done_already = tell.send(());
        }
    }

    /// Something may have been missed: nobody waits for an answer that may have come.
    pub(crate) fn forget(&self) {
        lock(&self.0.requests).clear();
    }
}

fn refused(trouble: Trouble) -> Result<Vec<u8>, Refusal> {
    Err(trouble.into())
}

fn unheard(error: imsys_queue::QueueError) -> Trouble {
    tracing::warn!(%error, "other processes cannot be reached");
    Trouble::Unserved
}

fn message(head: &Head, body: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = encode(head)?;
    bytes.append(&mut encode(body)?);
    if bytes.len() > MESSAGE { Err(Trouble::TooLarge) } else { Ok(bytes) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_of_another_version_has_a_caller_who_can_be_refused() {
        let caller = Caller { from: "ab".into(), number: 7 };
        let mut bytes = encode(&Head::Request(caller)).unwrap();
        bytes.extend([200, 1]);
        let PeerMessage::Request(caller, None) = PeerMessage::read(&bytes) else {
            panic!("it was understood")
        };
        assert_eq!((caller.from.as_str(), caller.number), ("ab", 7));
        assert!(matches!(PeerMessage::read(&[200]), PeerMessage::Unknown));
    }

    #[test]
    fn what_is_too_large_for_a_message_is_refused_as_that() {
        let head = || Head::Answer(7);
        let answer = |bytes| Ok::<_, Refusal>(vec![1_u8; bytes]);
        assert_eq!(message(&head(), &answer(MESSAGE)), Err(Trouble::TooLarge));
        let refusal = message(&head(), &refused(Trouble::TooLarge)).unwrap();
        let PeerMessage::Answer(7, answer) = PeerMessage::read(&refusal) else { panic!("it is no answer") };
        assert_eq!(answer, Err(Trouble::TooLarge));
    }
}
