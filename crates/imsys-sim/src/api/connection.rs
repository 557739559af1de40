//! One client: reads sentences, answers them in order, cancels what it is told to cancel.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use routeros::codec::{Decoder, Limits};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::command::Command;
use super::execute::{Caller, Outcome, execute};
use super::login::{Account, Door, Login};
use super::outlet::{Outlet, drain};
use super::reply::{Replies, fatal};
use crate::router::inner::{Inner, Kill, Kills};
use crate::trap::Trap;

/// Commands that may wait on one connection.
const WAITING: usize = 256;
/// How long the last words of a dying connection may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves a client until one side ends it.
pub(crate) async fn serve(
    mut stream: TcpStream,
    peer: IpAddr,
    number: u64,
    router: Arc<Inner>,
    mut kill: Kills,
) {
    let (outlet, queue, broken) = Outlet::new();
    let talk = Arc::new(Talk::new(router.clone(), number, peer, outlet));
    let (reader, writer) = stream.split();
    let settings = router.clone();
    let conversation = async {
        let sending = drain(queue, writer, router.hung(), || settings.wire());
        let (_talked, _sent) = tokio::join!(talk.clone().run(reader), sending);
    };
    let end = tokio::select! {
        () = conversation => Kill::Close,
        () = broken.notified() => Kill::Reset,
        _ = kill.changed() => kill.borrow_and_update().1.clone(),
    };
    talk.leave();
    finish(stream, end).await;
}

async fn finish(mut stream: TcpStream, end: Kill) {
    match end {
        Kill::Close => {}
        Kill::Reset => {
            if let Err(error) = stream.set_zero_linger() {
                tracing::debug!(%error, "a connection was gone before it could be reset");
            }
        }
        Kill::Fatal { reason, as_attribute } => {
            let words = fatal(&reason, as_attribute);
            let said = tokio::time::timeout(LAST_WORDS, stream.write_all(&words)).await;
            tracing::debug!(?said, "fatal");
        }
    }
}

/// A command that waits or runs; set when it is cancelled, by the first of several with the words to the canceller.
type Cancelled = Arc<OnceLock<Option<Replies>>>;

struct Talk {
    router: Arc<Inner>,
    number: u64,
    peer: IpAddr,
    /// Taken when the client leaves, so that the writer comes to an end.
    outlet: Mutex<Option<Outlet>>,
    account: OnceLock<Account>,
    left: AtomicBool,
    /// Commands that wait or run, by tag.
    jobs: Mutex<Vec<(Option<Bytes>, Cancelled)>>,
}

struct Job {
    command: Command,
    cancelled: Cancelled,
}

impl Talk {
    fn new(router: Arc<Inner>, number: u64, peer: IpAddr, outlet: Outlet) -> Self {
        Self {
            router,
            number,
            peer,
            outlet: Mutex::new(Some(outlet)),
            account: OnceLock::new(),
            left: AtomicBool::new(false),
            jobs: Mutex::new(Vec::new()),
        }
    }

    async fn run(self: Arc<Self>, reader: impl AsyncRead + Unpin) {
        let (jobs, queue) = mpsc::channel(WAITING);
        let reading = async {
            self.read(reader, jobs).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = reading => {}
            () = self.work(queue) => {}
        }
        self.leave();
    }

    /// Reads until the client closes or breaks the protocol.
    async fn read(&self, mut reader: impl AsyncRead + Unpin, jobs: mpsc::Sender<Job>) {
        let mut decoder = Decoder::new(Limits::BEFORE_LOGIN);
        loop {
            if self.account.get().is_some() {
                decoder.set_limits(Limits::AFTER_LOGIN);
            }
            match reader.read_buf(decoder.read_buffer()).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let mut commands = Vec::new();
            loop {
                match decoder.next() {
                    Ok(Some(sentence)) => commands.push(Command::read(sentence)),
                    Ok(None) => break,
                    Err(_) => return,
                }
            }
            for command in commands {
                self.take(command, &jobs).await;
            }
        }
    }

    async fn take(&self, command: Command, jobs: &mpsc::Sender<Job>) {
        if command.verb == "cancel" && command.path.is_empty() && self.account.get().is_some() {
            return self.cancel(&command);
        }
        let cancelled = Cancelled::default();
        lock(&self.jobs).push((command.tag.clone(), cancelled.clone()));
        let _over = jobs.send(Job { command, cancelled }).await;
    }

