//! A connection to LibreNMS: looked up once, judged, and made to what was judged.

use super::call::CallError;
use super::settings::Settings;
use imsys_domain::reach::may_connect;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

/// Why certificates could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The system has none that can be read.
    #[error("this system's trusted certificates cannot be read")]
    NoRoots,
    /// One of them cannot be used.
    #[error(transparent)]
    Certificate(#[from] rustls::Error),
}

/// Whose certificates are trusted; cheap to clone.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trust")
    }
}

impl Trust {
    /// The authorities that this system trusts, or those in the file that `SSL_CERT_FILE` names. Reads files.
    ///
    /// # Errors
    /// There are none.
    pub fn of_the_system() -> Result<Self, TrustError> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (usable, _odd) = roots.add_parsable_certificates(found.certs);
        if usable == 0 { Err(TrustError::NoRoots) } else { Self::of(roots) }
    }

    /// These authorities and no others.
    ///
    /// # Errors
    /// One is none.
    pub fn of_these(certificates: Vec<CertificateDer<'static>>) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates {
            roots.add(certificate)?;
        }
        Self::of(roots)
    }

    fn of(roots: RootCertStore) -> Result<Self, TrustError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// Bytes in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects within the settings' patience.
pub(super) async fn connect(settings: &Settings, trust: &Trust) -> Result<Box<dyn Stream>, CallError> {
    let attempt = attempt(settings, trust);
    tokio::time::timeout(settings.patience.connect, attempt).await.unwrap_or(Err(CallError::NoConnection))
}

async fn attempt(settings: &Settings, trust: &Trust) -> Result<Box<dyn Stream>, CallError> {
    let stream = first_that_answers(&addresses(settings).await?).await?;
    stream.set_nodelay(true).map_err(|_| CallError::NoConnection)?;
    if !settings.url.is_secure {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(settings.url.host.clone()).map_err(|_| CallError::Tls)?;
    let connector = TlsConnector::from(Arc::clone(&trust.0));
    Ok(Box::new(connector.connect(name, stream).await.map_err(|error| of_handshake(&error))?))
}

/// The addresses that may be connected to; an error where there are none.
async fn addresses(settings: &Settings) -> Result<Vec<SocketAddr>, CallError> {
    let url = &settings.url;
    let found: Vec<SocketAddr> = match url.host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, url.port)],
        Err(_) => {
            lookup_host((url.host.as_str(), url.port)).await.map_err(|_| CallError::NoAddress)?.collect()
        }
    };
    if found.is_empty() {
        return Err(CallError::NoAddress);
    }
    let may = |to: &SocketAddr| may_connect(to.ip(), settings.allow_loopback).is_ok();
    let allowed: Vec<_> = found.into_iter().filter(may).collect();
    if allowed.is_empty() { Err(CallError::Address) } else { Ok(allowed) }
}

async fn first_that_answers(addresses: &[SocketAddr]) -> Result<TcpStream, CallError> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(CallError::NoConnection)
}

/// A handshake that failed by what the other side showed, or by the network.
fn of_handshake(error: &io::Error) -> CallError {
    let by_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    if by_tls { CallError::Tls } else { CallError::BrokenOff }
}
