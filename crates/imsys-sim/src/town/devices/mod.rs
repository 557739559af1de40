//! The devices of a town's network: which there are, their SNMP agents, and what becomes of them.
//!
//! * `plan`: which each router has, and what becomes of each.

mod plan;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::people::Resident;
use crate::clock::Clock;
use crate::device::{Counted, Device};
use crate::dice::Dice;
use crate::router::{Echo, Router};
use crate::snmp::{Quirks, ReplayAgent};
use plan::{Habit, KINDS, habit, of_router};

/// How often their agents get new values.
const REFRESH: i64 = 10_000;
/// How often it is looked whether one goes up or down.
const TICK: Duration = Duration::from_secs(1);
/// Ports that are tried until one is free at all addresses.
const TRIES: usize = 50;
const DAY: i64 = 86_400_000;

/// The devices of a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicesConfig {
    /// The second number of the addresses: the first router's devices are in 127.`net`.0.0/16, those of the next one in
    /// the network after it.
    pub net: u8,
    /// The community of all SNMP agents.
    pub community: String,
}

/// What is so of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceTruth {
    /// Its name.
    pub name: String,
    /// The number of its router, from 0.
    pub router: usize,
    /// It runs and is connected. Its router may be off meanwhile.
    pub up: bool,
    /// When that last changed (milliseconds since 1970).
    pub changed: i64,
}

/// All devices of a town.
pub(super) struct Devices {
    pub(super) all: Vec<Device>,
    pub(super) port: u16,
    pub(super) community: String,
    truth: Arc<Mutex<Vec<DeviceTruth>>>,
}

/// What changes one after the other.
pub(super) struct Life {
    routers: Vec<Router>,
    clock: Clock,
    living: Vec<Living>,
    truth: Arc<Mutex<Vec<DeviceTruth>>>,
    begin: watch::Receiver<Option<Instant>>,
}

struct Living {
    device: Device,
    habit: Habit,
    agent: Option<ReplayAgent>,
    up: bool,
    /// Milliseconds since 1970.
    booted: i64,
    counted: Counted,
    refreshed: i64,
}

impl Devices {
    /// Sets them up behind their routers, with their agents. `residents` are the customers of each router.
    ///
    /// # Errors
    /// No port is free at all addresses.
    pub(super) async fn start(
        config: &DevicesConfig,
        routers: &[Router],
        residents: &[Vec<Resident>],
        dice: &Dice,
        begin: watch::Receiver<Option<Instant>>,
    ) -> io::Result<(Self, Life)> {
        let clock = Clock::start();
        let now = clock.now_ms();
        let all: Vec<Device> = residents
            .iter()
            .enumerate()
            .flat_map(|(router, residents)| of_router(config.net, router, residents, now, dice))
            .collect();
        let (port, agents) = agents(&all, &config.community).await?;
        let living = all.iter().zip(agents).enumerate();
        let living: Vec<_> =
            living.map(|(number, (device, agent))| Living::new(device, number, agent, now)).collect();
        let truth = living.iter().map(|living| DeviceTruth {
            name: living.device.name.clone(),
            router: living.device.router,
            up: living.up,
            changed: living.booted,
        });
        let truth = Arc::new(Mutex::new(truth.collect()));
        let mut life = Life { routers: routers.to_vec(), clock, living, truth: Arc::clone(&truth), begin };
        life.refresh(now);
        Ok((Self { all, port, community: config.community.clone(), truth }, life))
    }

    pub(super) fn truth(&self) -> Vec<DeviceTruth> {
        lock(&self.truth).clone()
    }
}

fn lock(truth: &Mutex<Vec<DeviceTruth>>) -> MutexGuard<'_, Vec<DeviceTruth>> {
    truth.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The agents of those that have one, all on the same port, which was free.
async fn agents(all: &[Device], community: &str) -> io::Result<(u16, Vec<Option<ReplayAgent>>)> {
    let mut tried = 0;
    loop {
        tried += 1;
        match agents_on_one_port(all, community).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tried < TRIES => {}
            other => return other,
        }
    }
}

async fn agents_on_one_port(all: &[Device], community: &str) -> io::Result<(u16, Vec<Option<ReplayAgent>>)> {
    let (mut port, mut agents) = (0, Vec::with_capacity(all.len()));
    for device in all {
        if !device.kind.has_agent() {
            agents.push(None);
            continue;
        }
        let at = SocketAddr::from((device.address, port));
        let agent = ReplayAgent::start_at(at, Default::default(), community, Quirks::default()).await?;
        port = agent.address().port();
        agents.push(Some(agent));
    }
    Ok((port, agents))
}

impl Living {
    /// One that was switched on some days ago, or fell silent some hours ago.
    fn new(device: &Device, number: usize, agent: Option<ReplayAgent>, now: i64) -> Self {
        let habit = habit(device.router, number % KINDS.len());
        let mut dice = Dice::new(device.seed).fork(1);
        let up = habit.is_up(None);
        let booted = now - if up { dice.between(DAY, 60 * DAY) } else { dice.between(DAY / 8, 2 * DAY) };
        let figures = device.figures(now);
        let octets = |bits: f64| if up { bits / 8.0 * (now - booted) as f64 / 1_000.0 } else { 0.0 };
        let counted = Counted { octets_in: octets(figures.bits_in), octets_out: octets(figures.bits_out) };
        Self { device: device.clone(), habit, agent, up, booted, counted, refreshed: now }
    }

