//! The server over connections that are no sockets.

use crate::support::{Instance, house_with, instance};
use crate::tls::{exchange, secure_house, shake_hands};
use imsys::http::server::{self, Listener, Timeouts};
use imsys::stop::{Stopper, channel};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const LIVEZ: &str = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// Hands out the servers' ends of connections, each with the address of its client.
struct InMemory(mpsc::Receiver<(DuplexStream, SocketAddr)>);

impl Listener for InMemory {
    type Stream = DuplexStream;

    async fn accept(&mut self) -> io::Result<(DuplexStream, SocketAddr)> {
        match self.0.recv().await {
            Some(connection) => Ok(connection),
            None => std::future::pending().await,
        }
    }
}

/// A second server of an instance.
struct Server {
    connections: mpsc::Sender<(DuplexStream, SocketAddr)>,
    stopper: Stopper,
    served: JoinHandle<()>,
}

impl Server {
    fn of(instance: &Instance) -> Self {
        let (connections, accepted) = mpsc::channel(1);
        let (stopper, stop) = channel();
        let (app, site) = (instance.app.clone(), imsys::routes::site(&instance.app));
        let served = tokio::spawn(server::serve(InMemory(accepted), app, site, Timeouts::default(), stop));
        Self { connections, stopper, served }
    }

    /// A connection from the address 192.0.2.`from`.
    async fn connect(&self, from: u8) -> DuplexStream {
        let (ours, theirs) = duplex(4096);
        let peer = (Ipv4Addr::new(192, 0, 2, from), 50_000).into();
        self.connections.send((theirs, peer)).await.unwrap();
        ours
    }

    async fn stop(self) {
        self.stopper.stop();
        self.served.await.unwrap();
    }
}

#[tokio::test]
async fn a_request_is_answered_over_any_stream() {
    let instance = instance().await;
    let server = Server::of(&instance);
    let said = exchange(server.connect(1).await, LIVEZ).await;
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    server.stop().await;
}

#[tokio::test]
async fn who_has_too_many_connections_is_told_over_any_stream() {
    let instance = house_with(|config| config.http.max_connections = 64).await;
    let server = Server::of(&instance);
    let mut held = Vec::new();
    for _ in 0..16 {
        let mut stream = server.connect(1).await;
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        held.push(stream);
    }
    let refused = exchange(server.connect(1).await, "").await;
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("Retry-After"), "{refused}");
    let other = exchange(server.connect(2).await, LIVEZ).await;
    assert!(other.starts_with("HTTP/1.1 200"), "another source: {other}");
    server.stop().await;
}

#[tokio::test]
async fn https_is_spoken_over_any_stream_and_who_speaks_plain_http_there_is_told() {
    let (instance, _folder) = secure_house(|_| {}).await;
    let server = Server::of(&instance);
    let secured = shake_hands(server.connect(1).await, "one").await.unwrap();
    let said = exchange(secured, LIVEZ).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    let plain = exchange(server.connect(1).await, LIVEZ).await;
    assert!(plain.starts_with("HTTP/1.1 400") && plain.contains("https://"), "{plain}");
    server.stop().await;
}
