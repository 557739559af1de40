use std::time::Duration;

use crate::{menu, value::Text};

menu! {
    /// One probe of `/tool/ping`; the counters include it. A probe without an answer has a `status`
    /// and no `time`.
    pub struct PingRow in "/tool/ping", whole {
        /// 0 for the first probe.
        seq: Option<u32> = "seq",
        /// Who was asked, or who answered.
        host: Text = "host",
        /// Bytes.
        size: Option<u32> = "size",
        /// Hops left in the answer.
        ttl: Option<u32> = "ttl",
        /// From question to answer.
        time: Option<Duration> = "time",
        /// `timeout`, `no route to host`, …
        status: Text = "status",
        /// Probes so far.
        sent: Option<u32> = "sent",
        /// Answers so far.
        received: Option<u32> = "received",
        /// Per cent.
        packet_loss: Option<u32> = "packet-loss",
        /// The fastest answer.
        min_rtt: Option<Duration> = "min-rtt",
        /// The mean.
        avg_rtt: Option<Duration> = "avg-rtt",
        /// The slowest answer.
        max_rtt: Option<Duration> = "max-rtt",
    }
}
