//! What the devices of the demo were measured at in the month behind it: their figures as the history has them.

use super::devices::{Added, Then};
use super::month::Span;
use crate::app::App;
use crate::history::{PING, key};
use imsys_doctor::builtin::series::{Sample, SeriesKey};
use imsys_domain::{DeviceId, TenantId, Timestamp};
use imsys_sim::device::{Figures, Kind};
use imsys_sim::dice::Dice;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Samples in one write.
const BATCH: usize = 60_000;

/// How long ago each time begins in which it was measured so often: more than a graph shows would make the start slow.
const PINGS: [(i64, i64); 4] =
    [(30 * DAY, HOUR), (7 * DAY, 30 * MINUTE), (2 * DAY, 10 * MINUTE), (6 * HOUR, MINUTE)];
const FIGURES: [(i64, i64); 3] = [(30 * DAY, HOUR), (3 * DAY, 30 * MINUTE), (DAY, 10 * MINUTE)];
/// For so long the fastest and the slowest answer are kept too.
const SPREAD: i64 = 2 * DAY;
/// How often a device that was down was asked, so that short outages show.
const WHILE_DOWN: i64 = 5 * MINUTE;

/// A series of a kind of device: class and index as its profile reads it, and the value.
type Row = (&'static str, &'static str, fn(&Figures) -> f64);

