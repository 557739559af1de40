//! Watching a connected router: listen rows, sweeps, questions about single users.

use super::connection::Trouble;
use super::inbox::{Message, Parts};
use super::lease::RouterLease;
use super::rows::{read_rows, row_of};
use super::sync::Syncing;
use crate::complaints::complain;
use futures_util::future::{BoxFuture, OptionFuture};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use imsys_domain::presence::{ActiveView, Observation};
use imsys_domain::router::Listening;
use imsys_domain::{RouterId, TenantId, Timestamp};
use imsys_store::port::Applied;
use imsys_store::{StoreError, TenantStore};
use routeros::client::{Change, Client, Command, Error, Listen, Table, TrapKind};
use routeros::menu::PppActive;
use routeros::value::encode_windows_1252;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// How long a print of the whole table may take.
const PRINT: Duration = super::lease::PRINT;
/// Questions are collected for this long before the router is asked.
const ASK_AFTER: Duration = Duration::from_millis(500);
/// With more users in question than this, the whole table is read instead.
const ASK_MOST: usize = 20;
/// Not more often than this on account of questions.
const ASK_SWEEP_EVERY: Duration = Duration::from_secs(3);
/// What could not be stored, or not be read, is read again after this long.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(10)];
/// Listen rows judged in one write.
const BATCH: usize = 256;

/// A print that awaits its answer.
type Printing = BoxFuture<'static, (Asked, Timestamp, Result<Table<PppActive>, Error>)>;
/// Who waits until something is stored.
type Waiter = oneshot::Sender<Result<(), Trouble>>;

enum Asked {
    Whole,
    Users(Vec<String>),
    /// About one user, for somebody who waits.
    Look(String, Waiter),
}

