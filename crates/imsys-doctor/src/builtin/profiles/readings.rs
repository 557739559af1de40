//! What a device answered, as readings.

use std::collections::{BTreeMap, BTreeSet};

use super::check::is_scalar;
use super::pool;
use super::schema::{Filter, Merge, Metric, Profile, Station};
use super::{Class, Library, Reading, Walked};
use crate::builtin::snmp::{Oid, Value, dotted};

/// A device gives at most this many readings.
const MOST_READINGS: usize = 10_000;

/// The readings of a device with `profile`. What is missing or makes no sense costs one reading.
pub fn readings(library: &Library, profile: &Profile, walked: &Walked) -> Vec<Reading> {
    let profiles = library.with_included(profile);
    let mut found = Vec::new();
    for is_fallback in [false, true] {
        let known: BTreeSet<Class> = found.iter().map(|reading: &Reading| reading.class).collect();
        for profile in &profiles {
            let metrics = profile.metrics.iter().map(toml::Spanned::get_ref);
            let metrics =
                metrics.filter(|metric| metric.fallback == is_fallback && !known.contains(&metric.class));
            found.extend(metrics.flat_map(|metric| of_metric(metric, walked)));
            let pools = profile.pools.iter().map(toml::Spanned::get_ref);
            let pools = pools
                .filter(|pool| pool.fallback == is_fallback && !known.contains(&pool::share(pool.class)));
            found.extend(pools.flat_map(|pool| pool::readings(pool, walked)));
        }
    }
    unique(found)
}

/// The first reading of each series: an included profile may know one as well.
fn unique(found: Vec<Reading>) -> Vec<Reading> {
    let mut known = BTreeSet::new();
    let is_new = |reading: &Reading| known.insert((reading.class, reading.index.clone()));
    found.into_iter().filter(is_new).take(MOST_READINGS).collect()
}

fn of_metric(metric: &Metric, walked: &Walked) -> Vec<Reading> {
    if is_scalar(&metric.oid) {
        let value = walked.get(&metric.oid);
        return value.and_then(|value| reading(metric, &[], value, walked)).into_iter().collect();
    }
    let rows = walked.column(&metric.oid).filter(|(index, _)| holds(metric.filter.as_ref(), index, walked));
    let found = rows.filter_map(|(index, value)| reading(metric, index, value, walked));
    match metric.merge {
        None => found.collect(),
        Some(how) => merged(how, metric, found),
    }
}

fn reading(metric: &Metric, index: &[u32], value: &Value, walked: &Walked) -> Option<Reading> {
    let (raw, state) = number(metric, value)?;
    if metric.skip.contains(&raw) {
        return None;
    }
    let value = raw * metric.multiplier / metric.divisor + metric.offset;
    let label = metric.label.as_ref().map(|column| label(column, index, walked));
    let instance = match (&label, metric.merge) {
        (Some(label), Some(_)) => label.clone(),
        _ => dotted(index),
    };
    Some(Reading {
        class: metric.class,
        index: series(&metric.id, &instance),
        name: name(&metric.name, label.as_deref(), index),
        value,
        state,
        station: metric.station.as_ref().and_then(|station| address(station, index, walked)),
        source: if index.is_empty() { metric.oid.clone() } else { metric.oid.join(index) },
    })
    .filter(|reading| reading.value.is_finite())
}

/// The value and, for a state, its name. An agent may answer the name in place of the number.
fn number(metric: &Metric, value: &Value) -> Option<(f64, Option<String>)> {
    if metric.states.is_empty() {
        let number = match &metric.after {
            None => value.number(),
            Some(before) => behind(before, &value.text()?),
        };
        return number.map(|number| (number, None));
    }
    let text = value.text()?;
    let by_name = metric.states.iter().find(|(_, name)| name.eq_ignore_ascii_case(&text));
    if let Some((number, name)) = by_name {
        return Some((number.parse().ok()?, Some(name.clone())));
    }
    let number = value.number()?;
    Some((number, metric.states.get(&number.to_string()).cloned()))
}

fn behind(before: &str, text: &str) -> Option<f64> {
    let (_, rest) = text.split_once(before)?;
    Value::Octets(rest.as_bytes().to_vec()).number()
}

fn merged(how: Merge, metric: &Metric, found: impl Iterator<Item = Reading>) -> Vec<Reading> {
    let mut by_label: BTreeMap<String, Reading> = BTreeMap::new();
    for reading in found {
        match by_label.get_mut(&reading.index) {
            None => _ = by_label.insert(reading.index.clone(), reading),
            Some(first) if how == Merge::Sum => first.value += reading.value,
            Some(_) => {}
        }
    }
    by_label.into_values().filter(|reading| reading.index != series(&metric.id, "")).collect()
}

/// The address of a station: six arcs of the index, or six octets, or text that has twelve digits.
fn address(station: &Station, index: &[u32], walked: &Walked) -> Option<String> {
    let octets: Vec<u8> = match station {
        Station::Index(first) => {
            let arcs = index.get(*first..first.saturating_add(6))?;
            arcs.iter().map(|arc| u8::try_from(*arc).ok()).collect::<Option<_>>()?
        }
        Station::Column(column) => match walked.get(&column.join(index))? {
            Value::Octets(octets) if octets.len() == 6 => octets.clone(),
            value => digits(&value.text()?)?,
        },
    };
    let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    Some(octets.join(":"))
}

fn digits(text: &str) -> Option<Vec<u8>> {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let octets = parts.iter().map(|part| u8::from_str_radix(part, 16).ok()).collect::<Option<Vec<u8>>>()?;
    (octets.len() == 6).then_some(octets)
}

/// True when the row passes the filter.
pub(super) fn holds(filter: Option<&Filter>, index: &[u32], walked: &Walked) -> bool {
    filter.is_none_or(|filter| {
        let text = walked.get(&filter.column.join(index)).and_then(Value::text);
        text.is_some_and(|text| filter.is.contains(&text))
    })
}

/// The label of a row; its index where there is no text.
pub(super) fn label(column: &Oid, index: &[u32], walked: &Walked) -> String {
    let text = walked.get(&column.join(index)).and_then(Value::text);
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| dotted(index))
}

pub(super) fn name(template: &str, label: Option<&str>, index: &[u32]) -> String {
    template.replace("{index}", &dotted(index)).replace("{label}", label.unwrap_or_default())
}

/// The index of a series: the metric's id and the row's.
pub(super) fn series(id: &str, instance: &str) -> String {
    match (id, instance) {
        ("", instance) => instance.to_owned(),
        (id, "") => id.to_owned(),
        (id, instance) => format!("{id}.{instance}"),
    }
}
