//! What every answer carries, how long one may take, and what is counted and logged of it.

use super::error::{ApiError, Code};
use super::peer::Peer;
use super::route::is_webhook;
use super::server::Site;
use crate::app::App;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::{Duration, Instant};
use tower::Service;

/// Until the head of the answer; a stream may go on after it.
const PATIENCE: Duration = Duration::from_secs(30);

/// On every answer that has a body.
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

/// Where the client speaks HTTPS, its browser does so for a year without asking.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Everything around a request's handler. Neither the query string nor the path as it was typed is
/// logged: both may hold secrets and names.
pub(super) async fn around(app: &App, site: &Site, request: Request) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let peer = request.extensions().get::<Peer>().copied();
    let answer = tokio::time::timeout(PATIENCE, answer(app, site, request)).await;
    let response = answer.unwrap_or_else(|_| {
        ApiError::busy("timeout", "This took too long. Try again in a moment.", 5).into_response()
    });
    let response = dress(app, response, peer);
    tracing::debug!(
        %method,
        route = response.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Puts on an answer what every answer carries, and counts it.
pub(super) fn dress(app: &App, mut response: Response, peer: impl Into<Option<Peer>>) -> Response {
    let https = peer.into().is_some_and(|peer| peer.https == Some(true));
    if response.status() != StatusCode::NO_CONTENT {
        for (name, value) in HEADERS {
            response.headers_mut().entry(name).or_insert(value);
        }
        if https {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
    }
    app.metrics.requests.count(class(response.status().as_u16()));
    if let Some(Code(code)) = response.extensions().get() {
        app.metrics.refusals.count(code);
    }
    response
}

async fn answer(app: &App, site: &Site, request: Request) -> Response {
    // They come by the thousand when a town comes back, and there is nothing to look up: straight to the
    // handler that the router has for them, unless the log wants their route.
    if is_webhook(&request) && !tracing::enabled!(tracing::Level::DEBUG) {
        return (site.webhook)(app.clone(), request).await;
    }
    site.router.clone().call(request).await.unwrap_or_else(|never| match never {})
}

/// A layer that lets the answer know its route, for the log.
pub(super) async fn name_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
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
