//! What a round is.

use std::time::Duration;

/// How a list of targets is probed once.
///
/// The probes of all targets are spread evenly: first probe of each target in the list's order, then the second of each,
/// and so on. So the probes of one target are `over / probes` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// Probes per target; with 0 the round is over at once.
    pub probes: u8,
    /// The time over which the sending is spread; zero sends as fast as the kernel takes it.
    pub over: Duration,
    /// How long an answer is waited for, from the sending of its probe.
    pub timeout: Duration,
}

impl Round {
    /// The quick look again that [`Decision::Confirm`](super::Decision::Confirm) asks for: together with the miss that
    /// caused it, it has as many probes as it takes to call a target down.
    pub const CONFIRM: Self =
        Self { probes: 5, over: Duration::from_millis(2500), timeout: Duration::from_secs(1) };
}
