//! One request and its answer: bounded in time and size, no redirect, no repetition.

use super::dial::{Trust, connect};
use super::settings::Settings;
use crate::port::{Away, Denied, DoctorError, Refusal, Wrong};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Requests that are under way at once. PHP serves few, and people want to use LibreNMS too.
const AT_ONCE: usize = 4;
/// The largest answer that is read, except lists of all devices and pictures.
pub(super) const ANSWER: usize = 4 << 20;
/// The largest list of all devices: about 35,000 of them.
pub(super) const LIST: usize = 64 << 20;
/// The largest picture.
pub(super) const PICTURE: usize = 8 << 20;
/// The header of the token.
const X_AUTH_TOKEN: &str = "x-auth-token";

/// Why there is no answer that says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallError {
    #[error("the name has no address")]
    NoAddress,
    #[error("the address is not allowed")]
    Address,
    #[error("no connection")]
    NoConnection,
    #[error("no trusted TLS connection")]
    Tls,
    #[error("the connection broke off")]
    BrokenOff,
    #[error("no answer in time")]
    TooSlow,
    #[error("no turn in time")]
    Busy,
    #[error("more than {0} bytes")]
    TooLarge(usize),
    #[error("a redirect")]
    Redirect,
    /// 401.
    #[error("the token is not accepted")]
    Token,
    /// 403.
    #[error("the token's user may not do this")]
    Right,
    /// 404 of a route that this LibreNMS does not have.
    #[error("no such route")]
    NoRoute,
    /// 404 of a thing, or of a list that is empty.
    #[error("not found")]
    NotFound,
    /// 400 and 422.
    #[error("the request was refused: {0:?}")]
    Rejected(Said),
    /// 500, which is how LibreNMS refuses.
    #[error("status 500: {0:?}")]
    Failed(Said),
    /// 429, 502, 503, 504.
    #[error("it is busy")]
    Overloaded,
    #[error("status {0} was not expected")]
    Odd(u16),
    #[error("the answer is not what LibreNMS gives")]
    NotUnderstood,
}

/// What an error's text says, as far as it matters here. The text itself is not kept: it may hold secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    AlreadyExists,
    AddressTaken,
    SysNameTaken,
    NoPing,
    NoSnmp,
    NoDataFile,
    NoTemplate,
    NoDependency,
    NothingGiven,
    Else,
}

/// Texts of LibreNMS 26.7, and what they mean.
const TEXTS: &[(&str, Said)] = &[
    ("already exists", Said::AlreadyExists),
    ("with this IP", Said::AddressTaken),
    ("due to duplicate sysName", Said::SysNameTaken),
    ("Could not ping", Said::NoPing),
    ("Could not connect to", Said::NoSnmp),
    ("No Data file", Said::NoDataFile),
    ("No such file or directory", Said::NoDataFile),
    ("template missing", Said::NoTemplate),
    ("Device dependency cannot be deleted", Said::NoDependency),
    ("No information has been provided", Said::NothingGiven),
];

impl Said {
    /// Of a body in any of its forms: `{message: text}`, `{message: {field: [text]}}`, or none.
    pub(super) fn of(body: &Value) -> Self {
        let Some(Value::String(text)) = body.get("message") else { return Self::Else };
        TEXTS.iter().find(|(part, _)| text.contains(part)).map_or(Self::Else, |(_, said)| *said)
    }
}

impl From<CallError> for DoctorError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NoAddress => Self::Away(Away::NoAddress),
            CallError::NoConnection => Self::Away(Away::NoConnection),
            CallError::BrokenOff => Self::Away(Away::BrokenOff),
            CallError::TooSlow => Self::Away(Away::TooSlow),
            CallError::Busy | CallError::Overloaded => Self::Away(Away::Busy),
            CallError::Address => Self::Wrong(Wrong::Address),
            CallError::Tls => Self::Wrong(Wrong::Tls),
            CallError::TooLarge(_) => Self::Wrong(Wrong::TooLarge),
            CallError::Redirect => Self::Wrong(Wrong::Redirect),
            CallError::NoRoute | CallError::Odd(_) | CallError::NotUnderstood => Self::Wrong(Wrong::Answer),
            CallError::Token => Self::Denied(Denied::Token),
            CallError::Right => Self::Denied(Denied::Right),
            CallError::NotFound => Self::NoSuchDevice,
            CallError::Rejected(_) => Self::Refused(Refusal::Value),
            CallError::Failed(said) => match said {
                Said::AddressTaken | Said::AlreadyExists => Self::Refused(Refusal::AddressTaken),
                Said::SysNameTaken => Self::Refused(Refusal::NameTaken),
                Said::NoPing => Self::Refused(Refusal::NoPing),
                Said::NoSnmp => Self::Refused(Refusal::NoSnmp),
                Said::NoDataFile => Self::NoData,
                Said::NoTemplate => Self::NoSuchGraph,
                Said::NoDependency | Said::NothingGiven | Said::Else => Self::Away(Away::Failed),
            },
        }
    }
}

