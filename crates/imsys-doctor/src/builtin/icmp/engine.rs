//! The thread that sends, receives and gives up, for all rounds at once.

use super::outcome::{Sample, Unknown};
use super::packet::{Echo, Family};
use super::permission::{Access, Permission};
use super::round_state::RoundState;
use super::socket::{EchoSocket, NotSent};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// How often the thread wakes while there is something to do. Waking costs more than a probe, so several are sent at a time;
/// replies wait in the socket's buffer.
const TICK: Duration = Duration::from_millis(50);
/// The same, while a send buffer is full.
const FULL_TICK: Duration = Duration::from_millis(1);
/// After this time with a full send buffer, probes that are due are given up.
const STALL: Duration = Duration::from_secs(1);
/// How many probes of a round are sent before replies are read and another round has its turn.
const TURN: usize = 64;

/// A round on its way, and where its samples go.
pub(super) struct Running {
    pub(super) state: RoundState,
    /// What became known in this turn of the thread: told together, so that the receiver wakes once.
    pub(super) known: Vec<Sample>,
    /// Has room for all samples of the round, even one by one.
    pub(super) samples: mpsc::Sender<Vec<Sample>>,
    /// Its place among the rounds that may run at once.
    pub(super) _place: OwnedSemaphorePermit,
}

impl Running {
    fn tell(&mut self) {
        if !self.known.is_empty() {
            // Fails when nobody listens any more, and then the round ends.
            let _ = self.samples.try_send(std::mem::take(&mut self.known));
        }
    }

    fn is_over(&self) -> bool {
        self.state.is_over() || self.samples.is_closed()
    }
}

/// The sockets of both address families.
pub(super) struct Sockets {
    pub(super) permission: Permission,
    pub(super) v4: Option<EchoSocket>,
    pub(super) v6: Option<EchoSocket>,
}

impl Sockets {
    fn all(&mut self) -> impl Iterator<Item = &mut EchoSocket> {
        [&mut self.v4, &mut self.v6].into_iter().flatten()
    }

    fn of(&self, target: IpAddr) -> Result<&EchoSocket, Unknown> {
        let (socket, access) = match Family::of(target) {
            Family::V4 => (&self.v4, self.permission.ipv4),
            Family::V6 => (&self.v6, self.permission.ipv6),
        };
        let why = if access == Access::Denied { Unknown::NoPermission } else { Unknown::NotSent };
        socket.as_ref().ok_or(why)
    }
}

/// All that the thread owns.
pub(super) struct Engine {
    starts: Receiver<(u64, Running)>,
    rounds: HashMap<u64, Running>,
    sockets: Sockets,
    /// Since when a send buffer has been full.
    full_since: Option<Instant>,
}

impl Engine {
    /// An engine that takes rounds, each with its nonce, from `starts`.
    pub(super) fn new(sockets: Sockets, starts: Receiver<(u64, Running)>) -> Self {
        Self { starts, rounds: HashMap::new(), sockets, full_since: None }
    }

    /// Works until the other end of `starts` is dropped.
    pub(super) fn run(mut self) {
        while self.wait() {
            self.send();
            let now = Instant::now();
            self.receive(now);
            self.expire(now);
            self.rounds.values_mut().for_each(Running::tell);
            self.rounds.retain(|_, round| !round.is_over());
        }
    }

    /// Waits for the next tick or the next round; false when the engine has to stop.
    fn wait(&mut self) -> bool {
        let started = match self.pause(Instant::now()) {
            None => self.starts.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(pause) => self.starts.recv_timeout(pause),
        };
        match started {
            Ok(started) => self.rounds.extend([started].into_iter().chain(self.starts.try_iter())),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    /// How long there is nothing to do; `None` when there is no round.
    fn pause(&self, now: Instant) -> Option<Duration> {
        let pause = |round: &Running| {
            let until_due = round.state.due_at().map(|at| at.saturating_duration_since(now));
            match until_due {
                Some(Duration::ZERO) if self.full_since.is_some() => FULL_TICK,
                Some(Duration::ZERO) => Duration::ZERO,
                Some(time) if !round.state.is_waiting() => time.max(TICK),
                _ => TICK,
            }
        };
        self.rounds.values().map(pause).min()
    }

    /// Gives each round its turn; a full send buffer ends the turn.
    fn send(&mut self) {
        let may_wait = self.full_since.is_none_or(|since| since.elapsed() < STALL);
        let mut is_full = false;
        for (nonce, round) in &mut self.rounds {
            for _ in 0..TURN {
                match send_next(&self.sockets, *nonce, round, may_wait) {
                    Progress::Sent => {}
                    Progress::NothingDue => break,
                    Progress::Full => {
                        is_full = true;
                        break;
                    }
                }
            }
        }
        self.full_since = if is_full { self.full_since.or_else(|| Some(Instant::now())) } else { None };
    }

    fn receive(&mut self, until: Instant) {
        let rounds = &mut self.rounds;
        for socket in self.sockets.all() {
            socket.receive(until, |echo, from, at| {
                let Some(round) = rounds.get_mut(&echo.nonce) else { return };
                round.known.extend(round.state.answer(echo.index, from, at));
            });
        }
    }

    /// Gives up on what is too old. Only here the kernel's drop counters are read: a probe that is sent between a drop
    /// and the next reading has the older count, so it errs towards unknown.
    fn expire(&mut self, now: Instant) {
        let mut expired: Vec<_> = self
            .rounds
            .values_mut()
            .filter_map(|round| round.state.has_expired(now).then_some(round))
            .collect();
        if expired.is_empty() {
            return;
        }
        self.sockets.all().for_each(|socket| socket.drops.read());
        let drops = |target| self.sockets.of(target).map_or(0, |socket| socket.drops.last());
        for round in &mut expired {
            while let Some(sample) = round.state.expire(now, drops) {
                round.known.push(sample);
            }
        }
    }
}

enum Progress {
    Sent,
    NothingDue,
    Full,
}

/// Sends the round's next probe if it is due, or skips it where that cannot be done.
fn send_next(sockets: &Sockets, nonce: u64, round: &mut Running, may_wait: bool) -> Progress {
    let now = Instant::now();
    let Some((index, target)) = round.state.due(now) else { return Progress::NothingDue };
    let why = match sockets.of(target) {
        Err(why) => why,
        Ok(socket) => match socket.send(target, Echo { nonce, index }) {
            Ok(()) => {
                round.state.sent(now, socket.drops.last());
                return Progress::Sent;
            }
            Err(NotSent::Full) if may_wait => return Progress::Full,
            Err(_) => Unknown::NotSent,
        },
    };
    round.known.push(round.state.skip(now, why));
    Progress::Sent
}