/// One connected router under watch.
pub(crate) struct Watch {
    pub(super) parts: Parts,
    lease: RouterLease,
    pub(super) tenant: TenantId,
    pub(super) router: RouterId,
    client: Client,
    pub(super) booted: Option<Timestamp>,
    pub(super) listen: Option<Listen<PppActive>>,
    pub(super) view: ActiveView,
    /// The whole table was read over this connection.
    read: bool,
    printing: Option<Printing>,
    /// Prints about single users beside it, in the urgent lane.
    looks: FuturesUnordered<Printing>,
    /// What follows from a whole print.
    pub(super) syncing: Option<Syncing>,
    /// Who waits for the next whole print, and who for the one under way.
    pub(super) waiting: Vec<Waiter>,
    pub(super) served: Vec<Waiter>,
    sweeps_at: Vec<Instant>,
    /// Users whom the router is asked about, and when.
    asks: HashMap<String, Instant>,
    ask_sweep: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(
        parts: Parts,
        lease: RouterLease,
        router: &imsys_domain::router::Router,
        client: Client,
        booted: Option<Timestamp>,
    ) -> Self {
        Self {
            parts,
            lease,
            tenant: router.tenant,
            router: router.id,
            client,
            booted,
            listen: None,
            view: ActiveView::default(),
            read: false,
            printing: None,
            looks: FuturesUnordered::new(),
            syncing: None,
            waiting: Vec::new(),
            served: Vec::new(),
            sweeps_at: Vec::new(),
            asks: HashMap::new(),
            ask_sweep: None,
        }
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    pub(super) fn store(&self) -> Arc<dyn TenantStore> {
        self.lease.store(&*self.parts.store, self.tenant, self.now())
    }

    /// Watches until the connection breaks; why it did, and whether the table was ever read over it.
    pub(crate) async fn run(
        mut self,
        waiting: VecDeque<Message>,
        inbox: &mut mpsc::Receiver<Message>,
    ) -> (Trouble, bool) {
        for message in waiting {
            self.take(message);
        }
        self.start_listening().await;
        self.sweeps_at.push(Instant::now());
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
        if let Some(listen) = self.open_listen().await {
            self.listen = Some(listen);
            self.view.listen_began(self.now());
            self.note_listening(Listening::On).await;
        }
    }

    async fn open_listen(&mut self) -> Option<Listen<PppActive>> {
        match self.client.listen::<PppActive>(Command::new("/ppp/active/listen")).await {
            Ok(listen) => {
                self.parts.metrics.listens.count("started");
                Some(listen)
            }
            Err(error) => {
                self.parts.metrics.listens.count("refused");
                tracing::warn!(router.id = %self.router, %error, "listen is not available; full syncs go on");
                None
            }
        }
    }

    /// The listen tells nothing while active sessions change: another one is asked for, and not relied on until it
    /// tells something.
    pub(super) async fn listen_anew(&mut self) {
        tracing::warn!(router.id = %self.router, "listen told nothing while active sessions changed; it is started anew");
        self.parts.metrics.listens.count("deaf");
        self.listen = None;
        self.listen = self.open_listen().await;
        let listening = match self.listen {
            Some(_) => {
                self.view.listen_again(self.now());
                Listening::Deaf
            }
            None => Listening::Off,
        };
        self.note_listening(listening).await;
    }

    async fn note_listening(&mut self, listening: Listening) {
        if let Err(error) = self.store().set_listening(self.router, listening).await {
            complain("the listening could not be stored", Some(self.router), &error);
        }
    }

    /// Waits for the next thing that happens, and does it. While a table is compared and stored, listen rows and further
    /// prints wait; whoever asks, and prints about the users that people look at, do not.
    async fn step(&mut self, inbox: &mut mpsc::Receiver<Message>) -> Result<(), Trouble> {
        let is_syncing = self.syncing.is_some();
        if !is_syncing {
            self.begin_print();
        }
        let alarm = self.sweeps_at.iter().chain(self.asks.values()).min().copied();
        let can_print = self.printing.is_none() && !is_syncing;
        let can_look = self.syncing.as_ref().is_none_or(Syncing::leaves_view);
        let listen: OptionFuture<_> = self.listen.as_mut().filter(|_| !is_syncing).map(Listen::next).into();
        let printing: OptionFuture<_> = self.printing.as_mut().filter(|_| !is_syncing).into();
        let syncing: OptionFuture<_> = self.syncing.as_mut().map(Syncing::next).into();
        let alarmed: OptionFuture<_> = alarm.map(tokio::time::sleep_until).into();
        let client = self.client.clone();
        tokio::select! {
            biased;
            reason = client.closed() => Err(Trouble::Lost(reason)),
            Some(change) = listen => self.listened(change).await,
            Some((asked, began, rows)) = self.looks.next(), if can_look => self.printed(asked, began, rows).await,
            Some((asked, began, rows)) = printing => {
                self.printing = None;
                self.printed(asked, began, rows).await
            }
            Some(synced) = syncing => {
                self.syncing = None;
                self.synced(synced).await;
                Ok(())
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
            Message::Ask(user) => self.ask(user, Duration::ZERO),
            Message::Sweep(tell) => {
                self.waiting.push(tell);
                self.sweeps_at.push(Instant::now());
            }
            Message::Look(user, tell) => {
                let look = self.print(Asked::Look(user, tell));
                self.looks.push(look);
            }
            Message::Connect(tell) => {
                let _gone = tell.send(Ok(self.client.clone()));
            }
        }
    }

    /// The router is asked about a user after `wait`, together with others.
    fn ask(&mut self, user: String, wait: Duration) {
        let at = Instant::now() + wait.max(ASK_AFTER);
        self.asks.entry(user).and_modify(|known| *known = at.min(*known)).or_insert(at);
    }

    /// Sends the print that is due, if none is under way.
    fn begin_print(&mut self) {
        if self.printing.is_some() {
            return;
        }
        let now = Instant::now();
        let users: Vec<String> = self.asks.extract_if(|_, at| *at <= now).map(|(user, _)| user).collect();
        if users.len() > ASK_MOST {
            self.sync_for_questions(0);
        }
        if self.sweeps_at.iter().any(|at| *at <= now) {
            self.sweeps_at.retain(|at| *at > now);
            self.served.append(&mut self.waiting);
            self.printing = Some(self.print(Asked::Whole));
        } else if (1..=ASK_MOST).contains(&users.len()) {
            self.printing = Some(self.print(Asked::Users(users)));
        }
    }

    /// Questions about single users are answered by the whole table, after so many milliseconds.
    fn sync_for_questions(&mut self, after: i64) {
        let soon = Instant::now() + Duration::from_millis(u64::try_from(after).unwrap_or(0));
        let at = self.ask_sweep.map_or(soon, |last| soon.max(last + ASK_SWEEP_EVERY));
        self.ask_sweep = Some(at);
        self.sweeps_at.push(at);
    }

    fn print(&mut self, asked: Asked) -> Printing {
        let (users, client) = match &asked {
            Asked::Whole => (&[][..], self.client.clone()),
            Asked::Users(users) => (users.as_slice(), self.client.clone()),
            Asked::Look(user, _) => (std::slice::from_ref(user), self.client.urgent()),
        };
        let command = about(Command::new("/ppp/active/print"), users);
        // What listen sees go counts for every print that is under way.
        if self.printing.is_none() && self.looks.is_empty() && self.syncing.is_none() {
            self.view.print_began();
        }
        let began = self.now();
        async move { (asked, began, client.print::<PppActive>(command, PRINT).await) }.boxed()
    }

    /// Judges a listen row together with those that wait behind it.
    async fn listened(&mut self, first: Option<Result<Change<PppActive>, Error>>) -> Result<(), Trouble> {
        let (mut batch, heard) = (Vec::new(), self.view.hears());
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
        if !heard && self.view.hears() {
            self.note_listening(Listening::On).await;
        }
        self.apply(batch).await;
        Ok(())
    }

    /// A listen that ends has a gap behind it: the connection is made anew, and swept. Where the router
    /// refuses it, a new connection would not help: sweeps go on without.
    async fn listen_ended(&mut self, error: Error) -> Result<(), Trouble> {
        self.listen = None;
        self.view.listen_ended();
        self.note_listening(Listening::Off).await;
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
                self.view.row_seen(at, &row.key.id, &user);
                Some((user, Observation::RowSeen { at, row }))
            }
            Change::Dead { id } => {
                let id = id?.to_string();
                let user = self.view.row_gone(at, &id)?;
                Some((user, Observation::RowGone { at, id }))
            }
        }
    }

