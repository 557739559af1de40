//! The route of what a service carried.

use super::Figure;
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, Query, Time};
use crate::http::route::{Access, Route};
use crate::http::words::CounterSourceName;
use axum::extract::State;
use imsys_doctor::builtin::series::Range;
use imsys_domain::access::Right;
use imsys_domain::usage::CounterSource;
use imsys_domain::{ServiceId, Timestamp};
use imsys_store::port::UsageState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const PATH: &str = "/api/v1/services/{id}/usage";
const DAY: i64 = 86_400;
/// The most days in one answer.
const DAYS: i64 = 400;
/// Unless it is said.
const USUAL_DAYS: i64 = 30;
/// Values of the rates, unless another number is asked for; and the most.
const POINTS: usize = 600;
const MOST_POINTS: usize = 4_000;

/// The route.
pub fn routes() -> Vec<Route> {
    vec![Route::get(PATH, Access::Tenant(Right::Read), usage)]
}

/// Its contract.
#[derive(utoipa::OpenApi)]
#[openapi(paths(usage))]
pub struct Doc;

/// Which time, and how closely.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Thirty days before `to` unless given.
    from: Option<Time>,
    /// Now unless given.
    to: Option<Time>,
    /// About how many values of the rates are wanted: 1 to 4000, 600 unless given.
    points: Option<usize>,
}

/// What a service carried. Totals are lower bounds: what was counted before a counter was reset and after the last look
/// is not known.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Usage {
    from: Time,
    to: Time,
    /// What is counted: the `interface` of the session, or a `queue`; null where nothing is.
    source: Option<CounterSourceName>,
    /// A queue counts, and FastTrack passes it by: much is missing.
    incomplete: bool,
    /// When the router's counters were read last.
    read_at: Option<Time>,
    total: Bytes,
    /// Days (UTC) with the bytes of each; those without any are missing.
    days: Vec<DayBytes>,
    rates: Rates,
}

/// Bytes from and to the customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = UsageBytes)]
struct Bytes {
    up: f64,
    down: f64,
}

/// Bytes of a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = UsageDay)]
struct DayBytes {
    /// When the day begins.
    at: Time,
    up: f64,
    down: f64,
}

/// Bits per second from and to the customer over time. Lists of one direction have one length; where nothing was counted
/// there is no entry.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageRates)]
struct Rates {
    up: Rate,
    down: Rate,
}

/// One direction.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = UsageRate)]
struct Rate {
    /// The seconds that each value stands for; null: each is the mean since the look before.
    step: Option<u32>,
    /// When, in seconds since 1970.
    at: Vec<u32>,
    avg: Vec<f64>,
    max: Vec<f64>,
}

/// What a service carried: totals, days and rates.
#[utoipa::path(get, path = PATH, tag = "services", params(("id" = uuid::Uuid, Path), Asked),
    responses((status = 200, body = Usage)))]
async fn usage(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
    Query(asked): Query<Asked>,
) -> Result<Json<Usage>, ApiError> {
    let state = tenancy.store.usage_state(id).await?;
    let to = asked.to.map_or_else(|| app.now(), |to| to.0);
    let from = asked.from.map_or_else(|| to.plus_seconds(-USUAL_DAYS * DAY), |from| from.0);
    let points = asked.points.unwrap_or(POINTS);
    if from >= to || to.since(from) > DAYS * DAY * 1000 {
        return Err(refuse("`from` must be before `to`, by 400 days at most."));
    }
    if !(1..=MOST_POINTS).contains(&points) {
        return Err(refuse("`points` must be between 1 and 4000."));
    }
    let keys = |figures: [Figure; 2]| figures.map(|figure| figure.key(tenancy.tenant, id)).to_vec();
    let (first, last) = (day_of(from), day_of(Timestamp(to.millis() - 1)) + 1);
    let wanted = usize::try_from(last - first).unwrap_or(1);
    let (begin, end) = (Timestamp(first * DAY * 1000), Timestamp(last * DAY * 1000));
    let bytes = app.history.ranges(keys([Figure::BytesUp, Figure::BytesDown]), begin, end, wanted).await?;
    let rates = app.history.ranges(keys([Figure::RateUp, Figure::RateDown]), from, to, points).await?;
    let days = days(&bytes);
    let mut rates = rates.into_iter().map(rate);
    Ok(Json(Usage {
        from: Time(from),
        to: Time(to),
        source: state.and_then(|state| state.source).map(Into::into),
        incomplete: state.is_some_and(is_incomplete),
        read_at: state.map(|state| Time(state.at)),
        total: days
            .iter()
            .fold(Bytes::default(), |sum, day| Bytes { up: sum.up + day.up, down: sum.down + day.down }),
        days,
        rates: Rates { up: rates.next().unwrap_or_default(), down: rates.next().unwrap_or_default() },
    }))
}

