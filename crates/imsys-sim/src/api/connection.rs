//! One client: reads sentences, answers them in order, cancels what it is told to cancel.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use routeros::codec::{Decoder, Limits};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::command::Command;
use super::execute::{Caller, Outcome, execute};
use super::job::{Cancel, Job, Jobs};
use super::lock;
use super::login::{Account, Login, LoginLimiter};
use super::outlet::{Outlet, drain};
use super::ping::{Ping, Series};
use super::reply::{Replies, fatal};
use crate::gauge::{Counted, Gauge};
use crate::router::inner::{Inner, Kill, Kills};
use crate::trap::Trap;

/// Commands that may wait on one connection.
const WAITING: usize = 256;
/// How long the last words of a dying connection may take.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long it may take until a client that hung up is noticed.
const NOTICED: Duration = Duration::from_millis(50);

/// Serves a client until one side ends it.
pub(crate) async fn serve(
    mut stream: TcpStream,
    peer: IpAddr,
    number: u64,
    router: Arc<Inner>,
    mut kill: Kills,
) {
    if router.sessions.any() {
        // Its client may have hung up before this one came: then they were never two at once.
        tokio::time::sleep(NOTICED).await;
    }
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

struct Talk {
    router: Arc<Inner>,
    number: u64,
    peer: IpAddr,
    /// Taken when the client leaves, so that the writer comes to an end.
    outlet: Mutex<Option<Outlet>>,
    account: OnceLock<Account>,
    left: AtomicBool,
    jobs: Jobs,
    /// Until the client hangs up, also where that finds the router hanging.
    counted: Mutex<Option<Counted>>,
}

/// What a command means for the next one.
enum Then {
    /// It is answered.
    Next,
    /// It goes on by itself.
    Beside,
    /// There is none.
    Over,
}

impl Talk {
    fn new(router: Arc<Inner>, number: u64, peer: IpAddr, outlet: Outlet) -> Self {
        let (jobs, counted) =
            (Jobs::new(router.commands.clone(), router.talkers.clone()), Gauge::count(&router.sessions));
        Self {
            router,
            number,
            peer,
            outlet: Mutex::new(Some(outlet)),
            account: OnceLock::new(),
            left: AtomicBool::new(false),
            jobs,
            counted: Mutex::new(Some(counted)),
        }
    }

    async fn run(self: Arc<Self>, reader: impl AsyncRead + Unpin) {
        let (jobs, queue) = mpsc::channel(WAITING);
        let reading = async {
            self.read(reader, jobs).await;
            lock(&self.counted).take();
            self.jobs.clear();
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
                Ok(heard) => self.router.conversations.heard(self.number, heard),
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
        let _over = jobs.send(self.jobs.add(command)).await;
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
        if let Some(replies) = self.jobs.cancel(tag, replies) {
            replies.done(&mut out);
        }
        for listen in &listens {
            listen.replies.done(&mut out);
        }
        if let Some(outlet) = self.outlet() {
            outlet.push(out.freeze());
        }
    }

    /// Answers commands one after the other, except those that take their time.
    async fn work(self: &Arc<Self>, mut queue: mpsc::Receiver<Job>) {
        let (mut limiter, mut beside) = (LoginLimiter::default(), JoinSet::new());
        let mut hung = self.router.hung();
        while let Some(Job { command, cancel, heard }) = queue.recv().await {
            while beside.try_join_next().is_some() {}
            self.router.delay(heard).await;
            if hung.wait_for(|hung| !hung).await.is_err() {
                return;
            }
            let then = match self.account.get() {
                None => self.before_login(&mut limiter, &command).await,
                Some(account) => self.after_login(account, &command, &cancel, &mut beside).await,
            };
            match then {
                Then::Next => self.jobs.forget(&cancel),
                Then::Beside => {}
                Then::Over => return,
            }
        }
    }

    async fn before_login(&self, limiter: &mut LoginLimiter, command: &Command) -> Then {
        if !(command.path.is_empty() && command.verb == "login") {
            return self.last_words("not logged in").await;
        }
        let challenges = self.router.challenges();
        let verdict = limiter.login(&mut self.router.lock(), command, challenges, self.peer);
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
        Then::Next
    }

    async fn after_login(
        self: &Arc<Self>,
        account: &Account,
        command: &Command,
        cancel: &Arc<Cancel>,
        beside: &mut JoinSet<()>,
    ) -> Then {
        let Some(outlet) = self.outlet() else { return Then::Over };
        match (command.path.as_str(), command.verb.as_str()) {
            ("", "quit") => return self.last_words("session terminated on request").await,
            ("", "login") => {
                let mut out = BytesMut::new();
                self.replies(command).done(&mut out);
                outlet.send(out.freeze()).await;
                return Then::Next;
            }
            _ => {}
        }
        self.router.said.hear(command.to_string());
        let replies = self.replies(command);
        let caller = Caller { account, connection: self.number, outlet: &outlet, replies: replies.clone() };
        let outcome = match cancel.by() {
            None => execute(&mut self.router.lock(), command, &caller),
            Some(_) => Outcome::Reply { pieces: Vec::new(), end: Bytes::new() },
        };
        self.router.refresh();
        match outcome {
            Outcome::Reply { pieces, end } => {
                let pause = match pieces.len() {
                    0 | 1 => Duration::ZERO,
                    _ => self.router.lock().conditions.print_pause,
                };
                if !pause.is_zero() {
                    let (talk, cancel) = (self.clone(), cancel.clone());
                    let print =
                        async move { talk.answer(&outlet, pieces, end, &replies, &cancel, pause).await };
                    beside.spawn(print);
                    return Then::Beside;
                }
                self.answer(&outlet, pieces, end, &replies, cancel, pause).await;
            }
            Outcome::Listening => {}
            Outcome::Ping(ping) => {
                let (talk, cancel) = (self.clone(), cancel.clone());
                beside.spawn(async move { talk.ping(&outlet, &ping, &replies, &cancel).await });
                return Then::Beside;
            }
        }
        Then::Next
    }

    /// Probes, and sends a row after each, until it is over or cancelled.
    async fn ping(&self, outlet: &Outlet, ping: &Ping, replies: &Replies, cancel: &Arc<Cancel>) {
        let mut series = Series::default();
        let mut begun = Instant::now();
        while !series.is_over(ping) && !cancel.comes_before(begun).await {
            let answer = self.router.lock().probe(&ping.target).filter(|answer| answer.time < ping.interval);
            let wait = answer.as_ref().map_or(ping.interval, |answer| answer.time);
            if cancel.comes_before(begun + wait).await {
                break;
            }
            let mut out = BytesMut::new();
            replies.row(&mut out, series.row(ping, answer.as_ref()));
            outlet.send(out.freeze()).await;
            begun += ping.interval;
        }
        let mut end = BytesMut::new();
        replies.done(&mut end);
        self.answer(outlet, Vec::new(), end.freeze(), replies, cancel, Duration::ZERO).await;
    }

    /// Sends a reply piece by piece, and stops where it is cancelled.
    async fn answer(
        &self,
        outlet: &Outlet,
        pieces: Vec<Bytes>,
        end: Bytes,
        own: &Replies,
        cancel: &Arc<Cancel>,
        pause: Duration,
    ) {
        for piece in pieces {
            let cancelled = match pause {
                Duration::ZERO => cancel.by().is_some(),
                pause => cancel.comes_before(Instant::now() + pause).await,
            };
            if cancelled {
                break;
            }
            outlet.send(piece).await;
            // The queue has room for most replies: without a pause no cancel would be read before the end.
            tokio::task::yield_now().await;
        }
        self.jobs.forget(cancel);
        let Some(canceller) = cancel.by() else { return outlet.send(end).await };
        let mut out = BytesMut::new();
        own.trap(&mut out, &Trap::interrupted());
        canceller.iter().for_each(|canceller| canceller.done(&mut out));
        own.done(&mut out);
        outlet.send(out.freeze()).await;
    }

    /// Says `!fatal` and ends the conversation.
    async fn last_words(&self, reason: &str) -> Then {
        self.send(fatal(reason, false)).await;
        Then::Over
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
        self.router.conversations.over(self.number);
        let mut state = self.router.lock();
        state.subscribers.cancel(self.number, None);
        if let Some(account) = self.account.get() {
            state.unmake("user/active", account.active);
            state.log_login("logged out", &account.name, &self.peer.to_string());
        }
    }
}
