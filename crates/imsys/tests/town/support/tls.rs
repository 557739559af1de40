//! A router's port for the API over TLS: real TLS in front of the simulated router, which speaks plainly.

use imsys_sim::router::Router;
use routeros::connect::Fingerprint;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const CERTIFICATE: &[u8] = include_bytes!("../../edge/tls/one.cert.pem");
const KEY: &[u8] = include_bytes!("../../edge/tls/one.key.pem");

/// The port; it is closed with the test.
pub(crate) struct TlsPort {
    pub(crate) at: SocketAddr,
    /// Of its certificate, as a person pins it.
    pub(crate) fingerprint: String,
    handshakes: Arc<AtomicUsize>,
}

impl TlsPort {
    /// Opens it at the router's own address.
    pub(crate) async fn open(router: &Router) -> Self {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
        let fingerprint = Fingerprint::of(&certificate).to_string();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let listener = TcpListener::bind((router.address().ip(), 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let handshakes = Arc::new(AtomicUsize::new(0));
        tokio::spawn(serve(listener, config.into(), router.address(), Arc::clone(&handshakes)));
        Self { at, fingerprint, handshakes }
    }

    /// Connections that were made over TLS so far.
    pub(crate) fn handshakes(&self) -> usize {
        self.handshakes.load(Ordering::SeqCst)
    }
}

async fn serve(
    listener: TcpListener,
    config: Arc<ServerConfig>,
    router: SocketAddr,
    handshakes: Arc<AtomicUsize>,
) {
    let acceptor = TlsAcceptor::from(config);
    loop {
        let (outside, _) = listener.accept().await.unwrap();
        let (acceptor, handshakes) = (acceptor.clone(), Arc::clone(&handshakes));
        tokio::spawn(async move {
            let Ok(mut outside) = acceptor.accept(outside).await else { return };
            handshakes.fetch_add(1, Ordering::SeqCst);
            let Ok(mut inside) = TcpStream::connect(router).await else { return };
            let _closed_or_reset = copy_bidirectional(&mut outside, &mut inside).await;
        });
    }
}
