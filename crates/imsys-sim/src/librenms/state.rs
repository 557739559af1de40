//! What it knows.

use super::faults::Faults;
use super::host::Host;
use super::row::Row;
use std::collections::BTreeMap;

/// Everything, behind one lock that is never held across a wait.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) faults: Faults,
    /// Its network, by address.
    pub(super) hosts: BTreeMap<String, Host>,
    /// By number.
    pub(super) rows: BTreeMap<u64, Row>,
    pub(super) last_number: u64,
    pub(super) locations: BTreeMap<String, u64>,
    /// Seconds since 1970.
    pub(super) now: i64,
    pub(super) requests: Vec<String>,
}

impl State {
    /// The row of a number, or the first of a name; names are compared without case.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = key.parse().ok()?;
            return self.rows.contains_key(&number).then_some(number);
        }
        let named = |row: &&Row| row.hostname().eq_ignore_ascii_case(key);
        self.rows.values().find(named).map(|row| row.number)
    }

    pub(super) fn row(&self, key: &str) -> Option<&Row> {
        self.rows.get(&self.number(key)?)
    }

    /// The host at the address at which a row is asked.
    pub(super) fn host(&self, row: &Row) -> Option<&Host> {
        self.hosts.get(&row.asked_at()?)
    }

    /// What was read of a row: nothing where there is none, or where nothing was read yet.
    pub(super) fn read(&self, key: &str) -> Option<(&Row, &Host)> {
        let row = self.row(key).filter(|row| row.was_read)?;
        Some((row, self.host(row)?))
    }

    /// The number of a location, which is new where it is not known.
    pub(super) fn location(&mut self, name: &str) -> u64 {
        let next = self.locations.len() as u64 + 1;
        *self.locations.entry(name.to_owned()).or_insert(next)
    }
}
