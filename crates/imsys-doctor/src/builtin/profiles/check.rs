//! What TOML cannot say about a profile.

use std::collections::BTreeSet;

use super::schema::{Match, Metric, Pool, Profile};
use crate::builtin::snmp::Oid;

/// Finds the first thing that is wrong: the byte that it is at, and how to put it right.
pub(super) fn check(profile: &Profile) -> Result<(), (usize, String)> {
    if profile.sources.is_empty() {
        return Err((0, "name the MIB module and revision of its objects in `sources`".into()));
    }
    if profile.matches.iter().any(is_empty) {
        return Err((0, "a [[match]] needs `object_id`, `description` or `answers`".into()));
    }
    let mut known = BTreeSet::new();
    for metric in &profile.metrics {
        let at = |problem| (metric.span().start, problem);
        check_metric(metric.get_ref()).map_err(at)?;
        let metric = metric.get_ref();
        if !known.insert((metric.class, metric.id.clone())) {
            return Err(at(format!(
                "there is another metric of class {:?} with the id {:?}: give this one an `id` of its own",
                metric.class, metric.id
            )));
        }
    }
    for pool in &profile.pools {
        check_pool(pool.get_ref()).map_err(|problem| (pool.span().start, problem))?;
    }
    Ok(())
}

fn is_empty(rule: &Match) -> bool {
    rule.object_id.is_none() && rule.description.is_none() && rule.answers.is_none()
}

fn check_metric(metric: &Metric) -> Result<(), String> {
    if metric.divisor == 0.0 || !metric.divisor.is_finite() {
        return Err("`divisor` must be a number other than 0".into());
    }
    if let Some(state) = metric.states.keys().find(|state| state.parse::<i64>().is_err()) {
        return Err(format!("the state {state:?} must be a whole number, its name behind it"));
    }
    if metric.name.contains("{label}") && metric.label.is_none() {
        return Err("`name` has {label}: say in `label` which column it comes from".into());
    }
    if metric.merge.is_some() && metric.label.is_none() {
        return Err("`merge` joins rows of one label: say in `label` which column it comes from".into());
    }
    let is_row_only = metric.label.is_some() || metric.filter.is_some() || metric.station.is_some();
    if is_scalar(&metric.oid) && is_row_only {
        return Err("a scalar (its `oid` ends with .0) has no `label`, `where` or `station`".into());
    }
    Ok(())
}

fn check_pool(pool: &Pool) -> Result<(), String> {
    let has_sizes = pool.total.is_some() && (pool.used.is_some() || pool.free.is_some());
    if !has_sizes && pool.percent.is_none() {
        return Err("a pool needs `percent`, or `total` with `used` or `free`".into());
    }
    if pool.name.contains("{label}") && pool.label.is_none() {
        return Err("`name` has {label}: say in `label` which column it comes from".into());
    }
    Ok(())
}

/// The instance of a scalar ends with 0; the columns of tables never do.
pub(super) fn is_scalar(oid: &Oid) -> bool {
    oid.arcs().last() == Some(&0)
}
