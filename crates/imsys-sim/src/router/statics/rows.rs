//! What the tables show of a static customer: ARP entry, queue, lease.

use std::time::Duration;

use tokio::time::Instant;

use super::host::Host;
use super::{ArpShown, StaticId};
use crate::router::state::State;
use crate::table::value::{Value, counted};
use crate::table::{Id, Table};

/// How long a lease runs; the client renews it after half of that.
pub(super) const LEASE: Duration = Duration::from_secs(600);
/// The name of a router's first DHCP server; that of a further interface has its name too.
const SERVER: &str = "sim-dhcp";

impl State {
    /// Makes his row of `/ip/arp` agree with what is to be shown.
    pub(super) fn show_arp(&mut self, id: StaticId) {
        let version = self.version;
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let (shown, row) = (host.shown(version), host.arp);
        let standing = row.filter(|row| self.at("ip/arp").is_some_and(|table| table.get(*row).is_some()));
        let row = match (shown, standing) {
            (None, None) => None,
            (None, Some(row)) => {
                self.unmake("ip/arp", row);
                None
            }
            (Some(shown), Some(row)) => {
                self.rewrite("ip/arp", row, arp_cells(&shown));
                Some(row)
            }
            (Some(shown), None) => Some(self.learn(id, &shown)),
        };
        if let Some(host) = self.statics.hosts.get_mut(&id) {
            host.arp = row;
        }
    }

    fn learn(&mut self, id: StaticId, shown: &ArpShown) -> Id {
        let Some(Host { customer, .. }) = self.statics.hosts.get(&id) else { return 0 };
        let mut cells = vec![
            ("address", Value::text(customer.address.to_string())),
            ("interface", Value::text(&customer.interface)),
            ("vrf", Value::text(&customer.vrf)),
        ];
        cells.extend(arp_cells(shown).into_iter().filter_map(|(name, value)| Some((name, value?))));
        self.make("ip/arp", &cells)
    }

