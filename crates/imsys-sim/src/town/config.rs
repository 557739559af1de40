//! What a town is, how its people live, and what goes wrong in it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::devices::DevicesConfig;
use crate::model::RedialOrder;
use crate::router::{ArpTimes, Fault, WebhookFaults};
use crate::version::Version;

/// A town; the same seed lives the same life.
#[derive(Debug, Clone)]
pub struct TownConfig {
    /// Seeds everything that is drawn by chance.
    pub seed: u64,
    /// Routers.
    pub routers: usize,
    /// PPPoE customers of each router.
    pub customers: usize,
    /// Customers of each router with a fixed address and no session.
    pub static_customers_per_router: usize,
    /// The numbers of the routers that have such customers, from 0; all of them when `None`.
    pub static_routers: Option<Vec<usize>>,
    /// How those live.
    pub static_life: StaticLife,
    /// RouterOS versions, given to the routers in turn.
    pub versions: Vec<Version>,
    /// The API user of every router.
    pub user: String,
    /// His password.
    pub password: String,
    /// Where the routers listen.
    pub addresses: Addresses,
    /// How the customers live.
    pub life: Life,
    /// What happens to webhooks on their way, from the start.
    pub webhooks: WebhookFaults,
    /// How long a router boots.
    pub boot_time: Duration,
    /// For how long after a boot a print of the sessions may show one row of many.
    pub partial_for: Duration,
    /// What is planned waits for [`Town::begin`](super::Town::begin), so that a town may be prepared in peace.
    pub waits: bool,
    /// What goes wrong when, counted from the start, or from that.
    pub planned: Vec<Planned>,
    /// Besides, something goes wrong at random, on average this far apart.
    pub troubles: Option<Duration>,
    /// The radios, switches and so on of its network; none when it is `None`.
    pub devices: Option<DevicesConfig>,
}

impl Default for TownConfig {
    /// Five routers with 120 customers each, on ports of 127.0.0.1 that are free.
    fn default() -> Self {
        Self {
            seed: 1,
            routers: 5,
            customers: 120,
            static_customers_per_router: 0,
            static_routers: None,
            static_life: StaticLife::default(),
            versions: vec![Version::new(7, 18)],
            user: "api".into(),
            password: "secret".into(),
            addresses: Addresses::Ports { first: 0 },
            life: Life::default(),
            webhooks: WebhookFaults::default(),
            boot_time: Duration::from_secs(8),
            partial_for: Duration::from_secs(4),
            waits: false,
            planned: Vec::new(),
            troubles: None,
            devices: None,
        }
    }
}

/// Where the routers of a town listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// All on 127.0.0.1, with ports counted from `first`; free ports when it is 0.
    Ports {
        /// The first port.
        first: u16,
    },
    /// Each on an address of its own, 127.0.`net`.1 and so on, all with the same port (free ones when it
    /// is 0). Their webhooks come from that address.
    Loopbacks {
        /// The third number of the addresses.
        net: u8,
        /// The port, usually 8728.
        port: u16,
    },
}

impl Addresses {
    /// Where router number `index` listens.
    pub(crate) fn of(self, index: usize) -> SocketAddr {
        match self {
            Self::Ports { first: 0 } => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            Self::Ports { first } => {
                SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), first.wrapping_add(index as u16))
            }
            Self::Loopbacks { net, port } => {
                let host = Ipv4Addr::new(127, 0, net, (index % 254) as u8 + 1);
                SocketAddr::new(IpAddr::V4(host), port)
            }
        }
    }
}

/// How customers live: a day of a town in minutes.
#[derive(Debug, Clone)]
pub struct Life {
    /// Mean length of a session.
    pub mean_session: Duration,
    /// Mean pause before the customer dials again.
    pub mean_pause: Duration,
    /// Share of sessions that end in a redial at once.
    pub redials: f64,
    /// Which script runs first at such a redial.
    pub redial_order: RedialOrder,
    /// Share of sessions beside which the same user has a second one for a while.
    pub twins: f64,
    /// The longest time until a customer who was thrown out dials again.
    pub redial_after_kick: Duration,
    /// After a boot customers dial again within this time.
    pub redial_after_boot: Duration,
    /// How often a device dials again that is not let in.
    pub retry: Duration,
    /// Share of customers who are online when the town starts.
    pub online_at_start: f64,
}

impl Default for Life {
    fn default() -> Self {
        Self {
            mean_session: Duration::from_secs(180),
            mean_pause: Duration::from_secs(30),
            redials: 0.3,
            redial_order: RedialOrder::Both,
            twins: 0.02,
            redial_after_kick: Duration::from_secs(4),
            redial_after_boot: Duration::from_secs(10),
            retry: Duration::from_secs(10),
            online_at_start: 0.85,
        }
    }
}

impl Life {
    /// Nobody dials or hangs up but by order of a test.
    pub fn still() -> Self {
        let never = Duration::from_secs(1 << 30);
        Self { mean_session: never, mean_pause: never, redials: 0.0, twins: 0.0, ..Self::default() }
    }
}

/// How static customers live, and how their routers know them. Shares are 0.0-1.0.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticLife {
    /// Mean time that a device is on.
    pub mean_online: Duration,
    /// Mean time that it is off.
    pub mean_offline: Duration,
    /// Share of devices that are on when the town starts.
    pub online_at_start: f64,
    /// Share with a permanent ARP entry.
    pub permanent: f64,
    /// Share with a lease that adds the ARP entry; all others have a learnt one.
    pub dhcp: f64,
    /// Share without a simple queue.
    pub without_queue: f64,
    /// Share that sends nothing of its own accord.
    pub silent: f64,
    /// Share that does not answer ICMP.
    pub without_icmp: f64,
    /// Share to whom strangers send a little all the time, on or off.
    pub scanned: f64,
    /// How their ARP entries age.
    pub arp: ArpTimes,
}

impl Default for StaticLife {
    fn default() -> Self {
        Self {
            mean_online: Duration::from_secs(300),
            mean_offline: Duration::from_secs(60),
            online_at_start: 0.85,
            permanent: 0.15,
            dhcp: 0.1,
            without_queue: 0.2,
            silent: 0.2,
            without_icmp: 0.2,
            scanned: 0.1,
            arp: ArpTimes { spread: 0.5, ..ArpTimes::default() },
        }
    }
}

impl StaticLife {
    /// Nobody switches a device on or off but by order of a test.
    pub fn still() -> Self {
        let never = Duration::from_secs(1 << 30);
        Self { mean_online: never, mean_offline: never, ..Self::default() }
    }
}

/// A fault at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Counted from the start of the town, or from [`Town::begin`](super::Town::begin) where it waits for that.
    pub after: Duration,
    /// The number of the router, from 0.
    pub router: usize,
    /// What happens.
    pub fault: Fault,
}
