//! Adding, changing and removing rows, as the API and the terminal both do it.

use super::ppp::Cause;
use super::state::State;
use crate::table::check::{self, Change};
use crate::table::schema::{ADD, Menu, ORDERED, REMOVE, SET, SINGLE};
use crate::table::value::Value;
use crate::table::{Id, Table};
use crate::trap::Trap;

/// `name=value` as it was given.
pub(crate) type Pair<'a> = (&'a [u8], &'a [u8]);

impl State {
    /// Adds a row.
    ///
    /// # Errors
    /// What the router would say: no such command, unknown parameter, a bad or missing value, a duplicate.
    pub(crate) fn add(&mut self, menu: &'static Menu, pairs: &[Pair<'_>]) -> Result<Id, Trap> {
        allowed(menu, ADD)?;
        let (places, pairs): (Vec<&Pair<'_>>, Vec<&Pair<'_>>) =
            pairs.iter().partition(|(name, _)| *name == b"place-before" && menu.allows(ORDERED));
        let before = places.first().map(|(_, place)| self.position(menu, place)).transpose()?;
        let changes = self.changes(menu, &pairs)?;
        missing(menu, &changes, self)?;
        self.free(menu, None, &changes)?;
        let id = self
            .table_mut(menu)
            .insert(changes.into_iter().filter_map(|(place, value)| Some((place, value?))));
        if before.is_some() {
            self.table_mut(menu).place_before(id, before);
        }
        self.complete(menu, id);
        self.announce(menu.path, id);
        Ok(id)
    }

    /// Changes a row; the only one of a single menu when `id` is `None`.
    ///
    /// # Errors
    /// As [`State::add`], and `no such item`.
    pub(crate) fn set(
        &mut self,
        menu: &'static Menu,
        id: Option<Id>,
        pairs: &[Pair<'_>],
    ) -> Result<(), Trap> {
        allowed(menu, SET)?;
        let id = self.target(menu, id)?;
        let pairs: Vec<&Pair<'_>> = pairs.iter().collect();
        let changes = self.changes(menu, &pairs)?;
        self.free(menu, Some(id), &changes)?;
        self.table_mut(menu).change(id, changes);
        if menu.path == "queue/simple" {
            self.queue_changed(id);
        }
        self.announce(menu.path, id);
        Ok(())
    }

    /// Takes a property's own value away, so that its default shows.
    ///
    /// # Errors
    /// `unknown parameter`, `no such item`.
    pub(crate) fn unset(&mut self, menu: &'static Menu, id: Id, name: &[u8]) -> Result<(), Trap> {
        allowed(menu, SET)?;
        let (place, _) = check::writable(menu, name, self.version)?;
        self.table_mut(menu).change(id, [(place, None)]);
        self.announce(menu.path, id);
        Ok(())
    }

    /// Removes a row. Removing a row of `/ppp/active` throws the customer out.
    ///
    /// # Errors
    /// `no such command`, `no such item`.
    pub(crate) fn remove(&mut self, menu: &'static Menu, id: Id) -> Result<(), Trap> {
        allowed(menu, REMOVE)?;
        let id = self.target(menu, Some(id))?;
        if menu.path == "ppp/active" && self.hang_up(id, Cause::Kicked) {
            return Ok(());
        }
        self.unmake(menu.path, id).map(|_| ()).ok_or_else(Trap::no_such_item)
    }

    /// Moves a row of an ordered menu before another, or to the end.
    ///
    /// # Errors
    /// `no such command` where order means nothing, `no such item`.
    pub(crate) fn move_row(
        &mut self,
        menu: &'static Menu,
        id: Id,
        before: Option<&[u8]>,
    ) -> Result<(), Trap> {
        allowed(menu, ORDERED)?;
        let before = before.map(|place| self.position(menu, place)).transpose()?;
        self.table_mut(menu).place_before(id, before);
        Ok(())
    }

    /// The row to change; it may have vanished a moment ago, when that was asked for.
    fn target(&mut self, menu: &'static Menu, id: Option<Id>) -> Result<Id, Trap> {
        let table = self.table(menu);
        let row = match id {
            Some(id) => table.get(id),
            None if menu.allows(SINGLE) => table.first(),
            None => None,
        };
        let id = row.map(|row| row.id).ok_or_else(Trap::no_such_item)?;
        if self.conditions.vanishing > 0 && !menu.allows(SINGLE) {
            self.conditions.vanishing -= 1;
            self.unmake(menu.path, id);
            return Err(Trap::no_such_item());
        }
        Ok(id)
    }

    /// `*3`, or a number as `print` counts the rows.
    fn position(&self, menu: &'static Menu, place: &[u8]) -> Result<Id, Trap> {
        let number = std::str::from_utf8(place).ok().and_then(|text| text.parse::<usize>().ok());
        match number {
            Some(number) => {
                self.table(menu).rows().nth(number).map(|row| row.id).ok_or_else(Trap::no_such_item)
            }
            None => self.resolve(menu, place),
        }
    }

    fn changes(&self, menu: &'static Menu, pairs: &[&Pair<'_>]) -> Result<Vec<Change>, Trap> {
        let exists = |path: &str, name: &[u8]| self.at(path).is_some_and(|table| table.named(name).is_some());
        pairs
            .iter()
            .map(|(name, value)| {
                let (place, changed) = check::change(menu, name, value, self.version, exists)?;
                let unset = value.is_empty() && menu.columns[place].default.is_none();
                Ok((place, if unset { None } else { changed }))
            })
            .collect()
    }

    fn free(&self, menu: &'static Menu, id: Option<Id>, changes: &[Change]) -> Result<(), Trap> {
        if self.table(menu).is_taken(id, changes) {
            return Err(Trap::plain(menu.unique.1));
        }
        Ok(())
    }

    /// What the router adds to a new row of its own accord.
    fn complete(&mut self, menu: &'static Menu, id: Id) {
        let now = self.clock.now_ms();
        let table = self.table(menu);
        let Some(row) = table.get(id) else { return };
        let extra: Vec<(&str, Value)> = match menu.path {
            "ppp/secret" => vec![("last-logged-out", Value::Date(0))],
            "ip/firewall/address-list" => vec![("creation-time", Value::Date(now))],
            "ip/address" => address_extras(table, id),
            "ip/arp" => vec![("status", Value::text("permanent"))],
            "user/group" if row.own(1).is_none() => {
                let none = crate::policy::normal(b"", self.version).unwrap_or_default();
                vec![("policy", Value::text(none))]
            }
            "interface/wireguard" => self.wireguard(id),
            _ => return,
        };
        let placed = extra.into_iter().filter_map(|(name, value)| Some((menu.place(name)?, Some(value))));
        self.table_mut(menu).change(id, placed.collect::<Vec<_>>());
    }

    /// A new WireGuard interface gets keys and stands in `/interface` too.
    fn wireguard(&mut self, id: Id) -> Vec<(&'static str, Value)> {
        let name =
            self.at("interface/wireguard").and_then(|table| Some(table.get(id)?.text(table.menu, "name")));
        let row = [
            ("name", Value::text(name.unwrap_or_default())),
            ("type", Value::text("wg")),
            ("mtu", Value::text("1420")),
        ];
        self.make("interface", &row);
        vec![("private-key", Value::text(self.draw_key())), ("public-key", Value::text(self.draw_key()))]
    }

    /// 32 random bytes in base64: 43 characters and `=`.
    fn draw_key(&mut self) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut key: String = (0..42).map(|_| char::from(ALPHABET[self.dice.index(64)])).collect();
        // The last character holds four bits: 32 bytes are 42 characters and two thirds.
        key.push(char::from(ALPHABET[self.dice.index(16) * 4]));
        key + "="
    }
}

