//! One writer with group commit, several readers.
//!
//! The writer thread drains what is waiting (what is interactive first, then a moment of the bulk) into one
//! transaction, runs each request inside a SAVEPOINT of its own, commits once, and only then answers. So one
//! `fsync` serves many requests, and nobody is told that something is stored before it is.
//!
//! What the [`journal`](super::journal) holds goes into the tables before any other request, and when nothing
//! else is to be done.

use super::feed;
use super::journal::{Journal, replay};
use super::reader::{Readers, Shares};
use super::trouble::{Complaints, Files};
use super::unit::{Sharing, in_savepoint, shared};
use crate::model::Cursor;
use crate::port::{Result, StoreError, Trouble};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// Most requests in one transaction.
const BATCH: usize = 512;
/// Most requests that wait; one more is [`StoreError::Busy`].
pub(crate) const WAITING: usize = 8192;
/// Bulk requests join a transaction for as long; the first one whatever it takes, as it would never be its
/// turn otherwise.
const BULK: Duration = Duration::from_millis(2);
/// Where bulk requests come by several, the writer waits so long for others: an `fsync` for each few would
/// cost more than what they write.
const GATHER: Duration = Duration::from_millis(4);
/// With so many it waits for no more.
const GATHERED: usize = 64;
/// The longest that a read may take, unless it is of everything.
const READ: Duration = Duration::from_secs(10);
/// The schema, step by step; `PRAGMA user_version` says how many were taken.
const SCHEMA: &[&str] = &[include_str!("schema.sql")];

/// Told after the commit whether it worked.
pub(crate) type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// Runs on the writer's connection, inside a savepoint it makes itself.
pub(crate) type Request = Box<dyn FnOnce(&Connection) -> Answer + Send>;

/// Which queue a write waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits: a person, or a router's webhook.
    Interactive,
    /// Sweeps, imports, clean-up.
    Bulk,
}

#[derive(Default)]
struct Waiting {
    interactive: VecDeque<Request>,
    bulk: VecDeque<Request>,
    closed: bool,
    /// The writer waits for bulk requests to gather, and not for the next one.
    gathering: bool,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.interactive.is_empty() && self.bulk.is_empty()
    }

    /// Whether the writer has something to do now.
    fn is_ready(&self) -> bool {
        !self.interactive.is_empty() || self.bulk.len() >= if self.gathering { GATHERED } else { 1 }
    }
}

struct WriteQueue {
    waiting: Mutex<Waiting>,
    bell: Condvar,
}

impl WriteQueue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bulk requests as they are asked for, until their time is over.
    fn bulk(&self) -> impl Iterator<Item = Request> {
        let begun = Instant::now();
        let mut first = true;
        std::iter::from_fn(move || {
            let on_time = std::mem::take(&mut first) || begun.elapsed() < BULK;
            if on_time { self.lock().bulk.pop_front() } else { None }
        })
    }
}

/// The database file in use.
pub(crate) struct Db {
    queue: Arc<WriteQueue>,
    readers: Readers,
    shares: Shares,
    writer: Option<std::thread::JoinHandle<()>>,
    files: Arc<Files>,
    complaints: Arc<Complaints>,
    /// The newest place in the feed that was committed here.
    head: Arc<watch::Sender<Cursor>>,
    /// Reports that are durable, and may not be in the tables yet.
    pub(super) journal: Journal,
}

impl Db {
    pub(crate) fn open(file: &Path, sharing: Sharing) -> Result<Self> {
        let conn = Connection::open(file)?;
        prepare(&conn)?;
        migrate(&conn)?;
        // Several processes may start at the same time.
        conn.execute_batch("BEGIN IMMEDIATE")?;
        replay(&conn)?;
        conn.execute_batch("COMMIT")?;
        let readers = Readers::open(file)?;
        let queue = Arc::new(WriteQueue { waiting: Mutex::default(), bell: Condvar::new() });
        let journal = Journal::new(sharing);
        let head = Arc::new(watch::Sender::new(Cursor(feed::head(&conn)?)));
        let complaints = Arc::<Complaints>::default();
        let files = Arc::new(Files::of(file));
        let writer = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn({
                let (queue, journal) = (Arc::clone(&queue), journal.clone());
                let (files, complaints) = (Arc::clone(&files), Arc::clone(&complaints));
                let head = Arc::clone(&head);
                let writer = Writer { conn, queue, journal, files, complaints, head };
                move || writer.serve()
            })
            .map_err(|e| StoreError::Failed(e.to_string()))?;
        Ok(Self {
            queue,
            readers,
            shares: Shares::default(),
            writer: Some(writer),
            files,
            complaints,
            head,
            journal,
        })
    }

