//! CSV bodies, as text.

use super::json::read_body;
use crate::http::error::ApiError;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

/// A body of `text/csv` in UTF-8, of at most 1 MiB; a byte order mark at its begin is taken off. Another
/// content type: 415, so that no foreign page can send one unasked.
#[derive(Clone, Debug)]
pub struct Csv(pub String);

impl<S: Send + Sync> FromRequest<S> for Csv {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("text/csv") {
            let detail = "The body must be CSV, with `Content-Type: text/csv`.";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-csv", detail));
        }
        let body = read_body(request).await?;
        let text = std::str::from_utf8(&body).map_err(|_| {
            ApiError::bad_request("not-utf8", "The file is not in UTF-8. Save it as \"CSV UTF-8\".")
        })?;
        Ok(Self(text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned()))
    }
}
