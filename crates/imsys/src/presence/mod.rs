//! Presence: what witnesses say reaches the judge through the store, and browsers when it is stored.

mod hook;
pub mod http;

use crate::http::live::{Live, Topic};
use imsys_domain::TenantId;
use imsys_store::model::{Router, ServiceChange};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Drops every n-th event, so that the demo's check can be seen to notice.
#[derive(Clone, Debug)]
pub struct Sabotage {
    every: u64,
    seen: Arc<AtomicU64>,
}

impl Sabotage {
    /// Drops one event in `n`.
    pub fn every(n: u64) -> Self {
        Self { every: n, seen: Arc::default() }
    }

    /// Whether this event is to be dropped.
    fn drops(&self) -> bool {
        self.seen.fetch_add(1, Ordering::Relaxed) % self.every == self.every - 1
    }

    /// What is left of some events.
    pub(crate) fn sift<T>(sabotage: Option<&Self>, events: Vec<T>) -> Vec<T> {
        match sabotage {
            Some(sabotage) => events.into_iter().filter(|_| !sabotage.drops()).collect(),
            None => events,
        }
    }
}

/// Tells browsers what changed about services.
pub fn announce(live: &Live, tenant: TenantId, changes: &[ServiceChange]) {
    for change in changes {
        let state = &change.presence;
        let fields = json!({
            "status": state.status,
            "isOnline": is_online(state.status),
            "since": crate::http::extract::Time(state.since),
            "confirmedAt": state.confirmed.map(crate::http::extract::Time),
            "source": state.source,
        });
        live.publish(tenant, Topic::Service, change.id.0, change.rev, fields);
    }
}

/// Tells browsers how a router is.
pub fn announce_router(live: &Live, router: &Router) {
    let fields = json!({
        "state": router.state,
        "since": crate::http::extract::Time(router.since),
        "reason": router.reason,
        "lastSweepAt": router.swept.map(crate::http::extract::Time),
    });
    live.publish(router.tenant, Topic::Router, router.id.0, router.rev, fields);
}

/// `isOnline` of the API: null is unknown.
pub const fn is_online(status: imsys_domain::presence::Status) -> Option<bool> {
    use imsys_domain::presence::Status;
    match status {
        Status::Online => Some(true),
        Status::Offline => Some(false),
        Status::Unknown => None,
    }
}
