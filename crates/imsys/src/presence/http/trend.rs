//! The route of how many services were online over time.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Json, Query, Time};
use crate::http::route::{Access, Route};
use crate::http::words::RangeName;
use axum::extract::State;
use imsys_domain::access::Right;
use imsys_domain::trend::{Range, Tally};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const PATH: &str = "/api/v1/overview/trend";

/// The route.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(PATH, Access::Tenant(Right::Read), trend)]
}

/// Its contract.
#[derive(utoipa::OpenApi)]
#[openapi(paths(trend))]
pub(super) struct Doc;

/// Which time.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The last 24 hours or the last 30 days; the day when left out.
    range: Option<RangeName>,
}

/// Services by status over time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Trend {
    range: RangeName,
    from: Time,
    to: Time,
    /// The length of an interval.
    interval_seconds: i64,
    /// Intervals in their order. Intervals in which nobody counted, as while the server was down, are missing.
    points: Vec<TrendPoint>,
}

/// Services by status in one interval, on average.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrendPoint {
    /// When the interval begins.
    at: Time,
    online: u64,
    offline: u64,
    /// Nobody could say: their router was away. Not part of those offline.
    unknown: u64,
    /// The least that were online at one count of the interval.
    lowest_online: u64,
}

impl From<Tally> for TrendPoint {
    fn from(tally: Tally) -> Self {
        let [online, offline, unknown] = tally.means();
        Self { at: Time(tally.begin), online, offline, unknown, lowest_online: tally.lowest }
    }
}

/// Services by status over the last day (every five minutes) or month (every hour).
#[utoipa::path(get, path = PATH, tag = "presence", params(Asked), responses((status = 200, body = Trend)))]
async fn trend(
    State(app): State<App>,
    tenancy: Tenancy,
    Query(asked): Query<Asked>,
) -> Result<Json<Trend>, ApiError> {
    let (to, name) = (app.now(), asked.range.unwrap_or(RangeName::Day));
    let range: Range = name.into();
    let tallies = tenancy.store.trend(range, to).await?;
    Ok(Json(Trend {
        range: name,
        from: Time(range.begin(to)),
        to: Time(to),
        interval_seconds: range.every() / 1000,
        points: tallies.into_iter().map(TrendPoint::from).collect(),
    }))
}
