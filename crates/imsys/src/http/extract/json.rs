//! JSON bodies: complaints name the field and speak plainly.

use super::misfit;
use super::strict::Strict;
use crate::fields::{FieldError, Invalid};
use crate::http::error::ApiError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

/// The most bytes of a body.
const BODY: usize = 1 << 20;

/// A body in JSON, either way. Not JSON: 400; JSON that does not fit: 422 with the field; another
/// content type: 415, so that no foreign page can send one unasked.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        is_typed(&request)?;
        parse(&read_body(request).await?).map(Self)
    }
}

/// A body in JSON that may be left out: nothing, whatever its content type, and `null` are the default.
#[derive(Clone, Copy, Debug)]
pub struct JsonOrNothing<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for JsonOrNothing<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let typed = is_typed(&request);
        let body = read_body(request).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        typed?;
        parse::<Option<T>>(&body).map(|value| Self(value.unwrap_or_default()))
    }
}

/// Whether it says that its body is JSON; a refusal else.
fn is_typed(request: &Request) -> Result<(), ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "The body must be JSON, with `Content-Type: application/json`.";
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail))
}

/// The whole body, within its bound.
pub(super) async fn read_body(request: Request) -> Result<Bytes, ApiError> {
    let body = Limited::new(request.into_body(), BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "The body is too large: 1 MiB is the most.",
            )
        } else {
            ApiError::bad_request("broken-body", "The body could not be read.")
        }
    })?;
    Ok(body.to_bytes())
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(Strict(&mut json)).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { misfit(&path, &inner) } else { not_json(&inner) }
    })?;
    json.end().map_err(|error| not_json(&error)).map(|()| value)
}

fn not_json(error: &serde_json::Error) -> ApiError {
    let detail = match (error.is_eof(), error.line(), error.column()) {
        (true, ..) => "The body is not JSON: it ends too early.".to_owned(),
        (_, line, column) => format!("The body is not JSON from line {line}, column {column} on."),
    };
    ApiError::bad_request("bad-json", detail)
}

/// serde says ``missing field `name` at line 1 column 2``; people are told that `name` is required.
fn misfit(path: &str, error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let named = |prefix: &str| text.strip_prefix(prefix)?.split('`').next();
    let inside = |name: &str| match path.trim_end_matches('.') {
        "" => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let (field, message) = match (named("missing field `"), named("unknown field `")) {
        (Some(name), _) => (inside(name), "is required".to_owned()),
        (_, Some(name)) => (inside(name), "is not known here".to_owned()),
        _ => (if path == "." { "body" } else { path }.to_owned(), misfit::in_words(text)),
    };
    Invalid(vec![FieldError { field, message }]).into()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// For fields of a PATCH that may be `null`: absent is `None`, `null` is `Some(None)`. Use with
/// `#[serde(default, deserialize_with = "patched")]`.
pub fn patched<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Body {
        name: String,
        #[serde(default, deserialize_with = "patched")]
        plan: Option<Option<u8>>,
        inner: Option<Inner>,
        #[serde(default)]
        inners: Vec<Inner>,
        choice: Option<Choice>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Choice {
        None,
        Some(u8),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Inner {
        port: u16,
    }

    #[test]
    fn complaints_name_the_field() {
        for (body, field, message) in [
            ("{}", "name", "is required"),
            (r#"{"name":"a","x":1}"#, "x", "is not known here"),
            (r#"{"name":"a","inner":{}}"#, "inner.port", "is required"),
            (r#"{"name":"a","inner":{"port":1,"x":1}}"#, "inner.x", "is not known here"),
            (r#"{"name":1}"#, "name", "must be text"),
        ] {
            let expected = FieldError { field: field.into(), message: message.into() };
            assert_eq!(parse::<Body>(body.as_bytes()).unwrap_err(), Invalid(vec![expected]).into(), "{body}");
        }
    }

    #[test]
    fn an_array_is_no_object() {
        for (body, field) in [
            (r#"["ana", null, null]"#, "body"),
            (r#"{"name":"a","inner":[1]}"#, "inner"),
            (r#"{"name":"a","inners":[{"port":1},[2]]}"#, "inners[1]"),
        ] {
            let refused = parse::<Body>(body.as_bytes()).unwrap_err();
            let fields: Vec<&str> = refused.errors().iter().map(|error| error.field.as_str()).collect();
            assert_eq!((refused.status().as_u16(), fields), (422, vec![field]), "{body}");
        }
        assert_eq!(parse::<Vec<u8>>(b"[1,2]"), Ok(vec![1, 2]));
        assert_eq!(parse::<(u8, Option<String>)>(br#"[1,"a"]"#), Ok((1, Some("a".into()))));
        let body = parse::<Body>(br#"{"name":"a","inner":{"port":1},"inners":[],"choice":{"some":2}}"#);
        assert!(matches!(body.unwrap().choice, Some(Choice::Some(2))));
        assert!(parse::<Body>(br#"{"name":"a","choice":"none"}"#).is_ok());
        let doubled = parse::<Body>(br#"{"name":"a","name":"b"}"#).unwrap_err();
        assert_eq!(doubled.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    #[test]
    fn what_is_no_json_is_told_apart_from_what_does_not_fit() {
        for body in ["", "{", "nope", r#"{"name":"a"} x"#] {
            assert_eq!(
                parse::<Body>(body.as_bytes()).unwrap_err().status(),
                StatusCode::BAD_REQUEST,
                "{body}"
            );
        }
        let detail = |body: &str| parse::<Body>(body.as_bytes()).unwrap_err().detail().to_owned();
        assert_eq!(detail("{"), "The body is not JSON: it ends too early.");
        assert_eq!(detail("{\n  x"), "The body is not JSON from line 2, column 3 on.");
    }

    #[test]
    fn absent_and_null_are_told_apart() {
        let plan = |body: &str| parse::<Body>(body.as_bytes()).unwrap().plan;
        assert_eq!(plan(r#"{"name":"a"}"#), None);
        assert_eq!(plan(r#"{"name":"a","plan":null}"#), Some(None));
        assert_eq!(plan(r#"{"name":"a","plan":7}"#), Some(Some(7)));
    }
}
