//! The static customers of one router: where they live, when their devices are on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::config::StaticLife;
use crate::dice::Dice;
use crate::router::{ArpRow, Router, StaticCustomer, StaticId};
use crate::trap::Trap;

/// The interface they are behind, on every router.
const INTERFACE: &str = "ether2";
/// The beginning of the addresses of all towns' static customers.
const SPACE: u32 = u32::from_be_bytes([10, 128, 0, 0]);
/// The smallest network of a router.
const SMALLEST: u32 = 256;
/// Bytes per second that strangers send to somebody.
const SCAN: u64 = 60;
/// Devices switched before others get their turn.
const AT_ONCE: usize = 200;

/// Everyone with a fixed address at one router.
pub(super) struct Lane {
    router: Router,
    life: StaticLife,
    dice: Dice,
    /// When whose device is switched, and whether on.
    agenda: BinaryHeap<Reverse<(Instant, StaticId, bool)>>,
}

impl Lane {
    pub(super) fn new(router: Router, life: StaticLife, dice: Dice) -> Self {
        Self { router, life, dice, agenda: BinaryHeap::new() }
    }

    /// Gives router number `index` a network and its customers.
    ///
    /// # Errors
    /// What the router says, which would be a fault of this function.
    pub(super) fn settle(&mut self, index: usize, count: usize) -> Result<(), Trap> {
        let size = (count as u32 + 2).next_power_of_two().max(SMALLEST);
        let network = SPACE.wrapping_add(size.wrapping_mul(index as u32));
        let gateway = format!("{}/{}", Ipv4Addr::from(network + 1), 32 - size.trailing_zeros());
        self.router.add("ip/address", &[("address", &gateway), ("interface", INTERFACE)])?;
        let times = self.life.arp;
        self.router.conditions(|now| now.arp = times);
        for place in 0..count as u32 {
            let customer = self.draw(index * count + place as usize + 1, Ipv4Addr::from(network + 2 + place));
            let alive = customer.alive;
            let id = self.router.add_static(customer);
            self.plan(id, Instant::now(), !alive);
        }
        Ok(())
    }

    fn draw(&mut self, number: usize, address: Ipv4Addr) -> StaticCustomer {
        let (dice, life) = (&mut self.dice, &self.life);
        let kind = dice.unit();
        let arp = if kind < life.permanent {
            ArpRow::Permanent
        } else if kind < life.permanent + life.dhcp {
            ArpRow::Dhcp
        } else {
            ArpRow::Learnt
        };
        let rate = dice.between(500, 40_000).unsigned_abs();
        StaticCustomer {
            alive: dice.chance(life.online_at_start),
            answers_ping: !dice.chance(life.without_icmp),
            talking: !dice.chance(life.silent),
            queue: (!dice.chance(life.without_queue)).then(|| format!("sim-static-{number:04}")),
            traffic: (rate, rate * 8),
            noise: if dice.chance(life.scanned) { SCAN } else { 0 },
            arp,
            ..StaticCustomer::new(address, &mac(number), INTERFACE)
        }
    }

    /// Switches devices on and off, for ever.
    pub(super) async fn live(mut self) {
        let mut done = 0;
        while let Some(Reverse((at, id, on))) = self.agenda.pop() {
            sleep_until(at).await;
            self.router.set_alive(id, on);
            self.plan(id, at, !on);
            done += 1;
            if done % AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    fn plan(&mut self, id: StaticId, from: Instant, on: bool) {
        let mean = if on { self.life.mean_offline } else { self.life.mean_online };
        let wait = self.dice.waiting(mean.as_millis() as i64).unsigned_abs();
        self.agenda.push(Reverse((from + Duration::from_millis(wait), id, on)));
    }
}

/// A locally administered address: no vendor's, no customer's.
fn mac(number: usize) -> String {
    format!("02:5D:F0:{:02X}:{:02X}:{:02X}", number >> 16 & 255, number >> 8 & 255, number & 255)
}
