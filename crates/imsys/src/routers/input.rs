//! What people may set about a router, checked once.

use super::session::connection::may_connect;
use super::session::credentials::fingerprint;
use crate::fields::{Fields, Invalid};
use imsys_domain::host::{Host, NoHost};
use imsys_domain::net::Net;
use imsys_domain::router::RouterConfig;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most networks that are routed through a router.
const ROUTED: usize = 100;

/// TLS for the API: `false`, or the SHA-256 fingerprint of the router's certificate.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum TlsSetting {
    /// `false`: plain, which is the normal case inside a tunnel.
    Plain(bool),
    /// The certificate's fingerprint.
    Pinned(String),
}

impl TlsSetting {
    pub(super) fn new(pin: Option<String>) -> Self {
        pin.map_or(Self::Plain(false), Self::Pinned)
    }
}

/// A new router.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRouter {
    pub(super) name: String,
    /// The address of the router's API, by rule its tunnel address; or a host name, which is looked up at each
    /// connect.
    pub(super) address: String,
    /// 8728 unless given, or 8729 with TLS.
    pub(super) port: Option<u16>,
    pub(super) tls: Option<TlsSetting>,
    /// Allows the login of RouterOS before 6.43; false unless given. Without TLS the password is then sent
    /// in plain before the router's challenge is known.
    #[serde(default)]
    pub(super) legacy_login: bool,
    /// Networks behind it to which this server has a route, as through the tunnel: devices there may be asked directly.
    #[serde(default)]
    pub(super) routed: Vec<String>,
    pub(super) username: String,
    pub(super) password: String,
}

/// A router's settings that passed; the password is not sealed yet.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) address: Host,
    pub(super) port: u16,
    pub(super) tls: Option<String>,
    pub(super) legacy_login: bool,
    pub(super) routed: Vec<Net>,
    pub(super) username: String,
    pub(super) password: String,
}

impl Checked {
    /// The same as it is stored, but for the password, which is not sealed yet.
    pub(super) fn into_config(self, paused: bool) -> RouterConfig {
        let Self { name, address, port, tls, legacy_login, routed, username, password } = self;
        RouterConfig { name, address, port, tls, legacy_login, routed, username, password, paused }
    }
}

impl NewRouter {
    pub(super) fn check(self, allow_loopback: bool) -> Result<Checked, Invalid> {
        let mut fields = Fields::default();
        let name = fields.line("name", &self.name, 100);
        let username = fields.line("username", &self.username, 100);
        if self.password.len() > 200 || self.password.chars().any(char::is_control) {
            fields.refuse("password", "must have at most 200 characters, none of them a control character");
        }
        let address = fields.check("address", self.address.parse::<Host>());
        if let Some(Err(reason)) =
            address.as_ref().and_then(Host::ip).map(|ip| may_connect(ip, allow_loopback))
        {
            fields.refuse("address", reason);
        }
        let tls = self.tls(&mut fields);
        let port = self.port.unwrap_or(if tls.is_some() { 8729 } else { 8728 });
        if port == 0 {
            fields.refuse("port", "must be 1 to 65535");
        }
        if self.routed.len() > ROUTED {
            fields.refuse("routed", "has too many: at most 100");
        }
        let networks = self.routed.iter().take(ROUTED);
        let routed = networks.filter_map(|net| fields.check("routed", net.trim().parse::<Net>())).collect();
        fields.done()?;
        let address = address.ok_or_else(|| Invalid::one("address", NoHost.to_string()))?;
        let Self { legacy_login, password, .. } = self;
        Ok(Checked { name, address, port, tls, legacy_login, routed, username, password })
    }

    fn tls(&self, fields: &mut Fields) -> Option<String> {
        match self.tls.as_ref()? {
            TlsSetting::Plain(false) => None,
            TlsSetting::Plain(true) => {
                fields.refuse("tls", "must be false or the SHA-256 fingerprint of the router's certificate");
                None
            }
            TlsSetting::Pinned(pin) => fields.check("tls", fingerprint(pin)).map(|pin| pin.to_string()),
        }
    }
}

/// A change of a router; what is not mentioned stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct RouterPatch {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) tls: Option<TlsSetting>,
    pub(super) legacy_login: Option<bool>,
    pub(super) routed: Option<Vec<String>>,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    /// Pauses scheduled full syncs and checks; people can still start them.
    pub(super) paused: Option<bool>,
}

impl RouterPatch {
    /// The router as it would be; without a word about the password its one is empty.
    pub(super) fn over(self, old: &RouterConfig) -> NewRouter {
        NewRouter {
            name: self.name.unwrap_or_else(|| old.name.clone()),
            address: self.address.unwrap_or_else(|| old.address.to_string()),
            port: Some(self.port.unwrap_or(old.port)),
            tls: Some(self.tls.unwrap_or_else(|| TlsSetting::new(old.tls.clone()))),
            legacy_login: self.legacy_login.unwrap_or(old.legacy_login),
            routed: self.routed.unwrap_or_else(|| old.routed.iter().map(|net| net.to_string()).collect()),
            username: self.username.unwrap_or_else(|| old.username.clone()),
            password: self.password.unwrap_or_default(),
        }
    }

    /// Nothing that a connection depends on is mentioned.
    pub(super) fn keeps_connection(&self) -> bool {
        let Self { name, address, port, tls, legacy_login, routed: _, username, password, paused: _ } = self;
        let strings = [name, address, username, password];
        strings.iter().all(|text| text.is_none()) && port.is_none() && tls.is_none() && legacy_login.is_none()
    }
}
