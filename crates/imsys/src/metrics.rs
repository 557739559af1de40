//! Counters, and how Prometheus reads them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// What a running IMSys counts.
pub struct Metrics {
    /// Answers, by class of status.
    pub requests: Family,
    /// Refusals, by the problem's code; `busy` means that the store's queue was full.
    pub refusals: Family,
    /// Webhooks of routers, by `accepted` or the reason of refusal.
    pub webhooks: Family,
    /// Prints of a router's table, by `accepted` or the reason why not.
    pub sweeps: Family,
    /// Listens on routers' active sessions, by `started`, `refused` or `deaf`.
    pub listens: Family,
    /// Checks of a router's static lines, by `answered` or `failed`.
    pub static_checks: Family,
    /// Echo requests to devices, by `answered`, `lost` or `unknown`.
    pub probes: Family,
    /// Polls of devices by SNMP, by `answered`, `silent` or `refused`.
    pub polls: Family,
    /// Devices that were asked an interval late or later, by who asks: `router`.
    pub late_devices: Family,
    /// What devices were measured at and is not in the history, by `refused` (an odd value or time) or `waited` (it could
    /// not be written for too long).
    pub lost_samples: Family,
    /// Fields of routers' rows that could not be read, by menu and field.
    pub odd_fields: Family<2>,
    /// Attempts to sign in, by outcome.
    pub sign_ins: Family,
    /// Connections, by `accepted` or `refused`.
    pub connections: Family,
    /// Open connections.
    pub open_connections: Gauge,
    /// 1 while nothing is deleted by age, because the clock is suspicious.
    pub deletion_waits: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let family = |name, help, label| Family::new(name, help, [label]);
        Self {
            requests: family("imsys_http_requests_total", "Answers by class of status", "class"),
            refusals: family("imsys_http_refusals_total", "Refusals by the problem's code", "code"),
            webhooks: family("imsys_webhooks_total", "Webhooks of routers by outcome", "outcome"),
            sweeps: family(
                "imsys_sweeps_total",
                "Full syncs of a router's active sessions by outcome",
                "outcome",
            ),
            listens: family("imsys_listens_total", "Listens on active sessions by outcome", "outcome"),
            static_checks: family(
                "imsys_static_checks_total",
                "Checks of a router's static and DHCP services by outcome",
                "outcome",
            ),
            probes: family("imsys_device_probes_total", "Echo requests to devices by outcome", "outcome"),
            polls: family("imsys_snmp_polls_total", "Polls of devices by SNMP by outcome", "outcome"),
            late_devices: family(
                "imsys_devices_late_total",
                "Devices that were asked a whole interval late or later, by who asks",
                "by",
            ),
            lost_samples: family(
                "imsys_history_lost_total",
                "Samples of devices that are not in the history, by why",
                "why",
            ),
            odd_fields: Family::new(
                "imsys_odd_fields_total",
                "Fields of routers' rows that could not be read and count as not said",
                ["menu", "field"],
            ),
            sign_ins: family("imsys_sign_ins_total", "Attempts to sign in by outcome", "outcome"),
            connections: family("imsys_connections_total", "Connections by outcome", "outcome"),
            deletion_waits: Gauge {
                name: "imsys_deletion_waits",
                help: "1 while what is old is not deleted, because the clock is suspicious",
                value: AtomicI64::new(0),
            },
            open_connections: Gauge {
                name: "imsys_open_connections",
                help: "Open connections",
                value: AtomicI64::new(0),
            },
        }
    }
}

impl Metrics {
    /// All of it in Prometheus' text format, version 0.0.4.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let families = [
            &self.requests,
            &self.refusals,
            &self.webhooks,
            &self.sweeps,
            &self.listens,
            &self.static_checks,
            &self.probes,
            &self.polls,
            &self.late_devices,
            &self.lost_samples,
            &self.sign_ins,
            &self.connections,
        ];
        for family in families {
            family.write(&mut text);
        }
        self.odd_fields.write(&mut text);
        self.deletion_waits.write(&mut text);
        self.open_connections.write(&mut text);
        text
    }
}

/// A counter with labels whose values are words of this program, never of the network.
pub struct Family<const LABELS: usize = 1> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; LABELS],
    values: RwLock<BTreeMap<[&'static str; LABELS], AtomicU64>>,
}

impl Family {
    /// Counts one.
    pub fn count(&self, value: &'static str) {
        self.add_of([value], 1);
    }

    /// Counts `n`.
    pub fn add(&self, value: &'static str, n: u64) {
        self.add_of([value], n);
    }

    /// How many so far.
    pub fn get(&self, value: &str) -> u64 {
        self.get_of([value])
    }
}

impl<const LABELS: usize> Family<LABELS> {
    fn new(name: &'static str, help: &'static str, labels: [&'static str; LABELS]) -> Self {
        Self { name, help, labels, values: RwLock::default() }
    }

    /// Counts `n` where the labels have these values.
    pub fn add_of(&self, value: [&'static str; LABELS], n: u64) {
        if let Some(counter) = self.values.read().unwrap_or_else(PoisonError::into_inner).get(&value) {
            counter.fetch_add(n, Ordering::Relaxed);
            return;
        }
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        values.entry(value).or_default().fetch_add(n, Ordering::Relaxed);
    }

    /// How many so far where the labels have these values.
    pub fn get_of(&self, value: [&str; LABELS]) -> u64 {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        values.get(&value).map_or(0, |counter| counter.load(Ordering::Relaxed))
    }

    fn write(&self, text: &mut String) {
        let Self { name, help, labels, .. } = self;
        let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} counter\n");
        for (value, counter) in self.values.read().unwrap_or_else(PoisonError::into_inner).iter() {
            let pairs: Vec<_> =
                labels.iter().zip(value).map(|(label, value)| format!("{label}=\"{value}\"")).collect();
            let _infallible =
                writeln!(text, "{name}{{{}}} {}", pairs.join(","), counter.load(Ordering::Relaxed));
        }
    }
}

/// A number that goes up and down.
pub struct Gauge {
    name: &'static str,
    help: &'static str,
    value: AtomicI64,
}

impl Gauge {
    /// Adds `n`, which may be negative.
    pub fn add(&self, n: i64) {
        self.value.fetch_add(n, Ordering::Relaxed);
    }

    /// What it is now.
    pub fn get(&self) -> i64 {
        self.value.load(Ordering::Relaxed)
    }

    fn write(&self, text: &mut String) {
        let Self { name, help, .. } = self;
        let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {}\n", self.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.webhooks.count("accepted");
        metrics.webhooks.add("accepted", 2);
        metrics.odd_fields.add_of(["/ppp/active", "radius"], 7);
        metrics.open_connections.add(1);
        let text = metrics.text();
        assert!(
            text.contains(
                "# TYPE imsys_webhooks_total counter\nimsys_webhooks_total{outcome=\"accepted\"} 3\n"
            )
        );
        assert!(
            text.contains("\nimsys_odd_fields_total{menu=\"/ppp/active\",field=\"radius\"} 7\n"),
            "{text}"
        );
        assert!(text.ends_with("imsys_open_connections 1\n"));
    }
}
