//! Among several processes, one does what must be done once: whether it is this one.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Whether this process is the scheduler just now; by itself it always is.
#[derive(Clone, Default)]
pub struct LeaderLease(Option<Arc<Mutex<Option<Instant>>>>);

impl LeaderLease {
    /// One that several processes pass on.
    pub fn shared() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether it is here.
    pub fn is_here(&self) -> bool {
        self.0.as_ref().is_none_or(|until| {
            until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
        })
    }

    /// Says until when it is; `None`: it is elsewhere.
    pub(crate) fn hold(&self, until: Option<Instant>) {
        if let Some(place) = &self.0 {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = until;
        }
    }
}
