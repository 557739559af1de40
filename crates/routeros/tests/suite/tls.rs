use std::{net::SocketAddr, sync::Arc, time::Duration};

use routeros::{
    client::{Client, ClientOptions, CloseReason, LoginForm},
    connect::{ConnectError, Fingerprint, TlsError, connect, over},
    value::parse,
};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex},
    net::TcpListener,
    time::Instant,
};
use tokio_rustls::TlsAcceptor;

const CERTIFICATE: &[u8] = include_bytes!("data/router-certificate.der");
const KEY: &[u8] = include_bytes!("data/router-key.der");
const WITHIN: Duration = Duration::from_secs(10);

fn acceptor() -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CERTIFICATE.into()], PrivatePkcs8KeyDer::from(KEY).into())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A router that takes one connection: answers a login with TLS, or `hello` with plain bytes.
async fn router(tls: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        if !tls {
            stream.write_all(b"\x06!fatal\x05hello\x00").await.unwrap();
            let _until_the_client_leaves = stream.read(&mut [0; 1000]).await;
            return;
        }
        answer_login(stream).await;
    });
    address
}

async fn answer_login(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let Ok(mut stream) = acceptor().accept(stream).await else { return };
    let _login = stream.read(&mut [0; 1000]).await.unwrap();
    stream.write_all(b"\x05!done\x00").await.unwrap();
    stream.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_whatever_its_name() {
    let stream = connect(router(true).await, Some(Fingerprint::of(CERTIFICATE)), WITHIN).await.unwrap();
    let client = Client::new(stream, ClientOptions::default());
    assert_eq!(client.login("api", "secret", LoginForm::Modern).await, Ok(()));
    assert_eq!(client.closed().await, CloseReason::Eof);
}

#[tokio::test]
async fn tls_and_the_login_work_over_a_stream_that_is_no_socket() {
    let (ours, theirs) = duplex(100);
    let router = tokio::spawn(answer_login(theirs));
    let stream = over(ours, Some(Fingerprint::of(CERTIFICATE)), Instant::now() + WITHIN).await.unwrap();
    let client = Client::new(stream, ClientOptions::default());
    assert_eq!(client.login("api", "secret", LoginForm::Modern).await, Ok(()));
    assert_eq!(client.closed().await, CloseReason::Eof);
    router.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_handshake_is_given_up_when_its_deadline_comes() {
    let (ours, _silent) = duplex(4096);
    let until = Instant::now() + WITHIN;
    let silent = over(ours, Some(Fingerprint([0; 32])), until).await;
    assert_eq!(silent.unwrap_err(), ConnectError::Tls(TlsError::Silent));
    // The timer's grain is a millisecond.
    assert!((until..until + Duration::from_millis(2)).contains(&Instant::now()));
}

#[tokio::test]
async fn another_certificate_is_refused_and_its_fingerprint_told() {
    let other = connect(router(true).await, Some(Fingerprint([7; 32])), WITHIN).await;
    let seen = Fingerprint::of(CERTIFICATE);
    assert_eq!(other.unwrap_err(), ConnectError::Tls(TlsError::OtherCertificate { seen }));
}

#[tokio::test]
async fn a_router_without_tls_is_told_apart() {
    let plain = connect(router(false).await, Some(Fingerprint([7; 32])), WITHIN).await;
    assert_eq!(plain.unwrap_err(), ConnectError::Tls(TlsError::NotTls));
}

#[tokio::test]
async fn plain_tcp_needs_no_fingerprint() {
    let client =
        Client::new(connect(router(false).await, None, WITHIN).await.unwrap(), ClientOptions::default());
    assert_eq!(client.closed().await, CloseReason::Fatal("hello".into()));
}

#[tokio::test]
async fn a_closed_port_is_refused() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(connect(free, None, WITHIN).await.unwrap_err(), ConnectError::Refused);
}

#[tokio::test]
async fn a_router_that_says_nothing_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent =
        connect(listener.local_addr().unwrap(), Some(Fingerprint([0; 32])), Duration::from_millis(50));
    assert_eq!(silent.await.unwrap_err(), ConnectError::Tls(TlsError::Silent));
}

/// A peer that takes one connection, reads something, answers with these bytes and hangs up.
async fn peer(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _said = stream.read(&mut [0; 1000]).await;
        let _gone = stream.write_all(answer).await;
    });
    address
}

/// A fatal alert: handshake failure.
const ALERT: &[u8] = &[0x15, 3, 3, 0, 2, 2, 40];

#[tokio::test]
async fn a_router_that_refuses_or_hangs_up_during_the_handshake_is_not_one_that_resets_connections() {
    for (answer, error) in [(ALERT, TlsError::Refused), (&[], TlsError::HungUp)] {
        let refused = connect(peer(answer).await, Some(Fingerprint([7; 32])), WITHIN).await;
        assert_eq!(refused.unwrap_err(), ConnectError::Tls(error));
    }
}

#[tokio::test]
async fn plain_words_to_the_port_of_api_ssl_are_told_as_that() {
    let stream = connect(peer(ALERT).await, None, WITHIN).await.unwrap();
    let client = Client::new(stream, ClientOptions::default());
    assert!(client.login("api", "secret", LoginForm::Modern).await.is_err());
    assert_eq!(client.closed().await, CloseReason::Io(std::io::ErrorKind::InvalidData));
}

#[test]
fn a_fingerprint_is_read_with_and_without_colons() {
    let fingerprint = Fingerprint::of(CERTIFICATE);
    let plain = fingerprint.to_string();
    let pairs: Vec<&str> = plain.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect();
    assert_eq!(parse(plain.to_lowercase().as_bytes()), Ok(fingerprint));
    assert_eq!(parse(pairs.join(":").as_bytes()), Ok(fingerprint));
    assert!(parse::<Fingerprint>(&plain.as_bytes()[1..]).is_err());
}
