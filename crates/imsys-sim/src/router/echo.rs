//! Devices behind a router that answer its pings and are nobody's: radios, switches, cameras.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use super::Router;
use super::state::State;

/// How a device answers a ping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Echo {
    /// How long an answer takes.
    pub time: Duration,
    /// The share of requests (0.0-1.0) that get none.
    pub loss: f64,
}

/// Those that answer, by address.
#[derive(Debug, Default)]
pub(crate) struct Echoes(HashMap<Ipv4Addr, Echo>);

impl State {
    /// The time of an answer, if there is one. It varies by a few percent, and now and then by much.
    pub(crate) fn echo(&mut self, address: Ipv4Addr) -> Option<Duration> {
        let Echo { time, loss } = *self.echoes.0.get(&address)?;
        if loss > 0.0 && self.dice.chance(loss) {
            return None;
        }
        let queued = if self.dice.chance(0.02) { 1.0 + 3.0 * self.dice.unit() } else { 1.0 };
        Some(time.mul_f64(queued * (0.92 + 0.16 * self.dice.unit())))
    }
}

impl Router {
    /// A device at this address answers so from now on; `None`: it does not answer.
    pub fn set_echo(&self, address: Ipv4Addr, echo: Option<Echo>) {
        let echoes = &mut self.inner.lock().echoes.0;
        match echo {
            Some(echo) => _ = echoes.insert(address, echo),
            None => _ = echoes.remove(&address),
        }
    }
}
