//! What is planned for static customers: one agenda per router, worked off when something is due.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::StaticId;
use super::host::Host;
use crate::dice::Dice;
use crate::router::inner::Inner;
use crate::router::state::State;

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

    /// A number for a new customer at `address`, and his place among those who have it.
    pub(super) fn admit(&mut self, host: Host) -> StaticId {
        let id = StaticId(self.next);
        self.next += 1;
        self.by_address.entry(host.customer.address).or_default().push(id);
        self.hosts.insert(id, host);
        id
    }

    pub(super) fn dismiss(&mut self, id: StaticId) -> Option<Host> {
        let host = self.hosts.remove(&id)?;
        if let Some(ids) = self.by_address.get_mut(&host.customer.address) {
            ids.retain(|other| *other != id);
        }
        Some(host)
    }

    /// Nothing is planned for anyone any more.
    pub(super) fn clear_plans(&mut self) {
        self.agenda.clear();
        self.hosts.values_mut().for_each(|host| host.plan += 1);
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
    pub(super) fn plan(&mut self, id: StaticId, at: Option<Instant>) {
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
}
