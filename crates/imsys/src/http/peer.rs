//! Who is on the other end: the TCP peer, and the client behind proxies that we trust.

use crate::config::Net;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};

use super::error::ApiError;

/// The other end of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The other end of the TCP connection.
    pub tcp: SocketAddr,
    /// The client: the TCP peer, unless that is a trusted proxy which names another.
    pub client: IpAddr,
    /// Whether the client speaks HTTPS, as a trusted proxy or the connection itself says; `None` for plain
    /// HTTP without such a proxy.
    pub https: Option<bool>,
}

impl Peer {
    /// Reads `X-Forwarded-For` and `X-Forwarded-Proto` when `tcp` is one of the `trusted` proxies. `tls`: the
    /// connection itself is one of HTTPS.
    pub fn new(tcp: SocketAddr, tls: bool, headers: &HeaderMap, trusted: &[Net]) -> Self {
        let direct = tcp.ip().to_canonical();
        let trusts = |ip: IpAddr| is_trusted(ip, trusted);
        if !trusts(direct) {
            return Self { tcp, client: direct, https: tls.then_some(true) };
        }
        // From the right, where our own proxies wrote: the first address that is not one of them.
        let hops = values(headers, "x-forwarded-for").into_iter().rev();
        let mut client = direct;
        for hop in hops {
            let Ok(ip) = hop.parse::<IpAddr>() else { break };
            client = ip.to_canonical();
            if !trusts(client) {
                break;
            }
        }
        let https =
            values(headers, "x-forwarded-proto").last().map(|proto| proto.eq_ignore_ascii_case("https"));
        Self { tcp, client, https: https.or_else(|| tls.then_some(true)) }
    }
}

/// Whether an address is that of one of the `trusted` proxies.
pub(super) fn is_trusted(ip: IpAddr, trusted: &[Net]) -> bool {
    trusted.iter().any(|net| net.contains(ip.to_canonical()))
}

/// The comma-separated values of all headers of that name.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let texts = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim).collect()
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<Self>().copied();
        peer.ok_or_else(|| ApiError::failed("a request came in without its peer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(tcp: &str, forwarded: &[&str], proto: Option<&str>) -> Peer {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        if let Some(proto) = proto {
            headers.append("x-forwarded-proto", proto.parse().unwrap());
        }
        let tcp = SocketAddr::new(tcp.parse().unwrap(), 9);
        Peer::new(tcp, false, &headers, &["10.0.0.0/8".parse().unwrap()])
    }

    #[test]
    fn a_connection_of_https_is_that_unless_a_trusted_proxy_knows_better() {
        let proto = |proto: Option<&str>, tcp: &str| {
            let mut headers = HeaderMap::new();
            if let Some(proto) = proto {
                headers.insert("x-forwarded-proto", proto.parse().unwrap());
            }
            let tcp = SocketAddr::new(tcp.parse().unwrap(), 9);
            Peer::new(tcp, true, &headers, &["10.0.0.0/8".parse().unwrap()]).https
        };
        assert_eq!(proto(None, "192.0.2.1"), Some(true));
        assert_eq!(proto(Some("http"), "192.0.2.1"), Some(true), "a stranger says what he likes");
        assert_eq!(proto(None, "10.0.0.1"), Some(true));
        assert_eq!(proto(Some("http"), "10.0.0.1"), Some(false));
    }

    #[test]
    fn a_stranger_cannot_name_another_client() {
        let seen = peer("192.0.2.1", &["198.51.100.7"], Some("https"));
        assert_eq!((seen.client.to_string().as_str(), seen.https), ("192.0.2.1", None));
    }

    #[test]
    fn behind_trusted_proxies_the_client_is_the_last_address_that_is_none_of_them() {
        let client = |forwarded: &[&str]| peer("10.0.0.1", forwarded, None).client.to_string();
        assert_eq!(client(&["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(&["203.0.113.9, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(client(&["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(&["nonsense"]), "10.0.0.1");
        assert_eq!(client(&[]), "10.0.0.1");
        assert_eq!(peer("10.0.0.1", &[], Some("https")).https, Some(true));
    }
}
