//! Where connections come from.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections for a server.
pub trait Listener: Send {
    /// A connection: bytes in order, both ways.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next connection, and the address of its other end. Dropping the future loses no connection. After an
    /// error it is asked again a moment later.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>> + Send;
}

/// The operating system's TCP, which sends what is written without waiting for more.
impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = Self::accept(self).await?;
        let _small_packets = stream.set_nodelay(true);
        Ok((stream, peer))
    }
}
