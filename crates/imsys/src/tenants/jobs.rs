//! Jobs: forgetting what is older than is kept.

use crate::app::App;
use crate::jobs::{Every, JobKind, Scope};
use futures_util::future::BoxFuture;
use imsys_queue::Failure;

const DAY_SECONDS: u32 = 86_400;
const DAILY: Every = Every { deletes: true, ..Every::of(|_| DAY_SECONDS) };

/// Drop what has expired, and history that no tenant keeps.
pub(crate) const PRUNE: JobKind = JobKind {
    name: "PRUNE",
    label: "Drop old history",
    every: Some(DAILY),
    scope: Scope::Installation(prune),
};

fn prune(app: &App) -> BoxFuture<'_, Result<(), Failure>> {
    Box::pin(async {
        // It may have waited on the queue while the clock was set.
        if app.aging.may_delete(app.clock.reading(), &*app.store, &app.metrics).await {
            app.store.prune(app.now()).await?;
        }
        Ok(())
    })
}
