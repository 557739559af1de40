//! Memory and disks.

use super::check::is_scalar;
use super::readings::{holds, label, name, series};
use super::schema::{Pool, PoolClass};
use super::{Class, Reading, Walked};
use crate::builtin::snmp::{Oid, Value, dotted};

/// The class of the share in use.
pub(super) fn share(class: PoolClass) -> Class {
    match class {
        PoolClass::Memory => Class::Memory,
        PoolClass::Storage => Class::Storage,
    }
}

/// For each row the share in use and, where sizes are known, what is in use and what there is.
pub(super) fn readings(pool: &Pool, walked: &Walked) -> Vec<Reading> {
    let Some(first) = pool.percent.as_ref().or(pool.total.as_ref()) else { return Vec::new() };
    if is_scalar(first) {
        return of_row(pool, &[], first, walked);
    }
    let rows = walked.column(first).filter(|(index, _)| holds(pool.filter.as_ref(), index, walked));
    rows.flat_map(|(index, _)| of_row(pool, index, first, walked)).collect()
}

fn of_row(pool: &Pool, index: &[u32], first: &Oid, walked: &Walked) -> Vec<Reading> {
    let (share, used, total) = match pool.class {
        PoolClass::Memory => (Class::Memory, Class::MemoryUsed, Class::MemoryTotal),
        PoolClass::Storage => (Class::Storage, Class::StorageUsed, Class::StorageTotal),
    };
    let label = pool.label.as_ref().map(|column| label(column, index, walked));
    let reading = |class, value| Reading {
        class,
        index: series(&pool.id, &dotted(index)),
        name: name(&pool.name, label.as_deref(), index),
        value,
        state: None,
        station: None,
        source: instance(first, index),
    };
    match sizes(pool, index, walked) {
        Some((in_use, size)) => vec![
            reading(share, percent(pool, index, walked).unwrap_or(100.0 * in_use / size)),
            reading(used, in_use),
            reading(total, size),
        ],
        None => percent(pool, index, walked).map(|value| reading(share, value)).into_iter().collect(),
    }
}

/// Bytes in use and in all. A pool without size is left out, and so is one in which more is in use than
/// there is.
fn sizes(pool: &Pool, index: &[u32], walked: &Walked) -> Option<(f64, f64)> {
    let number = |oid: &Option<Oid>| read(oid.as_ref()?, index, walked);
    let total = number(&pool.total)?;
    let used = number(&pool.used).or_else(|| number(&pool.free).map(|free| total - free))?;
    let reclaimable: f64 =
        pool.reclaimable.iter().filter_map(|oid| walked.get(oid).and_then(Value::number)).sum();
    let used = used - reclaimable;
    let unit = if pool.unit_column.is_some() { number(&pool.unit_column)? } else { pool.unit };
    let makes_sense = total > 0.0 && unit > 0.0 && (0.0..=total).contains(&used);
    makes_sense.then_some((used * unit, total * unit))
}

fn percent(pool: &Pool, index: &[u32], walked: &Walked) -> Option<f64> {
    read(pool.percent.as_ref()?, index, walked)
}

fn read(oid: &Oid, index: &[u32], walked: &Walked) -> Option<f64> {
    walked.get(&instance(oid, index)).and_then(Value::number)
}

fn instance(oid: &Oid, index: &[u32]) -> Oid {
    if index.is_empty() { oid.clone() } else { oid.join(index) }
}