/// What is asked.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below `/api/v0`, with its query; made of our own texts and numbers alone.
    pub(super) path: &'a str,
    pub(super) body: Option<&'a Value>,
    pub(super) within: Duration,
    pub(super) most: usize,
}

/// An answer with status 2xx.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) content_type: String,
    pub(super) bytes: Bytes,
}

impl Answer {
    pub(super) fn json(&self) -> Result<Value, CallError> {
        let value: Value = self.parsed()?;
        if value.is_object() { Ok(value) } else { Err(CallError::NotUnderstood) }
    }

    /// JSON of a known shape.
    pub(super) fn parsed<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        if !is_json(&self.content_type) {
            return Err(CallError::NotUnderstood);
        }
        serde_json::from_slice(&self.bytes).map_err(|_| CallError::NotUnderstood)
    }
}

/// Asks LibreNMS.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) settings: Settings,
    trust: Trust,
    turns: Semaphore,
}

impl Client {
    pub(super) fn new(settings: Settings, trust: Trust) -> Self {
        Self { settings, trust, turns: Semaphore::new(AT_ONCE) }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, CallError> {
        self.json(Method::GET, path, None).await
    }

    /// Anything that is answered in JSON, with the usual bounds.
    pub(super) async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let within = self.settings.patience.answer;
        self.call(Call { method, path, body, within, most: ANSWER }).await?.json()
    }

    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, CallError> {
        let began = std::time::Instant::now();
        let (method, path) = (call.method.clone(), call.path.to_owned());
        let turn = tokio::time::timeout(call.within, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(CallError::Busy) };
        let answer = tokio::time::timeout(call.within, self.exchange(call)).await;
        let answer = answer.unwrap_or(Err(CallError::TooSlow));
        let outcome = answer.as_ref().err().map_or_else(String::new, ToString::to_string);
        let duration_ms = began.elapsed().as_millis();
        tracing::debug!(%method, path, duration_ms, outcome, "LibreNMS was asked");
        answer
    }

    async fn exchange(&self, call: Call<'_>) -> Result<Answer, CallError> {
        let request = self.request(&call)?;
        let stream = connect(&self.settings, &self.trust).await?;
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(|_| CallError::BrokenOff)?;
        // Both in one task: when this future is dropped, so is the connection.
        let exchange = async {
            let response = sender.send_request(request).await.map_err(|_| CallError::BrokenOff)?;
            read(response, call.most).await
        };
        tokio::pin!(exchange);
        tokio::select! {
            biased;
            answer = &mut exchange => answer,
            _ = connection => exchange.await,
        }
    }

    fn request(&self, call: &Call<'_>) -> Result<Request<Full<Bytes>>, CallError> {
        let url = &self.settings.url;
        let text = call.body.map(Value::to_string).unwrap_or_default();
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}/api/v0{}", url.path, call.path))
            .header(header::HOST, &url.authority)
            .header(header::ACCEPT, HeaderValue::from_static("application/json, image/*"))
            .header(header::CONNECTION, HeaderValue::from_static("close"))
            .header(header::USER_AGENT, HeaderValue::from_static("imsys"))
            .header(X_AUTH_TOKEN, self.settings.token.header());
        if call.method != Method::GET {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request.body(Full::new(Bytes::from(text))).map_err(|_| CallError::NotUnderstood)
    }
}

