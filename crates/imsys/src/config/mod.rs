//! The settings: defaults < file < environment, checked before anything starts.
//!
//! The defaults are the shipped `imsys.default.toml`, compiled in; a test keeps them and
//! [`Config::default`] the same.

mod load;

pub use imsys_domain::net::Net;
pub use load::{DEFAULTS, load};

use imsys_doctor::builtin::series;
use imsys_domain::reach::may_connect;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the settings cannot be used; every text names the setting.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{file}: {why}")]
    File {
        /// Which file.
        file: String,
        /// What the system said.
        why: String,
    },
    /// The file is not TOML.
    #[error("{file}: {why}")]
    Syntax {
        /// Which file.
        file: String,
        /// Where and what.
        why: String,
    },
    /// No setting has this name.
    #[error("`{0}` is not a setting of this version (`imsys config` shows them all)")]
    Unknown(String),
    /// The value does not fit.
    #[error("`{key}`: {why}")]
    Value {
        /// Which setting.
        key: String,
        /// What is expected.
        why: String,
    },
}

/// Every setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where data lies.
    pub data: Data,
    /// How the server is reached.
    pub http: Http,
    /// Where facts are kept.
    pub store: Store,
    /// What is to be done.
    pub queue: Queue,
    /// How devices are watched.
    pub doctor: Doctor,
    /// Which addresses are allowed.
    pub network: Network,
    /// Keys for what is secret at rest.
    pub secrets: Keys,
    /// What is logged.
    pub log: Log,
}

/// Where data lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: "data".into() }
    }
}

/// How the server is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// `http(s)://host[:port]` without a slash at the end; empty until [`Config::bound`].
    pub public_url: String,
    /// The proxies whose `X-Forwarded-*` headers are trusted.
    pub trusted_proxies: Vec<Net>,
    /// Sign-in over plain HTTP from other machines.
    pub insecure: bool,
    /// Most connections at once.
    pub max_connections: u32,
    /// Webhooks that a router may send at once.
    pub webhook_burst: u32,
    /// Webhooks that a router may send each second in the long run.
    pub webhook_rate: u32,
    /// HTTPS without a proxy.
    pub tls: Tls,
}

/// The files with which the server itself speaks HTTPS; both or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those that vouch for it, in PEM.
    pub cert: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

impl Tls {
    /// Whether there is a certificate.
    pub fn is_on(&self) -> bool {
        !self.cert.as_os_str().is_empty()
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            insecure: false,
            max_connections: 4096,
            webhook_burst: 10_000,
            webhook_rate: 200,
            tls: Tls::default(),
        }
    }
}

impl Http {
    fn check(&self) -> Result<(), ConfigError> {
        let Self { max_connections, webhook_burst, webhook_rate, .. } = self;
        let counts = [
            ("http.max_connections", max_connections),
            ("http.webhook_burst", webhook_burst),
            ("http.webhook_rate", webhook_rate),
        ];
        match counts.into_iter().find(|(_, count)| **count == 0) {
            Some((key, _)) => Err(refuse(key, "must be at least 1")),
            None => Ok(()),
        }
    }
}

/// Where facts are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// `sqlite`.
    pub url: String,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: "sqlite".into() }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Queue {
    /// `local`, or `redis://…`, `rediss://…`.
    pub url: String,
    /// What BullMQ's keys begin with.
    pub prefix: String,
    /// Routers that are worked on at the same time while they answer in time.
    pub concurrency: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self { url: "local".into(), prefix: "bull".into(), concurrency: 64 }
    }
}

impl Queue {
    /// Whether processes share the queue over Redis.
    pub fn is_shared(&self) -> bool {
        self.url != "local"
    }

