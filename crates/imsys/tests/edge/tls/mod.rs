//! HTTPS without a proxy. The certificates beside this file were made for it with openssl: self-signed, for
//! `localhost`, for a hundred years; their keys protect nothing.

use crate::support::{Instance, house_with};
use imsys::config::Config;
use imsys::tls::Tls;
use imsys::wire::{self, WireError};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// No answer takes longer; only a broken server makes a test wait for it.
const GUARD: Duration = Duration::from_secs(100);

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edge/tls").join(name)
}

/// Puts a certificate and a key where the settings name them.
fn install(folder: &Path, cert: &str, key: &str) {
    std::fs::copy(file(&format!("{cert}.cert.pem")), folder.join("cert.pem")).unwrap();
    std::fs::copy(file(&format!("{key}.key.pem")), folder.join("key.pem")).unwrap();
}

/// A server with the first certificate, and the folder of its files.
pub(crate) async fn secure_house(set: impl FnOnce(&mut Config)) -> (Instance, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    install(folder.path(), "one", "one");
    let instance = house_with(|config| {
        config.http.tls.cert = folder.path().join("cert.pem");
        config.http.tls.key = folder.path().join("key.pem");
        set(config);
    });
    (instance.await, folder)
}

/// A connection by somebody who trusts this certificate alone.
async fn connect(instance: &Instance, trusted: &str) -> std::io::Result<TlsStream<TcpStream>> {
    shake_hands(TcpStream::connect(instance.at).await?, trusted).await
}

/// The same over an open stream.
pub(crate) async fn shake_hands<S>(stream: S, trusted: &str) -> std::io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file(&format!("{trusted}.cert.pem"))).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// Sends a request and reads what is said until the end.
pub(crate) async fn exchange(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let read = tokio::time::timeout(GUARD, stream.read_to_end(&mut said));
    let _closed_or_reset = read.await.expect("the server keeps the connection");
    String::from_utf8(said).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_over_https_and_gets_the_cookie_that_never_travels_otherwise() {
    let (instance, _folder) = secure_house(|_| {}).await;
    assert!(instance.app.config.http.public_url.starts_with("https://127.0.0.1:"));
    let link = imsys::tenants::links::first_run(&instance.app).await.unwrap().unwrap();
    let body = serde_json::json!({
        "token": link.split_once('#').unwrap().1, "name": "Ana", "email": "ana@example.net",
        "password": "correct horse battery", "tenantName": "Lake ISP",
    })
    .to_string();
    let request = format!(
        "POST /api/v1/setup HTTP/1.1\r\nhost: imsys.example.net\r\norigin: https://imsys.example.net\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let said = exchange(connect(&instance, "one").await.unwrap(), &request).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
    assert!(said.contains("set-cookie: __Host-imsys=") && said.contains("; Secure"), "{said}");
    assert!(said.contains("strict-transport-security: max-age=31536000"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_is_taken_when_the_files_change_and_a_broken_one_is_not() {
    let (instance, folder) = secure_house(|_| {}).await;
    let livez = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert!(connect(&instance, "two").await.is_err());
    install(folder.path(), "two", "two");
    let changed = async {
        while connect(&instance, "two").await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(GUARD, changed).await.expect("the new certificate is never shown");
    let tls: &Tls = instance.app.tls.as_ref().unwrap();
    install(folder.path(), "one", "two");
    tls.reload();
    assert!(exchange(connect(&instance, "two").await.unwrap(), livez).await.starts_with("HTTP/1.1 200"));
    install(folder.path(), "one", "one");
    tls.reload();
    assert!(exchange(connect(&instance, "one").await.unwrap(), livez).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_plain_http_is_told_and_who_says_nothing_is_let_go() {
    let (instance, _folder) = secure_house(|config| config.http.max_connections = 1).await;
    let plain = TcpStream::connect(instance.at).await.unwrap();
    let said = exchange(plain, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("https://"), "{said}");
    // It counts against the cap from its first moment, and only for as long as a handshake may take.
    let open = async |connections| {
        while instance.app.metrics.open_connections.get() != connections {
            tokio::task::yield_now().await;
        }
    };
    open(0).await;
    let silent = TcpStream::connect(instance.at).await.unwrap();
    open(1).await;
    assert!(connect(&instance, "one").await.is_err(), "there is no room beside it");
    assert_eq!(exchange(silent, "").await, "");
    while connect(&instance, "one").await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_with_their_setting() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = async |cert: &str, key: &str| {
        let mut config = Config::default();
        config.data.dir = folder.path().join("data");
        (config.http.tls.cert, config.http.tls.key) = (file(cert), file(key));
        match wire::open(config, imsys::clock::Clock::system()).await {
            Err(WireError::Tls(error)) => error.to_string(),
            other => panic!("{cert} {key}: {}", other.is_ok()),
        }
    };
    for (cert, key, setting, why) in [
        ("none.pem", "one.key.pem", "http.tls.cert", "No such file"),
        ("mod.rs", "one.key.pem", "http.tls.cert", "holds no certificate"),
        ("one.key.pem", "one.key.pem", "http.tls.cert", "holds no certificate"),
        ("one.cert.pem", "none.pem", "http.tls.key", "No such file"),
        ("one.cert.pem", "one.cert.pem", "http.tls.key", "holds no private key"),
        ("one.cert.pem", "two.key.pem", "http.tls.key", "does not go with the certificate"),
    ] {
        let said = refusal(cert, key).await;
        assert!(said.contains(setting) && said.contains(why), "{cert} {key}: {said}");
    }
}
