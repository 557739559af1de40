//! Who lives in the demo, and what goes wrong there.

use imsys_sim::router::{ArpTimes, WebhookFaults};
use imsys_sim::town::{Addresses, DevicesConfig, Fault, Life, Planned, StaticLife, TownConfig};
use imsys_sim::version::Version;
use std::time::Duration;

/// Routers, and customers behind each.
const ROUTERS: usize = 5;
const CUSTOMERS: usize = 120;
/// The routers that have customers too who do not log in, one of version 6 and one of 7, and how many.
pub(super) const STATIC_ROUTERS: [usize; 2] = [0, 3];
const STATIC_CUSTOMERS: usize = 30;
/// The routers that misbehave.
const REBOOTS: usize = 1;
const HANGS: usize = 3;

/// How a new provider is divided: the first routers belong to the first tenant.
pub(super) const FIRST_TENANT: usize = 3;
/// The router whose hooks are the plain URL without keys.
pub(super) const PLAIN: usize = 2;

/// The second number of the addresses of the first router's devices.
const DEVICES: u8 = 80;

/// Five routers of five versions with 600 PPPoE customers and 60 with a fixed address or one by DHCP, whose day
/// is made fast. One router reboots and one hangs now and then; some webhooks are lost, doubled or late. Each router
/// has twelve devices, of which some are down, one flaps and one restarts every few minutes.
pub(super) fn config(seed: u64) -> TownConfig {
    let versions = [(6, 49), (7, 12), (7, 18), (7, 23), (7, 24)];
    TownConfig {
        seed,
        routers: ROUTERS,
        customers: CUSTOMERS,
        static_customers_per_router: STATIC_CUSTOMERS,
        static_routers: Some(STATIC_ROUTERS.to_vec()),
        static_life: StaticLife {
            mean_online: Duration::from_secs(180),
            mean_offline: Duration::from_secs(45),
            dhcp: 0.45,
            arp: arp_times(),
            ..StaticLife::default()
        },
        versions: versions.map(|(major, minor)| Version::new(major, minor)).to_vec(),
        addresses: Addresses::Loopbacks { net: 77, port: 0 },
        life: Life {
            mean_session: Duration::from_secs(240),
            mean_pause: Duration::from_secs(40),
            ..Life::default()
        },
        webhooks: WebhookFaults { lost: 0.03, doubled: 0.05, delayed: 0.05, delay: Duration::from_secs(3) },
        boot_time: Duration::from_secs(12),
        waits: true,
        planned: misfortunes(),
        devices: Some(DevicesConfig { net: DEVICES, community: "simulated".into() }),
        ..TownConfig::default()
    }
}

/// The states of ARP entries, made fast like the days: who is gone has no entry after 20 seconds.
fn arp_times() -> ArpTimes {
    ArpTimes {
        reachable: Duration::from_secs(4),
        stale: Duration::from_secs(3),
        delay: Duration::from_secs(2),
        probe: Duration::from_secs(1),
        failed: Duration::from_secs(8),
        spread: 0.5,
    }
}

/// A reboot 10 seconds after everything is ready and a hang after 45, then each again every few minutes for a day.
fn misfortunes() -> Vec<Planned> {
    let times = |first: u64, every: u64| (0..).map(move |n| first + n * every).take_while(|at| *at < 86_400);
    let plan = |router, fault| move |at| Planned { after: Duration::from_secs(at), router, fault };
    let reboots = times(10, 240).map(plan(REBOOTS, Fault::Reboot));
    let hangs = times(45, 300).map(plan(HANGS, Fault::Hang(Duration::from_secs(40))));
    let mut all: Vec<_> = reboots.chain(hangs).collect();
    all.sort_by_key(|planned| planned.after);
    all
}
