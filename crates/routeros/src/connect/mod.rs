//! Opening a stream to a router, with TLS where its certificate is known: [`connect()`] over TCP, [`over`] over any
//! stream that the caller has.

mod error;
mod pin;
mod stream;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, crypto::ring};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

pub use error::{ConnectError, TlsError};
pub use pin::Fingerprint;
pub use stream::Stream;

use pin::PinnedCertificate;

/// Connects to `address` by TCP (ports 8728 plain, 8729 TLS by default), all within `within`; the rest is as in
/// [`over`].
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(
    address: SocketAddr,
    tls: Option<Fingerprint>,
    within: Duration,
) -> Result<Stream<TcpStream>, ConnectError> {
    let until = Instant::now() + within;
    let stream =
        timeout_at(until, TcpStream::connect(address)).await.map_err(|_| ConnectError::TimedOut)??;
    stream.set_nodelay(true)?;
    over(stream, tls, until).await
}

/// Makes an open connection one to a router, whatever carries it.
///
/// With a fingerprint it speaks TLS and accepts exactly the certificate that has it, whatever its
/// name, issuer or dates; routers sign their own. The handshake must be over by `until`. Without a
/// fingerprint it speaks plainly. A router without a certificate offers anonymous key exchange on 8729,
/// which fails with [`TlsError::Refused`].
///
/// # Errors
/// [`ConnectError::Tls`], or that the connection broke.
pub async fn over<S>(stream: S, tls: Option<Fingerprint>, until: Instant) -> Result<Stream<S>, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match tls {
        None => Ok(Stream::plain(stream)),
        Some(fingerprint) => {
            let secured = timeout_at(until, secure(stream, fingerprint)).await;
            secured.unwrap_or(Err(TlsError::Silent.into()))
        }
    }
}

async fn secure<S>(stream: S, fingerprint: Fingerprint) -> Result<Stream<S>, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let provider = Arc::new(ring::default_provider());
    let pinned = Arc::new(PinnedCertificate::new(fingerprint, &provider));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&pinned) as _)
        .with_no_client_auth();
    // The certificate's name is not looked at, and an address as the peer's name is not sent.
    let nameless = Ipv4Addr::UNSPECIFIED.into();
    let secured = TlsConnector::from(Arc::new(config)).connect(nameless, stream).await;
    match (secured, pinned.refused()) {
        (Ok(stream), _) => Ok(Stream::Tls(Box::new(stream))),
        (Err(_), Some(seen)) => Err(TlsError::OtherCertificate { seen }.into()),
        (Err(error), None) => Err(error::tls(&error)),
    }
}
