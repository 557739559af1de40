//! Fields of routers' rows that could not be read: counted, with a sample in the log now and then.

use crate::metrics::Metrics;
use imsys_domain::RouterId;
use routeros::FieldError;
use routeros::client::OnOddField;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The log shows a sample of each field not more often than this, whatever routers say.
const SAMPLE_EVERY: Duration = Duration::from_secs(600);

/// Which of them were met; cheap to clone.
#[derive(Clone)]
pub(crate) struct OddFields {
    metrics: Arc<Metrics>,
    /// When the log last showed one, by menu and field: words of this program, so they are few.
    shown: Arc<Mutex<HashMap<(&'static str, &'static str), Instant>>>,
}

impl OddFields {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        Self { metrics, shown: Arc::default() }
    }

    /// For a connection of this router.
    pub(crate) fn of(&self, router: RouterId) -> OnOddField {
        let odd = self.clone();
        Arc::new(move |error| odd.met(router, error))
    }

    fn met(&self, router: RouterId, error: &FieldError) {
        self.metrics.odd_fields.add_of([error.menu, error.field], 1);
        if self.is_due((error.menu, error.field), Instant::now()) {
            tracing::warn!(router.id = %router, %error, "a field could not be read and counts as not said");
        }
    }

    fn is_due(&self, field: (&'static str, &'static str), now: Instant) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let due = shown.get(&field).is_none_or(|last| now.duration_since(*last) >= SAMPLE_EVERY);
        if due {
            shown.insert(field, now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_one_sample_of_a_field_in_a_while() {
        let odd = OddFields::new(Arc::default());
        let (radius, uptime) = (("/ppp/active", "radius"), ("/ppp/active", "uptime"));
        let began = Instant::now();
        assert!(odd.is_due(radius, began) && odd.is_due(uptime, began));
        assert!(!odd.is_due(radius, began + SAMPLE_EVERY / 2));
        assert!(odd.is_due(radius, began + SAMPLE_EVERY));
    }
}
