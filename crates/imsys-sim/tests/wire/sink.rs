//! A small HTTP server that remembers who called with what.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) peer: IpAddr,
    /// `POST /path`
    pub(crate) target: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Sink {
    /// Answers every call with this status line's rest; an empty one answers nothing.
    pub(crate) async fn start(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self { address: listener.local_addr().unwrap(), calls: Arc::default() };
        let own = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream, peer.ip(), status));
            }
        });
        sink
    }

    async fn serve(self, mut stream: TcpStream, peer: IpAddr, status: &str) {
        let mut bytes = Vec::new();
        let call = loop {
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(call) = read(&bytes, peer) {
                break call;
            }
        };
        self.calls.lock().unwrap().push(call);
        if status.is_empty() {
            std::future::pending::<()>().await;
        }
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.ok();
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.body).collect()
    }
}

/// A whole request, or `None` when more bytes are needed.
fn read(bytes: &[u8], peer: IpAddr) -> Option<Call> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (line, headers) = head.split_once("\r\n")?;
    let length = headers.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    if body.len() < length.map_or(0, |length| length.parse().unwrap()) {
        return None;
    }
    let target = line.strip_suffix(" HTTP/1.1")?.to_owned();
    Some(Call { peer, target, headers: headers.to_owned(), body: body.to_owned() })
}
