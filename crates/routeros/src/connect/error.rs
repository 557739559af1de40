use std::io::{self, ErrorKind};

use thiserror::Error;

use super::Fingerprint;

/// Why there is no stream to a router.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConnectError {
    /// Nothing listens there, or a firewall rejects.
    #[error("connection refused")]
    Refused,
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// There is no way to the address.
    #[error("host or network unreachable")]
    Unreachable,
    /// The router, or something between, cut the connection.
    #[error("connection reset")]
    Reset,
    /// TCP stands, TLS does not.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// Anything else that the system says.
    #[error("{0}")]
    Io(ErrorKind),
}

/// Why there is no TLS on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlsError {
    /// The router showed another certificate than the pinned one.
    #[error("the router's certificate has the fingerprint {seen}")]
    OtherCertificate {
        /// The fingerprint of what it showed.
        seen: Fingerprint,
    },
    /// The router refused the handshake: there is no cipher in common. One without a certificate offers anonymous
    /// key exchange only, and an old one DHE only.
    #[error("the router refused the handshake")]
    Refused,
    /// The peer does not speak TLS.
    #[error("the peer does not speak TLS")]
    NotTls,
    /// The peer hung up during the handshake, as some do instead of refusing it.
    #[error("the peer closed the connection during the handshake")]
    HungUp,
    /// The peer accepted the connection and said nothing: the plain API waits for more.
    #[error("the peer did not answer the handshake")]
    Silent,
    /// Anything else, in the words of the TLS library.
    #[error("{0}")]
    Other(String),
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::TimedOut => Self::TimedOut,
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Self::Unreachable,
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Self::Reset,
            kind => Self::Io(kind),
        }
    }
}

/// What a failed handshake means.
pub(super) fn tls(error: &io::Error) -> ConnectError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(inner) = inner else {
        return match error.kind() {
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => TlsError::HungUp.into(),
            kind => io::Error::from(kind).into(),
        };
    };
    match inner {
        rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_) => TlsError::Refused,
        rustls::Error::InvalidMessage(_) | rustls::Error::InappropriateMessage { .. } => TlsError::NotTls,
        other => TlsError::Other(other.to_string()),
    }
    .into()
}
