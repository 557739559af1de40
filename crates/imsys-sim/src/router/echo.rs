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
    /// Whether a device at this address answers.
    pub fn echoes(&self, address: Ipv4Addr) -> bool {
        self.inner.lock().echoes.0.contains_key(&address)
    }

    /// A device at this address answers so from now on; `None`: it does not answer.
    pub fn set_echo(&self, address: Ipv4Addr, echo: Option<Echo>) {
        let echoes = &mut self.inner.lock().echoes.0;
        match echo {
            Some(echo) => _ = echoes.insert(address, echo),
            None => _ = echoes.remove(&address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::RouterConfig;
    use crate::router::statics::Target;

    #[tokio::test]
    async fn a_device_answers_in_about_its_time_until_it_is_taken_away() {
        let router = Router::start(RouterConfig::default()).await.unwrap();
        let address = Ipv4Addr::new(127, 80, 0, 1);
        let target = Target { address: address.into(), interface: None, vrf: b"main".to_vec(), arp: false };
        let times = |count: usize| -> Vec<Duration> {
            let asked = (0..count).map(|_| router.inner.lock().probe(&target));
            asked.filter_map(|answer| answer.map(|answer| answer.time)).collect()
        };
        assert_eq!(times(1), []);
        let time = Duration::from_millis(10);
        router.set_echo(address, Some(Echo { time, loss: 0.0 }));
        let mut answers = times(200);
        answers.sort_unstable();
        assert!(answers.len() == 200 && answers[0] >= time.mul_f64(0.92), "{answers:?}");
        assert!((time.mul_f64(0.95)..time.mul_f64(1.05)).contains(&answers[100]), "{:?}", answers[100]);
        router.set_echo(address, Some(Echo { time, loss: 0.25 }));
        assert!((650..850).contains(&times(1_000).len()));
        router.set_echo(address, None);
        assert_eq!(times(1), []);
        router.stop().await;
    }
}
