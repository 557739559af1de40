//! What is so, at any moment: the table, and each customer's open sessions.

use std::collections::HashMap;
use std::sync::Arc;

use super::delivery::table_row;
use super::life::Life;
use super::{Row, World};

/// `/ppp/active` and the router's own uptime at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Open sessions in the order of their `.id`.
    pub rows: Vec<Row>,
    /// The router's uptime in milliseconds, whole seconds; it runs backwards after a reboot.
    pub router_uptime: i64,
}

/// What is so of one customer at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Truth {
    /// His open sessions, oldest first; he is online when there is one.
    pub sessions: Vec<Open>,
    /// The last moment, not after the asked one, at which a session of his opened or closed.
    pub changed: Option<i64>,
}

impl Truth {
    /// Whether any session is open.
    pub fn online(&self) -> bool {
        !self.sessions.is_empty()
    }
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// When it began.
    pub since: i64,
    /// `$interface` of its scripts.
    pub interface: Arc<str>,
    /// Its `.id` in the table.
    pub id: Arc<str>,
    /// The customer's device.
    pub mac: Arc<str>,
    /// The address given to it.
    pub address: Arc<str>,
}

/// An index over a life, so that a question costs less than reading all of it.
#[derive(Debug)]
pub(super) struct History {
    by_name: HashMap<Arc<str>, u32>,
    users: Vec<UserHistory>,
}

#[derive(Debug, Default)]
struct UserHistory {
    /// Indices of his sessions by opening, each with the latest closing among it and all before it.
    sessions: Vec<(usize, i64)>,
    closings: Vec<i64>,
}

impl History {
    pub(super) fn of(life: &Life) -> Self {
        let mut users: Vec<UserHistory> = life.users.iter().map(|_| UserHistory::default()).collect();
        for (index, session) in life.sessions.iter().enumerate() {
            let user = &mut users[session.user as usize];
            let latest = user.sessions.last().map_or(i64::MIN, |&(_, latest)| latest);
            user.sessions.push((index, latest.max(session.closed)));
            user.closings.push(session.closed);
        }
        for user in &mut users {
            user.closings.sort_unstable();
        }
        let by_name = life.users.iter().enumerate().map(|(n, name)| (name.clone(), n as u32)).collect();
        Self { by_name, users }
    }
}

impl UserHistory {
    /// Indices of the sessions open at `now`, newest first.
    fn open_at<'a>(&'a self, life: &'a Life, now: i64) -> impl Iterator<Item = usize> + 'a {
        let begun = self.begun(life, now);
        self.sessions[..begun]
            .iter()
            .rev()
            .take_while(move |&&(_, latest)| latest > now)
            .map(|&(index, _)| index)
            .filter(move |&index| life.sessions[index].is_open_at(now))
    }

    fn begun(&self, life: &Life, now: i64) -> usize {
        self.sessions.partition_point(|&(index, _)| life.sessions[index].opened <= now)
    }

    fn changed(&self, life: &Life, now: i64) -> Option<i64> {
        let opened =
            self.begun(life, now).checked_sub(1).map(|last| life.sessions[self.sessions[last].0].opened);
        let gone = self.closings.partition_point(|&closed| closed <= now);
        let closed = gone.checked_sub(1).map(|last| self.closings[last]);
        opened.max(closed)
    }
}

impl World {
    /// The table as it is at `now`, exactly; `None` while the router is down.
    pub fn active_at(&self, now: i64) -> Option<Table> {
        let router_uptime = self.router_uptime(now)?;
        let mut open: Vec<usize> =
            self.history.users.iter().flat_map(|user| user.open_at(&self.life, now)).collect();
        open.retain(|index| self.life.sessions[*index].is_shown_at(now));
        open.sort_unstable();
        let rows =
            open.into_iter().map(|index| table_row(&self.life, &self.life.sessions[index], now)).collect();
        Some(Table { rows, router_uptime })
    }

    /// The table as a router prints it: exact, except that one print in three shows a single row while
    /// customers are dialling after a boot (some firmware does that).
    pub fn printed_at(&mut self, now: i64) -> Option<Table> {
        let mut table = self.active_at(now)?;
        let young =
            self.life.outages.iter().any(|o| (o.until..o.until + self.life.redial_span).contains(&now));
        if young && self.dice.chance(1.0 / 3.0) {
            table.rows.truncate(1);
        }
        Some(table)
    }

    /// What is so of `user` at `now`; an unknown name has no sessions.
    pub fn truth(&self, user: &str, now: i64) -> Truth {
        let Some(&number) = self.history.by_name.get(user) else { return Truth::default() };
        let history = &self.history.users[number as usize];
        let mut sessions: Vec<Open> =
            history.open_at(&self.life, now).map(|index| self.open(index)).collect();
        sessions.reverse();
        Truth { sessions, changed: history.changed(&self.life, now) }
    }

    fn open(&self, index: usize) -> Open {
        let session = &self.life.sessions[index];
        Open {
            since: session.opened,
            interface: session.interface.clone(),
            id: session.id.clone(),
            mac: session.mac.clone(),
            address: session.address.clone(),
        }
    }

    /// Uptime since the last boot (the first one was a day before the start); `None` while it is down.
    pub fn router_uptime(&self, now: i64) -> Option<i64> {
        const DAY: i64 = 86_400_000;
        let past = self.life.outages.partition_point(|outage| outage.from <= now);
        let booted = match past.checked_sub(1).map(|last| self.life.outages[last]) {
            Some(outage) if now < outage.until => return None,
            Some(outage) => outage.until,
            None => -DAY,
        };
        Some((now - booted) / 1_000 * 1_000)
    }
}