    /// Gives a customer his queue.
    pub(super) fn make_queue(&mut self, id: StaticId, now: Instant) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let Some(name) = &host.customer.queue else { return };
        let cells = [
            ("name", Value::text(name)),
            ("target", Value::text(format!("{}/32", host.customer.address))),
            ("max-limit", Value::text("20000000/20000000")),
            ("bytes", Value::Traffic { since: now, base: (0, 0), rate: (0, 0) }),
        ];
        let row = self.make("queue/simple", &cells);
        if let Some(host) = self.statics.hosts.get_mut(&id) {
            host.queue = Some(row);
        }
    }

    /// Lets his queue count at the speed of his traffic from now on. Nobody is told: counters are not pushed.
    pub(super) fn meter(&mut self, id: StaticId, now: Instant) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let (Some(row), rate) = (host.queue, host.rate()) else { return };
        let off = |table: &Table| table.get(row).is_some_and(|row| row.is(table.menu, "disabled"));
        let rate = if self.at("queue/simple").is_some_and(off) { (0, 0) } else { rate };
        let Some(table) = self.at_mut("queue/simple") else { return };
        let (Some(bytes), Some(shown)) = (table.menu.place("bytes"), table.menu.place("rate")) else {
            return;
        };
        let base = match table.get(row).and_then(|row| row.own(bytes)) {
            Some(Value::Traffic { since, base, rate }) => counted(*since, *base, *rate, now),
            _ => (0, 0),
        };
        let bits = Value::text(format!("{}/{}", rate.0 * 8, rate.1 * 8));
        table.change(row, [(bytes, Some(Value::Traffic { since: now, base, rate })), (shown, Some(bits))]);
    }

    /// Somebody changed a queue: a disabled one counts nothing.
    pub(crate) fn queue_changed(&mut self, row: Id) {
        let owner = self.statics.hosts.iter().find(|(_, host)| host.queue == Some(row)).map(|(id, _)| *id);
        if let Some(owner) = owner {
            self.meter(owner, Instant::now());
        }
    }

    /// The counters of all queues begin at nothing again, as after a restart.
    pub(super) fn reset_counters(&mut self, now: Instant) {
        let Some(table) = self.at_mut("queue/simple") else { return };
        let Some(place) = table.menu.place("bytes") else { return };
        let counting: Vec<(Id, (u64, u64))> = table
            .rows()
            .filter_map(|row| match row.own(place) {
                Some(Value::Traffic { rate, .. }) => Some((row.id, *rate)),
                _ => None,
            })
            .collect();
        for (row, rate) in counting {
            table.change(row, [(place, Some(Value::Traffic { since: now, base: (0, 0), rate }))]);
        }
    }

    /// The name of the DHCP server on an interface, which is made if there is none.
    pub(super) fn serve(&mut self, interface: &str) -> Value {
        let Some(table) = self.at("ip/dhcp-server") else { return Value::text(SERVER) };
        let there = table.rows().find(|row| row.text(table.menu, "interface") == interface.as_bytes());
        if let Some(server) = there {
            return Value::text(server.text(table.menu, "name"));
        }
        let first = table.named(SERVER.as_bytes()).is_none();
        let name = Value::text(if first { SERVER.to_owned() } else { format!("{SERVER}-{interface}") });
        self.make("ip/dhcp-server", &[("name", name.clone()), ("interface", Value::text(interface))]);
        name
    }

    /// Gives him a lease, or renews the one he has.
    pub(super) fn bind_lease(&mut self, id: StaticId, now: Instant) {
        let Some(host) = self.statics.hosts.get_mut(&id) else { return };
        host.lease_until = now + LEASE;
        let (address, mac) = (host.customer.address.to_string(), host.customer.mac.clone());
        let (address, mac, standing) = (Value::text(address), Value::text(mac), host.lease);
        let interface = host.customer.interface.clone();
        let server = self.serve(&interface);
        let cells = [
            ("address", address.clone()),
            ("mac-address", mac.clone()),
            ("server", server.clone()),
            ("status", Value::text("bound")),
            ("expires-after", Value::Until(now + LEASE)),
            ("age", Value::Since(now)),
            ("last-seen", Value::Since(now)),
            ("active-address", address),
            ("active-mac-address", mac),
            ("active-server", server),
            ("dynamic", Value::text("true")),
        ];
        let row = match standing {
            Some(row) => {
                self.rewrite("ip/dhcp-server/lease", row, cells.map(|(name, value)| (name, Some(value))));
                row
            }
            None => self.make("ip/dhcp-server/lease", &cells),
        };
        if let Some(host) = self.statics.hosts.get_mut(&id) {
            host.lease = Some(row);
        }
    }

    pub(super) fn drop_lease(&mut self, id: StaticId) {
        let lease = self.statics.hosts.get_mut(&id).and_then(|host| host.lease.take());
        if let Some(lease) = lease {
            self.unmake("ip/dhcp-server/lease", lease);
        }
    }

    /// Changes columns of a row, and tells listeners.
    fn rewrite<const N: usize>(&mut self, path: &str, row: Id, cells: [(&str, Option<Value>); N]) {
        let Some(table) = self.at_mut(path) else { return };
        let menu = table.menu;
        let placed = cells.into_iter().filter_map(|(name, value)| Some((menu.place(name)?, value)));
        table.change(row, placed.collect::<Vec<_>>());
        self.announce(path, row);
    }
}

fn arp_cells(shown: &ArpShown) -> [(&'static str, Option<Value>); 9] {
    let flag = |on| Some(Value::text(if on { "true" } else { "false" }));
    [
        ("mac-address", shown.mac.as_ref().map(Value::text)),
        ("status", shown.status.map(|status| Value::text(status.word()))),
        ("complete", flag(shown.complete)),
        ("dynamic", flag(shown.dynamic)),
        ("DHCP", flag(shown.dhcp)),
        ("dhcp", flag(shown.dhcp)),
        ("disabled", flag(shown.disabled)),
        ("invalid", flag(shown.invalid)),
        ("published", flag(shown.published)),
    ]
}