    /// Runs `work` in the next transaction; the answer comes after its commit.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let ((tell, told), journal) = (oneshot::channel(), self.journal.clone());
        let request: Request = Box::new(move |conn| {
            let done = journal.flush(conn).and_then(|()| in_savepoint(conn, work));
            Box::new(move |committed| {
                // Its own failure says more than that of the transaction that it brought down.
                let _gone = tell.send(done.and_then(|value| committed.map(|()| value)));
            })
        });
        self.submit(lane, request)?;
        told.await.unwrap_or_else(|_| Err(self.why_not_begun()))
    }

    /// Nobody tells of a request that was not begun.
    pub(super) fn why_not_begun(&self) -> StoreError {
        self.files.check().err().unwrap_or(StoreError::Busy)
    }

    pub(crate) fn submit(&self, lane: Lane, request: Request) -> Result<()> {
        let mut waiting = self.queue.lock();
        let queue = match lane {
            Lane::Interactive => &mut waiting.interactive,
            Lane::Bulk => &mut waiting.bulk,
        };
        if queue.len() >= WAITING {
            return Err(StoreError::Busy);
        }
        queue.push_back(request);
        let ready = waiting.is_ready();
        drop(waiting);
        if ready {
            self.queue.bell.notify_one();
        }
        Ok(())
    }

    /// Tells when the feed has grown by what was committed here.
    pub(super) fn changed(&self) -> watch::Receiver<Cursor> {
        self.head.subscribe()
    }

    /// Waits until the tables say everything that was acknowledged. While the storage takes nothing, they are read as
    /// they are: what they lack is durable in the journal and comes with the first write.
    pub(crate) async fn caught_up(&self) -> Result<()> {
        if !self.journal.is_behind() {
            return Ok(());
        }
        match self.write(Lane::Interactive, |_| Ok(())).await {
            Err(StoreError::Unavailable(_)) => Ok(()),
            done => done,
        }
    }

    /// Runs `work` on a read-only connection, on a thread where blocking is fine.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(Some(READ), work).await
    }

    /// The same for what reads everything, however long that takes.
    pub(crate) async fn read_through<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(None, work).await
    }

    /// The same as [`read`](Self::read) for a tenant, which waits for its own share of the readers first.
    pub(crate) async fn read_of<T: Send + 'static>(
        self: &Arc<Self>,
        tenant: [u8; 16],
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self.shares.place(tenant).await?;
        let work = move |conn: &Connection| {
            let done = work(conn);
            drop(place);
            done
        };
        self.read(work).await
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        most: Option<Duration>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.readers.free().await?;
        let db = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let done = db.readers.look(most, work);
            drop(permit);
            done
        });
        task.await.unwrap_or_else(|e| Err(StoreError::Failed(e.to_string())))
    }

    /// The same as [`read`](Self::read) for a row or a few by their key, on the caller's own thread where a
    /// connection is free: to wake another thread takes longer than to read them.
    pub(crate) async fn glance<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.readers.free_now() {
            Some(_permit) => self.readers.look(Some(READ), work),
            None => self.read(work).await,
        }
    }

    /// The same for a tenant, which waits for its share where nothing is free.
    pub(crate) async fn glance_of<T: Send + 'static>(
        self: &Arc<Self>,
        tenant: [u8; 16],
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.readers.free_now() {
            Some(_permit) => self.readers.look(Some(READ), work),
            None => self.read_of(tenant, work).await,
        }
    }

    /// Whether facts can be read and written. Nothing is written where the last transaction was committed.
    pub(crate) async fn health(self: &Arc<Self>) -> Result<()> {
        self.files.check().inspect_err(|gone| self.complaints.tell(gone))?;
        if self.complaints.troubled() {
            // The same number again: a write that changes nothing.
            let write = |conn: &Connection| {
                let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
                Ok(conn.pragma_update(None, "user_version", version)?)
            };
            self.write(Lane::Interactive, write).await?;
        }
        self.read(|conn| Ok(conn.query_row("SELECT count(*) FROM tenants", [], |_| Ok(()))?)).await
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        // Readers first: the last connection to close writes the log into the file, and they may not write.
        self.readers.close();
        self.queue.lock().closed = true;
        self.queue.bell.notify_one();
        if let Some(writer) = self.writer.take().filter(|w| w.thread().id() != std::thread::current().id()) {
            let _panicked = writer.join();
        }
    }
}

