//! Customers dial in and go: what that does to the tables, and which script runs.

use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;

use tokio::time::Instant;

use super::defaults::FIRST_DYNAMIC_INTERFACE;
use super::state::State;
use crate::hooks::HookRun;
use crate::table::value::Value;
use crate::table::{Id, spell_id};

/// The first `session-id` after a boot, as recorded on version 7.
const FIRST_SESSION_ID: u32 = 0x8110_0000;

/// Bytes as a router keeps them.
type Text = Box<[u8]>;

/// The sessions of a router.
pub(crate) struct Ppp {
    pub(crate) sessions: BTreeMap<Id, Session>,
    by_user: HashMap<Text, Vec<Id>>,
    /// When a session of this user last began or ended (milliseconds since 1970).
    changed: HashMap<Text, i64>,
    next_session_id: u32,
    next_address: u32,
}

/// A customer's open session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) user: Box<[u8]>,
    pub(crate) mac: Box<[u8]>,
    pub(crate) address: Box<[u8]>,
    pub(crate) since: Instant,
    pub(crate) interface: Id,
    profile: Box<[u8]>,
    /// Dynamic rows that go when it goes.
    rows: Vec<(&'static str, Id)>,
}

/// Why a router does not let a customer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DialError {
    /// There is no secret of that name.
    #[error("no such user")]
    NoSuchUser,
    /// His secret is disabled.
    #[error("user is disabled")]
    Disabled,
    /// The router does not run.
    #[error("the router is down")]
    Down,
}

/// Why a session ended; the words are those of `last-disconnect-reason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The customer's device said goodbye.
    PeerRequest,
    /// The line went silent.
    HungUp,
    /// Somebody removed the session from `/ppp/active`.
    Kicked,
}

impl Cause {
    fn word(self) -> &'static str {
        match self {
            Self::PeerRequest => "peer-request",
            Self::HungUp => "hung-up",
            Self::Kicked => "nas-request",
        }
    }
}

/// Something the customers' devices notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LifeEvent {
    /// A session ended while the router was running.
    Closed {
        /// The user name.
        user: String,
        /// The number of the session in `/ppp/active`.
        id: u32,
        /// Why.
        cause: Cause,
    },
    /// The router went down; every session is gone.
    Crashed,
    /// The router takes calls again.
    Booted,
}

/// An open session, as the town knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The number of its `.id` in `/ppp/active`.
    pub id: u32,
    /// `name`.
    pub user: String,
    /// Milliseconds since 1970.
    pub since: i64,
    /// `address`.
    pub address: String,
    /// `caller-id`.
    pub mac: String,
    /// `$interface` of its scripts, such as `*F0`.
    pub interface: String,
}

/// What is so of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerTruth {
    /// The name of his secret.
    pub user: String,
    /// His open sessions, oldest first; he is online when there is one.
    pub sessions: Vec<OpenSession>,
    /// When one last began or ended, in milliseconds since 1970; `None` when he never dialled.
    pub changed: Option<i64>,
}

impl Ppp {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            sessions: BTreeMap::new(),
            by_user: HashMap::new(),
            changed: HashMap::new(),
            next_session_id: FIRST_SESSION_ID,
            next_address: (seed as u32 & 0x1F) << 16,
        }
    }

    /// The ids of a user's open sessions, oldest first.
    pub(crate) fn of_user(&self, user: &[u8]) -> &[Id] {
        self.by_user.get(user).map_or(&[], Vec::as_slice)
    }

    fn draw_session_id(&mut self) -> String {
        let id = self.next_session_id;
        self.next_session_id += 1;
        format!("0x{id:08x}")
    }

    /// The next address of 100.64.0.0/11; the rest of the carriers' space is for fixed addresses.
    fn draw_address(&mut self) -> Box<[u8]> {
        self.next_address = (self.next_address + 1) & 0x1F_FFFF;
        let address = Ipv4Addr::from(u32::from(Ipv4Addr::new(100, 64, 0, 0)) + self.next_address);
        address.to_string().into_bytes().into()
    }
}

