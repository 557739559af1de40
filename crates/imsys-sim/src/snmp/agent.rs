//! The socket of a replayed agent.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
    recording: Arc<Mutex<Arc<Recording>>>,
    task: JoinHandle<()>,
}

impl ReplayAgent {
    /// Answers requests with `community` from `recording` on a free port of 127.0.0.1. Requests with
    /// another community, and datagrams that are no v1 or v2c request, get no answer.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(recording: Recording, community: &str, quirks: Quirks) -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), recording, community, quirks).await
    }

    /// The same at an address.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub async fn start_at(
        address: SocketAddr,
        recording: Recording,
        community: &str,
        quirks: Quirks,
    ) -> io::Result<Self> {
        let socket = UdpSocket::bind(address).await?;
        let (address, requests) = (socket.local_addr()?, Arc::new(AtomicU64::new(0)));
        let recording = Arc::new(Mutex::new(Arc::new(recording)));
        let serving = Serving {
            socket,
            recording: Arc::clone(&recording),
            community: community.into(),
            quirks,
            requests: Arc::clone(&requests),
        };
        Ok(Self { address, requests, recording, task: tokio::spawn(serving.run()) })
    }

    /// Answers from another recording from now on.
    pub fn replay(&self, recording: Recording) {
        *self.recording.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(recording);
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
    recording: Arc<Mutex<Arc<Recording>>>,
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
        let recording = Arc::clone(&self.recording.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(answer) = answer(&recording, &self.quirks, &request) else { return };
        if !self.quirks.delay.is_zero() {
            tokio::time::sleep(self.quirks.delay).await;
        }
        if let Err(error) = self.socket.send_to(&request.respond(&answer), peer).await {
            tracing::debug!(%error, "an answer could not be sent");
        }
    }
}
