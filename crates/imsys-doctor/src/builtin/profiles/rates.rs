//! Traffic from the counters of two polls.

use std::time::Duration;

use super::Walked;
use super::ports::{Counter, Port, SYS_UP_TIME, ports};
use super::schema::Profile;
use crate::builtin::snmp::{Oid, Value};

/// The ports of a device at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct PortSample {
    /// When they were read, on any clock that only runs forward.
    pub at: Duration,
    /// sysUpTime in hundredths of a second.
    pub uptime: Option<u32>,
    /// The ports.
    pub ports: Vec<Port>,
}

/// What a port carried between two polls; `None` where that cannot be known.
#[derive(Debug, Clone, PartialEq)]
pub struct PortRates {
    /// ifIndex.
    pub index: u32,
    /// Received, in bit/s.
    pub bits_in: Option<f64>,
    /// Sent, in bit/s.
    pub bits_out: Option<f64>,
    /// Unicast packets received per second.
    pub packets_in: Option<f64>,
    /// Unicast packets sent per second.
    pub packets_out: Option<f64>,
    /// Errors of receiving per second.
    pub errors_in: Option<f64>,
    /// Errors of sending per second.
    pub errors_out: Option<f64>,
}

impl PortSample {
    /// The ports of a poll of a device with `profile` that was made `at`.
    pub fn new(at: Duration, profile: &Profile, walked: &Walked) -> Self {
        let uptime = match walked.get(&Oid::from(&SYS_UP_TIME[..])) {
            Some(Value::Ticks(ticks)) => Some(*ticks),
            _ => None,
        };
        Self { at, uptime, ports: ports(profile, walked) }
    }

    /// True when the device has counted nothing at all, as just after it has started: some agents answer
    /// zeros until they have read the hardware for the first time.
    fn has_counted_nothing(&self) -> bool {
        let counters = self.ports.iter().flat_map(|port| [port.octets_in, port.octets_out]);
        counters.flatten().all(|counter| counter.value() == 0)
    }
}

/// The rates between two samples of a device, port by port. Empty when the device started in between,
/// when the time did not move, or when the first sample has counted nothing yet.
pub fn port_rates(before: &PortSample, now: &PortSample) -> Vec<PortRates> {
    let Some(elapsed) = now.at.checked_sub(before.at).filter(|elapsed| !elapsed.is_zero()) else {
        return Vec::new();
    };
    if has_restarted(before, now, elapsed) || before.has_counted_nothing() {
        return Vec::new();
    }
    let pairs =
        now.ports.iter().filter_map(|port| Some((before.ports.iter().find(|old| is_same(old, port))?, port)));
    pairs.map(|(old, port)| rates(old, port, elapsed.as_secs_f64())).collect()
}

/// An index may pass to another port when the device's configuration changes.
fn is_same(old: &Port, port: &Port) -> bool {
    old.index == port.index && old.name == port.name
}

/// How far sysUpTime may be from where it should be when it wrapped: agents keep time badly.
const WRAP_TOLERANCE: u64 = 60 * 100;

/// sysUpTime ran backwards, other than by its wrap after 497 days.
fn has_restarted(before: &PortSample, now: &PortSample, elapsed: Duration) -> bool {
    let (Some(old), Some(new)) = (before.uptime, now.uptime) else { return false };
    if new >= old {
        return false;
    }
    let expected = u64::from(old) + (elapsed.as_millis() / 10) as u64;
    let wrapped = u64::from(new) + (1 << 32);
    expected.abs_diff(wrapped) > WRAP_TOLERANCE
}

fn rates(old: &Port, port: &Port, seconds: f64) -> PortRates {
    let most_octets = port.speed.unwrap_or(MOST_BITS_32) / 8.0 * seconds;
    let octets = |old, new| increase(old, new, most_octets).map(|octets| octets * 8.0 / seconds);
    // A packet has at least 20 octets on any wire.
    let packets = |old, new| increase(old, new, most_octets / 20.0).map(|packets| packets / seconds);
    PortRates {
        index: port.index,
        bits_in: octets(old.octets_in, port.octets_in),
        bits_out: octets(old.octets_out, port.octets_out),
        packets_in: packets(old.packets_in, port.packets_in),
        packets_out: packets(old.packets_out, port.packets_out),
        errors_in: packets(old.errors_in, port.errors_in),
        errors_out: packets(old.errors_out, port.errors_out),
    }
}

