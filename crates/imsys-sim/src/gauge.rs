//! How much of something there is at once, and how much there ever was.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what stands now, and remembers the most.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    now: AtomicUsize,
    peak: AtomicUsize,
}

/// One thing that is counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Counted(Arc<Gauge>);

impl Gauge {
    pub(crate) fn count(gauge: &Arc<Self>) -> Counted {
        let now = gauge.now.fetch_add(1, Ordering::Relaxed) + 1;
        gauge.peak.fetch_max(now, Ordering::Relaxed);
        Counted(gauge.clone())
    }

    /// Whether any stands now.
    pub(crate) fn any(&self) -> bool {
        self.now.load(Ordering::Relaxed) > 0
    }

    /// The most that stood at once.
    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Forgets the past: the most is what stands now.
    pub(crate) fn restart(&self) {
        self.peak.store(self.now.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
