//! Everything a router knows, behind one lock.

use std::collections::HashMap;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::config::{Conditions, RouterConfig};
use super::defaults;
use super::echo::Echoes;
use super::ppp::{LifeEvent, Ppp};
use super::statics::Statics;
use crate::api::listen::Subscribers;
use crate::clock::Clock;
use crate::dice::Dice;
use crate::hooks::HookRun;
use crate::table::menus::{menu, menus};
use crate::table::schema::Menu;
use crate::table::value::{Value, View};
use crate::table::{Id, Row, Table};
use crate::trap::Trap;
use crate::version::Version;

/// Lines kept in `/log`.
const LOG_LINES: usize = 1_000;

/// A router's memory.
pub(crate) struct State {
    pub(crate) version: Version,
    pub(crate) clock: Clock,
    /// It runs: customers may dial in.
    pub(crate) running: bool,
    /// How often it has been switched on; what belongs to an earlier boot is void.
    pub(crate) boot: u32,
    pub(crate) partial_until: Option<Instant>,
    pub(crate) conditions: Conditions,
    pub(crate) dice: Dice,
    pub(crate) subscribers: Subscribers,
    pub(crate) ppp: Ppp,
    pub(crate) statics: Statics,
    pub(crate) echoes: Echoes,
    pub(crate) hooks: mpsc::Sender<HookRun>,
    pub(crate) life: Option<mpsc::Sender<LifeEvent>>,
    tables: HashMap<&'static str, Table>,
}

impl State {
    pub(crate) fn new(config: &RouterConfig, hooks: mpsc::Sender<HookRun>) -> Self {
        let tables = menus(config.version).map(|menu| (menu.path, Table::new(menu))).collect();
        let mut state = Self {
            version: config.version,
            clock: Clock::start(),
            running: true,
            boot: 1,
            partial_until: None,
            conditions: Conditions::default(),
            dice: Dice::new(config.seed),
            subscribers: Subscribers::default(),
            ppp: Ppp::new(config.seed),
            statics: Statics::new(config.seed),
            echoes: Echoes::default(),
            hooks,
            life: None,
            tables,
        };
        defaults::fill(&mut state, config);
        state
    }

    /// What an ordinary reader sees now.
    pub(crate) fn view(&self, secrets: bool) -> View {
        View { now: Instant::now(), version: self.version, secrets }
    }

    /// The menu at a path, as this version has it.
    pub(crate) fn menu(&self, path: &str) -> Option<&'static Menu> {
        menu(path, self.version)
    }

    /// The table of a menu that this version has.
    pub(crate) fn table(&self, menu: &'static Menu) -> &Table {
        self.tables.get(menu.path).expect("every menu of the version got a table at the start")
    }

    pub(crate) fn table_mut(&mut self, menu: &'static Menu) -> &mut Table {
        self.tables.get_mut(menu.path).expect("every menu of the version got a table at the start")
    }

    /// The table at a path that every version has, or `None` where this one lacks it.
    pub(crate) fn at(&self, path: &str) -> Option<&Table> {
        self.tables.get(path)
    }

    pub(crate) fn at_mut(&mut self, path: &str) -> Option<&mut Table> {
        self.tables.get_mut(path)
    }

    /// Adds a row that the router itself makes, and tells listeners. 0 where the version lacks the menu.
    pub(crate) fn make(&mut self, path: &str, values: &[(&str, Value)]) -> Id {
        let Some(id) = self.at_mut(path).map(|table| table.insert_named(values)) else { return 0 };
        self.announce(path, id);
        id
    }

    /// Removes a row, and tells listeners.
    pub(crate) fn unmake(&mut self, path: &str, id: Id) -> Option<Row> {
        let row = self.at_mut(path)?.remove(id)?;
        if !self.conditions.deaf_listens {
            self.subscribers.dead(path, id);
        }
        Some(row)
    }

    /// Tells listeners that a row is new or changed.
    pub(crate) fn announce(&self, path: &str, id: Id) {
        if self.conditions.deaf_listens || !self.subscribers.any(path) {
            return;
        }
        let Some(table) = self.at(path) else { return };
        let Some(row) = table.get(id) else { return };
        self.subscribers.row(table.menu, row, self.view(false));
    }

    /// The row that `text` means: `*3`, or a name where rows have names.
    ///
    /// # Errors
    /// `no such item`.
    pub(crate) fn resolve(&self, menu: &'static Menu, text: &[u8]) -> Result<Id, Trap> {
        let table = self.table(menu);
        let by_id = crate::table::parse_id(text).and_then(|id| table.get(id));
        by_id.or_else(|| table.named(text)).map(|row| row.id).ok_or_else(Trap::no_such_item)
    }

    /// Writes a line into `/log`.
    pub(crate) fn log(&mut self, topics: &str, message: String) {
        let now = self.clock.now_ms();
        let line =
            [("time", Value::Date(now)), ("topics", Value::text(topics)), ("message", Value::text(message))];
        self.make("log", &line);
        let oldest =
            self.at("log").filter(|log| log.len() > LOG_LINES).and_then(Table::first).map(|row| row.id);
        if let (Some(id), Some(log)) = (oldest, self.at_mut("log")) {
            log.remove(id);
        }
    }

    /// The text of a column of a named row; empty when there is no such row.
    pub(crate) fn named_text(&self, path: &str, name: &[u8], column: &str) -> &[u8] {
        let Some(table) = self.at(path) else { return b"" };
        table.named(name).map_or(b"", |row| row.text(table.menu, column))
    }

    /// Forgets whatever a restart forgets: sessions, dynamic rows, listeners. Nobody is told.
    pub(crate) fn crash(&mut self) {
        self.running = false;
        self.boot += 1;
        self.subscribers = Subscribers::default();
        self.forget_sessions();
        self.forget_statics();
        for path in ["user/active", "log"] {
            self.at_mut(path).into_iter().for_each(Table::restart);
        }
    }

    /// The router is up again.
    pub(crate) fn boot(&mut self, config: &RouterConfig) {
        let now = Instant::now();
        self.running = true;
        self.partial_until = Some(now + config.partial_for);
        if let Some(table) = self.at_mut("system/resource") {
            let place = table.menu.place("uptime").into_iter();
            let row = table.first().map_or(0, |row| row.id);
            table.change(row, place.map(|place| (place, Some(Value::Since(now)))));
        }
        self.welcome_statics();
    }

    /// Logging in and out each write a line.
    pub(crate) fn log_login(&mut self, text: &str, user: &[u8], from: &str) {
        let name = String::from_utf8_lossy(user).into_owned();
        self.log("system,info,account", format!("user {name} {text} from {from} via api"));
    }
}
