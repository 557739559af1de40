//! What happens to static customers: they move in and out, live, and are learnt and forgotten.

use std::time::Duration;

use tokio::time::Instant;

use super::host::Host;
use super::phase::Phase;
use super::rows::LEASE;
use super::{ArpRow, StaticCustomer, StaticId, StaticTruth};
use crate::dice::Dice;
use crate::router::state::State;
use crate::table::value::Value;

impl State {
    pub(super) fn settle_static(&mut self, customer: StaticCustomer) -> StaticId {
        self.catch_up();
        let (now, changed) = (Instant::now(), self.clock.now_ms());
        if self.at("interface").is_some_and(|table| table.named(customer.interface.as_bytes()).is_none()) {
            self.make(
                "interface",
                &[("name", Value::text(&customer.interface)), ("type", Value::text("vlan"))],
            );
        }
        if customer.arp == ArpRow::Dhcp {
            self.serve(&customer.interface);
        }
        let id = self.statics.admit(Host::new(customer, now, changed));
        self.make_queue(id, now);
        self.meter(id, now);
        if self.running {
            self.appear_static(id, now);
        }
        id
    }

    pub(super) fn evict_static(&mut self, id: StaticId) -> bool {
        self.catch_up();
        self.drop_lease(id);
        let Some(host) = self.statics.dismiss(id) else { return false };
        host.arp.map(|row| self.unmake("ip/arp", row));
        host.queue.map(|row| self.unmake("queue/simple", row));
        true
    }

    /// Changes a customer, and lets the router see it.
    pub(super) fn with_static(&mut self, id: StaticId, change: impl FnOnce(&mut StaticCustomer)) {
        self.catch_up();
        let (now, at) = (Instant::now(), self.clock.now_ms());
        let Some(host) = self.statics.hosts.get_mut(&id) else { return };
        let before = host.customer.clone();
        change(&mut host.customer);
        let after = &host.customer;
        if before.alive != after.alive {
            host.changed = at;
        }
        let (moved, alive) = (before.arp != after.arp, after.alive);
        let (lived, swapped) =
            (before.alive != alive || before.talking != after.talking, before.mac != after.mac);
        self.meter(id, now);
        if !self.running {
            return;
        }
        if moved {
            self.drop_lease(id);
            return self.appear_static(id, now);
        }
        if lived {
            self.live_on(id, now);
        }
        if swapped {
            self.show_arp(id);
        }
    }

    pub(super) fn static_row(&mut self, id: StaticId) -> Option<u32> {
        self.catch_up();
        let row = self.statics.hosts.get(&id)?.arp?;
        self.at("ip/arp")?.get(row).map(|row| row.id)
    }

    pub(super) fn statics_truth(&self) -> Vec<StaticTruth> {
        self.statics.hosts.iter().map(|(id, host)| host.truth(*id)).collect()
    }

    /// A restart: learnt entries and leases vanish without a word, counters begin again.
    pub(crate) fn forget_statics(&mut self) {
        let now = Instant::now();
        self.statics.clear_plans();
        let mut rows = Vec::new();
        for host in self.statics.hosts.values_mut() {
            host.phase = Phase::Absent;
            rows.extend(host.lease.take().map(|row| ("ip/dhcp-server/lease", row)));
            if host.customer.arp != ArpRow::Permanent {
                rows.extend(host.arp.take().map(|row| ("ip/arp", row)));
            }
        }
        for (path, row) in rows {
            self.at_mut(path).and_then(|table| table.remove(row));
        }
        self.reset_counters(now);
    }

    /// After a boot the router learns everyone again who is there.
    pub(crate) fn welcome_statics(&mut self) {
        let now = Instant::now();
        self.reset_counters(now);
        let ids: Vec<StaticId> = self.statics.hosts.keys().copied().collect();
        ids.into_iter().for_each(|id| self.appear_static(id, now));
    }

    /// His first row, by the way in which he appears.
    fn appear_static(&mut self, id: StaticId, now: Instant) {
        let Some(host) = self.statics.hosts.get_mut(&id) else { return };
        host.bound.clone_from(&host.customer.mac);
        let (alive, phase) = (host.customer.alive, Phase::Absent.changed(host.habits()));
        match host.customer.arp {
            ArpRow::Learnt => self.enter(id, phase, now),
            ArpRow::Dhcp if alive => self.renew(id, now),
            _ => {
                self.statics.plan(id, None);
                self.show_arp(id);
            }
        }
    }

    /// He began or ceased to live or to talk.
    fn live_on(&mut self, id: StaticId, now: Instant) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let (arp, before, habits, leased) =
            (&host.customer.arp, host.phase, host.habits(), host.lease.is_some());
        let after = before.changed(habits);
        match arp {
            ArpRow::Dhcp if habits.alive && !leased => self.renew(id, now),
            // These last on, however he lives.
            ArpRow::Learnt if after == before && matches!(before, Phase::Reachable | Phase::Delay) => {}
            ArpRow::Learnt if after == before && matches!(before, Phase::Failed | Phase::Absent) => {}
            ArpRow::Learnt => self.enter(id, after, now),
            _ => {}
        }
    }

    /// What was planned for him is due.
    pub(super) fn step(&mut self, id: StaticId, at: Instant) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        match host.customer.arp {
            ArpRow::Learnt => self.enter(id, host.phase.next(host.habits()), at),
            ArpRow::Dhcp if host.customer.alive => self.renew(id, at),
            ArpRow::Dhcp if at < host.lease_until => {
                let until = host.lease_until;
                self.statics.plan(id, Some(until));
            }
            ArpRow::Dhcp => {
                self.drop_lease(id);
                self.show_arp(id);
            }
            _ => {}
        }
    }

    /// His learnt entry enters a state, and leaves it in due time.
    fn enter(&mut self, id: StaticId, phase: Phase, at: Instant) {
        let times = self.conditions.arp;
        let Some(host) = self.statics.hosts.get_mut(&id) else { return };
        host.phase = phase;
        let lasts = phase.lasts(host.habits(), &times).map(|lasts| match phase {
            Phase::Reachable => spread(lasts, times.spread, &mut self.statics.dice),
            _ => lasts,
        });
        self.statics.plan(id, lasts.map(|lasts| at + lasts));
        self.show_arp(id);
    }

    fn renew(&mut self, id: StaticId, at: Instant) {
        self.bind_lease(id, at);
        self.statics.plan(id, Some(at + LEASE / 2));
        self.show_arp(id);
    }

    /// He answered a probe of the router, whose entry of him is confirmed; only ICMP makes a new entry.
    pub(super) fn confirm(&mut self, id: StaticId, arp_only: bool) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let known = host.phase != Phase::Absent;
        if host.customer.arp == ArpRow::Learnt && (known || !arp_only) {
            self.enter(id, Phase::Reachable, Instant::now());
        }
    }

    /// An ICMP probe found nobody.
    pub(super) fn miss(&mut self, id: StaticId) {
        let Some(host) = self.statics.hosts.get(&id) else { return };
        let after = host.phase.unanswered();
        if host.customer.arp == ArpRow::Learnt && after != host.phase {
            self.enter(id, after, Instant::now());
        }
    }
}

fn spread(time: Duration, share: f64, dice: &mut Dice) -> Duration {
    if share <= 0.0 {
        return time;
    }
    time.mul_f64(1.0 + share.min(1.0) * (2.0 * dice.unit() - 1.0))
}
