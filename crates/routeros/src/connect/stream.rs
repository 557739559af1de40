use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// An open stream to a router.
#[derive(Debug)]
pub enum Stream {
    /// Plain TCP. A peer whose first bytes are an alert of TLS is an error of the kind
    /// [`io::ErrorKind::InvalidData`]: its port is that of api-ssl.
    Plain {
        /// The connection.
        tcp: TcpStream,
        /// Nothing has been read yet.
        fresh: bool,
    },
    /// TLS with the pinned certificate.
    Tls(Box<TlsStream<TcpStream>>),
}

/// Calls a method of the stream inside, whichever it is.
macro_rules! inside {
    ($stream:ident, $method:ident ( $($argument:ident),* )) => {
        match $stream.as_mut().get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).$method($($argument),*),
            Self::Tls(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl Stream {
    /// A stream over an open connection without TLS.
    #[must_use]
    pub fn plain(tcp: TcpStream) -> Self {
        Self::Plain { tcp, fresh: true }
    }
}

/// How a record of TLS that holds an alert begins. No reply of the API has a first word of 21 bytes.
const ALERT: u8 = 0x15;

impl AsyncRead for Stream {
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

impl AsyncWrite for Stream {
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