/// The main figures of each kind.
pub(super) fn figures(kind: Kind) -> &'static [Row] {
    match kind {
        Kind::RouterosAp => &[
            ("cpu", "1", |now| now.cpu),
            ("noise-floor", "ap.2", |now| now.noise),
            ("ccq", "ap.2", |now| now.ccq),
            ("rate-tx", "ap.2", |now| now.rate_tx),
            ("rate-rx", "ap.2", |now| now.rate_rx),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::AirosAp => &[
            ("cpu", "", |now| now.cpu),
            ("signal", "1", |now| now.signal),
            ("noise-floor", "1", |now| now.noise),
            ("ccq", "1", |now| now.ccq),
            ("rate-tx", "1", |now| now.rate_tx),
            ("rate-rx", "1", |now| now.rate_rx),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::Af60Backhaul => &[
            ("cpu", "1", |now| now.cpu),
            ("signal", "station.1", |now| now.signal),
            ("snr", "station.1", Figures::snr),
            ("rate-tx", "station.1", |now| now.rate_tx),
            ("rate-rx", "station.1", |now| now.rate_rx),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::EpmpAp => &[
            ("cpu", "", |now| now.cpu),
            ("signal", "station-dl.1", |now| now.signal),
            ("snr", "station-dl.1", Figures::snr),
            ("quality", "station-tx.1", |now| now.ccq),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::MimosaBackhaul => &[
            ("temperature", "", |now| now.temperature),
            ("signal", "total", |now| now.signal),
            ("rate-tx", "stream.1", |now| now.rate_tx / 2.0),
            ("rate-rx", "stream.1", |now| now.rate_rx / 2.0),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::NetonixSwitch => &[
            ("cpu", "ucd", |now| now.cpu),
            ("temperature", "1", |now| now.temperature),
            ("power", "", |now| now.power),
            ("port-in", "1", |now| now.bits_in),
            ("port-out", "1", |now| now.bits_out),
        ],
        Kind::Camera | Kind::Ups => &[],
    }
}

/// Writes the month of all these into the history.
pub(super) async fn write(app: App, devices: Vec<Added>, month: Span) -> anyhow::Result<()> {
    let mut devices = devices.into_iter();
    loop {
        let (batch, rest) = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::with_capacity(BATCH + BATCH / 2);
            for device in devices.by_ref() {
                pings(&device, month, &mut batch);
                measure(&device, month, &mut batch);
                if batch.len() >= BATCH {
                    break;
                }
            }
            (batch, devices)
        })
        .await?;
        if batch.is_empty() {
            return Ok(());
        }
        devices = rest;
        let done = app.history.append(batch.into(), app.now()).await?;
        anyhow::ensure!(done.refused.is_empty(), "the history refused {:?}", done.refused.first());
    }
}

/// The times at which something was measured.
fn times(month: Span, often: &'static [(i64, i64)]) -> impl Iterator<Item = i64> {
    let untils = often.iter().skip(1).map(|(ago, _)| *ago).chain([0]);
    often.iter().zip(untils).flat_map(move |((ago, step), until)| {
        let (from, to) = ((month.to - ago).max(month.from), month.to - until);
        (0..).map(move |turn| from + turn * step).take_while(move |at| *at < to)
    })
}

fn series(of: &Added, class: &str, index: &str) -> SeriesKey {
    let (tenant, id): (TenantId, DeviceId) = (of.tenant, of.id);
    key(tenant, id, class, index)
}

/// Latency and loss. A bad link loses one request of three, or two.
fn pings(of: &Added, month: Span, to: &mut Vec<Sample>) {
    let [median, min, max, loss] = ["median", "min", "max", "loss"].map(|index| series(of, PING, index));
    let mut dice = Dice::new(u64::from(u32::from(of.device.address)));
    let mut times: Vec<_> = times(month, &PINGS).collect();
    for outage in of.down() {
        let turns = (0..).map(|turn| outage.from + turn * WHILE_DOWN);
        times.extend(turns.take_while(|at| *at < outage.to.min(month.to)));
    }
    times.sort_unstable();
    for at in times {
        let mut push =
            |key: &SeriesKey, value: f64| to.push(Sample { key: key.clone(), at: Timestamp(at), value });
        match of.then(at) {
            Then::Away => continue,
            Then::Down => push(&loss, 100.0),
            Then::Up => {
                let latency = of.device.latency(at);
                let (below, above) = (0.03 + 0.05 * dice.unit(), 0.03 + 0.12 * dice.unit());
                push(&median, thousandths(latency));
                if at >= month.to - SPREAD {
                    push(&min, thousandths(latency * (1.0 - below)));
                    push(&max, thousandths(latency * (1.0 + above)));
                }
                let lost = (0..2).filter(|_| dice.chance(of.device.loss())).count();
                push(&loss, [0.0, 33.33, 66.67][lost]);
            }
        }
    }
}

/// What it said by SNMP.
fn measure(of: &Added, month: Span, to: &mut Vec<Sample>) {
    let rows: Vec<_> = figures(of.device.kind)
        .iter()
        .map(|(class, index, value)| (series(of, class, index), *value, is_port(class)))
        .collect();
    if rows.is_empty() {
        return;
    }
    for at in times(month, &FIGURES).filter(|at| of.then(*at) == Then::Up) {
        let now = of.device.figures(at);
        for (key, value, is_rate) in &rows {
            let value = if *is_rate { value(&now).round() } else { thousandths(value(&now)) };
            to.push(Sample { key: key.clone(), at: Timestamp(at), value });
        }
    }
}

fn is_port(class: &str) -> bool {
    class.starts_with("port-")
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::super::town;
    use super::*;
    use imsys_doctor::builtin::profiles::{Library, Reading, identify, poll, ports, readings};
    use imsys_doctor::builtin::snmp::{Credentials, Device, SnmpSocket};
    use imsys_sim::town::Town;
    use std::collections::BTreeMap;
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::time::Instant;

    /// The family and the readings of a device of the town, and the names of its ports.
    async fn asked(town: &Town, of: &imsys_sim::device::Device) -> (String, Vec<Reading>, Vec<String>) {
        let library = Library::compiled_in();
        let (port, community) = town.agents().unwrap();
        let at = SocketAddr::from((of.address, port));
        let agent = SnmpSocket::bind().await.unwrap().agent(at, &Credentials::V2c(community.into())).await;
        let (device, deadline) =
            (Device::new(agent.unwrap(), true), Instant::now() + Duration::from_secs(60));
        let family = identify(&library, &device, deadline).await.unwrap().family.unwrap();
        let profile = library.get(&family).unwrap();
        let polled = poll(&library, profile, &device, deadline).await.unwrap();
        assert!(polled.incomplete.is_none(), "{}: {:?}", of.name, polled.incomplete);
        let names = ports(profile, &polled.walked).into_iter().map(|port| port.alias).collect();
        (family, readings(&library, profile, &polled.walked), names)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_history_has_the_series_and_values_that_a_poll_of_each_maker_gives() {
        let began = crate::clock::Clock::system().now().millis();
        let town = Town::start(town::config(5)).await.unwrap();
        let mut families = BTreeMap::new();
        for device in town.devices().iter().filter(|device| device.router == 3 && device.kind.has_agent()) {
            let (family, found, ports) = asked(&town, device).await;
            assert_eq!(ports.first().map(String::as_str), Some("uplink"), "{}", device.name);
            let now = crate::clock::Clock::system().now().millis();
            for (class, index, value) in figures(device.kind).iter().filter(|row| !is_port(row.0)) {
                let is_it = |reading: &&Reading| &**reading.class.name() == *class && reading.index == *index;
                let Some(reading) = found.iter().find(is_it) else {
                    panic!("{}: no {class} {index:?} in {found:#?}", device.name)
                };
                // As the agent writes it: whole numbers.
                let fits = |at: i64| {
                    let wanted = value(&device.figures(at));
                    (wanted - reading.value).abs() <= 0.6 + wanted.abs() / 1_000.0
                };
                assert!((began..=now).any(fits), "{}: {class} {index:?} is {}", device.name, reading.value);
            }
            let stations = found.iter().filter(|reading| reading.station.is_some()).count();
            assert!(stations > 0 || matches!(device.kind, Kind::MimosaBackhaul | Kind::NetonixSwitch));
            *families.entry(family).or_insert(0) += 1;
        }
        let families: Vec<_> = families.into_iter().collect();
        let expected =
            [("af60", 1), ("airos", 2), ("epmp", 2), ("mimosa", 1), ("netonix", 1), ("routeros", 3)];
        assert_eq!(families, expected.map(|(family, count)| (family.to_owned(), count)));
        town.stop().await;
    }

    #[test]
    fn times_ascend_without_a_gap_and_get_denser() {
        let month = Span { from: 0, to: 30 * DAY };
        let times: Vec<_> = times(month, &PINGS).collect();
        assert_eq!(times.len(), 23 * 24 + 5 * 48 + 42 * 6 + 360);
        let steps: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| *step > 0) && steps.is_sorted_by(|a, b| a >= b));
    }
}
