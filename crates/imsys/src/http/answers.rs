//! Answers that several slices give.

use imsys_store::model::StatusCounts;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Services by status.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCounts {
    /// Online.
    online: u64,
    /// Offline.
    offline: u64,
    /// Unknown.
    unknown: u64,
    /// Suspended, whatever their status.
    suspended: u64,
    /// All.
    pub(crate) total: u64,
}

impl From<StatusCounts> for ServiceCounts {
    fn from(counts: StatusCounts) -> Self {
        let StatusCounts { online, offline, unknown, suspended } = counts;
        Self { online, offline, unknown, suspended, total: online + offline + unknown }
    }
}

/// Work that was begun.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    /// Names the request in the log.
    pub(crate) request_id: Uuid,
}