fn refuse(detail: &'static str) -> ApiError {
    ApiError::bad_request("bad-query", detail)
}

fn is_incomplete(state: UsageState) -> bool {
    state.fasttrack && state.source == Some(CounterSource::Queue)
}

/// Days since 1970.
fn day_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY * 1000)
}

/// The bytes of each day, up and down.
fn days(ranges: &[Range]) -> Vec<DayBytes> {
    let mut days: BTreeMap<i64, Bytes> = BTreeMap::new();
    for (direction, range) in ranges.iter().enumerate() {
        let mut add = |at: u32, value: f64| {
            let day = days.entry(i64::from(at) / DAY).or_default();
            *if direction == 0 { &mut day.up } else { &mut day.down } += value;
        };
        match range {
            Range::Points(points) => points.iter().for_each(|point| add(point.at, point.value)),
            Range::Summaries { summaries, .. } => {
                summaries.iter().for_each(|summary| add(summary.at, summary.sum))
            }
        }
    }
    let shown = |(day, Bytes { up, down })| DayBytes { at: Time(Timestamp(day * DAY * 1000)), up, down };
    days.into_iter().map(shown).collect()
}

fn rate(range: Range) -> Rate {
    match range {
        Range::Points(points) => {
            let values: Vec<f64> = points.iter().map(|point| point.value).collect();
            Rate {
                step: None,
                at: points.iter().map(|point| point.at).collect(),
                avg: values.clone(),
                max: values,
            }
        }
        Range::Summaries { step, summaries } => Rate {
            step: Some(step),
            at: summaries.iter().map(|summary| summary.at).collect(),
            avg: summaries.iter().map(|summary| summary.mean().round()).collect(),
            max: summaries.iter().map(|summary| summary.max).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_doctor::builtin::series::codec::{Point, Summary};

    #[test]
    fn days_are_added_up_from_points_and_from_summaries() {
        let point = |at: u32, value| Point { at, value };
        let up = Range::Points(vec![point(10, 1.0), point(86_399, 2.0), point(86_400, 4.0)]);
        let summary = |at, sum| Summary { at, count: 2, min: 0.0, max: sum, sum };
        let down =
            Range::Summaries { step: 86_400, summaries: vec![summary(0, 30.0), summary(172_800, 50.0)] };
        let shown: Vec<_> =
            days(&[up, down]).iter().map(|day| (day.at.0.millis() / 86_400_000, day.up, day.down)).collect();
        assert_eq!(shown, [(0, 3.0, 30.0), (1, 4.0, 0.0), (2, 0.0, 50.0)]);
    }

    #[test]
    fn only_a_queue_misses_what_fasttrack_carries() {
        let state = |source, fasttrack| UsageState { at: Timestamp(0), source: Some(source), fasttrack };
        assert!(is_incomplete(state(CounterSource::Queue, true)));
        assert!(!is_incomplete(state(CounterSource::Queue, false)));
        assert!(!is_incomplete(state(CounterSource::Interface, true)));
    }
}
