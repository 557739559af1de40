//! What every answer carries, how long one may take, and what is counted and logged of it.

use super::error::{ApiError, Code};
use crate::app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::{Duration, Instant};

/// Until the head of the answer; a stream may go on after it.
const PATIENCE: Duration = Duration::from_secs(30);

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The outermost layer. Neither the query string nor the path as it was typed is logged: both may hold
/// secrets and names.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = tokio::time::timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|_| {
        ApiError::busy("timeout", "This took too long. Try again in a moment.", 5).into_response()
    });
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    app.metrics.requests.count(class(response.status().as_u16()));
    if let Some(Code(code)) = response.extensions().get() {
        app.metrics.refusals.count(code);
    }
    tracing::debug!(
        %method,
        route = route.as_ref().map_or("(none)", MatchedPath::as_str),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
