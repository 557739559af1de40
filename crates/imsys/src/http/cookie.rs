//! The session cookie, and whether the way to the browser is private enough for it.

use crate::config::{Config, origin};
use crate::http::ApiError;
use crate::http::peer::Peer;
use axum::http::{HeaderMap, HeaderValue, header};
use imsys_store::model::Login;

/// The cookie's name. `__Host-` makes browsers insist on HTTPS (or loopback), this host and no domain.
pub const NAME: &str = "__Host-imsys";
/// Its name over plain HTTP, where the operator allows that.
const PLAIN: &str = "imsys";

/// The cookie of a browser in which somebody has signed in before, and its name over plain HTTP.
const KNOWN: [&str; 2] = ["__Host-imsys-known", "imsys-known"];
/// Seconds for which a browser is known.
const KNOWN_AGE: i64 = 365 * 86_400;

/// The cookie's value, if the request carries one.
pub(crate) fn read(headers: &HeaderMap, insecure: bool) -> Option<&str> {
    find(headers, [NAME, PLAIN], insecure)
}

/// What [`Way::known`] set.
pub(crate) fn read_known(headers: &HeaderMap, insecure: bool) -> Option<&str> {
    find(headers, KNOWN, insecure)
}

fn find<'a>(headers: &'a HeaderMap, [private, plain]: [&str; 2], insecure: bool) -> Option<&'a str> {
    let named = |wanted: &str| {
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted).then_some(value)
        })
    };
    named(private).or_else(|| named(plain).filter(|_| insecure))
}

/// How the cookie may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// HTTPS, or it never leaves the machine.
    Private,
    /// Anybody on the way can read it, and the operator accepts that.
    Exposed,
}

impl Way {
    /// The way of this request; refuses plain HTTP from elsewhere and says how to get out of that.
    pub(crate) fn of(peer: &Peer, headers: &HeaderMap, config: &Config) -> Result<Self, ApiError> {
        let said = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        let private = match (peer.https, said) {
            (Some(https), _) => https,
            (None, Some(origin)) => origin.starts_with("https://") || is_loopback(origin),
            (None, None) => peer.client.is_loopback(),
        };
        match (private, config.http.insecure) {
            (true, _) => Ok(Self::Private),
            (false, true) => Ok(Self::Exposed),
            (false, false) => Err(ApiError::forbidden(
                "insecure",
                "Over plain HTTP anybody on the way could read your password. The ways out: a certificate in http.tls, \
                 with which this server speaks HTTPS; a proxy that does, named in http.trusted_proxies; a tunnel that \
                 makes it local, such as `ssh -L 8080:127.0.0.1:8080 server` and http://localhost:8080; or \
                 http.insecure = true, which accepts the risk.",
            )),
        }
    }

    /// `Set-Cookie` with this value.
    pub(crate) fn cookie(self, secret: &str) -> HeaderValue {
        self.header([NAME, PLAIN], secret, Login::ABSOLUTE)
    }

    /// `Set-Cookie` that takes it away.
    pub(crate) fn no_cookie(self) -> HeaderValue {
        self.header([NAME, PLAIN], "", 0)
    }

    /// `Set-Cookie` by which the browser is known when its person signs in again.
    pub(crate) fn known(self, sealed: &str) -> HeaderValue {
        self.header(KNOWN, sealed, KNOWN_AGE)
    }

    fn header(self, [private, plain]: [&str; 2], value: &str, age: i64) -> HeaderValue {
        let (name, secure) = match self {
            Self::Private => (private, "; Secure"),
            Self::Exposed => (plain, ""),
        };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
        HeaderValue::from_str(&text).expect("base64url and words are fit for a header")
    }
}

fn is_loopback(url: &str) -> bool {
    let authority = origin(url).and_then(|origin| origin.split_once("://")).map_or("", |(_, rest)| rest);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(client: &str, https: Option<bool>, origin: Option<&str>, insecure: bool) -> Result<Way, ()> {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let tcp = std::net::SocketAddr::new(client.parse().unwrap(), 1);
        let mut config = Config::default();
        config.http.insecure = insecure;
        Way::of(&Peer { tcp, client: tcp.ip(), https }, &headers, &config).map_err(|_| ())
    }

    #[test]
    fn the_way_is_private_over_https_and_on_loopback_alone() {
        assert_eq!(way("127.0.0.1", None, None, false), Ok(Way::Private));
        assert_eq!(way("127.0.0.1", None, Some("http://localhost:8080"), false), Ok(Way::Private));
        assert_eq!(way("127.0.0.1", None, Some("http://[::1]:8080"), false), Ok(Way::Private));
        assert_eq!(way("192.0.2.1", Some(true), None, false), Ok(Way::Private));
        assert_eq!(way("192.0.2.1", None, None, false), Err(()));
        assert_eq!(way("192.0.2.1", Some(false), Some("https://a.example"), false), Err(()));
        assert_eq!(
            way("127.0.0.1", None, Some("http://imsys.example"), false),
            Err(()),
            "a plain proxy beside us"
        );
        assert_eq!(way("192.0.2.1", None, None, true), Ok(Way::Exposed));
    }

    #[test]
    fn the_plain_cookie_counts_only_where_that_is_allowed() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=b; imsys=plain".parse().unwrap());
        assert_eq!(read(&headers, false), None);
        assert_eq!(read(&headers, true), Some("plain"));
        headers.append(header::COOKIE, "__Host-imsys=safe".parse().unwrap());
        assert_eq!(read(&headers, true), Some("safe"));
    }
}
