//! The way out of a connection: a bounded queue of encoded sentences, and the task that sends them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, mpsc, watch};

use crate::router::config::Wire;

/// Frames that may wait for one connection; a client that reads slower is dropped.
const WAITING: usize = 4_096;
/// How long a coalescing router holds its replies.
const HELD: Duration = Duration::from_millis(4);

/// Where replies go.
#[derive(Debug, Clone)]
pub(crate) struct Outlet {
    frames: mpsc::Sender<Bytes>,
    broken: Arc<Notify>,
}

impl Outlet {
    /// An outlet, its other end, and a notice that its client does not keep up.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Bytes>, Arc<Notify>) {
        let (frames, queue) = mpsc::channel(WAITING);
        let broken = Arc::new(Notify::new());
        (Self { frames, broken: broken.clone() }, queue, broken)
    }

    /// Waits for room. A closed connection swallows what is sent.
    pub(crate) async fn send(&self, frame: Bytes) {
        let _closed = self.frames.send(frame).await;
    }

    /// Sends without waiting; a client without room is dropped.
    pub(crate) fn push(&self, frame: Bytes) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.frames.try_send(frame) {
            self.broken.notify_one();
        }
    }
}

/// The first byte of a length that RouterOS reserves: no word begins with it.
const RESERVED: u8 = 0xF8;

/// Writes frames until the connection is over. While `hung` is true nothing leaves.
pub(crate) async fn drain(
    mut queue: mpsc::Receiver<Bytes>,
    mut socket: impl AsyncWrite + Unpin,
    mut hung: watch::Receiver<bool>,
    wire: impl Fn() -> Wire,
) -> io::Result<()> {
    let mut sent = 0_u32;
    while let Some(frame) = queue.recv().await {
        let over = hung.wait_for(|hung| !hung).await.is_err();
        if over {
            break;
        }
        match wire() {
            Wire::Fragments(size) => fragments(&mut socket, &frame, size).await?,
            Wire::Coalesced => socket.write_all(&collect(&mut queue, frame).await).await?,
            Wire::Trickle(pause) => trickle(&mut socket, &frame, pause).await?,
            Wire::Malformed { after } if sent >= after => socket.write_all(&spoil(frame)).await?,
            Wire::Plain | Wire::Malformed { .. } => socket.write_all(&frame).await?,
        }
        sent = sent.saturating_add(1);
    }
    socket.shutdown().await
}

/// Each piece is a write of its own; with Nagle's algorithm off that is a segment of its own.
async fn fragments(socket: &mut (impl AsyncWrite + Unpin), frame: &[u8], size: usize) -> io::Result<()> {
    for piece in frame.chunks(size.max(1)) {
        socket.write_all(piece).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn trickle(socket: &mut (impl AsyncWrite + Unpin), frame: &[u8], pause: Duration) -> io::Result<()> {
    for byte in frame {
        socket.write_all(&[*byte]).await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

fn spoil(frame: Bytes) -> Vec<u8> {
    let mut bytes = Vec::from(frame);
    bytes.insert(0, RESERVED);
    bytes
}

async fn collect(queue: &mut mpsc::Receiver<Bytes>, first: Bytes) -> BytesMut {
    tokio::time::sleep(HELD).await;
    let mut all = BytesMut::from(first);
    while let Ok(frame) = queue.try_recv() {
        all.extend_from_slice(&frame);
    }
    all
}