/// What a port without a known speed may carry for a wrap to be believed.
const MOST_BITS_32: f64 = 1e9;

/// How far a counter moved. A 64-bit counter that ran backwards was reset. A 32-bit counter that did so
/// wrapped if the port could have carried that much (`most`), and else was reset too.
fn increase(old: Option<Counter>, new: Option<Counter>, most: f64) -> Option<f64> {
    match (old?, new?) {
        (Counter::Bits64(old), Counter::Bits64(new)) => new.checked_sub(old).map(|moved| moved as f64),
        (Counter::Bits32(old), Counter::Bits32(new)) => match new.checked_sub(old) {
            Some(moved) => Some(f64::from(moved)),
            None => Some(f64::from(new.wrapping_sub(old))).filter(|moved| *moved <= most),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(octets: Counter) -> Port {
        Port {
            index: 1,
            description: "ether1".into(),
            name: "ether1".into(),
            alias: String::new(),
            kind: Some(6),
            mtu: None,
            speed: Some(1e9),
            mac: None,
            wanted: None,
            link: None,
            octets_in: Some(octets),
            octets_out: Some(octets),
            packets_in: None,
            packets_out: None,
            errors_in: Some(Counter::Bits32(1)),
            errors_out: None,
        }
    }

    fn sample(seconds: u64, uptime: u32, octets: Counter) -> PortSample {
        PortSample { at: Duration::from_secs(seconds), uptime: Some(uptime), ports: vec![port(octets)] }
    }

    fn bits_in(before: &PortSample, now: &PortSample) -> Option<f64> {
        port_rates(before, now).first()?.bits_in
    }

    #[test]
    fn a_rate_is_the_increase_over_the_time() {
        let before = sample(100, 1_000, Counter::Bits64(5_000));
        let now = sample(110, 2_000, Counter::Bits64(15_000));
        let rates = port_rates(&before, &now);
        assert_eq!(rates[0].bits_in, Some(8_000.0));
        assert_eq!((rates[0].errors_in, rates[0].packets_in), (Some(0.0), None));
        assert_eq!(port_rates(&before, &before), []);
        assert_eq!(port_rates(&now, &before), []);
    }

    #[test]
    fn a_32_bit_counter_may_wrap() {
        let before = sample(0, 1_000, Counter::Bits32(u32::MAX - 999));
        let now = sample(10, 2_000, Counter::Bits32(9_000));
        assert_eq!(bits_in(&before, &now), Some(8_000.0));
    }

    #[test]
    fn a_counter_that_ran_backwards_is_a_reset_and_no_spike() {
        let long = (sample(0, 1_000, Counter::Bits64(9_000)), sample(10, 2_000, Counter::Bits64(10)));
        assert_eq!(bits_in(&long.0, &long.1), None);
        // Four billion octets in ten seconds are more than a gigabit port carries: no wrap.
        let short = (sample(0, 1_000, Counter::Bits32(9_000)), sample(10, 2_000, Counter::Bits32(10)));
        assert_eq!(bits_in(&short.0, &short.1), None);
        let other = sample(10, 2_000, Counter::Bits64(99_000));
        assert_eq!(bits_in(&short.0, &other), None);
    }

    #[test]
    fn a_device_that_started_anew_has_no_rates() {
        let before = sample(0, 90_000, Counter::Bits64(9_000));
        let now = sample(300, 2_000, Counter::Bits64(10_000));
        assert_eq!(port_rates(&before, &now), []);
    }

    #[test]
    fn the_wrap_of_the_uptime_is_no_restart() {
        let before = sample(0, u32::MAX - 999, Counter::Bits64(1_000));
        let now = sample(300, 29_000, Counter::Bits64(38_500));
        assert_eq!(bits_in(&before, &now), Some(1_000.0));
    }

    #[test]
    fn zeros_after_a_start_make_no_spike_when_the_counters_appear() {
        let before = sample(0, 1_000, Counter::Bits64(0));
        let now = sample(300, 31_000, Counter::Bits64(900_000_000_000));
        assert_eq!(port_rates(&before, &now), []);
    }

    #[test]
    fn an_index_that_passed_to_another_port_has_no_rate() {
        let before = sample(0, 1_000, Counter::Bits64(1_000));
        let mut now = sample(300, 31_000, Counter::Bits64(2_000));
        now.ports[0].name = "wlan1".into();
        assert_eq!(port_rates(&before, &now), []);
    }
}
