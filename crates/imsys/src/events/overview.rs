//! The numbers of the overview, told to whoever watches them once something may have changed them.

use crate::app::App;
use crate::complaints::complain;
use crate::http::answers::ServiceCounts;
use crate::live::Topic;
use crate::stop::Stop;
use imsys_domain::TenantId;
use imsys_store::{Actor, StoreError};
use serde_json::json;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// The least time between two tellings: many changes become one count.
const PACE: Duration = Duration::from_secs(1);

/// Counts and tells until it is told to stop.
pub(crate) async fn run(app: App, mut stop: Stop) {
    let mut tick = interval(PACE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.wait() => return,
            _ = tick.tick() => {}
        }
        for tenant in app.live.take_touched() {
            if let Err(error) = tell(&app, tenant).await {
                complain("the overview could not be counted", None, &error);
                app.live.touch(tenant);
            }
        }
    }
}

/// The counts carry the time as their `rev`.
async fn tell(app: &App, tenant: TenantId) -> Result<(), StoreError> {
    let now = app.now();
    let counts = app.store.tenant(tenant, Actor::system(now)).status_counts(None).await?;
    let fields = || json!({ "services": ServiceCounts::from(counts) });
    app.live.tell(tenant, Topic::Overview, tenant, now.millis(), fields);
    Ok(())
}
