//! What goes wrong in a town by plan or at random.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::config::Planned;
use crate::dice::Dice;
use crate::router::{Fault, Router};

/// Strikes as planned from `begin` on, then ends.
pub(super) async fn follow_plan(
    mut plan: Vec<Planned>,
    routers: Vec<Router>,
    mut begin: watch::Receiver<Option<Instant>>,
) {
    let Ok(Some(start)) = begin.wait_for(Option::is_some).await.map(|begin| *begin) else { return };
    plan.sort_by_key(|planned| planned.after);
    for planned in plan {
        sleep_until(start + planned.after).await;
        if let Some(router) = routers.get(planned.router) {
            router.strike(planned.fault);
        }
    }
}

/// Strikes at random for ever, on average `mean` apart.
pub(super) async fn strike_at_random(mean: Duration, routers: Vec<Router>, mut dice: Dice) {
    loop {
        let wait = dice.waiting(mean.as_millis() as i64).unsigned_abs();
        sleep(Duration::from_millis(wait)).await;
        let router = routers.get(dice.index(routers.len()));
        let some = Duration::from_secs(dice.between(3, 20).unsigned_abs());
        let faults = [
            Fault::Reboot,
            Fault::PowerCut(some),
            Fault::Hang(some),
            Fault::Refuse(some),
            Fault::Reset,
            Fault::Fatal,
        ];
        let fault = faults[dice.index(faults.len())];
        if let Some(router) = router {
            router.strike(fault);
        }
    }
}
