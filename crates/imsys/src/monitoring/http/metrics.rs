//! The route of what a device was measured at over time.

use crate::app::App;
use crate::history::{self, PING};
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json, QueryList, Repeats, Time};
use crate::http::route::{Access, Route};
use crate::monitoring::ports::Figure;
use axum::extract::State;
use imsys_doctor::builtin::profiles::Class;
use imsys_doctor::builtin::series::Range;
use imsys_doctor::builtin::series::codec::Summary;
use imsys_domain::access::Right;
use imsys_domain::{DeviceId, Timestamp};
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const PATH: &str = "/api/v1/devices/{id}/metrics";
/// Series in one answer.
const SERIES: usize = 64;
/// Values of a series, unless another number is asked for.
const POINTS: usize = 600;
/// The most of them.
const MOST_POINTS: usize = 4_000;
/// How long ago the range begins, unless it is said.
const DAY: i64 = 86_400;

/// The route.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(PATH, Access::Tenant(Right::Read), metrics)]
}

/// Its contract.
#[derive(utoipa::OpenApi)]
#[openapi(paths(metrics))]
pub(super) struct Doc;

/// Which time, and how closely.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// A day before `to` unless given.
    from: Option<Time>,
    /// Now unless given.
    to: Option<Time>,
    /// About how many values of each series are wanted: 1 to 4000, 600 unless given.
    points: Option<usize>,
}

impl Repeats for Asked {
    const KEY: &'static str = "series";
}

/// What a device was measured at over time.
#[derive(Serialize, ToSchema)]
struct Metrics {
    from: Time,
    to: Time,
    /// In the order in which they were asked for.
    series: Vec<Series>,
}

/// One figure over time. All lists have one length; where nothing was measured there is no entry.
#[derive(Serialize, ToSchema)]
struct Series {
    /// As `ping` or `signal`.
    class: String,
    /// Which one of the class, as `median`.
    index: String,
    /// As `ms` or `dBm`; empty for counts and states.
    unit: &'static str,
    /// The seconds that each value stands for; null: they are as measured.
    step: Option<u32>,
    /// When, in seconds since 1970: the begin of each step.
    at: Vec<u32>,
    avg: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
}

/// What a device was measured at over time. Each figure is `class:index`, as `ping:median`, `ping:min`, `ping:max` (in
/// milliseconds) and `ping:loss` (in percent). A range with more values than are wanted is answered in steps, each with
/// its mean, minimum and maximum.
#[utoipa::path(get, path = PATH, tag = "devices",
    params(("id" = Uuid, Path), Asked,
           ("series" = Vec<String>, Query, description = "Figures as `class:index`, given once for each or separated by commas; at most 64.")),
    responses((status = 200, body = Metrics)))]
async fn metrics(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<DeviceId>,
    QueryList(asked, series): QueryList<Asked>,
) -> Result<Json<Metrics>, ApiError> {
    tenancy.store.device(id).await?;
    let to = asked.to.map_or_else(|| app.now(), |to| to.0);
    let from = asked.from.map_or_else(|| to.plus_seconds(-DAY), |from| from.0);
    let points = asked.points.unwrap_or(POINTS);
    let figures = figures(&series)?;
    check(from, to, points)?;
    let key = |(class, index): &(String, String)| history::key(tenancy.tenant, id, class, index);
    let found = app.history.ranges(figures.iter().map(key).collect(), from, to, points).await?;
    let series = figures.into_iter().zip(found).map(|(figure, range)| shown(figure, range)).collect();
    Ok(Json(Metrics { from: Time(from), to: Time(to), series }))
}

fn figures(asked: &[String]) -> Result<Vec<(String, String)>, ApiError> {
    let figure = |name: &str| {
        let (class, index) = name.split_once(':').unwrap_or((name, ""));
        (class.to_owned(), index.to_owned())
    };
    let figures: Vec<_> =
        asked.iter().flat_map(|names| names.split(',')).filter(|name| !name.is_empty()).map(figure).collect();
    match figures.len() {
        0 => Err(refuse("`series` is required: say which figures, as `ping:median`.")),
        1..=SERIES => Ok(figures),
        _ => Err(refuse("`series` names more than 64 figures: ask several times.")),
    }
}

fn check(from: Timestamp, to: Timestamp, points: usize) -> Result<(), ApiError> {
    if from >= to {
        return Err(refuse("`from` must be before `to`."));
    }
    if !(1..=MOST_POINTS).contains(&points) {
        return Err(refuse("`points` must be between 1 and 4000."));
    }
    Ok(())
}

fn refuse(detail: &'static str) -> ApiError {
    ApiError::bad_request("bad-query", detail)
}

fn shown((class, index): (String, String), range: Range) -> Series {
    let unit = unit(&class, &index);
    let empty = Series { class, index, unit, step: None, at: vec![], avg: vec![], min: vec![], max: vec![] };
    match range {
        Range::Points(points) => {
            let values: Vec<f64> = points.iter().map(|point| point.value).collect();
            let at = points.iter().map(|point| point.at).collect();
            Series { at, avg: values.clone(), min: values.clone(), max: values, ..empty }
        }
        Range::Summaries { step, summaries } => {
            let all = |of: fn(&Summary) -> f64| summaries.iter().map(of).collect();
            Series {
                step: Some(step),
                at: summaries.iter().map(|summary| summary.at).collect(),
                avg: all(Summary::mean),
                min: all(|summary| summary.min),
                max: all(|summary| summary.max),
                ..empty
            }
        }
    }
}

/// The unit of a figure.
fn unit(class: &str, index: &str) -> &'static str {
    if class == PING {
        return if index == "loss" { "%" } else { "ms" };
    }
    if let Some(unit) = Figure::unit(class) {
        return unit;
    }
    let name: StrDeserializer<'_, Error> = class.into_deserializer();
    Class::deserialize(name).map_or("", Class::unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_asked_for_one_by_one_or_together() {
        let asked = ["ping:median,ping:loss".to_owned(), "cpu".to_owned(), "signal:rx.1".to_owned()];
        let named: Vec<_> =
            figures(&asked).unwrap().into_iter().map(|(class, index)| format!("{class}/{index}")).collect();
        assert_eq!(named, ["ping/median", "ping/loss", "cpu/", "signal/rx.1"]);
        assert_eq!(figures(&[",".into()]).unwrap_err().status(), 400);
        assert_eq!(figures(&vec!["cpu".into(); 65]).unwrap_err().status(), 400);
    }

    #[test]
    fn a_figure_has_the_unit_of_its_class() {
        let units = [
            ("ping", "loss"),
            ("ping", "max"),
            ("rate-tx", "1"),
            ("clients", ""),
            ("no such", ""),
            ("port-in", "1"),
        ];
        assert_eq!(units.map(|(class, index)| unit(class, index)), ["%", "ms", "bit/s", "", "", "bit/s"]);
    }
}
