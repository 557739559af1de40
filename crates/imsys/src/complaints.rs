//! What fails again and again, as everything does while the storage fails, is logged once a minute for each cause.

use imsys_domain::RouterId;
use imsys_domain::seldom::Seldom;
use std::fmt::Display;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Instant;

/// Logs that something could not be done, if its turn has come; `router` is the one that it was about this time.
pub(crate) fn complain(what: &'static str, router: Option<RouterId>, error: &impl Display) {
    static TOLD: LazyLock<Mutex<Seldom>> = LazyLock::new(Mutex::default);
    let cause = format!("{what}: {error}");
    let due = TOLD.lock().unwrap_or_else(PoisonError::into_inner).due(cause, Instant::now());
    if let Some(times) = due {
        tracing::error!(router.id = router.map(tracing::field::display), %error, times, "{what}");
    }
}