    /// Interrupts listens and commands with the given tag, or all of them.
    fn cancel(&self, command: &Command) {
        let tag = command.attribute("tag");
        let replies = self.replies(command);
        let listens = self.router.lock().subscribers.cancel(self.number, tag);
        let mut out = BytesMut::new();
        for listen in &listens {
            listen.replies.trap(&mut out, &Trap::interrupted());
        }
        let mut canceller = Some(replies.clone());
        for (other, cancelled) in lock(&self.jobs).iter() {
            if tag.is_none_or(|tag| other.as_deref() == Some(tag)) && cancelled.get().is_none() {
                let _first = cancelled.set(canceller.take());
            }
        }
        if let Some(replies) = canceller {
            replies.done(&mut out);
        }
        for listen in &listens {
            listen.replies.done(&mut out);
        }
        if let Some(outlet) = self.outlet() {
            outlet.push(out.freeze());
        }
    }

    /// Answers commands one after the other.
    async fn work(&self, mut queue: mpsc::Receiver<Job>) {
        let mut door = Door::default();
        let mut hung = self.router.hung();
        while let Some(Job { command, cancelled }) = queue.recv().await {
            self.router.delay().await;
            if hung.wait_for(|hung| !hung).await.is_err() {
                return;
            }
            let on = match self.account.get() {
                None => self.before_login(&mut door, &command).await,
                Some(account) => self.after_login(account, &command, &cancelled).await,
            };
            lock(&self.jobs).retain(|(_, other)| !Arc::ptr_eq(other, &cancelled));
            if !on {
                return;
            }
        }
    }

    async fn before_login(&self, door: &mut Door, command: &Command) -> bool {
        if !(command.path.is_empty() && command.verb == "login") {
            return self.last_words("not logged in").await;
        }
        let challenges = self.router.challenges();
        let verdict = door.login(&mut self.router.lock(), command, challenges, self.peer);
        let replies = self.replies(command);
        let mut out = BytesMut::new();
        match verdict {
            Login::Welcome(account) => {
                self.account.get_or_init(|| account);
                replies.done(&mut out);
            }
            Login::Challenge(ret) => replies.done_with(&mut out, ret),
            Login::Refused(message) => {
                replies.trap(&mut out, &Trap::plain(message));
                replies.done(&mut out);
            }
            Login::TooMany => return self.last_words("too many commands before login").await,
        }
        self.send(out.freeze()).await;
        true
    }

    async fn after_login(&self, account: &Account, command: &Command, cancelled: &Cancelled) -> bool {
        let Some(outlet) = self.outlet() else { return false };
        match (command.path.as_str(), command.verb.as_str()) {
            ("", "quit") => return self.last_words("session terminated on request").await,
            ("", "login") => {
                let mut out = BytesMut::new();
                self.replies(command).done(&mut out);
                outlet.send(out.freeze()).await;
                return true;
            }
            _ => {}
        }
        let replies = self.replies(command);
        let caller = Caller { account, connection: self.number, outlet: &outlet, replies: replies.clone() };
        let outcome = match cancelled.get() {
            None => execute(&mut self.router.lock(), command, &caller),
            Some(_) => Outcome::Reply { pieces: Vec::new(), end: Bytes::new() },
        };
        self.router.refresh();
        if let Outcome::Reply { pieces, end } = outcome {
            self.answer(&outlet, pieces, end, &replies, cancelled).await;
        }
        true
    }

    /// Sends a reply piece by piece, and stops where it is cancelled.
    async fn answer(
        &self,
        outlet: &Outlet,
        pieces: Vec<Bytes>,
        end: Bytes,
        own: &Replies,
        cancelled: &Cancelled,
    ) {
        for piece in pieces {
            if cancelled.get().is_some() {
                break;
            }
            outlet.send(piece).await;
        }
        // Whoever cancels from here on finds no such command.
        lock(&self.jobs).retain(|(_, other)| !Arc::ptr_eq(other, cancelled));
        let Some(canceller) = cancelled.get() else { return outlet.send(end).await };
        let mut out = BytesMut::new();
        own.trap(&mut out, &Trap::interrupted());
        canceller.iter().for_each(|canceller| canceller.done(&mut out));
        own.done(&mut out);
        outlet.send(out.freeze()).await;
    }

    /// Says `!fatal` and ends the conversation.
    async fn last_words(&self, reason: &str) -> bool {
        self.send(fatal(reason, false)).await;
        false
    }

    async fn send(&self, frame: Bytes) {
        if let Some(outlet) = self.outlet() {
            outlet.send(frame).await;
        }
    }

    fn outlet(&self) -> Option<Outlet> {
        lock(&self.outlet).clone()
    }

    fn replies(&self, command: &Command) -> Replies {
        Replies::new(command.tag.clone(), self.router.config.tags)
    }

    /// The client is gone: nothing listens for it any more. Does nothing the second time.
    fn leave(&self) {
        if self.left.swap(true, Ordering::Relaxed) {
            return;
        }
        lock(&self.outlet).take();
        let mut state = self.router.lock();
        state.subscribers.cancel(self.number, None);
        if let Some(account) = self.account.get() {
            state.unmake("user/active", account.active);
            state.log_login("logged out", &account.name, &self.peer.to_string());
        }
    }
}

/// A lock whose data no panic can leave half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
