//! A running round: which probe is due, which are outstanding, and what a reply means. No IO, no clock.

use super::outcome::{Outcome, Sample, Unknown};
use super::round::Round;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Probes are numbered in the order of sending: probe `p` of target `t` of `n` has the index `p * n + t`.
pub(super) struct RoundState {
    targets: Arc<[IpAddr]>,
    round: Round,
    start: Instant,
    total: u32,
    next: u32,
    /// The probes before `next` that are not yet forgotten, oldest first.
    slots: VecDeque<Slot>,
}

struct Slot {
    sent: Instant,
    /// How many packets the kernel had dropped for us when it was sent, or before.
    drops: u64,
    is_open: bool,
}

impl RoundState {
    /// A round that starts at `start`; `None` when it has more than `u32::MAX` probes.
    pub(super) fn new(targets: Arc<[IpAddr]>, round: Round, start: Instant) -> Option<Self> {
        let total = targets.len().checked_mul(usize::from(round.probes))?;
        let total = u32::try_from(total).ok()?;
        Some(Self { targets, round, start, total, next: 0, slots: VecDeque::new() })
    }

    /// How many samples the round has in all.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// When the next probe is due; `None` when all were sent.
    pub(super) fn due_at(&self) -> Option<Instant> {
        let nanos = self.round.over.as_nanos().checked_mul(u128::from(self.next))?;
        let after = nanos.checked_div(u128::from(self.total))?;
        let after = Duration::from_nanos(u64::try_from(after).unwrap_or(u64::MAX));
        self.start.checked_add(after).filter(|_| self.next < self.total)
    }

    /// The probe to be sent at `now`, if one is due. [`sent`](Self::sent) or [`skip`](Self::skip) moves on to the next.
    pub(super) fn due(&self, now: Instant) -> Option<(u32, IpAddr)> {
        self.due_at().filter(|at| *at <= now)?;
        Some((self.next, self.targets[self.target(self.next)]))
    }

    /// The due probe went out at `at`; `drops` is the kernel's counter at or before that moment.
    pub(super) fn sent(&mut self, at: Instant, drops: u64) {
        self.next += 1;
        self.slots.push_back(Slot { sent: at, drops, is_open: true });
    }

    /// The due probe cannot be sent.
    pub(super) fn skip(&mut self, now: Instant, why: Unknown) -> Sample {
        let sample = self.sample(self.next, Outcome::Unknown(why));
        self.next += 1;
        self.slots.push_back(Slot { sent: now, drops: 0, is_open: false });
        sample
    }

    /// What a reply from `from`, received at `received`, means: nothing when it is a duplicate, too late, from another
    /// address than was probed, or about a probe that is not outstanding.
    pub(super) fn answer(&mut self, index: u32, from: IpAddr, received: Instant) -> Option<Sample> {
        let place = index.checked_sub(self.oldest())?;
        let slot = self.slots.get_mut(usize::try_from(place).ok()?)?;
        let probed = self.targets[index as usize % self.targets.len()];
        // Zero when the system's clock was set back in between.
        let rtt = received.saturating_duration_since(slot.sent);
        if !slot.is_open || probed != from || rtt > self.round.timeout {
            return None;
        }
        slot.is_open = false;
        Some(self.sample(index, Outcome::Answered { rtt }))
    }

    /// Whether a probe waits for an answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.slots.iter().any(|slot| slot.is_open)
    }

    /// Whether [`expire`](Self::expire) has a sample to give at `now`.
    pub(super) fn has_expired(&mut self, now: Instant) -> bool {
        while self.slots.front().is_some_and(|slot| !slot.is_open) {
            self.slots.pop_front();
        }
        self.slots.front().is_some_and(|slot| now.saturating_duration_since(slot.sent) > self.round.timeout)
    }

    /// The oldest probe, when its time is over at `now`. `drops` reads the kernel's counter for an address; the caller
    /// has read all replies that arrived until `now`, and the counter after that.
    pub(super) fn expire(&mut self, now: Instant, drops: impl Fn(IpAddr) -> u64) -> Option<Sample> {
        if !self.has_expired(now) {
            return None;
        }
        let index = self.oldest();
        let slot = self.slots.pop_front()?;
        let is_certain = slot.drops == drops(self.targets[self.target(index)]);
        let outcome = if is_certain { Outcome::Lost } else { Outcome::Unknown(Unknown::KernelDropped) };
        Some(self.sample(index, outcome))
    }

    /// Whether every probe has had its sample.
    pub(super) fn is_over(&self) -> bool {
        self.next == self.total && !self.is_waiting()
    }

    fn oldest(&self) -> u32 {
        self.next - u32::try_from(self.slots.len()).expect("a slot for a probe, and those are counted in u32")
    }

    fn target(&self, index: u32) -> usize {
        index as usize % self.targets.len()
    }

    fn sample(&self, index: u32, outcome: Outcome) -> Sample {
        let probe = index as usize / self.targets.len();
        let probe = u8::try_from(probe).expect("a round has a u8 of probes per target");
        Sample { target: self.target(index), probe, outcome }
    }
}
