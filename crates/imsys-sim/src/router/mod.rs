//! One simulated router: a handle to start it, look into it, and make things go wrong.

pub(crate) mod config;
mod conversations;
mod defaults;
mod echo;
mod faults;
pub(crate) mod inner;
mod ops;
pub(crate) mod ppp;
pub(crate) mod state;
pub(crate) mod statics;
mod truth;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use config::{Conditions, LoginForm, RouterConfig, TagPlace, Throttle, WebhookFaults, Wire};
pub use conversations::Conversation;
pub use echo::Echo;
pub use faults::{Fault, FaultCounts};
use inner::Inner;
pub use inner::Reach;
pub use ppp::{Cause, CustomerTruth, DialError, LifeEvent, OpenSession};
use state::State;
pub use statics::{ArpRow, ArpShown, ArpStatus, ArpTimes, StaticCustomer, StaticId, StaticTruth};
pub use truth::RouterTruth;

use crate::api::listener;
use crate::hooks;
use crate::script::{self, ScriptError};
use crate::table::value::Value;
use crate::trap::Trap;

/// Scripts that may wait to run.
const SCRIPTS_WAITING: usize = 65_536;
/// Things the customers' devices may not have noticed yet.
const EVENTS_WAITING: usize = 65_536;

/// A running router. Clones are the same router.
#[derive(Clone)]
pub struct Router {
    inner: Arc<Inner>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl Router {
    /// Switches a router on; its API listens when this returns.
    ///
    /// # Errors
    /// The address cannot be taken.
    pub async fn start(config: RouterConfig) -> io::Result<Self> {
        let listener = listener::bind(config.listen)?;
        let address = listener.local_addr()?;
        let (scripts, queue) = mpsc::channel(SCRIPTS_WAITING);
        let state = State::new(&config, scripts);
        let inner = Inner::new(config, address, state);
        let mut tasks = JoinSet::new();
        tasks.spawn(listener::run(inner.clone(), listener));
        tasks.spawn(hooks::run(inner.clone(), queue));
        tasks.spawn(statics::run(inner.clone()));
        Ok(Self { inner, tasks: Arc::new(Mutex::new(tasks)) })
    }

    /// Ends all its tasks; its clients see their connections close.
    pub async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks());
        tasks.shutdown().await;
    }

    /// Where its API listens.
    pub fn address(&self) -> SocketAddr {
        self.inner.address()
    }

    /// What it was started with.
    pub fn config(&self) -> &RouterConfig {
        &self.inner.config
    }

    /// What became of its webhooks so far.
    pub fn hook_counts(&self) -> hooks::Counted {
        self.inner.hook_counts.read()
    }

    /// Whether a client would get an answer now.
    pub fn reach(&self) -> Reach {
        self.inner.reach()
    }

    /// The most API connections that ever stood at once, logged in or not.
    pub fn peak_sessions(&self) -> usize {
        self.inner.sessions.peak()
    }

    /// The most commands that ever waited for their answer at once, over all connections. A `listen` counts
    /// only until it stands.
    pub fn peak_commands(&self) -> usize {
        self.inner.commands.peak()
    }

    /// The most connections with commands in flight that there ever were at once: one, where clients take turns.
    pub fn peak_talkers(&self) -> usize {
        self.inner.talkers.peak()
    }

    /// The connections on which something was said, the oldest first.
    pub fn conversations(&self) -> Vec<Conversation> {
        self.inner.conversations.read()
    }

    /// The latest commands after the login, over all connections, the oldest first: `/ip/arp/print` with its attributes
    /// and queries as on the wire, a space before each.
    pub fn commands(&self) -> Vec<String> {
        self.inner.said.read()
    }

    /// Forgets the peaks: from now on they are counted anew.
    pub fn restart_peaks(&self) {
        self.inner.talkers.restart();
        self.inner.sessions.restart();
        self.inner.commands.restart();
    }

    /// Changes how it behaves from now on.
    pub fn conditions(&self, change: impl FnOnce(&mut Conditions)) {
        change(&mut self.inner.lock().conditions);
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its tables, from inside: no policy is asked, read-only columns can be written.
impl Router {
    /// Adds a row as an administrator would; gives its number.
    ///
    /// # Errors
    /// What the router would say over the API.
    pub fn add(&self, path: &str, values: &[(&str, &str)]) -> Result<u32, Trap> {
        let mut state = self.inner.lock();
        let menu = state.menu(path).ok_or_else(|| Trap::no_such_menu(path))?;
        let pairs: Vec<_> = values.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        state.add(menu, &pairs)
    }

    /// Adds a row as the router itself would, such as a neighbour or an ARP entry. 0 where this version
    /// lacks the menu; columns it lacks are left out.
    pub fn appear(&self, path: &str, values: &[(&str, &[u8])]) -> u32 {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::text(value))).collect();
        self.inner.lock().make(path, &values)
    }

    /// Takes a row away without a word to anyone but listeners.
    pub fn vanish(&self, path: &str, id: u32) {
        self.inner.lock().unmake(path, id);
    }

    /// Changes a row as an administrator would; the only row of a single menu when `id` is `None`.
    ///
    /// # Errors
    /// What the router would say over the API.
    pub fn set(&self, path: &str, id: Option<u32>, values: &[(&str, &str)]) -> Result<(), Trap> {
        let mut state = self.inner.lock();
        let menu = state.menu(path).ok_or_else(|| Trap::no_such_menu(path))?;
        let pairs: Vec<_> = values.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let result = state.set(menu, id, &pairs);
        drop(state);
        self.inner.refresh();
        result
    }

    /// Changes a row as the router itself would, such as the status of an ARP entry.
    pub fn turn(&self, path: &str, id: u32, values: &[(&str, &[u8])]) {
        let mut state = self.inner.lock();
        let Some(table) = state.at_mut(path) else { return };
        let menu = table.menu;
        let placed =
            values.iter().filter_map(|(name, value)| Some((menu.place(name)?, Some(Value::text(value)))));
        table.change(id, placed.collect::<Vec<_>>());
        state.announce(path, id);
    }

    /// A property of a row, found by number or name; `None` when there is no such row or value.
    pub fn get(&self, path: &str, row: &str, column: &str) -> Option<String> {
        let mut state = self.inner.lock();
        state.catch_up();
        let menu = state.menu(path)?;
        let id = state.resolve(menu, row.as_bytes()).ok();
        let row = id.map_or_else(|| state.table(menu).first(), |id| state.table(menu).get(id))?;
        let value = row.shown(menu, column.as_bytes(), state.view(true))?;
        Some(String::from_utf8_lossy(&value).into_owned())
    }

    /// The numbers of all rows of a menu, in their order.
    pub fn ids(&self, path: &str) -> Vec<u32> {
        let mut state = self.inner.lock();
        state.catch_up();
        state.at(path).map(|table| table.rows().map(|row| row.id).collect()).unwrap_or_default()
    }

    /// How many rows a menu has.
    pub fn count(&self, path: &str) -> usize {
        let mut state = self.inner.lock();
        state.catch_up();
        state.at(path).map_or(0, crate::table::Table::len)
    }
}

