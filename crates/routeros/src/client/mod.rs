//! A client over any stream: many commands at a time on one connection, each with a deadline.
//!
//! [`Client::new`] spawns one task that owns the stream and ends with it. Handles are cheap to clone.
//! Dropping a command's future or a [`Listen`] sends `/cancel`; what the router still answers is thrown
//! away. A few of the places in flight are kept for the commands of [urgent](Client::urgent) handles. Nothing is retried here: a closed connection stays closed and says why.

mod budget;
mod command;
mod error;
mod listen;
mod login;
mod options;
mod places;
mod session;
mod sink;
mod table;
mod task;
mod trap;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch},
    time::timeout,
};

pub use budget::Budget;
pub use command::Command;
pub use error::{CloseReason, Error, LoginError};
pub use listen::{Change, Listen};
pub use login::LoginForm;
pub use options::{ClientOptions, KeepAlive, ReplyLimits};
pub use table::{Hold, Table};
pub use trap::{Trap, TrapKind, Traps};

use crate::{
    row::{FieldError, FromRow},
    value::Text,
};
use places::{Lane, Places};
use session::{FIRST, Start, Tag};
use sink::{Changes, Outcome, Rows, Sink};
use task::{Request, Task};

/// Who is told of fields that could not be read. It is called while the connection reads, so it must be quick.
pub type OnOddField = Arc<dyn Fn(&FieldError) + Send + Sync>;

/// A handle to one connection.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    lane: Lane,
}

struct Shared {
    requests: mpsc::UnboundedSender<Request>,
    places: Places,
    /// One login at a time: it has no tag.
    login: Semaphore,
    tags: AtomicU64,
    closed: watch::Receiver<Option<CloseReason>>,
    options: ClientOptions,
    odd: OnOddField,
}

/// What a command that prints no rows says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The value of `ret`: the new item's id after `add`.
    pub ret: Option<Text>,
}

