//! Routers: what is known of one, and in which state the way to it is.

use crate::host::Host;
use crate::{RouterId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Whether the broker holds a working connection to a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RouterState {
    /// Added, not connected yet.
    New,
    /// Logged in, and its table has been read.
    Up,
    /// Cannot be reached, or refuses us; its customers are unknown.
    Down,
}

/// Whether a `/ppp/active/listen` of a router is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listening {
    /// None is: there is no connection, or the router refuses it.
    Off,
    /// One is, and is relied on for what it tells.
    On,
    /// One is, after one that told nothing while active sessions changed; it has told nothing yet either.
    Deaf,
}

impl RouterState {
    /// The name in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::New, Self::Up, Self::Down].into_iter().find(|s| s.name() == name)
    }
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// The main job cannot be done.
    Error,
    /// Something is missing, the main job goes on.
    Warning,
}

/// What a person sets about a router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterConfig {
    /// As people call it.
    pub name: String,
    /// Where its API listens: by rule the tunnel address.
    pub address: Host,
    /// 8728, or 8729 with TLS.
    pub port: u16,
    /// SHA-256 of the certificate, in hex, when TLS is used.
    pub tls: Option<String>,
    /// The router may be older than RouterOS 6.43, whose login has a challenge. The password is then sent
    /// in plain before the challenge is known.
    pub legacy_login: bool,
    /// The API user.
    pub username: String,
    /// The sealed credentials (`v1.…`): the API password and the webhook token.
    pub password: String,
    /// The clock asks nothing of it; people still may.
    pub paused: bool,
}

/// What a router told about itself when it was last connected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterFacts {
    /// `/system/identity`.
    pub identity: Option<String>,
    /// RouterOS version.
    pub version: Option<String>,
    /// Board name.
    pub board: Option<String>,
    /// When it started.
    pub booted: Option<Timestamp>,
    /// Whether device-mode allows `fetch`; `None` where the version has no device-mode.
    pub fetch: Option<bool>,
    /// The address at which it was logged in to; of one that is known by name, the one the name had then.
    pub address: Option<IpAddr>,
}

/// A router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Router {
    /// Its id.
    pub id: RouterId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Counts every change.
    pub rev: i64,
    /// Counts the changes by people; the ETag.
    pub edition: i64,
    /// What people set.
    pub config: RouterConfig,
    /// SHA-256 of the webhook token.
    pub token: [u8; 32],
    /// Whether we can reach it.
    pub state: RouterState,
    /// Since when.
    pub since: Timestamp,
    /// Why not.
    pub reason: Option<String>,
    /// Whether `/ppp/active/listen` is being read.
    pub listening: Listening,
    /// When its table was last read whole and accepted.
    pub swept: Option<Timestamp>,
    /// What it told about itself.
    pub facts: RouterFacts,
    /// When it was added.
    pub created: Timestamp,
    /// Removed since when.
    pub archived: Option<Timestamp>,
}