fn allowed(menu: &Menu, verb: u8) -> Result<(), Trap> {
    if menu.allows(verb) { Ok(()) } else { Err(Trap::no_such_command()) }
}

fn missing(menu: &'static Menu, changes: &[Change], state: &State) -> Result<(), Trap> {
    let given = |place: usize| changes.iter().any(|(other, value)| *other == place && value.is_some());
    let mut columns = menu.columns.iter().enumerate();
    match columns.find(|(place, column)| column.required && column.exists(state.version) && !given(*place)) {
        Some((_, column)) => Err(Trap::missing_value(column.name)),
        None => Ok(()),
    }
}

/// The network of an address, where it was not given, and the interface it really stands on.
fn address_extras(table: &Table, id: Id) -> Vec<(&'static str, Value)> {
    let Some(row) = table.get(id) else { return Vec::new() };
    let text = |name| String::from_utf8_lossy(row.text(table.menu, name)).into_owned();
    let mut extras = vec![("actual-interface", Value::text(text("interface")))];
    let address = text("address");
    let (host, length) = address.split_once('/').unwrap_or((&address, "32"));
    if let (true, Ok(host), Ok(length)) =
        (text("network").is_empty(), host.parse::<std::net::Ipv4Addr>(), length.parse::<u32>())
    {
        let mask = u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(0);
        extras.push(("network", Value::text(std::net::Ipv4Addr::from(u32::from(host) & mask).to_string())));
    }
    extras
}
