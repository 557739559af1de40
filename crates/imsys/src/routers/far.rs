//! Routers whose home is in another process: what is said between processes, and borrowing a connection.

use super::Trouble;
use super::examine::{Problem, explain};
use super::lend;
use super::odd::OddFields;
use crate::token;
use imsys_domain::{RouterId, TenantId};
use imsys_queue::fleet::Fleet;
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
/// How often a home is looked for while there is none.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How often somebody who waits for a home's work makes sure that it still is the home.
const MAKE_SURE: Duration = Duration::from_secs(2);

/// What processes say to each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    /// To a home: ask the router about this user soon.
    Ask { router: RouterId, user: String },
    /// To a home: do the router's work, by marks in the store and by the name of a job, then answer with `Done`.
    Work { tenant: TenantId, router: RouterId, name: String, call: Call },
    /// To a home: read the router's whole table, then answer with `Done`.
    Sweep { router: RouterId, call: Call },
    /// To a home: lend the router's connection, then answer with `Done`; bytes follow.
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
pub(super) struct Call {
    from: String,
    number: u64,
}

/// A [`Trouble`] that went from one process to another.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Refusal {
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

/// The way to homes in other processes. Cheap to clone.
#[derive(Clone)]
pub(super) struct Far(Arc<Inner>);

struct Inner {
    fleet: Fleet,
    odd: OddFields,
    budget: Budget,
    calls: Mutex<HashMap<u64, oneshot::Sender<Result<(), Trouble>>>>,
    /// Held by who founds homes: two that found the same one would outbid each other.
    founding: tokio::sync::Mutex<()>,
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
    far: Far,
    number: u64,
}

impl Streaming {
    fn new(far: &Far, number: u64, bytes: mpsc::Sender<Vec<u8>>) -> Self {
        lock(&far.0.streams).insert(number, bytes);
        Self { far: far.clone(), number }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        lock(&self.far.0.streams).remove(&self.number);
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        lock(&self.inner.calls).remove(&self.number);
    }
}

impl Far {
    pub(super) fn new(fleet: Fleet, odd: OddFields, budget: Budget) -> Self {
        Self(Arc::new(Inner {
            fleet,
            odd,
            budget,
            calls: Mutex::default(),
            founding: tokio::sync::Mutex::default(),
            asks: Arc::new(Semaphore::new(ASKS)),
            streams: Mutex::default(),
        }))
    }

    pub(super) fn fleet(&self) -> &Fleet {
        &self.0.fleet
    }

    /// Waits until nobody else in this process founds homes.
    pub(super) async fn founding(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.founding.lock().await
    }

    /// Says something to the home of a router; whether it has one that hears.
    pub(super) async fn tell_home(&self, router: RouterId, word: &Word) -> Result<bool, Trouble> {
        match self.home(router).await? {
            Some(home) => self.tell(&home, word).await,
            None => Ok(false),
        }
    }

    /// Notes at the router's home that a user should be asked about. Never waits; what there is too much of
    /// is told by the next sweep.
    pub(super) fn ask(&self, router: RouterId, user: &str) {
        let Ok(permit) = Arc::clone(&self.0.asks).try_acquire_owned() else { return };
        let (far, word) = (self.clone(), Word::Ask { router, user: user.to_owned() });
        tokio::spawn(async move {
            let _told_by_the_next_sweep = far.tell_home(router, &word).await;
            drop(permit);
        });
    }

    pub(super) async fn tell_all(&self, word: &Word) -> Result<(), Trouble> {
        self.0.fleet.tell_all(&encode(word)?).await.map_err(unheard)
    }

    async fn tell(&self, member: &str, word: &Word) -> Result<bool, Trouble> {
        self.0.fleet.tell(member, &encode(word)?).await.map_err(unheard)
    }

    /// Lets the home read the router's whole table.
    pub(super) async fn sweep(&self, router: RouterId, within: Duration) -> Result<(), Trouble> {
        let end = Instant::now() + within;
        self.call(end, router, |call| Word::Sweep { router, call }).await.map(|_| ())
    }

    /// Lets the router's home do its work; `false` when it has none that hears.
    pub(super) async fn work(
        &self,
        router: RouterId,
        word: impl FnOnce(Call) -> Word,
    ) -> Result<bool, Trouble> {
        // What this process holds without being the home it may take anew.
        let other = |home: &String| home != self.0.fleet.member();
        let Some(home) = self.home(router).await?.filter(other) else { return Ok(false) };
        let call = Call { from: self.0.fleet.member().to_owned(), number: fresh_number() };
        let (tell, mut told) = oneshot::channel();
        lock(&self.0.calls).insert(call.number, tell);
        let _listed = Listed { inner: &self.0, number: call.number };
        if !self.tell(&home, &word(call)).await? {
            return Ok(false);
        }
        // The job's own deadline ends the wait; a home that is none any more will not answer.
        loop {
            match timeout(MAKE_SURE, &mut told).await {
                Ok(done) => return done.unwrap_or(Err(Trouble::Gone)).map(|()| true),
                Err(_) if self.home(router).await?.as_ref() == Some(&home) => {}
                Err(_) => return Err(Trouble::Gone),
            }
        }
    }

