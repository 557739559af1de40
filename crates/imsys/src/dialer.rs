//! Connections to devices: whoever needs one asks the [`Dialer`] for it and does not know what carries it.

use async_trait::async_trait;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// An open connection to a device: bytes in order, both ways.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A way to devices.
#[async_trait]
pub trait Dialer: Send + Sync {
    /// Connects to a TCP port of a device. Whether this server may go to that address is for the caller to judge
    /// before each call, and so is how long it waits: dropping the future gives up. The kind of the error says why
    /// there is no connection, as that of [`TcpStream::connect`] does.
    async fn dial(&self, to: SocketAddr) -> io::Result<Box<dyn Transport>>;
}

/// The operating system's TCP, which sends what is written without waiting for more.
pub(crate) struct SystemTcp;

#[async_trait]
impl Dialer for SystemTcp {
    async fn dial(&self, to: SocketAddr) -> io::Result<Box<dyn Transport>> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }
}
