//! Deleting what is old, as long as the clock can be accepted.

use crate::app::App;
use crate::complaints::complain;
use imsys_domain::aging::{Doubt, Trust};
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
}

/// Looks at the clocks; whether something may be deleted because it is old.
pub async fn may_delete(app: &App) -> bool {
    let known = *app.aging.lock();
    let trust = match known {
        Some(trust) => trust.look(app.clock.reading()),
        None => match app.store.newest().await {
            Ok(newest) => Trust::begin(app.clock.reading(), newest),
            Err(error) => {
                complain("what was stored last could not be read: deletion waits", None, &error);
                return false;
            }
        },
    };
    *app.aging.lock() = Some(trust);
    tell(app, known.and_then(Trust::doubt), trust.doubt());
    trust.doubt().is_none()
}

/// A person says that the clock is right; whether anything waited for that.
pub fn confirm(app: &App) -> bool {
    let mut known = app.aging.lock();
    let before = known.and_then(Trust::doubt);
    *known = known.map(|trust| trust.look(app.clock.reading()).confirmed(app.clock.reading()));
    drop(known);
    tell(app, before, None);
    before.is_some()
}

fn tell(app: &App, before: Option<Doubt>, now: Option<Doubt>) {
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
        None => tracing::info!("the clock is accepted again: what is old is deleted"),
    }
    app.metrics.deletion_waits.add(i64::from(now.is_some()) - i64::from(before.is_some()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Clock;
    use crate::config::Config;
    use crate::secrets::Secrets;
    use imsys_domain::Timestamp;
    use imsys_domain::aging::Reading;
    use imsys_store::sqlite::SqliteStore;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[tokio::test]
    async fn deletion_waits_after_a_jump_until_somebody_confirms_the_clock() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("imsys.db")).unwrap());
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Clock::of_two({
            let ahead = Arc::clone(&ahead);
            move || Reading { wall: Timestamp(1_750_000_000_000 + ahead.load(Ordering::SeqCst)), steady: 0 }
        });
        let app = App::new(store, Config::default(), Secrets::fresh(), clock);
        assert!(may_delete(&app).await);
        for jump in [5 * 365 * 86_400_000, 0] {
            ahead.store(jump, Ordering::SeqCst);
            assert!(!may_delete(&app).await);
            assert!(matches!(app.aging.doubt(), Some(Doubt::Jumped(_))));
            assert_eq!(app.metrics.deletion_waits.get(), 1);
        }
        assert!(confirm(&app));
        assert_eq!((app.metrics.deletion_waits.get(), app.aging.doubt()), (0, None));
        assert!(may_delete(&app).await);
        assert!(!confirm(&app), "nothing waits");
    }
}
