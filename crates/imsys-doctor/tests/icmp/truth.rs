//! What the pinger says about loss and time, against what a responder did.

use crate::namespace::{Sockets, in_namespace};
use crate::responder::{Responder, Truth, targets};
use imsys_doctor::builtin::icmp::{Options, Outcome, Pinger, Round, Sample, Samples};
use std::net::IpAddr;
use std::time::Duration;

/// How many targets are probed, unless the environment says otherwise: at most 32,768.
const TARGETS: &str = "IMSYS_TEST_PING_TARGETS";
const PROBES: u8 = 3;
/// Far beyond the responder's longest delay, so that a busy machine loses nothing.
const TIMEOUT: Duration = Duration::from_secs(5);

#[test]
fn datagram_sockets_report_exactly_the_true_loss() {
    in_namespace(Sockets::Datagram, reported_loss_is_true_loss);
}

#[test]
fn raw_sockets_report_exactly_the_true_loss() {
    in_namespace(Sockets::Raw, reported_loss_is_true_loss);
}

fn reported_loss_is_true_loss() {
    let count = std::env::var(TARGETS).map_or(512, |count| count.parse().expect("a number of targets"));
    let targets = targets(count);
    let responder = Responder::start();
    let pinger = Pinger::open(Options::default()).unwrap();
    // The pace of 100,000 targets a minute with one probe each, at most.
    let over = Duration::from_micros(600) * u32::from(count) * u32::from(PROBES);
    let samples = pinger.start(&targets, Round { probes: PROBES, over, timeout: TIMEOUT }).unwrap();
    let samples = all(samples);
    let truth = responder.stop();

    assert_eq!(samples.len(), targets.len() * usize::from(PROBES));
    assert_eq!(lost_by(&samples, &targets), lost_in(&truth));
    print_errors(&samples, &targets, &truth, &pinger);
}

pub(crate) fn all(mut samples: Samples) -> Vec<Sample> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut all = Vec::new();
        while let Some(sample) = samples.next().await {
            all.push(sample);
        }
        all
    })
}

/// The lost probes as (target, number of its probe).
fn lost_by(samples: &[Sample], targets: &[IpAddr]) -> Vec<(IpAddr, usize)> {
    let lost = |sample: &&Sample| match sample.outcome {
        Outcome::Answered { .. } => false,
        Outcome::Lost => true,
        Outcome::Unknown(why) => panic!("nothing was dropped here: {why:?}"),
    };
    let lost = samples.iter().filter(lost);
    let mut lost: Vec<_> = lost.map(|sample| (targets[sample.target], usize::from(sample.probe))).collect();
    lost.sort_unstable();
    lost
}

fn lost_in(truth: &Truth) -> Vec<(IpAddr, usize)> {
    let probes = truth
        .iter()
        .flat_map(|(target, probes)| probes.iter().enumerate().map(move |probe| (*target, probe)));
    let mut lost: Vec<_> =
        probes.filter(|(_, (_, held))| held.is_none()).map(|(target, (nth, _))| (target, nth)).collect();
    lost.sort_unstable();
    lost
}

/// Prints by how much the reported times exceed the time for which the responder held the probe.
fn print_errors(samples: &[Sample], targets: &[IpAddr], truth: &Truth, pinger: &Pinger) {
    let error = |sample: &Sample| {
        let Outcome::Answered { rtt } = sample.outcome else { return None };
        let held = truth[&targets[sample.target]][usize::from(sample.probe)]?;
        Some(rtt.saturating_sub(held))
    };
    let mut errors: Vec<_> = samples.iter().filter_map(error).collect();
    errors.sort_unstable();
    let rank = |percent| errors[errors.len() * percent / 100];
    println!(
        "{}; {} answered; round trip time too long by {:?} (median), {:?} (99 %)",
        pinger.permission(),
        errors.len(),
        rank(50),
        rank(99)
    );
}
