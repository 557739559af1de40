//! `/tool fetch`: what it would call. The call itself is made when the script is over.

use std::time::Duration;

use super::ast::Command;
use super::run::{Failure, Run};
use super::value::Value;

/// How long a call may take when the script does not say.
const DEADLINE: Duration = Duration::from_secs(5);

/// One HTTP call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fetch {
    /// The URL as the script put it together: nothing is encoded.
    pub(crate) url: Vec<u8>,
    /// Upper case.
    pub(crate) method: String,
    /// `Name: value` each.
    pub(crate) headers: Vec<Vec<u8>>,
    pub(crate) body: Vec<u8>,
    pub(crate) deadline: Duration,
}

/// Arguments of `/tool fetch`; those of later versions are left to later versions.
pub(super) fn takes(key: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "url",
        "http-method",
        "http-data",
        "http-header-field",
        "keep-result",
        "duration",
        "mode",
        "output",
        "check-certificate",
        "dst-path",
        "src-path",
        "user",
        "password",
        "port",
        "address",
        "host",
    ];
    KNOWN.contains(&key)
}

impl Run<'_> {
    /// Notes a call. Fails at once where device-mode forbids it, so that `on-error` can notice.
    pub(super) fn fetch(&mut self, command: &Command) -> Result<Value, Failure> {
        if self
            .state
            .at("system/device-mode")
            .and_then(|table| Some(table.first()?.text(table.menu, "fetch")))
            == Some(b"no")
        {
            return Err(Failure::new(command.at, "failure: not allowed by device-mode"));
        }
        let mut fetch = Fetch {
            url: Vec::new(),
            method: "GET".into(),
            headers: Vec::new(),
            body: Vec::new(),
            deadline: DEADLINE,
        };
        for arg in &command.args {
            let value = self.value(&arg.value, arg.at)?;
            match arg.key.as_deref() {
                Some("url") => fetch.url = value.spell(),
                Some("http-method") => fetch.method = String::from_utf8_lossy(&value.spell()).to_uppercase(),
                Some("http-data") => fetch.body = value.spell(),
                Some("http-header-field") => fetch.headers = headers(value),
                Some("duration") => fetch.deadline = seconds(&value).unwrap_or(DEADLINE),
                _ => {}
            }
        }
        if !fetch.url.starts_with(b"http://") {
            return Err(Failure::new(command.at, "failure: only http:// works here"));
        }
        self.effects.fetches.push(fetch);
        Ok(Value::Nothing)
    }
}

/// Fields of a list, or of a text with commas between.
fn headers(value: Value) -> Vec<Vec<u8>> {
    match value {
        Value::List(items) => items.iter().map(Value::spell).collect(),
        other => other.spell().split(|byte| *byte == b',').map(<[u8]>::to_vec).collect(),
    }
}

/// `5s`, `2`, `1m`
fn seconds(value: &Value) -> Option<Duration> {
    let text = String::from_utf8(value.spell()).ok()?;
    let (digits, unit) =
        text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = digits.parse().ok()?;
    match unit {
        "" | "s" => Some(Duration::from_secs(number)),
        "ms" => Some(Duration::from_millis(number)),
        "m" => Some(Duration::from_secs(number * 60)),
        _ => None,
    }
}
