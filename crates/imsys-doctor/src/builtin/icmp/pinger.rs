//! The handle to the pinger.

use super::engine::{Engine, Running, Sockets};
use super::outcome::{Outcome, Sample, Unknown};
use super::packet::Family;
use super::permission::{self, Access, GRANT, Permission};
use super::round::Round;
use super::round_state::RoundState;
use super::socket::EchoSocket;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, mpsc as std_mpsc};
use std::time::{Duration, Instant};
use std::vec;
use thiserror::Error;
use tokio::sync::{Semaphore, mpsc};

/// How many rounds run at once at most, single pings included.
const ROUNDS: usize = 1024;
/// How many probes a round has at most: 200,000 targets with five each.
const PROBES: u32 = 1_000_000;

/// How a pinger is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The receive buffer asked for, in bytes, per address family. One that is too small costs samples: they become
    /// [`Unknown::KernelDropped`].
    pub receive_buffer: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { receive_buffer: 8 << 20 }
    }
}

/// Why there is no pinger.
#[derive(Debug, Error)]
pub enum PingerError {
    /// Neither address family may be used.
    #[error("no permission for ICMP: {GRANT}")]
    NoPermission,
    /// The system refuses a socket, an option of it, its line in `/proc` or the thread.
    #[error("ICMP socket: {0}")]
    Io(#[from] io::Error),
}

/// Why a round does not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StartError {
    /// As many rounds as may run at once are running: put targets together into one round.
    #[error("{ROUNDS} rounds are running")]
    Busy,
    /// The round has too many probes.
    #[error("a round has at most {PROBES} probes")]
    TooManyProbes,
    /// The pinger's thread is gone.
    #[error("the pinger has stopped")]
    Stopped,
}

/// Sends echo requests. When it is dropped, its thread stops and running rounds end early.
pub struct Pinger {
    starts: std_mpsc::SyncSender<(u64, Running)>,
    places: Arc<Semaphore>,
    permission: Permission,
    receive_buffer: usize,
}

impl Pinger {
    /// Opens a socket per address family and starts the thread, both in the network namespace of the calling thread.
    ///
    /// # Errors
    /// [`PingerError::NoPermission`] when ICMP is denied for one address family and not to be had for the other. With
    /// one family, it opens; targets of the other are unknown.
    pub fn open(options: Options) -> Result<Self, PingerError> {
        let (ipv4, v4) = open(Family::V4, options)?;
        let (ipv6, v6) = open(Family::V6, options)?;
        let permission = Permission { ipv4, ipv6 };
        if v4.is_none() && v6.is_none() {
            return Err(PingerError::NoPermission);
        }
        let sizes = [&v4, &v6].into_iter().flatten().map(EchoSocket::receive_buffer);
        let receive_buffer = sizes.collect::<io::Result<Vec<_>>>()?.into_iter().min().unwrap_or_default();
        let (starts, engine_starts) = std_mpsc::sync_channel(ROUNDS);
        let engine = Engine::new(Sockets { permission, v4, v6 }, engine_starts);
        std::thread::Builder::new().name("imsys-pinger".into()).spawn(|| engine.run())?;
        Ok(Self { starts, places: Arc::new(Semaphore::new(ROUNDS)), permission, receive_buffer })
    }

    /// What it was allowed to open.
    pub fn permission(&self) -> Permission {
        self.permission
    }

    /// The smaller of its receive buffers in bytes, as the kernel accounts: up to twice what was asked for, and less than
    /// that where `net.core.rmem_max` is lower and the process lacks `CAP_NET_ADMIN`.
    pub fn receive_buffer(&self) -> usize {
        self.receive_buffer
    }

    /// Starts a round now. Rounds run side by side, each at its own pace.
    ///
    /// # Errors
    /// When too many rounds run, or it has too many probes; nothing was sent then.
    pub fn start(&self, targets: &[IpAddr], round: Round) -> Result<Samples, StartError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| StartError::Busy)?;
        let targets = targets.iter().map(IpAddr::to_canonical).collect();
        let state = RoundState::new(targets, round, Instant::now()).filter(|state| state.total() <= PROBES);
        let state = state.ok_or(StartError::TooManyProbes)?;
        let (samples, receiver) = mpsc::channel(state.total().max(1) as usize);
        let running = Running { state, known: Vec::new(), samples, _place: place };
        // There is a place in the channel for each round that may run.
        self.starts.try_send((rand::random(), running)).map_err(|_| StartError::Stopped)?;
        Ok(Samples { receiver, known: Vec::new().into_iter() })
    }

    /// Sends one probe now. For many targets, [`start`](Self::start) a round.
    pub async fn ping(&self, target: IpAddr, timeout: Duration) -> Outcome {
        let round = Round { probes: 1, over: Duration::ZERO, timeout };
        let Ok(mut samples) = self.start(&[target], round) else { return Outcome::Unknown(Unknown::NotSent) };
        samples.next().await.map_or(Outcome::Unknown(Unknown::NotSent), |sample| sample.outcome)
    }
}

fn open(family: Family, options: Options) -> io::Result<(Access, Option<EchoSocket>)> {
    let (access, socket) = permission::open(family)?;
    let socket = socket.map(|socket| EchoSocket::new(socket, family, access, options.receive_buffer));
    Ok((access, socket.transpose()?))
}

/// The samples of a round, each as soon as it is known. Dropping it ends the round.
pub struct Samples {
    receiver: mpsc::Receiver<Vec<Sample>>,
    known: vec::IntoIter<Sample>,
}

impl Samples {
    /// The next sample; `None` after the last. Every probe has one, unless the pinger was dropped.
    pub async fn next(&mut self) -> Option<Sample> {
        if self.known.as_slice().is_empty() {
            self.known = self.receiver.recv().await?.into_iter();
        }
        self.known.next()
    }
}
