//! Editions as entity tags: a change says which edition it was made from.

use crate::http::error::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponseParts, ResponseParts};
use std::convert::Infallible;
use std::fmt;

/// `If-Match`: the edition that a change was made from; `None` when the client does not care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let text = text.strip_prefix("W/").unwrap_or(text);
        let edition =
            text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|n| n.parse().ok());
        let wrong =
            || ApiError::bad_request("bad-if-match", "`If-Match` must be an ETag as it was answered.");
        edition.map(|edition| Self(Some(edition))).ok_or_else(wrong)
    }
}

/// `ETag`: the edition of what is answered.
#[derive(Clone, Copy, Debug)]
pub struct Etag(pub i64);

/// As the header and the field `etag` spell it.
impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl IntoResponseParts for Etag {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let tag = HeaderValue::from_str(&self.to_string()).expect("a number in quotes");
        parts.headers_mut().insert(header::ETAG, tag);
        Ok(parts)
    }
}
