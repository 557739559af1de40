//! The socket of a replayed agent.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
    silent: Arc<AtomicBool>,
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
        let (recording, silent) = (Arc::new(Mutex::new(Arc::new(recording))), Arc::default());
        let serving = Serving {
            socket,
            recording: Arc::clone(&recording),
            silent: Arc::clone(&silent),
            community: community.into(),
            quirks,
            requests: Arc::clone(&requests),
        };
        Ok(Self { address, requests, recording, silent, task: tokio::spawn(serving.run()) })
    }

    /// Answers from another recording from now on.
    pub fn replay(&self, recording: Recording) {
        *self.recording.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(recording);
    }

    /// Answers nothing from now on, as a device that is off (`true`), or answers again.
    pub fn keep_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
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
    silent: Arc<AtomicBool>,
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
        if self.silent.load(Ordering::Relaxed) {
            return;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// GET of sysDescr with the community `public`.
    const GET: &[u8] = b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\
        \x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00";

    #[tokio::test]
    async fn an_agent_that_is_told_to_keep_silent_answers_nothing_until_it_may_again() {
        let recording = Recording::parse("1.3.6.1.2.1.1.1.0|4|a radio");
        let agent = ReplayAgent::start(recording, "public", Quirks::default()).await.unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(agent.address()).await.unwrap();
        let mut answer = [0; 512];
        agent.keep_silent(true);
        socket.send(GET).await.unwrap();
        // The next answer shows that the agent has come to the first request before.
        tokio::time::sleep(Duration::from_millis(50)).await;
        agent.keep_silent(false);
        socket.send(GET).await.unwrap();
        let length = socket.recv(&mut answer).await.unwrap();
        assert!(answer[..length].windows(7).any(|part| part == b"a radio"));
        assert_eq!(agent.requests(), 1, "the first was not taken");
    }
}
