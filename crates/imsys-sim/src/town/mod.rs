//! A town: routers with customers who come and go, the devices of its network, faults, and the truth about all of it.

mod config;
mod devices;
mod faults;
mod life;
mod people;
mod statics;
mod webhook;

use std::io;
use std::net::SocketAddr;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use config::{Addresses, Life, Planned, StaticLife, TownConfig};
pub use devices::{DeviceTruth, DevicesConfig};
pub use people::{Resident, name_of};
pub use webhook::{Form, Webhook};

use devices::Devices;

use crate::device::Device;
use crate::dice::Dice;
pub use crate::router::{Fault, FaultCounts, RouterTruth};
use crate::router::{Router, RouterConfig};
use crate::trap::Trap;
use crate::version::Version;

/// The salt of the dice of static customers, so that the lives of all others stay as they are.
const STATICS: u64 = 0x57A7;
/// The salt of the dice of devices.
const DEVICES: u64 = 0xDE1C;

/// A running town.
pub struct Town {
    routers: Vec<Router>,
    residents: Vec<Vec<Resident>>,
    devices: Option<Devices>,
    begin: watch::Sender<Option<Instant>>,
    tasks: JoinSet<()>,
}

/// How to reach a router of the town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouterInfo {
    /// `/system/identity`.
    pub name: String,
    /// Where its API listens.
    pub address: SocketAddr,
    /// The API user.
    pub user: String,
    /// His password.
    pub password: String,
    /// RouterOS version.
    pub version: Version,
}

impl Town {
    /// Starts all routers; who is online at the start is online when this returns.
    ///
    /// # Errors
    /// An address cannot be taken.
    pub async fn start(config: TownConfig) -> io::Result<Self> {
        let dice = Dice::new(config.seed);
        let mut town = Self {
            routers: Vec::new(),
            residents: Vec::new(),
            devices: None,
            begin: watch::Sender::new(None),
            tasks: JoinSet::new(),
        };
        for index in 0..config.routers {
            town.build(&config, index, dice.fork(index as u64 + 1)).await?;
        }
        if let Some(config) = &config.devices {
            let dice = dice.fork(DEVICES);
            let (devices, life) =
                Devices::start(config, &town.routers, &town.residents, &dice, town.begin.subscribe()).await?;
            town.tasks.spawn(life.live());
            town.devices = Some(devices);
        }
        town.tasks.spawn(faults::follow_plan(config.planned, town.routers.clone(), town.begin.subscribe()));
        if let Some(mean) = config.troubles {
            town.tasks.spawn(faults::strike_at_random(mean, town.routers.clone(), dice.fork(0)));
        }
        if !config.waits {
            town.begin();
        }
        Ok(town)
    }

    /// One router with its street.
    async fn build(&mut self, config: &TownConfig, index: usize, mut dice: Dice) -> io::Result<()> {
        let version = config.versions.get(index % config.versions.len().max(1)).copied();
        let router = Router::start(RouterConfig {
            identity: people::identity(index),
            version: version.unwrap_or(Version::new(7, 18)),
            user: config.user.clone(),
            password: config.password.clone(),
            listen: config.addresses.of(index),
            boot_time: config.boot_time,
            partial_for: config.partial_for,
            // The lowest bits choose the range of addresses that the router gives out.
            seed: dice.next_u64() & 0xFFFF_FFE0 | index as u64 & 0x1F,
            ..RouterConfig::default()
        })
        .await?;
        router.conditions(|now| now.webhooks = config.webhooks);
        let people = people::settle(&router, index * config.customers, config.customers, &mut dice)?;
        let (customers, residents) = people.into_iter().unzip();
        self.settle_statics(config, index, &router, &dice)?;
        let events = router.events();
        let mut street = life::Street::new(router.clone(), config.life.clone(), customers, dice);
        street.wake_up();
        self.tasks.spawn(street.live(events));
        self.routers.push(router);
        self.residents.push(residents);
        Ok(())
    }

    /// The static customers of a router move in and begin to live.
    fn settle_statics(
        &mut self,
        config: &TownConfig,
        index: usize,
        router: &Router,
        dice: &Dice,
    ) -> io::Result<()> {
        let count = config.static_customers_per_router;
        let lives_here = config.static_routers.as_ref().is_none_or(|routers| routers.contains(&index));
        if count == 0 || !lives_here {
            return Ok(());
        }
        let mut lane = statics::Lane::new(router.clone(), config.static_life.clone(), dice.fork(STATICS));
        lane.settle(index, count).map_err(io::Error::other)?;
        self.tasks.spawn(lane.live());
        Ok(())
    }

    /// How to reach each router.
    pub fn routers(&self) -> Vec<RouterInfo> {
        let info = |router: &Router| RouterInfo {
            name: router.config().identity.clone(),
            address: router.address(),
            user: router.config().user.clone(),
            password: router.config().password.clone(),
            version: router.config().version,
        };
        self.routers.iter().map(info).collect()
    }

    /// Router number `index`, from 0; `None` past the last.
    pub fn router(&self, index: usize) -> Option<&Router> {
        self.routers.get(index)
    }

    /// The PPPoE customers of router number `index`, from 0.
    pub fn residents(&self, index: usize) -> &[Resident] {
        self.residents.get(index).map_or(&[], Vec::as_slice)
    }

    /// The devices of its network, those of the first router first.
    pub fn devices(&self) -> &[Device] {
        self.devices.as_ref().map_or(&[], |devices| &devices.all)
    }

    /// The port and the community of all SNMP agents; `None` where there are none.
    pub fn agents(&self) -> Option<(u16, &str)> {
        self.devices.as_ref().map(|devices| (devices.port, devices.community.as_str()))
    }

    /// From now on the time of what is planned is counted, for routers and for devices; a second call changes nothing.
    pub fn begin(&self) {
        self.begin.send_if_modified(|begin| {
            let waited = begin.is_none();
            *begin = begin.or_else(|| Some(Instant::now()));
            waited
        });
    }

    /// What is so of each device, in the order of [`devices`](Self::devices).
    pub fn device_truth(&self) -> Vec<DeviceTruth> {
        self.devices.as_ref().map(Devices::truth).unwrap_or_default()
    }

    /// Writes the scripts into every profile of a router, over whatever stood there.
    ///
    /// # Errors
    /// What the router says.
    pub fn install_webhook(&self, index: usize, webhook: &Webhook) -> Result<(), Trap> {
        let Some(router) = self.routers.get(index) else { return Ok(()) };
        let (up, down) = (webhook.script("up"), webhook.script("down"));
        for profile in router.ids("ppp/profile") {
            router.set("ppp/profile", Some(profile), &[("on-up", &up), ("on-down", &down)])?;
        }
        Ok(())
    }

    /// What is so, router by router.
    pub fn truth(&self) -> Vec<RouterTruth> {
        self.routers.iter().map(Router::truth).collect()
    }

    /// What has gone wrong so far.
    pub fn fault_counts(&self) -> FaultCounts {
        self.routers.iter().map(Router::fault_counts).sum()
    }

    /// Ends all tasks and closes all sockets.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        for router in &self.routers {
            router.stop().await;
        }
    }
}
