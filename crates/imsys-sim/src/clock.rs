//! One clock for a whole town: tokio's, so that a test can pause it.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Turns tokio's time into milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    start_ms: i64,
}

impl Clock {
    /// A clock that agrees with the system's at this moment and then follows tokio's.
    pub(crate) fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), start_ms: since.as_millis() as i64 }
    }

    /// Milliseconds since 1970, now.
    pub(crate) fn now_ms(&self) -> i64 {
        self.at_ms(Instant::now())
    }

    /// Milliseconds since 1970 at `instant`.
    pub(crate) fn at_ms(&self, instant: Instant) -> i64 {
        self.start_ms + instant.saturating_duration_since(self.start).as_millis() as i64
    }
}
