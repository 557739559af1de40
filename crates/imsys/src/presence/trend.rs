//! How many services are online: counted by the clock.

use crate::app::App;
use imsys_domain::Timestamp;
use imsys_domain::trend::Range;
use imsys_store::StoreError;

/// Services are counted once in each interval of a day's trend.
pub(crate) const EVERY_SECONDS: u32 = (Range::Day.every() / 1000) as u32;

/// Counts the services of all tenants and keeps it.
pub(crate) async fn count(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let counts = app.store.count_services().await?;
    app.store.note_counts(counts.into_iter().map(|(tenant, counts)| (tenant, now, counts)).collect()).await
}
