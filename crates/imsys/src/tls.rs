//! HTTPS without a proxy: the certificate and key of `http.tls`, read again when their files change.

use crate::config;
use crate::stop::Stop;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(10);

/// Why HTTPS cannot be spoken; every text names setting and file.
#[derive(Debug, thiserror::Error)]
#[error("`http.tls.{setting}` = {file}: {why}")]
pub struct TlsError {
    setting: &'static str,
    file: String,
    why: String,
}

/// The certificate in use; cheap to clone.
#[derive(Clone)]
pub struct Tls {
    files: config::Tls,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// Reads the files; `None` when the settings name none.
    pub(crate) fn load(files: &config::Tls) -> Result<Option<Self>, TlsError> {
        if !files.is_on() {
            return Ok(None);
        }
        let current = Arc::new(RwLock::new(read(files)?));
        Ok(Some(Self { files: files.clone(), current }))
    }

    /// What shakes hands, with the certificate of now.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)).into()
    }

    /// Reads the files again whenever they change or SIGHUP comes, until told to stop. What cannot be used
    /// is told in the log, and the certificate of before stays.
    pub(super) async fn follow(self, mut stop: Stop) {
        let mut asked = signal(SignalKind::hangup())
            .inspect_err(|error| tracing::warn!(%error, "SIGHUP will not be heard"))
            .ok();
        let mut tick = interval(LOOK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = self.stamps();
        loop {
            let asked = async {
                match asked.as_mut() {
                    Some(asked) => asked.recv().await,
                    None => std::future::pending().await,
                }
            };
            let wanted = tokio::select! {
                () = stop.wait() => return,
                _ = asked => true,
                _ = tick.tick() => false,
            };
            let now = self.stamps();
            if wanted || now != seen {
                seen = now;
                self.reload();
            }
        }
    }

    /// Reads the files again.
    pub fn reload(&self) {
        match read(&self.files) {
            Ok(config) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
                tracing::info!("the certificate of http.tls was read again");
            }
            Err(error) => tracing::error!(%error, "the certificate stays as it was"),
        }
    }

    /// When each file was last changed, and its size.
    fn stamps(&self) -> [Option<(SystemTime, u64)>; 2] {
        [&self.files.cert, &self.files.key].map(|file| {
            let data = std::fs::metadata(file).ok()?;
            Some((data.modified().ok()?, data.len()))
        })
    }
}

fn read(files: &config::Tls) -> Result<Arc<ServerConfig>, TlsError> {
    let refuse =
        |setting, file: &Path, why: String| TlsError { setting, file: file.display().to_string(), why };
    let no_cert = |why| refuse("cert", &files.cert, why);
    let no_key = |why| refuse("key", &files.key, why);
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| no_cert(words(&error, "certificate")))?;
    if chain.is_empty() {
        return Err(no_cert("holds no certificate in PEM".into()));
    }
    let key =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|error| no_key(words(&error, "private key")))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| no_cert(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| no_key(format!("does not go with the certificate of `http.tls.cert`: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn words(error: &rustls::pki_types::pem::Error, what: &str) -> String {
    use rustls::pki_types::pem::Error;
    match error {
        Error::Io(error) => error.to_string(),
        Error::NoItemsFound => format!("holds no {what} in PEM"),
        other => format!("is not PEM: {other}"),
    }
}
