//! Deleting what is old, as long as the clock is trusted.

use crate::complaints::complain;
use crate::metrics::Metrics;
use imsys_domain::aging::{Doubt, Reading, Trust};
use imsys_store::Store;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What this process thinks of its clock; nothing before the first look.
#[derive(Default)]
pub struct Aging(Mutex<Option<Trust>>);

impl Aging {
    fn lock(&self) -> MutexGuard<'_, Option<Trust>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why deletion waits; `None`: it does not, or nothing is deleted by this process.
    pub fn doubt(&self) -> Option<Doubt> {
        self.lock().and_then(Trust::doubt)
    }

    /// Looks at the clocks; whether something may be deleted because it is old.
    pub async fn may_delete(&self, now: Reading, store: &dyn Store, metrics: &Metrics) -> bool {
        let known = *self.lock();
        let trust = match known {
            Some(trust) => trust.look(now),
            None => match store.newest().await {
                Ok(newest) => Trust::begin(now, newest),
                Err(error) => {
                    complain("what was stored last could not be read: deletion waits", None, &error);
                    return false;
                }
            },
        };
        *self.lock() = Some(trust);
        tell(metrics, known.and_then(Trust::doubt), trust.doubt());
        trust.doubt().is_none()
    }

    /// A person says that the clock is right; whether anything waited for that.
    pub fn confirm(&self, now: Reading, metrics: &Metrics) -> bool {
        let mut known = self.lock();
        let before = known.and_then(Trust::doubt);
        *known = known.map(|trust| trust.look(now).confirmed(now));
        drop(known);
        tell(metrics, before, None);
        before.is_some()
    }
}

fn tell(metrics: &Metrics, before: Option<Doubt>, now: Option<Doubt>) {
    if before == now {
        return;
    }
    match now {
        Some(Doubt::Jumped(ms)) => tracing::warn!(
            seconds = ms / 1000,
            "the clock was set: what is old is not deleted until it ran evenly for an hour, or until `imsys admin confirm-clock`"
        ),
        Some(Doubt::Silent(ms)) => tracing::warn!(
            seconds = ms / 1000,
            "the clock is far from what was stored last: what is old is not deleted for an hour, or until `imsys admin confirm-clock`"
        ),
        None => tracing::info!("the clock is trusted again: what is old is deleted"),
    }
    metrics.deletion_waits.add(i64::from(now.is_some()) - i64::from(before.is_some()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::wire;
    use imsys_domain::Timestamp;
    use imsys_domain::aging::Reading;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[tokio::test]
    async fn deletion_waits_after_a_jump_until_somebody_confirms_the_clock() {
        let folder = tempfile::tempdir().unwrap();
        let store = wire::open_store(&folder.path().join("imsys.db"), false).unwrap();
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Clock::of_two({
            let ahead = Arc::clone(&ahead);
            move || Reading { wall: Timestamp(1_750_000_000_000 + ahead.load(Ordering::SeqCst)), steady: 0 }
        });
        let (aging, metrics) = (Aging::default(), Metrics::default());
        let may_delete = async || {
            let (now, store) = (clock.reading(), &*store);
            aging.may_delete(now, store, &metrics).await
        };
        assert!(may_delete().await);
        for jump in [5 * 365 * 86_400_000, 0] {
            ahead.store(jump, Ordering::SeqCst);
            assert!(!may_delete().await);
            assert!(matches!(aging.doubt(), Some(Doubt::Jumped(_))));
            assert_eq!(metrics.deletion_waits.get(), 1);
        }
        assert!(aging.confirm(clock.reading(), &metrics));
        assert_eq!((metrics.deletion_waits.get(), aging.doubt()), (0, None));
        assert!(may_delete().await);
        assert!(!aging.confirm(clock.reading(), &metrics), "nothing waits");
    }
}
