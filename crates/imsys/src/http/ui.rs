//! The dashboard: everything outside the API that is asked for with GET.

use super::error::ApiError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Answers what no route matches.
pub(super) async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    let api = path == "/api" || path.starts_with("/api/");
    if api || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::not_found().into_response();
    }
    let headers = request.headers();
    let asset = imsys_web::respond(
        path,
        text(headers, header::ACCEPT_ENCODING),
        text(headers, header::IF_NONE_MATCH),
    );
    let mut response = Response::builder().status(asset.status);
    for (name, value) in &asset.headers {
        response = response.header(*name, &**value);
    }
    let body = match asset.body {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    };
    response.body(body).unwrap_or_else(|error| ApiError::failed(error).into_response())
}

/// Answers a path that exists with a method that it does not have.
pub(super) async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This path does not know this method.",
    )
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