impl Client {
    /// Starts the connection's task; nothing is sent yet. Must be called inside a Tokio runtime.
    /// Nobody is told of fields that could not be read.
    pub fn new<S>(stream: S, options: ClientOptions) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        Self::watched(stream, options, Arc::new(|_| {}))
    }

    /// The same, and `odd` is told of every field of a row whose value is not of its type. Such a field counts
    /// as not said; its row, the reply and the connection go on.
    pub fn watched<S>(stream: S, options: ClientOptions, odd: OnOddField) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (requests, receiver) = mpsc::unbounded_channel();
        let (close, closed) = watch::channel(None);
        let places = Places::new(&options);
        tokio::spawn(Task::new(stream, options.clone(), receiver, places.clone(), close).run());
        let (login, tags) = (Semaphore::new(1), AtomicU64::new(FIRST));
        let shared = Arc::new(Shared { requests, places, login, tags, closed, options, odd });
        Self { shared, lane: Lane::Ordinary }
    }

    /// The same connection for commands that must not wait until others are answered: they may take the places that
    /// are [kept for them](ClientOptions::urgent) too.
    #[must_use]
    pub fn urgent(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), lane: Lane::Urgent }
    }

    /// Runs a command that answers rows and reads them as `T`, asking for `T`'s fields unless the
    /// command has a `.proplist` of its own.
    ///
    /// # Errors
    /// See [`Error`]. `within` counts from now and includes waiting for a place.
    pub async fn print<T: FromRow>(&self, command: Command, within: Duration) -> Result<Table<T>, Error> {
        let command = command.or_proplist(T::PROPLIST);
        self.call(command, within, |done| Rows::<T>::new(self.odd(), done)).await
    }

    /// Runs a command for its effect; rows are passed over.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    pub async fn run(&self, command: Command, within: Duration) -> Result<Reply, Error> {
        self.call(command, within, |done| Box::new(Outcome(done))).await
    }

    /// Starts a command such as `/ppp/active/listen` that reports changes until it is dropped. It takes one of the
    /// places for [listens](ClientOptions::listens) for as long as it lives. No `.proplist` is added.
    ///
    /// # Errors
    /// The connection is closed, the command cannot be written, or no place was free in time. What
    /// the router has to say about it comes from [`Listen::next`].
    pub async fn listen<T: FromRow>(&self, command: Command) -> Result<Listen<T>, Error> {
        let place = timeout(self.shared.options.patience, self.place(Lane::Listen));
        let place = place.await.map_err(|_| Error::Deadline)??;
        let (sender, changes) = mpsc::channel(self.shared.options.listen_changes);
        let (end_sender, end) = oneshot::channel();
        let unread = Arc::new(AtomicUsize::new(0));
        let most = self.shared.options.listen_bytes;
        let sink = Changes::new(sender, end_sender, Arc::clone(&unread), most, self.odd());
        let cancel = self.start(self.next_tag(), command, sink, place)?;
        Ok(Listen { changes, end, unread, _cancel: cancel })
    }

    /// Ends the connection: cancels what runs, sends `/quit`, and waits until the stream is gone.
    pub async fn close(&self) -> CloseReason {
        let _it_may_be_closed_already = self.shared.requests.send(Request::Close);
        let reason = self.closed().await;
        let mut task = self.shared.closed.clone();
        while task.changed().await.is_ok() {}
        reason
    }

    /// Waits until the connection is closed, whoever does it.
    pub async fn closed(&self) -> CloseReason {
        let mut closed = self.shared.closed.clone();
        let reason = closed.wait_for(Option::is_some).await;
        reason.ok().and_then(|reason| reason.clone()).unwrap_or(CloseReason::Stopped)
    }

    /// Why the connection is closed; `None` while it is open.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.shared.closed.borrow().clone()
    }

    async fn call<R>(
        &self,
        command: Command,
        within: Duration,
        sink: impl FnOnce(oneshot::Sender<Result<R, Error>>) -> Box<dyn Sink>,
    ) -> Result<R, Error> {
        let answer = async {
            let place = self.place(self.lane).await?;
            self.exchange(self.next_tag(), command, place, sink).await
        };
        timeout(within, answer).await.unwrap_or(Err(Error::Deadline))
    }

    /// Sends one command and waits for its end, however long it takes.
    async fn exchange<R>(
        &self,
        tag: Tag,
        command: Command,
        place: OwnedSemaphorePermit,
        sink: impl FnOnce(oneshot::Sender<Result<R, Error>>) -> Box<dyn Sink>,
    ) -> Result<R, Error> {
        let (done, result) = oneshot::channel();
        let mut cancel = self.start(tag, command, sink(done), place)?;
        let result = result.await;
        cancel.armed = false;
        result.unwrap_or_else(|_| Err(self.is_closed()))
    }

    fn start(
        &self,
        tag: Tag,
        command: Command,
        sink: Box<dyn Sink>,
        place: OwnedSemaphorePermit,
    ) -> Result<CancelOnDrop, Error> {
        let start = Start { tag, words: command.into_words()?, sink, place };
        self.shared.requests.send(Request::Start(start)).map_err(|_| self.is_closed())?;
        Ok(CancelOnDrop { shared: Arc::clone(&self.shared), tag, armed: true })
    }

    async fn place(&self, lane: Lane) -> Result<OwnedSemaphorePermit, Error> {
        self.shared.places.take(lane).await.map_err(|_| self.is_closed())
    }

    fn odd(&self) -> OnOddField {
        Arc::clone(&self.shared.odd)
    }

    fn next_tag(&self) -> Tag {
        self.shared.tags.fetch_add(1, Ordering::Relaxed)
    }

    fn is_closed(&self) -> Error {
        Error::Closed(self.close_reason().unwrap_or(CloseReason::Stopped))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("closed", &self.close_reason()).finish_non_exhaustive()
    }
}

/// Cancels a command unless its answer came.
pub(crate) struct CancelOnDrop {
    shared: Arc<Shared>,
    tag: Tag,
    armed: bool,
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if self.armed {
            let _it_may_be_closed_already = self.shared.requests.send(Request::Cancel(self.tag));
        }
    }
}

impl fmt::Debug for CancelOnDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelOnDrop").field("tag", &self.tag).finish_non_exhaustive()
    }
}
