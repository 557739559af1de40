//! Presence: what witnesses say reaches the judge through the store, and browsers when it is stored.

mod hook;
pub mod http;
pub mod limit;
pub(crate) mod trend;

use crate::http::live::{Live, Topic};
use imsys_domain::{TenantId, Timestamp};
use imsys_store::model::{Router, ServiceChange};
use serde_json::json;
use std::hash::{DefaultHasher, Hash, Hasher};

/// For how long somebody is hidden.
const HIDDEN_MS: i64 = 10_000;

/// Hides one event in n from every witness, so that the demo's check can be seen to notice.
#[derive(Clone, Debug)]
pub struct Sabotage {
    every: u64,
}

impl Sabotage {
    /// Hides one event in `n`.
    pub const fn every(n: u64) -> Self {
        Self { every: n }
    }

    /// Whether what happens to a user about `at` is hidden; all witnesses get the same answer.
    pub(crate) fn hides(&self, user: &str, at: Timestamp) -> bool {
        let mut hasher = DefaultHasher::new();
        (user, at.millis() / HIDDEN_MS).hash(&mut hasher);
        hasher.finish().is_multiple_of(self.every)
    }
}

/// Tells browsers what changed about services.
pub fn announce(live: &Live, tenant: TenantId, changes: &[ServiceChange]) {
    for change in changes {
        let fields = || {
            let mut fields = json!({
                "status": change.status,
                "isOnline": is_online(change.status),
                "since": crate::http::extract::Time(change.since),
                "confirmedAt": change.confirmed.map(crate::http::extract::Time),
                "source": change.source,
                "sessionCount": change.sessions,
            });
            if let Some(lease) = change.lease {
                fields["address"] = json!(lease.address());
            }
            fields
        };
        live.publish(tenant, Topic::Service, change.id.0, change.rev, fields);
    }
}

/// Tells browsers how a router is.
pub fn announce_router(live: &Live, router: &Router) {
    let fields = || {
        json!({
            "state": router.state,
            "since": crate::http::extract::Time(router.since),
            "reason": router.reason,
            "lastSweepAt": router.swept.map(crate::http::extract::Time),
        })
    };
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
