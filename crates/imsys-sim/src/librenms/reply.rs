//! The forms of its answers.

use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) location: Option<String>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        Self { status, content_type: "application/json", body, location: None }
    }

    /// A list or several: `{status: "ok", NAME: …}`.
    pub(super) fn ok(name: &str, value: Value) -> Self {
        Self::json(200, &json!({ "status": "ok", name: value }))
    }

    /// A list with how many there are.
    pub(super) fn counted(name: &str, list: Vec<Value>) -> Self {
        let count = list.len();
        Self::json(200, &json!({ "status": "ok", name: list, "count": count }))
    }

    /// Nothing but that it was done.
    pub(super) fn done(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "status": "ok", "message": message }))
    }

    pub(super) fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "status": "error", "message": message }))
    }

    /// An error of the framework and not of the API: no `status`.
    pub(super) fn bare(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(super) fn no_route() -> Self {
        Self::error(404, "This API route doesn't exist.")
    }

    pub(super) fn picture(content_type: &'static str, body: &[u8]) -> Self {
        Self { status: 200, content_type, body: body.to_vec(), location: None }
    }
}
