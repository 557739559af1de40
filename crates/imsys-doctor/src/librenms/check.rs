//! Whether a LibreNMS can be used: its URL, the token, and the rights of the token's user.

use super::call::{ANSWER, Call, CallError, Said};
use super::{LibreNms, label};
use hyper::Method;
use imsys_domain::text;
use serde_json::{Value, json};
use std::fmt;

/// Longer versions are not shown.
const MOST_VERSION: usize = 40;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The version of LibreNMS, where it was told.
    pub version: Option<String>,
    /// What is wrong; empty where all is well.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// Whether it can be used as it is.
    pub fn is_usable(&self) -> bool {
        self.problems.iter().all(|problem| *problem == Problem::InTheClear)
    }
}

/// What is wrong, in words that say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The name of the URL is not known to the DNS.
    NoAddress,
    /// The address is none that the server connects to.
    Address,
    /// Nobody accepts connections there.
    NoConnection,
    /// There is no TLS, or none that is trusted.
    Tls,
    /// It answers by another URL.
    Redirect,
    /// Something else answers.
    NotLibreNms,
    /// It does not answer in time.
    TooSlow,
    /// It answers with a failure.
    Failing,
    /// The token is not accepted.
    Token,
    /// The token's user may not read what is needed.
    MayNotRead,
    /// The token's user may not add devices.
    MayNotAdd,
    /// The token's user may not change devices.
    MayNotChange,
    /// The token's user may not remove devices.
    MayNotRemove,
    /// The token goes over the network unencrypted. It can be used all the same.
    InTheClear,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "The name in the URL has no address: check its spelling and this server's DNS.",
            Self::Address => {
                "The URL leads to an address that is not allowed. A LibreNMS on this machine needs \
                 network.allow_loopback = true."
            }
            Self::NoConnection => "Nothing accepts connections there: check the port and the firewall.",
            Self::Tls => {
                "The certificate is not trusted by this server, is for another name, or there is no TLS at this port. \
                 Install your authority's certificate on this server."
            }
            Self::Redirect => "LibreNMS answers with a redirect: enter the URL that the browser shows after it.",
            Self::NotLibreNms => {
                "Something answers, but not as LibreNMS: check the path of the URL (it ends before /api/v0)."
            }
            Self::TooSlow => "There was no answer in time: LibreNMS is overloaded, or the network drops packets.",
            Self::Failing => "LibreNMS answers with a failure: run its validate.php.",
            Self::Token => {
                "The token is not accepted: make one in LibreNMS under Settings, API, API settings, and see that it is \
                 not disabled."
            }
            Self::MayNotRead => "The token's user may not read: give the user of the token the role admin.",
            Self::MayNotAdd => "The token's user may not add devices: give the user of the token the role admin.",
            Self::MayNotChange => {
                "The token's user may not change devices: give the user of the token the role admin."
            }
            Self::MayNotRemove => {
                "The token's user may not remove devices: give the user of the token the role admin."
            }
            Self::InTheClear => {
                "The token and SNMP credentials travel unencrypted: use https, unless LibreNMS is reached through a \
                 tunnel."
            }
        })
    }
}

impl LibreNms {
    /// Tries everything that is needed, and changes nothing: rights are tried with requests that LibreNMS must refuse for
    /// another reason, an add without a device, and a change and a removal of a device that cannot be there.
    pub async fn check(&self) -> Checked {
        let mut problems = Vec::new();
        let settings = &self.client.settings;
        let is_here = matches!(settings.url.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if !settings.url.is_secure && !is_here {
            problems.push(Problem::InTheClear);
        }
        let version = match self.client.get("/system").await {
            Ok(answer) => match version(&answer) {
                Some(version) => version,
                None => return stopped(problems, Problem::NotLibreNms),
            },
            Err(error) => return stopped(problems, of(error, Problem::MayNotRead)),
        };
        for right in
            [self.may_read().await, self.may_add().await, self.may_change().await, self.may_remove().await]
        {
            if let Err(problem) = right
                && !problems.contains(&problem)
            {
                problems.push(problem);
            }
        }
        Checked { version: Some(version), problems }
    }

    async fn may_read(&self) -> Result<(), Problem> {
        refused_as(self.client.get(&format!("/devices/{}", label::of_nobody())).await, Problem::MayNotRead)
    }

    async fn may_add(&self) -> Result<(), Problem> {
        let within = self.client.settings.patience.answer;
        let call = Call { method: Method::POST, path: "/devices", body: None, within, most: ANSWER };
        match self.client.call(call).await {
            Err(CallError::Rejected(Said::NothingGiven)) => Ok(()),
            Err(error) => Err(of(error, Problem::MayNotAdd)),
            Ok(_) => Err(Problem::NotLibreNms),
        }
    }

    async fn may_change(&self) -> Result<(), Problem> {
        let body = json!({ "field": "notes", "data": "" });
        let path = format!("/devices/{}", label::of_nobody());
        refused_as(self.client.json(Method::PATCH, &path, Some(&body)).await, Problem::MayNotChange)
    }

    async fn may_remove(&self) -> Result<(), Problem> {
        let path = format!("/devices/{}", label::of_nobody());
        refused_as(self.client.json(Method::DELETE, &path, None).await, Problem::MayNotRemove)
    }
}

fn stopped(mut problems: Vec<Problem>, last: Problem) -> Checked {
    problems.push(last);
    Checked { version: None, problems }
}

/// What asks for a device that is not there is answered that it is not, where it is allowed.
fn refused_as(answer: Result<Value, CallError>, without_right: Problem) -> Result<(), Problem> {
    match answer {
        Err(CallError::NotFound) => Ok(()),
        Err(error) => Err(of(error, without_right)),
        Ok(_) => Err(Problem::NotLibreNms),
    }
}

fn of(error: CallError, without_right: Problem) -> Problem {
    match error {
        CallError::NoAddress => Problem::NoAddress,
        CallError::Address => Problem::Address,
        CallError::NoConnection | CallError::BrokenOff => Problem::NoConnection,
        CallError::Tls => Problem::Tls,
        CallError::Redirect => Problem::Redirect,
        CallError::TooSlow | CallError::Busy => Problem::TooSlow,
        CallError::Token => Problem::Token,
        CallError::Right => without_right,
        CallError::Failed(_) | CallError::Overloaded => Problem::Failing,
        CallError::NoRoute
        | CallError::NotFound
        | CallError::Rejected(_)
        | CallError::TooLarge(_)
        | CallError::Odd(_)
        | CallError::NotUnderstood => Problem::NotLibreNms,
    }
}

fn version(answer: &Value) -> Option<String> {
    let system = answer.get("system")?.get(0)?;
    Some(text::shown(system.get("local_ver")?.as_str()?, MOST_VERSION))
}
