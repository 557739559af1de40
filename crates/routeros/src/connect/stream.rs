use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

/// An open stream to a router, over a connection `S`.
#[derive(Debug)]
pub enum Stream<S> {
    /// Without TLS. A peer whose first bytes are an alert of TLS is an error of the kind
    /// [`io::ErrorKind::InvalidData`]: its port is that of api-ssl.
    Plain {
        /// The connection.
        connection: S,
        /// Nothing has been read yet.
        fresh: bool,
    },
    /// TLS with the pinned certificate.
    Tls(Box<TlsStream<S>>),
}

/// Calls a method of the stream inside, whichever it is.
macro_rules! inside {
    ($stream:ident, $method:ident ( $($argument:ident),* )) => {
        match $stream.as_mut().get_mut() {
            Self::Plain { connection, .. } => Pin::new(connection).$method($($argument),*),
            Self::Tls(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl<S> Stream<S> {
    /// A stream over an open connection without TLS.
    pub(super) fn plain(connection: S) -> Self {
        Self::Plain { connection, fresh: true }
    }
}

/// How a record of TLS that holds an alert begins. No reply of the API has a first word of 21 bytes.
const ALERT: u8 = 0x15;

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = inside!(self, poll_read(cx, buf));
        if let Self::Plain { fresh: fresh @ true, .. } = self.get_mut()
            && let Some(first) = buf.filled().get(before)
        {
            *fresh = false;
            if *first == ALERT {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
        }
        polled
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        inside!(self, poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, poll_shutdown(cx))
    }
}
