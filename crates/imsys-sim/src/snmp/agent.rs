//! The socket of a replayed agent.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use super::answer::answer;
use super::message::Request;
use super::quirks::Quirks;
use super::recording::Recording;

/// The largest datagram that is read; requests are far smaller.
const MOST_BYTES: usize = 8_192;

/// A running agent on a loopback socket; it ends when this is dropped.
#[derive(Debug)]
pub struct ReplayAgent {
    address: SocketAddr,
    requests: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl ReplayAgent {
    /// Answers requests with `community` from `recording` on a free port of 127.0.0.1. Requests with
    /// another community, and datagrams that are no v1 or v2c request, get no answer.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(recording: Recording, community: &str, quirks: Quirks) -> io::Result<Self> {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await?;
        let address = socket.local_addr()?;
        let requests = Arc::new(AtomicU64::new(0));
        let serving =
            Serving { socket, recording, community: community.into(), quirks, requests: requests.clone() };
        Ok(Self { address, requests, task: tokio::spawn(serving.run()) })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests with the right community have come, also those that got no answer.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Drop for ReplayAgent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Serving {
    socket: UdpSocket,
    recording: Recording,
    community: String,
    quirks: Quirks,
    requests: Arc<AtomicU64>,
}

impl Serving {
    async fn run(self) {
        let mut datagram = vec![0; MOST_BYTES];
        loop {
            match self.socket.recv_from(&mut datagram).await {
                Ok((length, peer)) => self.serve(&datagram[..length], peer).await,
                Err(error) => tracing::debug!(%error, "a datagram could not be read"),
            }
        }
    }

    async fn serve(&self, datagram: &[u8], peer: SocketAddr) {
        let Some(request) = Request::parse(datagram) else { return };
        if request.community != self.community.as_bytes() {
            return;
        }
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        if self.quirks.drops_every.is_some_and(|every| number.is_multiple_of(every)) {
            return;
        }
        let Some(answer) = answer(&self.recording, &self.quirks, &request) else { return };
        if !self.quirks.delay.is_zero() {
            tokio::time::sleep(self.quirks.delay).await;
        }
        if let Err(error) = self.socket.send_to(&request.respond(&answer), peer).await {
            tracing::debug!(%error, "an answer could not be sent");
        }
    }
}