/// The writer, in its own thread.
struct Writer {
    conn: Connection,
    queue: Arc<WriteQueue>,
    journal: Journal,
    files: Arc<Files>,
    complaints: Arc<Complaints>,
    head: Arc<watch::Sender<Cursor>>,
}

impl Writer {
    /// Its life: wait, drain, commit, answer.
    fn serve(&self) {
        let mut bulk = 0;
        while let Some(batch) = next_batch(&self.queue, self.journal.patience(), bulk > 1) {
            bulk = self.transact(batch);
        }
        if self.journal.patience().is_some() {
            self.transact(Vec::new());
        }
    }

    /// One transaction: the batch and some of the bulk. Without either it spreads what is journaled. How many of
    /// the bulk.
    fn transact(&self, batch: Vec<Request>) -> usize {
        let Self { conn, queue, journal, files, complaints, head } = self;
        let interactive = batch.len();
        let (mut answers, mut grown) = (Vec::with_capacity(interactive), None);
        let mut committed =
            files.check().and_then(|()| conn.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from));
        if committed.is_ok() {
            answers.extend(batch.into_iter().map(|request| request(conn)));
            answers.extend(queue.bulk().map(|request| request(conn)));
            if answers.is_empty()
                && let Err(error) = journal.flush(conn)
            {
                complaints.tell(&error);
            }
            let is_open =
                if conn.is_autocommit() { Err(StoreError::Unavailable(Trouble::Disk)) } else { Ok(()) };
            committed =
                is_open.and_then(|()| journal.is_whole()).and_then(|()| feed::head(conn)).and_then(|n| {
                    conn.execute_batch("COMMIT")?;
                    grown = Some(Cursor(n));
                    Ok(())
                });
            // Nothing is acknowledged that was committed into a file that is gone.
            committed = committed.and_then(|()| files.check());
        } else {
            // As with the batch: nobody waits for a store that cannot write.
            queue.lock().bulk.clear();
        }
        complaints.note(&committed);
        if committed.is_err() {
            let _not_open = conn.execute_batch("ROLLBACK");
        }
        journal.committed(committed.is_ok());
        let bulk = answers.len().saturating_sub(interactive);
        for answer in answers {
            answer(committed.clone());
        }
        if let Some(place) = grown {
            head.send_if_modified(|head| std::mem::replace(head, place) != place);
        }
        bulk
    }
}

/// The interactive requests, at most [`BATCH`]; none when there are only bulk ones, and when nobody came for
/// as long as `patience`. Bulk ones are waited for a little when they `gather`. `None` when closed and empty.
fn next_batch(queue: &WriteQueue, patience: Option<Duration>, gather: bool) -> Option<Vec<Request>> {
    let mut waiting = queue.lock();
    while waiting.is_empty() {
        if waiting.closed {
            return None;
        }
        let Some(patience) = patience else {
            waiting = queue.bell.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let (woken, late) =
            queue.bell.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner);
        waiting = woken;
        if late.timed_out() {
            break;
        }
    }
    if gather && !waiting.is_empty() {
        waiting.gathering = true;
        let is_waiting = |waiting: &mut Waiting| !waiting.is_ready() && !waiting.closed;
        let gathered = queue.bell.wait_timeout_while(waiting, GATHER, is_waiting);
        waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        waiting.gathering = false;
    }
    let interactive = waiting.interactive.len().min(BATCH);
    Some(waiting.interactive.drain(..interactive).collect())
}

fn prepare(conn: &Connection) -> Result<()> {
    shared(conn)?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864;",
    )?;
    let journal: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let synchronous: i64 = conn.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    if journal != "wal" || synchronous != 2 {
        let found = format!("journal_mode={journal}, synchronous={synchronous}");
        return Err(StoreError::Failed(format!(
            "acknowledged events would not survive a power cut here ({found}): put the data folder on a local disk"
        )));
    }
    Ok(())
}

fn migrate(conn: &Connection) -> Result<()> {
    let taken: usize = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let steps = SCHEMA.get(taken..).ok_or_else(|| {
        StoreError::Failed(
            "this data was written by a newer IMSys: install that version, or restore a backup".into(),
        )
    })?;
    for (step, sql) in steps.iter().enumerate() {
        let version = taken + step + 1;
        conn.execute_batch(&format!("BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {version}; COMMIT"))?;
    }
    Ok(())
}
