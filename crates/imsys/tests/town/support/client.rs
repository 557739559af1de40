//! A small HTTP client: one connection a request, from any address of the loopback net, any bytes.

use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// No answer takes longer; only a broken server makes a test wait for it.
const PATIENCE: Duration = Duration::from_secs(150);

#[derive(Clone)]
pub(crate) struct Client {
    at: SocketAddr,
    from: IpAddr,
    headers: String,
}

/// An answer that was read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

impl Client {
    pub(crate) fn new(at: SocketAddr) -> Self {
        Self { at, from: Ipv4Addr::LOCALHOST.into(), headers: String::new() }
    }

    /// Calls from another address of this machine.
    pub(crate) fn from(mut self, from: &str) -> Self {
        self.from = from.parse().unwrap();
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}: {value}\r\n");
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path.as_bytes(), "", b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path.as_bytes(), "application/json", body.to_string().as_bytes()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path.as_bytes(), "application/json", body.to_string().as_bytes()).await
    }

    /// Sends these bytes and reads the whole answer.
    pub(crate) async fn send(&self, method: &str, target: &[u8], kind: &str, body: &[u8]) -> Answer {
        let exchange = self.exchange(method, target, kind, body);
        let what = || format!("{method} {}: no answer", String::from_utf8_lossy(target));
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| panic!("{}", what()))
    }

    /// A stream of events that was begun; what it tells is read later.
    pub(crate) async fn listen(&self, path: &str) -> Told {
        let mut told = Told { stream: self.ask("GET", path.as_bytes(), "", b"").await, text: String::new() };
        told.until("event: hello").await;
        told
    }

    async fn exchange(&self, method: &str, target: &[u8], kind: &str, body: &[u8]) -> Answer {
        let mut stream = self.ask(method, target, kind, body).await;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        read(&answer)
    }

    async fn ask(&self, method: &str, target: &[u8], kind: &str, body: &[u8]) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(self.from, 0)).unwrap();
        let mut stream = socket.connect(self.at).await.unwrap();
        let Self { at, headers, .. } = self;
        let mut request = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\n"].concat();
        let length = body.len();
        let head = format!(
            "Host: {at}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
        );
        request.extend([head.as_bytes(), headers.as_bytes(), b"\r\n", body].concat());
        stream.write_all(&request).await.unwrap();
        stream
    }
}

/// What a stream of events tells.
pub(crate) struct Told {
    stream: TcpStream,
    text: String,
}

impl Told {
    /// Reads on until it has told this.
    pub(crate) async fn until(&mut self, wanted: &str) {
        let reading = async {
            while !self.text.contains(wanted) {
                let mut bytes = [0; 4096];
                let read = self.stream.read(&mut bytes).await.unwrap();
                assert!(read > 0, "the stream ended: {}", self.text);
                self.text += &String::from_utf8_lossy(&bytes[..read]);
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("never told: {wanted}"));
    }
}

fn read(answer: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP: {text}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let text = if chunked { unchunk(body) } else { body.to_owned() };
    Answer { status, head: head.to_owned(), text }
}

fn unchunk(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            break;
        }
        text += &rest[..length];
        body = &rest[length + 2..];
    }
    text
}
