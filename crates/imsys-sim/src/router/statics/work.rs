//! What happens to static customers in time: one agenda per router, worked off when something is due.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::host::Host;
use super::phase::Phase;
use super::rows::LEASE;
use super::{ArpRow, StaticCustomer, StaticId, StaticTruth};
use crate::dice::Dice;
use crate::router::inner::Inner;
use crate::router::state::State;
use crate::table::value::Value;

/// The salt of the dice that static customers use, so that no other draw moves for them.
const SALT: u64 = 0x57A7;

/// The static customers of a router.
pub(crate) struct Statics {
    pub(super) hosts: BTreeMap<StaticId, Host>,
    by_address: HashMap<Ipv4Addr, Vec<StaticId>>,
    /// When, in which order, for whom, by which plan.
    agenda: BinaryHeap<Reverse<(Instant, u64, StaticId, u32)>>,
    made: u64,
    next: u32,
    pub(super) dice: Dice,
    changed: Arc<Notify>,
}

impl Statics {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            hosts: BTreeMap::new(),
            by_address: HashMap::new(),
            agenda: BinaryHeap::new(),
            made: 0,
            next: 1,
            dice: Dice::new(seed).fork(SALT),
            changed: Arc::default(),
        }
    }

    /// Those who have an address, in the order in which they moved in.
    pub(super) fn at(&self, address: Ipv4Addr) -> &[StaticId] {
        self.by_address.get(&address).map_or(&[], Vec::as_slice)
    }

    /// Whether any of them lives in the routing table `vrf`.
    pub(crate) fn know_vrf(&self, vrf: &[u8]) -> bool {
        self.hosts.values().any(|host| host.customer.vrf.as_bytes() == vrf)
    }

    /// Plans his next step; what was planned before is void.
    fn plan(&mut self, id: StaticId, at: Option<Instant>) {
        let Some(host) = self.hosts.get_mut(&id) else { return };
        host.plan += 1;
        let Some(at) = at else { return };
        self.made += 1;
        self.agenda.push(Reverse((at, self.made, id, host.plan)));
        self.changed.notify_one();
    }

    fn due(&mut self, now: Instant) -> Option<(Instant, StaticId)> {
        while self.agenda.peek().is_some_and(|Reverse((at, ..))| *at <= now) {
            let Reverse((at, _, id, plan)) = self.agenda.pop()?;
            if self.hosts.get(&id).is_some_and(|host| host.plan == plan) {
                return Some((at, id));
            }
        }
        None
    }
}

/// Works off the agenda, so that listeners hear of it in time. Ends never.
pub(crate) async fn run(router: Arc<Inner>) {
    let changed = router.lock().statics.changed.clone();
    loop {
        let next = {
            let mut state = router.lock();
            state.catch_up();
            state.statics.agenda.peek().map(|Reverse((at, ..))| *at)
        };
        tokio::select! {
            () = changed.notified() => {}
            () = wait(next) => {}
        }
    }
}

async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

impl State {
    /// Does what is due by now. Whoever reads a table calls it first, so that no reader sees the past.
    pub(crate) fn catch_up(&mut self) {
        let now = Instant::now();
        while let Some((at, id)) = self.statics.due(now) {
            self.step(id, at);
        }
    }

    pub(super) fn settle_static(&mut self, customer: StaticCustomer) -> StaticId {
        self.catch_up();
        let (now, changed) = (Instant::now(), self.clock.now_ms());
        let id = StaticId(self.statics.next);
        self.statics.next += 1;
        if self.at("interface").is_some_and(|table| table.named(customer.interface.as_bytes()).is_none()) {
            self.make(
                "interface",
                &[("name", Value::text(&customer.interface)), ("type", Value::text("vlan"))],
            );
        }
        self.statics.by_address.entry(customer.address).or_default().push(id);
        self.statics.hosts.insert(id, Host::new(customer, now, changed));
        self.make_queue(id, now);
        self.meter(id, now);
        self.appear_static(id, now);
        id
    }

    pub(super) fn evict_static(&mut self, id: StaticId) -> bool {
        self.catch_up();
        self.drop_lease(id);
        let Some(host) = self.statics.hosts.remove(&id) else { return false };
        if let Some(ids) = self.statics.by_address.get_mut(&host.customer.address) {
            ids.retain(|other| *other != id);
        }
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
        self.statics.hosts.get(&id)?.arp
    }

    pub(super) fn statics_truth(&self) -> Vec<StaticTruth> {
        self.statics.hosts.iter().map(|(id, host)| host.truth(*id)).collect()
    }

    /// A restart: learnt entries and leases vanish without a word, counters begin again.
    pub(crate) fn forget_statics(&mut self) {
        let now = Instant::now();
        self.statics.agenda.clear();
        let mut rows = Vec::new();
        for host in self.statics.hosts.values_mut() {
            host.plan += 1;
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
    fn step(&mut self, id: StaticId, at: Instant) {
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