impl State {
    /// A customer's device dials in. The secret decides; on-up runs where the profile has it.
    ///
    /// # Errors
    /// The router is down, there is no such secret, or it is disabled.
    pub(crate) fn dial(&mut self, user: &[u8], mac: &str) -> Result<Id, DialError> {
        let (profile, address) = self.admit(user)?;
        let now = Instant::now();
        let mut rows = Vec::new();
        let interface = self.make_interface(user, now);
        rows.push(("interface", interface));
        self.make_list_entry(&profile, &address, &mut rows);
        let session_id = self.ppp.draw_session_id();
        let id = self.make(
            "ppp/active",
            &[
                ("name", Value::text(user)),
                ("caller-id", Value::text(mac)),
                ("address", Value::text(&address)),
                ("uptime", Value::Since(now)),
                ("session-id", Value::text(session_id)),
            ],
        );
        let mac = mac.as_bytes().into();
        let session = Session { user: user.into(), mac, address, since: now, interface, profile, rows };
        self.run_script("on-up", &session);
        self.ppp.by_user.entry(session.user.clone()).or_default().push(id);
        self.note_change(session.user.clone());
        self.ppp.sessions.insert(id, session);
        Ok(id)
    }

    /// The profile and the address that a user gets.
    fn admit(&mut self, user: &[u8]) -> Result<(Text, Text), DialError> {
        let secrets = self.at("ppp/secret").filter(|_| self.running).ok_or(DialError::Down)?;
        let secret = secrets.named(user).ok_or(DialError::NoSuchUser)?;
        if secret.is(secrets.menu, "disabled") {
            return Err(DialError::Disabled);
        }
        let profile = secret.text(secrets.menu, "profile").into();
        let fixed = secret.text(secrets.menu, "remote-address");
        let address = if fixed.is_empty() { None } else { Some(fixed.into()) };
        Ok((profile, address.unwrap_or_else(|| self.ppp.draw_address())))
    }

    /// `<pppoe-name>`, or `<pppoe-name-1>` when the first is taken.
    fn make_interface(&mut self, user: &[u8], now: Instant) -> Id {
        let spell = |n: usize| match n {
            0 => [b"<pppoe-", user, b">"].concat(),
            n => [b"<pppoe-", user, format!("-{n}>").as_bytes()].concat(),
        };
        let taken = |name: &[u8]| self.at("interface").is_some_and(|table| table.named(name).is_some());
        let name = (0..).map(spell).find(|name| !taken(name)).expect("some number is free");
        let rate = self.dice.between(1_000, 400_000) as u64;
        self.make(
            "interface",
            &[
                ("name", Value::text(name)),
                ("type", Value::text("pppoe-in")),
                ("mtu", Value::text("1480")),
                ("actual-mtu", Value::text("1480")),
                ("rx-byte", Value::Counter { since: now, rate: rate / 8 }),
                ("tx-byte", Value::Counter { since: now, rate }),
                ("dynamic", Value::text("true")),
            ],
        )
    }

