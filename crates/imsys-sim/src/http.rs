//! HTTP as a router's `fetch` speaks it: one request, no encoding, no redirects.

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, lookup_host};

use crate::script::Fetch;
use crate::version::Version;

/// More than a status line and headers need.
const ANSWER: usize = 16 << 10;

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("the URL has no host")]
    NoHost,
    #[error("the answer is no HTTP")]
    NoHttp,
    #[error("no answer in time")]
    TooLate,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Makes a call and gives the status. A router on 127.x.y.z calls from its own address.
///
/// # Errors
/// No connection, no HTTP, or no answer within the call's deadline.
pub(crate) async fn call(fetch: &Fetch, from: IpAddr, version: Version) -> Result<u16, CallError> {
    tokio::time::timeout(fetch.deadline, talk(fetch, from, version)).await.unwrap_or(Err(CallError::TooLate))
}

async fn talk(fetch: &Fetch, from: IpAddr, version: Version) -> Result<u16, CallError> {
    let (host, target) = split(&fetch.url).ok_or(CallError::NoHost)?;
    let mut stream = connect(&host, from).await?;
    stream.write_all(&request(fetch, &host, target, version)).await?;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|window| window == b"\r\n\r\n") && answer.len() < ANSWER {
        if stream.read_buf(&mut answer).await? == 0 {
            break;
        }
    }
    status(&answer).ok_or(CallError::NoHttp)
}

/// Host with port, and everything from the path on, byte for byte.
fn split(url: &[u8]) -> Option<(String, &[u8])> {
    let rest = url.strip_prefix(b"http://")?;
    let end = rest.iter().position(|byte| b"/?".contains(byte)).unwrap_or(rest.len());
    let host = std::str::from_utf8(&rest[..end]).ok().filter(|host| !host.is_empty())?;
    Some((host.to_owned(), &rest[end..]))
}

async fn connect(host: &str, from: IpAddr) -> Result<TcpStream, CallError> {
    let named = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let to = lookup_host(named).await?.next().ok_or(CallError::NoHost)?;
    let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if from.is_loopback() && to.ip().is_loopback() && from.is_ipv4() == to.is_ipv4() {
        socket.bind(SocketAddr::new(from, 0))?;
    }
    Ok(socket.connect(to).await?)
}

fn request(fetch: &Fetch, host: &str, target: &[u8], version: Version) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(fetch.method.as_bytes());
    out.push(b' ');
    if !target.starts_with(b"/") {
        out.push(b'/');
    }
    out.extend_from_slice(target);
    let agent = format!("Mikrotik/{}.x Fetch", version.major);
    out.extend_from_slice(
        format!(" HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nConnection: close\r\n").as_bytes(),
    );
    for header in &fetch.headers {
        out.extend_from_slice(header);
        out.extend_from_slice(b"\r\n");
    }
    if fetch.method != "GET" {
        let named =
            fetch.headers.iter().any(|header| header.to_ascii_lowercase().starts_with(b"content-type:"));
        if !named {
            out.extend_from_slice(b"Content-Type: application/x-www-form-urlencoded\r\n");
        }
        out.extend_from_slice(format!("Content-Length: {}\r\n", fetch.body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    if fetch.method != "GET" {
        out.extend_from_slice(&fetch.body);
    }
    out
}

/// The number in `HTTP/1.1 204 No Content`.
fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words.next().filter(|word| word.starts_with("HTTP/"))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_request_is_put_together_without_any_encoding() {
        let fetch = Fetch {
            url: b"http://127.0.0.1:8080/webhooks/ppp?user=a b&c=\xe9".to_vec(),
            method: "GET".into(),
            headers: vec![b"X-IMSys-Token: t".to_vec()],
            body: b"unused".to_vec(),
            deadline: Duration::from_secs(5),
        };
        let (host, target) = split(&fetch.url).unwrap();
        let text = request(&fetch, &host, target, Version::new(7, 18));
        let expected = b"GET /webhooks/ppp?user=a b&c=\xe9 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n";
        assert!(text.starts_with(expected));
        assert!(text.ends_with(b"X-IMSys-Token: t\r\n\r\n"));
    }

    #[test]
    fn the_status_is_read_or_it_is_no_http() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(204));
        assert_eq!(status(b"HTTP/1.0 503\r\n"), Some(503));
        assert_eq!(status(b"SSH-2.0-x\r\n"), None);
        assert_eq!(split(b"http:///x"), None);
    }
}
