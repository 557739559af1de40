//! Routers: what is known of one, and in which state the way to it is.

use crate::hindrance::Hindrance;
use crate::host::Host;
use crate::net::Net;
use crate::{RouterId, TenantId, Timestamp, edition, search};
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
    /// Networks behind it to which this server has a route, as through the tunnel: devices there may be asked directly.
    #[serde(default)]
    pub routed: Vec<Net>,
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

impl Router {
    /// What it is found by.
    pub fn search_text(&self) -> String {
        let address = self.config.address.to_string();
        search::text([self.config.name.as_str(), &address, self.facts.identity.as_deref().unwrap_or("")])
    }

    /// People set something else. What stands at another place has not told us anything yet.
    pub fn configure(&mut self, config: RouterConfig) {
        if (&self.config.address, self.config.port) != (&config.address, config.port) {
            self.facts = RouterFacts::default();
        }
        self.config = config;
    }

    /// It answers, and told this.
    pub fn found(&mut self, at: Timestamp, facts: RouterFacts) {
        self.become_at(RouterState::Up, at);
        (self.reason, self.facts) = (None, facts);
    }

    /// It cannot be reached. Whether it was there until now: then it is away from now on.
    pub fn lost(&mut self, at: Timestamp, reason: &str) -> bool {
        let was_there = self.state == RouterState::Up;
        self.become_at(RouterState::Down, at);
        (self.reason, self.listening) = (Some(reason.into()), Listening::Off);
        was_there
    }

    /// Brings it back as one that was just added, with another webhook token; since when it was archived.
    pub fn restore(&mut self, at: Timestamp, token: [u8; 32]) -> Result<Timestamp, Hindrance> {
        let archived = edition::archived(self.archived)?;
        (self.archived, self.token) = (None, token);
        (self.state, self.since, self.reason) = (RouterState::New, at, None);
        (self.listening, self.swept) = (Listening::Off, None);
        Ok(archived)
    }

    /// A state that lasts keeps its begin.
    fn become_at(&mut self, state: RouterState, at: Timestamp) {
        if self.state != state {
            (self.state, self.since) = (state, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn router() -> Router {
        let config = RouterConfig {
            name: "Tower".into(),
            address: [10, 0, 0, 1].into(),
            port: 8728,
            tls: None,
            legacy_login: false,
            routed: Vec::new(),
            username: "api".into(),
            password: "v1.x".into(),
            paused: false,
        };
        Router {
            id: RouterId(Uuid::nil()),
            tenant: TenantId(Uuid::nil()),
            rev: 1,
            edition: 1,
            config,
            token: [1; 32],
            state: RouterState::New,
            since: Timestamp(1),
            reason: None,
            listening: Listening::Off,
            swept: None,
            facts: RouterFacts::default(),
            created: Timestamp(1),
            archived: None,
        }
    }

    fn told() -> RouterFacts {
        RouterFacts { identity: Some("MikroTik-7".into()), ..RouterFacts::default() }
    }

    #[test]
    fn what_a_router_told_is_true_where_it_was_told() {
        let mut router = router();
        router.found(Timestamp(2), told());
        let renamed = RouterConfig { name: "Hill".into(), ..router.config.clone() };
        router.configure(renamed.clone());
        assert_eq!((&router.config, &router.facts), (&renamed, &told()));
        assert!(search::finds("hill 10.0.0.1 mikrotik", &router.search_text()));
        router.configure(RouterConfig { port: 8729, ..renamed });
        assert_eq!(router.facts, RouterFacts::default());
    }

    #[test]
    fn a_state_that_lasts_keeps_its_begin() {
        let mut router = router();
        assert!(!router.lost(Timestamp(2), "refused"), "it was never there");
        router.found(Timestamp(3), told());
        router.found(Timestamp(4), told());
        assert_eq!(
            (router.state, router.since, router.reason.clone()),
            (RouterState::Up, Timestamp(3), None)
        );
        router.listening = Listening::On;
        assert!(router.lost(Timestamp(5), "timed out"));
        assert!(!router.lost(Timestamp(6), "no route"));
        assert_eq!((router.since, router.reason.as_deref()), (Timestamp(5), Some("no route")));
        assert_eq!(router.listening, Listening::Off);
    }

    #[test]
    fn an_archived_router_comes_back_as_a_new_one() {
        let mut router = router();
        assert_eq!(router.restore(Timestamp(9), [2; 32]), Err(Hindrance::NotArchived));
        router.lost(Timestamp(2), "timed out");
        (router.swept, router.archived) = (Some(Timestamp(1)), Some(Timestamp(7)));
        assert_eq!(router.restore(Timestamp(9), [2; 32]), Ok(Timestamp(7)));
        let expected = Router { token: [2; 32], since: Timestamp(9), ..self::router() };
        assert_eq!(router, expected);
    }
}
