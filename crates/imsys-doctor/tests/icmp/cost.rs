//! A measurement: the CPU time of a probe.

use crate::namespace::{Sockets, in_namespace, loopback_targets};
use crate::truth::all;
use imsys_doctor::builtin::icmp::{Options, Outcome, Pinger, Round};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::time::{Duration, Instant};

#[test]
#[ignore = "a measurement of more than two minutes"]
fn cpu_time_of_a_probe() {
    for sockets in [Sockets::Datagram, Sockets::Raw] {
        in_namespace(sockets, move || {
            let pinger = Pinger::open(Options::default()).unwrap();
            let targets = loopback_targets(16_384);
            for seconds in [0, 60] {
                let timeout = Duration::from_secs(1);
                let round = Round { probes: 1, over: Duration::from_secs(seconds), timeout };
                let (cpu, start) = (cpu_micros(), Instant::now());
                let samples = all(pinger.start(&targets, round).unwrap());
                let (cpu, took) = (cpu_micros() - cpu, start.elapsed());
                assert!(samples.iter().all(|sample| matches!(sample.outcome, Outcome::Answered { .. })));
                let each = cpu as f64 / samples.len() as f64;
                println!("{sockets:?}, over {seconds} s: {each:.1} µs of CPU a probe, done in {took:?}");
            }
        });
    }
}

/// The CPU time of this process so far.
fn cpu_micros() -> i64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    usage.user_time().num_microseconds() + usage.system_time().num_microseconds()
}
