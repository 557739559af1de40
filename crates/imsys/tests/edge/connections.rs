//! Sockets that are slow, too many, or in the way of the end.

use crate::support::{Instance, house_with, instance};
use imsys::http::server::{self, Timeouts};
use imsys::stop::{Stopper, channel};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A second server of the instance, with shorter timeouts.
async fn hasty(instance: &Instance) -> (SocketAddr, Stopper) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stopper, stop) = channel();
    let moment = Duration::from_millis(50);
    let timeouts = Timeouts { head: moment, stall: moment, farewell: moment };
    tokio::spawn(server::serve(
        listener,
        instance.app.clone(),
        imsys::routes::site(&instance.app),
        timeouts,
        stop,
    ));
    (at, stopper)
}

/// What the server says until it closes.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut said));
    let _closed_or_reset = read.await.expect("the server keeps the connection");
    String::from_utf8(said).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_sent_by_halves_closes_the_connection() {
    let instance = instance().await;
    let (at, _stopper) = hasty(&instance).await;
    for half in ["", "GET /livez HTTP/1.1\r\n", "GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        let said = until_closed(stream).await;
        assert!(!said.contains("200 OK"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_asks_nothing_more_is_closed() {
    let instance = instance().await;
    let (at, _stopper) = hasty(&instance).await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(until_closed(stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_cap_a_client_is_told_503_and_room_is_given_again() {
    let instance = house_with(|config| config.http.max_connections = 2).await;
    let ask = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(instance.at).await.unwrap();
        stream.write_all(ask).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        held.push(stream);
    }
    let refused = until_closed(TcpStream::connect(instance.at).await.unwrap()).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("Retry-After"), "{refused}");
    assert_eq!(instance.app.metrics.connections.get("refused"), 1);
    drop(held);
    while instance.app.metrics.open_connections.get() > 0 {
        tokio::task::yield_now().await;
    }
    let mut stream = TcpStream::connect(instance.at).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let heard = until_closed(stream).await;
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

/// The beginning of the answer to a request, which stays open.
async fn ask(at: SocketAddr, head: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(format!("{head}host: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    (String::from_utf8_lossy(&first).into_owned(), stream)
}

const LIVEZ: &str = "GET /livez HTTP/1.1\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn one_source_takes_its_share_and_no_more() {
    let instance = house_with(|config| config.http.max_connections = 64).await;
    let mut held = Vec::new();
    for _ in 0..16 {
        let (said, stream) = ask(instance.at, LIVEZ).await;
        assert_eq!(said, "HTTP/1.1 200");
        held.push(stream);
    }
    let refused = until_closed(TcpStream::connect(instance.at).await.unwrap()).await;
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("Retry-After"), "{refused}");
    assert_eq!(instance.app.metrics.connections.get("over-share"), 1);
    let other = tokio::net::TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut stream = other.connect(instance.at).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let heard = until_closed(stream).await;
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_client_has_a_share_of_its_own() {
    let instance = house_with(|config| {
        config.http.max_connections = 64;
        config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let tenant = instance.tenant("Lake").await;
    let browser = instance.member(tenant, imsys_domain::access::Role::ReadOnly).await;
    let live = |client: &str| {
        let head = format!(
            "GET /api/v1/live HTTP/1.1\r\ncookie: {}\r\nx-forwarded-for: {client}\r\nx-forwarded-proto: https\r\n",
            browser.cookie().unwrap()
        );
        let at = instance.at;
        async move { ask(at, &head).await }
    };
    let mut held = Vec::new();
    for _ in 0..16 {
        let (said, stream) = live("203.0.113.7").await;
        assert_eq!(said, "HTTP/1.1 200");
        held.push(stream);
    }
    assert_eq!(live("203.0.113.7").await.0, "HTTP/1.1 429");
    assert_eq!(live("203.0.113.8").await.0, "HTTP/1.1 200", "a client of his own");
    held.clear();
    while live("203.0.113.7").await.0 != "HTTP/1.1 200" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_open_streams_and_idle_connections_and_leaves_its_folder_free() {
    let instance = instance().await;
    let tenant = instance.tenant("Lake").await;
    let browser = instance.member(tenant, imsys_domain::access::Role::ReadOnly).await;
    let (stream, _connection) = browser.open(hyper::Method::GET, "/api/v1/live", None).await;
    assert_eq!(stream.status(), 200);
    let idle = TcpStream::connect(instance.at).await.unwrap();
    let at = instance.at;
    let folder =
        tokio::time::timeout(Duration::from_secs(8), instance.stop()).await.expect("it stops at once");
    assert!(TcpStream::connect(at).await.is_err());
    drop((idle, stream));
    let mut config = imsys::config::Config::default();
    config.data.dir = folder.path().to_owned();
    assert!(imsys::wire::open(config, imsys::clock::Clock::system()).await.is_ok());
}
