//! How much services carry: the byte counters of their routers, read every five minutes.
//!
//! * `counters`: the question to a router. [`jobs`]: when it is put. [`http`]: what people see.

mod counters;
pub mod http;
pub(crate) mod jobs;

pub(crate) use counters::ReadCounters;

use crate::app::App;
use crate::history::{self, HistoryError};
use crate::routers::session::{Lane, Trouble};
use imsys_doctor::builtin::series::{Sample, SeriesKey};
use imsys_domain::usage::Used;
use imsys_domain::{DeviceId, RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::StoreError;
use std::time::Duration;

/// How long the router may take.
const WITHIN: Duration = Duration::from_secs(40);

/// Why nothing was learned of what services carry.
#[derive(Debug, thiserror::Error)]
enum UsageError {
    /// The router could not be asked.
    #[error("{0}")]
    Router(#[from] Trouble),
    /// What it said could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Or not be kept.
    #[error(transparent)]
    History(#[from] HistoryError),
}

/// A figure of a service over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    /// Bytes from the customer since the look before.
    BytesUp,
    /// Bytes to the customer since the look before.
    BytesDown,
    /// Bits per second from the customer, on average.
    RateUp,
    /// Bits per second to the customer, on average.
    RateDown,
}

impl Figure {
    const ALL: [Self; 4] = [Self::BytesUp, Self::BytesDown, Self::RateUp, Self::RateDown];

    /// Its series.
    fn key(self, tenant: TenantId, service: ServiceId) -> SeriesKey {
        let (class, index) = match self {
            Self::BytesUp => ("bytes", "up"),
            Self::BytesDown => ("bytes", "down"),
            Self::RateUp => ("rate", "up"),
            Self::RateDown => ("rate", "down"),
        };
        // A service has its history as a device has: by its id.
        history::key(tenant, DeviceId(service.0), class, index)
    }

    fn value(self, used: &Used) -> f64 {
        let rate = |bytes: u64| (bytes as f64 * 8_000.0 / used.ms.max(1) as f64).round();
        match self {
            Self::BytesUp => used.up as f64,
            Self::BytesDown => used.down as f64,
            Self::RateUp => rate(used.up),
            Self::RateDown => rate(used.down),
        }
    }
}

/// Asks a router what it has counted, and keeps what each service carried since the look before.
async fn read(app: &App, tenant: TenantId, router: RouterId) -> Result<(), UsageError> {
    // From the begin: what a former owner saw is not written.
    let store = app.broker.store(tenant, router);
    let read = app.broker.read(router, WITHIN, Lane::Ordinary, ReadCounters {}).await?;
    let at = app.now();
    let all = store.note_counters(router, read.table(at)).await?;
    let samples: Vec<_> =
        all.iter().flat_map(|(service, used)| samples(tenant, *service, used, at)).collect();
    if !samples.is_empty() {
        app.history.append(samples.into(), at).await?;
    }
    Ok(())
}

fn samples(tenant: TenantId, service: ServiceId, used: &Used, at: Timestamp) -> impl Iterator<Item = Sample> {
    Figure::ALL
        .map(|figure| Sample { key: figure.key(tenant, service), at, value: figure.value(used) })
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_bits_per_second_over_the_time_between_two_looks() {
        let used = Used { up: 1_500_000, down: 3_000_000, ms: 300_000 };
        let values = Figure::ALL.map(|figure| figure.value(&used));
        assert_eq!(values, [1_500_000.0, 3_000_000.0, 40_000.0, 80_000.0]);
    }
}