/// Reads an answer: its body where it says yes, else what it says no with.
async fn read(response: Response<hyper::body::Incoming>, most: usize) -> Result<Answer, CallError> {
    let status = response.status();
    if status.is_redirection() {
        return Err(CallError::Redirect);
    }
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let most = if status.is_success() { most } else { ANSWER };
    let body = Limited::new(response.into_body(), most).collect().await;
    let bytes = match body {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(CallError::TooLarge(most)),
        Err(_) => return Err(CallError::BrokenOff),
    };
    let answer = Answer { content_type, bytes };
    if status.is_success() { Ok(answer) } else { Err(refusal(status, &answer)) }
}

/// What a status other than 2xx and 3xx means.
fn refusal(status: StatusCode, answer: &Answer) -> CallError {
    let body = answer.json();
    let said = body.as_ref().map_or(Said::Else, Said::of);
    match status.as_u16() {
        401 => CallError::Token,
        403 => CallError::Right,
        404 => match body {
            Ok(body) if is_no_route(&body) => CallError::NoRoute,
            Ok(body) if body.get("status").is_some() => CallError::NotFound,
            _ => CallError::NoRoute,
        },
        400 | 422 => CallError::Rejected(said),
        500 => CallError::Failed(said),
        429 | 502..=504 => CallError::Overloaded,
        other => CallError::Odd(other),
    }
}

fn is_no_route(body: &Value) -> bool {
    body.get("message").and_then(Value::as_str).is_some_and(|text| text.contains("API route doesn't exist"))
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|kind| kind.trim() == "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(content_type: &str, body: &str) -> Answer {
        Answer { content_type: content_type.into(), bytes: Bytes::copy_from_slice(body.as_bytes()) }
    }

    fn refused(status: u16, body: &Value) -> DoctorError {
        let answer = answer("application/json", &body.to_string());
        refusal(StatusCode::from_u16(status).unwrap(), &answer).into()
    }

    #[test]
    fn the_texts_of_status_500_are_told_apart() {
        for (text, error) in [
            ("Device 127.0.0.2 already exists", DoctorError::Refused(Refusal::AddressTaken)),
            (
                "Cannot add a, already have device b with this IP 10.0.0.1",
                DoctorError::Refused(Refusal::AddressTaken),
            ),
            ("Already have device a due to duplicate sysName: b", DoctorError::Refused(Refusal::NameTaken)),
            ("Could not ping 10.99.1.99 (10.99.1.99)", DoctorError::Refused(Refusal::NoPing)),
            (
                "Could not connect to 127.0.0.77, please check the snmp details and snmp reachability",
                DoctorError::Refused(Refusal::NoSnmp),
            ),
            ("No Data fileicmp-perf.rrd", DoctorError::NoData),
            ("device_nosuch template missing", DoctorError::NoSuchGraph),
            ("SQLSTATE[HY000]", DoctorError::Away(Away::Failed)),
        ] {
            assert_eq!(refused(500, &json!({ "status": "error", "message": text })), error, "{text}");
        }
    }

    #[test]
    fn errors_are_read_in_all_their_forms() {
        assert_eq!(
            refused(401, &json!({ "message": "Unauthenticated." })),
            DoctorError::Denied(Denied::Token)
        );
        assert_eq!(
            refused(403, &json!({ "message": "This action is unauthorized." })),
            DoctorError::Denied(Denied::Right)
        );
        let fields =
            json!({ "status": "error", "message": { "name": ["The name has already been taken."] } });
        assert_eq!(refused(422, &fields), DoctorError::Refused(Refusal::Value));
        assert_eq!(refused(500, &json!({ "message": "Server Error" })), DoctorError::Away(Away::Failed));
        assert_eq!(refused(503, &json!({})), DoctorError::Away(Away::Busy));
        let html = refusal(StatusCode::NOT_FOUND, &answer("text/html", "<h1>Not Found</h1>"));
        assert_eq!(html, CallError::NoRoute);
    }

    #[test]
    fn an_empty_page_is_no_answer() {
        let empty = answer("text/html; charset=utf-8", "");
        assert_eq!(empty.json().unwrap_err(), CallError::NotUnderstood);
        assert_eq!(answer("application/json", "[1]").json().unwrap_err(), CallError::NotUnderstood);
    }
}
