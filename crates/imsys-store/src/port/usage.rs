//! How much services carried.

use super::Result;
use async_trait::async_trait;
use imsys_domain::usage::{CounterSource, CounterTable, Used};
use imsys_domain::{RouterId, ServiceId, Timestamp};

/// How a service's bytes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageState {
    /// When its router's counters were read last.
    pub at: Timestamp,
    /// Where they count; `None` where no counter is his.
    pub source: Option<CounterSource>,
    /// A rule lets packets pass queues by: a queue counts only some.
    pub fasttrack: bool,
}

/// How much services of one tenant carried.
#[async_trait]
pub trait Usages: Send + Sync {
    /// Compares a router's counters with those before ([`imsys_domain::usage::used`]) and remembers them, as one unit: what
    /// each service carried meanwhile.
    async fn note_counters(&self, router: RouterId, table: CounterTable) -> Result<Vec<(ServiceId, Used)>>;
    /// How a service's bytes are counted; `None` before the first look at its router.
    async fn usage_state(&self, service: ServiceId) -> Result<Option<UsageState>>;
}