    /// Whether it is stored.
    async fn apply(&mut self, batch: Vec<(String, Observation)>) -> bool {
        let mut batch = batch;
        if let Some(sabotage) = &self.parts.sabotage {
            let now = self.now();
            batch.retain(|(user, _)| !sabotage.hides(user, now));
        }
        if batch.is_empty() {
            return true;
        }
        let users: Vec<String> = batch.iter().map(|(user, _)| user.clone()).collect();
        match self.store().apply_presences(self.router, batch).await {
            Ok(applied) => {
                for (user, applied) in users.into_iter().zip(applied) {
                    if let Applied::Known { ask, .. } = applied {
                        self.ask_at(user, ask);
                    }
                }
                true
            }
            Err(error) => {
                self.resweep(&error);
                false
            }
        }
    }

    /// The router is asked about a user at that time, if there is one.
    pub(super) fn ask_at(&mut self, user: String, at: Option<Timestamp>) {
        if let Some(at) = at {
            let wait = u64::try_from(at.since(self.now())).unwrap_or(0);
            self.ask(user, Duration::from_millis(wait));
        }
    }

    pub(super) fn read_again(&mut self, after_ms: impl IntoIterator<Item = i64>) {
        let after = |ms| Instant::now() + Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        self.sweeps_at.extend(after_ms.into_iter().map(after));
    }

    /// What could not be stored is told again by the next print.
    pub(super) fn resweep(&mut self, error: &StoreError) {
        complain("presence could not be stored; syncing again", Some(self.router), error);
        self.sweeps_at.push(Instant::now() + RETRY_AFTER[0]);
    }

    async fn printed(
        &mut self,
        asked: Asked,
        began: Timestamp,
        rows: Result<Table<PppActive>, Error>,
    ) -> Result<(), Trouble> {
        match (rows, asked) {
            (Ok(rows), Asked::Whole) => {
                self.read = true;
                self.compare(began, rows);
            }
            (Ok(rows), Asked::Users(users)) => {
                self.answered(users, began, rows).await;
            }
            (Ok(rows), Asked::Look(user, tell)) => {
                match self.answered(vec![user], began, rows).await {
                    true => {
                        let _gone = tell.send(Ok(()));
                    }
                    // The whole table, which is read for it, decides.
                    false => self.waiting.push(tell),
                }
            }
            (Err(error), Asked::Look(_, tell)) => {
                let _gone = tell.send(Err(Trouble::Command(error)));
            }
            (Err(error), Asked::Whole | Asked::Users(_)) => return self.print_failed(error),
        }
        Ok(())
    }

    /// A print about these users; whether what it says of them is stored. If not, the whole table is read soon.
    async fn answered(&mut self, mut users: Vec<String>, began: Timestamp, rows: Table<PppActive>) -> bool {
        // The rows are held until what follows from them is stored.
        let (rows, _hold) = rows.into_parts();
        let (rows, unread) = read_rows(rows);
        users.retain(|user| !unread.contains(user));
        let answer = self.view.answer(users, began, self.booted, rows);
        if let Some(after) = answer.whole_after {
            self.sync_for_questions(after);
        }
        self.apply(answer.told).await && answer.whole_after.is_none()
    }

    /// What a print of some users would have told is told by the whole one that follows. A connection
    /// over which the table was never read is none.
    fn print_failed(&mut self, error: Error) -> Result<(), Trouble> {
        tracing::warn!(router.id = %self.router, %error, "the active sessions could not be read");
        self.parts.metrics.sweeps.count("failed");
        for tell in self.served.drain(..) {
            let _gone = tell.send(Err(Trouble::Command(error.clone())));
        }
        self.sweeps_at.push(Instant::now() + RETRY_AFTER[1]);
        if self.read { Ok(()) } else { Err(Trouble::Command(error)) }
    }
}

/// The command about these users alone, or about all of them.
fn about(command: Command, users: &[String]) -> Command {
    // A name that is not ASCII may stand on the router in either code page.
    let latin = |user: &String| encode_windows_1252(user).filter(|_| !user.is_ascii());
    let names = users.iter().flat_map(|user| [Some(user.clone().into_bytes()), latin(user)]).flatten();
    names.enumerate().fold(command, |command, (place, name)| {
        let command = command.query("name", name);
        if place == 0 { command } else { command.query_word("#|") }
    })
}
