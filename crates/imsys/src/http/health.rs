//! Whether it lives, whether it can work, and what it counted.

use super::error::{ApiError, Problem};
use super::route::{Access, Route};
use crate::app::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::OpenApi;

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/livez", Access::Public, livez),
        Route::get("/readyz", Access::Public, readyz),
        Route::get("/metrics", Access::Public, metrics),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(livez, readyz, metrics))]
pub(crate) struct Doc;

/// Answers as long as the process runs.
#[utoipa::path(get, path = "/livez", tag = "operation", responses((status = 200, body = String)))]
async fn livez() -> &'static str {
    "ok\n"
}

/// Answers 200 when facts can be read and written, else 503 with what is wrong.
#[utoipa::path(get, path = "/readyz", tag = "operation",
    responses((status = 200, body = String), (status = 503, body = Problem)))]
async fn readyz(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.store.health().await?;
    Ok("ok\n")
}

/// Counters in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, body = String)))]
async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text())
}