    /// Its agent and its router get new values.
    fn refresh(&mut self, now: i64, after: Option<u64>, router: Option<&Router>) {
        let figures = self.device.figures(now);
        let seconds = if self.up { (now - self.refreshed).max(0) as f64 / 1_000.0 } else { 0.0 };
        self.counted.octets_in += figures.bits_in / 8.0 * seconds;
        self.counted.octets_out += figures.bits_out / 8.0 * seconds;
        self.refreshed = now;
        if let Some(router) = router {
            let time = Duration::from_secs_f64(self.device.latency(now) / 1_000.0);
            router.set_echo(self.device.address, self.up.then_some(Echo { time, loss: self.device.loss() }));
        }
        if let Some(agent) = &self.agent {
            agent.keep_silent(!self.up || !self.habit.has_agent(after));
            if self.up {
                // Hundredths of a second wrap after 497 days, as on real devices.
                let uptime = ((now - self.booted).max(0) / 10) as u32;
                agent.replay(self.device.objects(now, uptime, &self.counted));
            }
        }
    }
}

impl Life {
    /// Lives for ever.
    pub(super) async fn live(mut self) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.refresh(self.clock.now_ms());
        }
    }

    /// Those that go up or down do so, and those whose values are old get new ones.
    fn refresh(&mut self, now: i64) {
        let after = self.begin.borrow().map(|begin| begin.elapsed().as_secs());
        for (number, living) in self.living.iter_mut().enumerate() {
            let router = self.routers.get(living.device.router);
            let up = living.habit.is_up(after);
            let turns = up != living.up;
            if turns {
                (living.up, living.booted, living.counted) = (up, now, Counted::default());
                living.refreshed = now;
            }
            // Not all at the same moment: each has its second of ten.
            let is_first = living.refreshed == now;
            let is_due = now - living.refreshed >= REFRESH && (now / 1_000 + number as i64) % 10 == 0;
            if turns || is_first || is_due || now - living.refreshed >= 2 * REFRESH {
                living.refresh(now, after, router);
            }
            if turns && let Some(truth) = lock(&self.truth).get_mut(number) {
                (truth.up, truth.changed) = (up, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Town, TownConfig};
    use super::plan::STATIONS;
    use super::*;
    use crate::device::Kind;
    use std::collections::HashSet;

    #[tokio::test]
    async fn a_town_has_devices_behind_all_routers_and_tells_the_truth_about_them() {
        let devices = Some(DevicesConfig { net: 120, community: "simulated".into() });
        let config = TownConfig { customers: 80, devices, waits: true, ..TownConfig::default() };
        let town = Town::start(config).await.unwrap();
        assert_eq!(town.devices().len(), 5 * KINDS.len());
        let names: HashSet<_> = town.devices().iter().map(|device| &device.name).collect();
        assert_eq!(names.len(), town.devices().len());
        assert!(names.iter().all(|name| name.ends_with("(simulated)")), "{names:?}");
        let ap = town.devices().iter().find(|device| device.kind == Kind::EpmpAp).unwrap();
        let customer = town.residents(0).iter().find(|person| person.user == ap.stations[0].name).unwrap();
        assert!(customer.mac.starts_with("02:5D:00:") && ap.stations[0].mac[..3] == [2, 0x5D, 0]);
        assert_eq!(ap.stations.len(), STATIONS);
        let truth = town.device_truth();
        let down = truth.iter().filter(|truth| !truth.up).count();
        assert_eq!(down, 5, "four that are off and one that comes back");
        // Its router knows it as well.
        let ping = |device: &Device| town.router(device.router).unwrap().echoes(device.address);
        for (device, truth) in town.devices().iter().zip(&truth) {
            assert_eq!(ping(device), truth.up, "{}", device.name);
        }
        town.stop().await;
    }

    #[tokio::test]
    async fn one_that_restarts_answers_no_more_and_counts_from_zero_when_it_is_back() {
        let devices = DevicesConfig { net: 126, community: "simulated".into() };
        let routers = [Router::start(crate::router::RouterConfig::default()).await.unwrap()];
        let (begin, begins) = watch::channel(None);
        let number = 3;
        let (all, mut life) =
            Devices::start(&devices, &routers, &[Vec::new()], &Dice::new(3), begins).await.unwrap();
        let now = life.clock.now_ms();
        assert!(life.living[number].counted.octets_in > 0.0);
        for (after, up) in [(0, true), (6, false), (29, false), (31, true)] {
            begin.send_replace(Instant::now().checked_sub(Duration::from_secs(after)));
            life.refresh(now + after as i64 * 1_000);
            assert_eq!(all.truth()[number].up, up, "after {after} seconds");
            assert_eq!(routers[0].echoes(all.all[number].address), up, "after {after} seconds");
        }
        let truth = &all.truth()[number];
        assert_eq!((truth.changed, life.living[number].counted), (now + 31_000, Counted::default()));
        routers[0].stop().await;
    }
}
