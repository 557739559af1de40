//! Opening a stream to a router: TCP, or TLS to a router whose certificate is known.

mod error;
mod pin;
mod stream;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::{ClientConfig, crypto::ring};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

pub use error::{ConnectError, TlsError};
pub use pin::Fingerprint;
pub use stream::Stream;

use pin::PinnedCertificate;

/// Connects to `address` (ports 8728 plain, 8729 TLS by default), all within `within`.
///
/// With a fingerprint it speaks TLS and accepts exactly the certificate that has it, whatever its
/// name, issuer or dates; routers sign their own. Without one it speaks plain TCP. A router without
/// a certificate offers anonymous key exchange on 8729, which fails with [`TlsError::Refused`].
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(
    address: SocketAddr,
    tls: Option<Fingerprint>,
    within: Duration,
) -> Result<Stream, ConnectError> {
    let end = Instant::now() + within;
    let stream = timeout_at(end, TcpStream::connect(address)).await.map_err(|_| ConnectError::TimedOut)??;
    stream.set_nodelay(true)?;
    match tls {
        None => Ok(Stream::plain(stream)),
        Some(fingerprint) => {
            let secured = timeout_at(end, secure(stream, address, fingerprint)).await;
            secured.unwrap_or(Err(TlsError::Silent.into()))
        }
    }
}

async fn secure(
    stream: TcpStream,
    address: SocketAddr,
    fingerprint: Fingerprint,
) -> Result<Stream, ConnectError> {
    let provider = Arc::new(ring::default_provider());
    let pinned = Arc::new(PinnedCertificate::new(fingerprint, &provider));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&pinned) as _)
        .with_no_client_auth();
    let secured = TlsConnector::from(Arc::new(config)).connect(address.ip().into(), stream).await;
    match (secured, pinned.refused()) {
        (Ok(stream), _) => Ok(Stream::Tls(Box::new(stream))),
        (Err(_), Some(seen)) => Err(TlsError::OtherCertificate { seen }.into()),
        (Err(error), None) => Err(error::tls(&error)),
    }
}
