//! Watching a connected router: listen rows, sweeps, questions about single users.

use super::broker::Parts;
use super::connection::Trouble;
use super::home::Message;
use super::tenure::Tenure;
use crate::presence::{announce, announce_router};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, OptionFuture};
use imsys_domain::presence::{Line, Observation, Row, RowKey, doubt};
use imsys_domain::service::USERNAME_MOST;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_store::port::{Applied, Sweep};
use imsys_store::{StoreError, TenantStore};
use routeros::client::{Change, Client, Command, Error, Listen, TrapKind};
use routeros::menu::PppActive;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// How long a print of the whole table may take.
const PRINT: Duration = super::tenure::PRINT;
/// Questions are collected for this long before the router is asked.
const ASK_AFTER: Duration = Duration::from_millis(500);
/// With more users in question than this, the whole table is read instead.
const ASK_MOST: usize = 20;
/// Not more often than this on account of questions.
const ASK_SWEEP_EVERY: Duration = Duration::from_secs(3);
/// A suspicious sweep is read again after this long.
const REREAD_AFTER: Duration = Duration::from_secs(2);
/// A print that denies this denies no session.
const NOTHING: Timestamp = Timestamp(i64::MIN);
/// After a doubt the table is read again even though it was believed: young routers lie.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];
/// Listen rows judged in one write.
const BATCH: usize = 256;
/// Most characters of a row's id, or of its session's.
const ID_MOST: usize = 64;
/// Rows that are remembered; no router has so many sessions, and one that says so is forgotten and swept.
const SHOWN_MOST: usize = 50_000;

/// A print that awaits its answer.
type Printing = BoxFuture<'static, (Asked, Timestamp, Result<Vec<PppActive>, Error>)>;

enum Asked {
    Whole,
    Users(Vec<String>),
}

/// A whole print that was not believed: when it began, and who was missing.
struct Doubted {
    began: Timestamp,
    gone: HashSet<String>,
}

/// One connected router under watch.
pub(super) struct Watch {
    parts: Parts,
    tenure: Tenure,
    tenant: TenantId,
    router: RouterId,
    client: Client,
    booted: Option<Timestamp>,
    listen: Option<Listen<PppActive>>,
    listening_since: Option<Timestamp>,
    /// Row id -> user, as this connection has shown them.
    shown: HashMap<String, String>,
    /// Rows that listen saw go while a print was under way: the print may still show them.
    gone: HashSet<String>,
    /// The whole table was read over this connection.
    read: bool,
    printing: Option<Printing>,
    doubted: Option<Doubted>,
    /// Who waits for the next whole print, and who for the one under way.
    waiting: Vec<oneshot::Sender<Result<(), Trouble>>>,
    served: Vec<oneshot::Sender<Result<(), Trouble>>>,
    sweeps_at: Vec<Instant>,
    asks: HashSet<String>,
    asks_at: Option<Instant>,
    ask_sweep: Option<Instant>,
}