/// Its customers.
impl Router {
    /// A customer's device dials in.
    ///
    /// # Errors
    /// The router is down, there is no such secret, or it is disabled.
    pub fn dial(&self, user: impl AsRef<[u8]>, mac: &str) -> Result<OpenSession, DialError> {
        let mut state = self.inner.lock();
        let id = state.dial(user.as_ref(), mac)?;
        Ok(state.open_session(id).expect("it was opened a line ago under the same lock"))
    }

    /// A session ends; `false` when it was not open.
    pub fn hang_up(&self, id: u32, cause: Cause) -> bool {
        self.inner.lock().hang_up(id, cause)
    }

    /// All open sessions, in the order of their numbers.
    pub fn sessions(&self) -> Vec<OpenSession> {
        let state = self.inner.lock();
        state.ppp.sessions.keys().filter_map(|id| state.open_session(*id)).collect()
    }

    /// The open sessions of one user, oldest first.
    pub fn sessions_of(&self, user: &str) -> Vec<OpenSession> {
        let state = self.inner.lock();
        state.ppp.of_user(user.as_bytes()).iter().filter_map(|id| state.open_session(*id)).collect()
    }

    /// What is so of everyone who has a secret.
    pub fn customers(&self) -> Vec<CustomerTruth> {
        self.inner.lock().customers()
    }

    /// Everything its customers' devices notice from now on. A second call takes over from the first.
    pub fn events(&self) -> mpsc::Receiver<LifeEvent> {
        let (events, receiver) = mpsc::channel(EVENTS_WAITING);
        self.inner.lock().life = Some(events);
        receiver
    }

    /// Switches `fetch` of `/system/device-mode`: without it no script can call anybody.
    pub fn allow_fetch(&self, allowed: bool) {
        let mut state = self.inner.lock();
        let Some(table) = state.at_mut("system/device-mode") else { return };
        let word = Value::text(if allowed { "yes" } else { "no" });
        let (place, row) = (table.menu.place("fetch"), table.first().map_or(0, |row| row.id));
        table.change(row, place.map(|place| (place, Some(word))));
    }
}

/// Its terminal.
impl Router {
    /// Pastes a text into the terminal as an administrator with all rights would; gives what it prints.
    /// Stops at the first error; what was done before stays done.
    ///
    /// # Errors
    /// What is not understood or fails, with its line and word.
    pub fn paste(&self, text: &str) -> Result<Vec<String>, ScriptError> {
        let (effects, result) = {
            let mut state = self.inner.lock();
            state.catch_up();
            script::paste(&mut state, text.as_bytes())
        };
        self.inner.refresh();
        hooks::start(&self.inner, effects.fetches, &mut self.tasks());
        result.map(|()| effects.output)
    }
}
