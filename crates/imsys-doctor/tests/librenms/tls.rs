//! TLS. The certificates beside this file were made with openssl: self-signed, for `localhost` and 127.0.0.1, for a hundred
//! years; their keys protect nothing.

use crate::world::{device, settings};
use imsys_doctor::LibreNms;
use imsys_doctor::librenms::{Problem, Trust};
use imsys_doctor::port::{Doctor, DoctorError, Wrong};
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/librenms/tls").join(name)
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file(&format!("{name}.cert.pem"))).expect("a certificate")
}

/// Speaks TLS with certificate `one` before the fake, until the test is over.
async fn before(fake: SocketAddr) -> u16 {
    let key = PrivateKeyDer::from_pem_file(file("one.key.pem")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the usual ones")
        .with_no_client_auth()
        .with_single_cert(vec![certificate("one")], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut secure) = acceptor.accept(stream).await else { return };
                let mut plain = TcpStream::connect(fake).await.expect("the fake listens");
                let _either_side_ends = tokio::io::copy_bidirectional(&mut secure, &mut plain).await;
            });
        }
    });
    port
}

fn doctor(url: &str, trusted: &str) -> LibreNms {
    LibreNms::new(settings(url, ADMIN_TOKEN), Trust::of_these(vec![certificate(trusted)]).expect("a list"))
}

#[tokio::test]
async fn a_trusted_certificate_is_talked_to() {
    let fake = FakeNms::start().await.unwrap();
    let port = before(fake.address()).await;
    for host in ["localhost", "127.0.0.1"] {
        let checked = doctor(&format!("https://{host}:{port}"), "one").check().await;
        assert_eq!(
            (checked.version.as_deref(), checked.problems.as_slice()),
            (Some("26.7.0"), &[][..]),
            "{host}"
        );
    }
}

#[tokio::test]
async fn an_untrusted_one_and_none_at_all_get_no_token() {
    let fake = FakeNms::start().await.unwrap();
    let port = before(fake.address()).await;
    let other = doctor(&format!("https://localhost:{port}"), "two");
    assert_eq!(other.health(&[device(1).id]).await, Err(DoctorError::Wrong(Wrong::Tls)));
    assert_eq!(other.check().await.problems, [Problem::Tls]);
    let plain = doctor(&fake.url().replace("http", "https"), "one");
    assert_eq!(plain.health(&[device(1).id]).await, Err(DoctorError::Wrong(Wrong::Tls)));
    assert!(fake.take_requests().is_empty());
}

#[test]
fn the_systems_authorities_are_found_or_it_is_said_that_there_are_none() {
    match Trust::of_the_system() {
        Ok(trust) => assert_eq!(format!("{trust:?}"), "Trust"),
        Err(error) => assert!(error.to_string().contains("certificates"), "{error}"),
    }
}
