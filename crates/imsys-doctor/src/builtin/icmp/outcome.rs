//! What became of a probe.

use std::time::Duration;

/// What became of one probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The target answered in time.
    Answered {
        /// From the moment before sending to the moment at which the kernel received the reply.
        rtt: Duration,
    },
    /// No answer in time. An ICMP error about the probe, such as "host unreachable", is no answer either.
    Lost,
    /// Nothing is known about the target: the fault is ours. It counts neither as sent nor as lost.
    Unknown(Unknown),
}

/// Why nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// No answer was seen, but the kernel dropped packets for us meanwhile: one may have been the answer.
    KernelDropped,
    /// The probe could not be sent: there is no route, the network is down, or the pinger has no room.
    NotSent,
    /// This process may not send ICMP to the target's address family.
    NoPermission,
}

/// The outcome of one probe of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The target's place in the list that the round was started with.
    pub target: usize,
    /// Which of the target's probes this was, from 0.
    pub probe: u8,
    /// What became of it.
    pub outcome: Outcome,
}