impl Watch {
    pub(super) fn new(
        parts: Parts,
        tenure: Tenure,
        router: &imsys_store::model::Router,
        client: Client,
        booted: Option<Timestamp>,
    ) -> Self {
        Self {
            parts,
            tenure,
            tenant: router.tenant,
            router: router.id,
            client,
            booted,
            listen: None,
            listening_since: None,
            shown: HashMap::new(),
            gone: HashSet::new(),
            read: false,
            printing: None,
            doubted: None,
            waiting: Vec::new(),
            served: Vec::new(),
            sweeps_at: Vec::new(),
            asks: HashSet::new(),
            asks_at: None,
            ask_sweep: None,
        }
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    fn store(&self) -> Arc<dyn TenantStore> {
        self.tenure.store(&*self.parts.store, self.tenant, self.now())
    }

    /// Watches until the connection breaks; why it did, and whether the table was ever read over it.
    pub(super) async fn run(
        mut self,
        waiting: VecDeque<Message>,
        inbox: &mut mpsc::Receiver<Message>,
    ) -> (Trouble, bool) {
        self.start_listening().await;
        self.sweeps_at.push(Instant::now());
        for message in waiting {
            self.take(message);
        }
        let trouble = loop {
            if let Err(trouble) = self.step(inbox).await {
                break trouble;
            }
        };
        for tell in self.waiting.drain(..).chain(self.served.drain(..)) {
            let _gone = tell.send(Err(trouble.clone()));
        }
        (trouble, self.read)
    }

    async fn start_listening(&mut self) {
        match self.client.listen::<PppActive>(Command::new("/ppp/active/listen")).await {
            Ok(listen) => {
                self.listen = Some(listen);
                self.listening_since = Some(self.now());
                self.note_listening(true).await;
            }
            Err(error) => {
                tracing::warn!(router.id = %self.router, %error, "listen is not available; full syncs go on")
            }
        }
    }

    async fn note_listening(&mut self, listening: bool) {
        if let Err(error) = self.store().set_listening(self.router, listening).await {
            tracing::error!(router.id = %self.router, %error, "the listening could not be stored");
        }
    }

    /// Waits for the next thing that happens, and does it.
    async fn step(&mut self, inbox: &mut mpsc::Receiver<Message>) -> Result<(), Trouble> {
        self.begin_print();
        let alarm = self.sweeps_at.iter().chain(&self.asks_at).min().copied();
        let can_print = self.printing.is_none();
        let listen: OptionFuture<_> = self.listen.as_mut().map(Listen::next).into();
        let printing: OptionFuture<_> = self.printing.as_mut().into();
        let alarmed: OptionFuture<_> = alarm.map(tokio::time::sleep_until).into();
        let client = self.client.clone();
        tokio::select! {
            biased;
            reason = client.closed() => Err(Trouble::Lost(reason)),
            Some(change) = listen => self.listened(change).await,
            Some((asked, began, rows)) = printing => {
                self.printing = None;
                self.printed(asked, began, rows).await
            }
            Some(()) = alarmed, if can_print => Ok(()),
            message = inbox.recv() => {
                self.take(message.ok_or(Trouble::Gone)?);
                Ok(())
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Ask(user) => {
                self.asks.insert(user);
                self.asks_at.get_or_insert_with(|| Instant::now() + ASK_AFTER);
            }
            Message::Sweep(tell) => {
                self.waiting.push(tell);
                self.sweeps_at.push(Instant::now());
            }
            Message::Use(work) => work(Ok(self.client.clone())),
        }
    }

    /// Sends the print that is due, if none is under way.
    fn begin_print(&mut self) {
        if self.printing.is_some() {
            return;
        }
        let now = Instant::now();
        if self.asks_at.is_some_and(|at| at <= now) {
            self.asks_at = None;
            // A name that is not ASCII may stand on the router in another code page: `?name=` would miss it.
            if self.asks.len() > ASK_MOST || self.asks.iter().any(|user| !user.is_ascii()) {
                self.asks.clear();
                let at = self.ask_sweep.map_or(now, |last| now.max(last + ASK_SWEEP_EVERY));
                self.ask_sweep = Some(at);
                self.sweeps_at.push(at);
            }
        }
        if self.sweeps_at.iter().any(|at| *at <= now) {
            self.sweeps_at.retain(|at| *at > now);
            self.served.append(&mut self.waiting);
            self.print(Asked::Whole);
        } else if self.asks_at.is_none() && !self.asks.is_empty() {
            let users = self.asks.drain().collect();
            self.print(Asked::Users(users));
        }
    }

    fn print(&mut self, asked: Asked) {
        let mut command = Command::new("/ppp/active/print");
        if let Asked::Users(users) = &asked {
            for user in users {
                command = command.query("name", user);
            }
            for _ in 1..users.len() {
                command = command.query_word("#|");
            }
        }
        self.gone.clear();
        let (client, began) = (self.client.clone(), self.now());
        let print = async move { (asked, began, client.print::<PppActive>(command, PRINT).await) };
        self.printing = Some(print.boxed());
    }

    /// Judges a listen row together with those that wait behind it.
    async fn listened(&mut self, first: Option<Result<Change<PppActive>, Error>>) -> Result<(), Trouble> {
        let mut batch = Vec::new();
        let mut next = first;
        loop {
            match next {
                Some(Ok(change)) => batch.extend(self.observe(change)),
                Some(Err(error)) => return self.listen_ended(error).await,
                None => return self.listen_ended(Error::Lagged).await,
            }
            if batch.len() >= BATCH {
                break;
            }
            match self.listen.as_mut().and_then(|listen| listen.next().now_or_never()) {
                Some(change) => next = change,
                None => break,
            }
        }
        self.apply(batch).await;
        Ok(())
    }

    /// A listen that ends has a gap behind it: the connection is made anew, and swept. Where the router
    /// refuses it, a new connection would not help: sweeps go on without.
    async fn listen_ended(&mut self, error: Error) -> Result<(), Trouble> {
        self.listen = None;
        self.listening_since = None;
        self.note_listening(false).await;
        match (self.client.close_reason(), error) {
            (Some(reason), _) => Err(Trouble::Lost(reason)),
            (None, Error::Trap(trap)) if trap.kind() != TrapKind::Interrupted => {
                tracing::warn!(router.id = %self.router, %trap, "listen is refused; full syncs go on");
                Ok(())
            }
            (None, error) => Err(Trouble::Command(error)),
        }
    }

    fn observe(&mut self, change: Change<PppActive>) -> Option<(String, Observation)> {
        let at = self.now();
        match change {
            Change::Row(active) => {
                let (user, row) = row_of(active)?;
                self.remember(&row.key.id, &user);
                Some((user, Observation::RowSeen { at, row }))
            }
            Change::Dead { id } => {
                let id = id?.to_string();
                if self.printing.is_some() {
                    self.gone.insert(id.clone());
                }
                let user = self.shown.remove(&id)?;
                Some((user, Observation::RowGone { at, id }))
            }
        }
    }

    fn remember(&mut self, id: &str, user: &str) {
        if self.shown.len() >= SHOWN_MOST && !self.shown.contains_key(id) {
            tracing::warn!(router.id = %self.router, "more rows than any router has: what they were is forgotten");
            self.shown.clear();
            self.sweeps_at.push(Instant::now() + AGAIN_AFTER[0]);
        }
        self.shown.insert(id.to_owned(), user.to_owned());
    }

    async fn apply(&mut self, batch: Vec<(String, Observation)>) {
        let mut batch = batch;
        if let Some(sabotage) = &self.parts.sabotage {
            let now = self.now();
            batch.retain(|(user, _)| !sabotage.hides(user, now));
        }
        if batch.is_empty() {
            return;
        }
        let users: Vec<String> = batch.iter().map(|(user, _)| user.clone()).collect();
        match self.store().apply_presences(self.router, batch).await {
            Ok(applied) => {
                let mut changes = Vec::new();
                for (user, applied) in users.into_iter().zip(applied) {
                    if let Applied::Known { change, ask, .. } = applied {
                        changes.extend(change);
                        if ask {
                            self.take(Message::Ask(user));
                        }
                    }
                }
                announce(&self.parts.live, self.tenant, &changes);
            }
            Err(error) => self.resweep(&error),
        }
    }

    /// What could not be stored is told again by the next print.
    fn resweep(&mut self, error: &StoreError) {
        tracing::error!(router.id = %self.router, %error, "presence could not be stored; syncing again");
        self.sweeps_at.push(Instant::now() + REREAD_AFTER);
    }

    async fn printed(
        &mut self,
        asked: Asked,
        began: Timestamp,
        rows: Result<Vec<PppActive>, Error>,
    ) -> Result<(), Trouble> {
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => return self.print_failed(error),
        };
        let mut table: HashMap<String, Vec<Row>> = HashMap::new();
        for (user, row) in rows.into_iter().filter_map(row_of) {
            if self.gone.contains(&row.key.id) {
                continue;
            }
            // Believed or not: this is how listen will speak of the session.
            self.remember(&row.key.id, &user);
            table.entry(user).or_default().push(row);
        }
        match asked {
            Asked::Users(users) => self.told_of(users, began, table).await,
            Asked::Whole => {
                self.read = true;
                self.swept(began, table).await;
            }
        }
        Ok(())
    }

    /// What a print of some users would have told is told by the whole one that follows. A connection
    /// over which the table was never read is none.
    fn print_failed(&mut self, error: Error) -> Result<(), Trouble> {
        tracing::warn!(router.id = %self.router, %error, "the active sessions could not be read");
        self.parts.metrics.sweeps.count("failed");
        for tell in self.served.drain(..) {
            let _gone = tell.send(Err(Trouble::Command(error.clone())));
        }
        self.sweeps_at.push(Instant::now() + AGAIN_AFTER[0]);
        if self.read { Ok(()) } else { Err(Trouble::Command(error)) }
    }

    /// Where a print misses somebody whose row listen still shows, one of both is wrong (young routers
    /// leave rows out): the whole table decides.
    async fn told_of(&mut self, users: Vec<String>, began: Timestamp, mut table: HashMap<String, Vec<Row>>) {
        let booted = self.booted;
        let shown: HashSet<&String> = self.shown.values().collect();
        let (missed, told): (Vec<_>, Vec<_>) =
            users.into_iter().partition(|user| !table.contains_key(user) && shown.contains(user));
        if !missed.is_empty() {
            self.sweeps_at.push(Instant::now() + REREAD_AFTER);
        }
        let told = told.into_iter().map(|user| {
            let rows = table.remove(&user).unwrap_or_default();
            (user, Observation::Table { began, rows, booted, denies: began })
        });
        self.apply(told.collect()).await;
    }

    async fn swept(&mut self, began: Timestamp, rows: HashMap<String, Vec<Row>>) {
        let open = match self.store().users_with_session(self.router).await {
            Ok(open) => open,
            Err(error) => return self.resweep(&error),
        };
        let uptime = self.booted.map(|booted| began.since(booted));
        let gone: HashSet<String> = open.iter().filter(|user| !rows.contains_key(*user)).cloned().collect();
        let sweep = match self.doubted.take() {
            Some(first) => {
                // The second reading is believed, but for those whom only this one misses, and for
                // sessions that began under our eyes: listen would have told their end.
                let denies = self.listening_since.map_or(first.began, |since| since.min(first.began));
                let spared = gone.difference(&first.gone).cloned().collect();
                Sweep { began, booted: self.booted, denies, rows, spared, complete: true }
            }
            None if doubt(open.len(), gone.len(), rows.len(), uptime).is_some() => {
                self.parts.metrics.sweeps.count("doubted");
                self.doubted = Some(Doubted { began, gone });
                let now = Instant::now();
                self.sweeps_at.push(now + REREAD_AFTER);
                self.sweeps_at.extend(AGAIN_AFTER.map(|after| now + after));
                self.waiting.append(&mut self.served);
                // Whom it shows is there, whatever it leaves out.
                let (denies, spared) = (NOTHING, HashSet::new());
                Sweep { began, booted: self.booted, denies, rows, spared, complete: false }
            }
            None => {
                let spared = HashSet::new();
                Sweep { began, booted: self.booted, denies: began, rows, spared, complete: true }
            }
        };
        self.believe(sweep).await;
    }

    async fn believe(&mut self, sweep: Sweep) {
        let complete = sweep.complete;
        match self.store().apply_sweep(self.router, sweep).await {
            Ok(applied) => {
                // One that is doubted was counted as that.
                if complete {
                    self.parts.metrics.sweeps.count("believed");
                }
                announce(&self.parts.live, self.tenant, &applied.changes);
                if let Ok(router) = self.store().router(self.router).await {
                    announce_router(&self.parts.live, &router);
                }
            }
            Err(error) => return self.resweep(&error),
        }
        for tell in self.served.drain(..) {
            let _gone = tell.send(Ok(()));
        }
    }
}

/// A row as the judge takes it; `None` for one without id or name, or with one that is longer than any, which
/// cannot be anybody's.
fn row_of(active: PppActive) -> Option<(String, Row)> {
    let text =
        |text: &str, most: usize| Some(text.to_owned()).filter(|text| (1..=most).contains(&text.len()));
    let id = text(&active.id?.to_string(), ID_MOST)?;
    let key = RowKey { id, session: text(&active.session_id, ID_MOST) };
    let line =
        Line { mac: text(&active.caller_id, USERNAME_MOST), address: active.address.map(|a| a.to_string()) };
    let uptime = active.uptime.map_or(0, |uptime| i64::try_from(uptime.as_millis()).unwrap_or(i64::MAX));
    Some((text(&active.name, USERNAME_MOST)?, Row { key, line, uptime }))
}