    fn check(&self) -> Result<(), ConfigError> {
        let is_redis = ["redis://", "rediss://"].iter().any(|scheme| self.url.starts_with(scheme));
        if self.is_shared() && !is_redis {
            return Err(refuse(
                "queue.url",
                "must be `local` or the address of a Redis, such as redis://127.0.0.1:6379",
            ));
        }
        if self.prefix.is_empty() || self.prefix.contains(':') {
            return Err(refuse("queue.prefix", "must not be empty or contain a colon"));
        }
        if !(50..=1000).contains(&self.concurrency) {
            return Err(refuse("queue.concurrency", "must be between 50 and 1000"));
        }
        Ok(())
    }
}

/// How devices are watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Doctor {
    /// Seconds in which each device is asked once.
    pub interval_seconds: u32,
    /// The same for devices that people watch.
    pub watched_seconds: u32,
    /// Seconds between two polls of a device by SNMP.
    pub snmp_seconds: u32,
    /// A folder with profiles of SNMP devices, beside those that are compiled in; empty: none.
    pub profiles: PathBuf,
    /// How long what they were measured at is kept.
    pub keep: Keep,
}

/// How many days history is kept: the longer ago, the coarser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Latency and loss as measured.
    pub minute_days: u32,
    /// Other figures as measured, and latency and loss of five minutes.
    pub five_minutes_days: u32,
    /// Half hours.
    pub half_hour_days: u32,
    /// Two hours.
    pub two_hours_days: u32,
    /// Days.
    pub day_days: u32,
}

impl Default for Keep {
    fn default() -> Self {
        let series::Keep { minute, five_minutes, half_hour, two_hours, day } = series::Keep::default();
        Self {
            minute_days: minute,
            five_minutes_days: five_minutes,
            half_hour_days: half_hour,
            two_hours_days: two_hours,
            day_days: day,
        }
    }
}

impl Keep {
    /// As the series store wants it.
    pub(crate) const fn tiers(&self) -> series::Keep {
        series::Keep {
            minute: self.minute_days,
            five_minutes: self.five_minutes_days,
            half_hour: self.half_hour_days,
            two_hours: self.two_hours_days,
            day: self.day_days,
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let days = [
            ("doctor.keep.minute_days", self.minute_days),
            ("doctor.keep.five_minutes_days", self.five_minutes_days),
            ("doctor.keep.half_hour_days", self.half_hour_days),
            ("doctor.keep.two_hours_days", self.two_hours_days),
            ("doctor.keep.day_days", self.day_days),
        ];
        let mut finer = 1;
        for (key, days) in days {
            if !(finer..=36_500).contains(&days) {
                return Err(refuse(
                    key,
                    "must be at least 1, at least as much as the finer one before it, and at most 36500",
                ));
            }
            finer = days;
        }
        Ok(())
    }
}

impl Default for Doctor {
    fn default() -> Self {
        Self {
            interval_seconds: 60,
            watched_seconds: 10,
            snmp_seconds: 300,
            profiles: PathBuf::new(),
            keep: Keep::default(),
        }
    }
}

impl Doctor {
    fn check(&self) -> Result<(), ConfigError> {
        let keys = [
            ("doctor.interval_seconds", self.interval_seconds),
            ("doctor.watched_seconds", self.watched_seconds),
            ("doctor.snmp_seconds", self.snmp_seconds),
        ];
        match keys.into_iter().find(|(_, seconds)| !(5..=3600).contains(seconds)) {
            Some((key, _)) => Err(refuse(key, "must be between 5 and 3600")),
            None => self.keep.check(),
        }
    }
}

/// Which addresses are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Routers and devices on loopback.
    pub allow_loopback: bool,
    /// Under which address or name routers reach this server; empty: not known.
    pub server_address: String,
}