    /// A profile with an address-list puts the customer's address there.
    fn make_list_entry(&mut self, profile: &[u8], address: &[u8], rows: &mut Vec<(&'static str, Id)>) {
        let list = Value::text(self.named_text("ppp/profile", profile, "address-list"));
        if list == Value::text("") {
            return;
        }
        let now = self.clock.now_ms();
        let entry = [
            ("list", list),
            ("address", Value::text(address)),
            ("creation-time", Value::Date(now)),
            ("dynamic", Value::text("true")),
        ];
        rows.push(("ip/firewall/address-list", self.make("ip/firewall/address-list", &entry)));
    }

    /// Ends a session: its rows go, on-down runs, the customer's device notices. `false` when it is not open.
    pub(crate) fn hang_up(&mut self, id: Id, cause: Cause) -> bool {
        let Some(session) = self.ppp.sessions.remove(&id) else { return false };
        self.unmake("ppp/active", id);
        for (path, row) in &session.rows {
            self.unmake(path, *row);
        }
        if let Some(open) = self.ppp.by_user.get_mut(&session.user) {
            open.retain(|other| *other != id);
            if open.is_empty() {
                self.ppp.by_user.remove(&session.user);
            }
        }
        self.note_change(session.user.clone());
        self.note_logout(&session, cause);
        self.run_script("on-down", &session);
        let user = String::from_utf8_lossy(&session.user).into_owned();
        self.tell(LifeEvent::Closed { user, id, cause });
        true
    }

    fn note_change(&mut self, user: Text) {
        let now = self.clock.now_ms();
        self.ppp.changed.insert(user, now);
    }

    fn note_logout(&mut self, session: &Session, cause: Cause) {
        let now = self.clock.now_ms();
        let Some(secrets) = self.at_mut("ppp/secret") else { return };
        let Some(secret) = secrets.named(&session.user).map(|row| row.id) else { return };
        let menu = secrets.menu;
        let values = [
            ("last-logged-out", Value::Date(now)),
            ("last-caller-id", Value::Text(session.mac.clone())),
            ("last-disconnect-reason", Value::text(cause.word())),
        ];
        let placed = values.into_iter().filter_map(|(name, value)| Some((menu.place(name)?, Some(value))));
        secrets.change(secret, placed.collect::<Vec<_>>());
    }

    /// Queues the profile's script, where there is one. A full queue drops it, as a busy router would.
    fn run_script(&mut self, which: &'static str, session: &Session) {
        let source = self.named_text("ppp/profile", &session.profile, which);
        if source.is_empty() {
            return;
        }
        let run = HookRun {
            boot: self.boot,
            source: source.into(),
            variables: vec![
                ("user", session.user.clone()),
                ("caller-id", session.mac.clone()),
                ("called-id", Box::from(&b"sim-pppoe"[..])),
                ("local-address", Box::from(&b"10.255.255.1"[..])),
                ("remote-address", session.address.clone()),
                ("interface", spell_id(session.interface).into_bytes().into()),
            ],
        };
        if self.hooks.try_send(run).is_err() {
            tracing::warn!(boot = self.boot, "too many scripts at once: one was dropped");
        }
    }

    /// Tells the customers' devices; without a town nobody listens.
    pub(crate) fn tell(&self, event: LifeEvent) {
        if let Some(life) = &self.life
            && life.try_send(event).is_err()
        {
            tracing::warn!("the town does not keep up with its router");
        }
    }

    /// All sessions vanish without a word; ids begin again.
    pub(super) fn forget_sessions(&mut self) {
        for session in std::mem::take(&mut self.ppp.sessions).into_values() {
            for (path, row) in session.rows {
                self.at_mut(path).and_then(|table| table.remove(row));
            }
            self.note_change(session.user);
        }
        self.ppp.by_user.clear();
        self.ppp.next_session_id = FIRST_SESSION_ID;
        if let Some(table) = self.at_mut("ppp/active") {
            table.restart();
        }
        if let Some(table) = self.at_mut("interface") {
            table.begin_at(FIRST_DYNAMIC_INTERFACE);
        }
    }

    /// What is so of everyone who has a secret.
    pub(crate) fn customers(&self) -> Vec<CustomerTruth> {
        let Some(secrets) = self.at("ppp/secret") else { return Vec::new() };
        let names = secrets.rows().map(|row| row.text(secrets.menu, "name"));
        names
            .map(|user| CustomerTruth {
                user: String::from_utf8_lossy(user).into_owned(),
                sessions: self.ppp.of_user(user).iter().filter_map(|id| self.open_session(*id)).collect(),
                changed: self.ppp.changed.get(user).copied(),
            })
            .collect()
    }

    /// An open session as the town tells of it.
    pub(crate) fn open_session(&self, id: Id) -> Option<OpenSession> {
        let session = self.ppp.sessions.get(&id)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(OpenSession {
            id,
            user: text(&session.user),
            since: self.clock.at_ms(session.since),
            address: text(&session.address),
            mac: text(&session.mac),
            interface: spell_id(session.interface),
        })
    }
}
