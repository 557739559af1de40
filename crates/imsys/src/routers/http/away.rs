//! When a router was away.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, Time};
use crate::http::route::{Access, Route};
use axum::extract::State;
use imsys_domain::access::Right;
use imsys_domain::trend::{self, Range};
use imsys_domain::{RouterId, Timestamp};
use imsys_store::model;
use imsys_store::{StoreError, TenantStore};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{OpenApi, ToSchema};

const PATH: &str = "/api/v1/routers/{id}/absences";
/// Absences in one answer.
const MOST: u32 = 100;

/// The route.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(PATH, Access::Tenant(Right::Read), absences)]
}

/// Its contract.
#[derive(OpenApi)]
#[openapi(paths(absences))]
pub(super) struct Doc;

/// How often and for how long a router was not connected.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AwayItem {
    /// In the last 24 hours.
    day: AwayTime,
    /// In the last 30 days.
    month: AwayTime,
}

#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AwayTime {
    times: u64,
    seconds: i64,
}

impl From<trend::Away> for AwayTime {
    fn from(away: trend::Away) -> Self {
        Self { times: away.times, seconds: away.millis / 1000 }
    }
}

/// How all routers of a tenant, or one, were away.
pub(super) struct Aways([HashMap<RouterId, trend::Away>; 2]);

impl Aways {
    pub(super) async fn load(
        store: &dyn TenantStore,
        router: Option<RouterId>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let [day, month] = Range::ALL.map(|range| store.away(router, range.begin(now), now));
        let (day, month) = tokio::try_join!(day, month)?;
        Ok(Self([day, month]))
    }

    pub(super) fn of(&self, router: RouterId) -> AwayItem {
        let [day, month] = self.0.each_ref().map(|all| all.get(&router).copied().unwrap_or_default().into());
        AwayItem { day, month }
    }
}

/// A time in which a router was not connected.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Absence {
    from: Time,
    /// Null while it lasts.
    to: Option<Time>,
    seconds: i64,
    reason: String,
}

/// The last hundred times that IMSys lost the connection to a router, newest first. They are kept for 30 days.
#[utoipa::path(get, path = PATH, tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Absence>)))]
async fn absences(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<Vec<Absence>>, ApiError> {
    let now = app.now();
    let show = |model::Absence { began, ended, reason }| {
        let seconds = ended.unwrap_or(now).since(began).max(0) / 1000;
        Absence { from: Time(began), to: ended.map(Time), seconds, reason }
    };
    Ok(Json(tenancy.store.absences(id, MOST).await?.into_iter().map(show).collect()))
}