/// Keys for what is secret at rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// Keys in base64, separated by commas; the first seals.
    pub key: String,
    /// A file with keys, one a line.
    pub key_file: PathBuf,
}

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// A level, or a filter by module.
    pub level: String,
    /// For people or for programs.
    pub format: Format,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into(), format: Format::Text }
    }
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Config {
    /// Checks what the types cannot, and puts URLs into one form.
    pub(crate) fn checked(mut self) -> Result<Self, ConfigError> {
        one_of("store.url", &self.store.url, "sqlite", "mongodb", "MongoDB")?;
        self.queue.check()?;
        self.doctor.check()?;
        self.http.public_url.truncate(self.http.public_url.trim_end_matches('/').len());
        let url = &self.http.public_url;
        if !url.is_empty() && origin(url) != Some(url.as_str()) {
            return Err(refuse("http.public_url", "expects http:// or https://, a host and at most a port"));
        }
        self.http.check()?;
        let Tls { cert, key } = &self.http.tls;
        if cert.as_os_str().is_empty() != key.as_os_str().is_empty() {
            let missing = if cert.as_os_str().is_empty() { "http.tls.cert" } else { "http.tls.key" };
            return Err(refuse(missing, "is needed too: certificate and key go together"));
        }
        let host = &self.network.server_address;
        // RouterOS takes no names where it says from which addresses a user may come.
        let is_machine = |host: &String| host.parse().is_ok_and(|ip| may_connect(ip, true).is_ok());
        if !host.is_empty() && !is_machine(host) {
            return Err(refuse(
                "network.server_address",
                "expects the IP address of one machine, such as 10.0.0.1",
            ));
        }
        Ok(self)
    }

    /// The settings of a server that listens on `at`: its URL is known now.
    pub fn bound(mut self, at: SocketAddr) -> Self {
        if self.http.public_url.is_empty() {
            let host =
                if at.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], at.port())) } else { at };
            let scheme = if self.http.tls.is_on() { "https" } else { "http" };
            self.http.public_url = format!("{scheme}://{host}");
        }
        self.http.listen = at;
        self
    }

    /// The settings as TOML, without secrets.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        shown.queue.url = without_password(&shown.queue.url);
        if !shown.secrets.key.is_empty() {
            shown.secrets.key = "(set)".into();
        }
        toml::to_string(&shown).expect("the settings are tables of plain values")
    }
}

/// The address without what stands before its host.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://(set)@{host}"),
        _ => url.to_owned(),
    }
}

/// `scheme://authority` at the beginning of a URL of the web.
pub(crate) fn origin(url: &str) -> Option<&str> {
    let start = ["http://", "https://"].into_iter().find(|s| url.starts_with(s))?.len();
    let length = url[start..].find(['/', '?', '#']).unwrap_or(url.len() - start);
    is_authority(&url[start..start + length]).then(|| &url[..start + length])
}

/// `host` or `host:port`, and nobody's name before it.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_ipv6 = |text: &str| text.parse::<std::net::Ipv6Addr>().is_ok();
    let is_host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(is_ipv6),
        None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)),
    };
    is_host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn one_of(key: &str, value: &str, only: &str, later: &str, name: &str) -> Result<(), ConfigError> {
    if value == only {
        return Ok(());
    }
    let why = if value.starts_with(later) {
        format!("{name} is not in this version, only `{only}` is: leave this setting out")
    } else {
        format!("must be `{only}`")
    };
    Err(refuse(key, &why))
}

fn refuse(key: &str, why: &str) -> ConfigError {
    ConfigError::Value { key: key.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_at_most_a_port() {
        for whole in ["http://a", "https://isp.example.net:8443", "http://10.0.0.1:1", "http://[fd00::1]:80"]
        {
            assert_eq!((origin(whole), origin(&format!("{whole}/x?y"))), (Some(whole), Some(whole)));
        }
        let odd = [
            "a",
            "ftp://a",
            "http://",
            "http://:80",
            "http://a:",
            "http://a:0",
            "http://a:99999",
            "http://a\nb",
            "http://a{}",
            "http://u@a",
            "http://a b",
            "http://[fd00::1",
            "http://[x]",
        ];
        for url in odd {
            assert_eq!(origin(url), None, "{url}");
        }
    }
}
