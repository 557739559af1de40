//! The findings of a check of a static or DHCP service, row by row, in words.

use super::{Evidence, Verdict};
use crate::presence::{ArpSeen, ArpState, Bridge, Checked, LeaseSeen, ProbeSeen, QueueSeen};
use crate::text::of_device;

pub(super) fn evidence(checked: &Checked) -> Vec<Evidence> {
    let seen = &checked.seen;
    let mut rows: Vec<_> =
        seen.lease.map(|lease| ("lease", held(lease, checked.silent))).into_iter().collect();
    rows.push(("arp", arp(seen.arp.as_ref())));
    if let Some(Bridge { mac, shared }) = seen.bridge {
        let (also, verdict) = match shared {
            true => ("it answers for several devices", Verdict::Info),
            false => ("or another device uses this address", Verdict::Warn),
        };
        rows.push((
            "arp",
            (format!("behind a bridge: the router sees {mac} instead of this device; {also}"), verdict),
        ));
    }
    if let Some(mac) = seen.wrong_mac {
        rows.push(("arp", (format!("another MAC address than the registered one: {mac}"), Verdict::Warn)));
    }
    rows.extend(seen.queue.map(|queue| ("queue", counters(queue))));
    rows.extend(seen.probe.map(|probe| ("probe", answer(probe, checked.silent))));
    let row = |(witness, (text, verdict))| Evidence { at: Some(checked.at), witness, text, verdict };
    rows.into_iter().map(row).collect()
}

fn held(lease: LeaseSeen, silent: u8) -> (String, Verdict) {
    match lease {
        LeaseSeen::Bound { address } => {
            (format!("the DHCP server gave {address} to this device"), Verdict::Info)
        }
        LeaseSeen::Missing if silent == 1 => {
            ("this device has no DHCP lease; the next check decides".into(), Verdict::Warn)
        }
        LeaseSeen::Missing => {
            let verdict = if silent == 0 { Verdict::Warn } else { Verdict::Bad };
            ("this device has no DHCP lease".into(), verdict)
        }
        LeaseSeen::Refused => ("the router refused to show its DHCP leases".into(), Verdict::Warn),
    }
}

fn arp(row: Option<&ArpSeen>) -> (String, Verdict) {
    let Some(row) = row else { return ("no entry in the ARP table".into(), Verdict::Info) };
    let (word, verdict) = match row.state {
        ArpState::Reachable => ("reachable", Verdict::Ok),
        ArpState::Complete => ("learned and complete", Verdict::Ok),
        ArpState::Delay => ("delay: about to be asked again", Verdict::Info),
        ArpState::Probe => ("probe: being asked", Verdict::Info),
        ArpState::Stale => ("stale: answered once", Verdict::Info),
        ArpState::Permanent => ("static entry, which proves nothing", Verdict::Info),
        ArpState::Mute => ("learned, without a state, which proves nothing", Verdict::Info),
        ArpState::Incomplete => ("incomplete: asked, no answer", Verdict::Bad),
        ArpState::Failed => ("failed: asked, no answer", Verdict::Bad),
    };
    let interface = of_device(&row.interface);
    if row.ignored {
        return (format!("ARP entry on {interface} is disabled or invalid, and not used"), Verdict::Warn);
    }
    let mac = row.mac.map(|mac| format!(", {mac}")).unwrap_or_default();
    (format!("ARP {word}, on {interface}{mac}"), verdict)
}

fn counters(queue: QueueSeen) -> (String, Verdict) {
    match queue.moved {
        Some(true) => ("the counters of its queue moved".into(), Verdict::Ok),
        Some(false) => ("the counters of its queue have not moved".into(), Verdict::Info),
        None => ("its queue was read for the first time, or its counters were reset".into(), Verdict::Info),
    }
}

fn answer(probe: ProbeSeen, silent: u8) -> (String, Verdict) {
    match probe {
        ProbeSeen::Answered { micros } if micros < 1_000 => {
            (format!("a probe was answered in {micros} µs"), Verdict::Ok)
        }
        ProbeSeen::Answered { micros } => {
            (format!("a probe was answered in {} ms", micros / 1_000), Verdict::Ok)
        }
        ProbeSeen::Silent if silent < 2 => {
            ("a probe was not answered; a second one decides".into(), Verdict::Warn)
        }
        ProbeSeen::Silent => (format!("{silent} probes in a row were not answered"), Verdict::Bad),
        ProbeSeen::Refused => ("the router refused to probe".into(), Verdict::Warn),
    }
}