    /// Which process is the router's home.
    async fn home(&self, router: RouterId) -> Result<Option<String>, Trouble> {
        let holders = self.0.fleet.holders(&[router.to_string()]).await.map_err(unheard)?;
        Ok(holders.into_iter().next().flatten())
    }

    /// Borrows the router's connection.
    pub(super) async fn borrow(&self, router: RouterId, within: Duration) -> Result<Client, Trouble> {
        let end = Instant::now() + within;
        let (ours, theirs) = tokio::io::duplex(CHUNK);
        let (bytes, answers) = mpsc::channel(WAITING);
        let number = fresh_number();
        let streaming = Streaming::new(self, number, bytes);
        let call = Call { from: self.0.fleet.member().to_owned(), number };
        let home = self.call_as(end, router, call, |call| Word::Lend { router, call }).await?;
        tokio::spawn(async move { streaming.far.carry(&home, number, theirs, answers).await });
        let options = ClientOptions {
            keep_alive: None,
            budget: Some(self.0.budget.clone()),
            ..ClientOptions::default()
        };
        let client = Client::watched(ours, options, self.0.odd.of(router));
        // The home is logged in already; this opens the wider limits of afterwards.
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
                    if !matches!(self.tell(other, &Word::Bytes { number, bytes }).await, Ok(true)) || over {
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
    pub(super) async fn lend(&self, client: &Client, call: Call) {
        let (number, (bytes, said)) = (call.number, mpsc::channel(WAITING));
        let _streaming = Streaming::new(self, number, bytes);
        self.answer(&call, None).await;
        let (answer, mut answers) = mpsc::channel::<Vec<u8>>(WAITING);
        let send = async {
            while let Some(bytes) = answers.recv().await {
                for chunk in bytes.chunks(CHUNK) {
                    let word = Word::Bytes { number, bytes: chunk.to_vec() };
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
        let _gone = self.tell(&call.from, &Word::Bytes { number, bytes: Vec::new() }).await;
    }

    /// Answers a call.
    pub(super) async fn answer(&self, call: &Call, refused: Option<Refusal>) {
        let done = Word::Done { number: call.number, refused };
        if let Err(trouble) = self.tell(&call.from, &done).await {
            tracing::warn!(%trouble, "another process could not be answered");
        }
    }

    /// Takes what is meant for a call or a stream of this process.
    pub(super) fn take_done(&self, number: u64, refused: Option<Refusal>) {
        if let Some(tell) = lock(&self.0.calls).remove(&number) {
            let _gone = tell.send(refused.map_or(Ok(()), |refusal| Err(refusal.into())));
        }
    }

    /// Something may have been missed: no stream goes on with a hole in it, and nobody waits for an answer that
    /// may have come.
    pub(super) fn forget(&self) {
        lock(&self.0.streams).clear();
        lock(&self.0.calls).clear();
    }

    /// The same for bytes. A stream whose reader is too slow is ended rather than torn.
    pub(super) fn take_bytes(&self, number: u64, bytes: Vec<u8>) {
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
        word: impl Fn(Call) -> Word,
    ) -> Result<String, Trouble> {
        let call = Call { from: self.0.fleet.member().to_owned(), number: fresh_number() };
        self.call_as(end, router, call, word).await
    }

    /// Calls the home of a router and waits for its answer; the home's name. While there is none, one is
    /// waited for: a lease of a process that died must run out first.
    async fn call_as(
        &self,
        end: Instant,
        router: RouterId,
        call: Call,
        word: impl Fn(Call) -> Word,
    ) -> Result<String, Trouble> {
        let (tell, told) = oneshot::channel();
        lock(&self.0.calls).insert(call.number, tell);
        let _listed = Listed { inner: &self.0, number: call.number };
        let home = loop {
            if let Some(home) = self.home(router).await?
                && self.tell(&home, &word(call.clone())).await?
            {
                break home;
            }
            if Instant::now() + LOOK_AGAIN > end {
                return Err(Trouble::Homeless);
            }
            sleep(LOOK_AGAIN).await;
        };
        match timeout(end.saturating_duration_since(Instant::now()), told).await {
            Ok(Ok(done)) => done.map(|()| home),
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
    Trouble::Homeless
}

pub(super) fn encode(word: &Word) -> Result<Vec<u8>, Trouble> {
    postcard::to_allocvec(word).map_err(|error| Trouble::Settings(error.to_string()))
}

pub(super) fn decode(bytes: &[u8]) -> Option<Word> {
    postcard::from_bytes(bytes).ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
