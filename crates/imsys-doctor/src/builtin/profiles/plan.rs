//! What a profile asks a device for.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::check::is_scalar;
use super::schema::{Metric, Pool, PortCounters, Profile, Station};
use super::{Library, Walked, ports};
use crate::builtin::snmp::{Device, MOST_BYTES, MOST_ROWS, OddReply, Oid, SnmpError, Varbind};

/// The answer of a device to one poll.
#[derive(Debug)]
pub struct Polled {
    /// What it answered.
    pub walked: Walked,
    /// Why there is not more: the device fell silent, or refused an object.
    pub incomplete: Option<SnmpError>,
}

/// Asks for all that `profile` and those that it includes name, for the ports, and for the uptime. An
/// object that the agent refuses costs that object only.
///
/// # Errors
/// See [`SnmpError`], when the device does not answer at all.
pub async fn poll(
    library: &Library,
    profile: &Profile,
    device: &Device,
    deadline: Instant,
) -> Result<Polled, SnmpError> {
    if !profile.bulk {
        device.avoid_bulk();
    }
    let (scalars, columns) = objects(&library.with_included(profile));
    let mut polled = Polled { walked: Walked::default(), incomplete: None };
    match device.get(&scalars, deadline).await {
        Ok(found) => polled.walked.extend(found),
        Err(error) if error.is_about_objects() => polled.incomplete = Some(error),
        Err(error) => return Err(error),
    }
    let mut bytes = 0;
    for column in columns {
        match device.walk(&column, deadline).await {
            Ok(rows) => {
                bytes += rows.iter().map(Varbind::weight).sum::<usize>();
                polled.walked.extend(rows);
            }
            Err(error) => {
                let goes_on = error.is_about_objects();
                polled.incomplete = Some(error);
                if !goes_on {
                    break;
                }
            }
        }
        if polled.walked.len() > MOST_ROWS || bytes > MOST_BYTES {
            polled.incomplete = Some(SnmpError::OddReply(OddReply::TooLarge));
            break;
        }
    }
    Ok(polled)
}

/// Scalars and columns, each once.
fn objects(profiles: &[&Profile]) -> (Vec<Oid>, Vec<Oid>) {
    let metrics = profiles.iter().flat_map(|profile| &profile.metrics);
    let pools = profiles.iter().flat_map(|profile| &profile.pools);
    let named = metrics.flat_map(|metric| of_metric(metric.get_ref()));
    let named = named.chain(pools.flat_map(|pool| of_pool(pool.get_ref())));
    let named = named.chain(profiles.iter().flat_map(|profile| &profile.ports).flat_map(of_port));
    let all: BTreeSet<Oid> = named.cloned().chain(ports::objects()).collect();
    all.into_iter().partition(is_scalar)
}

fn of_metric(metric: &Metric) -> impl Iterator<Item = &Oid> {
    let station = match &metric.station {
        Some(Station::Column(column)) => Some(column),
        _ => None,
    };
    let filter = metric.filter.as_ref().map(|filter| &filter.column);
    std::iter::once(&metric.oid).chain(metric.label.as_ref()).chain(station).chain(filter)
}

fn of_pool(pool: &Pool) -> impl Iterator<Item = &Oid> {
    let filter = pool.filter.as_ref().map(|filter| &filter.column);
    [&pool.total, &pool.used, &pool.free, &pool.percent, &pool.unit_column, &pool.label]
        .into_iter()
        .flatten()
        .chain(filter)
        .chain(&pool.reclaimable)
}

fn of_port(port: &PortCounters) -> [&Oid; 6] {
    [
        &port.octets_in,
        &port.octets_out,
        &port.packets_in,
        &port.packets_out,
        &port.errors_in,
        &port.errors_out,
    ]
}
