//! The devices of the demo: added, with the outages of the month behind them.

use super::client::Client;
use super::month::Span;
use crate::token;
use anyhow::Context;
use imsys_domain::device::{Device, DeviceData, Finding, Reach, Reason, Report};
use imsys_domain::net::Net;
use imsys_domain::{DeviceId, RouterId, TenantId, Timestamp};
use imsys_sim::dice::Dice;
use imsys_sim::town::Town;
use imsys_store::TenantStore;
use serde_json::json;
use std::ops::Range;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A device of the town that was added, and when it was down and could not be asked in the month.
pub(super) struct Added {
    pub(super) id: DeviceId,
    pub(super) tenant: TenantId,
    pub(super) device: imsys_sim::device::Device,
    data: DeviceData,
    /// It did not answer.
    down: Vec<Span>,
    /// Its router was away.
    away: Vec<Span>,
}

/// How a device was at a moment of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Up,
    Down,
    Away,
}

/// The network of the devices behind a router of the town.
pub(super) fn network(town: &Town, router: usize) -> Option<Net> {
    let first = town.devices().iter().find(|device| device.router == router)?;
    let [a, b, ..] = first.address.octets();
    format!("{a}.{b}.0.0/16").parse().ok()
}

/// Adds the devices behind a router that was away during `away`.
pub(super) async fn add(
    store: &dyn TenantStore,
    town: &Town,
    (tenant, router, index): (TenantId, RouterId, usize),
    month: Span,
    away: &[Span],
    dice: &mut Dice,
) -> anyhow::Result<Vec<Added>> {
    let mut added = Vec::new();
    let all = town.devices().iter().zip(town.device_truth());
    for (device, truth) in all.filter(|(device, _)| device.router == index) {
        let created = Timestamp(month.from);
        let id = DeviceId::new(created, token::random());
        let data = DeviceData {
            name: device.name.clone(),
            address: device.address.into(),
            router: Some(router),
            reach: Reach::Router,
            watched: device.watched,
            snmp: None,
        };
        let mut down = outages(dice, month, away);
        if !truth.up {
            down.retain(|outage| outage.to + HOUR < truth.changed);
            down.push(Span { from: truth.changed, to: i64::MAX });
        }
        store.create_device(Device::new(id, tenant, data.clone(), created)).await?;
        added.push(Added { id, tenant, device: device.clone(), data, down, away: away.to_vec() });
    }
    Ok(added)
}

/// One or two times in which a device was down while its router was there, in their order.
fn outages(dice: &mut Dice, month: Span, away: &[Span]) -> Vec<Span> {
    let mut outages: Vec<Span> = Vec::new();
    let wanted = 1 + dice.index(2);
    for _ in 0..wanted {
        let from = dice.between(month.from + DAY, month.to - 5 * HOUR);
        let outage = Span { from, to: from + dice.between(6 * MINUTE, 4 * HOUR) };
        let is_apart = |other: &Span| other.to + HOUR < outage.from || outage.to + HOUR < other.from;
        if away.iter().chain(&outages).all(is_apart) {
            outages.push(outage);
        }
    }
    outages.sort_by_key(|outage| outage.from);
    outages
}

impl Added {
    /// How it was.
    pub(super) fn then(&self, at: i64) -> Then {
        let is_in = |spans: &[Span]| spans.iter().any(|span| (span.from..span.to).contains(&at));
        if is_in(&self.away) {
            Then::Away
        } else if is_in(&self.down) {
            Then::Down
        } else {
            Then::Up
        }
    }

    /// When it did not answer.
    pub(super) fn down(&self) -> &[Span] {
        &self.down
    }

    /// What was found out about it, in the order of time. In the end the demo was not running.
    fn reports(&self, month: Span) -> Vec<Report> {
        let spans = self.down.iter().chain(&self.away);
        let mut times: Vec<i64> = spans.flat_map(|span| [span.from, span.to]).collect();
        times.push(month.from);
        times.retain(|at| (month.from..month.to).contains(at));
        times.sort_unstable();
        let report = |at: i64, finding| Report {
            device: self.id,
            place: self.data.place(),
            at: Timestamp(at),
            finding,
        };
        let latency = |at| Some((self.device.latency(at) * 1_000.0) as u32);
        let found = |at: i64| match self.then(at) {
            Then::Up => report(at, Finding::Up { latency_us: latency(at), loss: 0 }),
            Then::Down => report(at, Finding::Down),
            Then::Away => report(at, Finding::Unknown(Reason::RouterAway)),
        };
        let last = report(month.to, Finding::Unknown(Reason::RouterAway));
        times.into_iter().map(found).chain([last]).collect()
    }
}

/// Writes what happened to them.
pub(super) async fn live(store: &dyn TenantStore, added: &[Added], month: Span) -> anyhow::Result<()> {
    let reports = added.iter().flat_map(|added| added.reports(month)).collect();
    store.device_reports(reports).await?;
    Ok(())
}

/// The name of the login that all agents of the town know.
const LOGIN: &str = "Simulated agents";

/// Tells the login for the agents behind these routers, or its port of this run.
pub(super) async fn log_in(client: &Client, town: &Town, routers: Range<usize>) -> anyhow::Result<()> {
    const PATH: &str = "/api/v1/snmp-logins";
    let Some((port, community)) = town.agents() else { return Ok(()) };
    let networks: Vec<String> =
        routers.filter_map(|router| network(town, router)).map(String::from).collect();
    let snmp = json!({ "version": "2c", "community": community, "port": port });
    let known = client.get(PATH).await?;
    let known = known.as_array().into_iter().flatten().find(|login| login["name"] == LOGIN);
    match known {
        Some(login) if login["port"] == port => {}
        Some(login) => {
            let id = login["id"].as_str().context("the login's id")?;
            client.patch(&format!("{PATH}/{id}"), json!({ "snmp": snmp })).await?;
        }
        None => {
            let login = json!({ "name": LOGIN, "snmp": snmp, "networks": networks });
            client.post(PATH, login).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::month;
    use super::*;

    #[test]
    fn outages_of_devices_keep_apart_from_each_other_and_from_their_router() {
        let month = Span { from: 0, to: month::MONTH };
        for seed in 1..300 {
            let mut dice = Dice::new(seed);
            let away = month::outages(&mut dice, month);
            let down = outages(&mut dice, month, &away);
            let mut all: Vec<_> = down.iter().chain(&away).collect();
            all.sort_by_key(|span| span.from);
            assert!(all.windows(2).all(|pair| pair[0].to < pair[1].from), "{seed}: {all:?}");
            assert!(down.iter().all(|span| span.from < span.to && span.to <= month.to));
        }
    }
}
