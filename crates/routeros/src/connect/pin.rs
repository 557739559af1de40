use std::{fmt, sync::OnceLock};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use sha2::{Digest, Sha256};

use crate::value::{Value, write_hex};

/// The SHA-256 of a certificate in DER form, as `/certificate print` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate in DER form.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

/// 64 hexadecimal digits without separators.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0, "")
    }
}

/// 64 hexadecimal digits, with or without a colon after each pair.
impl Value for Fingerprint {
    const EXPECTED: &'static str = "a SHA-256 fingerprint";

    fn read(value: &[u8]) -> Option<Self> {
        let digits: Vec<u8> = match value.len() {
            64 => value.to_vec(),
            95 => value.split(|byte| *byte == b':').flatten().copied().collect(),
            _ => return None,
        };
        let bytes: Option<Vec<u8>> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        Some(Self(bytes?.try_into().ok()?))
    }
}

/// Accepts one certificate by its fingerprint, and demands that the peer has its key.
#[derive(Debug)]
pub(super) struct PinnedCertificate {
    fingerprint: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
    refused: OnceLock<Fingerprint>,
}

impl PinnedCertificate {
    pub(super) fn new(fingerprint: Fingerprint, provider: &CryptoProvider) -> Self {
        let algorithms = provider.signature_verification_algorithms;
        Self { fingerprint, algorithms, refused: OnceLock::new() }
    }

    /// The fingerprint of the certificate that was shown instead.
    pub(super) fn refused(&self) -> Option<Fingerprint> {
        self.refused.get().copied()
    }
}

impl ServerCertVerifier for PinnedCertificate {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let seen = Fingerprint::of(certificate);
        if seen == self.fingerprint {
            return Ok(ServerCertVerified::assertion());
        }
        let _keep_the_first = self.refused.set(seen);
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
