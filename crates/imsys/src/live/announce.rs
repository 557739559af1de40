//! What browsers are told about services and routers.

use super::{Live, Topic};
use crate::time::Time;
use imsys_domain::TenantId;
use imsys_domain::router::Router;
use imsys_store::model::ServiceChange;
use serde_json::json;

/// Tells browsers what changed about services.
pub fn announce(live: &Live, tenant: TenantId, changes: &[ServiceChange]) {
    for change in changes {
        let fields = || {
            let mut fields = json!({
                "status": change.status,
                "isOnline": is_online(change.status),
                "since": Time(change.since),
                "confirmedAt": change.confirmed.map(Time),
                "source": change.source,
                "sessionCount": change.sessions,
            });
            if let Some(endpoint) = &change.endpoint {
                fields["address"] = json!(endpoint.address);
                fields["mac"] = json!(endpoint.mac);
            }
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
            "since": Time(router.since),
            "reason": router.reason,
            "lastSweepAt": router.swept.map(Time),
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
