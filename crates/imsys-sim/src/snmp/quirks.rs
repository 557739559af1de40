//! What real agents get wrong.

use std::time::Duration;

/// The faults of one agent; [`Default`] is an agent without any.
#[derive(Debug, Clone, Default)]
pub struct Quirks {
    /// Answers a GETBULK with `genErr`.
    pub refuses_bulk: bool,
    /// Says nothing to a GETBULK that asks for more repetitions than this.
    pub silent_above_repetitions: Option<u32>,
    /// Answers `tooBig` to a GETBULK that asks for more repetitions than this.
    pub too_big_above_repetitions: Option<u32>,
    /// Answers `tooBig` to a GET or GETNEXT of more names than this.
    pub too_big_above_names: Option<usize>,
    /// Loses every n-th request, counted from the start.
    pub drops_every: Option<u64>,
    /// Waits before each answer.
    pub delay: Duration,
    /// Answers the object that was asked for again where the next one should come: a walk that
    /// trusts it never ends.
    pub repeats_objects: bool,
}
