//! The one mapping from what went wrong to what a client is told: RFC 9457 problem+json.

use super::refusals::{self, sentence};
use crate::complaints::complain;
use crate::fields::{FieldError, Invalid};
use crate::history::HistoryError;
use crate::passwords::PasswordError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use imsys_queue::QueueError;
use imsys_store::{StoreError, Trouble};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use utoipa::ToSchema;

/// A refusal. Inside text never reaches the client: it is logged here, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
    more: Map<String, Value>,
}

/// The code of a refusal, left in the answer for the counters.
#[derive(Clone, Copy)]
pub(super) struct Code(pub(super) &'static str);

/// A problem as RFC 9457 writes it.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The HTTP status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Stable, for programs.
    code: &'static str,
    /// An explanation for people.
    detail: String,
    /// Errors by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// What else a route has to say.
    #[serde(flatten)]
    #[schema(ignore)]
    more: Map<String, Value>,
}

impl ApiError {
    /// Any refusal.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None, more: Map::new() }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: nobody is signed in.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// 403: this person or key may not.
    pub fn forbidden(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing here.")
    }

    /// 409: the state of things does not allow it.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 422: one field does not fit.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Invalid::one(field, message).into()
    }

    /// 503: try again in `seconds`.
    pub fn busy(code: &'static str, detail: impl Into<Cow<'static, str>>, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail) }
    }

    /// 429: too often; try again in `seconds`.
    pub fn too_often(detail: impl Into<Cow<'static, str>>, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
        }
    }

    /// 500: our fault; `inside` goes to the log alone.
    pub fn failed(inside: impl std::fmt::Display) -> Self {
        complain("a request failed", None, &inside);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke here. The log says what.")
    }

    /// The same with the members of `more` beside the usual ones.
    pub fn with(self, more: &impl Serialize) -> Self {
        let Ok(Value::Object(more)) = serde_json::to_value(more) else { return self };
        Self { more, ..self }
    }

    /// What is wrong, field by field.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The status it answers with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// An explanation for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Archived => {
                Self::conflict("archived", "This is archived. Restore it first: then it can be changed.")
            }
            StoreError::Stale => {
                Self::conflict("stale", "This was changed by somebody else meanwhile. Load it again.")
            }
            StoreError::Exists(taken) => Self::conflict("exists", sentence(refusals::taken(taken))),
            StoreError::InUse(why) => Self::conflict("in-use", sentence(refusals::hindrance(why))),
            StoreError::Dangling(to) => Self::field(refusals::field(to), "does not exist"),
            StoreError::Fenced => {
                Self::busy("moved", "Another process serves this router now. Try again.", 1)
            }
            StoreError::Busy => Self::busy("busy", "Too much is waiting. Try again in a moment.", 1),
            StoreError::Unavailable(trouble) => Self::busy("storage", words_of(trouble), 30),
            StoreError::Slow => {
                Self::busy("too-slow", "Reading this takes too long. Ask for less, or try again later.", 5)
            }
            StoreError::Failed(inside) => Self::failed(inside),
        }
    }
}

/// What is told of this error where nobody speaks HTTP.
pub(crate) fn in_words<E>(error: E) -> String
where
    ApiError: From<E>,
{
    ApiError::from(error).detail.into_owned()
}

/// What is wrong with the storage, and what mends it.
fn words_of(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Full => {
            "The disk that holds the data is full: nothing can be stored. Make room on it; nothing else is needed."
        }
        Trouble::Disk => {
            "The disk that holds the data cannot be read or written. See the system's log, and restore a backup \
             if it is broken."
        }
        Trouble::Deleted => {
            "The database file was deleted or replaced while IMSys runs. Stop it, put the file back or restore a \
             backup, and start it again."
        }
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        let detail = match invalid.0.as_slice() {
            [only] => format!("`{}` {}", only.field, only.message),
            _ => "Some fields do not fit.".to_owned(),
        };
        Self { errors: invalid.0, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Full { .. } => Self::busy("busy", "Too much is waiting. Try again in a moment.", 2),
            QueueError::Failed(inside) => Self::failed(inside),
        }
    }
}

impl From<HistoryError> for ApiError {
    fn from(error: HistoryError) -> Self {
        complain("the history of devices cannot be used", None, &error);
        let detail = "What was measured cannot be read just now.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no-history", detail)
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::TooOften(wait) => {
                Self::too_often("Too many attempts to sign in. Wait a while.", wait)
            }
            PasswordError::Busy => {
                Self::busy("busy", "Too many people sign in right now. Try again in a moment.", 2)
            }
            PasswordError::Failed(why) => Self::failed(why),
        }
    }
}

impl From<crate::secrets::SecretError> for ApiError {
    fn from(error: crate::secrets::SecretError) -> Self {
        match error {
            crate::secrets::SecretError::Store(error) => error.into(),
            other => Self::failed(other),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.into_owned(),
            errors: self.errors,
            more: self.more,
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Code(self.code));
        response
    }
}
