//! Bursts, missing routes and the end, against the kernel's own answers.

use crate::namespace::{Sockets, in_namespace, loopback_targets};
use crate::truth::all;
use imsys_doctor::builtin::icmp::{Access, Options, Outcome, Pinger, Round, StartError, Unknown};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(1);
/// Sent as fast as it goes.
const BURST: Round = Round { probes: 1, over: Duration::ZERO, timeout: TIMEOUT };

#[test]
fn what_the_kernel_dropped_is_unknown_and_never_lost() {
    for sockets in [Sockets::Datagram, Sockets::Raw] {
        in_namespace(sockets, || {
            let pinger = Pinger::open(Options { receive_buffer: 1 }).unwrap();
            let samples = all(pinger.start(&loopback_targets(1000), BURST).unwrap());
            let count = |outcome| samples.iter().filter(|sample| sample.outcome == outcome).count();
            assert_eq!(samples.len(), 1000);
            assert_eq!(count(Outcome::Lost), 0);
            assert_ne!(count(Outcome::Unknown(Unknown::KernelDropped)), 0);
        });
    }
}

#[test]
fn with_the_default_buffer_a_burst_is_answered_completely() {
    for sockets in [Sockets::Datagram, Sockets::Raw] {
        in_namespace(sockets, || {
            let pinger = Pinger::open(Options::default()).unwrap();
            let mut targets = loopback_targets(2000);
            targets.push(IpAddr::V6(Ipv6Addr::LOCALHOST));
            targets.push(IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped()));
            for sample in all(pinger.start(&targets, BURST).unwrap()) {
                assert!(matches!(sample.outcome, Outcome::Answered { .. }), "{sample:?}");
            }
        });
    }
}

#[test]
fn a_target_without_a_route_is_unknown() {
    in_namespace(Sockets::Raw, || {
        let pinger = Pinger::open(Options::default()).unwrap();
        let targets = ["192.0.2.1", "2001:db8::1", "127.0.0.1"].map(|target| target.parse().unwrap());
        let mut samples = all(pinger.start(&targets, BURST).unwrap());
        samples.sort_by_key(|sample| sample.target);
        let not_sent = Outcome::Unknown(Unknown::NotSent);
        assert_eq!([samples[0].outcome, samples[1].outcome], [not_sent; 2]);
        assert!(matches!(samples[2].outcome, Outcome::Answered { .. }));
    });
}

#[test]
fn rounds_run_side_by_side_and_each_ends() {
    in_namespace(Sockets::Datagram, || {
        let pinger = Pinger::open(Options::default()).unwrap();
        assert_eq!(pinger.permission().ipv4, Access::Datagram);
        let paced = Round { probes: 3, over: Duration::from_millis(300), timeout: TIMEOUT };
        let slow = pinger.start(&loopback_targets(100), paced).unwrap();
        let quick = pinger.start(&loopback_targets(1000), BURST).unwrap();
        let none = pinger.start(&[], paced).unwrap();
        let counts = [slow, quick, none].map(|samples| all(samples).len());
        assert_eq!(counts, [300, 1000, 0]);
    });
}

#[test]
fn a_round_ends_early_when_the_pinger_is_dropped() {
    in_namespace(Sockets::Raw, || {
        let pinger = Pinger::open(Options::default()).unwrap();
        let day = Round { probes: 1, over: Duration::from_secs(86_400), timeout: TIMEOUT };
        let samples = pinger.start(&loopback_targets(2), day).unwrap();
        drop(pinger);
        assert!(all(samples).len() < 2);
    });
}

#[test]
fn a_round_for_which_there_is_no_room_is_refused() {
    in_namespace(Sockets::Datagram, || {
        let pinger = Pinger::open(Options::default()).unwrap();
        let day = Round { probes: 2, over: Duration::from_secs(86_400), timeout: TIMEOUT };
        let targets = loopback_targets(500_001);
        assert_eq!(pinger.start(&targets, day).err(), Some(StartError::TooManyProbes));
        let running: Vec<_> = std::iter::from_fn(|| pinger.start(&targets[..1], day).ok()).collect();
        assert!(!running.is_empty());
        assert_eq!(pinger.start(&targets, day).err(), Some(StartError::Busy));
    });
}
